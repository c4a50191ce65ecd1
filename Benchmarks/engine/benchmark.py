"""Runs Patchbook and its peers in turn on the same models and pairs, and writes one table a case.

Each round runs every contender once, in a process of its own, with the machine's matrix-product speed measured in between;
ratios are medians of the rounds' own ratios. Called by `run`, which sets up the Python environment.
"""
import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict
from pathlib import Path

import agreement
import cases
import machine
import measured
import operations
import tables

HERE = Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/engine/run", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--cases", default="quick", help="names or groups (quick, growth, full), separated by commas")
    add("--peers", help="only these, separated by commas; 'none' for Patchbook alone (default: those of each case)")
    add("--rounds", type=int, default=3, help="how often each contender runs")
    add("--threads", type=int, default=os.cpu_count())
    add("--pairs", type=Path, help="HH-RLHF's harmless-base-test.jsonl.gz, for the SmolLM2 cases")
    add("--adapter", type=Path, help="a LoRA adapter on SmolLM2 (default: notebooks/models/smollm2-dpo, or random)")
    add("--count", type=int, help="another number of pairs")
    add("--limit", type=float, help="seconds after which one run is ended and left out")
    add("--memory", type=int, help="bytes that Patchbook's walk may use (default: the engine's own choice)")
    add("--sparse", action="store_true", help="the 8-billion shape as a sparse file of zeros")
    add("--output", type=Path, required=True, help="the folder for results.md and results.json")
    add("--cache", type=Path, required=True, help="the folder for models")
    add("--sweep", type=Path, required=True, help="Patchbook's sweep executable")
    options = parser.parse_args()
    options.sweep = options.sweep.resolve()  # contenders run in another folder
    return options


def contend(name, request, folder, options):
    """One run of one contender: what it reported, with seconds and memory; None where it failed or took too long."""
    path, result = folder / "request.json", folder / "result.json"
    path.write_text(json.dumps(request))
    result.unlink(missing_ok=True)
    command = ([str(options.sweep), str(path)] if name == "patchbook"
               else [sys.executable, str(HERE / "peer.py"), name, str(path), str(result)])
    run = measured.run(command, folder / f"{name}.log", options.limit, cwd=HERE)
    if run.status != 0:
        print(f"  {name}: ended with status {run.status} after {run.seconds:.0f} s\n{run.output[-2000:]}", file=sys.stderr)
        return None
    found = json.loads(run.output if name == "patchbook" else result.read_text())
    found |= {"name": name, "resident": run.resident, "anonymous": run.anonymous, "others": run.others}
    print(f"  {name}: {found['seconds'][0]:.3f} s, load {found['load_seconds']:.2f} s, "
          f"{run.anonymous / 2**20:.0f} MiB anonymous, {run.resident / 2**20:.0f} MiB resident", file=sys.stderr, flush=True)
    return found


def speed(subject, folder, options):
    run = measured.run([sys.executable, str(HERE / "matrix_speed.py"), str(subject.dense_base / "config.json"),
                        str(options.threads)], folder / "speed.log")
    if run.status != 0:
        raise SystemExit(f"the matrix products failed:\n{run.output}")
    return json.loads(run.output.splitlines()[-1])


def run_case(case, settings, options):
    print(case.title, file=sys.stderr, flush=True)
    subject = cases.subject(case, settings)
    if options.count:
        case.pairs = options.count
    pairs, kind = cases.pairs(case, subject, settings)
    request = {
        "base": str(subject.base), "tuned": str(subject.tuned),
        "adapter": str(subject.adapter) if subject.adapter else None,
        "dense_base": str(subject.dense_base), "dense_tuned": str(subject.dense_tuned), "pairs": pairs,
        "positions": case.positions, "directions": case.directions, "controls": case.controls,
        "threads": options.threads, "memory": options.memory, "repetitions": 1, "warm_up": case.subject != "llama-3-8b"}
    request = {key: value for key, value in request.items() if value is not None}
    peers = case.peers if options.peers is None else [name for name in options.peers.split(",") if name != "none"]
    folder = options.cache / "runs" / case.name
    folder.mkdir(parents=True, exist_ok=True)
    rounds, given_up = [], set()
    for number in range(options.rounds):
        results = {"speed": speed(subject, folder, options)}
        for name in ("patchbook", *(peer for peer in peers if peer not in given_up)):
            found = contend(name, request, folder, options)
            if found is None:
                given_up.add(name)
            else:
                results[name] = found
        rounds.append(results)
    sweep = (operations.Shape.of(subject.config), pairs, subject.changed, case.positions, case.directions, case.controls)
    count = operations.necessary(*sweep)
    ours = rounds[0].get("patchbook", {}).get("operations")
    formula = operations.necessary(*sweep, as_run=True).total
    return {"case": case.name, "title": case.title, "pairs": kind, "rounds": len(rounds), "threads": options.threads,
            "lengths": [[len(pair[part]) for part in ("prompt", "chosen", "rejected")] for pair in pairs],
            "operations": asdict(count) | {"total": count.total}, "contenders": summary(rounds, count, case),
            "speed": {key: statistics.median(values) for key in ("torch", "openblas", "best", "core")
                      if all(values := [one["speed"].get(key) for one in rounds])},
            "left_out": sorted(given_up), "own_operations": {"counted": ours, "formula": formula}}


def summary(rounds, count, case):
    """A row a contender: medians over rounds, and how far its margins are from Patchbook's."""
    rows = []
    for name in rounds[0]:
        runs = [one for one in rounds if name in one and "patchbook" in one]
        if name == "speed" or not runs:
            continue
        seconds = [one[name]["seconds"][0] for one in runs]
        median = statistics.median
        rows.append({
            "name": name, "seconds": seconds, "median": median(seconds),
            "ratio": median(one[name]["seconds"][0] / one["patchbook"]["seconds"][0] for one in runs),
            "fraction": median(count.total / one[name]["seconds"][0] / one["speed"]["best"] for one in runs),
            "processor_ratio": median(
                one[name]["processor_seconds"][0] / one["patchbook"]["processor_seconds"][0] for one in runs),
            "processor": median(one[name]["processor_seconds"][0] for one in runs),
            "processor_fraction": median(count.total / one[name]["processor_seconds"][0] / one["speed"]["core"] for one in runs),
            "load": median(one[name]["load_seconds"] for one in runs),
            "others": max(one[name]["others"] for one in runs),
            "anonymous": max(one[name]["anonymous"] for one in runs),
            "resident": max(one[name]["resident"] for one in runs),
            "own_operations": runs[0][name].get("operations"),
            "agreement": agreement.between(runs[0]["patchbook"], runs[0][name]),
        })
    return rows


def main():
    options = arguments()
    settings = cases.Options(options.cache, options.pairs, options.adapter, options.sparse)
    options.output.mkdir(parents=True, exist_ok=True)
    document = {"machine": machine.description(), "versions": machine.versions(), "cases": []}
    wrong = []
    for case in cases.chosen(options.cases.split(",")):
        result = run_case(case, settings, options)
        document["cases"].append(result)
        (options.output / "results.json").write_text(json.dumps(document, indent=2) + "\n")
        (options.output / "results.md").write_text(tables.markdown(document))
        print(tables.case(result), flush=True)
        wrong += [f"{case.name}: {row['name']} differs by {row['agreement']['largest']:.2e} nats"
                  for row in result["contenders"] if not row["agreement"]["holds"]]
        count = result["own_operations"]
        if count["counted"] not in (None, count["formula"]):
            wrong.append(f"{case.name}: the engine counts {count['counted']:,} operations, the formula {count['formula']:,}")
        wrong += [f"{case.name}: {name} failed or was ended" for name in result["left_out"]]
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
