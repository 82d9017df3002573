"""A query on one content type, parsed once and translated by each adapter."""

from typing import Any, Literal, get_args

from msgspec import Struct

Operator = Literal[
    "$eq",
    "$eqi",
    "$ne",
    "$lt",
    "$lte",
    "$gt",
    "$gte",
    "$in",
    "$notIn",
    "$contains",
    "$containsi",
    "$startsWith",
    "$startsWithi",
    "$endsWith",
    "$endsWithi",
    "$null",
    "$notNull",
]
OPERATORS = frozenset(get_args(Operator))
PATTERNS = frozenset({"$contains", "$containsi", "$startsWith", "$startsWithi", "$endsWith", "$endsWithi"})
"""Those that look for a part of a text."""
LONGEST_SOUGHT = 1000
"""Characters of a text that is looked for in part or in any case: databases bound their patterns."""
MOST_ORDERS = 10
"""Of one query: databases bound them, and each through a relation is a search of its own."""
SYSTEM_FIELDS = {
    "id": "integer",
    "documentId": "string",
    "createdAt": "time",
    "updatedAt": "time",
    "publishedAt": "time",
}
"""What every row has beside its attributes."""

PAGE_SIZE = 25


class Condition(Struct, frozen=True):
    """A field (or a relation's, as a path) compared with a value of the field's own type.

    A path that ends at a to-one relation compares the related documentId. $in and $notIn take a tuple, $null and
    $notNull True. As in SQL, a null field matches nothing but $null.
    """

    path: tuple[str, ...]
    operator: Operator
    value: Any


class Group(Struct, frozen=True):
    """Several conditions joined; `$not` negates all of them together."""

    join: Literal["$and", "$or", "$not"]
    parts: tuple["Condition | Group | Related", ...]


class Related(Struct, frozen=True):
    """One row at the end of a path of relations meets all of this; a Condition's path asks one thing of any row."""

    path: tuple[str, ...]
    part: "Condition | Group | Related"


class Order(Struct, frozen=True):
    """By a field; or, `through` a relation, by the related row's: of several the lowest, descending the highest, of
    those that meet `among`. Nulls, and rows with nothing related, count as the highest.
    """

    field: str
    descending: bool = False
    through: str | None = None
    among: "Condition | Group | Related | None" = None


class Query(Struct, frozen=True):
    """What to return of which rows. `fields` None is all that are not secret; `populate`: relation -> its query.

    `sort`: the orders one after the other, ties by id. `limit` also bounds a populated to-many relation,
    per row. `by_page`: the client asked in pages, not offsets (parse.page_meta). `counted`: he wants the total.
    """

    where: Condition | Group | Related | None = None
    sort: tuple[Order, ...] = ()
    start: int = 0
    limit: int = PAGE_SIZE
    fields: tuple[str, ...] | None = None
    populate: dict[str, "Query"] = {}
    by_page: bool = True
    counted: bool = True
