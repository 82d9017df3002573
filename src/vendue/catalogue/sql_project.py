"""Projection as SQL: few statements, each over many rows, since it runs beside the bids."""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

from msgspec.json import encode
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Table,
    bindparam,
    case,
    false,
    func,
    literal_column,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from vendue.catalogue.models import BIDS as BID
from vendue.catalogue.models import EVENTS as EVENT
from vendue.catalogue.port import Overtaken, Projected, Row
from vendue.catalogue.tables import AUCTIONS, BIDS, EVENTS, OFFSETS

ROWS_AT_ONCE = (128, 16)
"""Rows a statement, few sizes so that they stay prepared. A statement lets the interpreter go once, not once a row."""
_BY_HAND = frozenset({"title", "car", "seller"})
_TIMES = ("createdAt", "updatedAt", "publishedAt")
_EVENT = frozenset({"documentId", *(field.name for field in EVENT.fields)})
_BID: Row = {"documentId": None, "auction": None} | {field.name: None for field in BID.fields if field.name != "moot"}

Clause = Callable[[Any, tuple[str, ...]], Any]
"""From an insert and its columns to the same with what to do where a row is there."""


def project(connection: Connection, changes: Projected, now_ms: int) -> None:
    """Apply the changes in the connection's transaction. Raises Overtaken."""
    _move(connection, changes)
    _put(
        connection,
        EVENTS,
        {*_EVENT, *_TIMES},
        [{**row, **dict.fromkeys(_TIMES, now_ms)} for row in changes.events],
        _kept,
    )
    _put(connection, BIDS, {*_BID, *_TIMES}, [_bid(row) for row in changes.bids], _kept)
    voids = [{"of_auction": auction, "of": bidder, "up_to": seq} for auction, bidder, seq in changes.voids]
    _many(connection, _VOID, [{**void, "now": now_ms} for void in voids])
    last = {auction: moot for auction, _, moot in changes.moots}
    _many(connection, _UNMOOT, [{"of_auction": auction, "now": now_ms} for auction in last])
    moots = [{"of_auction": auction, "at": seq, "now": now_ms} for auction, seqs in last.items() for seq in seqs]
    _many(connection, _MOOT, moots)
    alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    times = dict.fromkeys(_TIMES, now_ms)
    for id, (seq, values) in changes.auctions.items():
        row = {name: value for name, value in values.items() if name not in _BY_HAND}
        alike[tuple(row)].append({**row, **times, "documentId": id, "title": id, "seq": seq})
    for names, rows in alike.items():
        _put(connection, AUCTIONS, {*names, *_TIMES, "documentId", "title", "seq"}, rows, _newer)


def _move(connection: Connection, changes: Projected) -> None:
    """The offsets first: who projects the same partition waits, and then finds them moved."""
    for partition, (start, end) in sorted(changes.offsets.items()):
        if start:
            moved = connection.execute(_MOVE, {"of": partition, "start": start, "end": end}).rowcount
        else:
            begun = {"partition": partition, "next_offset": end}
            try:
                moved = connection.execute(OFFSETS.insert(), begun).rowcount
            except IntegrityError:
                moved = 0
        if not moved:
            raise Overtaken


def forget(connection: Connection) -> None:
    """Take back what was projected in the connection's transaction, the offsets first, as `project` does."""
    connection.execute(OFFSETS.delete())
    connection.execute(BIDS.delete())
    connection.execute(EVENTS.delete())
    connection.execute(AUCTIONS.update().where(AUCTIONS.c.seq.is_not(None)).values(seq=None))


def _many(connection: Connection, statement: Executable, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(statement, rows)


def _put(connection: Connection, table: Table, columns: Set[str], rows: Sequence[Row], clause: Clause) -> None:
    """Insert by the driver's own hand: SQLAlchemy's care for each parameter takes as long as the insertion itself."""
    dialect, done = connection.dialect, 0
    names = tuple(column.name for column in table.columns if column.name in columns)
    jsons = [name for name in names if isinstance(table.c[name].type, JSON)]
    values = itemgetter(*names)
    for count in ROWS_AT_ONCE:
        while len(rows) - done >= count:
            chunk = rows[done : done + count]
            _encode(chunk, jsons)
            statement = _insert(dialect, table, names, count, clause)
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(map(values, chunk))))
            done += count
    if done < len(rows):
        _encode(rows[done:], jsons)
        connection.exec_driver_sql(_insert(dialect, table, names, 1, clause), [values(row) for row in rows[done:]])


def _encode(rows: Sequence[Row], names: Sequence[str]) -> None:
    for name in names:
        for row in rows:
            if row[name] is not None:
                row[name] = encode(row[name]).decode()


def _bid(row: Row) -> Row:
    at = row["placed_at"]
    return {**_BID, **row, "createdAt": at, "updatedAt": at, "publishedAt": at}


@cache
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...], count: int, clause: Clause) -> str:
    """The statement in the driver's own form, for `count` rows with their values in the order of `names`."""
    fixed: dict[str, Any] = {"moot": false()} if table is BIDS else {}
    rows = [fixed | {name: bindparam(f"{name}_{n}", type_=table.c[name].type) for name in names} for n in range(count)]
    both = postgresql if dialect.name == "postgresql" else sqlite  # both databases spell it alike
    compiled = clause(both.insert(table).values(rows), names).compile(dialect=dialect)
    expected = [f"{name}_{n}" for n in range(count) for name in names]
    assert compiled.positiontup == expected, "the driver takes its parameters by place"
    return str(compiled)


def _kept(insert: Any, _: tuple[str, ...]) -> Any:
    return insert.on_conflict_do_nothing(index_elements=["documentId"])


def _newer(insert: Any, names: tuple[str, ...]) -> Any:
    changed = {name: insert.excluded[name] for name in names if name not in ("documentId", "title", *_TIMES)}
    return insert.on_conflict_do_update(
        index_elements=["documentId"],
        set_={**changed, "updatedAt": _later(AUCTIONS.c.updatedAt, insert.excluded.updatedAt)},
        where=insert.excluded.seq > func.coalesce(AUCTIONS.c.seq, literal_column("0")),
    )


def _later(before: Any, now: Any) -> ColumnElement[int]:
    """A time of change that strictly grows, whatever the clock does."""
    return case((before >= now, before + literal_column("1")), else_=now)


_MOVE = (
    OFFSETS.update()
    .where(OFFSETS.c.partition == bindparam("of"), OFFSETS.c.next_offset == bindparam("start"))
    .values(next_offset=bindparam("end"))
)
_NOW = _later(BIDS.c.updatedAt, bindparam("now"))
_OF_AUCTION = BIDS.c.auction == bindparam("of_auction")
_COUNTED = (BIDS.c.seq <= bindparam("up_to")) & (BIDS.c.status == "accepted")
_VOID = (
    BIDS.update()
    .where(_OF_AUCTION, BIDS.c.bidder == bindparam("of"), _COUNTED)
    .values(status="void", moot=false(), updatedAt=_NOW)
)
_UNMOOT = BIDS.update().where(_OF_AUCTION, BIDS.c.moot == true()).values(moot=false(), updatedAt=_NOW)
_MOOT = BIDS.update().where(_OF_AUCTION, BIDS.c.seq == bindparam("at")).values(moot=true(), updatedAt=_NOW)
