"""One peer in a process of its own: reads a request, loads, warms up, times, writes margins and seconds as JSON.

    python peer.py NAME REQUEST.json RESULT.json
"""
import importlib
import json
import os
import sys
import time
import warnings

import torch

from sweeping import Request

PEERS = {
    "hooks": ("peers.plain_hooks", "PlainHooks"),
    "hooks-all": ("peers.plain_hooks", "AllLogits"),
    "batched": ("peers.batched", "Batched"),
    "packed": ("peers.packed", "Packed"),
    "packed-unstacked": ("peers.packed", "Unstacked"),
    "lens": ("peers.lens", "Lens"),
    "nnsight": ("peers.traces", "Traces"),
    "nnsight-skip": ("peers.traces", "SkippingTraces"),
}


def main():
    name, request_path, result_path = sys.argv[1:]
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = os.environ["TQDM_DISABLE"] = "1"
    warnings.filterwarnings("ignore")
    request = Request(request_path)
    torch.set_num_threads(request.threads)
    module, kind = PEERS[name]
    peer = getattr(importlib.import_module(module), kind)()
    # nnsight's traces run their own thread, where inference mode set out here does not hold; no_grad does as well.
    with torch.no_grad():
        start = time.perf_counter()
        models = {"base": peer.load(request.base), "tuned": peer.load(request.tuned)}
        loading = time.perf_counter() - start
        if request.warm_up:
            shortest = sorted(request.pairs, key=lambda pair: len(pair.chosen) + len(pair.rejected))[:2]
            peer.sweep(models, request, shortest, [depth(request.base) - 1])
        seconds, processor_seconds = [], []
        for _ in range(request.repetitions):
            start, processor_start = time.perf_counter(), time.process_time()
            results = peer.sweep(models, request, request.pairs)
            seconds.append(time.perf_counter() - start)
            processor_seconds.append(time.process_time() - processor_start)
    cells = [{"direction": key[0], "control": key[1], "layer": key[2], "margins": margins}
             for key, margins in results.items() if isinstance(key, tuple)]
    with open(result_path, "w") as file:
        json.dump({"load_seconds": loading, "seconds": seconds,
                   "processor_seconds": processor_seconds, "base": results["base"],
                   "tuned": results["tuned"], "cells": cells}, file)


def depth(path):
    with open(os.path.join(path, "config.json")) as file:
        return json.load(file)["num_hidden_layers"]


if __name__ == "__main__":
    main()
