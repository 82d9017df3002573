"""Bids decided per second by engine and SQLite log, every answer synced; beside the log alone with fixed records."""

import statistics
from pathlib import Path

import uvloop

from bench.command import main
from bench.figures import Effort, Figure
from bench.inside import desk_of, place, put_up, rate
from bench.machine import folder, sync_times
from bench.rules import BIDDERS
from bench.sale import OPENING
from vendue.log.sqlite import SqliteLog

AUCTIONS = 200
"""More than there are askers, so that no two bids on one auction overtake each other."""
ASKERS = (1, 32, 128)
COMMAND = b"c" * 290
EVENT = b"e" * 920
"""As long as a bid's command and its event."""


class _Numbers:
    """Goes on counting from round to round."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


async def _decided(where: Path, effort: Effort, askers: int, numbers: _Numbers) -> float:
    auctions = [f"car-{numbers.next()}" for _ in range(AUCTIONS)]
    async with desk_of(where) as desk:
        await put_up(desk, auctions)

        async def ask(number: int) -> None:
            cycle, place_in = divmod(number, AUCTIONS)
            bidder = f"bidder-{(place_in + cycle) % BIDDERS}"
            await place(desk, auctions[place_in], bidder, number, OPENING + cycle)

        return await rate(ask, askers, effort.seconds / 2)


async def _appended(where: Path, effort: Effort, askers: int) -> float:
    log = SqliteLog(where)

    async def ask(number: int) -> None:
        key = f"car-{number % AUCTIONS}"
        log.append("bids", [(key, COMMAND)])
        await log.append("auction-events", [(key, EVENT)])

    try:
        return await rate(ask, askers, effort.seconds / 2)
    finally:
        await log.close()


def figures(effort: Effort) -> list[Figure]:
    """A figure for each number of askers, and the disk's own."""
    found, syncs, alone, numbers = [], [], [], _Numbers()
    for askers in ASKERS:
        decided, appended = [], []
        for _ in range(effort.rounds):
            with folder() as one, folder() as other, folder() as third:
                decided.append(uvloop.run(_decided(Path(one), effort, askers, numbers)))
                appended.append(uvloop.run(_appended(Path(other), effort, askers)))
                syncs += sync_times(Path(third), effort.seconds / 10)
        value, beside = statistics.median(decided), statistics.median(appended)
        alone.append(beside)
        found.append(
            Figure(f"engine + log, {askers} asking at once", value, "bids/s", beside, "log alone, fixed records")
        )
    disk = 1000 / statistics.mean(syncs)
    return [*found, Figure(f"log alone, {ASKERS[0]} asking", alone[0], "records/s", disk, "fdatasync/s of the disk")]


if __name__ == "__main__":
    main(figures)
