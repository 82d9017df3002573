"""The catalogue in a SQL database: SQLite, the embedded form."""

from typing import Self

from sqlalchemy import Connection, bindparam, func, select

from vendue.catalogue import sql_project, sql_read, sql_write
from vendue.catalogue.migrate import migrate
from vendue.catalogue.port import Projected, Row
from vendue.catalogue.query import Query
from vendue.catalogue.sql_threads import SqlThreads
from vendue.catalogue.tables import ACCESS, OFFSETS, USERS

_WHOLE = Query()
_ACCESS_VERSION = select(ACCESS.c.version)
_BLOCKED = select(USERS.c.documentId).where(USERS.c.blocked.is_(True))
_OFFSETS = select(OFFSETS.c.partition, OFFSETS.c.next_offset)
_SIGN_INS = (
    select(USERS).where(func.lower(USERS.c.email) == func.lower(bindparam("identifier", type_=USERS.c.email.type))),
    select(USERS).where(USERS.c.username == bindparam("identifier")),
)


class SqlCatalogue:
    """The Catalogue port on SQLAlchemy; `open` makes one. The functions that it calls run in `SqlThreads`."""

    def __init__(self, threads: SqlThreads) -> None:
        self._threads = threads

    @classmethod
    async def open(cls, url: str) -> Self:
        """The catalogue at `sqlite:///path`, made or brought to this version's schema; raises CatalogueBroken."""
        catalogue = cls(SqlThreads(url))
        try:
            await catalogue._threads.write(migrate)
        except BaseException:
            await catalogue.close()
            raise
        return catalogue

    async def find(self, content: str, query: Query) -> tuple[list[Row], int]:
        """The rows of a page, and how many match in all."""
        return await self._threads.read(sql_read.page, content, query)

    async def get(self, content: str, id: str, query: Query = _WHOLE) -> Row | None:
        """One row by documentId; `query` says which fields and what to populate."""
        return await self._threads.read(sql_read.one, content, id, query)

    async def create(self, content: str, values: Row) -> Row:
        """A new row; raises Conflict, Missing."""
        return await self._threads.write(sql_write.create, content, values)

    async def update(self, content: str, id: str, values: Row, expected_updated_at: int | None = None) -> Row | None:
        """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
        return await self._threads.write(sql_write.change, content, id, values, expected_updated_at)

    async def delete(self, content: str, id: str) -> bool:
        """Whether there was one. What links to it links to nothing then."""
        return await self._threads.write(sql_write.remove, content, id)

    async def sign_in_row(self, identifier: str) -> Row | None:
        """The user by email, else by username: so nobody takes an address over by choosing it as a name."""
        return await self._threads.read(_sign_in_row, identifier)

    async def access_version(self) -> int:
        """A number that grows whenever a user is blocked, unblocked, changes role or is deleted."""
        return await self._threads.read(_access_version)

    async def blocked_users(self) -> set[str]:
        """The documentIds of blocked users."""
        return await self._threads.read(_blocked_users)

    async def project(self, changes: Projected) -> None:
        """Apply what events changed, all or nothing."""
        await self._threads.write(sql_project.project, changes, sql_write.now_ms())

    async def projected_offsets(self) -> dict[int, int]:
        """Partition -> the event offset from which to go on, of the partitions that were projected."""
        return await self._threads.read(_projected_offsets)

    async def ping(self) -> None:
        """Raises CatalogueBroken where it does not answer."""
        await self.access_version()

    async def close(self) -> None:
        """Finish the calls that were made and let go of it."""
        self._threads.close()


def _sign_in_row(connection: Connection, identifier: str) -> Row | None:
    for wanted in _SIGN_INS:
        found = connection.execute(wanted, {"identifier": identifier}).mappings().first()
        if found is not None:
            return dict(found)
    return None


def _access_version(connection: Connection) -> int:
    version: int = connection.execute(_ACCESS_VERSION).scalar_one()
    return version


def _blocked_users(connection: Connection) -> set[str]:
    return set(connection.scalars(_BLOCKED))


def _projected_offsets(connection: Connection) -> dict[int, int]:
    return {row.partition: row.next_offset for row in connection.execute(_OFFSETS)}
