"""What must hold of a finished history: the log's file against the rules and against all that anyone was told."""

import json
import sqlite3
from collections import Counter
from hashlib import sha256
from typing import Any

from msgspec import DecodeError
from msgspec.json import Encoder

from tests.simulation.world import World
from vendue.chain import GENESIS
from vendue.log.port import Record
from vendue.log.sqlite_file import records_of
from vendue.rules.auction import ANSWERS_KEPT_MS, Auction
from vendue.rules.commands import Tick, decode
from vendue.rules.decide import step
from vendue.rules.events import Closed, Event
from vendue.rules.evidence import read
from vendue.rules.receipts import Receipt, position, receipt
from vendue.rules.standing import Standing

BIDDING_ENDS = ("sold", "unsold", "pending_approval", "cancelled")
SETTLED = ("sold", "unsold", "cancelled")

_json = Encoder()


def check(world: World) -> None:
    """Fails the world at the first thing that does not hold."""
    connection = sqlite3.connect(world.folder / "log.db")
    try:
        bids = _rows(world, connection, "commands")
        decided = _rows(world, connection, "events")
    finally:
        connection.close()
    expected = _Replay(world)
    for row in bids:
        expected.take(row)
    events = _without_repeats(world, decided)
    world.must(events.keys() == expected.events.keys(), f"events of {sorted(events)}, not {sorted(expected.events)}")
    for auction, history in events.items():
        _check_same(world, auction, history, expected.events[auction])
        _check_chain(world, auction, history)
        _check_life(world, auction, [read(value) for value in history])
    _check_shown(world, events)
    expected.check_answers()
    world.must(not expected.unproven, f"shown at no end of a step: {sorted(expected.unproven)[:3]}")
    for auction, history in sorted(events.items()):
        world.note(f"history {auction} {len(history)} {sha256(b''.join(history)).hexdigest()}")


def _rows(world: World, connection: sqlite3.Connection, column: str) -> list[Record]:
    """All records, partition by partition; offsets without holes, times that never fall."""
    found = []
    ends, before = Counter[int](), Counter[int]()
    for (rows,) in connection.execute(f"SELECT {column} FROM commits ORDER BY number"):
        for record in records_of(rows):
            partition, offset, at, _, _ = record
            world.must(offset == ends[partition], f"{column}: a hole before {partition}/{offset}")
            world.must(at >= before[partition], f"{column}: time fell from {before[partition]} to {at}")
            ends[partition], before[partition] = offset + 1, at
            found.append(record)
    return sorted(found)


class _Replay:
    """The bids from scratch through the rules."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._auctions: dict[str, Auction | None] = {}
        self.events: dict[str, list[bytes]] = {}
        self.receipts: dict[str, Receipt] = {}
        self.unproven = {place for place, update in world.updates.items()}

    def take(self, row: Record) -> None:
        """The next command."""
        try:
            command = decode(row.value)
        except DecodeError:
            return
        auction, events = step(self._auctions.get(row.key), command, row.at)
        self._auctions[row.key] = auction
        if events:
            self.events.setdefault(row.key, []).extend(event.value for event in events)
        if auction is not None:
            self._check_positions(auction)
        if not isinstance(command, Tick):
            self._world.must(command.salt in self._world.attempts, "a command in the log that nobody sent")
            self._world.must(command.salt not in self.receipts, f"{command.id} as {command.salt} is in the log twice")
            self.receipts[command.salt] = receipt(command, auction, events, row.at)

    def _check_positions(self, auction: Auction) -> None:
        place = (auction.id, auction.seq)
        if place not in self.unproven:
            return
        self.unproven.discard(place)
        for bidder, shown in self._world.updates[place].positions.items():
            true = _json.encode(position(auction, bidder))
            self._world.must(shown == true, f"{bidder} was shown {shown!r} in {place}, not {true!r}")

    def check_answers(self) -> None:
        """Every answer ever given agrees with the log."""
        for salt, attempt in self._world.attempts.items():
            logged, answer = self.receipts.get(salt), attempt.answer
            what = f"{attempt.command.id} as {salt[:6]}"
            if answer == "refused":
                self._world.must(logged is None, f"{what} was refused as unavailable and is in the log")
            elif isinstance(answer, Receipt):
                self._world.must(logged is not None, f"{what} was answered and is not in the log")
                self._world.must(answer == logged, f"{what} was told {answer}, the log says {logged}")
                self._check_event(answer, what)

    def _check_event(self, answer: Receipt, what: str) -> None:
        if answer.seq is None:
            return
        event = read(self.events[answer.auction][answer.seq - 1])
        hidden = event.hidden
        self._world.must(hidden is not None and hidden.command == answer.id, f"{what}: event {answer.seq} is another's")
        assert hidden is not None
        told = (answer.at, answer.code, answer.outcome, answer.standing)
        true = (event.body.at, hidden.code, getattr(event.body, "outcome", None), event.body.standing)
        self._world.must(told == true, f"{what} was told {told}, event {answer.seq} says {true}")


def _without_repeats(world: World, rows: list[Record]) -> dict[str, list[bytes]]:
    """Auction -> its events by seq; a repeat has the same bytes, and nothing is missing before a first."""
    events: dict[str, list[bytes]] = {}
    for row in rows:
        seq, known = json.loads(row.value)["seq"], events.setdefault(row.key, [])
        if seq <= len(known):
            world.must(known[seq - 1] == row.value, f"{row.key} has two events of seq {seq}")
            continue
        world.must(seq == len(known) + 1, f"{row.key}: event {seq} follows {len(known)}")
        known.append(row.value)
    return events


def _check_same(world: World, auction: str, history: list[bytes], expected: list[bytes]) -> None:
    for seq, (logged, replayed) in enumerate(zip(history, expected, strict=False), 1):
        world.must(logged == replayed, f"{auction} {seq} is {logged!r}; a replay gives {replayed!r}")
    world.must(len(history) == len(expected), f"{auction} has {len(history)} events; a replay gives {len(expected)}")


def _check_chain(world: World, auction: str, history: list[bytes]) -> None:
    """As an auditor would, from JSON alone."""
    before = GENESIS
    for seq, value in enumerate(history, 1):
        whole = json.loads(value)
        hidden, salt, digest = whole.pop("hidden", None), whole.pop("salt", ""), whole.pop("hash")
        world.must(whole["prev"] == before, f"{auction} {seq} does not follow the event before")
        world.must(sha256(_canonical(whole)).hexdigest() == digest, f"{auction} {seq} has another hash")
        commitment = "" if hidden is None else sha256(bytes.fromhex(salt) + _canonical(hidden)).hexdigest()
        world.must(whole["commitment"] == commitment, f"{auction} {seq} does not open its commitment")
        before = digest


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _check_life(world: World, auction: str, events: list[Event]) -> None:
    """Bidding ends once, one wins, each key counts once, and after the last process all is over."""
    ends, winners, settled_at = 0, set(), None
    answered: set[str] = set()
    before: Standing | None = None
    for event in events:
        standing = event.body.standing
        if standing.status in BIDDING_ENDS and (before is None or before.status in ("scheduled", "live")):
            ends += 1
        if isinstance(event.body, Closed):
            due = before.ends_at if before else None
            world.must(standing.closed_at == event.body.at == standing.ends_at == due, f"{auction} closed beside time")
        if standing.status == "sold":
            winners.add((standing.leader, standing.hammer_price))
        if settled_at is None and standing.status in SETTLED:
            settled_at = event.body.at
        expired = settled_at is not None and event.body.at >= settled_at + ANSWERS_KEPT_MS
        if event.hidden is not None and event.hidden.code != "key_reused" and not expired:
            world.must(event.hidden.command not in answered, f"{auction}: {event.hidden.command} counts twice")
            answered.add(event.hidden.command)
        world.must(before is None or standing.ends_at >= before.ends_at or not _bidding(before), "the end came earlier")
        before = standing
    world.must(ends == 1 and settled_at is not None, f"{auction}: {ends} ends, settled at {settled_at}")
    world.must(len(winners) <= 1, f"{auction} was sold as {winners}")


def _bidding(standing: Standing) -> bool:
    return standing.status == "live"


def _check_shown(world: World, events: dict[str, list[bytes]]) -> None:
    """Nobody saw a standing that is not in the final history."""
    for (auction, seq), update in world.updates.items():
        history = events.get(auction, [])
        world.must(1 <= seq <= len(history), f"{auction} was shown at {seq}; it has {len(history)} events")
        standing = read(history[seq - 1]).body.standing
        world.must(update.standing == _json.encode(standing), f"{auction} {seq} was shown as {update.standing!r}")
        world.must(update.live == (standing.status == "live"), f"{auction} {seq} was shown as live={update.live}")
