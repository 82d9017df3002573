"""The embedded log where things go wrong: a full disk, a failing one, readers and writers that fall behind."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from vendue.log import sqlite, sqlite_file
from vendue.log.clock import LogClock
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Checkpoint, LogBroken, LogRewound, LogUnavailable, Record, Topic
from vendue.log.sqlite import SqliteLog

SHARE = tuple(range(PARTITIONS))
ALL = dict.fromkeys(SHARE, 0)
LARGE = b"x" * 100_000


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    found = SqliteLog(tmp_path)
    yield found
    await found.close()


class Disk:
    """The disk under a log: full, its file cannot grow, by SQLite's own limit."""

    def __init__(self, log: SqliteLog) -> None:
        self._file, self._commit = log._file, log._file.commit

    def fill(self) -> None:
        """Where a record needs a page."""
        (pages,) = self._file._writer.execute("PRAGMA page_count").fetchone()
        self._file._writer.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    def fill_for_commits(self) -> None:
        """Where the WAL would grow, as a real disk does; SQLite has no limit for that."""

        def commit(_: object) -> None:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise self._file._failed(error)

        self._file.commit = commit

    def free(self) -> None:
        self._file._writer.execute(f"PRAGMA max_page_count = {1 << 30}").fetchall()
        self._file.commit = self._commit


async def everything(log: SqliteLog, topic: Topic) -> list[Record]:
    """All that is durable."""
    found: list[Record] = []
    async with asyncio.timeout(10), aclosing(log.read(topic, ALL)) as batches:
        while len(found) < sum((await log.ends(topic)).values()):
            found += await anext(batches)
    return found


@pytest.mark.parametrize("at", ["insert", "commit"])
async def test_on_a_full_disk_nothing_is_in_the_log(tmp_path: Path, at: str) -> None:
    log = SqliteLog(tmp_path)
    await log.append("bids", [("a", b"1")])
    disk = Disk(log)
    if at == "insert":
        disk.fill()
    else:
        disk.fill_for_commits()
    futures = [log.append("bids", [("a", LARGE)]), log.append("auction-events", [("a", b"e")]), log.append("bids", [])]
    if at == "commit":
        await asyncio.sleep(0)
        futures.append(log.append("bids", [("a", b"behind it")]))
    for found in await asyncio.gather(*futures, return_exceptions=True):
        assert isinstance(found, LogUnavailable)
        assert found.retry_after_s > 0
        assert "full" in str(found)
    assert [record.value for record in await everything(log, "bids")] == [b"1"]
    assert (await log.ends("auction-events")) == ALL

    disk.free()
    await log.take(SHARE)
    await log.append("auction-events", [("a", b"2")])
    await log.append("bids", [("a", b"3")])
    assert [(record.offset, record.value) for record in await everything(log, "bids")] == [(0, b"1"), (1, b"3")]
    await log.close()
    again = SqliteLog(tmp_path)
    assert [record.value for record in await everything(again, "bids")] == [b"1", b"3"]
    assert [record.value for record in await everything(again, "auction-events")] == [b"2"]
    await again.close()


async def test_early_readers_are_rewound_and_their_events_refused(log: SqliteLog) -> None:
    disk = Disk(log)
    early, late = log.read("bids", ALL, committed=False), log.read("bids", ALL)
    async with asyncio.timeout(10), aclosing(early), aclosing(late):
        reading_late = asyncio.ensure_future(anext(late))
        disk.fill()
        failing = log.append("bids", [("a", LARGE)])
        [record] = await anext(early)
        assert (record.offset, record.value) == (0, LARGE)
        beside = log.append("auction-events", [("a", b"of what will not have been")])
        for future in (failing, beside):
            with pytest.raises(LogUnavailable):
                await future
        disk.free()
        with pytest.raises(LogRewound):
            await anext(early)
        with pytest.raises(LogRewound):
            log.append("auction-events", [("a", b"of what was not")])
        await log.append("bids", [("a", b"in its place")])
        assert [(each.offset, each.value) for each in await reading_late] == [(0, b"in its place")]
    await log.take(SHARE)
    await log.append("auction-events", [("a", b"anew")])
    async with aclosing(log.read("bids", ALL, committed=False)) as early:
        assert [(each.offset, each.value) for each in await anext(early)] == [(0, b"in its place")]


async def test_a_save_is_all_or_nothing(log: SqliteLog, tmp_path: Path) -> None:
    first = Checkpoint("a", 0, 1, 10, True, {"head": b"1"})
    await log.save([first], {0: 1})
    disk = Disk(log)
    disk.fill()
    second = Checkpoint("a", 0, 2, 20, True, {"head": b"2", "entries": LARGE}, whole=True)
    with pytest.raises(LogUnavailable):
        await log.save([second, Checkpoint("b", 0, 2, None, False, {"head": LARGE})], {0: 2})
    assert (await log.load(["a", "b"]), (await log.take(SHARE))[0]) == ([first], 1)
    disk.free()
    await log.save([second], {0: 2})
    assert (await log.load(["a"]), (await log.take(SHARE))[0]) == ([second._replace(whole=False)], 2)


async def test_a_failing_disk_breaks_the_log(log: SqliteLog) -> None:
    await log.append("bids", [("a", b"1")])
    async with aclosing(log.read("bids", ALL)) as late, aclosing(log.read("bids", ALL, committed=False)) as early:
        assert [len(await anext(each)) for each in (late, early)] == [1, 1]
        waiting = [asyncio.ensure_future(anext(each)) for each in (late, early)]
        await asyncio.sleep(0)
        log._file._writer.close()
        with pytest.raises(LogBroken, match="check the disk"):
            await log.append("bids", [("a", b"2")])
        found, seen_early = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(found, LogBroken)
        assert [record.value for record in seen_early] == [b"2"]
        with pytest.raises(LogBroken):
            await anext(early)
    for topic in ("bids", "auction-events"):
        with pytest.raises(LogBroken):
            log.append(topic, [("a", b"3")])
    with pytest.raises(LogBroken):
        await log.save([], {})


async def test_a_read_that_fails_breaks_the_log(log: SqliteLog) -> None:
    await log.append("bids", [("a", b"1")])
    log._file._reader.close()
    with pytest.raises(LogBroken):
        await log.load(["a"])
    with pytest.raises(LogBroken):
        await everything(log, "bids")


async def test_a_witness_that_fails_breaks_the_log(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sqlite_file.os, "pwrite", fail)
    with pytest.raises(LogBroken, match="Input/output error"):
        await log.append("bids", [("a", b"1")])


async def test_commands_wait_where_the_log_is_behind(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MAX_UNCOMMITTED", 10)
    done = log.append("bids", [("a", b"")] * 10)
    with pytest.raises(LogUnavailable, match="behind"):
        log.append("bids", [("a", b"")])
    log.append("auction-events", [("a", b"")])
    await done
    await log.append("bids", [])
    async with aclosing(log.read("bids", {partition_of("a"): 10}, committed=False)) as early:
        reading = asyncio.ensure_future(anext(early))
        await asyncio.sleep(0)
        await log.append("bids", [("a", b"")])
        assert len(await reading) == 1
        for _ in range(11):  # which the reader leaves lying
            await log.append("bids", [("a", b"")])
        with pytest.raises(LogUnavailable, match="behind"):
            log.append("bids", [("a", b"")])
        assert [record.offset for record in await anext(early)] == list(range(11, 22))
        await log.append("bids", [("a", b"")])


async def test_a_reader_far_behind_goes_back_to_the_file(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MAX_TAIL", 20)
    async with asyncio.timeout(10), aclosing(log.read("bids", ALL)) as batches:
        reading = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0)
        await log.append("bids", [("a", b"0")])
        found = await reading
        for number in range(1, 300):
            await log.append("bids", [("a", b"%d" % number)])
            assert all(len(tail.records) <= 20 for tail in log._tails)
            if number == 150:
                found += await anext(batches)
        while len(found) < 300:
            found += await anext(batches)
    assert [int(record.value) for record in found] == list(range(300))


async def test_the_wal_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = SqliteLog(tmp_path)
    monkeypatch.setattr(sqlite, "WAL_LOOK_BYTES", 200_000)
    monkeypatch.setattr(sqlite, "WAL_RESTART_BYTES", 1_000_000)
    sizes = []
    for number in range(150):
        await log.append("bids", [("a", b"%03d" % number + LARGE[:50_000])])
        sizes.append((tmp_path / "log.db-wal").stat().st_size)
    assert max(sizes) < 3_000_000
    await log.close()
    again = SqliteLog(tmp_path)
    assert [int(record.value[:3]) for record in await everything(again, "bids")] == list(range(150))
    await again.close()


async def test_a_reader_from_outside_holds_no_bid_up(
    log: SqliteLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAL_LOOK_BYTES", 0)
    monkeypatch.setattr(sqlite, "WAL_RESTART_BYTES", 0)
    await log.append("bids", [("a", b"0")])
    with closing(sqlite3.connect(tmp_path / "log.db")) as outside:
        outside.execute("BEGIN")
        outside.execute("SELECT count(*) FROM commits").fetchone()
        async with asyncio.timeout(3):
            for number in range(5):
                await log.append("bids", [("a", b"%d" % number)])


async def test_the_clock_of_commands(tmp_path: Path) -> None:
    wall, monotonic = 1_700_000_000.0, 0.0

    def clock(floor_ms: int) -> LogClock:
        return LogClock(floor_ms, lambda: wall, lambda: monotonic)

    log = SqliteLog(tmp_path, clock)
    await log.append("bids", [("a", b"")])
    wall -= 100
    await log.append("bids", [("a", b"")])
    wall += 200
    with pytest.raises(LogUnavailable, match="clock"):
        log.append("bids", [("a", b"")])
    await log.append("auction-events", [("a", b"")])
    wall, monotonic = wall - 100, monotonic + 1
    wall += 1
    await log.append("bids", [("a", b"")])
    at = 1_700_000_000_000
    assert [record.at for record in await everything(log, "bids")] == [at, at, at + 1000]
    assert [record.at for record in await everything(log, "auction-events")] == [at]
    await log.close()

    wall -= 50
    log = SqliteLog(tmp_path, clock)
    assert log.now_ms() == at + 1000
    await log.append("bids", [("b", b"")])
    assert {record.at for record in await everything(log, "bids") if record.key == "b"} == {at + 1000}
    await log.close()


async def test_one_log_at_a_time(log: SqliteLog, tmp_path: Path) -> None:
    with pytest.raises(LogBroken, match="Another process holds"):
        SqliteLog(tmp_path)
    await log.append("bids", [("a", b"1")])


def test_a_witness_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "log.witness").mkdir()
    with pytest.raises(LogBroken, match="witness cannot be used"):
        SqliteLog(tmp_path)
    (tmp_path / "log.witness").rmdir()
    asyncio.run(SqliteLog(tmp_path).close())


def test_room_that_is_too_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "MIN_FREE_BYTES", 1 << 60)
    with pytest.raises(LogBroken, match="MB are free"):
        SqliteLog(tmp_path / "data")
    assert os.listdir(tmp_path / "data") == []


async def test_an_early_reader_starts_among_what_is_on_its_way(log: SqliteLog) -> None:
    await log.append("bids", [("a", b"0")])
    durable = log.append("bids", [("a", b"%d" % number) for number in range(1, 6)])
    for offset in (0, 1, 3):
        found: list[Record] = []
        async with aclosing(log.read("bids", {partition_of("a"): offset}, committed=False)) as batches:
            while len(found) < 6 - offset:
                found += await anext(batches)
        assert [int(record.value) for record in found] == list(range(offset, 6))
    await durable
