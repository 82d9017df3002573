"""The catalogue port: rows by query, drafts and accounts by hand, everything that was decided by projection."""

import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from vendue.catalogue.query import Condition, Group, Query

Row = dict[str, Any]
"""Attributes by name, with id (int), documentId (str), createdAt, updatedAt, publishedAt (epoch ms); populated
relations as a Row, a list of Rows or None, under their names. Private and restricted attributes are among them, for
the routes to leave out; secret ones only where a query's `fields` name them."""


ID_LENGTH = 24


class Conflict(Exception):
    """A unique field's value is taken."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is taken")
        self.path = path


class Missing(Exception):
    """A related row does not exist."""

    def __init__(self, path: str, id: str) -> None:
        super().__init__(f"{path}: there is no {id}")
        self.path, self.id = path, id


class CatalogueBroken(Exception):
    """The catalogue cannot be used; the message says what to do."""


class Overtaken(Exception):
    """Another one projected what was to be projected: ask for the offsets again, and go on from there."""


class Projected(NamedTuple):
    """What events changed: whole, and safe to apply again, also late, after somebody else's who went further.

    `events`: rows by documentId, one that is there stays.
    `auctions`: id -> (seq, changed attributes), applied where seq is newer than the row's; the row is made if need
    be, with its id as the title. What people write (title, car, seller) is never changed.
    `bids`: rows by documentId (relation `auction` as an id). One that is there stays: the first decision under a
    command's id is the one that counts. Their JSON attributes are anything that msgspec encodes.
    `voids`: (auction, bidder, up to seq), after the bids; `moots`: (auction, the retraction's seq, the seqs of all its
    moot bids), in their order.
    `offsets`: partition -> (the event offset that it goes on from, the next one to go on from).
    """

    auctions: Mapping[str, tuple[int, Row]]
    bids: Sequence[Row]
    voids: Sequence[tuple[str, str, int]]
    moots: Sequence[tuple[str, int, Sequence[int]]]
    offsets: Mapping[int, tuple[int, int]]
    events: Sequence[Row] = ()


class Catalogue(Protocol):
    """One interface for every database. Types are named by their plural (models.py).

    Every method raises CatalogueBroken where the database fails.
    """

    async def find(self, content: str, query: Query) -> tuple[list[Row], int]:
        """The rows of a page, and how many match in all; at least so many where the query is not `counted`."""
        ...

    async def get(self, content: str, id: str, query: Query = ...) -> Row | None:
        """One row by documentId; `query` says which fields and what to populate."""
        ...

    async def create(self, content: str, values: Row, audit: Row | None = None) -> Row:
        """A new row; `documentId` is made where values has none, and what is not given has its default. Relations
        that the row keeps are given as a documentId or None, or as a list of documentIds.

        `audit`: a row for audit_log, written with the change or, where a database cannot do that, just before it:
        never is there a change without it. What goes into audit_log, also by this method, gets the next place in its
        chain, and is never changed. Raises Conflict, Missing.
        """
        ...

    async def update(
        self, content: str, id: str, values: Row, expected_updated_at: int | None = None, audit: Row | None = None
    ) -> Row | None:
        """The changed row, or None where there is none or it was changed since `expected_updated_at`.

        Raises Conflict, Missing.
        """
        ...

    async def delete(
        self, content: str, id: str, audit: Row | None = None, expected_updated_at: int | None = None
    ) -> bool:
        """Whether there was one, not changed since `expected_updated_at`. What links to it links to nothing then."""
        ...

    async def access_version(self) -> int:
        """A number that grows whenever an `access` field changes, is created other than its default, or is deleted."""
        ...

    async def project(self, changes: Projected) -> None:
        """Apply what events changed. Raises Overtaken where it does not go on from the offsets that are stored.

        Then no row is older for it, but some may be newer.
        """
        ...

    async def forget_projected(self) -> None:
        """Take back what was projected, so that all events are projected again: no events, bids, seq or offsets.

        What people wrote stays, and so does what else is in an auction's row, until an event says it anew. Nobody may
        project meanwhile.
        """
        ...

    async def projected_offsets(self) -> dict[int, int]:
        """Partition -> the event offset from which to go on, of the partitions that were projected."""
        ...

    async def ping(self) -> None:
        """Raises CatalogueBroken where it does not answer."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


async def count(catalogue: Catalogue, content: str, where: Condition | Group) -> int:
    """How many rows match."""
    _, total = await catalogue.find(content, Query(where=where, limit=1, fields=()))
    return total


def new_id() -> str:
    """A documentId as Strapi makes them: unguessable, a letter first."""
    letters = string.ascii_lowercase
    rest = (secrets.choice(letters + string.digits) for _ in range(ID_LENGTH - 1))
    return secrets.choice(letters) + "".join(rest)
