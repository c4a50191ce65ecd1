"""DPO of a small LoRA adapter on SmolLM2-135M-Instruct, from its GGUF, with HH-RLHF harmless pairs.

    python train_smollm2_dpo.py SmolLM2-135M-Instruct.Q4_1.gguf harmless-base-test.jsonl.gz OUT_FOLDER

Trains on rows 0-1799 and evaluates on rows 1800-2311; pairs with a blank response or a transcript longer than
--longest tokens (--heldout-longest for evaluation) are left out. --layers 12-15 restricts the adapter to those
layers. The blocks' linear maps run in bfloat16 while training; every number printed at the end is of the adapter as
saved on the f32 model. --reference FILE keeps the base's margins for a second run. With --evaluate-only,
OUT_FOLDER is read instead of written.
"""
import argparse
import time
from pathlib import Path

import torch
from peft import PeftModel

import gguf_llama
import packed_trees
from preferences import read
from train_dpo import dpo, lora, save


def short(pairs, longest):
    return [p for p in pairs if min(len(p.chosen), len(p.rejected)) > 1  # an empty response is one blank
            and len(p.prompt) + max(len(p.chosen), len(p.rejected)) <= longest]


def layers(text):
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def report(name, model, pairs, base=None):
    """Prints accuracy and margin, and beside the base's log-probabilities the gain and where it comes from."""
    chosen, rejected = packed_trees.margins(model, pairs, batch=8)
    margin = chosen - rejected
    per_token = (chosen / torch.tensor([len(p.chosen) for p in pairs])
                 - rejected / torch.tensor([len(p.rejected) for p in pairs]))
    line = (f"{name}: accuracy {(margin > 0).float().mean():.4f} (per token {(per_token > 0).float().mean():.4f})  "
            f"margin {margin.mean():.3f} (sd {margin.std():.3f})")
    if base is not None:
        gain = margin - (base[0] - base[1])
        line += (f"  gain {gain.mean():.3f} (sd {gain.std():.3f})  implicit-reward accuracy "
                 f"{(gain > 0).float().mean():.4f}  chosen {(chosen - base[0]).mean():+.3f}  "
                 f"rejected {(rejected - base[1]).mean():+.3f}")
    print(line, flush=True)
    return chosen, rejected


def known_reference(path, base, pairs):
    if path is None or not path.exists():
        reference = torch.subtract(*packed_trees.margins(base, pairs))
        if path is not None:
            torch.save(reference, path)
        return reference
    return torch.load(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gguf")
    parser.add_argument("pairs")
    parser.add_argument("out", type=Path)
    parser.add_argument("--layers", type=layers, help="first-last; every layer without it")
    parser.add_argument("--longest", type=int, default=256, help="tokens in a transcript, training")
    parser.add_argument("--heldout-longest", type=int, default=256, help="tokens in a transcript, held out")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--alpha", type=int, default=16)
    parser.add_argument("--beta", type=float, default=0.1)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--evaluate-only", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    started = time.time()
    base, tokenizer = gguf_llama.load(options.gguf)
    heldout = short(read(options.pairs, tokenizer, 1800, 2311), options.heldout_longest)
    print(f"{len(heldout)} held-out pairs, {len({p.text for p in heldout})} prompts")

    if not options.evaluate_only:
        pairs = short(read(options.pairs, tokenizer, 0, 1799), options.longest)
        print(f"{len(pairs)} training pairs, "
              f"{sum(len(p.prompt) + len(p.chosen) + len(p.rejected) for p in pairs)} tokens", flush=True)
        base = packed_trees.with_bfloat16_blocks(base)
        model = dpo(base, lora(options.rank, options.alpha, layers=options.layers), pairs, epochs=options.epochs,
                    batch=options.batch, rate=options.rate, beta=options.beta, seed=options.seed,
                    at_once=4, reference=known_reference(options.reference, base, pairs))
        save(model, options.out, "../smollm2")
        print(f"trained after {time.time() - started:.0f} s", flush=True)
        base, _ = gguf_llama.load(options.gguf)

    before = report("base ", base, heldout)
    tuned = PeftModel.from_pretrained(base, options.out).get_base_model().eval()
    report("tuned", tuned, heldout, before)


if __name__ == "__main__":
    main()
