"""The log in Kafka: its topics, who decides which partition, and what is left when something fails."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from tests.log.house import KEYS, LOTS, all_of, check_events, house, opened
from tests.servers import kafka
from tests.servers.kafka import Broker
from vendue.log.kafka import KafkaLog
from vendue.log.kafka_cluster import Cluster
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Checkpoint, LogBroken, LogFenced, LogUnavailable


@pytest.fixture
def broker() -> Iterator[Broker]:
    with kafka.broker() as started:
        yield started


async def test_topics_are_made_as_the_log_needs_them(cluster: Cluster) -> None:
    async with opened(cluster), opened(cluster):  # and found as they are
        pass


@pytest.mark.parametrize(
    ("topic", "partitions", "settings", "named"),
    [
        ("bids", 4, {}, "4 partitions"),
        ("bids", 8, {"message.timestamp.type": "CreateTime"}, "message.timestamp.type is CreateTime"),
        ("auction-events", 8, {"cleanup.policy": "compact"}, "cleanup.policy"),
        ("auctions", 8, {"cleanup.policy": "delete"}, "cleanup.policy"),
        ("auctions", 8, {"cleanup.policy": "compact"}, "max.compaction.lag.ms"),
        ("bids", 8, {"unclean.leader.election.enable": "true"}, "unclean.leader.election.enable"),
    ],
)
async def test_a_wrong_topic_is_named_and_left_alone(
    cluster: Cluster, topic: str, partitions: int, settings: dict[str, str], named: str
) -> None:
    if topic != "auctions":
        settings = {"message.timestamp.type": "LogAppendTime", "cleanup.policy": "delete", **settings}
    admin = AdminClient(cluster.config())
    [made] = admin.create_topics([NewTopic(cluster.name(topic), partitions, 1, config=settings)]).values()
    made.result(10)
    for _ in range(2):
        with pytest.raises(LogBroken, match=rf"{cluster.name(topic)} is not as .*{named}"):
            await KafkaLog.open(cluster, 1)


@pytest.mark.soak
async def test_a_kafka_that_is_not_there_is_told() -> None:
    started = time.monotonic()
    with pytest.raises(LogUnavailable, match=r"127\.0\.0\.1:9 cannot be used"):
        await KafkaLog.open(Cluster("127.0.0.1:9"), 1)
    assert time.monotonic() - started < 30


async def test_engines_share_and_take_over_from_each_other(cluster: Cluster) -> None:
    async with house(cluster, 1) as sale:
        for lot in LOTS:
            receipt = await sale.list(lot)
            assert receipt is not None and receipt.code is None
        assert len({partition_of(lot) for lot in LOTS}) == PARTITIONS
        await sale.start()
        await sale.shared()
        assert {len(engine.shares) for _, engine, _ in sale.engines} == {4}
        amount = 1000
        for _ in range(3):
            for lot in LOTS:
                receipt = await sale.bid(lot, f"ann{amount}", amount)
                assert receipt is not None and receipt.outcome == "leading", receipt
            amount += 1000
        started = time.monotonic()
        await sale.stop()
        for lot in LOTS:
            while (receipt := await sale.bid(lot, "zoe", amount)) is None:
                assert time.monotonic() - started < 10
            assert receipt.outcome == "leading" or receipt.code == "already_leading", receipt
        print(f"decisions of all partitions {time.monotonic() - started:.2f} s after a graceful stop")
        last = await check_events(sale.log)
        assert set(last) == set(LOTS) and min(last.values()) >= 5


async def test_who_was_fenced_saves_nothing(cluster: Cluster) -> None:
    async with opened(cluster) as slow, opened(cluster) as quick:
        key, place = KEYS[3], 3
        await slow.take((place,))
        await slow.append("bids", [(key, b"")] * 9)
        await slow.save([Checkpoint(key, place, 0, 5, True, {"head": b"old", "entries-0": b"1"})], {place: 1})
        assert await quick.take((place,)) == {place: 1}
        await quick.save([Checkpoint(key, place, 8, 9, True, {"head": b"new", "entries-1": b"2"})], {place: 9})
        with pytest.raises(LogFenced):
            await slow.save([Checkpoint(key, place, 1, 5, True, {"head": b"older"})], {place: 2})
        with pytest.raises(LogFenced):  # nor decides anything from then on
            slow.append("auction-events", [(key, b"")])
        assert await quick.take((place,)) == {place: 9}
        [found] = await quick.load([key])
        assert found == Checkpoint(key, place, 8, 9, True, {"head": b"new", "entries-0": b"1", "entries-1": b"2"})


async def test_events_that_fail_leave_no_gap(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        for partition in (1, 2):
            await log.take((partition,))
        await log.append("auction-events", [(KEYS[1], b"1"), (KEYS[2], b"1")])
        with pytest.raises(LogFenced):
            await log.append("auction-events", [(KEYS[1], b"2"), (KEYS[1], b"3" * (2 << 20)), (KEYS[1], b"4")])
        for partition in (1, 2):
            with pytest.raises(LogFenced):
                log.append("auction-events", [(KEYS[partition], b"5")])
        for partition in (1, 2):
            await log.take((partition,))
        await log.append("auction-events", [(KEYS[1], b"2"), (KEYS[2], b"2")])
        found = [record.value for record in await all_of(log, "auction-events") if record.partition == 1]
        assert found in ([b"1", b"2", b"2"], [b"1", b"2"])


async def test_a_partition_of_newer_rules_is_refused(cluster: Cluster) -> None:
    async with opened(cluster, rules=2) as newer, opened(cluster, rules=1) as older:
        await older.take((0,))
        await older.save([], {0: 0})
        await newer.take((0,))
        await newer.save([], {0: 0})
        with pytest.raises(LogBroken, match="version 2 of the rules, and this engine has version 1"):
            await older.take((0,))
        assert await newer.take((0,)) == {0: 0}


async def test_states_that_were_saved_before_the_first_offset_are_taken(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        await log.take((0,))
        saved = Checkpoint(KEYS[0], 0, 0, None, True, {"head": b"1"})
        await log.save([saved], {})
        assert await log.take((0,)) == {0: 0}
        assert await log.load([KEYS[0]]) == [saved]


async def test_checkpoints_that_do_not_fit_the_log_are_refused(cluster: Cluster) -> None:
    async with opened(cluster) as log:
        await log.append("bids", [(KEYS[0], b"")] * 3)
        admin = AdminClient(cluster.config())
        [gone] = admin.delete_records([TopicPartition(cluster.name("bids"), 0, 2)]).values()
        gone.result(10)
        with pytest.raises(LogBroken, match="has no offset for partition 0, and the beginning"):
            await log.take((0,))
        await log.take((1,))
        await log.save([], {1: 7})
        with pytest.raises(LogBroken, match=r"up to command 7, and .* holds 0 to 0"):
            await log.take((1,))


async def test_reading_what_is_not_there_is_an_error(cluster: Cluster) -> None:
    async with opened(cluster) as log, asyncio.timeout(10):
        with pytest.raises(LogBroken, match="cannot be read on in partition 2"):
            async for _ in log.read("auction-events", {2: 5}):
                pass


@pytest.mark.soak
async def test_a_broker_that_restarts_holds_up_and_loses_nothing(broker: Broker) -> None:
    async with house(Cluster(broker.address), 1) as sale:
        await sale.list("lot")
        accepted = [1000]
        assert await sale.bid("lot", "first", 1000) is not None
        broker.stop()
        refused = unknown = 0
        for number in range(20):
            try:
                receipt = await sale.bid("lot", f"b{number}", 2000 + 100 * number)
                assert receipt is None
                unknown += 1
            except LogUnavailable:
                refused += 1
            except LogBroken:  # it may be in
                unknown += 1
            if refused > 3:
                break
        assert refused > 3 and unknown < 5
        broker.start()
        started = time.monotonic()
        amount = 100_000
        while True:
            amount += 1000
            with contextlib.suppress(LogUnavailable):
                receipt = await sale.bid("lot", "again", amount)
                if receipt is not None:
                    break
            assert time.monotonic() - started < 60, "decisions never flow again"
            await asyncio.sleep(0.1)
        print(f"decisions {time.monotonic() - started:.2f} s after the broker was back")
        assert receipt.code is None and accepted
        await check_events(sale.log)
        await sale.shared()
