"""Rows by hand: what people write. One document changes at once; what belongs to it comes before or after, so that
whoever is killed between leaves nothing that misleads.
"""

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from vendue.catalogue.acts import linked
from vendue.catalogue.clock import now_ms
from vendue.catalogue.fold import with_folds
from vendue.catalogue.models import CONTENT_TYPES, ContentType
from vendue.catalogue.mongo_access import announced
from vendue.catalogue.mongo_document import TIMES, Database, Document, change, document, row, wanted
from vendue.catalogue.mongo_schema import numbers
from vendue.catalogue.port import Conflict, Missing, Row, new_id
from vendue.catalogue.query import Query
from vendue.chain import GENESIS

_WHOLE = Query()


async def create(database: Database, content: str, values: Row, audit: Row | None = None) -> Row:
    """A new row; raises Conflict, Missing."""
    declared = CONTENT_TYPES[content]
    defaults = declared.defaults()
    full = {"documentId": new_id(), **defaults, **with_folds(declared, values)}
    await _check_links(database, declared, values)
    granting = any(full.get(field.name) != defaults.get(field.name) for field in declared.access)
    await _record(database, audit)
    try:
        async with announced(database, granting):
            made = await _insert(database, content, full)
    except DuplicateKeyError as error:
        await _unrecord(database, audit)
        raise Conflict(taken(error.details)) from error
    return row(content, wanted(content, _WHOLE), made)


async def update(
    database: Database,
    content: str,
    id: str,
    values: Row,
    expected_updated_at: int | None = None,
    audit: Row | None = None,
) -> Row | None:
    """The changed row, or None where there is none or it was changed since; raises Conflict, Missing.

    Only the row that was seen is changed: where another one came between, it is looked at anew.
    """
    assert content != "audit_log", "what was recorded stays"
    declared = CONTENT_TYPES[content]
    before = await _seen(database, content, id, expected_updated_at)
    if before is None:
        return None
    await _check_links(database, declared, values)
    await _record(database, audit)
    while before is not None:
        now = max(now_ms(), before["updatedAt"] + 1)
        known = row(content, values, before)
        new = with_folds(declared, values, known)
        granting = any(field.name in values and values[field.name] != known[field.name] for field in declared.access)
        try:
            async with announced(database, granting):
                same = {"_id": before["_id"], "updatedAt": before["updatedAt"]}
                changed = await database[content].find_one_and_update(
                    same, change(content, {**new, "updatedAt": now}), return_document=True
                )
        except DuplicateKeyError as error:
            await _unrecord(database, audit)
            raise Conflict(taken(error.details)) from error
        if changed is not None:
            return row(content, wanted(content, _WHOLE), changed)
        before = await _seen(database, content, id, expected_updated_at)
    await _unrecord(database, audit)
    return None


async def remove(
    database: Database, content: str, id: str, audit: Row | None = None, expected_updated_at: int | None = None
) -> bool:
    """Whether there was one, not changed since. What links to it links to nothing then; until that is written, to what
    is not there.
    """
    declared = CONTENT_TYPES[content]
    defaults, names = declared.defaults(), [field.name for field in declared.access]
    before = await _seen(database, content, id, expected_updated_at)
    if before is None:
        return False
    await _record(database, audit)
    while before is not None:
        known = row(content, names, before)
        async with announced(database, any(known[name] != defaults.get(name) for name in names)):
            gone = await database[content].delete_one({"_id": before["_id"], "updatedAt": before["updatedAt"]})
        if gone.deleted_count:
            await _unlink(database, content, id)
            return True
        before = await _seen(database, content, id, expected_updated_at)
    await _unrecord(database, audit)
    return False


def taken(details: Mapping[str, Any] | None) -> str:
    """The unique field that a server's refusal of a duplicate is about: its index has its name."""
    said = (details or {})["errmsg"]
    name: str = said.partition(" index: ")[2].split()[0]
    return "documentId" if name == "_id_" else name


async def _seen(database: Database, content: str, id: str, expected_updated_at: int | None = None) -> Document | None:
    found = await database[content].find_one({"_id": {"$eq": id}})
    return found if found is not None and expected_updated_at in (None, found["updatedAt"]) else None


async def _insert(database: Database, content: str, full: Row) -> Document:
    (number,) = await numbers(database, content, 1)
    numbered = {**full, "id": number, **dict.fromkeys(TIMES, now_ms())}
    if content == "audit_log":
        return await _link(database, numbered)
    made = document(content, numbered)
    await database[content].insert_one(made)
    return made


async def _link(database: Database, line: Row) -> Document:
    """Insert a line after the last one; where another was quicker, after that."""
    while True:
        found = await database["audit_log"].find_one(
            {"seq": {"$exists": True}}, {"seq": 1, "hash": 1}, sort=[("seq", -1)]
        )
        last = (int(found["seq"]), found["hash"]) if found else (0, GENESIS)
        made = document("audit_log", linked(line, *last))
        try:
            await database["audit_log"].insert_one(made)
        except DuplicateKeyError as error:
            if taken(error.details) != "seq":
                raise
        else:
            return made


async def _record(database: Database, audit: Row | None) -> None:
    """Just before the change, since there is never one without its line."""
    if audit is not None:
        await _insert(database, "audit_log", {"documentId": new_id(), **audit})


async def _unrecord(database: Database, audit: Row | None) -> None:
    """The change was refused, so there was none: a line says so, since none is taken out of the chain."""
    if audit is not None:
        await _record(database, {**audit, "outcome": "undone"})


async def _check_links(database: Database, content: ContentType, values: Row) -> None:
    """Raises Missing."""
    for relation in content.relations:
        given = values.get(relation.name) if relation.kept else None
        if given is not None and (relation.many or relation.checked):
            ids = given if relation.many else [given]
            there = {each["_id"] async for each in database[relation.target].find({"_id": {"$in": ids}}, {"_id": 1})}
            for id in ids:
                if id not in there:
                    raise Missing(relation.name, id)


async def _unlink(database: Database, content: str, id: str) -> None:
    for other in CONTENT_TYPES.values():
        for relation in other.relations:
            if relation.target == content and relation.checked:
                await database[other.name].update_many({relation.name: {"$eq": id}}, {"$unset": {relation.name: ""}})
