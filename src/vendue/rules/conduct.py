"""Conducting a sale: what sellers, auctioneers and the high bidder may do beside bidding, and what it does."""

from msgspec.structs import replace

from vendue.rules import english
from vendue.rules.auction import Auction, alias
from vendue.rules.bids import ladder_standing
from vendue.rules.commands import (
    AcceptOffer,
    Amend,
    Approve,
    Asked,
    Cancel,
    Counter,
    Decline,
    DeclineOffer,
    Extend,
    List,
    Retract,
)
from vendue.rules.events import (
    Amended,
    Approved,
    Body,
    Cancelled,
    Countered,
    Declined,
    Details,
    Event,
    Extended,
    Hidden,
    OfferAccepted,
    OfferDeclined,
    Retracted,
)
from vendue.rules.evidence import seal
from vendue.rules.listing import put_in_force, terms_refusal
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing, at_time
from vendue.rules.terms import Fault


def refusal_of(auction: Auction, command: Asked, now_ms: int) -> Refusal | None:
    """The first refusal that applies to a command, no bid, whose key is new."""
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
            return terms_refusal(command.terms, now_ms)
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


def carry_out(auction: Auction, command: Asked, now_ms: int, hidden: Hidden) -> Event:
    """The event of a command, no bid, that nothing refuses."""
    next_seq = auction.seq + 1
    if isinstance(command, Amend):
        # Who amends does not know who listed; whoever was kept from bidding once stays so.
        kept_out = tuple(dict.fromkeys((*auction.terms.seller_ids, *command.terms.seller_ids)))
        amended = replace(command, terms=replace(command.terms, seller_ids=kept_out))
        return put_in_force(Amended, amended, hidden, auction.hash, next_seq, now_ms)
    if isinstance(command, Retract):
        return _retract(auction, command, now_ms, replace(hidden, bidder=command.bidder))
    body_type: type[Body]
    more: dict[str, object] = {}
    match command:
        case Extend():
            body_type, standing = Extended, replace(auction.standing, seq=next_seq, ends_at=command.ends_at)
        case Cancel():
            price = at_time(auction.standing, now_ms).price
            body_type, standing = Cancelled, replace(ended(auction, "cancelled"), price=price, closed_at=now_ms)
            more = {"reason": command.reason}
        case Approve():
            body_type, standing = Approved, ended(auction, "sold", auction.standing.price)
        case Decline():
            body_type, standing = Declined, ended(auction, "unsold")
        case Counter():
            body_type, standing = Countered, replace(auction.standing, seq=next_seq, status="countered")
            hidden = replace(hidden, amount=command.price)
        case AcceptOffer():
            body_type, standing = OfferAccepted, ended(auction, "sold", auction.offer)
        case DeclineOffer():
            body_type, standing = OfferDeclined, replace(auction.standing, seq=next_seq, status="pending_approval")
        case _:
            raise AssertionError("every other command is refused or handled above")
    return seal(body_type, auction.hash, now_ms, at_time(standing, now_ms), hidden, command.salt, **more)


def ended(auction: Auction, status: str, hammer_price: int | None = None) -> Standing:
    """The standing of an auction that became final."""
    return replace(
        auction.standing,
        seq=auction.seq + 1,
        status=status,
        hammer_price=hammer_price,
        minimum_next=None,
        buy_now_price=None,
        approval_until=None,
    )


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
