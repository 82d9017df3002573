"""Bids by wrk, a client in C on a core of its own: a Python client would measure itself."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode
from msgspec.structs import replace

from bench.machine import LOAD_CORE, pinned
from bench.server import People, Server

_SCRIPT = Path(__file__).with_name("bids.lua")
_PER_SECOND = 100
"""How much higher each second's bids begin: more than a round raises any one auction by in that time."""


class Load(Struct, frozen=True):
    """What wrk saw: answers by status, latencies in ms, connections that broke."""

    seconds: float
    answers: int
    p50: float
    p90: float
    p99: float
    max: float
    broken: int
    statuses: dict[str, int]
    server_cpu_s: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of the server's CPU an answer."""
        return self.server_cpu_s * 1e6 / self.answers


class Bidding:
    """Rounds of bids; each begins above where the one before ended."""

    def __init__(self, where: Path, people: People, auctions: list[str]) -> None:
        if shutil.which("wrk") is None:
            sys.exit("bench: wrk is missing; install it (Debian: apt-get install wrk).")
        self._file = where / "bids.txt"
        lines = [f"token {each}" for each in people.bidders] + [f"auction {each}" for each in auctions]
        self._file.write_text("\n".join(lines) + "\n")

    def start(
        self, server: Server, connections: int, seconds: float, too_low: int = 0, delay_ms: int = 0
    ) -> subprocess.Popen[str]:
        """Begin a round; `too_low` percent of the bids are."""
        base = int(time.time()) * _PER_SECOND  # above every round before, also on a data folder that was kept
        arguments = [str(self._file), str(base), str(too_low), str(delay_ms)]
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(_SCRIPT)]
        command = [*wrk, f"http://127.0.0.1:{server.port}/api/bids", "--", *arguments]
        return subprocess.Popen(pinned(LOAD_CORE, command), stdout=subprocess.PIPE, text=True)

    def run(self, server: Server, connections: int, seconds: float, too_low: int = 0) -> Load:
        """A round and what came of it."""
        before = server.cpu_s()
        return replace(finish(self.start(server, connections, seconds, too_low)), server_cpu_s=server.cpu_s() - before)


def finish(running: subprocess.Popen[str]) -> Load:
    """Wait for a round."""
    output, _ = running.communicate()
    found = [line for line in output.splitlines() if line.startswith("BIDS ")]
    if not found:
        sys.exit(f"bench: wrk failed: {output}")
    return decode(found[0].removeprefix("BIDS "), type=Load)
