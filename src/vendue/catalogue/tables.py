"""The tables of the content types, made from their declarations, and the catalogue's own two."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.types import TypeEngine

from vendue.catalogue.models import CONTENT_TYPES, ContentType, Kind

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s",
    }
)
_TYPES: dict[Kind, TypeEngine[Any]] = {
    "string": Text(),
    "text": Text(),
    "enumeration": Text(),
    "integer": BigInteger(),
    "boolean": Boolean(),
    "json": JSON(none_as_null=True),
}


def _table(content: ContentType) -> Table:
    """Attributes as columns, to-one relations as columns that hold the related documentId.

    Only what people write is checked by foreign keys; what events write was checked when it was decided.
    """
    return Table(
        content.name,
        METADATA,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("documentId", Text, nullable=False, unique=True),
        *(Column(field.name, _TYPES[field.kind]) for field in content.fields),
        *(
            Column(
                relation.name,
                Text,
                *([ForeignKey(f"{relation.target}.documentId", ondelete="SET NULL")] if relation.writable else []),
            )
            for relation in content.relations
            if not relation.many
        ),
        Column("createdAt", BigInteger, nullable=False),
        Column("updatedAt", BigInteger, nullable=False),
        Column("publishedAt", BigInteger, nullable=False),
    )


TABLES = {name: _table(content) for name, content in CONTENT_TYPES.items()}
CARS, AUCTIONS, BIDS, USERS = TABLES["cars"], TABLES["auctions"], TABLES["bids"], TABLES["users"]

Index("cars_vin_key", CARS.c.vin, unique=True)
Index("cars_seller", CARS.c.seller)
Index("auctions_status_ends_at", AUCTIONS.c.status, AUCTIONS.c.ends_at)
Index("auctions_car", AUCTIONS.c.car)
Index("auctions_seller", AUCTIONS.c.seller)
Index("bids_auction_seq", BIDS.c.auction, BIDS.c.seq)
Index("bids_bidder", BIDS.c.bidder)
Index("users_username_key", USERS.c.username, unique=True)
Index("users_email_key", func.lower(USERS.c.email), unique=True)  # one mailbox, however it is spelt
Index("users_paddle_key", USERS.c.paddle, unique=True)

OFFSETS = Table(
    "projected_offsets",
    METADATA,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
)
"""Per partition, the event offset from which to go on; written with what the events changed."""

ACCESS = Table(
    "access_version",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)
"""One row: grows with every change of who may do what."""
