"""An auction in few words, decided by the real rules: for examples, and with the oracle beside it (match.py)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from msgspec import convert

from vendue.rules import commands
from vendue.rules.auction import Auction
from vendue.rules.commands import Asked, Command, Tick, command_id
from vendue.rules.decide import step
from vendue.rules.events import Event
from vendue.rules.receipts import Receipt, receipt
from vendue.rules.standing import Standing, at_time
from vendue.rules.terms import Terms

END = 1_000_000
DAY = 24 * 3600 * 1000
DUTCH: dict[str, Any] = {"format": "dutch", "decrement": 300, "decrement_every_ms": 1000, "floor_price": 200}


def terms(**changes: Any) -> Terms:
    """Terms of an English auction in dollars from 0 to END, starting at 10.00 in steps of `us`, with changes."""
    plain: dict[str, Any] = {"format": "english", "currency": "USD", "starts_at": 0, "ends_at": END}
    steps = {"increments": "us"} if changes.get("format", "english") == "english" else {}
    return convert(plain | {"starting_price": 1000} | steps | changes, Terms)


class Sale:
    """One auction with its log of (command, stamp), its events, and the answer to each command."""

    def __init__(self) -> None:
        self.auction: Auction | None = None
        self.log: list[tuple[Command, int]] = []
        self.events: list[Event] = []
        self.answer: Receipt | None = None

    @property
    def now(self) -> Auction:
        assert self.auction is not None, "not listed"
        return self.auction

    @property
    def standing(self) -> Standing:
        """As it is read at the auction's own time."""
        return at_time(self.now.standing, self.now.now)

    def send(self, command: Command, at: int) -> list[Event]:
        """Decide one record of the log; the events that came of it."""
        self.log.append((command, at))
        self.auction, events = step(self.auction, command, at)
        self.events += events
        self.answer = None if isinstance(command, Tick) else receipt(command, self.auction, events, at)
        return events

    def tick(self, at: int) -> Standing:
        self.send(Tick("A"), at)
        return self.standing

    def ask(self, name: str, by: str, role: str, at: int, key: str | None = None, **content: Any) -> Receipt:
        """Send the command of that name; a new key unless one is given."""
        key = f"key {len(self.log)}" if key is None else key
        salt = sha256(f"salt {len(self.log)}".encode()).hexdigest()[:32]
        kind: Any = getattr(commands, name)
        command: Asked = kind(auction="A", id=command_id("A", by, key), by=by, role=role, salt=salt, **content)
        self.send(command, at)
        assert self.answer is not None
        return self.answer

    def bid(self, by: str, amount: int, at: int, role: str = "bidder", **more: Any) -> str:
        """What a bid comes to: its outcome or the refusal's code, with the number that goes with it."""
        answer = self.ask("Bid", by, role, at, amount=amount, **more)
        return told(answer)

    def buy(self, by: str, amount: int, at: int, **more: Any) -> str:
        return self.bid(by, amount, at, kind="buy_now", **more)

    def do(self, name: str, at: int, by: str = "ada", role: str = "auctioneer", **content: Any) -> str:
        """What another command comes to, by an auctioneer unless another role is given: `accepted` or the code."""
        return told(self.ask(name, by, role, at, **content))

    def retract(self, bidder: str, at: int, reason: str = "by mistake", **more: Any) -> str:
        return self.do("Retract", at, bidder=bidder, reason=reason, **more)


def told(answer: Receipt) -> str:
    details = answer.details
    numbers = (details.minimum, details.maximum, details.price, details.late_by_ms)
    number = next((f" {each}" for each in numbers if each is not None), "")
    return f"{answer.outcome or answer.code or 'accepted'}{number}"


def listed(at: int = 0, /, **changes: Any) -> Sale:
    """A sale whose listing was stamped `at`, with `terms(**changes)`."""
    sale = Sale()
    sale.ask("List", "sam", "seller", at, terms=terms(**changes))
    return sale
