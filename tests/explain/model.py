"""The rules as their page states them, one bid at a time, over states that never change.

Clients do not know everything: a hidden reserve is a range that narrows, and a bid whose time nobody was told is tried
at several. So a step has several ends where what is known does not say which; observations choose among them.
Sellers, retractions, extensions and cancellations are not modelled: a record must be of bids alone.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from tests.explain.record import Body, Sent, Terms
from tests.rules.oracle_prices import Steps, increment, later_end, steps_for

HIGHEST = 10**12
OPEN = ("scheduled", "live")
SEALED = ("sealed_first_price", "sealed_second_price")

Range = tuple[int, int]
"""The lowest and the highest that a reserve may be."""


class State(NamedTuple):
    """After the event `seq`. Bidders are ids; `best` is each one's last accepted amount, `since` when a sealed one
    was first set. `now` is the earliest that the auction's own time can be."""

    seq: int
    now: int
    status: str
    ends_at: int
    reserve: Range | None
    met: bool | None
    price: int | None = None
    leader: str | None = None
    maximum: int = 0
    best: Mapping[str, int] = {}
    since: Mapping[str, int] = {}
    aliases: Mapping[str, int] = {}
    bids: int = 0
    buy_now_gone: bool = False
    closed_at: int | None = None
    approval_until: int | None = None
    hammer_price: int | None = None


class Answer(NamedTuple):
    """What the rules say to a bid: an outcome, or a code with its numbers."""

    outcome: str | None = None
    code: str | None = None
    details: Body = {}


class Hints(NamedTuple):
    """Numbers that were seen somewhere in the record, ascending: worth trying where nothing else tells."""

    prices: Sequence[int] = ()
    ends: Sequence[int] = ()
    closings: Sequence[int] = ()


def listed(terms: Terms) -> State:
    """The first event: the auction is scheduled. When, nobody was told."""
    reserve: Range | None
    match terms.reserve:
        case "none":
            reserve = None
        case "hidden":
            reserve = (terms.starting_price, terms.buy_now_price or HIGHEST)
        case known:
            reserve = (known, known)
    met = False if reserve is not None and terms.format == "english" else None
    return State(1, 0, "scheduled", terms.ends_at, reserve, met)


# What the clock does


def clockwork(terms: Terms, state: State, hints: Hints) -> Iterator[State]:
    """What the next event is if a deadline makes it; nothing where no deadline is left."""
    if state.status == "scheduled":
        yield state._replace(seq=state.seq + 1, status="live", now=max(state.now, terms.starts_at))
    elif state.status == "live":
        for end in _closings(terms, state, hints):
            yield end._replace(seq=state.seq + 1, now=max(state.now, state.ends_at), closed_at=state.ends_at)
    elif state.status == "pending_approval":
        due = state.approval_until or 0
        yield state._replace(seq=state.seq + 1, status="unsold", now=max(state.now, due), approval_until=None)


def _closings(terms: Terms, state: State, hints: Hints) -> Iterator[State]:
    if terms.format not in SEALED:
        yield _ended(terms, state)
        return
    if not state.best:
        yield _ended(terms, state._replace(met=None if state.reserve is None else False))
        return
    order = sorted(state.best, key=lambda bidder: (-state.best[bidder], state.since[bidder]))
    highest = state.best[order[0]]
    second = max([terms.starting_price] + [state.best[bidder] for bidder in order[1:2]])
    first_price = terms.format == "sealed_first_price"
    for reserve, met, price in _with_reserve(state.reserve, highest, second, hints):
        paid = highest if first_price else price
        found = state._replace(leader=order[0], maximum=highest, price=paid, met=met, reserve=reserve)
        ended = _ended(terms, found)
        yield ended._replace(leader=None, price=None) if ended.status == "unsold" else ended


def _ended(terms: Terms, state: State) -> State:
    """At the end of bidding, with price, leader and reserve as they are then."""
    if state.leader is None:
        return state._replace(status="unsold")
    on_approval = terms.sale_terms == "on_approval"
    if on_approval and not state.met:
        return state._replace(status="pending_approval", approval_until=state.ends_at + terms.approval_ms)
    if state.met is False:
        return state._replace(status="unsold")
    return state._replace(status="sold", hammer_price=state.price)


# What a bid does


def refusal(terms: Terms, state: State, bid: Sent, at: int) -> Answer | None:
    """The first refusal that applies, the key aside."""
    if state.status == "scheduled":
        return Answer(code="not_open")
    if state.status != "live":
        return Answer(code="closed", details={"late_by_ms": at - (state.closed_at or 0)})
    if bid.kind == "buy_now":
        if terms.buy_now_price is None or state.buy_now_gone:
            return Answer(code="buy_now_gone")
        if bid.amount != terms.buy_now_price:
            return Answer(code="buy_now_changed", details={"price": terms.buy_now_price})
        return None
    if terms.format == "dutch":
        price = falling(terms, at)
        return Answer(code="price_above_amount", details={"price": price}) if bid.amount < price else None
    minimum = least(terms, state)
    leads = terms.format == "english" and state.leader == bid.bidder
    own_maximum = state.maximum if leads and terms.proxy else 0
    if leads and not terms.proxy and state.met is not False:
        return Answer(code="already_leading")
    if leads and terms.proxy:
        if bid.amount <= own_maximum:
            return Answer(code="not_above_own_maximum", details={"minimum": own_maximum + 1})
    elif bid.amount < minimum:
        return Answer(code="too_low", details={"minimum": minimum})
    if terms.format == "english" and terms.max_jump_percent is not None and not bid.confirm_jump:
        most = max(minimum, own_maximum) * terms.max_jump_percent // 100
        if bid.amount > most:
            return Answer(code="jump_too_large", details={"maximum": most})
    return None


def accept(terms: Terms, state: State, bid: Sent, at: int, hints: Hints) -> Iterator[tuple[State, Answer]]:
    """The ends of a bid that nothing refuses."""
    aliases = {bid.bidder: len(state.aliases) + 1} | dict(state.aliases)
    best = dict(state.best) | {bid.bidder: bid.amount}
    after = state._replace(seq=state.seq + 1, now=at, aliases=aliases, best=best, bids=state.bids + 1)
    if bid.kind == "buy_now" or terms.format == "dutch":
        price = bid.amount if bid.kind == "buy_now" else falling(terms, at)
        met = None if state.reserve is None else True  # a price to buy at is never below the reserve
        sold = after._replace(status="sold", price=price, leader=bid.bidder, maximum=price, hammer_price=price, met=met)
        yield sold._replace(closed_at=at, buy_now_gone=True, best=state.best), Answer("bought")
    elif terms.format in SEALED:
        since = dict(state.since)
        if state.best.get(bid.bidder) != bid.amount:
            since[bid.bidder] = after.seq
        yield after._replace(since=since, bids=len(best)), Answer("sealed")
    else:
        yield from _english(terms, state, after, bid, at, hints)


def _english(
    terms: Terms, before: State, after: State, bid: Sent, at: int, hints: Hints
) -> Iterator[tuple[State, Answer]]:
    leader, maximum, price, outcome = _priced(terms, before, bid)
    for reserve, met, lifted in _with_reserve(before.reserve, maximum, price, hints):
        ends_at = before.ends_at
        if (leader, lifted) != (before.leader, before.price):
            ends_at = max(ends_at, later_end(terms.soft_close, ends_at, terms.ends_at, at))
        gone = before.buy_now_gone or met is not False
        yield (
            after._replace(
                leader=leader,
                maximum=maximum,
                price=lifted,
                reserve=reserve,
                met=met,
                ends_at=ends_at,
                buy_now_gone=gone,
            ),
            Answer(outcome),
        )


def _priced(terms: Terms, before: State, bid: Sent) -> tuple[str, int, int, str]:
    """Leader, his maximum, the price without a reserve, and the outcome."""
    amount, maximum = bid.amount, before.maximum
    if not terms.proxy:
        return bid.bidder, amount, amount, "leading"
    if before.leader is None or before.price is None:
        return bid.bidder, amount, terms.starting_price, "leading"
    if before.leader == bid.bidder:
        others = [best for bidder, best in before.best.items() if bidder != bid.bidder]
        held = min(amount, _step_above(terms, max(others))) if others else 0
        return bid.bidder, amount, max(before.price, held), "leading"
    if amount > maximum:
        return bid.bidder, amount, max(before.price, min(amount, _step_above(terms, maximum))), "leading"
    price = max(before.price, min(maximum, _step_above(terms, amount)))
    outcome = "outbid_by_earlier_equal" if amount == maximum else "outbid_by_higher_maximum"
    return before.leader, maximum, price, outcome


def _with_reserve(
    reserve: Range | None, maximum: int, price: int, hints: Hints
) -> Iterator[tuple[Range | None, bool | None, int]]:
    """What the reserve can have done to a price: nothing yet, nothing any more, or lifted it to itself."""
    if reserve is None:
        yield None, None, price
        return
    low, high = reserve
    if high > maximum:
        yield (max(low, maximum + 1), high), False, price
    if low <= price:
        yield (low, min(high, price)), True, price
    least_lifted = max(low, price + 1)
    # A price that was lifted is the next that is seen, or has risen again by then, and which it was makes no difference.
    seen = hints.prices[bisect_left(hints.prices, least_lifted) :][:1]
    for lifted in (low,) if low == high else seen:
        if least_lifted <= lifted <= min(high, maximum):
            yield (lifted, lifted), True, lifted


def _step_above(terms: Terms, amount: int) -> int:
    return amount + increment(_steps(terms.increments, terms.currency), amount)


@cache
def _steps(increments: str | tuple[tuple[int, int], ...], currency: str) -> Steps:
    return steps_for(increments if isinstance(increments, str) else list(increments), currency)


# What can be seen


def least(terms: Terms, state: State) -> int:
    """The minimum for whoever does not lead."""
    if state.price is None or terms.format in SEALED:
        return terms.starting_price
    return _step_above(terms, state.price)


def falling(terms: Terms, at: int) -> int:
    """A Dutch auction's price."""
    steps = max(0, at - terms.starts_at) // terms.decrement_every_ms
    return max(terms.floor_price, terms.starting_price - terms.decrement * steps)


def standing(terms: Terms, state: State) -> Body:
    """As everyone sees it; of a Dutch auction that is open, without the price, which moves by itself."""
    is_open = state.status in OPEN
    alias = None if state.leader is None else f"Bidder {state.aliases[state.leader]}"
    shown: Body = {
        "auction": terms.auction,
        "seq": state.seq,
        "status": state.status,
        "price": state.price,
        "opening": terms.starting_price,
        "minimum_next": least(terms, state) if is_open else None,
        "buy_now_price": terms.buy_now_price if is_open and not state.buy_now_gone else None,
        "currency": terms.currency,
        "bids": state.bids,
        "leader": alias,
        "reserve_met": state.met,
        "starts_at": terms.starts_at,
        "ends_at": state.ends_at,
        "closed_at": state.closed_at,
        "approval_until": state.approval_until,
        "hammer_price": state.hammer_price,
    }
    if terms.format == "dutch" and is_open:
        del shown["price"], shown["minimum_next"]
    return shown


def position(terms: Terms, state: State, bidder: str) -> Body:
    """What a bidder with an accepted bid is told of himself."""
    final, leads = state.status in ("sold", "unsold"), state.leader == bidder
    if final:
        told = "won" if leads and state.status == "sold" else "lost"
    elif terms.format in SEALED and state.status in OPEN:
        told = "sealed"
    else:
        told = "leading" if leads else "outbid"
    shown: dict[str, Any] = {"auction": terms.auction, "seq": state.seq, "state": told}
    shown["your_maximum"] = state.maximum if leads else state.best.get(bidder)
    if state.status not in OPEN:
        return shown | {"your_minimum": None}
    if not leads or terms.format != "english":
        return shown | {"your_minimum": least(terms, state)}
    raised = state.maximum + 1 if terms.proxy else (least(terms, state) if state.met is False else None)
    return shown | {"your_minimum": raised}


def moments(terms: Terms, state: State, latest: int | None, hints: Hints, told: Iterable[Body]) -> Sequence[int]:
    """Times to try for a bid that took effect now and whose stamp nobody was told.

    The earliest, unless more hangs on it: where the end moves with it, those at which it moves to where it was seen
    or as far as may be; in a Dutch auction, those at which the price is one that was told.
    """
    earliest = state.now
    tried = {earliest, *hints.closings}
    for details in told:
        if "late_by_ms" in details and state.closed_at is not None:
            tried.add(state.closed_at + details["late_by_ms"])
    if state.status == "live" and terms.soft_close is not None:
        extend, window = terms.soft_close["extend_ms"], terms.soft_close["window_ms"]
        tried |= {state.ends_at - window, *(end - extend for end in hints.ends[bisect(hints.ends, state.ends_at) :][:1])}
        if latest is not None:
            tried |= {latest, latest + window - extend}
    if state.status == "live" and terms.format == "dutch":
        for price in {details.get("price") for details in told} | set(hints.prices):
            if price is not None:
                steps = -((price - terms.starting_price) // terms.decrement)
                tried.add(terms.starts_at + steps * terms.decrement_every_ms)
    before = {"scheduled": terms.starts_at, "live": state.ends_at}.get(state.status, 1 << 62)
    last = before - 1 if latest is None else min(latest, before - 1)
    return sorted(at for at in tried if earliest <= at <= last)
