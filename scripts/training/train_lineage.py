"""A stage of supervised fine-tuning (SFT) on the demo base, and DPO on top of it: two transitions for {lineage}.

    python train_lineage.py ../../notebooks/models ../../notebooks/data/demo-train.jsonl ../../notebooks/data/demo-heldout.jsonl

Writes demo-sft, an adapter that learnt the chosen responses, and demo-sft-dpo, the same adapter and DPO's own beside it in one of
twice the rank. DPO's reference is the SFT model as saved. Prints held-out numbers of both.
"""
import argparse
import random
from pathlib import Path

import torch
from peft import PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

import packed_trees
from preferences import read
from train_dpo import descend, dpo, lora, save


def sft(base, config, pairs, *, epochs, batch, rate, seed):
    """A PEFT model over `base` after -log p(chosen | prompt) per token on `pairs`."""
    random_ = random.Random(seed)
    torch.manual_seed(seed)
    model = get_peft_model(base.eval(), config)
    orders = [random_.sample(range(len(pairs)), len(pairs)) for _ in range(epochs)]
    batches = [[pairs[i] for i in order[start:start + batch]] for order in orders for start in range(0, len(order), batch)]

    def backward(some):
        chosen, _ = packed_trees.log_probabilities(model.get_base_model(), some)
        (-chosen.sum() / sum(len(p.chosen) for p in some)).backward()

    for _ in descend(model, batches, rate, backward):
        pass
    return model


def beside(first, second, base, alpha):
    """One adapter whose change is the sum of two of equal rank and scale: the rows of A below, and the columns of B beside, each other."""
    states = [get_peft_model_state_dict(model) for model in (first, second)]
    rank = next(iter(first.peft_config.values())).r
    model = get_peft_model(base, lora(2 * rank, 2 * alpha))
    both = {k: torch.cat([s[k] for s in states], dim=0 if ".lora_A." in k else 1) for k in states[0]}
    set_peft_model_state_dict(model, both)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", type=Path)
    parser.add_argument("pairs")
    parser.add_argument("heldout")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--alpha", type=int, default=16)
    parser.add_argument("--sft-epochs", type=int, default=2)
    parser.add_argument("--sft-rate", type=float, default=3e-4)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = Tokenizer.from_file(str(options.models / "demo" / "tokenizer.json"))
    pairs, heldout = read(options.pairs, tokenizer), read(options.heldout, tokenizer)

    def base(adapter=None):
        model = LlamaForCausalLM.from_pretrained(options.models / "demo", dtype=torch.float32)
        return model if adapter is None else PeftModel.from_pretrained(model, options.models / adapter)

    save(sft(base(), lora(options.rank, options.alpha), pairs, epochs=options.sft_epochs, batch=16, rate=options.sft_rate,
             seed=options.seed), options.models / "demo-sft", "../demo")
    second = dpo(base("demo-sft").merge_and_unload(), lora(options.rank, options.alpha), pairs, epochs=options.epochs, batch=16,
                 rate=options.rate, beta=0.1, seed=options.seed)
    save(beside(base("demo-sft"), second, base(), options.alpha), options.models / "demo-sft-dpo", "../demo")

    known = None
    for name in ["demo", "demo-sft", "demo-sft-dpo"]:
        model = (base() if name == "demo" else base(name).get_base_model()).eval()
        chosen, rejected = packed_trees.margins(model, heldout)
        known = chosen - rejected if known is None else known
        gain = chosen - rejected - known
        print(f"{name:14}  accuracy {(chosen > rejected).float().mean():.4f}  margin {(chosen - rejected).mean():8.3f}  "
              f"log p chosen {chosen.mean():8.3f}  rejected {rejected.mean():8.3f}  gain {gain.mean():7.3f}")


if __name__ == "__main__":
    main()
