"""Commands of a sale that has no increments to speak of, so that every higher bid is accepted."""

import time
from typing import Any

from vendue.rules.commands import Bid, List, command_id
from vendue.rules.terms import Terms

DAY_MS = 24 * 3600 * 1000
SELLER = "seller"
SALT = "5a" * 16
OPENING = 100


def now_ms() -> int:
    """The time, epoch ms."""
    return time.time_ns() // 1_000_000


def listing(auction: str, starts_at: int, ends_at: int, **terms: Any) -> List:
    """Puts an auction up; English by proxy unless `terms` say otherwise."""
    if terms.get("format", "english") == "english":
        terms.setdefault("increments", ((0, 1),))
    whole = {"format": "english", "currency": "EUR", "starting_price": OPENING, "seller_ids": (SELLER,), **terms}
    id = command_id(auction, SELLER, "list")
    up = Terms(starts_at=starts_at, ends_at=ends_at, **whole)
    return List(auction=auction, id=id, by=SELLER, role="seller", salt=SALT, terms=up)


def bid(auction: str, bidder: str, number: int, amount: int) -> Bid:
    """A bid by the key `number`."""
    return Bid(
        auction=auction,
        id=command_id(auction, bidder, str(number)),
        by=bidder,
        role="bidder",
        salt=SALT,
        amount=amount,
    )
