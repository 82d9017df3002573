"""Projection: few writes, each of many rows, in an order in which it may end after any of them and begin again.

Bids come before what voids them and makes them moot, these before the auctions, whose seq says that all before it is
there, and the offsets last. A reader between sees bids of which the auction does not know yet, never the reverse.
"""

from collections.abc import Iterable, Sequence

from pymongo import UpdateMany, UpdateOne, timeout
from pymongo.errors import BulkWriteError

from vendue.catalogue.mongo_document import TIMES, Database, Document, change, document
from vendue.catalogue.mongo_schema import LONG_WAIT_S, OFFSETS, numbers
from vendue.catalogue.mongo_write import taken
from vendue.catalogue.port import Projected, Row

_BY_HAND = frozenset({"title", "car", "seller"})
_DUPLICATE = 11000


async def project(database: Database, changes: Projected, now_ms: int) -> None:
    """Apply the changes, each write after the one before is durable."""
    first: dict[str, Row] = {}
    for row in changes.bids:
        first.setdefault(row["documentId"], _bid(row))
    await _insert(database, "bids", list(first.values()))
    judged = [*_voids(changes.voids, now_ms), *_moots(changes.moots, now_ms)]
    if judged:
        await database["bids"].bulk_write(judged)
    await _put_auctions(database, changes, now_ms)
    moved = [
        UpdateOne({"_id": partition}, {"$set": {"next_offset": offset}}, upsert=True)
        for partition, offset in changes.offsets.items()
    ]
    if moved:
        await database[OFFSETS].bulk_write(moved)


async def forget(database: Database) -> None:
    """Take back what was projected, the offsets first: where it ends too soon, all is projected again all the same."""
    await database[OFFSETS].delete_many({})
    with timeout(LONG_WAIT_S):
        await database["auctions"].update_many({"seq": {"$exists": True}}, {"$unset": {"seq": ""}})
        await database["bids"].delete_many({})


def _bid(row: Row) -> Row:
    return {**row, "moot": False, **dict.fromkeys(TIMES, row["placed_at"])}


async def _insert(database: Database, content: str, rows: Sequence[Row]) -> set[str]:
    """Insert those that are not there; the documentIds of those that were."""
    if not rows:
        return set()
    ids = await numbers(database, content, len(rows))
    made = [document(content, {**row, "id": id}) for row, id in zip(rows, ids, strict=True)]
    try:
        await database[content].insert_many(made, ordered=False)
    except BulkWriteError as error:
        details = error.details or {}
        refused = details["writeErrors"]
        others = [each for each in refused if each["code"] != _DUPLICATE or taken(each) != "documentId"]
        if others or details["writeConcernErrors"]:
            raise
        return {each["op"]["_id"] for each in refused}
    return set()


async def _put_auctions(database: Database, changes: Projected, now_ms: int) -> None:
    """New ones are inserted whole, others changed where their seq is lower; it may be both, of two who project."""
    auctions = changes.auctions
    if not auctions:
        return
    found = database["auctions"].find({"_id": {"$in": list(auctions)}}, {"_id": 1})
    there = {each["_id"] async for each in found}
    times = dict.fromkeys(TIMES, now_ms)
    rows = {id: {**_decided(values), "seq": seq} for id, (seq, values) in auctions.items()}
    new = [{**row, **times, "documentId": id, "title": id} for id, row in rows.items() if id not in there]
    there |= await _insert(database, "auctions", new)
    updates: list[UpdateOne] = []
    for id in there:
        older = {"_id": id, "seq": {"$not": {"$gte": rows[id]["seq"]}}}
        updates += [UpdateOne(*pair) for pair in _later("auctions", older, rows[id], now_ms)]
    if updates:
        await database["auctions"].bulk_write(updates)


def _decided(values: Row) -> Row:
    return {name: value for name, value in values.items() if name not in _BY_HAND}


def _voids(voids: Iterable[tuple[str, str, int]], now_ms: int) -> list[UpdateMany]:
    found: list[UpdateMany] = []
    for auction, bidder, seq in voids:
        counted = {"auction": auction, "bidder": bidder, "seq": {"$lte": seq}, "status": "accepted"}
        pair = _later("bids", counted, {"status": "void", "moot": False}, now_ms)
        found += [UpdateMany(matching, update) for matching, update in pair]
    return found


def _moots(moots: Sequence[tuple[str, Sequence[int]]], now_ms: int) -> list[UpdateMany]:
    pairs: list[tuple[Document, Document]] = []
    for auction, _ in moots:
        pairs += _later("bids", {"auction": auction, "moot": True}, {"moot": False}, now_ms)
    for auction, seqs in moots:
        matching = {"auction": auction, "seq": {"$in": list(seqs)}, "moot": {"$ne": True}}
        pairs += _later("bids", matching, {"moot": True}, now_ms)
    return [UpdateMany(matching, update) for matching, update in pairs]


def _later(content: str, matching: Document, values: Row, now_ms: int) -> list[tuple[Document, Document]]:
    """The change as two, so that the time of change strictly grows: to now or, where it is not before that, by one.

    A row that the first has changed must no longer match.
    """
    return [
        ({**matching, "updatedAt": {"$lt": now_ms}}, change(content, {**values, "updatedAt": now_ms})),
        ({**matching, "updatedAt": {"$gte": now_ms}}, {**change(content, values), "$inc": {"updatedAt": 1}}),
    ]
