"""DPO of a small LoRA adapter on SmolLM2-135M-Instruct, from its GGUF, with HH-RLHF harmless pairs.

    python train_smollm2_dpo.py SmolLM2-135M-Instruct.Q4_1.gguf harmless-base-test.jsonl.gz OUT_FOLDER

Trains on rows 0-1799 and evaluates on rows 1800-2311, in both cases only pairs whose two transcripts are short
and whose two responses are not blank. With --evaluate-only, OUT_FOLDER is read instead of written.
"""
import argparse
import random
import time
from pathlib import Path

import torch
from peft import PeftModel

import gguf_llama
from preferences import margins, read
from train_dpo import dpo, lora, save

MODULES = ["q_proj", "v_proj", "o_proj", "down_proj"]


def short(pairs, longest):
    return [p for p in pairs if min(len(p.chosen), len(p.rejected)) > 1  # an empty response is one blank
            and len(p.prompt) + max(len(p.chosen), len(p.rejected)) <= longest]


def report(name, model, pairs, base=None):
    chosen, rejected = margins(model, pairs, batch=8)
    margin = chosen - rejected
    line = f"{name}: accuracy {(margin > 0).float().mean():.4f}  margin {margin.mean():.3f} (sd {margin.std():.3f})"
    if base is not None:
        gain = margin - base
        line += f"  gain {gain.mean():.3f} (sd {gain.std():.3f})  gain > 0: {(gain > 0).float().mean():.4f}"
    print(line, flush=True)
    return margin


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gguf")
    parser.add_argument("pairs")
    parser.add_argument("out", type=Path)
    parser.add_argument("--longest", type=int, default=160, help="tokens in a transcript, training")
    parser.add_argument("--heldout-longest", type=int, default=160, help="tokens in a transcript, held out")
    parser.add_argument("--count", type=int, default=1000, help="training pairs, drawn with the seed")
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--alpha", type=int, default=8)
    parser.add_argument("--beta", type=float, default=0.1)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    started = time.time()
    base, tokenizer = gguf_llama.load(options.gguf)
    heldout = short(read(options.pairs, tokenizer, 1800, 2311), options.heldout_longest)
    print(f"{len(heldout)} held-out pairs, {len({p.text for p in heldout})} prompts")

    if not options.evaluate_only:
        pairs = short(read(options.pairs, tokenizer, 0, 1799), options.longest)
        available = len(pairs)
        pairs = random.Random(options.seed).sample(pairs, min(options.count, available))
        print(f"{len(pairs)} training pairs of {available} short ones, "
              f"{sum(2 * len(p.prompt) + len(p.chosen) + len(p.rejected) for p in pairs)} tokens", flush=True)
        model = dpo(base, lora(options.rank, options.alpha, modules=MODULES), pairs, epochs=1, batch=options.batch,
                    rate=options.rate, beta=options.beta, seed=options.seed)
        save(model, options.out, "../smollm2")
        print(f"trained after {time.time() - started:.0f} s", flush=True)
        base, _ = gguf_llama.load(options.gguf)

    before = report("base ", base, heldout)
    tuned = PeftModel.from_pretrained(base, options.out).get_base_model().eval()
    report("tuned", tuned, heldout, before)


if __name__ == "__main__":
    main()
