"""The longest that a bid waits for its decision when one of two engines goes; by how much is finished.

Both are `vendue engine` on Kafka and Redis. A bid goes to each partition every 20 ms all the time, until all of them
decided one that was sent after that engine was gone. The checkpoints are of auctions that the rules decided, written
by the Kafka log itself.
"""

import asyncio
import logging
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from statistics import median
from threading import Event, Thread
from urllib.error import URLError

import pytest
import structlog
from confluent_kafka import Producer
from msgspec import Struct

from bench.command import main
from bench.figures import Effort, Figure
from bench.history import FINISHED_BIDS, HOUR_MS, LIVE_BIDS, RECENT, story
from bench.kafka_sale import Stage
from bench.sale import DAY_MS, bid, now_ms
from tests.servers import kafka, redis
from tests.servers.port import free_port
from vendue.engine.shelf import Kept
from vendue.log.kafka import KafkaLog
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Checkpoint
from vendue.rules.auction import Auction
from vendue.rules.commands import Tick, encode
from vendue.rules.decide import step
from vendue.rules.evidence import read
from vendue.rules.terms import RULES_VERSION

FINISHED, LIVE = (100_000, 1_000), 1_000
WAYS = (("kill -9", signal.SIGKILL, 10.0), ("SIGTERM", signal.SIGTERM, 2.0))
"""What it is called, what is sent, and within how many seconds every bid is to be decided."""
EVERY_S, WAIT_S, SAVED_AT_ONCE = 0.02, 60.0, 500
FIRST, STEP = 1_000_000, 1_000
"""Amounts of the bids that flow, which tell their numbers."""
KEYS = {partition_of(key): key for key in map(str, range(100))}


def _decided(auction: str, listed_at: int, end: int, bids: int, chance: random.Random) -> Auction:
    found: Auction | None = None
    for at, command in story(auction, listed_at, end, bids, chance):
        found, _ = step(found, command, at)
    assert found is not None
    return found


def _auctions(finished: int, live: int) -> Iterator[Auction]:
    """The live ones first."""
    chance, now = random.Random(1), now_ms()
    for number in range(live):
        yield _decided(f"live-{number}", now - HOUR_MS, now + 30 * DAY_MS, LIVE_BIDS, chance)
    for number in range(finished):
        ago = chance.uniform(1, 18) if number < finished * RECENT else chance.uniform(25, 72)
        end = now - int(ago * HOUR_MS)
        yield _decided(f"finished-{number}", end - HOUR_MS, end, FINISHED_BIDS, chance)


async def _save(stage: Stage, finished: int, live: int) -> None:
    """Checkpoints of all, as after the first command of each partition."""
    log = await KafkaLog.open(stage.cluster, RULES_VERSION)
    try:
        await log.append("bids", [(key, encode(Tick(key))) for key in KEYS.values()])
        for partition in range(PARTITIONS):
            await log.take((partition,))
        waiting: dict[int, list[Checkpoint]] = {partition: [] for partition in range(PARTITIONS)}
        for auction in _auctions(finished, live):
            partition = partition_of(auction.id)
            waiting[partition].append(Kept(auction, partition, 0).checkpoint())
            if len(waiting[partition]) == SAVED_AT_ONCE:
                await log.save(waiting[partition], {})
                waiting[partition] = []
        for partition, left in waiting.items():
            await log.save(left, {partition: 1})
    finally:
        await log.close()


class Flow:
    """Bids that go to all partitions; `last` is which of them each decided last, `longest_s` how long one waited."""

    def __init__(self, stage: Stage, live: Sequence[str]) -> None:
        self._stage, self._live = stage, {partition_of(auction): auction for auction in live}
        assert len(self._live) == PARTITIONS
        self.sent: list[float] = []
        self.last = dict.fromkeys(range(PARTITIONS), -1)
        self.longest_s = 0.0
        self._ended = Event()
        self._threads = [Thread(target=self._feed), Thread(target=self._read)]

    def __enter__(self) -> "Flow":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _feed(self) -> None:
        producer = Producer(self._stage.cluster.config(enable_idempotence=True, linger_ms=0))
        while not self._ended.wait(EVERY_S):
            number = len(self.sent)
            self.sent.append(time.monotonic())
            for partition, auction in self._live.items():
                command = encode(bid(auction, f"flow-{number % 2}", number, FIRST + STEP * number))
                producer.produce(self._stage.commands, command, auction, partition)
            producer.poll(0)
        producer.flush(WAIT_S)

    def _read(self) -> None:
        with self._stage.reading(self._stage.events, self._stage.ends(self._stage.events)) as consumer:
            while not self._ended.is_set():
                for message in consumer.consume(1_000, EVERY_S):
                    hidden = read(message.value() or b"").hidden
                    assert hidden is not None and hidden.amount is not None
                    number, partition = (hidden.amount - FIRST) // STEP, message.partition() or 0
                    if number > self.last[partition]:  # who takes over may decide some again
                        self.last[partition] = number
                        self.longest_s = max(self.longest_s, time.monotonic() - self.sent[number])

    def flows(self) -> None:
        """Wait until each partition decided a bid that was sent after this."""
        number, until = len(self.sent), time.monotonic() + WAIT_S
        while min(self.last.values()) < number:
            assert time.monotonic() < until, f"decided up to {self.last}, asked for {number}"
            time.sleep(0.005)


class _Engine(Struct):
    """A `vendue engine` and its port."""

    process: subprocess.Popen[bytes]
    port: int

    def asked(self, path: str) -> str:
        """What it answers, or nothing."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return str(answer.read().decode())
        except (URLError, OSError):
            return ""

    def has(self, partitions: int) -> bool:
        """Whether it decides so many."""
        return f"vendue_engine_partitions {partitions}.0\n" in self.asked("/metrics") and bool(
            self.asked("/health/ready")
        )


def _start(stage: Stage, redis_url: str) -> _Engine:
    port, cluster = free_port(), stage.cluster
    more = {
        "VENDUE_LOG": f"kafka://{cluster.brokers}/{cluster.prefix}",
        "VENDUE_BOARD": redis_url,
        "VENDUE_PORT": str(port),
        "VENDUE_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "vendue.cli", "engine"]
    return _Engine(
        subprocess.Popen(command, env={**os.environ, **more}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL),
        port,
    )


@contextmanager
def _engines(stage: Stage, redis_url: str) -> Iterator[list[_Engine]]:
    found = [_start(stage, redis_url) for _ in range(2)]
    try:
        yield found
    finally:
        for engine in found:
            engine.process.kill()
            engine.process.wait()


def _share(engines: list[_Engine]) -> None:
    until = time.monotonic() + WAIT_S
    while not all(engine.has(PARTITIONS // 2) for engine in engines):
        assert time.monotonic() < until, "the engines do not share the partitions"
        time.sleep(0.1)


def measured(stage: Stage, redis_url: str, rounds: int, live: Sequence[str]) -> dict[str, float]:
    """The median by way."""
    found: dict[str, list[float]] = {name: [] for name, _, _ in WAYS}
    with _engines(stage, redis_url) as engines, Flow(stage, live) as flow:
        for _ in range(rounds):
            for name, number, _ in WAYS:
                _share(engines)
                flow.flows()
                gone, flow.longest_s = engines.pop(0), 0.0
                gone.process.send_signal(number)
                gone.process.wait()
                flow.flows()
                found[name].append(flow.longest_s)
                print(f"  {name}: {flow.longest_s:.2f} s", flush=True)
                engines.append(_start(stage, redis_url))
    return {name: median(seconds) for name, seconds in found.items()}


def figures(effort: Effort) -> list[Figure]:
    """None where Kafka or Redis cannot be run."""
    logging.getLogger("vendue.kafka").addHandler(logging.NullHandler())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    live = int(LIVE * effort.scale)
    by_size: list[dict[str, float]] = []
    with ExitStack() as opened:
        try:
            brokers, redis_url = opened.enter_context(kafka.running()), opened.enter_context(redis.running())
        except pytest.skip.Exception as skipped:
            print(f"left out: {skipped}", flush=True)
            return []
        for finished in (int(each * effort.scale) for each in FINISHED):
            with Stage(brokers) as stage:
                began = time.monotonic()
                asyncio.run(_save(stage, finished, live))
                print(f"  {finished} finished, {live} live: saved in {time.monotonic() - began:.0f} s", flush=True)
                by_size.append(measured(stage, redis_url, effort.rounds, [f"live-{number}" for number in range(live)]))
    many, few = by_size
    size = f"{FINISHED[0] * effort.scale:g} finished, {live} live"
    beside = f"{FINISHED[1] * effort.scale:g} finished"
    return [
        Figure(
            f"take-over, {size}: a bid waits at {name}",
            many[name],
            "s",
            few[name],
            beside,
            f"{aim:g} s",
            many[name] < aim,
        )
        for name, _, aim in WAYS
    ]


if __name__ == "__main__":
    main(figures)
