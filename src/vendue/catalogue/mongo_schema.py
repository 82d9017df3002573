"""The collections of the content types, made from their declarations: indexes, what fields may hold, numbers."""

from hashlib import sha256
from typing import Any

import structlog
from msgspec.json import encode
from pymongo import ASCENDING, IndexModel, timeout
from pymongo.errors import DuplicateKeyError, OperationFailure

from vendue.catalogue.fold import ALIKE, ALIKE_ADVICE, folded
from vendue.catalogue.models import CONTENT_TYPES, ContentType, Kind
from vendue.catalogue.mongo_document import TIMES, Database, Document
from vendue.catalogue.port import CatalogueBroken

COUNTERS = "counters"
"""Per type the highest `id` that was given out; and the access version."""
OFFSETS = "projected_offsets"
"""Per partition, the event offset from which to go on; written after what the events changed."""
SCHEMA = "schema"
ACCESS_VERSION = "access_version"
LONG_WAIT_S = 3600
"""Of a call that goes through all rows, however many."""
_UNAUTHORIZED, _NAMESPACE_EXISTS, _COMMAND_NOT_FOUND = 13, 48, 59
_INTEGER = ["int", "long"]
_TYPES: dict[Kind, str | list[str]] = {
    "string": "string",
    "text": "string",
    "enumeration": "string",
    "integer": _INTEGER,
    "boolean": "bool",
    "json": "string",
}
_log = structlog.get_logger()


async def migrate(database: Database) -> None:
    """Make what is missing and bring validators forward; several processes may do it at once."""
    names = await database.list_collection_names()
    for content in CONTENT_TYPES.values():
        if content.name not in names:
            await _make(database, content)
        with timeout(LONG_WAIT_S):
            await database[content.name].create_indexes(indexes(content))
        highest = await database[content.name].find_one({}, {"id": 1}, sort=[("id", -1)])
        await _count_from(database, content.name, highest["id"] if highest else 0)
    await _count_from(database, ACCESS_VERSION, 0)
    await _validate(database)
    with timeout(LONG_WAIT_S):
        await _fold_usernames(database)
    await database[SCHEMA].replace_one({"_id": "catalogue"}, {"fingerprint": fingerprint()}, upsert=True)


async def check(database: Database) -> None:
    """Raises CatalogueBroken where the collections are not as this version declares them."""
    found = await database[SCHEMA].find_one({"_id": "catalogue"})
    if found is None or found["fingerprint"] != fingerprint():
        raise CatalogueBroken(
            "The catalogue's collections are of another Vendue, or not there: run `vendue migrate`, once."
        )


def indexes(content: ContentType) -> list[IndexModel]:
    """Unique ones leave out the rows that have no value: many may have none."""
    unique = [field.name for field in content.fields if field.unique]
    return [
        IndexModel([("id", ASCENDING)], name="id", unique=True),
        *(IndexModel([(name, ASCENDING)], name=name, unique=True, sparse=True) for name in unique),
        *(IndexModel([(name, ASCENDING) for name in names], name="_".join(names)) for names in content.indexes),
    ]


def validator(content: ContentType) -> Document:
    """As much as a SQL table's columns say: what else must hold is for the routes and the rules."""
    links = [relation for relation in content.relations if relation.kept]
    list_of_ids = {"bsonType": "array", "items": {"bsonType": "string"}}
    properties: dict[str, Any] = {
        "_id": {"bsonType": "string"},
        **{name: {"bsonType": _INTEGER} for name in ("id", *TIMES)},
        **{field.name: {"bsonType": _TYPES[field.kind]} for field in content.fields},
        **{link.name: list_of_ids if link.many else {"bsonType": "string"} for link in links},
    }
    required = ["_id", "id", *TIMES]
    return {"$jsonSchema": {"bsonType": "object", "required": required, "properties": properties}}


def fingerprint() -> str:
    """Differs where anything of what `migrate` makes differs."""
    made = [
        (content.name, [index.document for index in indexes(content)], validator(content))
        for content in CONTENT_TYPES.values()
    ]
    return sha256(encode(made)).hexdigest()


async def numbers(database: Database, content: str, count: int) -> range:
    """So many values of `id`, each given out once."""
    more = {"$inc": {"value": count}}
    found = await database[COUNTERS].find_one_and_update({"_id": content}, more, return_document=True)
    assert found is not None, "migrate makes the counters"
    return range(found["value"] - count + 1, found["value"] + 1)


async def _make(database: Database, content: ContentType) -> None:
    try:
        await database.create_collection(content.name, check_exists=False, validator=validator(content))
    except OperationFailure as error:
        if error.code != _NAMESPACE_EXISTS:  # as it does where somebody else makes it in this moment
            raise


async def _count_from(database: Database, counter: str, value: int) -> None:
    """A counter that is no lower, also where the rows came from a backup without it."""
    passed = {"$max": {"value": value}}
    try:
        await database[COUNTERS].update_one({"_id": counter}, passed, upsert=True)
    except DuplicateKeyError:  # somebody else made it in this moment
        await database[COUNTERS].update_one({"_id": counter}, passed)


async def _fold_usernames(database: Database) -> None:
    """Of rows from before there were folds; of those alike the first has it."""
    alike, users = 0, database["users"]
    old = {"username": {"$exists": True}, "username_fold": {"$exists": False}}
    async for row in users.find(old, {"username": 1}, sort=[("id", 1)]):
        same = {"_id": row["_id"], "username": row["username"]}
        try:
            await users.update_one(same, {"$set": {"username_fold": folded(row["username"])}})
        except DuplicateKeyError:
            alike += 1
    if alike:
        _log.warning(ALIKE, accounts=alike, advice=ALIKE_ADVICE)


async def _validate(database: Database) -> None:
    cursor = await database.list_collections()
    found = {each["name"]: each.get("options", {}).get("validator") for each in await cursor.to_list()}
    for content in CONTENT_TYPES.values():
        if found.get(content.name) != validator(content):
            try:
                await database.command("collMod", content.name, validator=validator(content))
            except OperationFailure as error:
                if error.code not in (_COMMAND_NOT_FOUND, _UNAUTHORIZED):
                    raise
                _log.warning("catalogue_not_validated", reason=str(error.details and error.details.get("errmsg")))
                return
