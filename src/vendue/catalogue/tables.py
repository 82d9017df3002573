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
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared byte by byte, as SQLite does, and so that an index serves for what a text starts with."""
_TYPES: dict[Kind, TypeEngine[Any]] = {
    "string": TEXT,
    "text": TEXT,
    "enumeration": TEXT,
    "integer": BigInteger(),
    "boolean": Boolean(),
    "json": JSON(none_as_null=True),
}


def _table(content: ContentType) -> Table:
    """Attributes as columns; relations that a row keeps as columns of the related documentId, or of a list of them."""
    return Table(
        content.name,
        METADATA,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("documentId", TEXT, nullable=False, unique=True),
        *(Column(field.name, _TYPES[field.kind]) for field in content.fields),
        *(
            Column(
                relation.name,
                JSON(none_as_null=True) if relation.many else TEXT,
                *([ForeignKey(f"{relation.target}.documentId", ondelete="SET NULL")] if relation.checked else []),
            )
            for relation in content.relations
            if relation.kept
        ),
        Column("createdAt", BigInteger, nullable=False),
        Column("updatedAt", BigInteger, nullable=False),
        Column("publishedAt", BigInteger, nullable=False),
    )


TABLES = {name: _table(content) for name, content in CONTENT_TYPES.items()}
AUCTIONS, BIDS, EVENTS, AUDIT_LOG = (TABLES[name] for name in ("auctions", "bids", "events", "audit_log"))

for _content in CONTENT_TYPES.values():
    for _names in _content.indexes:
        Index("_".join((_content.name, *_names)), *(TABLES[_content.name].c[name] for name in _names))
    for _field in _content.fields:
        if _field.unique:
            Index(f"{_content.name}_{_field.name}_key", TABLES[_content.name].c[_field.name], unique=True)

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
