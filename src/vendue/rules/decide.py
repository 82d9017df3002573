"""The one way in: what a command does to an auction. The life cycle; who may do what and its effect is beside it."""

from copy import copy

from msgspec.structs import replace

from vendue.chain import GENESIS
from vendue.rules import bids, conduct, sealed
from vendue.rules.auction import Auction, alias, apply
from vendue.rules.commands import Amend, Asked, Bid, Command, List, Tick, fingerprint
from vendue.rules.events import Closed, Event, Lapsed, Listed, Opened, Refused
from vendue.rules.evidence import seal
from vendue.rules.listing import hidden_part, listing_refusal, put_in_force
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing, at_time


def step(auction: Auction | None, command: Command, stamp_ms: int) -> tuple[Auction | None, list[Event]]:
    """Decide one log record and apply what came of it: the auction afterwards and its new events, in order."""
    events = decide(auction, command, stamp_ms)
    for event in events:
        auction = apply(auction, event)
    if auction is not None:
        auction.now = max(auction.now, stamp_ms)
        if not auction.retired and auction.answers_expired(auction.now):
            auction.retire()
    return auction, events


def decide(auction: Auction | None, command: Command, now_ms: int) -> list[Event]:
    """The events of one command; `now_ms` is the log's stamp, before which the auction's own time never falls back.

    Openings and closings due by now come first, at their own times. The last event is the command's own, unless
    it is a tick, a repeat of an answered command, or about an auction that does not exist: these have none.
    Changes nothing.
    """
    if auction is None:
        return _first_listing(command, now_ms) if type(command) is List else []
    now_ms = max(now_ms, auction.now)
    events: list[Event] = []
    auction = _run_due(auction, now_ms, events)
    if isinstance(command, Tick):
        return events
    earlier = auction.answered(command.id, now_ms)
    if earlier is not None and earlier.what == fingerprint(command):
        return events
    refusal = Refusal("key_reused") if earlier else _refusal(auction, command, now_ms)
    if refusal is not None:
        events.append(_refuse(auction, command, refusal, now_ms))
        return events
    events.append(_accept(auction, command, now_ms))
    if type(command) is Amend:
        _run_due(apply(replace(auction, entries=[], by_command={}), events[-1]), now_ms, events)
    return events


def _run_due(auction: Auction, now_ms: int, events: list[Event]) -> Auction:
    """Append what is due; the auction after it, which is another object if anything was."""
    scratch = auction
    while (event := _next_due(scratch, now_ms)) is not None:
        if scratch is auction:
            scratch = copy(auction)
        events.append(event)
        scratch = apply(scratch, event)
    return scratch


def _next_due(auction: Auction, now_ms: int) -> Event | None:
    due = auction.deadline()
    if due is None or due > now_ms:
        return None
    if auction.status == "scheduled":
        opened = replace(auction.standing, seq=auction.seq + 1, status="live")
        return seal(Opened, auction.hash, due, at_time(opened, due), None, "")
    if auction.status == "live":
        return seal(Closed, auction.hash, due, _closing(auction, due), None, "")
    if auction.status in ("pending_approval", "countered"):
        return seal(Lapsed, auction.hash, due, conduct.ended(auction, "unsold"), None, "")
    return None


def _closing(auction: Auction, at: int) -> Standing:
    """The standing at the end of bidding."""
    terms, now = auction.terms, auction.standing
    price, leader, met = now.price, now.leader, now.reserve_met
    if auction.is_sealed:
        found = sealed.winner(auction.envelopes)
        if found is not None:
            price, leader = sealed.price(terms, auction.envelopes), alias(auction.aliases[found[0]])
        if terms.reserve_price is not None:
            met = found is not None and found[1] >= terms.reserve_price
    elif terms.format == "dutch":
        price = None
    ended = replace(now, seq=auction.seq + 1, minimum_next=None, buy_now_price=None, closed_at=at, reserve_met=met)
    on_approval = terms.sale_terms == "on_approval"
    if leader is not None and (on_approval if met is None else on_approval and not met):
        return replace(
            ended, status="pending_approval", price=price, leader=leader, approval_until=at + terms.approval_ms
        )
    if leader is not None and met is not False:
        return replace(ended, status="sold", price=price, leader=leader, hammer_price=price)
    if auction.is_sealed:
        return replace(ended, status="unsold")  # nobody bought: what stood in the envelopes stays there
    return replace(ended, status="unsold", price=price)


def _first_listing(command: List, now_ms: int) -> list[Event]:
    """The events of a listing, or none where its terms are not valid or its sender may not list."""
    if listing_refusal(command, now_ms) is not None:
        return []
    events = [put_in_force(Listed, command, hidden_part(command), GENESIS, 1, now_ms)]
    _run_due(apply(None, events[0]), now_ms, events)
    return events


def _refusal(auction: Auction, command: Asked, now_ms: int) -> Refusal | None:
    """The first refusal that applies to a command whose key is new."""
    if type(command) is Bid:
        return bids.refusal_of(auction, command, now_ms)
    return conduct.refusal_of(auction, command, now_ms)


def _refuse(auction: Auction, command: Asked, refusal: Refusal, now_ms: int) -> Event:
    hidden = replace(
        hidden_part(command),
        amount=command.amount if type(command) is Bid else None,
        code=refusal.code,
        details=refusal.details,
    )
    standing = replace(at_time(auction.standing, now_ms), seq=auction.seq + 1)
    return seal(Refused, auction.hash, now_ms, standing, hidden, command.salt)


def _accept(auction: Auction, command: Asked, now_ms: int) -> Event:
    hidden = hidden_part(command)
    if type(command) is not Bid:
        return conduct.carry_out(auction, command, now_ms, hidden)
    own_raise = command.by == auction.ladder.leader
    return bids.accept(auction, command, now_ms, replace(hidden, amount=command.amount, own_raise=own_raise))
