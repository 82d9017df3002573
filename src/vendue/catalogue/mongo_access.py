"""The access version: it grows after each change of who may do what, also where whoever made it was killed.

A change is announced first and taken back when the version has grown. Whoever asks for the version and finds an
announcement that is overdue lets the version grow in its place.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import token_hex

from vendue.catalogue.clock import now_ms
from vendue.catalogue.mongo_document import Database
from vendue.catalogue.mongo_schema import ACCESS_VERSION, COUNTERS

OVERDUE_MS = 15_000
"""More than any call to the server may take (mongo.py)."""
_ONE = {"_id": ACCESS_VERSION}


async def version(database: Database) -> int:
    """A number that grows whenever an access field changes."""
    found = await database[COUNTERS].find_one(_ONE)
    assert found is not None, "migrate makes it"
    before = now_ms() - OVERDUE_MS
    overdue = [token for token, at in found.get("announced", {}).items() if at < before]
    if overdue:
        await _grow(database, overdue)
        return await version(database)
    return int(found["value"])


@asynccontextmanager
async def announced(database: Database, changes: bool) -> AsyncIterator[None]:
    """What is done inside changes access, where `changes`; what raises there may have done it."""
    if not changes:
        yield
        return
    token = token_hex(8)
    await database[COUNTERS].update_one(_ONE, {"$set": {f"announced.{token}": now_ms()}})
    yield
    await _grow(database, [token])


async def _grow(database: Database, tokens: list[str]) -> None:
    gone = {f"announced.{token}": "" for token in tokens}
    await database[COUNTERS].update_one(_ONE, {"$inc": {"value": 1}, "$unset": gone})
