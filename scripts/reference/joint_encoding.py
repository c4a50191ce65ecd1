#!/usr/bin/env python3
"""Prompt and response encoded together and apart: `{pairs}` beside `tokenizers` on every transcript of an HH-RLHF file.

    python scripts/reference/joint_encoding.py notebooks/models/smollm2/*.gguf notebooks/models/smollm2-dpo PAIRS.jsonl.gz

Encodes each transcript as one text, finds the boundary by the rule of docs/preference-data.md, and compares all ids with those
of the block's table `tokens`; for `apart`, the ids of prompt and responses by themselves. Needs transformers, gguf and the
built program.
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:1] = [str(ROOT / "scripts" / "training")]
import gguf_llama  # noqa: E402

MARKER = "\n\nAssistant:"
NOTEBOOK = """---
params: {{pairs: {{type: path, default: pairs.jsonl}}}}
---
```{{models}}
id: both
base: {gguf}
tuned: {{path: {gguf}, adapter: {adapter}}}
```
```{{pairs}}
id: together
path: $pairs
split: none
```
```{{pairs}}
id: apart
path: $pairs
split: none
encode: apart
```
"""


def tables(gguf, adapter, pairs):
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "joint.md"
        notebook.write_text(NOTEBOOK.format(gguf=gguf, adapter=adapter))
        subprocess.run(
            [ROOT / ".build/release/patchbook", "render", notebook, "--no-store", "--allow-path", gguf.parent, "--allow-path", adapter,
             "--results", "joint.json", "-P", f"pairs={pairs}"], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        blocks = json.loads((Path(folder) / "joint.json").read_text())["blocks"]
    found = {}
    for name in ("together", "apart"):
        table = blocks[name]["tables"]["tokens"]
        for row in table["rows"]:
            cell = dict(zip(table["columns"], row))
            found[name, cell["row"]] = [[int(i) for i in cell[f"{part}_ids"].split()] for part in ("prompt", "chosen", "rejected")]
    return found, blocks["together"]["values"]


def expected(tokenizer, row):
    """The ids of a row's prompt and responses, together and apart."""
    shared = os.path.commonprefix([row["chosen"].encode(), row["rejected"].encode()])
    end = shared.rindex(MARKER.encode()) + len(MARKER)
    prompt = row["chosen"].encode()[:end].decode()
    responses = [row[key].encode()[end:].decode() for key in ("chosen", "rejected")]
    alone = tokenizer.encode(prompt).ids
    wholes = [tokenizer.encode(prompt + response).ids for response in responses]
    agreed = len(os.path.commonprefix([alone] + wholes))
    straddled = agreed < len(alone)
    if straddled and all(len(ids) > agreed and ids[agreed] == wholes[0][agreed] for ids in wholes):
        agreed += 1
    return ([wholes[0][:agreed]] + [ids[agreed:] for ids in wholes],
            [alone] + [tokenizer.encode(response, add_special_tokens=False).ids for response in responses], straddled)


def main():
    gguf, adapter, pairs = (Path(argument).resolve() for argument in sys.argv[1:])
    _, tokenizer = gguf_llama.load(gguf)
    with gzip.open(pairs, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    found, values = tables(gguf, adapter, pairs)
    wrong, straddled, other = [], 0, 0
    for number, row in enumerate(rows, 1):
        if ("together", number) not in found:
            continue
        together, apart, straddles = expected(tokenizer, row)
        straddled += straddles
        other += together != apart
        wrong += [(number, name) for name, ids in (("together", together), ("apart", apart)) if found[name, number] != ids]
    kept = sum(name == "together" for name, _ in found)
    print(f"{kept} of {len(rows)} rows kept, {len(wrong)} differ from tokenizers {wrong[:5]}")
    print(f"straddled: {straddled} here, {values['straddled.count']} there; other ids apart: {other} here, {values['apart.count']} there")
    sys.exit(bool(wrong) or kept == 0)


if __name__ == "__main__":
    main()
