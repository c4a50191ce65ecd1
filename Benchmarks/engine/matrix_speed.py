"""The machine's own single-precision matrix-product speed: the best of what two libraries reach on a model's own shapes.

    python matrix_speed.py CONFIG.json THREADS
prints {"torch": …, "openblas": …, "best": …} in operations a second, and "core", the best in operations a second of processor time.

torch   x Wᵀ with torch's own library and threads
openblas   the system's libopenblas, one single-threaded product on each thread: how Patchbook calls it (where it is installed)

Each is the median over repetitions of the whole list of a block's products, for each of M = 256, 512 and 1024 rows; then the best M.
"""
import ctypes
import ctypes.util
import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from operations import Shape

ROWS, REPETITIONS = (256, 512, 1024), 7


def speed(run, rows, shapes, threads):
    """Median operations a second, of time and of processor time, of `run()`, which does every product for `rows` rows on each of
    `threads`; again and again, for half a second at least and three at most."""
    operations = sum(2 * rows * k * n for k, n in shapes) * threads
    run()
    seconds, processor = [], []
    while sum(seconds) < 0.5 or len(seconds) < REPETITIONS and sum(seconds) < 3:
        start, processor_start = time.perf_counter(), time.process_time()
        run()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - processor_start)
    return operations / statistics.median(seconds), operations / statistics.median(processor)


def of_torch(shapes, threads):
    import torch
    torch.set_num_threads(threads)
    weights = [torch.randn(n, k) for k, n in shapes]
    found = []
    for rows in ROWS:
        inputs = {k: torch.randn(rows, k) for k, _ in shapes}

        def run():
            for (k, _), weight in zip(shapes, weights):
                inputs[k] @ weight.T

        found.append(speed(run, rows, shapes, 1))
    return found


def of_openblas(shapes, threads):
    name = ctypes.util.find_library("openblas")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.openblas_set_num_threads(1)
    pointer, size, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
    library.cblas_sgemm.argtypes = [size] * 6 + [real, pointer, size, pointer, size, real, pointer, size]
    row_major, plain, transposed = 101, 111, 112
    weights = [np.random.rand(n, k).astype(np.float32) for k, n in shapes]
    found = []
    with ThreadPoolExecutor(threads) as pool:
        for rows in ROWS:
            inputs = [{k: np.random.rand(rows, k).astype(np.float32) for k, _ in shapes} for _ in range(threads)]
            outputs = [{n: np.empty((rows, n), np.float32) for _, n in shapes} for _ in range(threads)]

            def one(thread):  # ctypes releases the interpreter's lock while the library works
                for (k, n), weight in zip(shapes, weights):
                    library.cblas_sgemm(row_major, plain, transposed, rows, n, k, 1, inputs[thread][k].ctypes.data, k,
                                        weight.ctypes.data, k, 0, outputs[thread][n].ctypes.data, n)

            found.append(speed(lambda: list(pool.map(one, range(threads))), rows, shapes, threads))
    return found


def main():
    with open(sys.argv[1]) as file:
        shapes = Shape.of(json.load(file)).linears
    threads = int(sys.argv[2])
    measured = {"openblas": of_openblas(shapes, threads), "torch": of_torch(shapes, threads)}
    measured = {name: values for name, values in measured.items() if values}
    found = {name: max(speed for speed, _ in values) for name, values in measured.items()}
    found["best"] = max(found.values())
    found["core"] = max(core for values in measured.values() for _, core in values)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
