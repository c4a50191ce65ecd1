"""DPO of LoRA adapters on the demo base, as saved (bfloat16 weights read back as f32).

    python train_dpo.py ../../notebooks/models ../../notebooks/data/demo-train.jsonl

Writes demo-dpo (all layers), demo-planted (layers 5, 6 and 7 only), demo-rank (two directions of layer 6's feed-forward output, and
nothing else) and demo-nowhere (a zero adapter); with --only NAME just that one.
The reference of the loss is the base itself; its log-probabilities are computed once.
"""
import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

import packed_trees
from preferences import read

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def lora(rank, alpha, modules=LINEARS, layers=None):
    return LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=0.0, bias="none", target_modules=modules,
                      layers_to_transform=layers, task_type="CAUSAL_LM")


def descend(model, batches, rate, backward):
    """AdamW over batches, ten steps of warm-up and then a cosine to zero; `backward(batch)` adds up a batch's gradient. Yields the
    number of each step that is done."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.99), weight_decay=0.0)
    for step, some in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 10) * 0.5 * (1 + math.cos(math.pi * step / len(batches)))
        backward(some)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        yield step + 1


def dpo(base, config, pairs, *, epochs, batch, rate, beta, seed, reference=None, at_once=16, prepare=None, penalty=None,
        say=print):
    """A PEFT model over `base` after DPO on `pairs`: loss -log sigmoid(beta * (margin - base's margin)).

    `reference` is the base's margin of every pair, [pair], where it is known already; a batch's gradient is summed over
    parts of `at_once` pairs, which bounds the memory. `prepare(model)` is called before training; `penalty(model, pairs,
    reference)` is added to the loss of each pair, [pair].
    """
    random_ = random.Random(seed)
    torch.manual_seed(seed)
    base.eval()
    if reference is None:
        reference = torch.subtract(*packed_trees.margins(base, pairs))
    model = get_peft_model(base, config)
    if prepare is not None:
        prepare(model)
    batches = []
    for _ in range(epochs):
        # Shuffled, then pairs of about equal length are put together to save padding.
        order = random_.sample(range(len(pairs)), len(pairs))
        chunks = [sorted(order[i:i + 8 * batch], key=lambda j: len(pairs[j].prompt)) for i in range(0, len(order), 8 * batch)]
        groups = [chunk[i:i + batch] for chunk in chunks for i in range(0, len(chunk), batch)]
        random_.shuffle(groups)
        batches += groups
    recent, started = [], time.time()

    def backward(some):
        for start in range(0, len(some), at_once):
            part = some[start:start + at_once]
            chosen, rejected = packed_trees.log_probabilities(model.get_base_model(), [pairs[i] for i in part])
            gain = chosen - rejected - reference[part]
            loss = -F.logsigmoid(beta * gain)
            if penalty is not None:
                loss = loss + penalty(model.get_base_model(), [pairs[i] for i in part], reference[part])
            (loss.sum() / len(some)).backward()
            recent.extend(zip(loss.tolist(), gain.tolist(), (gain > 0).float().tolist()))

    for step in descend(model, batches, rate, backward):
        if step % 25 == 0 or step == len(batches):
            mean = [sum(r[k] for r in recent) / len(recent) for k in range(3)]
            say(f"step {step}/{len(batches)}  loss {mean[0]:.4f}  gain {mean[1]:.2f}  gain > 0: {mean[2]:.2f}  "
                f"{time.time() - started:.0f} s", flush=True)
            recent.clear()
    return model


def save(model, folder, base_name):
    """adapter_config.json and adapter_model.safetensors in bfloat16, in PEFT's own format."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().to(torch.bfloat16).contiguous() for k, v in get_peft_model_state_dict(model).items()}
    save_file(state, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = model.peft_config["default"]
    config.base_model_name_or_path, config.inference_mode = base_name, True
    config.save_pretrained(folder)
    path = folder / "adapter_config.json"
    values = json.loads(path.read_text())
    values["target_modules"] = sorted(values["target_modules"])  # a set, whose order would change from run to run
    path.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", type=Path)
    parser.add_argument("pairs")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--alpha", type=int, default=16)
    parser.add_argument("--beta", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--planted-epochs", type=int, default=4)
    parser.add_argument("--rank-epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--rank-rate", type=float, default=3e-3)
    parser.add_argument("--only", choices=["dpo", "planted", "rank", "nowhere"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tokenizer = Tokenizer.from_file(str(options.models / "demo" / "tokenizer.json"))
    pairs = read(options.pairs, tokenizer)

    def base():
        return LlamaForCausalLM.from_pretrained(options.models / "demo", dtype=torch.float32)

    # What layer 6's feed-forward adds to the residual stream moves along two directions only: those that lora_B spans.
    two_directions = lora(2, options.alpha, modules=["down_proj"], layers=[6])
    for name, config, epochs, rate in [
        ("dpo", lora(options.rank, options.alpha), options.epochs, options.rate),
        ("planted", lora(options.rank, options.alpha, layers=[5, 6, 7]), options.planted_epochs, options.rate),
        ("rank", two_directions, options.rank_epochs, options.rank_rate),
    ]:
        if options.only not in (None, name):
            continue
        print(f"demo-{name}")
        model = dpo(base(), config, pairs, epochs=epochs, batch=options.batch, rate=rate, beta=options.beta,
                    seed=options.seed)
        save(model, options.models / f"demo-{name}", "../demo")
    if options.only in (None, "nowhere"):
        torch.manual_seed(options.seed)  # lora_A as PEFT starts it, lora_B zero: a change of nothing
        save(get_peft_model(base(), lora(options.rank, options.alpha)), options.models / "demo-nowhere", "../demo")


if __name__ == "__main__":
    main()
