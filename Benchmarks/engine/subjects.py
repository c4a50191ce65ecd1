"""The models and pairs of each case, made once in the cache: as Patchbook reads them, and dense in f32 for the peers."""
import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import shapes

REPOSITORY = Path(__file__).resolve().parents[2]
MODELS = REPOSITORY / "notebooks" / "models"
sys.path.insert(0, str(REPOSITORY / "scripts" / "training"))


@dataclass
class Subject:
    """A model pair twice: as Patchbook reads it (`base`, `tuned`, `adapter`), and as folders that the peers load."""
    base: Path
    tuned: Path
    adapter: Path | None
    dense_base: Path
    dense_tuned: Path

    @property
    def config(self):
        return json.loads((self.dense_base / "config.json").read_text())

    @property
    def changed(self):
        """The layers that differ: those that an adapter names, else all."""
        layers = range(self.config["num_hidden_layers"])
        if self.adapter is None:
            return list(layers)
        chosen = json.loads((self.adapter / "adapter_config.json").read_text()).get("layers_to_transform")
        return list(layers if chosen is None else chosen)


def made(folder, make):
    """`folder`, made by `make(folder)` unless it is there already; a broken run leaves none."""
    if not folder.exists():
        unfinished = folder.with_name(folder.name + ".unfinished")
        print(f"making {folder}", file=sys.stderr, flush=True)
        unfinished.mkdir(parents=True, exist_ok=True)
        make(unfinished)
        unfinished.rename(folder)
    return folder


def merged(model, adapter):
    from peft import PeftModel
    return PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()


def save(model, tokenizer, folder):
    from transformers import PreTrainedTokenizerFast
    from transformers.utils import logging
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)


def demo(cache, adapter="demo-dpo"):
    """The embedded base with one of its adapters."""
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM

    base, tuned = MODELS / "demo", MODELS / adapter

    def dense(adapter):
        def make(folder):
            model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
            save(merged(model, adapter) if adapter else model, Tokenizer.from_file(str(base / "tokenizer.json")), folder)
        return make

    return Subject(base, base, tuned, made(cache / "demo" / "base", dense(None)),
                   made(cache / "demo" / adapter, dense(tuned)))


def smollm2(cache, adapter=None):
    """SmolLM2-135M-Instruct from its GGUF, dequantised for the peers; the adapter given, or ours, or a random one."""
    import gguf_llama

    gguf = next((MODELS / "smollm2").glob("*.gguf"), None)
    if gguf is None:
        raise SystemExit("SmolLM2's GGUF is missing: scripts/fetch-smollm2 gets it")
    folder = cache / "smollm2"
    base = made(folder / "base", lambda folder: save(*gguf_llama.load(gguf), folder))
    trained = MODELS / "smollm2-dpo"
    adapter = adapter or (trained if trained.exists() else made(
        folder / "random-adapter", lambda folder: shapes.write_adapter(
            folder, json.loads((base / "config.json").read_text()), rank=8)))

    def tuned(folder):
        model, tokenizer = gguf_llama.load(gguf)
        save(merged(model, adapter), tokenizer, folder)

    weights = (adapter / "adapter_model.safetensors").read_bytes()
    return Subject(gguf, gguf, adapter, base, made(folder / f"tuned-{shapes.zlib.crc32(weights):08x}", tuned))


def random_shape(cache, name):
    """A shape with random bfloat16 weights; the tuned one is the base with small noise on every block's matrices."""
    config = shapes.SHAPES[name]

    def make(changed_by):
        def write(folder):
            shapes.write(folder, config, changed_by=changed_by)
            letters_only_tokenizer(folder)
        return write

    base, tuned = made(cache / name / "base", make(None)), made(cache / name / "tuned", make(0.002))
    return Subject(base, tuned, None, base, tuned)


def large(cache, sparse):
    """The 8-billion shape with a random adapter; for Patchbook alone."""
    config = shapes.SHAPES["llama-3-8b"]
    kind = "sparse" if sparse else "base"
    base = made(cache / "llama-3-8b" / kind, lambda folder: shapes.write(folder, config, sparse=sparse))
    adapter = made(cache / "llama-3-8b" / "adapter", lambda folder: shapes.write_adapter(folder, config))
    return Subject(base, base, adapter, base, base)


def letters_only_tokenizer(folder):
    """Some tokenizer, for a library that wants one; the pairs are token ids."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast
    vocabulary = {chr(97 + i): i for i in range(26)}
    PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="a")), bos_token="a",
                            eos_token="b", unk_token="a").save_pretrained(folder)


def text_pairs(path, tokenizer, count, first=0, tokens=(0, 10**6)):
    """The first pairs of a file from row `first` on whose prompt and longer response have a number of tokens in the range given."""
    import preferences
    found = []
    for pair in preferences.read(path, tokenizer, first):
        longest = len(pair.prompt) + max(len(pair.chosen), len(pair.rejected))
        if tokens[0] <= longest <= tokens[1] and min(len(pair.chosen), len(pair.rejected)) > 1:
            found.append({"prompt": pair.prompt, "chosen": pair.chosen, "rejected": pair.rejected})
        if len(found) == count:
            return found
    raise SystemExit(f"{path} holds {len(found)} such pairs, {count} are needed")


def random_pairs(vocabulary, count, prompt, chosen, rejected, seed=5):
    """Pairs of random tokens, of about the lengths given."""
    draws = random.Random(seed)

    def tokens(about):
        return [draws.randrange(2, vocabulary) for _ in range(max(2, about + draws.randint(-about // 8, about // 8)))]

    return [{"prompt": tokens(prompt), "chosen": tokens(chosen), "rejected": tokens(rejected)} for _ in range(count)]
