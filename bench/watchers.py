"""Standings to many websockets: frames a second, CPU and delay of each; beside bare sockets and centrifuge.

Bare sockets are the limit. centrifuge is the Go library in `peers/centrifuge`, of one core too.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from statistics import median
from typing import NamedTuple

from msgspec.json import decode, encode

from bench.command import main
from bench.figures import Effort, Figure
from bench.http_bids import answer_file
from bench.machine import LOAD_CORE, pinned
from bench.peers.go_peer import HEARD, SAYS, centrifuge
from bench.peers.venv import Missing
from bench.server import People, Server, serving, watched_lot
from bench.watching import Plan, Seen

WATCHERS = (500, 10_000)
FRAMES_PER_S = 50_000.0
"""Slow enough that each bid's frames are out before the next bid: what is told is one fan-out, nothing packed."""
_bases = count(1_000_000, 1_000_000)


class Subject(NamedTuple):
    """A server, and how one subscribes there (see Plan)."""

    name: str
    server: Server
    says: str
    heard: str


def figures(effort: Effort) -> list[Figure]:
    """For each number of watchers: CPU and delays at a gentle rate of bids, then the most frames a second."""
    with ExitStack() as stack:
        where, people, server, auction = stack.enter_context(watched_lot())
        bid = {"auction": auction, "amount": 1000}
        sample = server.ask("POST", "/api/bids", bid, people.bidders[0])
        standing = encode(decode(sample[2])["data"]["standing"]).decode()
        answer = answer_file(where, sample, f'{{"standing":{standing},"now":NOW}}')
        says = f'{{"id":1,"subscribe":["{auction}"]}}'
        bare = stack.enter_context(serving([sys.executable, "-m", "bench.bare", answer], {}))
        subjects = [Subject("ours", server, says, '"ok":true}'), Subject("bare sockets", bare, says, '"ok":true}')]
        try:
            peer = stack.enter_context(serving([centrifuge(), answer], {"GOMAXPROCS": "1"}))
            subjects.append(Subject("centrifuge", peer, SAYS, HEARD))
        except Missing as missing:
            print(f"{missing}: left out", flush=True)
        found = []
        for watchers in (max(10, int(each * effort.scale)) for each in WATCHERS):
            for rate in (FRAMES_PER_S / watchers, 0.0):
                seen: dict[str, list[Seen]] = {each.name: [] for each in subjects}
                for _ in range(effort.rounds):
                    for each in subjects:
                        seen[each.name].append(_watch(each, people, auction, watchers, rate, effort.seconds))
                found += _gentle(watchers, seen) if rate else _most(watchers, seen)
        return found


def _watch(subject: Subject, people: People, auction: str, watchers: int, rate: float, seconds: float) -> Seen:
    _, server, says, heard = subject
    plan = Plan(server, watchers, auction, people.bidders, next(_bases), rate, seconds, says, heard)
    command = pinned(LOAD_CORE, [sys.executable, "-m", "bench.watching"])
    done = subprocess.run(command, input=encode(plan), stdout=subprocess.PIPE, check=True)
    return decode(done.stdout, type=Seen)


def _beside(
    name: str, unit: str, seen: dict[str, list[Seen]], value: Callable[[Seen], float], aim: str = "", note: str = ""
) -> list[Figure]:
    """Ours beside each other; the aim, less or more than it, is towards centrifuge."""
    ours = median(value(each) for each in seen["ours"])
    found = []
    for other, theirs in seen.items():
        beside = median(value(each) for each in theirs)
        aimed = aim if other == "centrifuge" else ""
        met = (ours < beside) == (aim == "less") if aimed else None
        if other != "ours":
            found.append(Figure(name, ours, unit, beside, other, aimed, met, note))
    return found


def _gentle(watchers: int, seen: dict[str, list[Seen]]) -> list[Figure]:
    bids = median(each.bids / each.seconds for each in seen["ours"])
    lost = sum(each.bids * watchers - each.frames for each in seen["ours"])
    note = f"{bids:.0f} bids/s" + (f", {lost} frames merged" if lost else "")
    name = f"{watchers} watchers, server's CPU"
    return [
        *_beside(name, "µs/frame", seen, lambda each: each.server_cpu_s / each.frames * 1e6, "less", note),
        *_beside(f"{watchers} watchers, delay p50", "ms", seen, lambda each: each.p50),
        *_beside(f"{watchers} watchers, delay p99", "ms", seen, lambda each: each.p99),
    ]


def _most(watchers: int, seen: dict[str, list[Seen]]) -> list[Figure]:
    bids = median(each.bids / each.seconds for each in seen["ours"])
    client = max(median(each.client_cpu for each in rounds) for rounds in seen.values())
    note = f"{bids:.0f} bids/s; client at most {client:.0%} busy"
    return [
        *_beside(f"{watchers} watchers, most", "frames/s", seen, lambda each: each.frames / each.seconds, "more", note),
        *_beside(
            f"{watchers} watchers, server's CPU then",
            "µs/frame",
            seen,
            lambda each: each.server_cpu_s / each.frames * 1e6,
        ),
    ]


if __name__ == "__main__":
    main(figures)
