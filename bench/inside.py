"""Engine, log and desk in this process: what decides bids, without the network."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bench.sale import DAY_MS, bid, listing, now_ms
from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.cli import SWITCH_INTERVAL_S
from vendue.engine import Engine
from vendue.log.sqlite import SqliteLog

LISTED_AT_ONCE = 1000


@asynccontextmanager
async def desk_of(where: Path) -> AsyncIterator[Desk]:
    """A desk whose commands the real engine decides on a new log in a folder."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    log, board = SqliteLog(where), MemoryBoard()
    engine, desk = Engine(log, board), Desk(log, board)
    await desk.open()
    running = [asyncio.create_task(engine.run()), asyncio.create_task(desk.run())]
    try:
        yield desk
        for task in running:
            assert not task.done(), task
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await log.close()


async def put_up(desk: Desk, auctions: list[str]) -> None:
    """List them, live at once."""
    now = now_ms()
    for start in range(0, len(auctions), LISTED_AT_ONCE):
        wanted = auctions[start : start + LISTED_AT_ONCE]
        answers = await asyncio.gather(*(desk.ask(listing(each, now, now + DAY_MS)) for each in wanted))
        assert all(answer is not None and answer.code is None for answer in answers)
    await asyncio.sleep(0.2)


async def place(desk: Desk, auction: str, bidder: str, number: int, amount: int) -> None:
    """A bid that must be accepted."""
    answer = await desk.ask(bid(auction, bidder, number, amount))
    assert answer is not None and answer.code is None, answer


async def rate(ask: Callable[[int], Awaitable[object]], askers: int, seconds: float) -> float:
    """How often per second `ask(number)` is answered, with so many askers who each wait for their answer."""
    number, end, start = 0, time.perf_counter() + seconds, time.perf_counter()

    async def asker() -> None:
        nonlocal number
        while time.perf_counter() < end:
            number += 1
            await ask(number)

    await asyncio.gather(*(asker() for _ in range(askers)))
    return number / (time.perf_counter() - start)
