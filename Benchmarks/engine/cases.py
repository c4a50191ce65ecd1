"""The cases: which models, which pairs, which sweep, and which peers run it."""
from dataclasses import dataclass, field
from pathlib import Path

import shapes
import subjects

EVERYONE = ("hooks", "hooks-all", "batched", "packed", "lens", "nnsight", "nnsight-skip")
CONTROLS = ("none", "self", "shuffled", "random")


@dataclass
class Case:
    name: str
    subject: str
    pairs: int
    positions: str = "all"
    directions: tuple = ("tuned_to_base",)
    controls: tuple = ("none",)
    peers: tuple = EVERYONE
    title: str = ""


@dataclass
class Options:
    cache: Path
    pairs: Path | None = None    # an HH-RLHF file
    adapter: Path | None = None  # on SmolLM2
    sparse: bool = False
    prepared: dict = field(default_factory=dict)


BOTH = dict(directions=("tuned_to_base", "base_to_tuned"), controls=CONTROLS)
CASES = [
    Case("demo", "demo", 4, title="the embedded model, all positions"),
    Case("demo-response", "demo", 4, positions="response", title="the embedded model, response positions"),
    Case("demo-both", "demo", 2, **BOTH, title="the embedded model, both directions with three controls"),
    Case("demo-planted", "demo-planted", 4, title="the embedded model, adapter on three of twelve layers"),
    *(Case(f"demo-{count}", "demo", count, peers=(), title=f"growth: the embedded model, {count} pairs")
      for count in (8, 32, 128)),
    Case("smollm2", "smollm2", 2, title="SmolLM2-135M, all positions"),
    Case("smollm2-response", "smollm2", 2, positions="response", title="SmolLM2-135M, response positions"),
    Case("smollm2-both", "smollm2", 2, **BOTH, title="SmolLM2-135M, both directions with three controls"),
    Case("llama-1b", "llama-3.2-1b", 4, title="Llama-3.2-1B's shape, all positions"),
    Case("llama-1b-response", "llama-3.2-1b", 4, positions="response",
         title="Llama-3.2-1B's shape, response positions"),
    *(Case(name, shape, 4, peers=("batched", "packed"), title=f"{title}, all positions") for name, shape, title in (
        ("qwen-0.5b", "qwen2.5-0.5b", "Qwen2.5-0.5B's shape"),
        ("gemma-2", "gemma-2-like", "Gemma-2-2B's widths with 12 layers"),
        ("olmo-1b", "olmo-2-1b", "OLMo-2-1B's shape"), ("pythia-1b", "pythia-1b", "Pythia-1B's shape"))),
    Case("llama-8b", "llama-3-8b", 1, peers=(), title="Llama-3-8B's shape, one short pair: memory"),
    Case("tiny", "tiny", 2, **BOTH, title="a tiny shape, to try the benchmark itself"),
    *(Case(f"tiny-{name}", f"tiny-{name}", 2, **BOTH | dict(controls=CONTROLS[:2]), peers=("batched", "packed"),
           title=f"a tiny shape, {name}") for name in shapes.BILLION),
]
GROUPS = {
    "quick": ("demo", "demo-response", "demo-planted"),
    "growth": ("demo-8", "demo-32", "demo-128"),
    "full": ("demo", "demo-response", "demo-both", "demo-planted", "demo-8", "demo-32", "demo-128", "smollm2",
             "smollm2-response", "smollm2-both", "llama-1b", "llama-1b-response", "qwen-0.5b", "gemma-2", "olmo-1b",
             "pythia-1b", "llama-8b"),
    "tinies": ("tiny", *(f"tiny-{name}" for name in shapes.BILLION)),
}


def chosen(names):
    """The cases that were named, groups spelt out."""
    known = {case.name: case for case in CASES}
    wanted = [one for name in names for one in GROUPS.get(name, (name,))]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"no case is called '{unknown[0]}'; there are: {', '.join([*GROUPS, *known])}")
    return [known[name] for name in dict.fromkeys(wanted)]


def subject(case, options):
    """The case's models, made where they are missing."""
    if case.subject not in options.prepared:
        options.prepared[case.subject] = (
            subjects.demo(options.cache, "demo-dpo") if case.subject == "demo"
            else subjects.demo(options.cache, case.subject) if case.subject.startswith("demo-")
            else subjects.smollm2(options.cache, options.adapter) if case.subject == "smollm2"
            else subjects.large(options.cache, options.sparse) if case.subject == "llama-3-8b"
            else subjects.random_shape(options.cache, case.subject))
    return options.prepared[case.subject]


def pairs(case, subject, options):
    """The case's pairs as token ids, and a line that says what they are."""
    vocabulary = subject.config["vocab_size"]
    if case.subject.startswith("demo") or case.subject == "smollm2":
        from tokenizers import Tokenizer
        tokenizer = Tokenizer.from_file(str(subject.dense_base / "tokenizer.json"))
        if case.subject == "smollm2" and options.pairs:
            return subjects.text_pairs(options.pairs, tokenizer, case.pairs, 1800, (160, 256)), "HH-RLHF, harmless, test"
        return (subjects.text_pairs(subjects.REPOSITORY / "notebooks/data/demo-heldout.jsonl", tokenizer, case.pairs),
                "the embedded held-out pairs")
    lengths = (8, 4, 4) if case.subject == "llama-3-8b" else (120, 60, 60) if vocabulary > 1000 else (20, 8, 9)
    return subjects.random_pairs(vocabulary, case.pairs, *lengths), "random tokens"
