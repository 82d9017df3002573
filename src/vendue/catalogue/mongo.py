"""The catalogue in MongoDB."""

from collections.abc import Awaitable
from typing import Any, Self, TypeVar

from bson.errors import BSONError
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from vendue.catalogue import mongo_access, mongo_project, mongo_read, mongo_write
from vendue.catalogue.clock import now_ms
from vendue.catalogue.mongo_document import Document
from vendue.catalogue.mongo_schema import OFFSETS, check, migrate
from vendue.catalogue.port import CatalogueBroken, Projected, Row
from vendue.catalogue.query import Query

DATABASE = "vendue"
"""Where the address names none."""
CONNECTIONS = 32
CALL_WAIT_MS = 5_000
"""Of each call to the server with all of its attempts, also to find one; the server gives up then too."""
_OPTIONS: dict[str, Any] = {
    "appname": "vendue",
    "connectTimeoutMS": CALL_WAIT_MS,
    "timeoutMS": CALL_WAIT_MS,
    "maxPoolSize": CONNECTIONS,
    "w": "majority",
    "journal": True,
}
_WHOLE = Query()
T = TypeVar("T")


class MongoCatalogue:
    """The Catalogue port on PyMongo's asynchronous client; `open` makes one."""

    def __init__(self, client: AsyncMongoClient[Document], url: str) -> None:
        self._client, self._place = client, _place(url)
        self._database = client.get_default_database(DATABASE)

    @classmethod
    async def open(cls, url: str, forward: bool = True) -> Self:
        """The catalogue at `mongodb://…/database`, made or brought `forward` to this version's collections.

        Raises CatalogueBroken, also where it is not at this version's and should not be brought there.
        """
        try:
            catalogue = cls(AsyncMongoClient(url, **_OPTIONS), url)
        except (PyMongoError, ValueError, TypeError) as error:
            raise CatalogueBroken(f"VENDUE_CATALOGUE is no address of a MongoDB ({error}).") from error
        try:
            await catalogue._answer((migrate if forward else check)(catalogue._database))
        except BaseException:
            await catalogue.close()
            raise
        return catalogue

    async def find(self, content: str, query: Query) -> tuple[list[Row], int]:
        """The rows of a page, and how many match in all."""
        return await self._answer(mongo_read.page(self._database, content, query))

    async def get(self, content: str, id: str, query: Query = _WHOLE) -> Row | None:
        """One row by documentId; `query` says which fields and what to populate."""
        return await self._answer(mongo_read.one(self._database, content, id, query))

    async def create(self, content: str, values: Row, audit: Row | None = None) -> Row:
        """A new row; raises Conflict, Missing."""
        return await self._answer(mongo_write.create(self._database, content, values, audit))

    async def update(
        self, content: str, id: str, values: Row, expected_updated_at: int | None = None, audit: Row | None = None
    ) -> Row | None:
        """The changed row, or None where there is none or it was changed since; raises Conflict, Missing."""
        return await self._answer(mongo_write.update(self._database, content, id, values, expected_updated_at, audit))

    async def delete(
        self, content: str, id: str, audit: Row | None = None, expected_updated_at: int | None = None
    ) -> bool:
        """Whether there was one, not changed since. What links to it links to nothing then."""
        return await self._answer(mongo_write.remove(self._database, content, id, audit, expected_updated_at))

    async def access_version(self) -> int:
        """A number that grows whenever an access field changes."""
        return await self._answer(mongo_access.version(self._database))

    async def project(self, changes: Projected) -> None:
        """Apply what events changed; after a failure, some of it may be there, and the same again completes it."""
        await self._answer(mongo_project.project(self._database, changes, now_ms()))

    async def forget_projected(self) -> None:
        """Take back what was projected, so that all events are projected again."""
        await self._answer(mongo_project.forget(self._database))

    async def projected_offsets(self) -> dict[int, int]:
        """Partition -> the event offset from which to go on, of the partitions that were projected."""
        rows = await self._answer(self._database[OFFSETS].find().to_list())
        return {row["_id"]: row["next_offset"] for row in rows}

    async def ping(self) -> None:
        """Raises CatalogueBroken where it does not answer."""
        await self._answer(self._database.command("ping"))

    async def close(self) -> None:
        """Let go of it."""
        await self._client.close()

    async def _answer(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except (PyMongoError, BSONError) as error:
            said = str(error).partition(", Timeout:")[0].partition(", full error:")[0]  # the rest is for its authors
            raise CatalogueBroken(
                f"The catalogue at {self._place} cannot be used ({said}): "
                "see that MongoDB runs where VENDUE_CATALOGUE says, and lets us in."
            ) from error


def _place(url: str) -> str:
    """The address without a password or options."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0]
