"""A sale that waits in Kafka, and what came of it: commands before anybody reads them, events when all are there."""

import random
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from bench.peers.host import Host
from bench.sale import DAY_MS, bid, listing, now_ms
from vendue.log.kafka_cluster import Cluster
from vendue.log.kafka_topics import CHECKPOINTS, ensure_topics
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS
from vendue.rules.auction import Auction
from vendue.rules.commands import Command, encode
from vendue.rules.decide import step
from vendue.rules.terms import SoftClose

AUCTIONS, BIDDERS, BIDDERS_EACH = 200, 2_000, 40
LOW = 0.3
"""Share of bids below the minimum, as of people who saw an older price."""
TERMS: dict[str, Any] = {
    "starting_price": 100_000,
    "reserve_price": 500_000,
    "increments": "cars",
    "proxy": True,
    "soft_close": SoftClose(120_000, 120_000),
}
WAIT_S = 60


class Sale(NamedTuple):
    """Commands in log order, as (auction, value)."""

    listings: list[tuple[str, bytes]]
    bids: list[tuple[str, bytes]]
    commands: list[Command]
    """All of them, decoded."""
    at: int
    """When they were put up, epoch ms."""


def sale(bids: int) -> Sale:
    """English by proxy with all that it may have; the same bids each time, on auctions that last a day."""
    chance, now = random.Random(1), now_ms()
    auctions: dict[str, Auction] = {}
    commands: list[Command] = [listing(f"{number:024x}", now, now + DAY_MS, **TERMS) for number in range(AUCTIONS)]
    for command in commands:
        after, _ = step(None, command, now)
        assert after is not None and after.status == "live"
        auctions[command.auction] = after
    names = list(auctions)
    for number in range(bids):
        auction = auctions[chance.choice(names)]
        least = auction.standing.minimum_next
        assert least is not None
        share = -chance.uniform(0.001, 0.05) if chance.random() < LOW else chance.choice((0, 0, 0.01, 0.03, 0.1))
        bidder = f"{(int(auction.id, 16) * 7 + chance.randrange(BIDDERS_EACH)) % BIDDERS:024x}"
        command = bid(auction.id, bidder, number, int(least * (1 + share)))
        commands.append(command)
        step(auction, command, now)
    values = [(command.auction, encode(command)) for command in commands]
    return Sale(values[:AUCTIONS], values[AUCTIONS:], commands, now)


Records = dict[int, list[tuple[str, int, bytes]]]
"""Partition -> key, stamp (epoch ms) and value, in order."""


class Stage:
    """A log of its own on a cluster, gone when it is closed."""

    def __init__(self, brokers: str) -> None:
        self.cluster = Cluster(brokers, f"bench-{secrets.token_hex(4)}")
        ensure_topics(self.cluster)
        self._admin = AdminClient(self.cluster.config())
        self.commands, self.events = self.cluster.name("bids"), self.cluster.name("auction-events")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        topics = [self.commands, self.events, self.cluster.name(CHECKPOINTS)]
        for gone in self._admin.delete_topics(topics).values():
            gone.result(WAIT_S)

    def put(self, records: list[tuple[str, bytes]]) -> None:
        """Append commands."""
        producer = Producer(self.cluster.config(enable_idempotence=True, linger_ms=20))
        for key, value in records:
            while True:
                try:
                    producer.produce(self.commands, value, key, partition_of(key))
                except BufferError:
                    producer.poll(0.05)
                else:
                    break
        assert producer.flush(WAIT_S) == 0

    def ends(self, topic: str) -> dict[int, int]:
        """Partition -> how many records it has."""
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = {TopicPartition(topic, partition): latest for partition in range(PARTITIONS)}
        until = time.monotonic() + WAIT_S
        while True:
            told = self._admin.list_offsets(asked)
            try:
                return {place.partition: found.result(WAIT_S).offset for place, found in told.items()}
            except KafkaException:  # a topic that was just made may have no leader yet
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def count(self, topic: str) -> int:
        """How many records a topic has."""
        return sum(self.ends(topic).values())

    @contextmanager
    def reading(self, topic: str, offsets: Mapping[int, int]) -> Iterator[Consumer]:
        """A consumer of a whole topic from these offsets on."""
        consumer = Consumer(self.cluster.config(group_id=topic, enable_auto_commit=False, fetch_wait_max_ms=100))
        consumer.assign([TopicPartition(topic, *place) for place in offsets.items()])
        try:
            yield consumer
        finally:
            consumer.close()

    def records(self, topic: str) -> Records:
        """All that a topic has by now."""
        found: Records = {partition: [] for partition in range(PARTITIONS)}
        left, until = self.count(topic), time.monotonic() + WAIT_S
        with self.reading(topic, dict.fromkeys(found, 0)) as consumer:
            while left > 0:
                assert time.monotonic() < until, f"{topic} cannot be read to its end"
                for message in consumer.consume(5_000, 1.0):
                    assert message.error() is None, message.error()
                    key, value = message.key() or b"", message.value() or b""
                    found[message.partition() or 0].append((key.decode(), message.timestamp()[1], value))
                    left -= 1
        return found


def same_as_rules(commands: Records, events: Records) -> bool:
    """Whether each partition's events are, byte for byte and as far as they go, what the rules make of its commands."""
    for partition, told in events.items():
        host = Host()
        due = ((key, made) for key, at, value in commands[partition] for made in host.decide(key, value, at))
        if any((key, value) != next(due, None) for key, _, value in told):
            return False
    return True
