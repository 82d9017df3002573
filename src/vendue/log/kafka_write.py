"""Records out to Kafka: a producer, and the thread that hears what became of them."""

import asyncio
import time
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Collection, Sequence
from threading import Thread
from typing import Any

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer

from vendue.log.kafka_cluster import Config, explain
from vendue.log.metrics import commit_records, commit_seconds
from vendue.log.partition import partition_of
from vendue.log.port import LogBroken, LogUnavailable

MAX_UNDELIVERED = 20_000
STALLED_S = 1.0
"""Records that wait so long tell that Kafka takes none: nothing is added to them."""
POLL_S, FLUSH_S = 0.1, 5.0
_NEVER_IN = frozenset(
    {
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_TOPIC,
        KafkaError._UNKNOWN_PARTITION,
        KafkaError._PURGE_QUEUE,
    }
)
"""What Kafka says of a record that it certainly did not take. After any other fault that is unknown."""
_logger = structlog.get_logger()


def command_fault(_: "Writer", error: KafkaError) -> Exception:
    """What to tell of a command: certainly not in the log, or unknown."""
    said = f"Kafka did not confirm a command ({explain(error)})"
    return LogUnavailable(f"{said}.") if error.code() in _NEVER_IN else LogBroken(f"{said}; it may be in the log.")


class _Sent:
    """What one call sent: how many deliveries it awaits, how many were told, and the first fault."""

    __slots__ = ("at_s", "awaited", "count", "error", "failed", "future", "told", "writer")

    def __init__(self, writer: "Writer", count: int, failed: Callable[[Exception], None] | None) -> None:
        self.writer, self.count, self.failed = writer, count, failed
        self.at_s = time.monotonic()
        self.awaited = self.told = 0  # the event loop's, and the thread's
        self.error: KafkaError | None = None
        self.future: Future[None] | None = None

    @property
    def over(self) -> bool:
        """Whether what became of all is known."""
        return self.told >= self.awaited

    def delivered(self, error: KafkaError | None, message: Any) -> None:
        """From the thread, once for each delivery awaited."""
        self.error = self.error or error
        self.told += 1
        if self.over:
            self.writer.rouse(message.timestamp()[1])


class Writer:
    """Appends to topics; what is appended later is told to be durable later. `stamped` hears Kafka's times (ms).

    `fault` makes the exception that tells of a record which Kafka did not confirm to this writer.
    """

    def __init__(
        self, config: Config, stamped: Callable[[int], None], fault: Callable[["Writer", KafkaError], Exception]
    ) -> None:
        self.broken = False
        """Nothing is taken any more: what is to be written needs another."""
        self._producer = Producer(config)
        self._loop: AbstractEventLoop = asyncio.get_running_loop()
        self._stamped, self._fault = stamped, fault
        # Then one delivery tells of all before it in its partition; and to hear of one costs as much as to send one.
        self._last_tells = bool(config.get("enable.gapless.guarantee"))
        self._sent: deque[_Sent] = deque()
        self._undelivered = 0
        self._roused = self._closed = self._ended = False
        self._thread = Thread(target=self._listen, name="kafka-write", daemon=True)
        self._thread.start()

    def append(self, topic: str, items: Sequence[tuple[str, bytes]]) -> Future[None]:
        """Done when these and all before them are durable, or raises what became of these."""
        every = range(len(items))
        telling = {partition_of(items[number][0]): number for number in every}.values() if self._last_tells else every
        sent = _Sent(self, len(items), None)
        sent.future = self._loop.create_future()
        self._send(topic, items, telling, sent)
        if self._sent[0].over:
            self._settle()
        return sent.future

    def put(self, topic: str, key: str, value: bytes, failed: Callable[[Exception], None]) -> None:
        """One record; only that it failed is told."""
        self._send(topic, ((key, value),), (0,), _Sent(self, 1, failed))

    def check_room(self, count: int) -> None:
        """Raises LogUnavailable where so many more would only wait."""
        if self.stalled or self._undelivered + count > MAX_UNDELIVERED:
            raise LogUnavailable("Kafka takes no records at the moment; try again.")

    @property
    def stalled(self) -> bool:
        """Whether what was sent first waits for long."""
        return bool(self._sent) and time.monotonic() - self._sent[0].at_s > STALLED_S

    def _send(self, topic: str, items: Sequence[tuple[str, bytes]], telling: Collection[int], sent: _Sent) -> None:
        """`telling`: those of the items, by their number, whose delivery is awaited."""
        if self._ended:
            raise LogUnavailable("Kafka takes no records from here any more.")
        done, sent.awaited = 0, len(telling)
        try:
            for number, (key, value) in enumerate(items):
                told = sent.delivered if number in telling else None
                self._producer.produce(topic, value, key, partition_of(key), told)
                done += 1
        except (BufferError, KafkaException) as error:
            said = explain(error) if isinstance(error, KafkaException) else str(error)
            if not done:
                raise LogUnavailable(f"Kafka takes no records at the moment ({said}).") from error
            sent.count = done
            sent.awaited = sum(number < done for number in telling)
            # A record of these is missing: whoever waits must hear of it.
            sent.error = KafkaError(KafkaError._QUEUE_FULL, said)
        self._undelivered += done
        self._sent.append(sent)

    def rouse(self, at: int) -> None:
        """From the thread: something is delivered."""
        if not self._roused:
            self._roused = True
            self._loop.call_soon_threadsafe(self._settle, at)

    def _settle(self, at: int = 0) -> None:
        self._roused = False
        if at > 0:
            self._stamped(at)
        undelivered, since_s = self._undelivered, self._sent[0].at_s if self._sent else 0.0
        while self._sent and self._sent[0].over:
            sent = self._sent.popleft()
            self._undelivered -= sent.count
            self._finish(sent)
        if self._undelivered < undelivered:
            commit_records.add(undelivered - self._undelivered)
            commit_seconds.add(time.monotonic() - since_s)

    def _finish(self, sent: _Sent) -> None:
        error = None if sent.error is None else self._fault(self, sent.error)
        if sent.failed is not None and error is not None:
            sent.failed(error)
        elif sent.future is not None and not sent.future.done():
            if error is None:
                sent.future.set_result(None)
            else:
                sent.future.set_exception(error)
                sent.future.exception()  # whoever does not look loses nothing: the log remembers that it failed

    def _listen(self) -> None:
        try:
            while not self._closed:
                self._poll()
        except Exception as error:  # a thread that ended would tell nobody
            self.broken = True
            if not self._closed:
                _logger.exception("log.writer_ended")
                self._loop.call_soon_threadsafe(self._end, KafkaError(KafkaError._FAIL, repr(error)))

    def _poll(self) -> None:
        try:
            self._producer.poll(POLL_S)
        except KafkaException:  # the producer has ended; what became of each record is still told
            self.broken = True
            time.sleep(POLL_S)

    def _end(self, error: KafkaError) -> None:
        """Nobody hears any more what becomes of what was sent."""
        self._ended = True
        waiting, self._sent, self._undelivered = list(self._sent), deque(), 0
        for sent in waiting:
            sent.error = sent.error or error
            self._finish(sent)

    def close(self) -> None:
        """Wait a moment for what is on its way; blocks."""
        self._closed = True
        self._thread.join()
        self._producer.flush(FLUSH_S)
