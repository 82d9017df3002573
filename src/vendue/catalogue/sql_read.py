"""Rows of a Query: one statement for the page, one for each populated relation."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vendue.catalogue.models import CONTENT_TYPES, Relation
from vendue.catalogue.port import Row
from vendue.catalogue.query import Query
from vendue.catalogue.sql_where import order, where
from vendue.catalogue.tables import TABLES


async def page(connection: AsyncConnection, content: str, query: Query) -> tuple[list[Row], int]:
    """The rows of a page, and how many match in all."""
    table, matches = TABLES[content], _matches(content, query)
    count = await connection.scalar(select(func.count()).select_from(table).where(*matches))
    wanted = select(*_columns(content, query)).where(*matches).order_by(*order(table, query))
    result = await connection.execute(wanted.offset(query.start).limit(query.limit))
    rows = [dict(row) for row in result.mappings()]
    await _populate(connection, content, query, rows)
    return rows, count or 0


async def one(connection: AsyncConnection, content: str, id: str, query: Query) -> Row | None:
    """One row by documentId."""
    wanted = select(*_columns(content, query)).where(TABLES[content].c.documentId == id, *_matches(content, query))
    found = (await connection.execute(wanted)).mappings().first()
    if found is None:
        return None
    row = dict(found)
    await _populate(connection, content, query, [row])
    return row


def _matches(content: str, query: Query) -> list[ColumnElement[bool]]:
    return [] if query.where is None else [where(CONTENT_TYPES[content], query.where)]


def _columns(content: str, query: Query) -> list[ColumnElement[Any]]:
    """The fields asked for, and the links that populating needs."""
    table, declared = TABLES[content], CONTENT_TYPES[content]
    if query.fields is None:
        names = [field.name for field in declared.fields if field.name != "password_hash"]
        names += ["createdAt", "updatedAt", "publishedAt"]
    else:
        names = list(query.fields)
    names += [relation.name for relation in declared.relations if not relation.many and relation.name in query.populate]
    return [table.c[name] for name in dict.fromkeys(["id", "documentId", *names])]


async def _populate(connection: AsyncConnection, content: str, query: Query, rows: list[Row]) -> None:
    for name, inner in query.populate.items():
        relation = CONTENT_TYPES[content].relation(name)
        assert relation is not None, f"{content} has no relation {name}"
        if relation.many:
            await _populate_many(connection, relation, inner, rows)
        else:
            await _populate_one(connection, relation, inner, rows)


async def _populate_one(connection: AsyncConnection, relation: Relation, inner: Query, rows: list[Row]) -> None:
    ids = {row[relation.name] for row in rows} - {None}
    found: dict[str, Row] = {}
    if ids:
        target = TABLES[relation.target]
        wanted = select(*_columns(relation.target, inner)).where(
            target.c.documentId.in_(ids), *_matches(relation.target, inner)
        )
        related = [dict(row) for row in (await connection.execute(wanted)).mappings()]
        await _populate(connection, relation.target, inner, related)
        found = {row["documentId"]: row for row in related}
    for row in rows:
        row[relation.name] = found.get(row[relation.name])


async def _populate_many(connection: AsyncConnection, relation: Relation, inner: Query, rows: list[Row]) -> None:
    assert relation.inverse is not None, "a to-many relation is the other side of one"
    target = TABLES[relation.target]
    parent = target.c[relation.inverse]
    for row in rows:
        row[relation.name] = []
    if not rows:
        return
    place = func.row_number().over(partition_by=parent, order_by=order(target, inner))
    numbered = (
        select(*_columns(relation.target, inner), parent.label("_parent"), place.label("_place"))
        .where(parent.in_(_ids(rows)), *_matches(relation.target, inner))
        .subquery()
    )
    wanted = select(numbered).where(numbered.c["_place"] <= inner.limit).order_by(numbered.c["_place"])
    related = [dict(row) for row in (await connection.execute(wanted)).mappings()]
    await _populate(connection, relation.target, inner, related)
    by_id = {row["documentId"]: row[relation.name] for row in rows}
    for each in related:
        del each["_place"]
        by_id[each.pop("_parent")].append(each)


def _ids(rows: Iterable[Row]) -> list[str]:
    return [row["documentId"] for row in rows]
