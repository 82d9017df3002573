"""Projection: few writes, each of many rows, in an order in which it may end after any of them and begin again.

Events come first, bids before what voids them and makes them moot, these before the auctions, whose seq says that all
before it is there, and the offsets last. A reader between sees bids of which the auction does not know yet, never the
reverse.

A projector that is late, since it hung and another took its place, undoes nothing: each write says what it may follow,
an auction's its seq, a bid's the seq of the retraction that judged it last (`judged`, ours alone), an offset's itself.
"""

from collections.abc import Iterable, Mapping, Sequence

from pymongo import UpdateMany, UpdateOne, timeout
from pymongo.errors import BulkWriteError

from vendue.catalogue.mongo_document import TIMES, Database, Document, change, document
from vendue.catalogue.mongo_schema import LONG_WAIT_S, OFFSETS, numbers
from vendue.catalogue.mongo_write import taken
from vendue.catalogue.port import Overtaken, Projected, Row

WITHIN_S = 5.0
"""Of all writes of a projection: less than the group waits for a projector that hangs. Who writes later than that might
meet a catalogue that was emptied to be made anew, which no seq shows."""
_BY_HAND = frozenset({"title", "car", "seller"})
_DUPLICATE = 11000


async def project(database: Database, changes: Projected, now_ms: int) -> None:
    """Apply the changes, each write after the one before is durable. Raises Overtaken."""
    with timeout(WITHIN_S):
        found = database[OFFSETS].find({"_id": {"$in": list(changes.offsets)}})
        stored = {each["_id"]: each["next_offset"] async for each in found}
        if any(stored.get(partition, 0) != start for partition, (start, _) in changes.offsets.items()):
            raise Overtaken
        await _apply(database, changes, now_ms)


async def _apply(database: Database, changes: Projected, now_ms: int) -> None:
    first: dict[str, Row] = {}
    for row in changes.bids:
        first.setdefault(row["documentId"], _bid(row))
    times = dict.fromkeys(TIMES, now_ms)
    await _insert(database, "events", [{**row, **times} for row in changes.events])
    await _insert(database, "bids", list(first.values()))
    retractions = [*_voids(changes.voids, now_ms), *_moots(changes.moots, now_ms)]
    if retractions:
        await database["bids"].bulk_write(retractions)
    await _put_auctions(database, changes, now_ms)
    await _move(database, changes.offsets)


async def _move(database: Database, offsets: Mapping[int, tuple[int, int]]) -> None:
    """Raises Overtaken where one is no longer what it was; the others move."""
    moves = []
    for partition, (start, end) in offsets.items():
        here = {"_id": partition, "next_offset": start or {"$exists": False}}
        moves.append(UpdateOne(here, {"$set": {"next_offset": end}}, upsert=not start))
    if not moves:
        return
    try:
        done = await database[OFFSETS].bulk_write(moves, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != _DUPLICATE for each in (error.details or {})["writeErrors"]):
            raise
        raise Overtaken from None  # it is there, and should not have been yet
    if done.matched_count + done.upserted_count < len(moves):
        raise Overtaken


async def forget(database: Database) -> None:
    """Take back what was projected, the offsets first: where it ends too soon, all is projected again all the same."""
    await database[OFFSETS].delete_many({})
    with timeout(LONG_WAIT_S):
        await database["auctions"].update_many({"seq": {"$exists": True}}, {"$unset": {"seq": ""}})
        await database["bids"].delete_many({})
        await database["events"].delete_many({})


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


def _moots(moots: Iterable[tuple[str, int, Sequence[int]]], now_ms: int) -> list[UpdateMany]:
    """Each retraction by itself: a bid that it named bears its seq, also where a later one named it no more."""
    found: list[UpdateMany] = []
    for auction, seq, moot in moots:
        older = {"auction": auction, "judged": {"$not": {"$gte": seq}}}
        pairs = _later("bids", {**older, "moot": True, "seq": {"$nin": list(moot)}}, {"moot": False}, now_ms)
        pairs += _later("bids", {**older, "seq": {"$in": list(moot)}}, {"moot": True}, now_ms)
        for matching, update in pairs:
            update["$set"]["judged"] = seq
            found.append(UpdateMany(matching, update))
    return found


def _later(content: str, matching: Document, values: Row, now_ms: int) -> list[tuple[Document, Document]]:
    """The change as two, so that the time of change strictly grows: to now or, where it is not before that, by one.

    A row that the first has changed must no longer match.
    """
    return [
        ({**matching, "updatedAt": {"$lt": now_ms}}, change(content, {**values, "updatedAt": now_ms})),
        ({**matching, "updatedAt": {"$gte": now_ms}}, {**change(content, values), "$inc": {"updatedAt": 1}}),
    ]
