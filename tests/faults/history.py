"""What must hold of a log and of all that anyone was told, from the files alone."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.faults.bidders import Bid
from vendue.log.port import Record
from vendue.log.sqlite_file import records_of
from vendue.rules.auction import Auction
from vendue.rules.commands import decode
from vendue.rules.decide import step

GENESIS = "0" * 64
Event = dict[str, Any]


class History:
    """A log's commands and events; made, it has been checked in itself: order, repeats, chain, and replay."""

    def __init__(self, commands: Sequence[Record], events: Sequence[Record]) -> None:
        for topic, records in (("bids", commands), ("auction-events", events)):
            _check_places(topic, records)
        self.ends = Counter(record.partition for record in commands)
        self.asked = Counter(json.loads(record.value).get("id") for record in commands)
        self.values = _without_repeats(events)
        self.events = {auction: [json.loads(value) for value in values] for auction, values in self.values.items()}
        self.decided = {
            event["hidden"]["command"]: event
            for history in self.events.values()
            for event in history
            if "hidden" in event
        }
        for auction, history in self.events.items():
            _check_chain(auction, history)
        self._check_effects()
        self.undecided = 0
        self.auctions = self._replay(commands)

    def _check_effects(self) -> None:
        """No command counts twice."""
        effects = Counter(
            event["hidden"]["command"] for each in self.events.values() for event in each if "hidden" in event
        )
        twice = {id: count for id, count in effects.items() if count > 1}
        assert not twice, f"{len(twice)} commands have more than one effect, such as {list(twice.items())[:3]}"
        assert effects.keys() <= self.asked.keys(), "events of commands that are not in the log"

    def _replay(self, commands: Sequence[Record]) -> dict[str, Auction]:
        """The auctions as the rules make them of the commands; the log's events are theirs, to the byte, so far."""
        states: dict[str, Auction | None] = {}
        expected: dict[str, list[bytes]] = {}
        for _, _, at, auction, value in commands:
            states[auction], events = step(states.get(auction), decode(value), at)
            expected.setdefault(auction, []).extend(event.value for event in events)
        assert self.values.keys() <= expected.keys()
        for auction, events in expected.items():
            logged = self.values.get(auction, [])
            assert logged == events[: len(logged)], f"a replay of {auction}'s commands gives other events"
            self.undecided += len(events) - len(logged)
        return {auction: state for auction, state in states.items() if state is not None}


def history_of(folder: Path) -> History:
    """What a data folder's log holds."""
    with closing(sqlite3.connect(f"file:{folder / 'log.db'}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")  # one moment of both, also while they grow
        return History(*(_rows(connection, column) for column in ("commands", "events")))


def _rows(connection: sqlite3.Connection, column: str) -> list[Record]:
    rows = connection.execute(f"SELECT {column} FROM commits ORDER BY number").fetchall()
    return [record for (each,) in rows for record in records_of(each)]


def _check_places(topic: str, records: Sequence[Record]) -> None:
    """Offsets without holes, times that never fall within a partition."""
    ends, before = Counter[int](), Counter[int]()
    for partition, offset, at, _, _ in records:
        assert offset == ends[partition], f"{topic}: a hole before {partition}/{offset}"
        assert at >= before[partition], f"{topic}: time fell from {before[partition]} to {at}"
        ends[partition], before[partition] = offset + 1, at


def _without_repeats(rows: Sequence[Record]) -> dict[str, list[bytes]]:
    """Auction -> its events by seq; a repeat has the same bytes."""
    found: dict[str, list[bytes]] = {}
    for _, _, _, auction, value in rows:
        seq, known = json.loads(value)["seq"], found.setdefault(auction, [])
        if seq <= len(known):
            assert known[seq - 1] == value, f"{auction} has two events {seq}"
        else:
            assert seq == len(known) + 1, f"{auction}: event {seq} follows {len(known)}"
            known.append(value)
    return found


def _check_chain(auction: str, history: list[Event]) -> None:
    """Every hash and commitment, as an auditor would compute them."""
    before = GENESIS
    for seq, event in enumerate(history, 1):
        public = {name: value for name, value in event.items() if name not in ("hash", "hidden", "salt")}
        assert public["prev"] == before, f"{auction} {seq} does not follow the event before"
        before = sha256(_canonical(public)).hexdigest()
        assert event["hash"] == before, f"{auction} {seq} has another hash"
        if "hidden" in event:
            opened = sha256(bytes.fromhex(event["salt"]) + _canonical(event["hidden"])).hexdigest()
            assert public["commitment"] == opened, f"{auction} {seq} does not open its commitment"


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def lost(bids: Sequence[Bid], history: History) -> list[Bid]:
    """The bids that were decided and are not in the log."""
    return [bid for bid in bids if bid.decisions and bid.id not in history.decided]


def check_answers(bids: Sequence[Bid], history: History) -> None:
    """Every answer ever given is in the log as it was told, and nothing that was said not to be."""
    missing = lost(bids, history)
    assert not missing, f"{len(missing)} decided bids are not in the log, such as {missing[0]}"
    for bid in bids:
        for answer in bid.decisions:
            event = history.decided[bid.id]
            assert _told(answer.json) == _true(bid, event), f"{bid.id} was told otherwise than event {event['seq']}"
            assert history.events[bid.auction][event["seq"] - 1] is event, "the event is the auction's"
        assert len({answer.body for answer in bid.decisions}) <= 1, f"two answers to {bid}"
        records = history.asked[bid.id]
        assert len(bid.decisions) <= records, f"{bid} was decided more often than it is in the log"
        assert records <= bid.sent - bid.unavailable, (
            f"{bid} was refused as unavailable and is in the log {records} times"
        )


def _told(body: Any) -> dict[str, Any]:
    if body["data"] is None:
        details = body["error"]["details"]
        return {"code": details["code"], "standing": details["standing"]}
    told = body["data"]
    names = ("documentId", "auction", "amount", "outcome", "seq", "placed_at", "standing")
    return {name: told[name] for name in names}


def _true(bid: Bid, event: Event) -> dict[str, Any]:
    hidden = event["hidden"]
    assert (hidden["by"], hidden["amount"]) == (bid.bidder, bid.amount), f"event {event['seq']} is of another bid"
    if event["type"] == "refused":
        return {"code": hidden["code"], "standing": event["standing"]}
    return {
        "documentId": bid.id,
        "auction": bid.auction,
        "amount": bid.amount,
        "outcome": event["outcome"],
        "seq": event["seq"],
        "placed_at": event["at"],
        "standing": event["standing"],
    }
