"""Honest records: a crowd at one auction, decided by the real rules, with all that can happen on the way.

Requests take their time to the log and are decided there in the order of their arrival; answers and requests are lost,
refused as unavailable and left pending; keys are sent again, and used for something else; frames are merged and late.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.explain.record import Answered, Bids, Frame, Looked, Page, Record, Row, You
from tests.explain.translate import body, published, told
from tests.simulation.terms import random_terms
from vendue.catalogue.visible import visible_amount
from vendue.rules.auction import Auction, alias
from vendue.rules.commands import Asked, Bid, Command, List, Tick, command_id
from vendue.rules.decide import step
from vendue.rules.events import Event, Placed, Refused
from vendue.rules.receipts import Receipt, concerned, position, receipt
from vendue.rules.standing import at_time
from vendue.rules.terms import Terms

START_MS = 1_700_000_000_000
MS = 1_000_000
AUCTION = "lot-1"


@dataclass
class Habits:
    """How often, of all requests: what goes wrong with them. `slow_ms`: the most that anything takes on its way."""

    lost: float = 0.1
    given_up: float = 0.5
    unavailable: float = 0.05
    pending: float = 0.05
    repeated: float = 0.1
    reused: float = 0.05
    without_key: float = 0.1
    slow_ms: int = 300


@dataclass
class Crowd:
    """One auction and those who bid in it. `play` runs it; `record` is what they saw."""

    seed: int
    requests: int = 60
    bidders: int = 5
    habits: Habits = field(default_factory=Habits)
    terms: dict[str, Any] = field(default_factory=dict)
    shows_history: bool = True

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.record = Record()
        self.at = 0
        self.auction: Auction | None = None
        self.events: list[Event] = []
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()
        self._sockets = {f"socket-{number}": 0 for number in range(1, 4)}
        self._positions: dict[str, int] = {}
        self._asked: list[tuple[Bid, str]] = []
        self._left = self.requests

    def play(self) -> Record:
        """From the listing to a while after the end."""
        terms = random_terms(self.chance, START_MS, 1.0)
        given = {name: getattr(terms, name) for name in Terms.__struct_fields__} | self.terms
        given["ends_at"] = max(given["ends_at"], given["starts_at"] + 500, START_MS + 500)
        terms = Terms(**given)
        self._decide(List(**self._common(AUCTION, "seller1", "list"), role="seller", terms=terms))
        if self.auction is None:
            return self.record  # the terms were not valid
        self.record.note(published(AUCTION, self.auction.terms, knows_reserve=self.chance.random() < 0.5))
        for number in range(1, self.bidders + 1):
            self._later(lambda name=f"bidder{number}": self._act(name))
        self._later(self._tick)
        while self._agenda:
            self.at, _, act = heapq.heappop(self._agenda)
            act()
        self.at += 10_000 * MS
        if self.auction.status in ("sold", "unsold") and self.shows_history:
            self._read_all()
        return self.record

    # The way through the system

    def _later(self, act: Callable[[], None], within_ms: int | None = None) -> None:
        after = self.chance.random() ** 3 * (within_ms or self.habits.slow_ms) * MS
        heapq.heappush(self._agenda, (self.at + 1 + int(after), next(self._numbers), act))

    def _now_ms(self) -> int:
        return START_MS + self.at // MS

    def _common(self, auction: str, by: str, key: str) -> dict[str, str]:
        salt = f"{self.chance.getrandbits(64):016x}"
        return {"auction": auction, "id": command_id(auction, by, key), "by": by, "salt": salt}

    def _decide(self, command: Command) -> Receipt | None:
        leader = self.auction.ladder.leader if self.auction else None
        self.auction, events = step(self.auction, command, self._now_ms())
        self.events += events
        if self.auction is not None:
            for event in events:
                self._show(event, leader)
        return receipt(command, self.auction, events, self._now_ms()) if isinstance(command, Asked) else None

    def _tick(self) -> None:
        self._decide(Tick(AUCTION))
        if self.auction is not None and self.auction.settled_at is None:
            self._later(self._tick, 2_000)

    def _show(self, event: Event, leader: str | None) -> None:
        """Every socket hears of it later, or of what is newer instead."""
        if isinstance(event.body, Refused) or self.auction is None:
            return
        for socket in self._sockets:
            self._later(lambda socket=socket: self._push(socket))
        told_too = [bidder for bidder in concerned(event, leader, self.auction) if self.chance.random() < 0.5]
        for bidder in told_too:
            you, socket = body(position(self.auction, bidder)), f"of {bidder}"
            self._later(lambda you=you, bidder=bidder, socket=socket: self._push_you(socket, bidder, you))

    def _push(self, socket: str) -> None:
        if self.auction is None or self.chance.random() < 0.3:
            return
        seq = self._sockets[socket]
        newer = [event.body for event in self.events[seq:] if not isinstance(event.body, Refused)]
        if newer:
            shown = self.chance.choice(newer[-2:]).standing
            self._sockets[socket] = shown.seq
            self.record.note(Frame(self.at, socket, body(at_time(shown, self._now_ms())), self._now_ms()))

    def _push_you(self, socket: str, bidder: str, you: dict[str, Any]) -> None:
        if you["seq"] > self._positions.get(socket, 0):
            self._positions[socket] = you["seq"]
            self.record.note(You(self.at, socket, bidder, you))

    # The bidders

    def _act(self, name: str) -> None:
        if self._left <= 0 or self.auction is None or self._now_ms() > self.auction.ends_at + 5_000:
            return
        self._left -= 1
        self._send(self._choose(name))

    def _choose(self, name: str) -> tuple[Bid, str]:
        chance, habits = self.chance, self.habits
        own = [(bid, key) for bid, key in self._asked[-200:] if bid.by == name and key]
        if own and chance.random() < habits.repeated:
            return chance.choice(own)
        key = "" if chance.random() < habits.without_key else f"key-{next(self._numbers)}"
        if own and key and chance.random() < habits.reused:
            key = chance.choice(own)[1]
        bid = Bid(**self._common(AUCTION, name, key or f"{next(self._numbers)}"), role="bidder", **self._content())
        return bid, key

    def _content(self) -> dict[str, Any]:
        assert self.auction is not None
        chance, shown = self.chance, self.auction.standing
        least = shown.minimum_next or shown.price or 1000
        if shown.buy_now_price and chance.random() < 0.02:
            return {"amount": shown.buy_now_price, "kind": "buy_now"}
        step_up = chance.choice((0, 0, 50, 100, 250, 1000))
        amount = least + step_up if chance.random() < 0.85 else max(1, least - chance.randrange(1, 500))
        return {"amount": amount if chance.random() < 0.97 else least * 4, "confirm_jump": chance.random() < 0.2}

    def _send(self, what: tuple[Bid, str]) -> None:
        bid, key = what
        self._asked.append(what)
        more = {"key": key, "kind": bid.kind, "confirm_jump": bid.confirm_jump}
        number = self.record.sent(self.at, bid.by, AUCTION, bid.amount, **more)
        draw, habits = self.chance.random(), self.habits
        if draw < habits.unavailable:
            self._later(lambda: self._told(number, what, 503, None))
        elif draw < habits.unavailable + habits.lost / 2:
            self._lose(number, what)
        else:
            self._later(lambda: self._arrive(number, what))

    def _arrive(self, number: int, what: tuple[Bid, str]) -> None:
        answer, draw, habits = self._decide(what[0]), self.chance.random(), self.habits
        if draw < habits.lost / 2:
            self._lose(number, what)
        elif draw < habits.lost / 2 + habits.pending and what[1]:
            self._later(lambda: self._told(number, what, 202, None))
            self._later(lambda: self._look(what, answer), 3_000)
        else:
            self._later(lambda: self._told(number, what, 409 if answer and answer.code else 201, answer))

    def _told(self, number: int, what: tuple[Bid, str], status: int, answer: Receipt | None) -> None:
        self.record.note(Answered(number, self.at, status, told(answer) if answer else None))
        self._later(lambda: self._act(what[0].by), 1_000)

    def _look(self, what: tuple[Bid, str], answer: Receipt | None) -> None:
        assert answer is not None
        decision = told(answer)
        first = answer.code != "key_reused"  # the page of a bid shows what its key was used for
        if decision is not None and first:
            bid = what[0]
            self.record.note(Looked(self.at, bid.by, AUCTION, what[1], 200, bid.amount, bid.kind, decision))

    def _lose(self, number: int, what: tuple[Bid, str]) -> None:
        """The connection breaks; some ask again."""
        if self.chance.random() < 0.5:
            self._later(lambda: self.record.note(Answered(number, self.at, 0)))
        if what[1] and self.chance.random() > self.habits.given_up:
            self._later(lambda: self._send(what), 2_000)
        else:
            self._later(lambda: self._act(what[0].by), 1_000)

    # The end

    def _read_all(self) -> None:
        assert self.auction is not None
        shown = body(self.auction.standing)
        self.record.note(Page(self.at, shown))
        row = {"price": shown["price"], "format": self.auction.terms.format}
        rows = []
        for event in self.events:
            if isinstance(event.body, Placed) and event.hidden is not None:
                bid = {"status": "accepted", "maximum": event.hidden.amount}
                name = alias(self.auction.aliases[event.hidden.by])
                placed, amount = event.body, visible_amount(bid, row)
                rows.append(Row(placed.seq, name, "accepted", placed.outcome, amount, placed.at))
        self.record.note(Bids(self.at, AUCTION, self.auction.seq, rows, shown["price"]))
