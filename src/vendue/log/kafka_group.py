"""Who looks after which partitions: a member of a consumer group that reads nothing itself."""

import asyncio
import time
from asyncio import AbstractEventLoop, Queue
from collections.abc import Mapping
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Thread

import structlog
from confluent_kafka import OFFSET_END, Consumer, KafkaException, TopicPartition

from vendue.log.kafka_cluster import DENIED, Cluster, explain
from vendue.log.port import Handover, LogBroken

SESSION_MS, BEAT_MS = 6_000, 500
"""Who is not heard of so long has lost its partitions; 6 s is the shortest that brokers allow by default."""
HAND_OVER_WITHIN_S = 5.0
STUCK_S, STUCK_MS = 5.0, 10_000
"""An event loop that does not turn so long decides nothing: it is not spoken for, and others get its partitions."""
POLL_S = 0.1
_logger = structlog.get_logger()


class Membership:
    """Joined from the start. `handovers` tells what came and went, in order, or why nothing more comes."""

    def __init__(self, cluster: Cluster, topic: str, group: str) -> None:
        self._topic = cluster.name(topic)
        self._loop: AbstractEventLoop = asyncio.get_running_loop()
        self.handovers: Queue[Handover | LogBroken] = Queue()
        self._closed = self._rejoin = False
        self._passed: SimpleQueue[Mapping[int, int]] = SimpleQueue()
        self._turned_s = time.monotonic()
        self._consumer = Consumer(
            cluster.config(
                group_id=cluster.name(group),
                enable_auto_commit=False,
                auto_offset_reset="error",
                partition_assignment_strategy="cooperative-sticky",
                session_timeout_ms=SESSION_MS,
                heartbeat_interval_ms=BEAT_MS,
                max_poll_interval_ms=STUCK_MS,
            )
        )
        self._thread = Thread(target=self._listen, name=f"kafka-{group}", daemon=True)
        self._thread.start()
        self._turn()

    def rejoin(self) -> None:
        """Give all back and ask anew: the group decides who may take what."""
        self._rejoin = True

    def commit(self, offsets: Mapping[int, int]) -> None:
        """In the group's name, soon; one that fails is followed by the next."""
        self._passed.put(offsets)

    def close(self) -> None:
        """Leave, so that others need not wait until we are missed; blocks. What was ours is not handed over."""
        self._closed = True
        self._thread.join()

    def _turn(self) -> None:
        self._turned_s = time.monotonic()
        if not self._closed:
            self._loop.call_later(1.0, self._turn)

    def _listen(self) -> None:
        try:
            self._take_part()
        except Exception as error:  # a thread that ended would tell nobody
            if not self._closed:
                said = explain(error) if isinstance(error, KafkaException) else repr(error)
                _logger.exception("log.group_ended")
                self._tell(LogBroken(f"The group of {self._topic} cannot be followed ({said}); start again."))
        finally:
            self._consumer.close()

    def _take_part(self) -> None:
        self._subscribe()
        while not self._closed:
            if time.monotonic() - self._turned_s > STUCK_S:
                time.sleep(POLL_S)  # polled no more, the group takes its partitions away
                continue
            if self._rejoin:
                self._rejoin = False
                self._consumer.unsubscribe()
                self._consumer.poll(POLL_S)
                self._subscribe()
            self._commit()
            message = self._consumer.poll(POLL_S)
            if message is not None and (error := message.error()) is not None:
                if error.code() in DENIED:
                    raise KafkaException(error)
                _logger.info("log.group", error=explain(error))
        self._commit()

    def _commit(self) -> None:
        """Here, where the consumer is polled: a call from another thread would wait until nobody polls."""
        passed: dict[int, int] = {}
        while not self._passed.empty():
            passed |= self._passed.get_nowait()
        if passed:
            places = [TopicPartition(self._topic, partition, offset) for partition, offset in passed.items()]
            with suppress(KafkaException):
                self._consumer.commit(offsets=places, asynchronous=True)

    def _subscribe(self) -> None:
        self._consumer.subscribe([self._topic], on_assign=self._gain, on_revoke=self._give, on_lost=self._lose)

    def _gain(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        for place in places:
            place.offset = OFFSET_END  # anything: nothing is read
        consumer.incremental_assign(places)
        consumer.pause(places)
        if places:
            self._tell(Handover([(place.partition,) for place in places], [], False, _nothing))

    def _give(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """Asked for by the group: save first."""
        if places and not self._closed:
            given, until = Event(), time.monotonic() + HAND_OVER_WITHIN_S
            self._tell(Handover([], [(place.partition,) for place in places], True, given.set))
            while not given.wait(POLL_S) and not self._closed:  # who closes has saved
                if time.monotonic() > until:
                    _logger.warning("log.not_handed_over", partitions=[place.partition for place in places])
                    break
        self._commit()
        consumer.incremental_unassign(places)

    def _lose(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """Already somebody else's."""
        if places and not self._closed:
            self._tell(Handover([], [(place.partition,) for place in places], False, _nothing))
        consumer.incremental_unassign(places)

    def _tell(self, told: Handover | LogBroken) -> None:
        self._loop.call_soon_threadsafe(self.handovers.put_nowait, told)


def _nothing() -> None:
    """Nobody waits for it."""
