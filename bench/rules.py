"""Bids decided per second by the rules alone: decide, apply and the receipt; no log, no board, no network."""

import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Any

from bench.command import main
from bench.figures import Effort, Figure, in_turns
from bench.sale import DAY_MS, OPENING, bid, listing
from vendue.rules.auction import Auction
from vendue.rules.commands import Bid, Tick
from vendue.rules.decide import step
from vendue.rules.receipts import receipt

BIDDERS = 50
CHUNK = 500
AUCTION_BIDS = 10_000
"""Bids until a new auction begins, so that every round measures the same lengths."""
START = 1_700_000_000_000
_DUTCH = {"decrement": 1, "decrement_every_ms": DAY_MS, "floor_price": 1, "starting_price": 10**9}
KINDS: dict[str, dict[str, Any]] = {
    "english, proxy": {},
    "english, direct": {"proxy": False},
    "sealed": {"format": "sealed_second_price"},
    "dutch, refused": {"format": "dutch", **_DUTCH},
}

Decider = Callable[[Auction, Bid, int], object]


def judge(auction: Auction, command: Bid, now: int) -> object:
    """What the engine does with a bid, as far as rules go."""
    after, events = step(auction, command, now)
    return receipt(command, after, events, now)


def nothing(auction: Auction, command: Bid, now: int) -> object:  # noqa: ARG001  # it has judge's arguments
    """The limit: a call that does nothing."""
    return None


def _auction(terms: dict[str, Any]) -> Auction:
    auction, _ = step(None, listing("car", START, START + DAY_MS, **terms), START)
    auction, _ = step(auction, Tick("car"), START + 1)
    assert auction is not None and auction.status == "live"
    return auction


def _bids() -> Iterator[Bid]:
    for number in count():
        yield bid("car", f"bidder-{number % BIDDERS}", number, OPENING + number)


def per_second(decide: Decider, terms: dict[str, Any], seconds: float) -> float:
    """Decisions a second; making the bids and the auctions is not counted."""
    spent, done = 0.0, 0
    auction, bids = _auction(terms), _bids()
    while spent < seconds:
        if done % AUCTION_BIDS == 0:
            auction, bids = _auction(terms), _bids()
        chunk = list(islice(bids, CHUNK))
        start = time.perf_counter()
        for command in chunk:
            decide(auction, command, START + 2)
        spent += time.perf_counter() - start
        done += CHUNK
    return done / spent


def figures(effort: Effort) -> list[Figure]:
    """A figure a format."""
    found = []
    seconds = effort.seconds / 5
    for name, terms in KINDS.items():

        def subject(terms: dict[str, Any] = terms) -> float:
            return per_second(judge, terms, seconds)

        def limit(terms: dict[str, Any] = terms) -> float:
            return per_second(nothing, terms, seconds / 10)

        value, beside = in_turns(effort.rounds, subject, limit)
        found.append(Figure(f"rules: {name}", value, "bids/s", beside, "empty calls"))
    return found


if __name__ == "__main__":
    main(figures)
