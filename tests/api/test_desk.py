"""The desk where no decision comes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from msgspec.json import decode, encode

from tests.board.ear import until
from vendue.api import desk as module
from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.board.port import BoardUnavailable, Reply
from vendue.log.port import LogBroken, LogUnavailable
from vendue.log.sqlite import SqliteLog
from vendue.rules.commands import Bid
from vendue.rules.events import Details
from vendue.rules.receipts import Receipt


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
    await desk.close()
    async with asyncio.timeout(1):
        assert await waiting is None
        assert await desk.ask(bid("2")) is None
    assert await desk.is_pending("1")
    assert await desk.is_pending("2")


class Noted(MemoryBoard):
    """A board that remembers for how long it was told to know of a command; `away` for so many calls."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, int] = {}
        self.away = 0

    async def note_pending(self, ids: Sequence[str], for_s: int) -> None:
        if self.away:
            self.away -= 1
            raise BoardUnavailable("away")
        await asyncio.sleep(0.01)
        self.seconds |= dict.fromkeys(ids, for_s)
        await super().note_pending(ids, for_s)


class Doubtful:
    """A log of which one may choose what becomes of a command."""

    def __init__(self) -> None:
        self.failed: dict[str, Callable[[Exception], None]] = {}
        self.is_broken = False

    def put(self, key: str, command: bytes, failed: Callable[[Exception], None]) -> None:
        if self.is_broken:
            raise LogBroken("whether it is in is unknown")
        self.failed[decode(command)["id"]] = failed


@pytest.fixture
async def doubted(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Desk, Doubtful, Noted]]:
    """A desk that runs, its log and its board."""
    monkeypatch.setattr(module, "ANSWER_WITHIN_S", 0.01)
    monkeypatch.setattr(module, "SWEEP_EVERY_S", 0.01)
    log, board = Doubtful(), Noted()
    desk = Desk(log, board)  # type: ignore[arg-type]  # of the log it needs no more
    await desk.open()
    running = asyncio.create_task(desk.run())
    yield desk, log, board
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def receipt(id: str, seq: int | None) -> Reply:
    return Reply("", "", encode(Receipt(id, "a", seq, 1, None, "too_low", Details(), None)))


async def test_who_is_told_to_come_back_is_known_everywhere_until_it_is_projected(
    doubted: tuple[Desk, Doubtful, Noted],
) -> None:
    desk, log, board = doubted
    other = Desk(log, board)  # type: ignore[arg-type]  # of the log it needs no more
    for id in "1234":
        assert await desk.ask(bid(id)) is None
        assert await other.is_pending(id), "before he is told"
    assert board.seconds == dict.fromkeys("1234", module.PENDING_S)
    desk.on_reply(receipt("1", 7))
    desk.on_reply(receipt("2", None))  # of an auction that is not there
    log.failed["3"](LogUnavailable("it is certainly not in"))
    desk.on_reply(receipt("never doubted", 8))
    await until(lambda: board.seconds == {"1": module.DECIDED_S, "2": 0, "3": 0, "4": module.PENDING_S})
    assert [await other.is_pending(id) for id in "1234"] == [True, False, False, True]


async def test_a_bid_of_which_nobody_knows_whether_it_is_in_the_log_is_known_everywhere(
    doubted: tuple[Desk, Doubtful, Noted],
) -> None:
    desk, log, board = doubted
    board.away = 3
    asked = asyncio.create_task(desk.ask(bid("1")))
    await asyncio.sleep(0)
    log.failed["1"](LogBroken("unknown"))
    log.is_broken = True
    for asking in (asked, desk.ask(bid("2"))):
        with pytest.raises(LogBroken):
            await asking
    await until(lambda: board.seconds == dict.fromkeys("12", module.PENDING_S))


async def test_a_desk_that_closes_lets_every_process_know() -> None:
    board = Noted()
    desk = Desk(Doubtful(), board)  # type: ignore[arg-type]  # of the log it needs no more
    waiting = [asyncio.create_task(desk.ask(bid(id))) for id in "12"]
    await asyncio.sleep(0)
    await desk.close()
    assert board.seconds == dict.fromkeys("12", module.PENDING_S)
    assert await asyncio.gather(*waiting) == [None, None]
    assert await desk.ask(bid("3")) is None
    await asyncio.sleep(0)
    assert await desk.ask(bid("4")) is None
    await asyncio.sleep(0.1)
    assert board.seconds == dict.fromkeys("1234", module.PENDING_S)
