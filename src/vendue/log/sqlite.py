"""The embedded log: group commit on one SQLite file. Whoever arrives while a commit runs goes into the next one."""

import asyncio
import time
from asyncio import Future
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from vendue.log.clock import LogClock
from vendue.log.metrics import commit_records, commit_seconds
from vendue.log.partition import partition_of
from vendue.log.port import (
    PARTITIONS,
    Checkpoint,
    Deadline,
    Handover,
    LogBroken,
    LogRewound,
    LogUnavailable,
    Record,
    Share,
    Topic,
)
from vendue.log.sqlite_file import WAL_RESTART_BYTES, LogFile, Records

ALL: Share = tuple(range(PARTITIONS))
MAX_UNCOMMITTED = 20_000
MAX_TAIL = 20_000
READ_CHUNK = 1_000
WAL_LOOK_BYTES = 4 << 20

T = TypeVar("T")


class _Tail:
    """A reader's place at the end of the log: what it has not taken yet."""

    def __init__(self, topic: Topic, partitions: Iterable[int], committed: bool) -> None:
        self.topic, self.partitions, self.committed = topic, frozenset(partitions), committed
        self.records: deque[Record] = deque()
        self.fault: Exception | None = None
        self.overflowed = False
        self.wake: Future[None] | None = None

    def offer(self, records: Iterable[Record]) -> None:
        self.records.extend([record for record in records if record.partition in self.partitions])
        if self.committed and len(self.records) > MAX_TAIL:
            self.overflowed = True  # the reader goes back to the file instead of the queue growing
            self.records.clear()
        self.rouse()

    def rouse(self) -> None:
        if self.wake is not None and not self.wake.done():
            self.wake.set_result(None)


class _Batch:
    """What the next commit will hold."""

    def __init__(self) -> None:
        self.records: Records = {"bids": [], "auction-events": []}
        self.waiting: list[Future[None]] = []
        self.failed: list[Callable[[Exception], None]] = []
        self.size = 0


class SqliteLog:
    """The Log port on `log.db` in a folder. `clock` is made from the log's highest time."""

    def __init__(self, folder: Path, clock: Callable[[int], LogClock] = LogClock) -> None:
        self._file = LogFile(folder)
        self._clock = clock(self._file.last_at)
        self._ends = {topic: dict(ends) for topic, ends in self._file.ends.items()}
        self._next = _Batch()
        self._committing: _Batch | None = None
        self._tails: set[_Tail] = set()
        self._broken: LogBroken | None = None
        self._rewound: LogRewound | None = None
        self._flusher: asyncio.Task[None] | None = None
        self._writer = asyncio.Lock()
        self._writing = ThreadPoolExecutor(1, "log-write")
        self._reading = ThreadPoolExecutor(1, "log-read")
        self._written_bytes = 0
        self._trimmer: asyncio.Task[None] | None = None

    def now_ms(self) -> int:
        """The time that a record appended now would get."""
        return self._clock.now_ms()

    def append(self, topic: Topic, items: Sequence[tuple[str, bytes]]) -> Future[None]:
        """Fix place and time at once; the future is done when the commit that holds them is synced."""
        batch = self._add(topic, items)
        done: Future[None] = asyncio.get_running_loop().create_future()
        batch.waiting.append(done)
        return done

    def put(self, key: str, command: bytes, failed: Callable[[Exception], None]) -> None:
        """As append of one command, without a future."""
        self._add("bids", [(key, command)]).failed.append(failed)

    def _add(self, topic: Topic, items: Sequence[tuple[str, bytes]]) -> _Batch:
        if self._broken is not None:
            raise self._broken
        if topic == "bids":
            at = self._admit(len(items))
        elif self._rewound is not None:
            raise self._rewound  # these events may come of commands that are not in the log
        else:
            at = self._clock.now_ms()
        batch, ends = self._next, self._ends[topic]
        records = []
        for key, value in items:
            partition = partition_of(key)
            offset = ends[partition]
            ends[partition] = offset + 1
            records.append(Record(partition, offset, at, key, value))
            self._written_bytes += len(value)
        batch.records[topic] += records
        batch.size += len(records)
        for tail in self._tails:
            if tail.topic == topic and not tail.committed:
                tail.offer(records)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.get_running_loop().create_task(self._flush())
        return batch

    def _admit(self, count: int) -> int:
        """The time of new commands; none while the log is behind or its clock is wrong. Events always get one."""
        at = self._clock.admit_ms()
        behind = max((len(tail.records) for tail in self._tails if not tail.committed), default=0)
        if self._next.size + count > MAX_UNCOMMITTED or behind > MAX_UNCOMMITTED:
            raise LogUnavailable("The log is behind; try again in a moment.")
        return at

    async def _flush(self) -> None:
        while self._next.waiting or self._next.size:
            batch = self._committing = self._next
            self._next = _Batch()
            ends = {topic: dict(each) for topic, each in self._ends.items()}
            try:
                if batch.size:
                    async with self._writer:
                        began_s = time.perf_counter()
                        # Inserting is quick; only the sync is worth another thread.
                        self._file.insert(batch.records, ends)
                        await self._in(self._writing, self._file.commit, ends)
                        commit_seconds.add(time.perf_counter() - began_s)
                        commit_records.add(batch.size)
            except LogUnavailable as error:
                self._rewind(error)
                continue
            except LogBroken as error:
                self._break(error)
                return
            self._committing = None
            for future in batch.waiting:
                if not future.done():
                    future.set_result(None)
            for tail in self._tails:
                if tail.committed and batch.records[tail.topic]:
                    tail.offer(batch.records[tail.topic])
            if self._written_bytes > WAL_LOOK_BYTES:
                self._written_bytes = 0
                self._trimmer = asyncio.get_running_loop().create_task(self._trim_wal())

    async def _trim_wal(self) -> None:
        """Most of the WAL is moved beside the commits; only what is left over stops them, and seldom."""
        try:
            moving = self._in(self._reading, self._file.checkpoint_wal, False)
            if await moving > WAL_RESTART_BYTES:
                async with self._writer:
                    await self._in(self._writing, self._file.checkpoint_wal, True)
        except LogUnavailable:
            pass  # the disk is full; whoever commits is told, and after a later commit this is tried again
        except LogBroken as error:
            self._break(error)

    def _drop(self, error: Exception, told: Exception) -> None:
        """Nothing since the last commit is in the log: fail its writers, tell its early readers."""
        batches = [batch for batch in (self._committing, self._next) if batch is not None]
        self._committing, self._next = None, _Batch()
        self._ends = {topic: dict(ends) for topic, ends in self._file.ends.items()}
        for batch in batches:
            for tell in batch.failed:
                tell(error)
            for future in batch.waiting:
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # whoever does not look loses nothing: an early reader is told below
        for tail in list(self._tails):
            if not tail.committed or isinstance(told, LogBroken):
                tail.fault = told
                tail.rouse()

    def _rewind(self, error: LogUnavailable) -> None:
        self._rewound = LogRewound(str(error), error.advice)
        self._drop(error, self._rewound)

    def _break(self, error: LogBroken) -> None:
        self._broken = error
        self._drop(error, error)

    async def read(
        self, topic: Topic, offsets: Mapping[int, int], *, committed: bool = True
    ) -> AsyncGenerator[list[Record], None]:
        """See the port."""
        at = dict(offsets)
        while True:
            tail = _Tail(topic, at, committed)
            # Whatever is committed now is read from the file; what comes later, or is on its way, from the tail.
            ends = dict(self._file.ends[topic])
            for batch in (self._committing, self._next):
                if batch is not None and not committed:
                    tail.offer(batch.records[topic])
            self._tails.add(tail)
            try:
                while any(at[partition] < ends[partition] for partition in at):
                    found = await self._in(self._reading, self._file.read, topic, dict(at), READ_CHUNK)
                    assert found, "what was committed can be read"
                    for record in found:
                        at[record.partition] = record.offset + 1
                    yield found
                async for records in self._follow(tail):
                    fresh = [record for record in records if record.offset >= at[record.partition]]
                    for record in fresh:
                        at[record.partition] = record.offset + 1
                    if fresh:
                        yield fresh
            finally:
                self._tails.discard(tail)

    async def _follow(self, tail: _Tail) -> AsyncIterator[list[Record]]:
        while not tail.overflowed:
            if tail.fault is not None:
                raise tail.fault
            if tail.records:
                records = list(tail.records)
                tail.records.clear()
                yield records
            else:
                tail.wake = asyncio.get_running_loop().create_future()
                await tail.wake

    async def ends(self, topic: Topic) -> dict[int, int]:
        """See the port; of what is durable."""
        return dict(self._file.ends[topic])

    async def handovers(self, _: Topic, /) -> AsyncIterator[Handover]:
        """See the port: all partitions, as one share, for good."""
        yield Handover([ALL], [], False, lambda: None)
        await asyncio.get_running_loop().create_future()

    def passed(self, topic: Topic, offsets: Mapping[int, int]) -> None:
        """See the port: there is nobody to tell."""

    async def take(self, share: Share) -> dict[int, int]:
        """See the port."""
        self._rewound = None
        saved = await self._in(self._reading, self._file.saved_offsets)
        return {partition: saved[partition] for partition in share}

    async def save(self, checkpoints: Iterable[Checkpoint], offsets: Mapping[int, int]) -> None:
        """See the port. What has begun is finished before its caller goes on, also one who was cancelled.

        Its thread cannot be stopped: whoever wrote beside it would be in the same transaction.
        """
        saving = asyncio.get_running_loop().create_task(self._save(list(checkpoints), dict(offsets)))
        try:
            await asyncio.shield(saving)
        except asyncio.CancelledError:
            await asyncio.wait([saving])
            saving.exception()  # who goes is not told; the next save meets the same
            raise

    async def _save(self, checkpoints: list[Checkpoint], offsets: dict[int, int]) -> None:
        async with self._writer:
            await self._in(self._writing, self._file.save, checkpoints, offsets)

    async def deadlines(self, share: Share) -> list[Deadline]:
        """See the port."""
        return await self._in(self._reading, self._file.deadlines, list(share))

    async def load(self, auctions: Sequence[str]) -> list[Checkpoint]:
        """See the port."""
        return await self._in(self._reading, self._file.load, auctions)

    async def ping(self) -> None:
        """See the port."""
        await self.append("bids", [])
        self._file.check_room()

    async def close(self) -> None:
        """See the port."""
        for task in (self._flusher, self._trimmer):
            if task is not None:
                await asyncio.gather(task, return_exceptions=True)
        for executor in (self._writing, self._reading):
            executor.shutdown()
        self._file.close()

    async def _in(self, executor: ThreadPoolExecutor, call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: call(*arguments))
