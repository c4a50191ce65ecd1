"""What the numbers were measured on: the processor, memory and versions, without names, paths or dates."""
import os
import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("torch", "transformers", "transformer-lens", "nnsight", "numpy")


def line(path, key):
    try:
        with open(path) as file:
            for text in file:
                name, _, value = text.partition(":")
                if name.strip() == key:
                    return value.strip()
    except OSError:
        pass
    return None


def description():
    processor = line("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()
    memory = line("/proc/meminfo", "MemTotal")
    flags = (line("/proc/cpuinfo", "flags") or "").split()
    vectors = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), None)
    return {"processor": processor, "cores": os.cpu_count(), "vectors": vectors,
            "virtual": "hypervisor" in flags, "memory": int(memory.split()[0]) * 1024 if memory else None,
            "load": round(os.getloadavg()[0], 1)}


def versions():
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found
