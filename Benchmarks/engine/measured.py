"""Runs a child process and watches its memory.

Two peaks, both in bytes:
    resident   the kernel's own high-water mark of the process (VmHWM, as last seen)
    anonymous  the most of RssAnon seen: what the process allocated, without pages mapped from files (sampled)
Pages of a mapped checkpoint are clean: the kernel drops them when memory is short, so they count in `resident` only.
(rusage's ru_maxrss will not do: a child starts with its parent's.)

And `others`: the share of all cores' time that went to anything but the child, 0 on a quiet machine.
"""
import os
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Measured:
    status: int
    seconds: float
    resident: int
    anonymous: int
    others: float
    output: str


def fields(pid):
    """{"RssAnon": bytes, "VmHWM": bytes} of a process, or nothing when it is gone."""
    found = {}
    try:
        with open(f"/proc/{pid}/status") as file:
            for line in file:
                name, _, rest = line.partition(":")
                if name in ("RssAnon", "VmHWM"):
                    found[name] = 1024 * int(rest.split()[0])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def busy():
    """Seconds that all cores together have worked since the machine started."""
    with open("/proc/stat") as file:
        user, nice, system, idle, waiting, *rest = (int(field) for field in file.readline().split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def run(command, log, limit=None, interval=0.01, **settings):
    """Runs `command` to its end, its output in the file `log`; `limit` in seconds."""
    start, before, peak = time.perf_counter(), busy(), {"RssAnon": 0, "VmHWM": 0}
    with open(log, "w") as file:
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, **settings)
    while True:
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        if done:
            break
        for name, value in fields(child.pid).items():
            peak[name] = max(peak[name], value)
        if limit is not None and time.perf_counter() - start > limit:
            child.kill()
            limit = None
        time.sleep(interval)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    others = (busy() - before - usage.ru_utime - usage.ru_stime) / (seconds * os.cpu_count())
    with open(log) as file:
        output = file.read()
    return Measured(child.returncode, seconds, peak["VmHWM"], peak["RssAnon"], max(0.0, others), output)
