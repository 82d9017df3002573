"""How late a closing is: from ends_at until a watcher has the standing that says so; idle and under load."""

import asyncio
import time
from contextlib import ExitStack
from pathlib import Path

from msgspec.json import decode, encode
from websockets.asyncio.client import connect

from bench.command import main
from bench.figures import Effort, Figure, percentile
from bench.load import Bidding, finish
from bench.machine import folder, on_load_core
from bench.server import People, Server, in_a_day, put_up, settle, vendue

CLOSINGS = 200
OVER_S = 20.0
FIRST_IN_S = 6.0
"""Until the first closing: time to list them all."""
AIM_IDLE_MS = 50.0
CONNECTIONS, DELAY_MS = 16, 40
"""Together a few hundred bids a second on other auctions."""
AUCTIONS_BID_ON = 100


async def errors(server: Server, auctions: dict[str, int]) -> list[float]:
    """Milliseconds after its end at which each auction's closing reached a watcher."""
    found: dict[str, float] = {}
    async with connect(f"ws://127.0.0.1:{server.port}/api/live", compression=None) as socket:
        await socket.send(encode({"id": 1, "subscribe": list(auctions)}).decode())
        async with asyncio.timeout(FIRST_IN_S + OVER_S + 10):
            while len(found) < len(auctions):
                frame = decode(await socket.recv())
                now = time.time() * 1000
                standing = frame.get("standing")
                if standing and standing["status"] not in ("scheduled", "live"):
                    found.setdefault(standing["auction"], now - auctions[standing["auction"]])
    return list(found.values())


def _closings(server: Server, people: People, effort: Effort) -> list[float]:
    count, over_s = int(CLOSINGS * effort.scale), OVER_S * effort.scale
    first = time.time() + FIRST_IN_S
    # Off the whole milliseconds' grid of seconds, or all of them would meet the same phase of every timer.
    ends = [round((first + over_s * number / count) * 1000) for number in range(count)]
    ids = put_up(server, people, ends)
    assert time.time() < first, "listing took too long"
    with on_load_core():
        return asyncio.run(errors(server, dict(zip(ids, ends, strict=True))))


def figures(effort: Effort) -> list[Figure]:
    """Idle, then under load."""
    with ExitStack() as stack:
        where = Path(stack.enter_context(folder()))
        people = settle(where / "data")
        server = stack.enter_context(vendue(where / "data"))
        auctions = put_up(server, people, in_a_day(AUCTIONS_BID_ON))
        idle = _closings(server, people, effort)
        bidding = Bidding(where, people, auctions)
        loading = bidding.start(server, CONNECTIONS, FIRST_IN_S + OVER_S * effort.scale, delay_ms=DELAY_MS)
        loaded = _closings(server, people, effort)
        rate = finish(loading).rate
    p99 = percentile(idle, 99)
    name = f"closing of {len(idle)} auctions"
    return [
        Figure(f"{name}, idle p50", percentile(idle, 50), "ms late"),
        Figure(f"{name}, idle p99", p99, "ms late", aim=f"under {AIM_IDLE_MS:g} ms", met=p99 < AIM_IDLE_MS),
        Figure(f"{name}, loaded p50", percentile(loaded, 50), "ms late", note=f"{rate:.0f} bids/s beside them"),
        Figure(f"{name}, loaded p99", percentile(loaded, 99), "ms late", note=f"max {max(loaded):.1f}"),
    ]


if __name__ == "__main__":
    main(figures)
