"""The distributed log: three topics of Kafka. Kafka stamps time and order, and says who decides which partition."""

import asyncio
from asyncio import Future
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import structlog
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]  # it lists no names as exported

from vendue.log.kafka_clock import KafkaClock
from vendue.log.kafka_cluster import Cluster, explain
from vendue.log.kafka_group import Membership
from vendue.log.kafka_read import ASK_S, Source, once_settled
from vendue.log.kafka_state import States
from vendue.log.kafka_threads import Threads
from vendue.log.kafka_topics import ensure_topics
from vendue.log.kafka_write import Writer, command_fault
from vendue.log.partition import partition_of
from vendue.log.port import (
    PARTITIONS,
    Checkpoint,
    Deadline,
    Handover,
    LogBroken,
    LogFenced,
    LogUnavailable,
    Record,
    Share,
    Topic,
)

COMMAND_TIMEOUT_MS = 5_000
"""A command that Kafka did not take so long is given up; until then whether it is in is not known."""
MAX_RECORD_BYTES = 1 << 20
MOST_CALLS = 4 * PARTITIONS
"""At a time; what one partition waits for, while Kafka is away, holds up no other."""
PING_S = 1.5
SAVED_WITHIN_S = 40.0
"""Longer than a save's calls wait by what they are told: the library has been seen to wait minutes longer."""
GROUPS: Mapping[Topic, str] = {"bids": "vendue-engine", "auction-events": "vendue-projector"}

_NEXT = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # the library has no type for it

T = TypeVar("T")
_logger = structlog.get_logger()


class KafkaLog:
    """The Log port on a cluster. `rules`: the version of what decides, for whoever takes over from whom."""

    def __init__(self, cluster: Cluster, rules: int) -> None:
        self._cluster, self._rules = cluster, rules
        self._clock = KafkaClock()
        self._commands: Writer | None = None
        self._events: Writer | None = None
        self._sources: dict[Topic, list[Source]] = {"bids": [], "auction-events": []}
        self._groups: dict[Topic, Membership] = {}
        self._states: dict[int, States] = {}
        self._threads = Threads()
        self._admin = AdminClient(cluster.config())

    @classmethod
    async def open(cls, cluster: Cluster, rules: int) -> "KafkaLog":
        """With its topics made or checked. Raises LogUnavailable, LogBroken, BadCluster."""
        await asyncio.get_running_loop().run_in_executor(None, ensure_topics, cluster)
        return cls(cluster, rules)

    def _writer(self, fault: Callable[[Writer, KafkaError], Exception], **more: object) -> Writer:
        config = self._cluster.config(
            enable_idempotence=True, acks="all", linger_ms=0, message_max_bytes=MAX_RECORD_BYTES, **more
        )
        return Writer(config, self._clock.stamped, fault)

    def now_ms(self) -> int:
        """See the port."""
        return self._clock.now_ms()

    def append(self, topic: Topic, items: Sequence[tuple[str, bytes]]) -> Future[None]:
        """See the port. Events that fail must leave no gap: after one nothing of what this process decides is taken."""
        if topic == "bids":
            writer = self._command_writer()
            writer.check_room(len(items))
            return writer.append(self._cluster.name(topic), items)
        for partition in {partition_of(key) for key, _ in items}:
            self._own(partition)
        events = self._events
        if events is None:
            raise LogFenced("No partition is this process's.")
        try:
            return events.append(self._cluster.name(topic), items)
        except LogUnavailable as error:
            raise self._stop_events(events, str(error)) from error

    def _command_writer(self) -> Writer:
        """Made when it is needed, for who only reads may lack the right; one that ended is followed by another."""
        if self._commands is not None and self._commands.broken:
            self._threads.submit(self._commands.close)
            self._commands = None
        if self._commands is None:
            self._commands = self._writer(command_fault, message_timeout_ms=COMMAND_TIMEOUT_MS)
        return self._commands

    def _events_fault(self, writer: Writer, error: KafkaError) -> LogFenced:
        return self._stop_events(writer, explain(error))

    def _stop_events(self, failed: Writer, said: str) -> LogFenced:
        """What is told late of one that was followed by another is not the other's."""
        if failed is self._events:
            _logger.error("log.events_failed", error=said)
            self._threads.submit(failed.close)
            self._events = None
            self._give_up(list(self._states))
        return LogFenced(f"Kafka did not confirm what was decided ({said}).")

    def _own(self, partition: int) -> States:
        if partition not in self._states:
            raise LogFenced(f"Partition {partition} is not this process's any more.")
        return self._states[partition]

    def put(self, key: str, command: bytes, failed: Callable[[Exception], None]) -> None:
        """See the port."""
        writer = self._command_writer()
        writer.check_room(1)
        writer.put(self._cluster.name("bids"), key, command, failed)

    async def read(
        self,
        topic: Topic,
        offsets: Mapping[int, int],
        *,
        committed: bool = True,  # noqa: ARG002  # Kafka hands out nothing else
    ) -> AsyncGenerator[list[Record], None]:
        """See the port."""
        sources = self._sources[topic]
        if not any(source.is_free(offsets) for source in sources):
            sources.append(Source(self._cluster, topic))
        tail = next(source for source in sources if source.is_free(offsets)).open_tail(offsets)
        try:
            while True:
                yield await tail.take()
        finally:
            tail.close()

    async def ends(self, topic: Topic) -> dict[int, int]:
        """See the port."""
        return await self._in(self._ends, self._cluster.name(topic))

    def _ends(self, topic: str) -> dict[int, int]:
        places = {TopicPartition(topic, partition): _NEXT for partition in range(PARTITIONS)}

        def ask() -> dict[int, int]:
            asked = self._admin.list_offsets(places, request_timeout=ASK_S)
            return {place.partition: found.result().offset for place, found in asked.items()}

        return once_settled(ask)

    async def handovers(self, topic: Topic, /) -> AsyncIterator[Handover]:
        """See the port: partition by partition, as the group says."""
        group = self._groups[topic] = Membership(self._cluster, topic, GROUPS[topic])
        while True:
            told = await group.handovers.get()
            if isinstance(told, LogBroken):
                raise told
            yield told
            for share in told.lost if topic == "bids" else ():
                self._forget(share[0])

    def passed(self, topic: Topic, offsets: Mapping[int, int]) -> None:
        """See the port: the group's lag shows it."""
        if topic in self._groups:
            self._groups[topic].commit(offsets)

    async def take(self, share: Share) -> dict[int, int]:
        """See the port."""
        (partition,) = share
        if self._events is None:  # now, since it takes half a second to be let in
            self._events = self._writer(self._events_fault, enable_gapless_guarantee=True, message_timeout_ms=0)
        self._forget(partition)
        states = self._states[partition] = States(self._cluster, partition, self._rules)
        try:
            offsets = {partition: await self._in(states.take)}
        except LogFenced:
            self._give_up([partition])
            raise
        self.passed("bids", offsets)  # whoever had it before may not have come to it
        return offsets

    async def save(self, checkpoints: Iterable[Checkpoint], offsets: Mapping[int, int]) -> None:
        """See the port."""
        checkpoints = list(checkpoints)
        partitions = {*offsets, *(checkpoint.partition for checkpoint in checkpoints)}
        if not partitions:
            return
        (partition,) = partitions
        try:
            async with asyncio.timeout(SAVED_WITHIN_S):
                await self._in(self._own(partition).save, checkpoints, offsets.get(partition))
        except LogFenced:
            self._give_up([partition])
            raise
        except TimeoutError:  # a new producer fences this one, and ends its transaction
            self._give_up([partition])
            raise LogFenced(f"Kafka did not say whether partition {partition} was saved.") from None
        self.passed("bids", offsets)

    def _give_up(self, partitions: list[int]) -> None:
        """These cannot be gone on with: what the group says then is who may take them."""
        for partition in partitions:
            self._forget(partition)
        if partitions and "bids" in self._groups:
            self._groups["bids"].rejoin()

    def _forget(self, partition: int) -> None:
        states = self._states.pop(partition, None)
        if states is not None:
            self._threads.submit(states.close)

    async def deadlines(self, share: Share) -> list[Deadline]:
        """See the port."""
        return [deadline for partition in share for deadline in self._own(partition).deadlines()]

    async def load(self, auctions: Sequence[str]) -> list[Checkpoint]:
        """See the port."""
        found = (self._own(partition_of(auction)).load(auction) for auction in auctions)
        return [checkpoint for checkpoint in found if checkpoint is not None]

    async def ping(self) -> None:
        """See the port."""
        writer = self._commands
        if writer is not None and (self._command_writer() is not writer or writer.stalled):
            raise LogUnavailable("Kafka takes no records at the moment.")
        await self._in(self._admin.list_topics, self._cluster.name("bids"), PING_S)

    async def close(self) -> None:
        """See the port. All at once, since each waits while Kafka is silent; cancelled, it leaves what still waits."""
        parts: list[Membership | Source | Writer | States] = [
            *self._groups.values(),
            *self._sources["bids"],
            *self._sources["auction-events"],
            *(writer for writer in (self._commands, self._events) if writer is not None),
            *self._states.values(),
        ]
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, part.close) for part in parts))

    async def _in(self, call: Callable[..., T], *arguments: object) -> T:
        if self._threads.busy >= MOST_CALLS:
            raise LogUnavailable("Kafka does not answer, and much waits for it.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)
        except KafkaException as error:
            raise LogUnavailable(f"Kafka does not answer ({explain(error)}).") from error
