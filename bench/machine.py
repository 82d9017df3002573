"""The machine that figures were measured on, and what its disk can do."""

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from bench.figures import percentile

BLOCK = 8192
SERVER_CORE, LOAD_CORE = 0, 1
"""Subject and load each have a core of their own, where there are two."""


def folder(prefix: str = "vendue-bench-") -> tempfile.TemporaryDirectory[str]:
    """A new folder on the disk that TMPDIR names; gone when it is closed."""
    return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


def sync_times(where: Path, seconds: float = 1.0) -> list[float]:
    """Milliseconds of one append of BLOCK bytes with fdatasync, again and again."""
    path = where / "sync.bin"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    block, times, end = os.urandom(BLOCK), [], time.perf_counter() + seconds
    try:
        while (start := time.perf_counter()) < end:
            os.write(handle, block)
            os.fdatasync(handle)
            times.append((time.perf_counter() - start) * 1000)
    finally:
        os.close(handle)
        path.unlink()
    return times


def pinned(core: int, command: list[str]) -> list[str]:
    """The command on one core, where there are two of them and `taskset`."""
    if (os.cpu_count() or 1) < 2 or shutil.which("taskset") is None:
        return command
    return ["taskset", "--cpu-list", str(core), *command]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This thread, and what it starts meanwhile, has one core, where there are two of them."""
    if (os.cpu_count() or 1) < 2 or not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def on_load_core() -> AbstractContextManager[None]:
    """This process keeps off the server's core meanwhile."""
    return on_core(LOAD_CORE)


def describe() -> str:
    """One line."""
    model = platform.machine()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    with folder() as where:
        times = sync_times(Path(where))
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({model}), Linux {platform.release()}, Python {platform.python_version()}, "
        f"{BLOCK} bytes + fdatasync p50 {percentile(times, 50):.2f} ms p99 {percentile(times, 99):.2f} ms, "
        f"load before the run {load:.1f}"
    )
