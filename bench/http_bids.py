"""POST /api/bids on a real `vendue run`, by wrk; beside the same uvicorn answering a fixed body of the same size."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.command import main
from bench.figures import Effort, Figure, percentile
from bench.load import Bidding, Load
from bench.machine import folder, sync_times
from bench.server import in_a_day, put_up, serving, settle, vendue

AUCTIONS = 200
CONNECTIONS = (1, 32, 128)
TOO_LOW = 40
"""Percent of the bids in the mixed rounds."""
_OWN = ("date", "server", "connection")


Answer = tuple[int, list[tuple[str, str]], bytes]


def fixed(where: Path, answer: Answer) -> list[str]:
    """The command of the peer that gives this answer."""
    return [sys.executable, "-m", "bench.fixed", answer_file(where, answer)]


def answer_file(where: Path, answer: Answer, frame: str = "") -> str:
    """An answer as peers read it; `frame` is what they push to watchers, with NOW for the time."""
    status, headers, body = answer
    path = where / "answer.json"
    kept = [(name.lower(), value) for name, value in headers if name.lower() not in _OWN]
    path.write_text(json.dumps({"status": status, "headers": kept, "body": body.decode(), "frame": frame}))
    return str(path)


def figures(effort: Effort) -> list[Figure]:
    """Throughput and latency at each number of connections, all accepted; then with bids that are too low."""
    with ExitStack() as stack:
        where = Path(stack.enter_context(folder()))
        people = settle(where / "data")
        server = stack.enter_context(vendue(where / "data"))
        auctions = put_up(server, people, in_a_day(AUCTIONS + 1))
        sample = server.ask("POST", "/api/bids", {"auction": auctions.pop(), "amount": 10**6}, people.bidders[0])
        assert sample[0] == 201, sample[2]
        peer = stack.enter_context(serving(fixed(where, sample), {}))
        bidding = Bidding(where, people, auctions)
        bidding.run(server, 32, 1)
        bidding.run(peer, 32, 1)
        found, syncs, fixed_rates = [], [], {}
        for connections in CONNECTIONS:
            ours: list[Load] = []
            peers: list[Load] = []
            for _ in range(effort.rounds):
                ours.append(bidding.run(server, connections, effort.seconds))
                peers.append(bidding.run(peer, connections, effort.seconds))
                syncs += sync_times(where, effort.seconds / 10)
            found += _compare(connections, ours, peers, percentile(syncs, 50))
            fixed_rates[connections] = median(each.rate for each in peers)
        for connections in CONNECTIONS[1:]:
            mixed = [bidding.run(server, connections, effort.seconds, TOO_LOW) for _ in range(effort.rounds)]
            name = f"POST /api/bids, {connections} conn., {TOO_LOW} % too low"
            rate, beside = median(each.rate for each in mixed), fixed_rates[connections]
            found.append(Figure(name, rate, "answers/s", beside, "fixed body", note=_answers(mixed)))
        return found


def _compare(connections: int, ours: list[Load], peers: list[Load], sync_ms: float) -> list[Figure]:
    name = f"POST /api/bids, {connections} conn."
    rate, beside = median(each.rate for each in ours), median(each.rate for each in peers)
    p50, peers_p50 = median(each.p50 for each in ours), median(each.p50 for each in peers)
    p99, peers_p99 = median(each.p99 for each in ours), median(each.p99 for each in peers)
    worst, cpu = max(each.max for each in ours), [median(each.cpu_us for each in loads) for loads in (ours, peers)]
    busy = connections > 1
    return [
        Figure(
            name,
            rate,
            "answers/s",
            beside,
            "fixed body",
            "half of the fixed body's" if busy else "",
            rate >= beside / 2 if busy else None,
            _answers(ours),
        ),
        Figure(
            f"{name}, p50",
            p50,
            "ms",
            peers_p50 if busy else sync_ms,
            "fixed body" if busy else "one fdatasync",
            "" if busy else "fsync + 1 ms",
            None if busy else p50 <= sync_ms + 1,
        ),
        Figure(
            f"{name}, p99",
            p99,
            "ms",
            peers_p99,
            "fixed body",
            "under 15 ms" if connections == 32 else "",
            p99 < 15 if connections == 32 else None,
            f"p90 {median(each.p90 for each in ours):.1f}, max {worst:.1f}",
        ),
        Figure(f"{name}, server's CPU", cpu[0], "µs/answer", cpu[1], "fixed body"),
    ]


def _answers(loads: list[Load]) -> str:
    counts: dict[str, int] = {}
    for each in loads:
        for status, count in each.statuses.items():
            counts[status] = counts.get(status, 0) + count
    broken = sum(each.broken for each in loads)
    return ", ".join(f"{count} × {status}" for status, count in sorted(counts.items())) + (
        f", {broken} broken" if broken else ""
    )


if __name__ == "__main__":
    main(figures)
