"""Rows of a Query: one statement for the page, one for each populated relation.

Building a statement costs more than running it, so each is built once for all queries that differ only in values.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace
from sqlalchemy import BigInteger, ColumnElement, Connection, Executable, bindparam, func, select

from vendue.catalogue.models import CONTENT_TYPES, Relation
from vendue.catalogue.port import Row
from vendue.catalogue.query import Condition, Group, Order, Query, Related
from vendue.catalogue.sql_where import order, parted, where
from vendue.catalogue.tables import TABLES

STATEMENTS = 256
"""Kept of each kind. Clients choose what to ask, so there is no end to what they could make us keep."""


class _Shape(NamedTuple):
    """What statements are built from: a Query without its values. `links`: the to-one relations to populate."""

    where: Condition | Group | Related | None
    sort: tuple[Order, ...]
    fields: tuple[str, ...] | None
    links: tuple[str, ...]


class _Wanted(NamedTuple):
    """A statement and the names of its columns."""

    statement: Executable
    names: tuple[str, ...]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        found = connection.execute(self.statement, values).all()  # not row by row: each would be a turn of the lock
        return [dict(zip(self.names, row, strict=True)) for row in found]


def page(connection: Connection, content: str, query: Query) -> tuple[list[Row], int]:
    """The rows of a page, and how many match in all (at least, where that was not asked)."""
    shape, values = _shape(content, query)
    rows = _page(content, shape).rows(connection, {**values, "start": query.start, "limit": query.limit})
    total = query.start + len(rows)
    if query.counted and (len(rows) == query.limit or (query.start and not rows)):  # else these are the last of them
        total = connection.execute(_count(content, shape.where), values).scalar_one()
    _populate(connection, content, query, rows)
    return rows, total


def one(connection: Connection, content: str, id: str, query: Query) -> Row | None:
    """One row by documentId."""
    shape, values = _shape(content, query)
    rows = _some(content, shape).rows(connection, {**values, "ids": [id]})
    _populate(connection, content, query, rows)
    return rows[0] if rows else None


def _shape(content: str, query: Query) -> tuple[_Shape, dict[str, Any]]:
    """The query's shape, and its values by the names of the statements' parameters."""
    values: dict[str, Any] = {}
    bare = None if query.where is None else parted(query.where, values)
    kept = (relation.name for relation in CONTENT_TYPES[content].relations if relation.kept)
    links = tuple(name for name in kept if name in query.populate) if query.populate else ()
    sort = tuple([replace(each, among=each.among and parted(each.among, values)) for each in query.sort])
    return _Shape(bare, sort, query.fields, links), values


@lru_cache(STATEMENTS)
def _page(content: str, shape: _Shape) -> _Wanted:
    columns = _columns(content, shape)
    wanted = (
        select(*columns).where(*_matches(content, shape.where)).order_by(*order(CONTENT_TYPES[content], shape.sort))
    )
    return _Wanted(wanted.limit(_number("limit")).offset(_number("start")), _names(columns))


@lru_cache(STATEMENTS)
def _count(content: str, matching: Condition | Group | Related | None) -> Executable:
    return select(func.count()).select_from(TABLES[content]).where(*_matches(content, matching))


@lru_cache(STATEMENTS)
def _some(content: str, shape: _Shape) -> _Wanted:
    """Those with the given ids."""
    columns = _columns(content, shape)
    named = TABLES[content].c.documentId.in_(bindparam("ids", expanding=True))
    return _Wanted(select(*columns).where(named, *_matches(content, shape.where)), _names(columns))


@lru_cache(STATEMENTS)
def _children(content: str, inverse: str, shape: _Shape) -> _Wanted:
    """Those that link to the given ids, at most `limit` of each; before the rest stands which one it is."""
    columns, table = _columns(content, shape), TABLES[content]
    parent = table.c[inverse]
    place = func.row_number().over(partition_by=parent, order_by=order(CONTENT_TYPES[content], shape.sort))
    numbered = (
        select(parent.label("_parent"), place.label("_place"), *columns)
        .where(parent.in_(bindparam("ids", expanding=True)), *_matches(content, shape.where))
        .subquery()
    )
    shown = [column for column in numbered.c if column.name != "_place"]
    wanted = select(*shown).where(numbered.c["_place"] <= _number("limit")).order_by(numbered.c["_place"])
    return _Wanted(wanted, ("_parent", *_names(columns)))


def _number(name: str) -> ColumnElement[int]:
    return bindparam(name, type_=BigInteger())


def _matches(content: str, matching: Condition | Group | Related | None) -> list[ColumnElement[bool]]:
    return [] if matching is None else [where(CONTENT_TYPES[content], matching)]


def _columns(content: str, shape: _Shape) -> list[ColumnElement[Any]]:
    """The fields asked for, and the links that populating needs."""
    table, declared = TABLES[content], CONTENT_TYPES[content]
    if shape.fields is None:
        names = [field.name for field in declared.fields if not field.secret]
        names += ["createdAt", "updatedAt", "publishedAt"]
    else:
        names = list(shape.fields)
    return [table.c[name] for name in dict.fromkeys(["id", "documentId", *names, *shape.links])]


def _names(columns: list[ColumnElement[Any]]) -> tuple[str, ...]:
    return tuple(str(column.key) for column in columns)


def _populate(connection: Connection, content: str, query: Query, rows: list[Row]) -> None:
    for name, inner in query.populate.items() if rows else ():
        relation = CONTENT_TYPES[content].relation(name)
        assert relation is not None, f"{content} has no relation {name}"
        if relation.many and relation.kept:
            _populate_list(connection, relation, inner, rows)
        elif relation.many:
            _populate_many(connection, relation, inner, rows)
        else:
            _populate_one(connection, relation, inner, rows)


def _populate_one(connection: Connection, relation: Relation, inner: Query, rows: list[Row]) -> None:
    found = _named(connection, relation.target, inner, {row[relation.name] for row in rows} - {None})
    for row in rows:
        row[relation.name] = found.get(row[relation.name])


def _populate_list(connection: Connection, relation: Relation, inner: Query, rows: list[Row]) -> None:
    found = _named(connection, relation.target, inner, {id for row in rows for id in row[relation.name] or ()})
    for row in rows:
        row[relation.name] = [found[id] for id in row[relation.name] or () if id in found]


def _named(connection: Connection, content: str, query: Query, ids: set[str]) -> dict[str, Row]:
    if not ids:
        return {}
    shape, values = _shape(content, query)
    rows = _some(content, shape).rows(connection, {**values, "ids": list(ids)})
    _populate(connection, content, query, rows)
    return {row["documentId"]: row for row in rows}


def _populate_many(connection: Connection, relation: Relation, inner: Query, rows: list[Row]) -> None:
    assert relation.inverse is not None, "a to-many relation is the other side of one"
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id[row["documentId"]] = row[relation.name] = []
    shape, values = _shape(relation.target, inner)
    wanted = _children(relation.target, relation.inverse, shape)
    related = wanted.rows(connection, {**values, "ids": list(by_id), "limit": inner.limit})
    for each in related:
        by_id[each.pop("_parent")].append(each)
    _populate(connection, relation.target, inner, related)
