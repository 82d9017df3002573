"""English pricing: who leads and at what price after a bid, by proxy (maximums) or direct (each bid is the price)."""

from collections.abc import Iterable
from typing import NamedTuple

from vendue.rules.events import Details, Outcome
from vendue.rules.increments import increment
from vendue.rules.refusals import Refusal
from vendue.rules.terms import Terms


class Ladder(NamedTuple):
    """Who leads (a bidder's id), up to what maximum, the best amount of any other bidder, and the price."""

    leader: str | None = None
    maximum: int = 0
    second: int | None = None
    price: int | None = None


EMPTY = Ladder()


def step(terms: Terms, price: int) -> int:
    """The increment above a price."""
    assert terms.increments is not None, "terms were completed"
    return increment(terms.increments, terms.currency, price)


def minimum_next(terms: Terms, ladder: Ladder) -> int:
    """The least that a bidder who does not lead may bid."""
    return terms.starting_price if ladder.price is None else ladder.price + step(terms, ladder.price)


def reserve_met(terms: Terms, ladder: Ladder) -> bool | None:
    """None without a reserve. By proxy the maximum meets it, and then lifts the price to it."""
    return None if terms.reserve_price is None else ladder.maximum >= terms.reserve_price


def own_minimum(terms: Terms, ladder: Ladder, least: int, bidder: str) -> int | None:
    """The least that this bidder may bid, where others may bid `least` (minimum_next of this ladder).

    None where a leader may not bid at all: direct, and no reserve is unmet.
    """
    if bidder != ladder.leader:
        return least
    if terms.proxy:
        return ladder.maximum + 1
    return least if reserve_met(terms, ladder) is False else None


def judge(terms: Terms, ladder: Ladder, least: int, bidder: str, amount: int, confirm_jump: bool) -> Refusal | None:
    """Why a bid is refused for its amount, if it is; `least` is minimum_next of this ladder."""
    own_least = own_minimum(terms, ladder, least, bidder)
    if own_least is None:
        return Refusal("already_leading")
    if amount < own_least:
        own = bidder == ladder.leader and terms.proxy
        return Refusal("not_above_own_maximum" if own else "too_low", Details(minimum=own_least))
    if terms.max_jump_percent is not None and not confirm_jump:
        own_maximum = ladder.maximum if bidder == ladder.leader else 0
        most = max(least, own_maximum) * terms.max_jump_percent // 100
        if amount > most:
            return Refusal("jump_too_large", Details(maximum=most))
    return None


def place(terms: Terms, ladder: Ladder, bidder: str, amount: int) -> tuple[Ladder, Outcome]:
    """The ladder after an accepted bid, and where the bid stands. Judges nothing: the minimum was checked."""
    if not terms.proxy:
        second = ladder.second if bidder == ladder.leader else (ladder.maximum or None)
        return Ladder(bidder, amount, second, amount), "leading"
    placed, outcome = _place_proxy(terms, ladder, bidder, amount)
    reserve = terms.reserve_price
    if reserve is not None and placed.maximum >= reserve:
        placed = placed._replace(price=max(placed.price or 0, reserve))
    return placed, outcome


def _place_proxy(terms: Terms, ladder: Ladder, bidder: str, amount: int) -> tuple[Ladder, Outcome]:
    leader, maximum, second, price = ladder
    if leader is None or price is None:
        return Ladder(bidder, amount, None, terms.starting_price), "leading"
    if bidder == leader:
        # A leader held at his own maximum goes up to a full increment above the second: eBay's data shows it.
        held = price if second is None else max(price, min(amount, second + step(terms, second)))
        return Ladder(bidder, max(maximum, amount), second, held), "leading"
    if amount > maximum:
        return Ladder(bidder, amount, maximum, min(amount, maximum + step(terms, maximum))), "leading"
    # After a retraction a bid may stand below the price: where steps shrink, fewer bids can mean a higher one.
    held = max(price, min(maximum, amount + step(terms, amount)))
    outcome: Outcome = "outbid_by_earlier_equal" if amount == maximum else "outbid_by_higher_maximum"
    return Ladder(leader, maximum, max(second or 0, amount), held), outcome


class Priced(NamedTuple):
    """An accepted bid as pricing sees it; `own_raise`: its bidder led when it was made."""

    seq: int
    bidder: str
    amount: int
    own_raise: bool


def price_again(terms: Terms, bids: Iterable[Priced]) -> tuple[Ladder, tuple[int, ...]]:
    """The ladder of the bids that remain after a retraction, in their order, and the seqs of moot ones.

    Direct: a bid that is now against oneself sets no price; one that always was (reserve unmet) keeps it.
    """
    ladder, moot = EMPTY, []
    for seq, bidder, amount, own_raise in bids:
        if not terms.proxy and bidder == ladder.leader and not own_raise:
            moot.append(seq)
        else:
            ladder, _ = place(terms, ladder, bidder, amount)
    return ladder, tuple(moot)
