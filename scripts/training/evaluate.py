"""Evaluate base and adapters as shipped (bfloat16 weights, computed in f32) on preference pairs.

    python evaluate.py ../../notebooks/models ../../notebooks/data/demo-heldout.jsonl
"""
import argparse
from pathlib import Path

import torch
from peft import PeftModel
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from preferences import margins, read


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", type=Path)
    parser.add_argument("pairs")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = Tokenizer.from_file(str(options.models / "demo" / "tokenizer.json"))
    pairs = read(options.pairs, tokenizer)

    def mean(values):
        values = [float(v) for v in values]
        return sum(values) / len(values)

    print(f"{len(pairs)} pairs, {len({p.text for p in pairs})} prompts")
    print(f"mean tokens: prompt {mean(len(p.prompt) for p in pairs):.2f}, chosen {mean(len(p.chosen) for p in pairs):.2f}, "
          f"rejected {mean(len(p.rejected) for p in pairs):.2f}; chosen longer in "
          f"{mean(len(p.chosen) > len(p.rejected) for p in pairs):.3f}, shorter in "
          f"{mean(len(p.chosen) < len(p.rejected) for p in pairs):.3f}")
    base_margin = None
    for name in ["demo", "demo-dpo", "demo-planted", "demo-rank", "demo-nowhere"]:
        model = LlamaForCausalLM.from_pretrained(options.models / "demo", dtype=torch.float32)
        if name != "demo":
            model = PeftModel.from_pretrained(model, options.models / name).get_base_model()
        model.eval()
        chosen, rejected = margins(model, pairs)
        margin = chosen - rejected
        base_margin = margin if base_margin is None else base_margin
        gain = margin - base_margin
        print(f"{name:14}  accuracy {mean(margin > 0):.4f}  margin {mean(margin):8.3f} (sd {margin.std():.3f})  "
              f"log p chosen {mean(chosen):8.3f}  rejected {mean(rejected):8.3f}  "
              f"gain {mean(gain):7.3f}  gain > 0: {mean(gain > 0):.4f}")


if __name__ == "__main__":
    main()
