"""Twenty bidders and fifty watchers of a market, and all that must hold of what they were told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.distributed.market import Market
from tests.explain.check import check_explained
from tests.faults.bidders import Sale
from tests.faults.history import History, check_answers
from tests.faults.shown import seen, settled
from tests.faults.watch import Watcher, watching

BIDDERS, WATCHERS, LOTS = 20, 50, 12
PAUSE_S = 0.1
CLOSES_WITHIN_S = 1.0
SHOWN_WITHIN_S = 10.0

Fault = Callable[[], Awaitable[None]]


class Crowd:
    """A running market, its sale and who watches it."""

    def __init__(self, market: Market, sale: Sale, watchers: list[Watcher]) -> None:
        self.market, self.sale, self.watchers = market, sale, watchers

    async def through(self, name: str, fault: Fault, within_s: float, mend: Fault | None = None) -> None:
        """Bid through a fault, from well before until decisions flow again, then look at all that anyone was told.

        What does not mend itself is mended while decisions flow.
        """
        sale = self.sale
        lasting = sale.auctions.copy()
        ends_s = time.time() + 4
        closing = await sale.list(increments=[[0, 100]], ends_at=int(ends_s * 1000))
        sale.auctions = [*lasting, closing]
        async with sale.bidding():
            await sale.until(200)
            since = time.monotonic()
            await fault()
            seconds = await sale.flows(since, within_s + time.monotonic() - since)
            print(f"{name}: decisions of all lots again {seconds:.2f} s after it began")
            if mend is not None:
                await mend()
                await self.market.ready()
            await sale.until(100)
        sale.auctions = lasting
        assert not sale.strange, sale.strange[:3]
        await asyncio.sleep(ends_s + CLOSES_WITHIN_S - time.time())  # it shall not close while it is looked at
        await self.check(closing)

    async def check(self, closing: str) -> History:
        """Every answer agrees with the log, the catalogue shows it, and every socket ends on the final standing."""
        history = await settled(self.sale, self.market.history)
        check_answers(self.sale.bids, history)
        closes = [event for event in history.events[closing] if event["type"] == "closed"]
        assert len(closes) == 1, f"{closing} closed {len(closes)} times"
        verdict = await asyncio.to_thread(self.market.audited, closing)
        assert (verdict["fault"], verdict["events"]) == (None, len(history.events[closing])), verdict
        last = {auction: _public(history.events[auction]) for auction in self.sale.auctions}
        until = time.monotonic() + SHOWN_WITHIN_S
        while behind := [found for watcher in self.watchers for found in self._behind(watcher, last)]:
            assert time.monotonic() < until, f"{len(behind)} standings are old, such as {behind[:3]}"
            await asyncio.sleep(0.05)
        check_explained(await seen(self.sale))
        faults = [fault for watcher in self.watchers for fault in watcher.faults + watcher.older]
        assert not faults, faults[:3]
        return history

    @staticmethod
    def _behind(watcher: Watcher, last: dict[str, dict[str, Any]]) -> list[str]:
        seen = {auction: watcher.shown.get(auction, {}).get("seq", 0) for auction in last}
        return [
            f"{auction} at {seen[auction]} of {each['seq']}"
            for auction, each in last.items()
            if seen[auction] < each["seq"]
        ]


def _public(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The standing that everyone should have in the end: refusals change none."""
    standing: dict[str, Any] = next(event for event in reversed(events) if event["type"] != "refused")["standing"]
    return standing


@asynccontextmanager
async def crowd(market: Market) -> AsyncIterator[Crowd]:
    async with market.running():
        sale = Sale(market.vendue, await market.register(BIDDERS), 1, BIDDERS, PAUSE_S)
        for _ in range(LOTS):
            await sale.list(increments=[[0, 100]])
        async with watching(sale, WATCHERS) as watchers:
            yield Crowd(market, sale, watchers)
