"""What every log must do, whatever it stands on."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from vendue.log.kafka import KafkaLog
from vendue.log.kafka_cluster import Cluster
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Checkpoint, Deadline, Log, Record, Topic
from vendue.log.sqlite import SqliteLog

SHARE = tuple(range(PARTITIONS))
ALL = dict.fromkeys(SHARE, 0)
KEYS = [f"auction{number}" for number in range(30)]
TOPICS: tuple[Topic, ...] = ("bids", "auction-events")


@pytest.fixture(params=["sqlite", "kafka"])
def open_log(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Awaitable[Log]]:
    """Opens the same log each time, after it was closed."""
    if request.param == "sqlite":

        async def opened() -> Log:
            return SqliteLog(tmp_path / "log")

        return opened
    cluster = Cluster(request.getfixturevalue("kafka_server"), prefix=f"log-{secrets.token_hex(4)}")
    return lambda: KafkaLog.open(cluster, rules=1)


@pytest.fixture
async def log(open_log: Callable[[], Awaitable[Log]]) -> AsyncIterator[Log]:
    """All of it taken."""
    found = await open_log()
    await take_over(found)
    yield found
    await found.close()


async def take_over(log: Log) -> dict[int, int]:
    """The offsets of all partitions, taken."""
    shares = [SHARE] if isinstance(log, SqliteLog) else [(partition,) for partition in SHARE]
    taken = await asyncio.gather(*map(log.take, shares))
    return {partition: offset for each in taken for partition, offset in each.items()}


async def save(log: Log, checkpoints: Sequence[Checkpoint], offsets: Mapping[int, int] | None = None) -> None:
    """Partition by partition, as shares may be."""
    offsets = offsets or {}
    for partition in {each.partition for each in checkpoints} | offsets.keys():
        own = {each: offset for each, offset in offsets.items() if each == partition}
        await log.save([each for each in checkpoints if each.partition == partition], own)


async def take(
    log: Log, topic: Topic, count: int, offsets: Mapping[int, int] = ALL, *, committed: bool = True
) -> list[Record]:
    """So many records, and no wait for more."""
    found: list[Record] = []
    async with asyncio.timeout(10), aclosing(log.read(topic, offsets, committed=committed)) as batches:
        while len(found) < count:
            found += await anext(batches)
    assert len(found) == count
    return found


async def none_left(log: Log, topic: Topic, offsets: Mapping[int, int], *, committed: bool = True) -> bool:
    """Whether nothing is there beyond these offsets: what is appended now is the next that a reader gets."""
    async with aclosing(log.read(topic, offsets, committed=committed)) as batches:
        reading = asyncio.ensure_future(anext(batches))
        partition = min(offsets)
        key = next(key for key in map(str, range(1000)) if partition_of(key) == partition)
        await log.append(topic, [(key, b"the end")])
        return [record.value for record in await reading] == [b"the end"]


def in_partitions(records: list[Record]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for record in records:
        found.setdefault(record.partition, []).append(record)
    return found


@pytest.mark.parametrize("topic", TOPICS)
async def test_offsets_count_from_0_in_the_order_of_appending(log: Log, topic: Topic) -> None:
    items = [(KEYS[number % 30], b"%d" % number) for number in range(300)]
    for start in range(0, 300, 7):
        await log.append(topic, items[start : start + 7])
    records = await take(log, topic, 300)
    for partition, found in in_partitions(records).items():
        assert [record.offset for record in found] == list(range(len(found)))
        expected = [item for item in items if partition_of(item[0]) == partition]
        assert [(record.key, record.value) for record in found] == expected
        assert (await log.ends(topic))[partition] == len(found)
    assert sum((await log.ends(topic)).values()) == 300
    assert await log.ends("bids" if topic == "auction-events" else "auction-events") == ALL


async def test_the_key_chooses_the_partition(log: Log) -> None:
    await log.append("bids", [(key, b"") for key in KEYS])
    assert all(record.partition == partition_of(record.key) for record in await take(log, "bids", 30))


async def test_values_are_any_bytes(log: Log) -> None:
    values = [b"", b"\0", bytes(range(256)), b"x" * 1_000_000]
    await log.append("auction-events", [("a", value) for value in values])
    assert [record.value for record in await take(log, "auction-events", 4)] == values


async def test_stamps_never_fall_and_are_now(log: Log) -> None:
    before = log.now_ms()
    for number in range(50):
        await log.append(TOPICS[number % 2], [(KEYS[number % 3], b"")])
    after = log.now_ms()
    for topic in TOPICS:
        for found in in_partitions(await take(log, topic, 25)).values():
            stamps = [record.at for record in found]
            assert stamps == sorted(stamps)
            assert before <= stamps[0]
            assert stamps[-1] <= after


async def test_what_is_appended_later_is_durable_later(log: Log) -> None:
    done: dict[Topic, list[int]] = {topic: [] for topic in TOPICS}
    futures = []
    for number in range(200):
        topic = TOPICS[number % 2]
        future = log.append(topic, [(KEYS[number % 7], b"")] if number % 5 else [])
        future.add_done_callback(lambda _, topic=topic, number=number: done[topic].append(number))
        futures.append(future)
        if number % 17 == 0:
            await asyncio.sleep(0)
    await asyncio.gather(*futures)
    await asyncio.sleep(0)
    assert done == {topic: list(range(first, 200, 2)) for first, topic in enumerate(TOPICS)}


async def test_a_committed_reader_sees_only_what_is_durable(log: Log) -> None:
    async with aclosing(log.read("bids", ALL)) as batches:
        for _ in range(20):
            reading = asyncio.ensure_future(anext(batches))
            await asyncio.sleep(0)
            log.append("bids", [("a", b"")])
            await reading
            assert (await log.ends("bids"))[partition_of("a")] == reading.result()[-1].offset + 1


async def test_an_early_reader_sees_the_same(log: Log) -> None:
    reading = asyncio.create_task(take(log, "bids", 90, committed=False))
    for number in range(30):
        log.append("bids", [(KEYS[number], b"1"), (KEYS[-1], b"2"), (KEYS[number], b"3")])
        if number % 4 == 0:
            await asyncio.sleep(0)
    await log.append("bids", [])
    assert in_partitions(await reading) == in_partitions(await take(log, "bids", 90))


@pytest.mark.parametrize("committed", [True, False])
async def test_reading_from_any_offset_of_some_partitions(log: Log, committed: bool) -> None:
    await log.append("bids", [(key, b"%d" % number) for number in range(10) for key in KEYS])
    whole = in_partitions(await take(log, "bids", 300))
    for offset in (0, 1, 9, (await log.ends("bids"))[3]):
        expected = whole[3][offset:] + whole[5][2:]
        found = await take(log, "bids", len(expected), {3: offset, 5: 2}, committed=committed)
        assert in_partitions(found) == in_partitions(expected)
    ends = await log.ends("bids")
    assert await none_left(log, "bids", {3: ends[3], 5: ends[5]}, committed=committed)


@pytest.mark.parametrize("committed", [True, False])
async def test_nothing_is_lost_between_catching_up_and_following(log: Log, committed: bool) -> None:
    """Readers who start at any moment, anywhere, while others append all the time."""
    chance = random.Random(1)
    total = 4_000

    async def write() -> None:
        written = 0
        while written < total:
            count = min(chance.randrange(1, 40), total - written)
            items = [(chance.choice(KEYS), b"%d" % (written + number)) for number in range(count)]
            future = log.append("bids", items)
            written += count
            if chance.random() < 0.5:
                await future
            else:
                await asyncio.sleep(chance.choice((0, 0.001)))
        await log.append("bids", [])

    async def read() -> tuple[dict[int, int], list[Record]]:
        await asyncio.sleep(chance.random() * 0.2)
        offsets = {partition: chance.randrange(end + 1) for partition, end in (await log.ends("bids")).items()}
        found: list[Record] = []
        missing = total - sum(offsets.values())
        async with asyncio.timeout(20), aclosing(log.read("bids", offsets, committed=committed)) as batches:
            while len(found) < missing:
                found += await anext(batches)
        return offsets, found

    readers = [asyncio.create_task(read()) for _ in range(12)]
    await write()
    whole = in_partitions(await take(log, "bids", total))
    for reader in readers:
        offsets, found = await reader
        there = in_partitions(found)
        for partition, offset in offsets.items():
            assert there.get(partition, []) == whole[partition][offset:]


async def test_a_reopened_log_has_everything(open_log: Callable[[], Awaitable[Log]]) -> None:
    log = await open_log()
    await take_over(log)
    await log.append("bids", [(key, b"1") for key in KEYS])
    await log.append("auction-events", [("a", b"2")])
    partition = partition_of(KEYS[0])
    await save(log, [saved(KEYS[0], 0, deadline_at=99, parts={"head": b"h"})], {partition: 1})
    before = {topic: await take(log, topic, sum((await log.ends(topic)).values())) for topic in TOPICS}
    ends = {topic: await log.ends(topic) for topic in TOPICS}
    last_at = log.now_ms()
    log.append("bids", [("late", b"3")])  # closing finishes it
    await log.close()

    again = await open_log()
    try:
        assert again.now_ms() >= last_at
        for topic in TOPICS:
            records = await take(again, topic, len(before[topic]) + (topic == "bids"))
            there = in_partitions([record for record in records if record.key != "late"])
            assert there == in_partitions(before[topic])
        assert await again.ends("auction-events") == ends["auction-events"]
        assert (await again.ends("bids"))[partition_of("late")] == ends["bids"][partition_of("late")] + 1
        assert await take_over(again) == ALL | {partition: 1}
        assert await again.load([KEYS[0]]) == [saved(KEYS[0], 0, deadline_at=99, parts={"head": b"h"})]
        await again.append("bids", [(KEYS[0], b"4")])
        place = {partition: (await again.ends("bids"))[partition] - 1}
        [record] = await take(again, "bids", 1, place)
        assert record.value == b"4"
    finally:
        await again.close()


def saved(auction: str, offset: int = 0, **more: object) -> Checkpoint:
    values: dict[str, object] = {"deadline_at": None, "active": True, "parts": {"head": b"-"}, **more}
    return Checkpoint(auction, partition_of(auction), offset, **values)


async def test_nothing_is_saved_at_first(log: Log) -> None:
    assert await take_over(log) == ALL
    assert await log.deadlines(SHARE) == []
    assert await log.load(["a", "b"]) == []
    assert await log.load([]) == []


async def test_parts_are_kept_until_they_are_saved_again(log: Log) -> None:
    await save(log, [saved("a", 1, parts={"head": b"1", "entries-0": b"x"}), saved("b", 1, parts={"head": b"b"})])
    await save(log, [saved("a", 2, parts={"head": b"2", "entries-1": b"y"})])
    for _ in range(2):
        [found] = await log.load(["a"])
        assert (found.offset, found.parts) == (2, {"head": b"2", "entries-0": b"x", "entries-1": b"y"})
        assert [each.auction for each in await log.load(["b", "nobody's", "a"])] == ["b", "a"]
        await commands_up_to(log, 0)
        await take_over(log)  # what is read anew is the same
    await save(log, [saved("a", 3, parts={"head": b"3"}, whole=True)])
    for _ in range(2):
        [found] = await log.load(["a"])
        assert (found.offset, found.parts) == (3, {"head": b"3"})
        assert (await log.load(["b"]))[0].parts == {"head": b"b"}
        await take_over(log)


async def commands_up_to(log: Log, offset: int) -> None:
    """So many in each partition and saved as decided, since what is saved must fit the log."""
    keys = {partition_of(key): key for key in map(str, range(100))}
    await log.append("bids", [(key, b"") for key in keys.values() for _ in range(offset)])
    await save(log, [], dict.fromkeys(SHARE, offset))


async def test_offsets_are_saved_by_partition(log: Log) -> None:
    await commands_up_to(log, 5)
    await save(log, [], {0: 3, 7: 2})
    await save(log, [], {0: 4})
    assert await take_over(log) == dict.fromkeys(SHARE, 5) | {0: 4, 7: 2}


async def test_deadlines_are_those_of_the_partitions(log: Log) -> None:
    auctions = [saved(key, deadline_at=number, active=number % 2 == 0) for number, key in enumerate(KEYS)]
    await save(log, [*auctions, saved("never")])
    wanted = [Deadline(key, n, n % 2 == 0) for n, key in enumerate(KEYS) if partition_of(key) in (1, 2, 3)]
    assert sorted(await log.deadlines((1, 2, 3))) == sorted(wanted)
    await save(log, [saved(KEYS[0], deadline_at=None), saved(KEYS[1], deadline_at=500)])
    found = {each.auction: each.at for each in await log.deadlines(SHARE)}
    assert KEYS[0] not in found
    assert found[KEYS[1]] == 500


async def test_saving_beside_appends(log: Log) -> None:
    place = partition_of("a")

    async def append() -> None:
        for number in range(100):
            await log.append("bids", [("a", b"%d" % number)])

    async def write() -> None:
        for number in range(30):
            await save(log, [saved("a", number, parts={f"entries-{number:03}": b"%d" % number})], {place: number})

    await asyncio.gather(append(), write())
    [found] = await log.load(["a"])
    assert (found.offset, len(found.parts), (await take_over(log))[place]) == (29, 30, 29)
    assert [int(record.value) for record in await take(log, "bids", 100)] == list(range(100))
