"""The catalogue in a SQL database: SQLite, the embedded form, or PostgreSQL."""

from typing import Self

from sqlalchemy import Connection, select

from vendue.catalogue import sql_project, sql_read, sql_write
from vendue.catalogue.clock import now_ms
from vendue.catalogue.migrate import check, migrate
from vendue.catalogue.port import Projected, Row
from vendue.catalogue.query import Query
from vendue.catalogue.sql_threads import SqlThreads
from vendue.catalogue.tables import ACCESS, OFFSETS

_WHOLE = Query()
_ACCESS_VERSION = select(ACCESS.c.version)
_OFFSETS = select(OFFSETS.c.partition, OFFSETS.c.next_offset)


class SqlCatalogue:
    """The Catalogue port on SQLAlchemy; `open` makes one. The functions that it calls run in `SqlThreads`."""

    def __init__(self, threads: SqlThreads) -> None:
        self._threads = threads

    @classmethod
    async def open(cls, url: str, forward: bool = True) -> Self:
        """The catalogue at `sqlite:///path` or `postgresql://…`, made or brought `forward` to this version's schema.

        Raises CatalogueBroken, also where it is not at this version's schema and should not be brought there.
        """
        catalogue = cls(SqlThreads(url))
        try:
            await catalogue._threads.write(migrate if forward else check)
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

    async def create(self, content: str, values: Row, audit: Row | None = None) -> Row:
        """A new row; raises Conflict, Missing."""
        return await self._threads.write(sql_write.create, content, values, audit)

    async def update(
        self, content: str, id: str, values: Row, expected_updated_at: int | None = None, audit: Row | None = None
    ) -> Row | None:
        """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
        return await self._threads.write(sql_write.change, content, id, values, expected_updated_at, audit)

    async def delete(
        self, content: str, id: str, audit: Row | None = None, expected_updated_at: int | None = None
    ) -> bool:
        """Whether there was one, not changed since. What links to it links to nothing then."""
        return await self._threads.write(sql_write.remove, content, id, audit, expected_updated_at)

    async def access_version(self) -> int:
        """A number that grows whenever an access field changes."""
        return await self._threads.read(_access_version)

    async def project(self, changes: Projected) -> None:
        """Apply what events changed, all or nothing."""
        await self._threads.write(sql_project.project, changes, now_ms())

    async def forget_projected(self) -> None:
        """Take back what was projected, so that all events are projected again."""
        await self._threads.write(sql_project.forget)

    async def projected_offsets(self) -> dict[int, int]:
        """Partition -> the event offset from which to go on, of the partitions that were projected."""
        return await self._threads.read(_projected_offsets)

    async def ping(self) -> None:
        """Raises CatalogueBroken where it does not answer."""
        await self.access_version()

    async def close(self) -> None:
        """Finish the calls that were made and let go of it."""
        self._threads.close()


def _access_version(connection: Connection) -> int:
    version: int = connection.execute(_ACCESS_VERSION).scalar_one()
    return version


def _projected_offsets(connection: Connection) -> dict[int, int]:
    return {row.partition: row.next_offset for row in connection.execute(_OFFSETS)}
