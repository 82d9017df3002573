"""A log that does what a test tells it: it hands over, keeps nothing, and confirms when it is let."""

from __future__ import annotations

import asyncio
from asyncio import Future, Queue
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence

from vendue.log.port import PARTITIONS, Checkpoint, Deadline, Handover, Log, Record, Share, Topic


class ToldLog(Log):
    """`faults`: what taking a share raises; `save_s`: how long saving takes; `confirms`: whether appends are;
    `there`: how many commands each partition holds."""

    def __init__(self) -> None:
        self.told: Queue[Handover] = Queue()
        self.faults: dict[Share, Exception] = {}
        self.save_faults: dict[Share, Exception] = {}
        self.save_s = 0.0
        self.saved: list[int] = []
        self.confirms = True
        self.unconfirmed: list[Future[None]] = []
        self.commands: Queue[list[Record]] = Queue()
        self.taken = 0
        self.ms = 0
        self.there = 0

    def hand(self, gained: Sequence[Share] = (), lost: Sequence[Share] = (), saved: bool = True) -> asyncio.Event:
        """What comes and goes; the event tells that it was dealt with."""
        done = asyncio.Event()
        self.told.put_nowait(Handover(gained, lost, saved, done.set))
        return done

    def now_ms(self) -> int:
        return self.ms

    def append(self, topic: Topic, items: Sequence[tuple[str, bytes]]) -> Future[None]:
        done: Future[None] = asyncio.get_running_loop().create_future()
        if self.confirms:
            done.set_result(None)
        else:
            self.unconfirmed.append(done)
        return done

    def confirm(self) -> None:
        """All that waits for it."""
        while self.unconfirmed:
            self.unconfirmed.pop(0).set_result(None)

    async def read(
        self, topic: Topic, offsets: Mapping[int, int], *, committed: bool = True
    ) -> AsyncGenerator[list[Record], None]:
        while True:
            records = await self.commands.get()
            self.taken += len(records)
            yield records

    async def handovers(self, topic: Topic, /) -> AsyncIterator[Handover]:
        while True:
            yield await self.told.get()

    async def ends(self, topic: Topic) -> dict[int, int]:
        return dict.fromkeys(range(PARTITIONS), self.there)

    async def take(self, share: Share) -> dict[int, int]:
        if share in self.faults:
            raise self.faults[share]
        return dict.fromkeys(share, 0)

    async def save(self, checkpoints: Iterable[Checkpoint], offsets: Mapping[int, int]) -> None:
        await asyncio.sleep(self.save_s)
        if tuple(offsets) in self.save_faults:
            raise self.save_faults[tuple(offsets)]
        self.saved += offsets

    async def deadlines(self, share: Share) -> list[Deadline]:
        return []

    async def load(self, auctions: Sequence[str]) -> list[Checkpoint]:
        return []
