"""The desk where no decision comes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vendue.api import desk as module
from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.log.sqlite import SqliteLog
from vendue.rules.commands import Bid


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose log nobody decides."""
    log = SqliteLog(tmp_path)
    found = Desk(log, MemoryBoard())
    await found.open()
    yield found
    await log.close()


def bid(id: str) -> Bid:
    return Bid(auction="a", id=id, by="ann", role="bidder", salt="00", amount=1)


async def test_whoever_waits_long_enough_is_let_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", 0.01)
    running = asyncio.create_task(desk.run())
    assert await desk.ask(bid("1")) is None
    assert await desk.is_pending("1")
    running.cancel()


async def test_a_closed_desk_holds_nobody(desk: Desk) -> None:
    waiting = asyncio.create_task(desk.ask(bid("1")))
    await asyncio.sleep(0)
    desk.close()
    async with asyncio.timeout(1):
        assert await waiting is None
        assert await desk.ask(bid("2")) is None
    assert await desk.is_pending("1")
    assert await desk.is_pending("2")
