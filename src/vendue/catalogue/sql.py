"""The catalogue in a SQL database: SQLite, the embedded form."""

import secrets
import string
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import msgspec
from sqlalchemy import delete, event, exc, func, insert, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from vendue.catalogue import sql_project, sql_read
from vendue.catalogue.migrate import migrate
from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.port import CatalogueBroken, Conflict, Missing, Projected, Row
from vendue.catalogue.query import Query
from vendue.catalogue.tables import ACCESS, OFFSETS, TABLES, USERS

CONNECTIONS = 4
"""Each is a thread that reads; SQLite writes one transaction at a time anyway."""
LOCK_WAIT_MS = 10_000
ID_LENGTH = 24
_WHOLE = Query()


class SqlCatalogue:
    """The Catalogue port on SQLAlchemy; `open` makes one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(vendue_writes=True)

    @classmethod
    async def open(cls, url: str) -> Self:
        """The catalogue at `sqlite:///path`, made or brought to this version's schema; raises CatalogueBroken."""
        engine = create_async_engine(
            make_url(url).set(drivername="sqlite+aiosqlite"),
            pool_size=CONNECTIONS,
            max_overflow=0,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
        )
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", _begin)
        catalogue = cls(engine)
        try:
            async with catalogue._writing() as connection:
                await connection.run_sync(migrate)
        except BaseException:
            await engine.dispose()
            raise
        return catalogue

    async def find(self, content: str, query: Query) -> tuple[list[Row], int]:
        """The rows of a page, and how many match in all."""
        async with self._reading() as connection:
            return await sql_read.page(connection, content, query)

    async def get(self, content: str, id: str, query: Query = _WHOLE) -> Row | None:
        """One row by documentId; `query` says which fields and what to populate."""
        async with self._reading() as connection:
            return await sql_read.one(connection, content, id, query)

    async def create(self, content: str, values: Row) -> Row:
        """A new row; raises Conflict, Missing."""
        now = _now_ms()
        values = {"documentId": _new_id(), **values}
        try:
            async with self._writing() as connection:
                times = {"createdAt": now, "updatedAt": now, "publishedAt": now}
                await connection.execute(insert(TABLES[content]).values(**values, **times))
                if content == "users" and values.get("blocked"):
                    await _grow_access_version(connection)
                row = await sql_read.one(connection, content, values["documentId"], _WHOLE)
        except exc.IntegrityError as error:
            raise await self._reason(content, values["documentId"], values, error) from error
        assert row is not None, "a row is there after its insertion"
        return row

    async def update(self, content: str, id: str, values: Row, expected_updated_at: int | None = None) -> Row | None:
        """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
        table = TABLES[content]
        try:
            async with self._writing() as connection:
                found = await connection.execute(select(table).where(table.c.documentId == id).with_for_update())
                before = found.mappings().first()
                if before is None or expected_updated_at not in (None, before["updatedAt"]):
                    return None
                now = max(_now_ms(), before["updatedAt"] + 1)
                await connection.execute(
                    update(table).where(table.c.documentId == id).values({**values, "updatedAt": now})
                )
                access = {"blocked", "role"} & values.keys() if content == "users" else set()
                if any(values[name] != before[name] for name in access):
                    await _grow_access_version(connection)
                return await sql_read.one(connection, content, id, _WHOLE)
        except exc.IntegrityError as error:
            raise await self._reason(content, id, values, error) from error

    async def delete(self, content: str, id: str) -> bool:
        """Whether there was one. What links to it links to nothing then."""
        table = TABLES[content]
        async with self._writing() as connection:
            gone = await connection.execute(delete(table).where(table.c.documentId == id))
            if content == "users" and gone.rowcount:
                await _grow_access_version(connection)
            return gone.rowcount > 0

    async def sign_in_row(self, identifier: str) -> Row | None:
        """The user by email, else by username: so nobody takes an address over by choosing it as a name."""
        async with self._reading() as connection:
            for same in (func.lower(USERS.c.email) == func.lower(identifier), USERS.c.username == identifier):
                found = (await connection.execute(select(USERS).where(same))).mappings().first()
                if found is not None:
                    return dict(found)
            return None

    async def access_version(self) -> int:
        """A number that grows whenever a user is blocked, unblocked, changes role or is deleted."""
        async with self._reading() as connection:
            version: int = (await connection.execute(select(ACCESS.c.version))).scalar_one()
            return version

    async def blocked_users(self) -> set[str]:
        """The documentIds of blocked users."""
        async with self._reading() as connection:
            return set(await connection.scalars(select(USERS.c.documentId).where(USERS.c.blocked.is_(True))))

    async def project(self, changes: Projected) -> None:
        """Apply what events changed, all or nothing."""
        async with self._writing() as connection:
            await sql_project.project(connection, changes, _now_ms())

    async def projected_offsets(self) -> dict[int, int]:
        """Partition -> the event offset from which to go on, of the partitions that were projected."""
        async with self._reading() as connection:
            rows = await connection.execute(select(OFFSETS.c.partition, OFFSETS.c.next_offset))
            return {row.partition: row.next_offset for row in rows}

    async def ping(self) -> None:
        """Raises CatalogueBroken where it does not answer."""
        await self.access_version()

    async def close(self) -> None:
        """Let go of it."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state throughout."""
        async with self._transaction(self._engine) as connection:
            yield connection

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose work is kept where nothing is raised, synced to the disk."""
        async with self._transaction(self._writer) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            async with engine.begin() as connection:
                yield connection
        except exc.IntegrityError:
            raise
        except (exc.DBAPIError, exc.TimeoutError) as error:
            raise CatalogueBroken(_advice(str(self._engine.url.database), error)) from error

    async def _reason(self, content: str, id: str, values: Row, error: exc.IntegrityError) -> Exception:
        """What a database means by its refusal of a row, asked of the rows, since each database says it otherwise."""
        table, declared = TABLES[content], CONTENT_TYPES[content]
        async with self._reading() as connection:
            for name in [field.name for field in declared.fields if field.unique] + ["documentId"]:
                column, value = table.c[name], values.get(name)
                same = func.lower(column) == func.lower(value) if name == "email" else column == value
                other = same if name == "documentId" else same & (table.c.documentId != id)
                if value is not None and (await connection.execute(select(table.c.id).where(other))).first():
                    return Conflict(name)
            for relation in declared.relations:
                link = values.get(relation.name)
                if link is not None and await sql_read.one(connection, relation.target, link, _WHOLE) is None:
                    return Missing(relation.name, link)
        return error


def _prepare(connection: Any, _: Any) -> None:
    """What each SQLite connection needs. FULL: accounts and drafts are in no log from which to make them again."""
    connection.isolation_level = None  # _begin opens transactions
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {LOCK_WAIT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "case_sensitive_like = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    """Writers wait for each other from their start: SQLite fails a reader who turns writer too late."""
    writes = connection.get_execution_options().get("vendue_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def _grow_access_version(connection: AsyncConnection) -> None:
    await connection.execute(update(ACCESS).values(version=ACCESS.c.version + 1))


def _new_id() -> str:
    """A documentId as Strapi makes them: unguessable, a letter first."""
    letters = string.ascii_lowercase
    rest = (secrets.choice(letters + string.digits) for _ in range(ID_LENGTH - 1))
    return secrets.choice(letters) + "".join(rest)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _advice(path: str, error: Exception) -> str:
    said = str(getattr(error, "orig", None) or error)
    if "malformed" in said or "not a database" in said:
        return f"The catalogue {path} is damaged ({said}): put a backup in its place and start again."
    return f"The catalogue {path} cannot be used ({said}): see that its folder is there, can be written and has space."
