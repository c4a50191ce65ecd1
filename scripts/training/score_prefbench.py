"""Runs every localiser on every model of PrefBench and collects what they say of each layer.

    python score_prefbench.py ../../notebooks PATCHBOOK

PATCHBOOK is the program. It runs prefbench/case.md on each model of data/prefbench/cases.csv; a model that has a file in
models/prefbench/scores is not run again. Then data/prefbench/scores.csv is written.
"""
import argparse
import csv
import json
import subprocess
from pathlib import Path

HEADER = ["case", "seed", "localiser", "layer", "score", "p"]


def table(blocks, block, name):
    """The rows of a table, each a dictionary."""
    found = blocks[block]["tables"][name]
    return [dict(zip(found["columns"], row)) for row in found["rows"]]


def localisers(blocks, count):
    """(localiser, its score of each layer, its corrected p of each layer or None) from the results of prefbench/case.md."""
    def effects(block, score, p):
        rows = sorted(table(blocks, block, "layers"), key=lambda row: row["layer"])
        return [row[score] for row in rows], [row[p] for row in rows]

    yield "hybrids", *effects("hybrids", "effect", "p")
    yield "steps", *effects("hybrids", "increment", "increment_p")
    yield "swaps", *effects("swaps", "effect", "p")
    yield "leave-one-out", *effects("leave-one-out", "increment", "increment_p")
    yield "shapley", *effects("shapley", "effect", "p")
    coefficients = {row["layer"]: row["standardized"] for row in table(blocks, "lasso", "coefficients")}
    yield "lasso", [coefficients.get(layer, 0) for layer in range(count)], None
    squares = [0] * count
    for row in table(blocks, "models", "changed"):
        squares[row["layer"]] += row["delta_norm"] ** 2
    yield "norms", [square ** 0.5 for square in squares], None
    accuracy = {(row["model"], row["layer"]): row["score"] for row in table(blocks, "probes", "layers")}
    yield "probes", [max(0, accuracy["tuned", layer] - accuracy["base", layer]) for layer in range(count)], None
    yield "distances", [row["distance"] for row in table(blocks, "distances", "layers")], None
    yield "last-layers", [int(4 * layer >= 3 * count) for layer in range(count)], None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", type=Path)
    parser.add_argument("patchbook")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    data, models = options.notebooks / "data" / "prefbench", options.notebooks / "models" / "prefbench"
    rows = []
    with open(data / "cases.csv", newline="") as file:
        cases = list(csv.DictReader(file))
    for case in cases:
        model = models / f"{case['case']}-{case['seed']}"
        scores = models / "scores" / f"{model.name}.csv"
        if not scores.exists():
            print(model.name, flush=True)
            scores.parent.mkdir(exist_ok=True)
            results = scores.with_suffix(".json")
            pairs = models / "shorter-heldout.jsonl" if case["pairs"] == "shorter" else options.notebooks / "data" / "demo-heldout.jsonl"
            subprocess.run(
                [options.patchbook, "export", options.notebooks / "prefbench" / "case.md", "--to", "json", "-o", results,
                 "-P", f"adapter={model}", "-P", f"pairs={pairs}", "--no-store", "--quiet", "--threads", str(options.threads)],
                check=True, stdout=subprocess.DEVNULL)
            blocks = json.loads(results.read_text())["blocks"]
            results.unlink()
            count = int(case["layers"])
            own = [[case["case"], case["seed"], name, layer, f"{values[layer]:.6g}", "" if p is None else f"{p[layer]:.6g}"]
                   for name, values, p in localisers(blocks, count) for layer in range(count)]
            half_done = scores.with_suffix(".half-done")
            with open(half_done, "w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(own)
            half_done.rename(scores)
        with open(scores, newline="") as file:
            rows += csv.reader(file)
    with open(data / "scores.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])


if __name__ == "__main__":
    main()
