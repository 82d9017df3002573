"""From a URL's query string, as Strapi 5 spells it, to a Query."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn, cast

from msgspec.structs import replace

from vendue.catalogue.models import CONTENT_TYPES, ContentType
from vendue.catalogue.query import (
    LONGEST_SOUGHT,
    MOST_ORDERS,
    OPERATORS,
    PAGE_SIZE,
    PATTERNS,
    SYSTEM_FIELDS,
    Condition,
    Group,
    Operator,
    Order,
    Query,
)

MAX_PAGE_SIZE = 100
NO = ("false", "0")
MAX_PARAMETERS = 200
MAX_LIST = 100
MAX_DEPTH = 3
"""Of groups and relations in filters, and of populate."""


class QueryError(Exception):
    """A query that cannot be answered: status 400 with Strapi's `name`, `message` and `details`."""

    def __init__(self, name: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.name, self.message, self.details = name, message, details or {}


def parse(content: ContentType, params: Iterable[tuple[str, str]], staff: bool = False) -> Query:
    """The query that a URL's decoded (key, value) pairs ask of `content`; raises QueryError.

    `staff` may also filter and sort by restricted fields. Parameters that are not the query's are ignored, as
    Strapi does.
    """
    return _Parser(staff).query(content, _tree(params), 1)


def parse_bare(content: ContentType, params: Sequence[tuple[str, str]], staff: bool = False) -> Query:
    """As `parse`, of what answers with a bare list: as long as a page may be, where none is asked for."""
    query = parse(content, params, staff)
    paged = any(name.startswith("pagination") for name, _ in params)
    return query if paged else replace(query, limit=MAX_PAGE_SIZE)


def page_meta(query: Query, total: int) -> dict[str, int]:
    """`meta.pagination` of an answer, in the style that was asked for."""
    if query.by_page:
        place = {"page": query.start // query.limit + 1, "pageSize": query.limit}
        counts = {"pageCount": -(-total // query.limit), "total": total}
    else:
        place, counts = {"start": query.start, "limit": query.limit}, {"total": total}
    return place | counts if query.counted else place


_PARAMETERS = ("filters", "sort", "fields", "populate", "pagination")
_KEY = re.compile(r"\w+(\[[^\[\]]*\])*")
Node = str | dict[str, Any]
"""What bracketed keys spell: a value, or more by key; a list's keys are its indexes."""


def _tree(params: Iterable[tuple[str, str]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for number, (key, value) in enumerate(params):
        if number == MAX_PARAMETERS:
            raise QueryError("ValidationError", f"A query takes at most {MAX_PARAMETERS} parameters")
        parameter, *path = key.replace("]", "").split("[")
        if parameter not in _PARAMETERS:
            continue
        if not _KEY.fullmatch(key) or len(path) > 4 * MAX_DEPTH:
            _invalid(key, parameter)
        node, name = root, parameter
        for step in path:
            node = node.setdefault(name, {})
            if isinstance(node, str):
                _invalid(key, parameter)
            name = step or str(len(node))
        before = node.setdefault(name, value)
        if before is not value:  # a key that is repeated makes a list
            node[name] = {"0": before, "1": value} if isinstance(before, str) else {**before, str(len(before)): value}
    return root


def _invalid(key: str, param: str, path: str | None = None, at: bool = False) -> NoReturn:
    message = f"Invalid key {key} at {path}" if at else f"Invalid key {key}"
    raise QueryError("ValidationError", message, {"key": key, "path": path, "source": "query", "param": param})


def _is_list(node: dict[str, Any]) -> bool:
    return all(key.isdecimal() for key in node)


def _items(node: Node, param: str) -> list[Any]:
    """A list's items in order; a single value is a list of one."""
    if isinstance(node, str):
        return [node]
    wrong = next((key for key in node if not key.isdecimal()), None)
    if wrong is not None:
        _invalid(wrong, param)
    if len(node) > MAX_LIST:
        raise QueryError("ValidationError", f"A list in {param} takes at most {MAX_LIST} items")
    return [node[key] for key in sorted(node, key=lambda key: (len(key), key))]


def _names(node: Node, param: str) -> list[str]:
    """Names as a list, each item of which may itself be several by comma."""
    names = []
    for item in _items(node, param):
        if not isinstance(item, str):
            _invalid(next(iter(item)), param)
        names += [name.strip() for name in item.split(",") if name.strip()]
    return names


class _Parser:
    def __init__(self, staff: bool) -> None:
        self.staff = staff

    def query(self, content: ContentType, tree: dict[str, Any], depth: int) -> Query:
        page = _page(tree.get("pagination", {}))
        names, sort = _names(tree.get("fields", ""), "fields"), _names(tree.get("sort", ""), "sort")
        if len(sort) > MOST_ORDERS:
            raise QueryError("ValidationError", f"sort takes at most {MOST_ORDERS} fields")
        for name in names:
            if name != "*" and name not in content.derived + content.personal:
                self._kind(content, name, "fields")
        return Query(
            where=self._where(content, tree.get("filters", {}), (), 0),
            sort=tuple(self._order(content, item) for item in sort),
            start=page.start,
            limit=page.limit if depth == 1 else MAX_PAGE_SIZE,
            fields=tuple(names) if names and "*" not in names else None,
            populate=self._populate(content, tree.get("populate", ""), depth),
            by_page=page.by_page,
            counted=page.counted,
        )

    def _kind(self, content: ContentType, name: str, param: str, path: str | None = None) -> str:
        """A field's kind, where it may be used in this parameter."""
        field = content.field(name)
        if field is None:
            return SYSTEM_FIELDS.get(name) or _invalid(name, param, path)
        if field.private or (field.restricted and not self.staff and param != "fields"):
            _invalid(name, param, path)
        return field.kind

    def _order(self, content: ContentType, item: str) -> Order:
        path, _, direction = item.partition(":")
        if direction.lower() not in ("", "asc", "desc"):
            raise QueryError("ValidationError", f"Invalid order {direction} of {path}: use asc or desc")
        through, _, name = path.rpartition(".")
        relation = content.relation(through) if through else None
        if through and (relation is None or (relation.many and relation.kept)):
            _invalid(path, "sort")
        self._kind(CONTENT_TYPES[relation.target] if relation else content, name, "sort", through or None)
        return Order(name, direction.lower() == "desc", through or None)

    def _populate(self, content: ContentType, node: Node, depth: int) -> dict[str, Query]:
        if isinstance(node, str) or _is_list(node):
            names = _names(node, "populate")
            node = dict.fromkeys([each.name for each in content.relations] if "*" in names else names, "*")
        found = {}
        for name, inner in node.items():
            relation = content.relation(name)
            if relation is None:
                _invalid(name, "populate", name)
            if depth > MAX_DEPTH:
                raise QueryError("ValidationError", f"populate takes at most {MAX_DEPTH} levels")
            if inner in NO:
                continue
            if isinstance(inner, str):
                inner = {}
            wrong = next((key for key in inner if key not in _PARAMETERS[:-1]), None)
            if wrong is not None:
                _invalid(wrong, "populate", f"{name}.{wrong}")
            found[name] = self.query(CONTENT_TYPES[relation.target], inner, depth + 1)
        return found

    def _where(self, content: ContentType, node: Node, path: tuple[str, ...], depth: int) -> Condition | Group | None:
        if depth > MAX_DEPTH:
            raise QueryError("ValidationError", f"filters takes at most {MAX_DEPTH} levels of groups and relations")
        if isinstance(node, str):
            _invalid(node, "filters", ".".join(path) or None)
        parts: list[Condition | Group | None] = []
        for key, value in node.items():
            relation = content.relation(key)
            if key in ("$and", "$or", "$not"):
                inner = [value] if key == "$not" else _items(value, "filters")
                joined = tuple(part for each in inner if (part := self._where(content, each, path, depth + 1)))
                parts.append(Group(cast(Any, key), joined) if joined else None)
            elif relation is not None and relation.many and relation.kept:
                raise QueryError("ValidationError", f"{key} is a list that filters cannot look into", {"key": key})
            elif key in content.personal:
                parts.append(_personal((*path, key), value))
            elif relation is None:
                kind = self._kind(content, key, "filters", ".".join(path) or None)
                parts += _conditions(kind, (*path, key), value)
            elif not relation.many and (isinstance(value, str) or value.keys() <= _SPELLED):
                parts += _conditions("string", (*path, key), value)
            else:
                parts.append(self._where(CONTENT_TYPES[relation.target], value, (*path, key), depth + 1))
        there = tuple(part for part in parts if part is not None)
        return there[0] if len(there) == 1 else Group("$and", there) if there else None


_TEXT = PATTERNS | {"$eqi"}
_NEGATED = {"$nei": "$eqi", "$notContains": "$contains", "$notContainsi": "$containsi"}

_SPELLED = OPERATORS | _NEGATED.keys() | {"$between"}
"""All operators, as clients spell them."""


def _conditions(kind: str, path: tuple[str, ...], node: Node) -> list[Condition | Group]:
    found: list[Condition | Group] = []
    for operator, operand in ({"$eq": node} if isinstance(node, str) else node).items():
        if operator in _NEGATED:
            found.append(Group("$not", (_condition(kind, path, _NEGATED[operator], operand),)))
        elif operator == "$between":
            ends = _items(operand, "filters")
            if len(ends) != 2:
                raise QueryError("ValidationError", f"$between of {'.'.join(path)} takes two values")
            found += [_condition(kind, path, bound, end) for bound, end in zip(("$gte", "$lte"), ends, strict=True)]
        else:
            found.append(_condition(kind, path, operator, operand))
    return found


def _personal(path: tuple[str, ...], node: Node) -> Condition:
    if isinstance(node, dict):
        wrong = next((operator for operator in node if operator != "$eq"), None)
        if wrong is not None:
            _invalid(wrong, "filters", ".".join(path), at=True)
        node = node.get("$eq", {})
    return Condition(path, "$eq", _value("boolean", path, node))


def _condition(kind: str, path: tuple[str, ...], operator: str, operand: Node) -> Condition:
    if operator not in OPERATORS:
        _invalid(operator, "filters", ".".join(path), at=True)
    value: Any
    if operator in ("$in", "$notIn"):
        value = tuple(_value(kind, path, each) for each in _items(operand, "filters"))
    elif operator in ("$null", "$notNull"):
        if not _value("boolean", path, operand):
            operator = "$notNull" if operator == "$null" else "$null"
        value = True
    elif operator in _TEXT:
        if kind not in ("string", "text", "enumeration"):
            raise QueryError("ValidationError", f"{operator} compares text, which {'.'.join(path)} is not")
        value = _value("string", path, operand)
        if len(value) > LONGEST_SOUGHT:
            raise QueryError("ValidationError", f"{operator} takes at most {LONGEST_SOUGHT} characters")
    else:
        value = _value(kind, path, operand)
    return Condition(path, cast(Operator, operator), value)


_WANTED = {
    "integer": "a whole number",
    "boolean": "true or false",
    "time": "an ISO 8601 time",
    "json": "tested for null",
}


def _value(kind: str, path: tuple[str, ...], text: Node) -> Any:
    """A value of a field's kind; times in epoch ms."""
    name = ".".join(path)
    if not isinstance(text, str):
        _invalid(next(iter(text), ""), "filters", name, at=True)
    try:
        match kind:
            case "integer":
                return _integer(text)
            case "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
            case "time" if text.isdecimal():
                return _integer(text)
            case "time":
                time = datetime.fromisoformat(text)
                return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
            case "json":
                raise ValueError
    except (ValueError, KeyError, OverflowError):
        details = {"key": path[-1], "path": name, "source": "query", "param": "filters"}
        raise QueryError("ValidationError", f"{name} must be {_WANTED[kind]}, not {text!r:.60}", details) from None
    return text


def _integer(text: str) -> int:
    if len(text) > 18 or not re.fullmatch(r"-?[0-9]+", text):  # 18 digits fit 64 bits
        raise ValueError(text)
    return int(text)


class _Page(NamedTuple):
    start: int
    limit: int
    by_page: bool
    counted: bool


def _page(node: Node) -> _Page:
    """What is out of bounds is brought within, as Strapi does."""
    if isinstance(node, str):
        _invalid("pagination", "pagination")
    given, counted = {}, True
    for name, text in node.items():
        if name == "withCount":
            counted = text not in NO
            continue
        if name not in ("page", "pageSize", "start", "limit"):
            _invalid(name, "pagination")
        try:
            given[name] = _integer(text)
        except (ValueError, TypeError):
            raise QueryError("ValidationError", f"pagination[{name}] must be a whole number") from None
    if given.keys() & {"start", "limit"}:
        if given.keys() & {"page", "pageSize"}:
            raise QueryError("PaginationError", "Cannot use both page & offset pagination in the same query")
        limit = min(max(1, given.get("limit", PAGE_SIZE)), MAX_PAGE_SIZE)
        return _Page(max(0, given.get("start", 0)), limit, False, counted)
    size = min(max(1, given.get("pageSize", PAGE_SIZE)), MAX_PAGE_SIZE)
    return _Page((min(max(1, given.get("page", 1)), 10**15) - 1) * size, size, True, counted)
