"""A query on one content type, parsed once and translated by each adapter."""

from typing import Any, Literal

from msgspec import Struct

Operator = Literal[
    "$eq", "$eqi", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$notIn", "$contains", "$containsi", "$startsWith", "$null", "$notNull"
]


class Condition(Struct, frozen=True):
    """A field (or a relation's, as a path) compared with a value of the field's own type."""

    path: tuple[str, ...]
    operator: Operator
    value: Any


class Group(Struct, frozen=True):
    """Several conditions joined."""

    join: Literal["$and", "$or", "$not"]
    parts: tuple["Condition | Group", ...]


class Query(Struct, frozen=True):
    """What to return of which rows. `fields` None is all; `populate`: relation -> the query on it."""

    where: Condition | Group | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    start: int = 0
    limit: int = 25
    fields: tuple[str, ...] | None = None
    populate: dict[str, "Query"] = {}
