"""A Query's conditions and order as stages of an aggregation.

SQL knows true, false and null; MongoDB only what matches. So a condition is translated for what is wanted of it, true
or false, and a null field matches neither; `$not` wants the opposite of its parts. A client's text is only ever a
value, or a pattern in which every character stands for itself.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from vendue.catalogue.models import CONTENT_TYPES, ContentType, Relation
from vendue.catalogue.mongo_document import ALWAYS, Document, kept, key
from vendue.catalogue.query import LONGEST_SOUGHT, Condition, Group, Order, Related

Part = Condition | Group | Related
ALL: Document = {}
NONE: Document = {"_id": {"$in": []}}
_OPPOSITE = {"$lt": "$gte", "$lte": "$gt", "$gt": "$lte", "$gte": "$lt"}


def matching(content: ContentType, part: Part | None) -> list[Document]:
    """The stages that let through the rows that meet it, those first that need to look up nothing."""
    numbers = count()
    filters = [_Filter(content, each, numbers) for each in _joined(part)]
    plain = [each.match for each in filters if not each.lookups]
    stages: list[Document] = [{"$match": _every(plain)}] if plain else []
    for each in filters:
        if each.lookups:
            stages += [*each.lookups, {"$match": each.match}]
    return stages


def order(content: ContentType, sort: tuple[Order, ...]) -> list[Document]:
    """The stages that put rows in a whole order, so that pages neither repeat nor miss a row."""
    lookups: list[Document] = []
    added: Document = {}
    keys: dict[str, int] = {}
    for number, each in enumerate(sort):
        path, direction = key(each.field), -1 if each.descending else 1
        null = f"_null{number}"
        if each.through is not None:
            name = f"_first{number}"
            lookups.append(_first(content, each, direction, name))
            added[null] = {"$eq": [{"$size": f"${name}"}, 0]}
            path = f"_value{number}"
            added[path] = {"$arrayElemAt": [f"${name}.value", 0]}
        elif path not in ALWAYS:
            added[null] = {"$eq": [{"$ifNull": [f"${path}", None]}, None]}
        if null in added:
            keys[null] = direction  # a null counts as the highest, where MongoDB has it as the lowest
        keys.setdefault(path, direction)
    keys.setdefault("id", 1)
    return [*lookups, *([{"$addFields": added}] if added else []), {"$sort": keys}]


def lookup(relation: Relation, stages: list[Document], name: str) -> Document:
    """The stage that adds, as `name`, what `stages` make of the rows at the other end of a relation."""
    own, other = (key("documentId"), relation.inverse) if relation.many else (relation.name, key("documentId"))
    assert other is not None, "a list that a row keeps is not looked up"
    linked = {"$match": {"$expr": {"$eq": [f"${other}", "$$link"]}}}
    link = {"$ifNull": [f"${own}", None]}
    return {"$lookup": {"from": relation.target, "let": {"link": link}, "pipeline": [linked, *stages], "as": name}}


def _first(content: ContentType, wanted: Order, direction: int, name: str) -> Document:
    """The related row that a row is ordered by, if any, as a list with its `value`."""
    assert wanted.through is not None
    relation, path = _relation(content, wanted.through), key(wanted.field)
    stages = matching(CONTENT_TYPES[relation.target], wanted.among)
    there: Document = {"$match": {path: {"$ne": None}}}
    return lookup(
        relation,
        [*stages, there, {"$sort": {path: direction}}, {"$limit": 1}, {"$project": {"value": f"${path}"}}],
        name,
    )


def _joined(part: Part | None) -> Iterator[Part]:
    """The parts that must all be met."""
    if isinstance(part, Group) and part.join == "$and":
        for each in part.parts:
            yield from _joined(each)
    elif part is not None:
        yield part


class _Filter:
    """What rows must match, after the lookups whose results it asks about. `numbers` name these, each once."""

    def __init__(self, content: ContentType, part: Part, numbers: Iterator[int]) -> None:
        self.lookups: list[Document] = []
        self._content, self._numbers = content, numbers
        self.match = self._where(part, True)

    def _where(self, part: Part, wanted: bool) -> Document:
        if isinstance(part, Group):
            if part.join == "$not":
                return self._where(Group("$and", part.parts), not wanted)
            every = (part.join == "$and") is wanted
            return (_every if every else _any)([self._where(each, wanted) for each in part.parts])
        name, rest = (part.path[0], part.path[1:]) if part.path else ("", ())
        if isinstance(part, Related):
            inner = Related(rest, part.part) if rest else part.part
            return self._through(name, inner, wanted) if name else self._where(inner, wanted)
        if not rest or (rest == ("documentId",) and name in kept(self._content.name)):  # a link is a documentId
            assert name in kept(self._content.name), f"{self._content.name} keeps no {name}"
            return _compare(key(name), part, wanted)
        return self._through(name, Condition(rest, part.operator, part.value), wanted)

    def _through(self, name: str, part: Part, wanted: bool) -> Document:
        """Whether some row on the other side of the relation meets it: never null, as IN (SELECT …) is not in SQL."""
        relation = _relation(self._content, name)
        found = f"_found{next(self._numbers)}"
        stages = [*matching(CONTENT_TYPES[relation.target], part), {"$limit": 1}, {"$project": {"_id": 1}}]
        self.lookups.append(lookup(relation, stages, found))
        return {f"{found}.0": {"$exists": wanted}}


def _relation(content: ContentType, name: str) -> Relation:
    relation = content.relation(name)
    assert relation is not None, f"{content.name} has no relation {name}"
    return relation


def _every(parts: list[Document]) -> Document:
    return parts[0] if len(parts) == 1 else {"$and": parts} if parts else ALL


def _any(parts: list[Document]) -> Document:
    return parts[0] if len(parts) == 1 else {"$or": parts} if parts else NONE


def _compare(path: str, condition: Condition, wanted: bool) -> Document:
    operator, value = condition.operator, condition.value
    match operator:
        case "$null" | "$notNull":
            return {path: None if (operator == "$null") is wanted else {"$ne": None}}
        case "$in" | "$notIn":
            return _among(path, value, operator == "$in", wanted)
        case _ if value is None:
            return NONE  # what is compared with null is null
        case "$eq" | "$ne":
            return {path: {"$eq": value} if (operator == "$eq") is wanted else {"$nin": [value, None]}}
        case "$lt" | "$lte" | "$gt" | "$gte":
            return {path: {operator if wanted else _OPPOSITE[operator]: value}}
    pattern = {"$regex": _pattern(operator, value)}
    return {path: pattern if wanted else {"$ne": None, "$not": pattern}}


def _among(path: str, values: tuple[Any, ...], inside: bool, wanted: bool) -> Document:
    """$notIn is never null, as it is made with IS NOT NULL; nor is $in of nothing."""
    some = [value for value in values if value is not None]
    outside = {path: {"$nin": [*some, None]}} if len(some) == len(values) else NONE  # against a null it is unknown
    if inside:
        return {path: {"$in": some}} if wanted else outside if values else ALL
    return outside if wanted else {path: {"$in": [*some, None]}}


def _pattern(operator: str, text: str) -> str:
    assert len(text) <= LONGEST_SOUGHT, "a query's texts are bounded"
    literal = "".join(map(_either if operator.endswith("i") else _escaped, text))
    start = "^" if operator in ("$startsWith", "$startsWithi", "$eqi") else ""
    end = r"\z" if operator in ("$endsWith", "$endsWithi", "$eqi") else ""
    return start + literal + end


def _escaped(character: str) -> str:
    """The character as itself, whatever it means in a pattern."""
    if character == "\0":
        return r"\x00"
    return f"\\{character}" if character.isascii() and not character.isalnum() else character


def _either(character: str) -> str:
    """An ASCII letter in either case, as lower() knows it in SQLite and in PostgreSQL's C; others as themselves."""
    if character.isascii() and character.isalpha():
        return f"[{character.lower()}{character.upper()}]"
    return _escaped(character)
