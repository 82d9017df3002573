"""Rows of a Query: one aggregation for the page, one to count, one for each populated relation."""

from collections.abc import Iterable
from typing import Any

from vendue.catalogue.models import CONTENT_TYPES, Relation
from vendue.catalogue.mongo_document import Database, Document, key, row, wanted
from vendue.catalogue.mongo_where import lookup, matching, order
from vendue.catalogue.port import Row
from vendue.catalogue.query import Query


async def page(database: Database, content: str, query: Query) -> tuple[list[Row], int]:
    """The rows of a page, and how many match in all (at least, where that was not asked)."""
    declared = CONTENT_TYPES[content]
    matches = matching(declared, query.where)
    stages = [*matches, *order(declared, query.sort), {"$skip": query.start}, {"$limit": query.limit}]
    rows = await _rows(database, content, stages, query) if query.limit else []
    total = query.start + len(rows)
    if query.counted and (len(rows) == query.limit or (query.start and not rows)):  # else these are the last of them
        counted = await _found(database, content, [*matches, {"$count": "total"}])
        total = counted[0]["total"] if counted else 0
    await _populate(database, content, query, rows)
    return rows, total


async def one(database: Database, content: str, id: str, query: Query) -> Row | None:
    """One row by documentId."""
    rows = await _those(database, content, query, {"$eq": id})
    return rows[0] if rows else None


async def _found(database: Database, content: str, stages: list[Document]) -> list[Document]:
    cursor = await database[content].aggregate(stages, allowDiskUse=True)
    return await cursor.to_list()


async def _rows(database: Database, content: str, stages: list[Document], query: Query) -> list[Row]:
    names = wanted(content, query)
    return [row(content, names, each) for each in await _found(database, content, [*stages, _shown(names)])]


def _shown(names: Iterable[str]) -> Document:
    return {"$project": {key(name): 1 for name in names}}


async def _populate(database: Database, content: str, query: Query, rows: list[Row]) -> None:
    for name, inner in query.populate.items() if rows else ():
        relation = CONTENT_TYPES[content].relation(name)
        assert relation is not None, f"{content} has no relation {name}"
        if relation.many and relation.kept:
            await _populate_list(database, relation, inner, rows)
        elif relation.many:
            await _populate_many(database, content, relation, inner, rows)
        else:
            await _populate_one(database, relation, inner, rows)


async def _populate_one(database: Database, relation: Relation, inner: Query, rows: list[Row]) -> None:
    found = await _named(database, relation.target, inner, {each[relation.name] for each in rows} - {None})
    for each in rows:
        each[relation.name] = found.get(each[relation.name])


async def _populate_list(database: Database, relation: Relation, inner: Query, rows: list[Row]) -> None:
    found = await _named(database, relation.target, inner, {id for each in rows for id in each[relation.name] or ()})
    for each in rows:
        each[relation.name] = [found[id] for id in each[relation.name] or () if id in found]


async def _named(database: Database, content: str, query: Query, ids: set[Any]) -> dict[str, Row]:
    rows = await _those(database, content, query, {"$in": list(ids)}) if ids else []
    return {each["documentId"]: each for each in rows}


async def _those(database: Database, content: str, query: Query, ids: Document) -> list[Row]:
    """Those with such a documentId that the query lets through."""
    stages = [{"$match": {"_id": ids}}, *matching(CONTENT_TYPES[content], query.where)]
    rows = await _rows(database, content, stages, query)
    await _populate(database, content, query, rows)
    return rows


async def _populate_many(database: Database, content: str, relation: Relation, inner: Query, rows: list[Row]) -> None:
    """At most `limit` for each row, also while they are gathered, by a lookup of each row's own."""
    declared, names = CONTENT_TYPES[relation.target], wanted(relation.target, inner)
    stages = [*matching(declared, inner.where), *order(declared, inner.sort), {"$limit": inner.limit}, _shown(names)]
    parents = [
        {"$match": {"_id": {"$in": [each["documentId"] for each in rows]}}},
        lookup(relation, stages, "related"),
        {"$project": {"related": 1}},
    ]
    found = await _found(database, content, parents) if inner.limit else []
    related = {each["_id"]: [row(relation.target, names, child) for child in each["related"]] for each in found}
    for each in rows:
        each[relation.name] = related.get(each["documentId"], [])
    await _populate(database, relation.target, inner, [child for each in rows for child in each[relation.name]])
