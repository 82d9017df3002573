"""The rules as their page states them, one bid at a time, over states that never change.

Clients do not know everything: a hidden reserve is a range that narrows, and a bid whose time nobody was told is tried
at several. So a step has several ends where what is known does not say which; observations choose among them.
Sellers, retractions, extensions and cancellations are not modelled: a record must be of bids alone.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.explain.prices import falling, step_above
from tests.explain.record import Body, Sent, Terms
from tests.rules.oracle_prices import later_end

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
    details: Body = {}  # noqa: RUF012  # nobody changes it


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
        held = min(amount, step_above(terms, max(others))) if others else 0
        return bid.bidder, amount, max(before.price, held), "leading"
    if amount > maximum:
        return bid.bidder, amount, max(before.price, min(amount, step_above(terms, maximum))), "leading"
    price = max(before.price, min(maximum, step_above(terms, amount)))
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
    # A price that was lifted is the next that is seen; or it has risen again by then, and it is all one what it was.
    seen = hints.prices[bisect_left(hints.prices, least_lifted) :][:1]
    for lifted in (low,) if low == high else seen:
        if least_lifted <= lifted <= min(high, maximum):
            yield (lifted, lifted), True, lifted


def least(terms: Terms, state: State) -> int:
    """The minimum for whoever does not lead."""
    if state.price is None or terms.format in SEALED:
        return terms.starting_price
    return step_above(terms, state.price)
