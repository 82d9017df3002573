"""When an auction is looked at: at its deadline, and not all the time where the log's clock has not come to it."""

from __future__ import annotations

import asyncio
import time

from vendue.engine.ticker import Ticker


def now_ms() -> int:
    return int(time.time() * 1000)


async def test_a_deadline_is_told_when_it_comes_and_once() -> None:
    ticker, at = Ticker(now_ms), now_ms() + 30
    ticker.set("lot", at)
    assert await asyncio.wait_for(ticker.due(), 1) == ["lot"]
    assert 0 <= now_ms() - at < 25
    waiting = asyncio.ensure_future(ticker.due())
    await asyncio.sleep(0.1)
    assert not waiting.done(), "it is outstanding"
    ticker.set("lot", now_ms())
    assert await asyncio.wait_for(waiting, 1) == ["lot"]


async def test_what_was_looked_at_too_early_is_not_looked_at_all_the_time() -> None:
    ticker, at = Ticker(now_ms), now_ms()
    ticker.set("lot", at)
    looks, until = 0, time.monotonic() + 0.5
    while time.monotonic() < until:
        await asyncio.wait_for(ticker.due(), 1)
        looks += 1
        await asyncio.sleep(0)
        ticker.set("lot", at)  # as after a tick that the log stamped with a time before the deadline
    assert 5 <= looks <= 12


async def test_another_deadline_is_not_held_up() -> None:
    ticker, at = Ticker(now_ms), now_ms()
    ticker.set("lot", at)
    await ticker.due()
    ticker.set("lot", at + 1)  # a bid moved it
    began = time.monotonic()
    await asyncio.wait_for(ticker.due(), 1)
    assert time.monotonic() - began < 0.03


async def test_what_could_not_be_ticked_is_due_at_once() -> None:
    ticker = Ticker(now_ms)
    ticker.set("lot", 5)
    ticker.give_back(await ticker.due())
    assert await asyncio.wait_for(ticker.due(), 0.03) == ["lot"]
