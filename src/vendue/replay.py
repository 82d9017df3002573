"""Replay: a file of bids -> a fresh log whose clock is the file's -> the real engine."""

import asyncio
import csv
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from msgspec import Struct

from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.engine import Engine
from vendue.log.clock import LogClock
from vendue.log.port import PARTITIONS
from vendue.log.sqlite import SqliteLog
from vendue.rules.auction import Auction, apply
from vendue.rules.commands import Asked, Bid, Command, List, Tick, command_id, encode
from vendue.rules.evidence import read
from vendue.rules.money import is_amount
from vendue.rules.receipts import Receipt
from vendue.rules.terms import LAST_MOMENT, Terms

DAY_MS = 24 * 3600 * 1000
SELLER = "seller"
AT_ONCE = 1000
"""Commands on their way at a time."""

_COLUMNS = ("auction", "opening_bid_cents", "bidder", "amount_cents", "placed_at_ms")


class BadFile(Exception):
    """A row that cannot be replayed; the message names it."""


class Row(NamedTuple):
    """A bid of the file; amounts in cents, times in ms."""

    auction: str
    opening: int
    bidder: str
    amount: int
    placed_at: int
    days: int


class Outcome(Struct, frozen=True):
    """How an auction ended; `price` in cents."""

    auction: str
    status: str
    winner: str | None
    price: int | None
    accepted: int
    refused: int


class _FileClock:
    """The file's time, as wall and as monotonic clock."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> float:
        return self.ms / 1000


def read_rows(path: Path) -> list[Row]:
    """The file's bids in its order. Raises BadFile, OSError."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            names = reader.fieldnames or ()
            missing = [name for name in _COLUMNS if name not in names]
            if missing:
                raise BadFile(f"{path} has no column {', '.join(missing)}; the first line must name the columns.")
            if twice := [name for name in _COLUMNS if list(names).count(name) > 1]:
                raise BadFile(f"{path} has column {', '.join(twice)} twice; leave one.")
            rows = [_row(path, number, found) for number, found in enumerate(reader, 2)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path} cannot be read as CSV in UTF-8: {error}") from error
    if not rows:
        raise BadFile(f"{path} has no bids; each line after the first is one.")
    return rows


def _row(path: Path, number: int, found: dict[str | None, str | None]) -> Row:
    def whole(name: str) -> int:
        text = found.get(name) or ""
        if not (text.isascii() and text.isdecimal()) or len(text) > 15:
            raise BadFile(f"{path} line {number}: {name} must be a whole number, not {text!r}.")
        return int(text)

    if None in found:
        raise BadFile(f"{path} line {number}: it has more fields than the first line names.")
    row = Row(
        found["auction"] or "",
        whole("opening_bid_cents"),
        found["bidder"] or "",
        whole("amount_cents"),
        whole("placed_at_ms"),
        whole("days") if "days" in found else 0,
    )
    if not row.auction or not row.bidder or not is_amount(row.amount) or not is_amount(row.opening):
        raise BadFile(f"{path} line {number}: it needs an auction, a bidder, and amounts of 1 to 10¹² cents.")
    if row.placed_at + row.days * DAY_MS >= LAST_MOMENT:
        raise BadFile(f"{path} line {number}: placed_at_ms and days must end before the year 10000.")
    return row


async def replay(rows: Sequence[Row], increments: Literal["us", "cars"], direct: bool) -> list[Outcome]:
    """The auctions of the rows in their order, decided by the engine in the order of placed_at, equal ones as given."""
    clock = _FileClock()
    clock.ms = min((row.placed_at for row in rows), default=0)
    with TemporaryDirectory(prefix="vendue-replay-") as folder:
        log = SqliteLog(Path(folder), lambda floor: LogClock(floor, clock, clock))
        board = MemoryBoard()
        engine, desk = Engine(log, board), Desk(log, board)
        await desk.open()
        deciding = [asyncio.create_task(engine.run()), asyncio.create_task(desk.run())]
        try:
            terms = _terms(rows, increments, direct)
            await _ask_all(desk, clock, _listings(terms, clock.ms))
            receipts = await _ask_all(desk, clock, _bids(rows))
            clock.ms = max((each.ends_at for each in terms.values()), default=0)
            await log.append("bids", [(auction, encode(Tick(auction))) for auction in terms])
            ended = await _final_states(log, len(terms))
        finally:
            for task in deciding:
                task.cancel()
            await asyncio.gather(*deciding, return_exceptions=True)
            await log.close()
    accepted = Counter(receipt.auction for receipt in receipts if receipt.code is None)
    refused = Counter(receipt.auction for receipt in receipts if receipt.code is not None)
    return [
        Outcome(name, ended[name].status, ended[name].winner, ended[name].standing.price, accepted[name], refused[name])
        for name in terms
    ]


def asked_of(
    rows: Sequence[Row], increments: Literal["us", "cars"], direct: bool
) -> dict[str, list[tuple[int, Command]]]:
    """What `replay` would ask, by auction, each with its time."""
    terms = _terms(rows, increments, direct)
    found: dict[str, list[tuple[int, Command]]] = {auction: [] for auction in terms}
    for at_ms, command in (*_listings(terms, min(row.placed_at for row in rows)), *_bids(rows)):
        found[command.auction].append((at_ms, command))
    return found


def _terms(rows: Sequence[Row], increments: Literal["us", "cars"], direct: bool) -> dict[str, Terms]:
    start = min((row.placed_at for row in rows), default=0)
    last: dict[str, int] = {}
    for row in rows:
        last[row.auction] = max(last.get(row.auction, 0), row.placed_at + 1, start + row.days * DAY_MS)
    openings = {row.auction: row.opening for row in reversed(rows)}
    return {
        auction: Terms(
            format="english",
            currency="USD",
            starts_at=start,
            ends_at=end,
            starting_price=openings[auction],
            proxy=not direct,
            increments=increments,
            seller_ids=(SELLER,),
        )
        for auction, end in last.items()
    }


def _listings(terms: dict[str, Terms], at_ms: int) -> Iterator[tuple[int, Asked]]:
    for auction, each in terms.items():
        id = command_id(auction, SELLER, "list")
        yield at_ms, List(auction=auction, id=id, by=SELLER, role="seller", salt=secrets.token_hex(16), terms=each)


def _bids(rows: Sequence[Row]) -> Iterator[tuple[int, Asked]]:
    for number, row in sorted(enumerate(rows), key=lambda each: each[1].placed_at):
        yield (
            row.placed_at,
            Bid(
                auction=row.auction,
                id=command_id(row.auction, row.bidder, str(number)),
                by=row.bidder,
                role="bidder",
                salt=secrets.token_hex(16),
                amount=row.amount,
            ),
        )


async def _ask_all(desk: Desk, clock: _FileClock, commands: Iterable[tuple[int, Asked]]) -> list[Receipt]:
    async def ask(at_ms: int, command: Asked) -> Receipt:
        clock.ms = at_ms
        receipt = await desk.ask(command)
        assert receipt is not None, "the engine answers at once"
        return receipt

    found: list[Receipt] = []
    waiting: list[asyncio.Task[Receipt]] = []
    for at_ms, command in commands:
        waiting.append(asyncio.create_task(ask(at_ms, command)))
        if len(waiting) == AT_ONCE:
            found += await asyncio.gather(*waiting)
            waiting.clear()
    return found + await asyncio.gather(*waiting)


async def _final_states(log: SqliteLog, count: int) -> dict[str, Auction]:
    """The auctions as their events make them, once all are over."""
    states: dict[str, Auction] = {}
    over = 0
    async for records in log.read("auction-events", dict.fromkeys(range(PARTITIONS), 0)):
        for record in records:
            states[record.key] = apply(states.get(record.key), read(record.value))
            over += states[record.key].settled_at is not None
        if over == count:
            break
    return states
