"""Records in from Kafka: a consumer that is told where to read, and the thread that waits for it."""

import asyncio
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TypeVar

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from vendue.log.kafka_cluster import Cluster, explain
from vendue.log.port import LogBroken, Record

POLL_S = 0.02
MOST_AT_ONCE = 2_000
MOST_AHEAD = 20_000
"""Records that readers have not taken yet; with more the thread waits, and Kafka keeps them."""
_FATAL = frozenset(
    {
        KafkaError._AUTO_OFFSET_RESET,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
    }
)
"""A topic that is not known is not among them: a broker that has just started knows none for a moment."""
_UNSETTLED = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.UNKNOWN_LEADER_EPOCH,
)
"""A topic was just made, or has another leader, and not everyone knows yet."""
SETTLED_S, ASK_S = 10.0, 5.0
_logger = structlog.get_logger()

T = TypeVar("T")


class Tail:
    """A reader's place: what came of its partitions and it has not taken."""

    def __init__(self, source: "Source", offsets: Mapping[int, int]) -> None:
        self._source = source
        self.offsets = offsets
        self._records: list[Record] = []
        self._fault: LogBroken | None = None
        self._wake = asyncio.Event()

    async def take(self) -> list[Record]:
        """All that came. Raises LogBroken where it cannot go on."""
        while not self._records:
            if self._fault is not None:
                raise self._fault
            self._wake.clear()
            await self._wake.wait()
        records, self._records = self._records, []
        self._source.taken(len(records))
        return records

    def offer(self, records: list[Record]) -> None:
        """In the event loop."""
        self._records += records
        self._wake.set()

    def fail(self, fault: LogBroken) -> None:
        """In the event loop."""
        self._fault = fault
        self._wake.set()

    def close(self) -> None:
        """Read no more."""
        self._source.close_tail(self, len(self._records))


class Source:
    """One topic for several readers of this process, each of whom has partitions of its own."""

    def __init__(self, cluster: Cluster, topic: str) -> None:
        self._topic = cluster.name(topic)
        self._loop: AbstractEventLoop = asyncio.get_running_loop()
        self._consumer = Consumer(
            cluster.config(
                group_id=cluster.name("vendue-reader"),  # which the library wants; nobody joins it
                enable_auto_commit=False,
                enable_auto_offset_store=False,
                auto_offset_reset="error",
                fetch_wait_max_ms=100,
                fetch_queue_backoff_ms=10,
                queued_min_messages=MOST_AHEAD,
                queued_max_messages_kbytes=32 << 10,
            )
        )
        self._orders: SimpleQueue[tuple[bool, Tail]] = SimpleQueue()
        self._owners: dict[int, Tail] = {}  # the thread's; the event loop knows the same as _tails
        self._tails: set[Tail] = set()
        self._ended: LogBroken | None = None
        self._ahead = 0
        self._room = Event()
        self._room.set()
        self._closed = False
        self._thread = Thread(target=self._listen, name=f"kafka-read-{topic}", daemon=True)
        self._thread.start()

    def is_free(self, partitions: Iterable[int]) -> bool:
        """Whether nobody reads any of these here."""
        return all(tail.offsets.keys().isdisjoint(partitions) for tail in self._tails)

    def open_tail(self, offsets: Mapping[int, int]) -> Tail:
        """Read these partitions from these offsets on."""
        tail = Tail(self, dict(offsets))
        self._tails.add(tail)
        if self._ended is not None:
            tail.fail(self._ended)
        self._orders.put((True, tail))
        return tail

    def close_tail(self, tail: Tail, untaken: int) -> None:
        """Read them no more."""
        self._orders.put((False, tail))
        self._tails.discard(tail)
        self.taken(untaken)

    def taken(self, count: int) -> None:
        """So many are not ahead any more."""
        self._ahead -= count
        if self._ahead < MOST_AHEAD:
            self._room.set()

    def close(self) -> None:
        """Let go; blocks."""
        self._closed = True
        self._room.set()
        self._thread.join()

    def _listen(self) -> None:
        try:
            while not self._closed:
                self._obey()
                if not self._room.wait(1.0):
                    continue
                first = self._consumer.poll(POLL_S)
                if first is not None:
                    self._spread([first, *self._consumer.consume(MOST_AT_ONCE, 0)])
        except Exception as error:  # a thread that ended would tell nobody
            if not self._closed:
                said = explain(error) if isinstance(error, KafkaException) else repr(error)
                _logger.exception("log.reader_ended", topic=self._topic)
                self._loop.call_soon_threadsafe(self._end, LogBroken(f"{self._topic} cannot be read ({said})."))
        finally:
            self._consumer.close()

    def _end(self, fault: LogBroken) -> None:
        """Nothing comes any more, for those who read here and those who will."""
        self._ended = fault
        for tail in self._tails:
            tail.fail(fault)

    def _obey(self) -> None:
        """Here and not where it was ordered: so nothing of an earlier reader reaches a later one."""
        while True:
            try:
                opened, tail = self._orders.get_nowait()
            except Empty:
                return
            if opened:
                places = [TopicPartition(self._topic, *place) for place in tail.offsets.items()]
                self._owners |= dict.fromkeys(tail.offsets, tail)
                self._consumer.incremental_assign(places)
            else:
                owned = [partition for partition in tail.offsets if self._owners.get(partition) is tail]
                self._consumer.incremental_unassign([TopicPartition(self._topic, each) for each in owned])
                for partition in owned:
                    del self._owners[partition]

    def _spread(self, messages: list[Message]) -> None:
        found: dict[Tail, list[Record]] = {}
        for message in messages:
            partition, error = message.partition() or 0, message.error()
            if error is not None:
                self._faulty(partition, error)
            elif (tail := self._owners.get(partition)) is not None:
                key, value = message.key(), message.value()
                at = message.timestamp()[1]
                record = Record(
                    partition, message.offset() or 0, at, (key or b"").decode("utf-8", "replace"), value or b""
                )
                found.setdefault(tail, []).append(record)
        if found:
            self._loop.call_soon_threadsafe(self._offer, found)

    def _offer(self, found: dict[Tail, list[Record]]) -> None:
        for tail, records in found.items():
            self._ahead += len(records)
            tail.offer(records)
        if self._ahead >= MOST_AHEAD:
            self._room.clear()

    def _faulty(self, partition: int, error: KafkaError) -> None:
        if error.code() not in _FATAL and not error.fatal():
            _logger.info("log.read", topic=self._topic, error=explain(error))  # the library goes on by itself
            return
        tails = {self._owners[partition]} if partition in self._owners else set(self._owners.values())
        advice = "Is what was read before deleted, or the log an older one? Restore it from its latest copy."
        self._fail(tails, f"{self._topic} cannot be read on in partition {partition} ({explain(error)}). {advice}")

    def _fail(self, tails: set[Tail], said: str) -> None:
        for tail in tails:
            self._loop.call_soon_threadsafe(tail.fail, LogBroken(said))


def once_settled(ask: Callable[[], T]) -> T:
    """The answer; asked for again where a leader is a moment unknown, as that of a topic that was just made; blocks."""
    until = time.monotonic() + SETTLED_S
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _UNSETTLED or time.monotonic() > until:
                raise
        time.sleep(0.05)


def bounds(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
    """The first offset that is there, and the next there will be; blocks. Raises KafkaException."""
    return once_settled(lambda: consumer.get_watermark_offsets(TopicPartition(topic, partition), ASK_S))
