"""Which shares an engine decides, which it does not, and what it says of itself meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from prometheus_client import REGISTRY

from tests.engine.log import ToldLog
from vendue.board.memory import MemoryBoard
from vendue.engine import Engine, delivery, engine, rostrum
from vendue.log.partition import partition_of
from vendue.log.port import LogFenced, LogUnavailable, Record, ShareRefused


@asynccontextmanager
async def running(log: ToldLog) -> AsyncIterator[tuple[Engine, asyncio.Task[None]]]:
    engine = Engine(log, MemoryBoard())
    task = asyncio.create_task(engine.run())
    try:
        yield engine, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ShareRefused):
            await task


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


def undecided() -> float | None:
    return REGISTRY.get_sample_value("vendue_engine_partitions_undecided")


async def test_who_has_nothing_to_decide_is_ready() -> None:
    log = ToldLog()
    async with running(log) as (engine, _):
        assert not engine.ready and engine.fault == ("No partitions of the log were handed to it yet.", "")
        log.hand()
        await until(lambda: engine.ready)
        assert engine.fault is None


async def test_who_holds_a_share_and_was_fenced_is_not_ready_until_it_is_handed_over_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rostrum, "CHECKPOINT_EVERY_S", 0.01)
    log = ToldLog()
    async with running(log) as (engine, _):
        log.hand([(1,), (2,)])
        await until(lambda: engine.ready)
        log.save_faults[2,] = LogFenced("another's")
        await until(lambda: engine.shares == [(1,)])
        assert not engine.ready and undecided() == 1
        detail, advice = engine.fault or ("", "")
        assert detail.startswith("1 of its partitions are not decided") and "engine.fenced" in advice
        log.save_faults.clear()
        log.hand(lost=[(1,), (2,)])
        log.hand([(2,)])
        await until(lambda: engine.shares == [(2,)])
        await until(lambda: engine.ready)
        assert undecided() == 0


async def test_who_cannot_take_a_share_is_not_ready() -> None:
    log = ToldLog()
    log.faults[2,] = LogUnavailable("not now")
    async with running(log) as (engine, _):
        log.hand([(1,), (2,)])
        await asyncio.sleep(0.1)
        assert engine.shares == [(1,), (2,)] and not engine.ready
        assert engine.fault == ("not now", ""), "for which the settings know what to do"
        log.faults.clear()
        await until(lambda: engine.ready)


async def test_a_share_that_is_refused_leaves_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    log = ToldLog()
    log.faults[2,] = ShareRefused("of newer rules")
    async with running(log) as (engine, task):
        log.hand([(1,), (2,)])
        await until(lambda: engine.shares == [(1,)])
        await asyncio.sleep(0.05)
        assert not task.done() and not engine.ready and undecided() == 1
        assert "of newer rules" in capsys.readouterr().out
        log.hand(lost=[(2,)])
        await until(lambda: engine.ready)


async def test_who_can_decide_nothing_that_is_his_ends_and_says_why() -> None:
    log = ToldLog()
    log.faults[1,] = log.faults[2,] = ShareRefused("of newer rules")
    async with running(log) as (_, task):
        log.hand([(1,), (2,)])
        with pytest.raises(ShareRefused, match="of newer rules"):
            await asyncio.wait_for(task, 5)


async def test_shares_that_go_together_are_saved_together() -> None:
    log = ToldLog()
    shares = [(partition,) for partition in range(8)]
    async with running(log) as (engine, _):
        log.hand(shares)
        await until(lambda: engine.ready)
        log.save_s = 0.3
        began = time.monotonic()
        await asyncio.wait_for(log.hand(lost=shares).wait(), 10)
        assert time.monotonic() - began < 1.0
        assert sorted(log.saved[-8:]) == list(range(8)) and engine.shares == []


async def test_where_the_log_confirms_slowly_only_so_much_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MOST_UNTOLD", 100)
    monkeypatch.setattr(rostrum, "AT_ONCE", 10)
    log = ToldLog()
    partition = partition_of("lot")
    async with running(log) as (engine, _):
        log.hand([(partition,)])
        await until(lambda: engine.ready)
        log.confirms = False
        for start in range(0, 1000, 50):
            log.commands.put_nowait([Record(partition, start + each, 0, "lot", b"") for each in range(50)])
        await asyncio.sleep(0.2)
        assert 10 <= len(log.unconfirmed) <= 11 and log.taken <= 150
        while log.taken < 1000 or log.unconfirmed:
            log.confirm()
            await asyncio.sleep(0)
            assert len(log.unconfirmed) <= 11


async def test_what_is_in_the_log_and_not_decided_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LAG_EVERY_S", 0.01)
    log = ToldLog()
    async with running(log) as (whole, _):
        log.hand([(1,), (2,)])
        await until(lambda: whole.ready)
        log.there = 7  # in each of the two
        await until(lambda: REGISTRY.get_sample_value("vendue_engine_lag_commands") == 14)
        log.commands.put_nowait([Record(1, offset, 0, "lot", b"") for offset in range(5)])
        await until(lambda: REGISTRY.get_sample_value("vendue_engine_lag_commands") == 9)
