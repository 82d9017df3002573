"""The cost of a bid while one auction grows to 50 000 bids, through engine and log with their checkpoints."""

import asyncio
import time
from pathlib import Path

import uvloop

from bench.command import main
from bench.figures import Effort, Figure
from bench.inside import desk_of, place, put_up
from bench.machine import folder
from bench.sale import OPENING

BIDS = 50_000
BLOCKS = 10
ASKERS = 32
BIDDERS = 500
FLAT = 1.25
"""Last over first block, up to which the cost counts as flat: it takes in what a shared machine does."""
_BAR = 40


async def block_times(where: Path, bids: int) -> list[tuple[float, float]]:
    """Microseconds a bid, passed and of this process's CPU, for each of BLOCKS blocks of bids on one auction."""
    async with desk_of(where) as desk:
        await put_up(desk, ["car"])
        number, times = 0, []

        async def asker(until: int) -> None:
            nonlocal number
            while number < until:
                number += 1
                await place(desk, "car", f"bidder-{number % BIDDERS}", number, OPENING + number)

        for block in range(BLOCKS):
            until = bids * (block + 1) // BLOCKS
            start, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*(asker(until) for _ in range(ASKERS)))
            per_bid = 1e6 / (bids // BLOCKS)
            times.append(((time.perf_counter() - start) * per_bid, (time.process_time() - cpu) * per_bid))
        return times


def figures(effort: Effort) -> list[Figure]:
    """The first and the last block, and a plot of all."""
    bids = int(BIDS * effort.scale)
    with folder() as where:
        times = uvloop.run(block_times(Path(where), bids))
    passed, cpu = [each for each, _ in times], [each for _, each in times]
    print(f"µs a bid in one auction, in blocks of {bids // BLOCKS} bids (in brackets: of CPU):")
    for block, (each, own) in enumerate(times, 1):
        print(f"  {bids * block // BLOCKS:>6}  {each:6.0f} ({own:4.0f})  {'▇' * round(_BAR * each / max(passed))}")
    return [_flat(f"one auction, {bids} bids: last fifth", passed), _flat("the same, CPU", cpu)]


def _flat(name: str, times: list[float]) -> Figure:
    """Two blocks at either end: one alone would show whatever else the machine did then."""
    first, last = sum(times[:2]) / 2, sum(times[-2:]) / 2
    return Figure(name, last, "µs/bid", first, "first fifth", "flat", last / first <= FLAT)


if __name__ == "__main__":
    main(figures)
