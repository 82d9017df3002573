"""The log in Kafka where something went wrong: a fence, newer rules, a failure told late, a thread that ends."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest
from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from tests.log.house import KEYS, LOTS, all_of, check_events, house, opened
from vendue.log import kafka_state
from vendue.log.kafka_cluster import Cluster
from vendue.log.kafka_group import Membership
from vendue.log.kafka_read import Source, bounds
from vendue.log.kafka_state import States
from vendue.log.kafka_write import Writer
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, LogBroken, LogFenced, LogUnavailable, ShareRefused


async def test_who_was_fenced_asks_to_be_handed_it_anew(cluster: Cluster) -> None:
    async with house(cluster, 1) as sale, opened(cluster) as other:
        lots = [next(lot for lot in LOTS if partition_of(lot) == partition) for partition in range(PARTITIONS)]
        for lot in lots:
            assert await sale.list(lot) is not None
        [(_, engine, _)] = sale.engines
        await other.take((partition_of(lots[3]),))
        unsaved = asyncio.create_task(sale.bid(lots[3], "ann", 1000))
        async with asyncio.timeout(10):
            while engine.ready:
                await asyncio.sleep(0.005)
        await unsaved
        await sale.shared()
        for lot in lots:
            assert await sale.bid(lot, "zoe", 90_000) is not None
        await check_events(sale.log)


async def test_a_late_failure_does_not_stop_the_writer_that_followed(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        await log.take((1,))
        failed = log._events
        assert failed is not None
        with pytest.raises(LogFenced):
            await log.append("auction-events", [(KEYS[1], b"1" * (2 << 20))])
        await log.take((1,))
        late = failed._fault(failed, KafkaError(KafkaError._MSG_TIMED_OUT))
        assert isinstance(late, LogFenced)
        await log.append("auction-events", [(KEYS[1], b"2")])
        assert [record.value for record in await all_of(log, "auction-events")] == [b"2"]


async def test_a_record_that_fails_among_others_is_told_though_only_the_last_is_awaited(cluster: Cluster) -> None:
    async with opened(cluster) as log, asyncio.timeout(20):
        limit = AlterConfigOpType.SET
        topic = ConfigResource(
            ConfigResource.Type.TOPIC,
            cluster.name("auction-events"),
            incremental_configs=[ConfigEntry("max.message.bytes", "100000", incremental_operation=limit)],
        )
        admin = AdminClient(cluster.config())
        admin.incremental_alter_configs([topic])[topic].result(10)
        await log.take((1,))
        await log.append("auction-events", [(KEYS[1], b"before")])
        many = [(KEYS[1], b"small")] * 1_000
        with pytest.raises(LogFenced):
            await log.append("auction-events", [*many, (KEYS[1], b"large" * 100_000), *many])
        with pytest.raises(LogFenced):
            await log.append("auction-events", [(KEYS[1], b"after")])
        assert {record.value for record in await all_of(log, "auction-events")} <= {b"before", b"small"}


async def test_a_version_of_the_rules_is_known_before_anything_is_decided_by_it(cluster: Cluster) -> None:
    async with opened(cluster, rules=2) as newer, opened(cluster, rules=1) as older:
        await older.take((0,))
        await newer.take((0,))
        with pytest.raises(ShareRefused, match="version 2 of the rules"):
            await older.take((0,))


async def test_a_checkpoint_that_cannot_be_read_is_refused(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        producer = Producer(cluster.config())
        producer.produce(cluster.name("auctions"), b'{"type":"later"}', f"{KEYS[0]}/head", 0)
        producer.flush(10)
        with pytest.raises(ShareRefused, match="auctions 0 cannot be read at offset 0"):
            await log.take((0,))
        await log.take((1,))


async def test_what_is_read_of_checkpoints_is_not_less_than_what_was_there(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def more(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
        low, end = bounds(consumer, topic, partition)
        return low, end + 1 if topic == cluster.name("auctions") else end

    async with opened(cluster) as log:
        await log.take((0,))
        with monkeypatch.context() as patched:
            patched.setattr(kafka_state, "bounds", more)
            with pytest.raises(LogUnavailable, match=r"auctions 0 ended at \d+, and \d+ was there before"):
                await log.take((0,))
        await log.take((0,))


def broken(*_: object) -> None:
    raise ZeroDivisionError("a bug")


async def test_a_group_whose_thread_ends_says_so(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(cluster) as log, asyncio.timeout(10):
        monkeypatch.setattr(Membership, "_subscribe", broken)
        with pytest.raises(LogBroken, match=r"group of .*a bug"):
            await anext(log.handovers("bids"))


async def test_offsets_are_committed_while_the_group_is_followed(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        handovers = log.handovers("bids")
        await anext(handovers)
        async with asyncio.timeout(10):
            await asyncio.to_thread(log.passed, "bids", {1: 7, 2: 9})
            while await asyncio.to_thread(committed, cluster) != [7, 9]:
                await asyncio.sleep(0.05)


def committed(cluster: Cluster) -> list[int]:
    consumer = Consumer(cluster.config(group_id=cluster.name("vendue-engine")))
    places = consumer.committed([TopicPartition(cluster.name("bids"), partition) for partition in (1, 2)], 10)
    consumer.close()
    return [place.offset for place in places]


async def test_a_reader_whose_thread_ends_says_so(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(cluster) as log, asyncio.timeout(10):
        reading = log.read("bids", {1: 0})
        coming = asyncio.ensure_future(anext(reading))
        await asyncio.sleep(0.1)
        monkeypatch.setattr(Source, "_spread", broken)
        await log.append("bids", [(KEYS[1], b"")])
        with pytest.raises(LogBroken, match=r"cannot be read .*a bug"):
            await coming
        with pytest.raises(LogBroken, match=r"cannot be read .*a bug"):  # nor does whoever comes later wait for good
            await anext(log.read("bids", {2: 0}))


async def test_a_writer_whose_thread_ends_says_so(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(cluster) as log, asyncio.timeout(20):
        await log.take((1,))
        with monkeypatch.context() as patched:
            patched.setattr(Writer, "_poll", broken)
            await asyncio.sleep(0.3)
            with pytest.raises(LogFenced):
                await log.append("auction-events", [(KEYS[1], b"1")])
        await log.take((1,))
        await log.append("auction-events", [(KEYS[1], b"1")])


async def test_a_save_that_gets_no_answer_is_given_up_and_the_partition_taken_anew(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = Event()
    async with opened(cluster) as log, asyncio.timeout(20):
        await log.take((1,))
        with monkeypatch.context() as patched:
            patched.setattr(States, "_commit", lambda *_: ends.wait())
            patched.setattr("vendue.log.kafka.SAVED_WITHIN_S", 0.3)
            with pytest.raises(LogFenced, match="did not say whether partition 1 was saved"):
                await log.save([], {1: 7})
            with pytest.raises(LogFenced, match="not this process's any more"):
                await log.save([], {1: 7})
        try:
            assert await log.take((1,)) == {1: 0}
            await log.append("bids", [(KEYS[1], b"")])
            await log.save([], {1: 1})
        finally:
            ends.set()
        assert await log.take((1,)) == {1: 1}
