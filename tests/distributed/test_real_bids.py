"""Real auctions' bids through Kafka and many processes: they end as in a replay, and embedded the same events come."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.distributed.market import Market, records
from tests.faults.bidders import Sale
from tests.faults.history import History
from tests.faults.process import SECRET
from vendue.api.tokens import Tokens
from vendue.board.memory import MemoryBoard
from vendue.engine import Engine
from vendue.loadtest.client import Client
from vendue.log.clock import LogClock
from vendue.log.port import PARTITIONS, Record
from vendue.log.sqlite import SqliteLog
from vendue.replay import Row, read_rows, replay
from vendue.rules.evidence import read

AT_ONCE = 24
"""Auctions that are bid on side by side."""


def _by_auction(rows: Sequence[Row]) -> dict[str, list[tuple[int, Row]]]:
    """Each auction's bids in the order of their times, with their place in the file."""
    found: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for number, row in sorted(enumerate(rows), key=lambda each: each[1].placed_at):
        found[row.auction].append((number, row))
    return found


async def _bid(sale: Sale, auction: str, bids: list[tuple[int, Row]]) -> None:
    """An auction's bids one after the other, each by whoever placed it, through any api process."""
    clients: dict[str, Client] = {}
    for number, row in bids:
        token = Tokens(SECRET).issue({"documentId": row.bidder, "role": "authenticated"})
        client = clients.setdefault(row.bidder, Client(lambda: sale.vendue.address, token))
        answer = None
        while answer is None or answer.status in (202, 503):
            answer = await client.ask("POST", "/api/bids", {"auction": auction, "amount": row.amount}, str(number))
        assert answer.status in (201, 409), answer
    for client in clients.values():
        await client.close()


async def _embedded(folder: Path, commands: Sequence[Record], count: int) -> dict[str, list[bytes]]:
    """The events that the embedded engine makes of exported commands under their stamps."""
    now = [0]
    log = SqliteLog(folder, lambda floor: LogClock(floor, lambda: now[0] / 1000, lambda: now[0] / 1000))
    engine = Engine(log, MemoryBoard())
    deciding = asyncio.create_task(engine.run())
    try:
        for record in sorted(commands, key=lambda record: record.at):
            now[0] = record.at
            await log.append("bids", [(record.key, record.value)])
        found: dict[str, list[bytes]] = defaultdict(list)
        async with (
            asyncio.timeout(60),
            aclosing(log.read("auction-events", dict.fromkeys(range(PARTITIONS), 0))) as all_of,
        ):
            while sum(map(len, found.values())) < count:
                for record in await anext(all_of):
                    found[record.key].append(record.value)
    finally:
        deciding.cancel()
        await asyncio.gather(deciding, return_exceptions=True)
        await log.close()
    return found


async def _through(market: Market, shared: Path, tmp_path: Path, count: int, open_s: float) -> None:
    rows = read_rows(shared / "data" / "ebay-bids.csv")
    chosen = set(list(dict.fromkeys(row.auction for row in rows))[:count])
    rows = [row for row in rows if row.auction in chosen]
    expected = {outcome.auction: outcome for outcome in await replay(rows, "us", False)}
    async with market.running(apis=2, engines=3):
        sale = Sale(market.vendue, await market.register(1), 1)
        ends_at = int((time.time() + open_s) * 1000)
        ids: dict[str, str] = {}
        for auction, bids in _by_auction(rows).items():
            terms = {"currency": "USD", "starting_price": bids[0][1].opening, "proxy": True, "increments": "us"}
            ids[auction] = await sale.list(**terms, ends_at=ends_at)
        started = time.monotonic()
        waiting = list(_by_auction(rows).items())

        async def some() -> None:
            while waiting:
                auction, bids = waiting.pop()
                await _bid(sale, ids[auction], bids)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
        seconds = time.monotonic() - started
        assert time.time() * 1000 < ends_at, "this machine is too slow for so short a sale"
        print(f"{len(rows)} bids on {len(ids)} auctions in {seconds:.1f} s")
        await asyncio.sleep(max(0.0, ends_at / 1000 - time.time()))
        until = time.monotonic() + 20
        while True:
            events = await asyncio.to_thread(records, market.kafka, "auction-events")
            last = {record.key: read(record.value).body for record in events}
            if all(id in last and last[id].standing.status in ("sold", "unsold") for id in ids.values()):
                break
            assert time.monotonic() < until, "not all have ended"
            await asyncio.sleep(0.2)
        commands = await asyncio.to_thread(records, market.kafka, "bids")
    history = History(commands, events)
    for auction, id in ids.items():
        ended, outcome = history.auctions[id], expected[auction]
        assert (ended.status, ended.winner, ended.standing.price) == (outcome.status, outcome.winner, outcome.price)
    embedded = await _embedded(tmp_path / "embedded", commands, sum(map(len, history.events.values())))
    assert embedded == history.values


@pytest.mark.soak
async def test_some_real_auctions(market: Market, shared: Path, tmp_path: Path) -> None:
    await _through(market, shared, tmp_path, 40, 10.0)


@pytest.mark.soak
async def test_all_real_auctions(market: Market, shared: Path, tmp_path: Path) -> None:
    await _through(market, shared, tmp_path, 366, 60.0)
