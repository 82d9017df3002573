"""Sealed pricing: one standing bid a bidder, highest wins, earliest of equals."""

from vendue.rules.events import Details
from vendue.rules.refusals import Refusal
from vendue.rules.terms import Terms

Envelopes = dict[str, tuple[int, int]]
"""Bidder's id -> (amount, seq at which the standing amount was first set: its priority)."""


def judge(terms: Terms, amount: int) -> Refusal | None:
    """Why an envelope is refused for its amount, if it is."""
    return None if amount >= terms.starting_price else Refusal("too_low", Details(minimum=terms.starting_price))


def put(envelopes: Envelopes, bidder: str, amount: int, seq: int) -> None:
    """Set or replace a bidder's envelope; an equal replacement keeps its priority."""
    if bidder not in envelopes or envelopes[bidder][0] != amount:
        envelopes[bidder] = (amount, seq)


def winner(envelopes: Envelopes) -> tuple[str, int] | None:
    """The (bidder, amount) that wins, or None with no envelope."""
    if not envelopes:
        return None
    bidder = min(envelopes, key=lambda each: (-envelopes[each][0], envelopes[each][1]))
    return bidder, envelopes[bidder][0]


def price(terms: Terms, envelopes: Envelopes) -> int:
    """What the winner pays. An unmet reserve counts for nothing here: then a seller approves the price as it is."""
    best = sorted((amount for amount, _ in envelopes.values()), reverse=True)
    if terms.format == "sealed_first_price":
        return best[0]
    floor = terms.starting_price
    if terms.reserve_price is not None and best[0] >= terms.reserve_price:
        floor = terms.reserve_price
    return max(best[1] if len(best) > 1 else 0, floor)
