"""The threads that a SQL catalogue works in: each call is one function there, from its BEGIN to its COMMIT."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from psycopg.errors import QueryCanceled
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url

from vendue.catalogue.port import CatalogueBroken

READERS = 3
"""Threads that read, each with a connection."""
WRITERS = {"sqlite": 1, "postgresql": 3}
"""Threads that write; SQLite writes one transaction at a time anyway."""
LOCK_WAIT_MS = 10_000
IDLE_WAIT_MS = 5_000
"""Of a transaction in which nothing is asked: its process hangs, and PostgreSQL ends it before those whom its locks
hold up give up."""
CONNECT_WAIT_S = 5
READ_WAIT_S = 5.0
"""How long a reader may take: clients choose what to ask, and three that take for ever would keep all others out."""
STEPS = 100_000
"""Of SQLite's machine between two looks at the clock, about a millisecond."""
WRITER_CACHE_KIB = 16 * 1024
NICE = 5

P = ParamSpec("P")
T = TypeVar("T")


class SqlThreads:
    """A database with its threads and connections, made when they are first needed."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        writers = WRITERS[address.get_backend_name()]
        engine = _sqlite if address.get_backend_name() == "sqlite" else _postgresql
        self._reader, self._writer = engine(address, READERS, writes=False), engine(address, writers, writes=True)
        self._reading = ThreadPoolExecutor(READERS, "catalogue-read")
        self._writing = ThreadPoolExecutor(writers, "catalogue-write", _yield_to_others)

    async def read(self, call: Callable[Concatenate[Connection, P], T], /, *args: P.args, **named: P.kwargs) -> T:
        """What `call` finds, on a connection that sees one state throughout. Raises CatalogueBroken."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, lambda: _transact(self._reader, call, *args, **named))

    async def write(self, call: Callable[Concatenate[Connection, P], T], /, *args: P.args, **named: P.kwargs) -> T:
        """What `call` answers, when its work is synced to the disk; what raises leaves no trace.

        Raises CatalogueBroken. A call that began is finished, though nobody may wait for it any more.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writing, lambda: _transact(self._writer, call, *args, **named))

    def close(self) -> None:
        """Finish the calls that were made and let go of the database."""
        for executor in (self._writing, self._reading):
            executor.shutdown()
        for engine in (self._writer, self._reader):
            engine.dispose()


def _yield_to_others() -> None:
    """What this thread writes can wait: bids and commits on the same core go first (Linux: a thread has its own)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _transact(engine: Engine, call: Callable[Concatenate[Connection, P], T], /, *args: P.args, **named: P.kwargs) -> T:
    try:
        _until.s = time.monotonic() + READ_WAIT_S
        with engine.begin() as connection:
            return call(connection, *args, **named)
    except exc.IntegrityError:
        raise
    except exc.DBAPIError as error:
        if isinstance(error.orig, QueryCanceled) or str(error.orig) == "interrupted":
            raise CatalogueBroken(f"A query took over {READ_WAIT_S:.0f} s and was ended: ask for less.") from error
        raise CatalogueBroken(_advice(engine.url, error)) from error


class _Until(threading.local):
    s = 0.0


_until = _Until()  # of each thread, which has one call at a time
_JSON: dict[str, Any] = {
    "json_serializer": lambda value: msgspec.json.encode(value).decode(),
    "json_deserializer": msgspec.json.decode,
}


def _postgresql(url: URL, connections: int, writes: bool) -> Engine:
    limits = f"-c lock_timeout={LOCK_WAIT_MS} -c idle_in_transaction_session_timeout={IDLE_WAIT_MS}"
    if not writes:
        limits += f" -c statement_timeout={READ_WAIT_S * 1000:.0f}"
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,  # the server may have been restarted since
        paramstyle="format",  # sql_project hands values over by place
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={"connect_timeout": CONNECT_WAIT_S, "options": limits},
        **_JSON,
    )


def _sqlite(url: URL, connections: int, writes: bool) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0, **_JSON)
    event.listen(engine, "connect", _prepare_writer if writes else _prepare_reader)
    # Writers wait for each other from their start: SQLite fails a reader who turns writer too late.
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_writer(connection: Any, _: Any) -> None:
    """FULL: accounts and drafts are in no log from which to make them again."""
    _prepare(
        connection,
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "temp_store = MEMORY",  # where a statement of many rows keeps how it could be undone
        f"cache_size = -{WRITER_CACHE_KIB}",
    )


def _prepare_reader(connection: Any, _: Any) -> None:
    _prepare(connection, "query_only = ON")
    connection.set_progress_handler(lambda: time.monotonic() > _until.s, STEPS)


def _prepare(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # the engine's "begin" opens transactions
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {LOCK_WAIT_MS}", "case_sensitive_like = ON", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _advice(url: URL, error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error).strip()
    if url.get_backend_name() != "sqlite":
        place = f"{url.host or 'localhost'}:{url.port or 5432}/{url.database}"
        return (
            f"The catalogue at {place} cannot be used ({said}): see that PostgreSQL runs where VENDUE_CATALOGUE says."
        )
    if "malformed" in said or "not a database" in said:
        return f"The catalogue {url.database} is damaged ({said}): put a backup in its place and start again."
    return (
        f"The catalogue {url.database} cannot be used ({said}): "
        "see that its folder is there, can be written and has space."
    )
