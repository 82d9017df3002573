"""Why a bid was decided as it was, from what was public then and the bidder's own amount: it tells nobody more."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from vendue.rules.events import Closed, Details, Event, Placed, Refused, Retracted
from vendue.rules.money import show
from vendue.rules.refusals import sentence
from vendue.rules.standing import Standing, Status

Kind = Literal["outbid", "raised", "retracted", "ended"]


class Fate(Struct, frozen=True, omit_defaults=True, gc=False):
    """What ended a bid's lead: the event's seq and time in epoch ms, what it was, and the same in words.

    `leader`: who leads then. `status`: the auction's then. `reason`: of a retraction.
    """

    seq: int
    at: int
    kind: Kind
    status: Status
    words: str
    leader: str | None = None
    reason: str | None = None


class Why(Struct, frozen=True, omit_defaults=True):
    """A bid's decision. Amounts in minor units, times in epoch ms; `bid` is its documentId.

    `decision`: its outcome, or the code of its refusal. `minimum`: of the next bid, before it. `met_reserve`: the
    reserve was met with it. `fate`: None while it leads or where it never led.
    """

    auction: str
    bid: str
    seq: int
    at: int
    alias: str | None
    amount: int | None
    decision: str
    words: str
    minimum: int | None
    price_before: int | None
    price: int | None
    leader_before: str | None
    leader: str | None
    ends_at_before: int
    ends_at: int
    met_reserve: bool = False
    details: Details = field(default_factory=Details)
    fate: Fate | None = None


def whys(events: Iterable[Event]) -> Iterator[Why]:
    """Of every bid of an auction, accepted or refused, whose events from the first on these are."""
    events = list(events)
    for before, event in pairwise(events):
        found = why(before.body.standing, event)
        if found is not None:
            yield with_fate(found, events[found.seq :])


def why(before: Standing, event: Event) -> Why | None:
    """Of one event with its hidden part, and the standing before it; None where it is no bid. `fate` is left out."""
    body, hidden = event.body, event.hidden
    if hidden is None or hidden.what.partition(":")[0] not in ("bid", "buy_now"):
        return None
    now = body.standing
    if type(body) is Placed:
        alias, decision, words = body.alias, str(body.outcome), _accepted(before, body, hidden.amount)
    elif type(body) is Refused and hidden.code is not None:
        alias, decision = None, hidden.code
        said = sentence(hidden.code, hidden.details or Details(), now.currency)  # type: ignore[arg-type]  # a Code
        words = f"Refused: {said}"
    else:
        return None
    return Why(
        auction=body.auction,
        bid=hidden.command,
        seq=body.seq,
        at=body.at,
        alias=alias,
        amount=hidden.amount,
        decision=decision,
        words=words,
        minimum=before.minimum_next,
        price_before=before.price,
        price=now.price,
        leader_before=before.leader,
        leader=now.leader,
        ends_at_before=before.ends_at,
        ends_at=now.ends_at,
        met_reserve=_meets_reserve(before, now),
        details=hidden.details or Details(),
    )


def with_fate(found: Why, later: Iterable[Event]) -> Why:
    """The same with what ended its lead, if one of the events after it did."""
    if found.alias is None or found.leader != found.alias or found.decision == "bought":
        return found
    for event in later:
        fate = _ending(found.alias, event)
        if fate is not None:
            return replace(found, fate=fate)
    return found


def _meets_reserve(before: Standing, now: Standing) -> bool:
    return bool(now.reserve_met) and before.reserve_met is False


def _accepted(before: Standing, body: Placed, amount: int | None) -> str:
    now = body.standing

    def money(value: int | None) -> str:
        return "nothing" if value is None else show(value, now.currency)

    match body.outcome:
        case "sealed":
            return f"Accepted: an envelope with {money(amount)} counts, and is opened at the end."
        case "bought":
            return f"Accepted: bought at once for {money(now.price)}."
        case "outbid_by_earlier_equal":
            words = f"Accepted and outbid at once: {now.leader} had bid as much before, and the earlier of two leads."
        case "outbid_by_higher_maximum":
            words = f"Accepted and outbid at once: {now.leader} had bid a higher maximum before."
        case "leading" if before.leader == body.alias:
            words = "Accepted: it raised what its bidder, who led already, would pay at most."
        case "leading" if before.leader is None:
            words = f"Accepted: the first bid that counts, at least {money(before.minimum_next)}, leads."
        case _:
            words = f"Accepted: at least {money(before.minimum_next)} was needed, and {before.leader} had bid less."
    if now.price != before.price:
        words += f" The price went from {money(before.price)} to {money(now.price)}."
    elif now.price is not None:
        words += f" The price stayed at {money(now.price)}."
    if _meets_reserve(before, now):
        words += " The reserve was met with it."
    if now.ends_at != before.ends_at:
        left_s, more_s = (before.ends_at - body.at) / 1000, (now.ends_at - before.ends_at) / 1000
        words += f" It came {left_s:.3f} s before the end, which moved by {more_s:.3f} s."
    return words


def _ending(alias: str, event: Event) -> Fate | None:
    """Whether an event ends a lead, and how."""
    body = event.body
    now = body.standing

    def fate(kind: Kind, words: str, reason: str | None = None) -> Fate:
        return Fate(body.seq, body.at, kind, now.status, words, now.leader, reason)

    if type(body) is Retracted and body.alias == alias:
        words = f"Void: the auctioneer retracted the bids of {alias}. {body.reason}"
        return fate("retracted", words, body.reason)
    if type(body) is Placed and now.leader == body.alias != alias:
        return fate("outbid", f"Outbid: {body.alias} bid more, or bought.")
    if type(body) is Placed and now.leader == body.alias == alias and body.outcome == "leading":
        return fate("raised", "Taken over by a later bid of the same bidder.")
    if type(body) is Closed:
        return fate("ended", f"It led to the end of the bidding: {now.status.replace('_', ' ')}.")
    return fate("ended", f"Bidding ended: {now.status}.") if now.status not in ("scheduled", "live") else None
