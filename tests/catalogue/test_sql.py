"""The SQL catalogue's own: its schema, its file, several at once."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from tests.catalogues import empty
from vendue.audit.acts import check_acts
from vendue.catalogue import sql_read
from vendue.catalogue.port import CatalogueBroken
from vendue.catalogue.query import Condition, Order, Query
from vendue.catalogue.sql import SqlCatalogue
from vendue.catalogue.sql_threads import SqlThreads
from vendue.catalogue.tables import METADATA, TABLES


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/catalogue.db"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_query_that_takes_too_long_is_ended(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vendue.catalogue.sql_threads.READ_WAIT_S", 0.2)
    endless = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
    with empty(kind, tmp_path, request) as address:
        threads = SqlThreads(address)
        started = time.monotonic()
        with pytest.raises(CatalogueBroken, match="ask for less"):
            await threads.read(lambda connection: connection.execute(endless).all())
        assert time.monotonic() - started < 3
        assert await threads.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one()) == 1
        threads.close()


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
async def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    await (await SqlCatalogue.open(url(tmp_path))).close()
    engine = create_engine(url(tmp_path))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


async def test_what_was_written_is_there_after_a_start(tmp_path: Path) -> None:
    first = await SqlCatalogue.open(url(tmp_path))
    car = await first.create("cars", {"make": "Ford", "model": "Ka"})
    await first.close()
    second = await SqlCatalogue.open(url(tmp_path))
    assert await second.get("cars", car["documentId"]) == car
    await second.close()


async def test_lines_from_before_the_chain_are_its_first(tmp_path: Path) -> None:
    catalogue = await SqlCatalogue.open(url(tmp_path))
    for number in range(3):
        await catalogue.create("audit_log", {"at": number, "user": "é", "changes": {"a": [None, 1]}})
    await catalogue.close()
    with sqlite3.connect(tmp_path / "catalogue.db") as database:
        database.execute("drop table events")
        database.execute("drop index users_username_fold_key")
        database.execute("alter table users drop column username_fold")
        database.execute("drop index audit_log_seq_key")
        for name in ("seq", "prev", "hash"):
            database.execute(f"alter table audit_log drop column {name}")
        database.execute("update alembic_version set version_num = '0003'")
    database.close()
    catalogue = await SqlCatalogue.open(url(tmp_path))
    await catalogue.create("audit_log", {"at": 9})
    lines, total = await catalogue.find("audit_log", Query(sort=(Order("seq"),)))
    check_acts(lines)
    assert ([line["at"] for line in lines], total) == ([0, 1, 2, 9], 4)
    await catalogue.close()


async def test_a_newer_schema_is_left_alone(tmp_path: Path) -> None:
    await (await SqlCatalogue.open(url(tmp_path))).close()
    with sqlite3.connect(tmp_path / "catalogue.db") as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()
    with pytest.raises(CatalogueBroken, match=r"9999.*start the newer version"):
        await SqlCatalogue.open(url(tmp_path))


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    with pytest.raises(CatalogueBroken, match=r"catalogue\.db is damaged.*backup"):
        await SqlCatalogue.open(url(tmp_path))


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueBroken, match=r"nowhere/catalogue\.db cannot be used.*folder"):
        await SqlCatalogue.open(url(tmp_path / "nowhere"))


async def test_writers_wait_for_each_other_and_readers_for_nobody(tmp_path: Path) -> None:
    """Two processes, as it were, and more writers than connections."""
    catalogues = [await SqlCatalogue.open(url(tmp_path)) for _ in range(2)]
    car = (await catalogues[0].create("cars", {"make": "Ford", "model": "Ka"}))["documentId"]

    async def write(number: int) -> None:
        catalogue = catalogues[number % 2]
        assert await catalogue.update("cars", car, {"mileage": number}) is not None
        await catalogue.create("cars", {"make": "x", "model": str(number)})
        await catalogue.find("cars", Query())

    await asyncio.gather(*(write(number) for number in range(20)))
    assert (await catalogues[1].find("cars", Query()))[1] == 21
    for catalogue in catalogues:
        await catalogue.close()


async def test_a_process_that_hangs_in_a_transaction_holds_up_nobody_for_long(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that is stopped between two statements of a projection."""
    monkeypatch.setattr("vendue.catalogue.sql_threads.IDLE_WAIT_MS", 500)
    with empty("postgresql", tmp_path, request) as address:
        catalogue, hung = await SqlCatalogue.open(address), SqlThreads(address)
        await catalogue.create("cars", {"documentId": "car", "make": "Ford", "model": "Ka"})
        held, woken = threading.Event(), threading.Event()

        def hang(connection: Connection) -> None:
            connection.execute(TABLES["cars"].update().values(mileage=1))
            held.set()
            woken.wait(10)
            connection.execute(TABLES["cars"].update().values(mileage=2))

        hanging = asyncio.create_task(hung.write(hang))
        await asyncio.to_thread(held.wait, 10)
        async with asyncio.timeout(5):
            assert await catalogue.update("cars", "car", {"mileage": 3}) is not None
        woken.set()
        with pytest.raises(CatalogueBroken):
            await hanging
        row = await catalogue.get("cars", "car")
        assert row is not None and row["mileage"] == 3, "what it wakes up to do is not done"
        await catalogue.close()
        hung.close()


async def test_what_reads_cannot_write(tmp_path: Path) -> None:
    catalogue = await SqlCatalogue.open(url(tmp_path))
    with pytest.raises(CatalogueBroken, match="readonly"):
        await catalogue._threads.read(lambda connection: connection.execute(TABLES["cars"].delete()))
    await catalogue.close()


async def test_queries_that_differ_in_values_share_a_statement(tmp_path: Path) -> None:
    catalogue = await SqlCatalogue.open(url(tmp_path))
    sql_read._page.cache_clear()
    for number in range(3):
        await catalogue.create("cars", {"make": "x", "model": str(number)})
        rows, total = await catalogue.find("cars", Query(Condition(("model",), "$eq", str(number)), limit=number + 1))
        assert ([row["model"] for row in rows], total) == ([str(number)], 1)
    assert sql_read._page.cache_info().misses == 1
    await catalogue.close()
