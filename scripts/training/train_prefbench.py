"""The models of PrefBench: adapters on the demo base whose tuned layers are known.

    python train_prefbench.py ../../notebooks

Every case is trained with three seeds into models/prefbench/CASE-SEED; a model that is there is kept as it is. Then
data/prefbench/cases.csv is written (what was planted, and the mean gain on held-out pairs), and parts.csv (the gain
when only some layers' adapters are on).
"""
import argparse
import csv
import json
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from peft import PeftModel, get_peft_model
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

import packed_trees
from preferences import read
from train_dpo import dpo, lora, save

LAYERS = 12
HEAD_WIDTH = 16
SEEDS = [1, 2, 3]
MIDDLE = [5, 6, 7]


@dataclass
class Case:
    """One way of planting: what was trained, and which layers a localiser should find."""
    name: str
    what: str
    planted: list[int]
    rank: int = 8
    alpha: int = 16
    rate: float = 2e-3
    epochs: int = 2
    head: int | None = None     # tunes what this head of each planted layer writes, and nothing else
    weak: int | None = None     # all other layers get an adapter of this alpha
    relay: bool = False         # the first planted layer writes a message that only the last one reads
    shorter: bool = False       # the chosen response is the shorter one, and nothing else
    like: str | None = None     # not trained: this case's adapter with random changes beside it, or in its place if none is planted
    parts: list[list[int]] = field(default_factory=list)  # layers whose gain is measured with the others off

    @property
    def changed(self):
        """The layers whose weights are not the base's."""
        if not self.planted:
            return MIDDLE if self.like else []
        return [*range(LAYERS)] if self.weak or self.like else self.planted


STRONG = [2, 4, 7, 9]
CASES = [
    Case("one-early", "one layer", [2]),
    Case("one-middle", "one layer", [6]),
    Case("one-late", "one layer", [10]),
    Case("three-early", "three layers", [1, 2, 3]),
    Case("three-middle", "three layers", MIDDLE),
    Case("three-late", "three layers", [8, 9, 10]),
    Case("eight", "eight layers", [*range(2, 10)]),
    Case("rank-1", "three layers, rank 1", MIDDLE, rank=1, alpha=2, rate=6e-3),
    Case("rank-4", "three layers, rank 4", MIDDLE, rank=4, alpha=8),
    Case("rank-full", "three layers, full rank", MIDDLE, rank=128, alpha=256, rate=4e-4),
    Case("heads", "what one attention head writes, in each of three layers", [3, 6, 9], head=5, rate=1e-2),
    Case("noisy", "four layers, and a weak adapter in all others", STRONG, weak=2,
         parts=[STRONG, [layer for layer in range(LAYERS) if layer not in STRONG]]),
    Case("interacting", "two distant layers that gain little alone", [3, 9], relay=True, rate=4e-3, epochs=4, parts=[[3], [9]]),
    Case("length", "three layers, and the chosen response is the shorter one", MIDDLE, shorter=True, rate=5e-3, epochs=4),
    Case("decoys", "three-middle, and all other layers changed at random as much", MIDDLE, like="three-middle",
         parts=[MIDDLE, [layer for layer in range(LAYERS) if layer not in MIDDLE]]),
    Case("interacting-decoys", "interacting, and all other layers changed at random as much", [3, 9], like="interacting",
         parts=[[3, 9], [3], [9]]),
    Case("random", "three layers changed at random as much as by tuning", [], like="three-middle"),
    Case("nowhere", "an adapter that changes nothing", []),
]


def with_shorter_chosen(path, tokenizer, out):
    """Writes a file's pairs with the shorter response as the chosen one: alternately a pair that already had it so and one that did not."""
    pairs = read(path, tokenizer)
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    kept = [row for row, p in zip(rows, pairs) if len(p.chosen) < len(p.rejected)]
    turned = [{"chosen": row["rejected"], "rejected": row["chosen"]}
              for row, p in zip(rows, pairs) if len(p.chosen) > len(p.rejected)]
    with open(out, "w", encoding="utf-8") as file:
        for two in zip(kept, turned):
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in two)


def adapters(model):
    """(layer, kind, module) of every linear map that has an adapter; a kind is `q_proj` or another."""
    for name, module in model.named_modules():
        if hasattr(module, "lora_A") and "default" in module.lora_A:
            yield int(re.search(r"layers\.(\d+)\.", name)[1]), name.rsplit(".", 1)[1], module


@contextmanager
def only(model, layers):
    """Inside, only the adapters of some layers are on."""
    off = [(module, module.scaling["default"]) for layer, _, module in adapters(model) if layer not in layers]
    for module, _ in off:
        module.scaling["default"] = 0.0
    yield
    for module, scale in off:
        module.scaling["default"] = scale


def confined_to_head(head):
    """A `prepare` of dpo: adapters read the columns of one attention head only."""
    def prepare(model):
        for _, _, module in adapters(model):
            weight = module.lora_A["default"].weight
            mask = torch.zeros_like(weight)
            mask[:, head * HEAD_WIDTH:(head + 1) * HEAD_WIDTH] = 1
            weight.data *= mask
            weight.register_hook(lambda gradient, mask=mask: gradient * mask)
    return prepare


WRITES = ["self_attn.o_proj", "mlp.down_proj"]
READS = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "mlp.gate_proj", "mlp.up_proj"]


@torch.no_grad()
def quiet_directions(base, layer, pairs, count):
    """The directions of the residual stream that the base uses least before a layer, [width, count]."""
    moments = 0
    for pair in pairs:
        ids = torch.tensor([pair.prompt + pair.chosen])
        hidden = base.model(input_ids=ids, output_hidden_states=True).hidden_states[layer][0]
        hidden = hidden / hidden.square().mean(-1, keepdim=True).sqrt()
        moments = moments + hidden.T @ hidden
    return torch.linalg.eigh(moments).eigenvectors[:, :count].contiguous()


def relayed(writer, directions):
    """A `prepare` of dpo: the writing layer's adapters write along these directions only, the others' read along them only."""
    def prepare(model):
        for layer, _, module in adapters(model):
            fixed = module.lora_B if layer == writer else module.lora_A
            fixed["default"].weight.data = directions.clone() if layer == writer else directions.T.clone()
            fixed["default"].weight.requires_grad = False
    return prepare


def gain_alone(layers, weight):
    """A `penalty` of dpo: the squared gain of each layer alone."""
    def penalty(model, pairs, reference):
        total = 0
        for layer in layers:
            with only(model, [layer]):
                total = total + (torch.subtract(*packed_trees.log_probabilities(model, pairs)) - reference) ** 2
        return weight * total
    return penalty


def change(module):
    return module.scaling["default"] * module.lora_B["default"].weight @ module.lora_A["default"].weight


def draw_changes(model, like, keep):
    """Changes drawn at random, each as large as those of `like` in maps of its kind; where `keep`, those of `like` stay as they are."""
    own = {(layer, kind): module for layer, kind, module in adapters(like)}
    for layer, kind, module in adapters(model):
        a, b = module.lora_A["default"].weight, module.lora_B["default"].weight
        if keep and (layer, kind) in own:
            a.data, b.data = (part["default"].weight.data for part in (own[layer, kind].lora_A, own[layer, kind].lora_B))
        elif not keep or layer not in {layer for layer, _ in own}:
            sizes = [change(other).norm() for (_, other_kind), other in own.items() if other_kind == kind]
            if sizes:
                b.data = torch.randn_like(b)
                b.data *= sum(sizes) / len(sizes) / change(module).norm()


class Bench:
    def __init__(self, folder):
        self.models = folder / "models" / "prefbench"
        self.demo = folder / "models" / "demo"
        tokenizer = Tokenizer.from_file(str(self.demo / "tokenizer.json"))
        self.models.mkdir(exist_ok=True)

        def both(name, last=None):
            """The pairs of a file up to a row, and those with the shorter response as the chosen one."""
            own, shorter = folder / "data" / f"demo-{name}.jsonl", self.models / f"shorter-{name}.jsonl"
            with_shorter_chosen(own, tokenizer, shorter)
            return {False: read(own, tokenizer, 0, last), True: read(shorter, tokenizer, 0, last)}

        self.pairs, self.held = both("train"), both("heldout", last=99)
        base = self.base()
        self.reference, self.held_reference = (
            {shorter: torch.subtract(*packed_trees.margins(base, pairs)) for shorter, pairs in some.items()}
            for some in (self.pairs, self.held))

    def base(self):
        return LlamaForCausalLM.from_pretrained(self.demo, dtype=torch.float32).eval()

    def path(self, case, seed):
        return self.models / f"{case.name}-{seed}"

    def load(self, case, seed):
        return PeftModel.from_pretrained(self.base(), self.path(case, seed)).get_base_model().eval()

    def train(self, case, seed):
        if self.path(case, seed).exists():
            return
        print(f"{case.name}, seed {seed}", flush=True)
        half_done = self.models / "half-done"
        save(self.trained(case, seed), half_done, "../../demo")
        half_done.rename(self.path(case, seed))

    def trained(self, case, seed):
        if case.like or not case.planted:
            torch.manual_seed(seed)
            model = get_peft_model(self.base(), lora(case.rank, case.alpha, layers=case.changed or MIDDLE))
            if case.like:
                like = next(other for other in CASES if other.name == case.like)
                draw_changes(model.get_base_model(), self.load(like, seed), keep=bool(case.planted))
            return model
        pairs = self.pairs[case.shorter]
        options = {}
        if case.head is not None:
            config = lora(case.rank, case.alpha, modules=["o_proj"], layers=case.planted)
            options["prepare"] = confined_to_head(case.head)
        elif case.relay:
            first, last = case.planted
            config = lora(case.rank, case.alpha, modules=[f"layers.{first}.{name}" for name in WRITES]
                          + [f"layers.{last}.{name}" for name in READS])
            options["prepare"] = relayed(first, quiet_directions(self.base(), last, pairs[:100], case.rank))
            options["penalty"] = gain_alone(case.planted, 0.1)
        else:
            config = lora(case.rank, case.alpha, layers=case.changed)
            if case.weak:
                others = "|".join(str(layer) for layer in case.changed if layer not in case.planted)
                config.alpha_pattern = {rf".*\.layers\.({others})\..*": case.weak}
        return dpo(self.base(), config, pairs, reference=self.reference[case.shorter], epochs=case.epochs, batch=16,
                   rate=case.rate, beta=0.1, seed=seed, **options)

    def gains(self, case, seed):
        """The mean gain on held-out pairs, and that of each part alone."""
        model = self.load(case, seed)

        def gain():
            margins = torch.subtract(*packed_trees.margins(model, self.held[case.shorter]))
            return float((margins - self.held_reference[case.shorter]).mean())

        parts = []
        for part in case.parts:
            with only(model, part):
                parts.append(gain())
        return gain(), parts


def words(layers):
    return " ".join(map(str, layers))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    bench = Bench(options.notebooks)
    shutil.rmtree(bench.models / "half-done", ignore_errors=True)
    for seed in SEEDS:
        for case in CASES:
            bench.train(case, seed)
    cases, parts = [], []
    for case in CASES:
        for seed in SEEDS:
            gain, alone = bench.gains(case, seed)
            cases.append([case.name, seed, LAYERS, words(case.planted), words(case.changed), f"{gain:.3f}",
                          "shorter" if case.shorter else "own", case.what])
            parts += [[case.name, seed, words(part), f"{value:.3f}", f"{gain:.3f}", f"{value / gain:.3f}"]
                      for part, value in zip(case.parts, alone)]
    folder = options.notebooks / "data" / "prefbench"
    folder.mkdir(exist_ok=True)
    for name, header, rows in [("cases.csv", ["case", "seed", "layers", "planted", "changed", "gain", "pairs", "what"], cases),
                               ("parts.csv", ["case", "seed", "only", "gain", "whole", "share"], parts)]:
        with open(folder / name, "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([header, *rows])


if __name__ == "__main__":
    main()
