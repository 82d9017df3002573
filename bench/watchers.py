"""Standings to many websockets: frames a second and their delay; beside the same uvicorn pushing the same bytes."""

import subprocess
import sys
from contextlib import ExitStack
from itertools import count
from statistics import median

from msgspec.json import decode, encode

from bench.command import main
from bench.figures import Effort, Figure
from bench.http_bids import fixed
from bench.machine import LOAD_CORE, pinned
from bench.server import People, Server, serving, watched_lot
from bench.watching import Plan, Seen

WATCHERS = (100, 500, 2000)
BIDS_PER_S = 5.0
"""Slow enough that each bid's frames are out before the next bid, so that delays are those of one fan-out."""
_bases = count(1_000_000, 1_000_000)


def figures(effort: Effort) -> list[Figure]:
    """For each number of watchers: delays at a gentle rate of bids, then the most frames a second."""
    with ExitStack() as stack:
        where, people, server, auction = stack.enter_context(watched_lot())
        bid = {"auction": auction, "amount": 1000}
        sample = server.ask("POST", "/api/bids", bid, people.bidders[0])
        standing = encode(decode(sample[2])["data"]["standing"]).decode()
        frame = f'{{"standing":{standing},"now":NOW}}'
        peer = stack.enter_context(serving(fixed(where, sample, frame), {}))
        found = []
        for watchers in (max(10, int(each * effort.scale)) for each in WATCHERS):
            for rate in (BIDS_PER_S, 0.0):
                ours, peers = [], []
                for _ in range(effort.rounds):
                    ours.append(_watch(server, people, auction, watchers, rate, effort.seconds))
                    peers.append(_watch(peer, people, auction, watchers, rate, effort.seconds))
                found += _delays(watchers, ours, peers) if rate else [_most(watchers, ours, peers)]
        watchers = max(10, int(WATCHERS[1] * effort.scale))
        plain, packed = (
            [_watch(server, people, auction, watchers, 0.0, effort.seconds, deflate) for _ in range(effort.rounds)]
            for deflate in (False, True)
        )
        rates = [median(each.frames / each.seconds for each in seen) for seen in (packed, plain)]
        name = f"{watchers} watchers that offer to unpack, most"
        return [*found, Figure(name, rates[0], "frames/s", rates[1], "without the offer")]


def _watch(
    server: Server,
    people: People,
    auction: str,
    watchers: int,
    rate: float,
    seconds: float,
    deflate: bool = False,
) -> Seen:
    plan = Plan(server.port, watchers, auction, people.bidders, next(_bases), rate, seconds, deflate)
    command = pinned(LOAD_CORE, [sys.executable, "-m", "bench.watching"])
    done = subprocess.run(command, input=encode(plan), stdout=subprocess.PIPE, check=True)
    return decode(done.stdout, type=Seen)


def _delays(watchers: int, ours: list[Seen], peers: list[Seen]) -> list[Figure]:
    lost = sum(each.bids * watchers - each.frames for each in ours)
    note = f"{BIDS_PER_S:g} bids/s" + (f", {lost} frames merged" if lost else "")
    return [
        Figure(
            f"{watchers} watchers, delay p50",
            median(each.p50 for each in ours),
            "ms",
            median(each.p50 for each in peers),
            "bare sockets",
            note=note,
        ),
        Figure(
            f"{watchers} watchers, delay p99",
            median(each.p99 for each in ours),
            "ms",
            median(each.p99 for each in peers),
            "bare sockets",
        ),
    ]


def _most(watchers: int, ours: list[Seen], peers: list[Seen]) -> Figure:
    bids = median(each.bids / each.seconds for each in ours)
    client = median(each.client_cpu for each in ours)
    takes = median(each.frames / each.seconds / each.client_cpu for each in (*ours, *peers))
    return Figure(
        f"{watchers} watchers, most",
        median(each.frames / each.seconds for each in ours),
        "frames/s",
        median(each.frames / each.seconds for each in peers),
        "bare sockets",
        note=f"{bids:.0f} bids/s; client {client:.0%} busy, takes {takes:,.0f}/s".replace(",", " "),
    )


if __name__ == "__main__":
    main(figures)
