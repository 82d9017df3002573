"""A Query's conditions and order as SQL, their values as parameters."""

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, bindparam, func, not_, or_, select

from vendue.catalogue.models import CONTENT_TYPES, ContentType, Relation
from vendue.catalogue.query import PATTERNS, Condition, Group, Order, Related
from vendue.catalogue.tables import TABLES

_VALUELESS = frozenset({"$null", "$notNull"})


Part = Condition | Group | Related


def parted(part: Part, values: dict[str, Any]) -> Part:
    """The same with names instead of values, which are added to `values` under these names."""
    if isinstance(part, Group):
        return Group(part.join, tuple([parted(each, values) for each in part.parts]))
    if isinstance(part, Related):
        return Related(part.path, parted(part.part, values))
    if part.operator in _VALUELESS:
        return part
    name = f"value{len(values)}"
    values[name] = _escaped(part.value) if part.operator in PATTERNS else part.value
    return Condition(part.path, part.operator, name)


def where(content: ContentType, part: Part) -> ColumnElement[bool]:
    """A condition or group on a type's table; its values are the names of parameters."""
    if isinstance(part, Condition):
        return _condition(content, part.path, part)
    if isinstance(part, Related):
        return _related(content, part.path, part.part)
    parts = [where(content, each) for each in part.parts]
    if part.join == "$or":
        return or_(*parts)
    return and_(*parts) if part.join == "$and" else not_(and_(*parts))


def order(content: ContentType, sort: tuple[Order, ...]) -> list[ColumnElement[Any]]:
    """A whole order, so that pages neither repeat nor miss a row."""
    keys = [(_sort_key(content, each), each.descending) for each in sort]
    columns = [key.desc().nulls_first() if descending else key.asc().nulls_last() for key, descending in keys]
    return [*columns, TABLES[content.name].c.id.asc()]


def _sort_key(content: ContentType, wanted: Order) -> ColumnElement[Any]:
    table = TABLES[content.name]
    if wanted.through is None:
        return table.c[wanted.field]
    relation = _relation(content, wanted.through)
    target, related = CONTENT_TYPES[relation.target], TABLES[relation.target]
    if relation.many:
        assert relation.inverse is not None, "nothing sorts by a list that a row keeps"
        same = related.c[relation.inverse] == table.c.documentId
    else:
        same = related.c.documentId == table.c[relation.name]
    of_all = (func.max if wanted.descending else func.min)(related.c[wanted.field])
    among = [] if wanted.among is None else [where(target, wanted.among)]
    return select(of_all).where(same, *among).correlate(table).scalar_subquery()


def _condition(content: ContentType, path: tuple[str, ...], condition: Condition) -> ColumnElement[bool]:
    table, name, rest = TABLES[content.name], path[0], path[1:]
    if not rest or (rest == ("documentId",) and name in table.c):  # a to-one relation's column is its documentId
        return _compare(table.c[name], condition)
    relation = _relation(content, name)
    return _through(content, relation, _condition(CONTENT_TYPES[relation.target], rest, condition))


def _related(content: ContentType, path: tuple[str, ...], part: Part) -> ColumnElement[bool]:
    if not path:
        return where(content, part)
    relation = _relation(content, path[0])
    return _through(content, relation, _related(CONTENT_TYPES[relation.target], path[1:], part))


def _relation(content: ContentType, name: str) -> Relation:
    relation = content.relation(name)
    assert relation is not None, f"{content.name} has no relation {name}"
    return relation


def _through(content: ContentType, relation: Relation, inner: ColumnElement[bool]) -> ColumnElement[bool]:
    """Some row on the other side of the relation meets `inner`."""
    table, target = TABLES[content.name], TABLES[relation.target]
    if not relation.many:
        column = table.c[relation.name]
        return column.in_(select(target.c.documentId).where(inner)) & column.is_not(None)
    assert relation.inverse is not None, "a to-many relation is the other side of one"
    back = target.c[relation.inverse]
    return table.c.documentId.in_(select(back).where(inner, back.is_not(None)))


def _compare(column: Column[Any], condition: Condition) -> ColumnElement[bool]:
    value = bindparam(str(condition.value), type_=column.type, expanding=condition.operator in ("$in", "$notIn"))
    match condition.operator:
        case "$eq":
            return column == value
        case "$eqi":
            return func.lower(column) == func.lower(value)
        case "$ne":
            return column != value
        case "$lt":
            return column < value
        case "$lte":
            return column <= value
        case "$gt":
            return column > value
        case "$gte":
            return column >= value
        case "$in":
            return column.in_(value)
        case "$notIn":
            return column.not_in(value) & column.is_not(None)
        case "$contains":
            return column.contains(value, escape="/")
        case "$containsi":
            return func.lower(column).contains(func.lower(value), escape="/")
        case "$startsWith":
            return column.startswith(value, escape="/")
        case "$startsWithi":
            return func.lower(column).startswith(func.lower(value), escape="/")
        case "$endsWith":
            return column.endswith(value, escape="/")
        case "$endsWithi":
            return func.lower(column).endswith(func.lower(value), escape="/")
        case "$null":
            return column.is_(None)
        case "$notNull":
            return column.is_not(None)


def _escaped(text: str) -> str:
    """Text in which LIKE's wildcards stand for themselves, escaped by a slash."""
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
