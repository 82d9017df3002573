"""Projection as SQL: few statements, each over many rows, since it runs beside the bids."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from msgspec.json import encode
from sqlalchemy import Dialect, Executable, bindparam, case, false, func, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from vendue.catalogue.models import BIDS as BID
from vendue.catalogue.port import Projected, Row
from vendue.catalogue.tables import AUCTIONS, BIDS, OFFSETS

CHUNK = 100
"""Rows a statement: its parameters are made on the event loop, which bids wait for."""
_BY_HAND = frozenset({"title", "car", "seller"})
_NO_BID: Row = {**{field.name: None for field in BID.fields}, "moot": False, "auction": None}


async def project(connection: AsyncConnection, changes: Projected, now_ms: int) -> None:
    """Apply the changes in the connection's transaction."""
    dialect = connection.dialect.name
    await _insert_bids(connection, changes.bids)
    voids = [{"of_auction": auction, "of": bidder, "up_to": seq} for auction, bidder, seq in changes.voids]
    await _many(connection, _void(), [{**void, "now": now_ms} for void in voids])
    await _many(connection, _unmoot(), [{"of_auction": auction, "now": now_ms} for auction, _ in changes.moots])
    moots = [{"of_auction": auction, "at": seq, "now": now_ms} for auction, seqs in changes.moots for seq in seqs]
    await _many(connection, _moot(), moots)
    alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for id, (seq, values) in changes.auctions.items():
        row = {name: value for name, value in values.items() if name not in _BY_HAND}
        times = {"createdAt": now_ms, "updatedAt": now_ms, "publishedAt": now_ms}
        alike[tuple(sorted(row))].append({**row, **times, "documentId": id, "title": id, "seq": seq})
    for names, rows in alike.items():
        await _many(connection, _auction_upsert(dialect, names), rows)
    offsets = [{"partition": partition, "next_offset": offset} for partition, offset in changes.offsets.items()]
    await _many(connection, _offset_upsert(dialect), offsets)


async def _many(connection: AsyncConnection, statement: Executable, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), CHUNK):
        await connection.execute(statement, rows[start : start + CHUNK])


async def _insert_bids(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """By the driver's own hand: SQLAlchemy's care for each parameter takes as long as the insertion itself."""
    statement, ordered = _bid_insert(connection.dialect)
    for start in range(0, len(rows), CHUNK):
        chunk = [ordered(_bid(row)) for row in rows[start : start + CHUNK]]
        await connection.exec_driver_sql(statement, chunk)


def _bid(row: Row) -> Row:
    at = row["placed_at"]
    bid = {**_NO_BID, **row, "createdAt": at, "updatedAt": at, "publishedAt": at}
    for name in ("details", "standing"):
        if bid[name] is not None:
            bid[name] = encode(bid[name]).decode()
    return bid


def _insert(dialect: str, table: Any) -> Any:
    """An insert that can say what to do on conflict; both databases spell it alike."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


@cache
def _bid_insert(dialect: Dialect) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """The statement in the driver's own form, and what puts a bid's values in its order."""
    insert = _insert(dialect.name, BIDS).on_conflict_do_nothing(index_elements=["documentId"])
    names = [column.name for column in BIDS.columns if column.name != "id"]
    compiled = insert.compile(dialect=dialect, column_keys=names)
    assert compiled.positiontup is not None, "the driver takes its parameters by place"
    return str(compiled), itemgetter(*compiled.positiontup)


@cache
def _auction_upsert(dialect: str, names: tuple[str, ...]) -> Executable:
    insert = _insert(dialect, AUCTIONS)
    changed = {name: insert.excluded[name] for name in ("seq", *names)}
    statement: Executable = insert.on_conflict_do_update(
        index_elements=["documentId"],
        set_={**changed, "updatedAt": _later(AUCTIONS.c.updatedAt, insert.excluded.updatedAt)},
        where=insert.excluded.seq > func.coalesce(AUCTIONS.c.seq, 0),
    )
    return statement


@cache
def _offset_upsert(dialect: str) -> Executable:
    insert = _insert(dialect, OFFSETS)
    statement: Executable = insert.on_conflict_do_update(
        index_elements=["partition"], set_={"next_offset": insert.excluded.next_offset}
    )
    return statement


@cache
def _void() -> Executable:
    theirs = (BIDS.c.auction == bindparam("of_auction")) & (BIDS.c.bidder == bindparam("of"))
    counted = (BIDS.c.seq <= bindparam("up_to")) & (BIDS.c.status == "accepted")
    return BIDS.update().where(theirs, counted).values(status="void", moot=False, updatedAt=_now())


@cache
def _unmoot() -> Executable:
    moot = (BIDS.c.auction == bindparam("of_auction")) & (BIDS.c.moot == true())
    return BIDS.update().where(moot).values(moot=false(), updatedAt=_now())


@cache
def _moot() -> Executable:
    bid = (BIDS.c.auction == bindparam("of_auction")) & (BIDS.c.seq == bindparam("at"))
    return BIDS.update().where(bid).values(moot=true(), updatedAt=_now())


def _now() -> Any:
    return _later(BIDS.c.updatedAt, bindparam("now"))


def _later(before: Any, now: Any) -> Any:
    """A time of change that strictly grows, whatever the clock does."""
    return case((before >= now, before + 1), else_=now)
