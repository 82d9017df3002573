"""Every database that a catalogue can stand on, each on a real server."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.servers import mongodb, postgresql
from vendue.assemble import open_catalogue
from vendue.catalogue.port import Catalogue

KINDS = ("sqlite", "postgresql", "mongodb")


@contextlib.contextmanager
def empty(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty catalogue of this kind, as VENDUE_CATALOGUE names it."""
    name = f"vendue_{uuid4().hex[:12]}"
    match kind:
        case "sqlite":
            yield f"sqlite:///{folder}/catalogue.db"
        case "postgresql":
            with postgresql.database(request.getfixturevalue("postgresql_server"), name) as url:
                yield url
        case "mongodb":
            with mongodb.database(request.getfixturevalue("mongodb_server"), name) as url:
                yield url
        case _:
            raise AssertionError(f"there is no catalogue on {kind}")


@contextlib.asynccontextmanager
async def opened(url: str) -> AsyncIterator[Catalogue]:
    """A catalogue with this version's schema."""
    catalogue = await open_catalogue(url)
    try:
        yield catalogue
    finally:
        await catalogue.close()
