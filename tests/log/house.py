"""Engines on the log in Kafka, a desk that asks them, and what is in the log then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress

from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.engine import Engine
from vendue.log.kafka import KafkaLog
from vendue.log.kafka_cluster import Cluster
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Record
from vendue.rules.commands import Bid, List, command_id
from vendue.rules.evidence import read
from vendue.rules.receipts import Receipt
from vendue.rules.terms import Terms
from vendue.system import STOP_WITHIN_S

LOTS = [f"lot{number}" for number in range(24)]
HOUR_MS = 3_600_000
KEYS = {partition_of(key): key for key in map(str, range(100))}
"""One of each partition."""


@asynccontextmanager
async def opened(cluster: Cluster, rules: int = 1) -> AsyncIterator[KafkaLog]:
    log = await KafkaLog.open(cluster, rules)
    try:
        yield log
    finally:
        await log.close()


class House:
    """Some engines, each with a log of its own as in a process of its own, and a desk. They share the board."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.board = cluster, MemoryBoard()
        self.engines: list[tuple[KafkaLog, Engine, asyncio.Task[None]]] = []
        self.log: KafkaLog
        self.desk: Desk

    async def open(self) -> None:
        self.log = await KafkaLog.open(self.cluster, 1)
        self.desk = Desk(self.log, self.board)
        await self.desk.open()
        self._sweeping = asyncio.create_task(self.desk.run())

    async def close(self) -> None:
        self._sweeping.cancel()
        for log, _, task in self.engines:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with suppress(TimeoutError):  # as a process does, which a library that waits longer does not hold up
                async with asyncio.timeout(STOP_WITHIN_S):
                    await log.close()
        await self.log.close()

    async def start(self) -> None:
        """One more."""
        log = await KafkaLog.open(self.cluster, 1)
        engine = Engine(log, self.board)
        self.engines.append((log, engine, asyncio.create_task(engine.run())))

    async def stop(self) -> None:
        """The first of them, as SIGTERM does."""
        log, engine, task = self.engines.pop(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.stop()
        await log.close()

    async def shared(self) -> None:
        """Until each partition is decided by one of them, and each of them decides some."""
        async with asyncio.timeout(30):
            while True:
                for _, _, task in self.engines:
                    assert not task.done(), task
                found = [share for _, engine, _ in self.engines for share in engine.shares]
                ready = all(engine.ready and engine.shares for _, engine, _ in self.engines)
                if ready and sorted(found) == [(partition,) for partition in range(PARTITIONS)]:
                    return
                await asyncio.sleep(0.05)

    async def list(self, auction: str) -> Receipt | None:
        now = self.log.now_ms()
        terms = Terms(
            format="english",
            currency="EUR",
            starts_at=now - 1,
            ends_at=now + HOUR_MS,
            starting_price=1000,
            increments=((0, 100),),
            seller_ids=("seller",),
        )
        id = command_id(auction, "seller", "list")
        return await self.desk.ask(
            List(auction=auction, id=id, by="seller", role="seller", salt=self.desk.new_salt(), terms=terms)
        )

    async def bid(self, auction: str, by: str, amount: int) -> Receipt | None:
        id = command_id(auction, by, str(amount))
        return await self.desk.ask(
            Bid(auction=auction, id=id, by=by, role="bidder", salt=self.desk.new_salt(), amount=amount)
        )


@asynccontextmanager
async def house(cluster: Cluster, engines: int) -> AsyncIterator[House]:
    found = House(cluster)
    await found.open()
    try:
        for _ in range(engines):
            await found.start()
        await found.shared()
        yield found
    finally:
        await found.close()


async def all_of(log: KafkaLog, topic: str) -> list[Record]:
    ends = await log.ends(topic)  # type: ignore[arg-type]  # one of the two
    found: list[Record] = []
    async with asyncio.timeout(10), aclosing(log.read(topic, dict.fromkeys(ends, 0))) as batches:  # type: ignore[arg-type]
        while len(found) < sum(ends.values()):
            found += await anext(batches)
    return found


async def check_events(log: KafkaLog) -> dict[str, int]:
    """Of each auction the last event; there is no gap, and what came twice is the same."""
    values: dict[str, dict[int, bytes]] = {}
    last: dict[str, int] = {}
    for record in await all_of(log, "auction-events"):
        seq = read(record.value).body.seq
        assert seq <= last.get(record.key, 0) + 1, f"{record.key} goes from {last.get(record.key, 0)} to {seq}"
        last[record.key] = max(seq, last.get(record.key, 0))
        assert values.setdefault(record.key, {}).setdefault(seq, record.value) == record.value
    return last
