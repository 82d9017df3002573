"""A row as a document and back: its _id is the documentId, what is null is not there, JSON is text as in SQLite."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from bson.int64 import Int64
from msgspec.json import decode, encode
from pymongo.asynchronous.database import AsyncDatabase

from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.port import Row
from vendue.catalogue.query import Query

Document = dict[str, Any]
Database = AsyncDatabase[Document]
TIMES = ("createdAt", "updatedAt", "publishedAt")
ALWAYS = frozenset({"_id", "id", *TIMES})
"""Never null."""


def key(name: str) -> str:
    """What a row's attribute is called in its document."""
    return "_id" if name == "documentId" else name


def wanted(content: str, query: Query) -> tuple[str, ...]:
    """The names of what a query asks of each row, among them the links that it populates."""
    declared = CONTENT_TYPES[content]
    if query.fields is None:
        names = [field.name for field in declared.fields if not field.secret]
        names += TIMES
    else:
        names = list(query.fields)
    names += (relation.name for relation in declared.relations if relation.kept and relation.name in query.populate)
    found = tuple(dict.fromkeys(["id", "documentId", *names]))
    assert kept(content).issuperset(found), f"{content} keeps no {set(found) - kept(content)}"
    return found


def document(content: str, values: Mapping[str, Any]) -> Document:
    """What to store of these values, without those that are null."""
    assert kept(content).issuperset(values), f"{content} keeps no {values.keys() - kept(content)}"
    texts = _jsons(content)
    return {
        key(name): encode(value).decode() if name in texts else value
        for name, value in values.items()
        if value is not None
    }


def change(content: str, values: Mapping[str, Any]) -> Document:
    """An update that sets these values and takes away those that are null."""
    gone = {key(name): "" for name, value in values.items() if value is None}
    update = {"$set": document(content, values), "$unset": gone}
    return {operator: fields for operator, fields in update.items() if fields}


def row(content: str, names: Iterable[str], found: Document) -> Row:
    """The named attributes of a document."""
    texts = _jsons(content)
    made: Row = {}
    for name in names:
        value = found.get(key(name))
        made[name] = int(value) if type(value) is Int64 else value  # which is how it reads what has over 32 bits
    for name in texts & made.keys():
        if made[name] is not None:
            made[name] = decode(made[name])
    return made


@cache
def kept(content: str) -> frozenset[str]:
    """The names of all that documents of a type may hold."""
    declared = CONTENT_TYPES[content]
    names = [field.name for field in declared.fields]
    links = [relation.name for relation in declared.relations if relation.kept]
    return frozenset(["id", "documentId", *names, *links, *TIMES])


@cache
def _jsons(content: str) -> frozenset[str]:
    return frozenset(field.name for field in CONTENT_TYPES[content].fields if field.kind == "json")
