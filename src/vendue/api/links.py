"""Lists of links that a row keeps in order, such as a car's photos: what a client asks, and the list it makes."""

from typing import Any, NamedTuple

from msgspec.structs import replace

from vendue.api.errors import ApiError, fault, invalid
from vendue.api.permissions import Viewer
from vendue.catalogue.models import Relation
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Group, Query

MOST = 100
"""Links in a list, and in each part of a change of it."""
WHOLE_ID = 16
"""Digits of an `id`."""
Id = str | int
"""A documentId, or the number that is a row's `id`."""
_KEYS = {"set", "connect", "disconnect"}
_OWNED = Query(fields=("id", "documentId"), populate={"owner": Query(fields=("documentId",))})


class Links(NamedTuple):
    """`set` is the whole new list, or None to go on from what is there; then some go, and some come at the end."""

    set: list[Id] | None
    connect: list[Id]
    disconnect: list[Id]

    @property
    def relative(self) -> bool:
        """Whether the outcome depends on the list that there is."""
        return self.set is None


def read_links(relation: Relation, value: Any, faults: list[dict[str, Any]]) -> Links:
    """From a body: a list of ids, one id, null, or Strapi's set, connect and disconnect of them."""
    if isinstance(value, dict) and not value.keys() & {"id", "documentId"}:
        if not value or value.keys() - _KEYS:
            faults.append(fault(relation.name, f"{relation.name} takes connect, set and disconnect"))
            return Links(None, [], [])
        whole = _ids(relation, value["set"], faults) if "set" in value else None
        parts = [_ids(relation, value.get(key), faults) for key in ("connect", "disconnect")]
        return Links(whole, parts[0], parts[1])
    return Links(_ids(relation, value, faults), [], [])


def _ids(relation: Relation, value: Any, faults: list[dict[str, Any]]) -> list[Id]:
    entries = [] if value is None else value if isinstance(value, list) else [value]
    if len(entries) > MOST:
        faults.append(fault(relation.name, f"{relation.name} takes at most {MOST}"))
        return []
    found: list[Id] = []
    for entry in entries:
        id = as_id(entry.get("documentId", entry.get("id")) if isinstance(entry, dict) else entry)
        if id is None:
            faults.append(fault(relation.name, f"{relation.name} must be documentIds or ids", entry))
        else:
            found.append(id)
    return found


def as_id(value: Any) -> Id | None:
    """An id as a client may write it; None where it cannot be one. documentIds begin with a letter."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or not value.isascii():
        return None
    if value.isdecimal() and len(value) <= WHOLE_ID:
        return int(value)
    return value if value.replace("-", "").replace("_", "").isalnum() else None


async def find_by_id(catalogue: Catalogue, content: str, id: Any, query: Query) -> Row | None:
    """The row with this documentId or number, in `query`'s fields and relations."""
    known = as_id(id)
    if isinstance(known, str):
        return await catalogue.get(content, known, query)
    if known is None:
        return None
    only = replace(query, where=Condition(("id",), "$eq", known), limit=1, counted=False)
    rows, _ = await catalogue.find(content, only)
    return rows[0] if rows else None


async def linked(
    catalogue: Catalogue, relation: Relation, links: Links, before: list[str], viewer: Viewer
) -> list[str]:
    """The documentIds of the list as it will be; 400 for what is not there, 403 for what is another's."""
    rows = await _named(catalogue, relation, [*(links.set or ()), *links.connect, *links.disconnect])
    start = before if links.set is None else [_one(relation, rows, id)["documentId"] for id in links.set]
    come = [_one(relation, rows, id)["documentId"] for id in links.connect]
    gone = {rows[id]["documentId"] for id in links.disconnect if id in rows}
    found = list(dict.fromkeys([*(id for id in start if id not in gone and id not in come), *come]))
    if len(found) > MOST:
        raise invalid([fault(relation.name, f"{relation.name} takes at most {MOST}")])
    for id in found:
        if id not in before and not viewer.is_staff and owner_of(rows[id]) != viewer.user:
            raise ApiError(403, f"You may only use your own {relation.target}")
    return found


async def _named(catalogue: Catalogue, relation: Relation, ids: list[Id]) -> dict[Id, Row]:
    """The rows by both of their ids."""
    found: dict[Id, Row] = {}
    for part in (ids[at : at + MOST] for at in range(0, len(ids), MOST)):
        numbers = tuple(id for id in part if isinstance(id, int))
        names = tuple(id for id in part if isinstance(id, str))
        either = Group("$or", (Condition(("id",), "$in", numbers), Condition(("documentId",), "$in", names)))
        asked = replace(_OWNED, where=either, limit=MOST)
        rows, _ = await catalogue.find(relation.target, asked)
        found |= {row[key]: row for row in rows for key in ("id", "documentId")}
    return found


def _one(relation: Relation, rows: dict[Id, Row], id: Id) -> Row:
    if id not in rows:
        raise invalid([fault(relation.name, f"{relation.name}: there is no {id}", id)])
    return rows[id]


def owner_of(row: Row) -> str | None:
    """The owner's documentId, where the row came with its owner."""
    owner: str | None = (row.get("owner") or {}).get("documentId")
    return owner
