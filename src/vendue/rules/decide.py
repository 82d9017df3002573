"""The one way in: what a command does to an auction. The life cycle; bids are judged in bids.py."""

from copy import copy

from msgspec.structs import replace

from vendue.rules import dutch, english, sealed
from vendue.rules.auction import Auction, alias, apply
from vendue.rules.bids import accept, ladder_standing, refusal_of
from vendue.rules.commands import (
    AcceptOffer,
    Amend,
    Approve,
    Asked,
    Bid,
    Cancel,
    Command,
    Counter,
    Decline,
    DeclineOffer,
    Extend,
    List,
    Retract,
    Tick,
    fingerprint,
)
from vendue.rules.events import (
    Amended,
    Approved,
    Body,
    Cancelled,
    Closed,
    Countered,
    Declined,
    Details,
    Event,
    Extended,
    Hidden,
    Lapsed,
    Listed,
    OfferAccepted,
    OfferDeclined,
    Opened,
    Refused,
    Retracted,
)
from vendue.rules.evidence import GENESIS, seal
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing, at_time
from vendue.rules.terms import Fault, Terms, complete, faults_of


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
        return seal(Lapsed, auction.hash, due, _ended(auction, "unsold"), None, "")
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


def _ended(auction: Auction, status: str, hammer_price: int | None = None) -> Standing:
    return replace(
        auction.standing,
        seq=auction.seq + 1,
        status=status,
        hammer_price=hammer_price,
        minimum_next=None,
        buy_now_price=None,
        approval_until=None,
    )


def _first_listing(command: List, now_ms: int) -> list[Event]:
    """The events of a listing, or none where its terms are not valid or its sender may not list."""
    if listing_refusal(command, now_ms) is not None:
        return []
    events = [_with_terms(Listed, command, GENESIS, 1, now_ms)]
    _run_due(apply(None, events[0]), now_ms, events)
    return events


def listing_refusal(command: List, now_ms: int) -> Refusal | None:
    """Why an auction that does not exist cannot be listed; no event tells, since there is no auction to tell it."""
    if command.role not in ("seller", "auctioneer"):
        return Refusal("not_allowed")
    return _terms_refusal(command.terms, now_ms)


def _terms_refusal(terms: Terms, now_ms: int) -> Refusal | None:
    faults = faults_of(complete(terms, now_ms), now_ms)
    return Refusal("invalid_terms", Details(faults=tuple(faults))) if faults else None


def _with_terms(body_type: type[Listed | Amended], command: List | Amend, prev: str, seq: int, now_ms: int) -> Event:
    terms = complete(command.terms, now_ms)
    hidden = replace(_hidden(command), reserve_price=terms.reserve_price, seller_ids=terms.seller_ids)
    english_terms = terms.format == "english"
    standing = Standing(
        auction=command.auction,
        seq=seq,
        status="scheduled",
        price=terms.starting_price if terms.format == "dutch" else None,
        opening=terms.starting_price,
        minimum_next=terms.starting_price,
        buy_now_price=terms.buy_now_price,
        currency=terms.currency,
        bids=0,
        leader=None,
        reserve_met=False if english_terms and terms.reserve_price is not None else None,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        closed_at=None,
        approval_until=None,
        hammer_price=None,
        clock=dutch.clock(terms),
    )
    public = replace(terms, reserve_price=None, seller_ids=())
    return seal(
        body_type,
        prev,
        now_ms,
        standing,
        hidden,
        command.salt,
        terms=public,
        reserve=terms.reserve_price is not None,
    )


def _refusal(auction: Auction, command: Asked, now_ms: int) -> Refusal | None:
    """The first refusal that applies to a command whose key is new."""
    if type(command) is Bid:
        return refusal_of(auction, command, now_ms)
    if not _may(auction, command):
        return Refusal("not_allowed")
    if isinstance(command, List):
        return Refusal("already_listed")
    if isinstance(command, Amend) and auction.status != "scheduled":
        return Refusal("terms_fixed")
    if not _state_fits(auction, command):
        return Refusal("wrong_state")
    if isinstance(command, Cancel | Retract) and not command.reason.strip():
        return Refusal("reason_missing")
    match command:
        case Amend():
            return _terms_refusal(command.terms, now_ms)
        case Extend() if command.ends_at <= auction.ends_at:
            return _invalid("ends_at", "ends_at must be later than the present end")
        case Counter():
            price, reserve = auction.standing.price or 0, auction.terms.reserve_price
            if command.price <= price or (reserve is not None and command.price > reserve):
                return _invalid("price", "price must be above the standing price and at most the reserve")
    return None


def _invalid(path: str, message: str) -> Refusal:
    return Refusal("invalid_terms", Details(faults=(Fault(path, message),)))


def _may(auction: Auction, command: Asked) -> bool:
    match command:
        case Extend() | Retract():
            return command.role == "auctioneer"
        case Cancel() if command.role == "seller":
            return auction.accepted == 0
        case AcceptOffer() | DeclineOffer():
            return command.role == "bidder" and command.by == auction.ladder.leader
    return command.role in ("seller", "auctioneer")


def _state_fits(auction: Auction, command: Asked) -> bool:
    match command:
        case Amend():
            return auction.status == "scheduled"
        case Extend() | Cancel():
            return auction.status in ("scheduled", "live")
        case Retract():
            return auction.status in ("scheduled", "live") and any(
                bid.bidder == command.bidder for bid in auction.priced()
            )
        case AcceptOffer() | DeclineOffer():
            return auction.status == "countered"
    return auction.status == "pending_approval"


def _hidden(command: Asked) -> Hidden:
    return Hidden(command=command.id, by=command.by, what=fingerprint(command))


def _refuse(auction: Auction, command: Asked, refusal: Refusal, now_ms: int) -> Event:
    hidden = replace(
        _hidden(command),
        amount=command.amount if type(command) is Bid else None,
        code=refusal.code,
        details=refusal.details,
    )
    standing = replace(at_time(auction.standing, now_ms), seq=auction.seq + 1)
    return seal(Refused, auction.hash, now_ms, standing, hidden, command.salt)


def _accept(auction: Auction, command: Asked, now_ms: int) -> Event:
    """The event of a command that nothing refuses."""
    next_seq = auction.seq + 1
    hidden = _hidden(command)
    if type(command) is Bid:
        own_raise = command.by == auction.ladder.leader
        return accept(auction, command, now_ms, replace(hidden, amount=command.amount, own_raise=own_raise))
    if isinstance(command, Amend):
        return _with_terms(Amended, command, auction.hash, next_seq, now_ms)
    if isinstance(command, Retract):
        return _retract(auction, command, now_ms, replace(hidden, bidder=command.bidder))
    body_type: type[Body]
    more: dict[str, object] = {}
    match command:
        case Extend():
            body_type, standing = Extended, replace(auction.standing, seq=next_seq, ends_at=command.ends_at)
        case Cancel():
            price = at_time(auction.standing, now_ms).price
            body_type, standing = Cancelled, replace(_ended(auction, "cancelled"), price=price, closed_at=now_ms)
            more = {"reason": command.reason}
        case Approve():
            body_type, standing = Approved, _ended(auction, "sold", auction.standing.price)
        case Decline():
            body_type, standing = Declined, _ended(auction, "unsold")
        case Counter():
            body_type, standing = Countered, replace(auction.standing, seq=next_seq, status="countered")
            hidden = replace(hidden, amount=command.price)
        case AcceptOffer():
            body_type, standing = OfferAccepted, _ended(auction, "sold", auction.offer)
        case DeclineOffer():
            body_type, standing = OfferDeclined, replace(auction.standing, seq=next_seq, status="pending_approval")
        case _:
            raise AssertionError("every other command is refused or handled above")
    return seal(body_type, auction.hash, now_ms, at_time(standing, now_ms), hidden, command.salt, **more)


def _retract(auction: Auction, command: Retract, now_ms: int, hidden: Hidden) -> Event:
    left = auction.priced(but=command.bidder)
    moot: tuple[int, ...] = ()
    if auction.terms.format == "english":
        ladder, moot = english.price_again(auction.terms, left)
        leader = alias(auction.aliases[ladder.leader]) if ladder.leader else None
        standing = ladder_standing(auction, ladder, leader, len(left), now_ms)
    else:
        bidders = len(auction.envelopes) - (command.bidder in auction.envelopes)
        standing = replace(auction.standing, seq=auction.seq + 1, bids=bidders)
    return seal(
        Retracted,
        auction.hash,
        now_ms,
        standing,
        hidden,
        command.salt,
        alias=alias(auction.aliases[command.bidder]),
        reason=command.reason,
        allow_rebid=command.allow_rebid,
        moot=moot,
    )
