"""Listing and amending: terms come into force, or every fault of them is named."""

from msgspec.structs import replace

from vendue.rules import dutch
from vendue.rules.commands import Amend, Asked, List, fingerprint
from vendue.rules.events import Amended, Details, Event, Hidden, Listed
from vendue.rules.evidence import seal
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing
from vendue.rules.terms import Terms, complete, faults_of


def listing_refusal(command: List, now_ms: int) -> Refusal | None:
    """Why an auction that does not exist cannot be listed; no event tells, since there is no auction to tell it."""
    if command.role not in ("seller", "auctioneer"):
        return Refusal("not_allowed")
    return terms_refusal(command.terms, now_ms)


def terms_refusal(terms: Terms, now_ms: int) -> Refusal | None:
    """Every fault of terms at once, if there is one."""
    faults = faults_of(complete(terms, now_ms), now_ms)
    return Refusal("invalid_terms", Details(faults=tuple(faults))) if faults else None


def put_in_force(
    body_type: type[Listed | Amended], command: List | Amend, hidden: Hidden, prev: str, seq: int, now_ms: int
) -> Event:
    """The event of terms that nothing refuses."""
    terms = complete(command.terms, now_ms)
    hidden = replace(hidden, reserve_price=terms.reserve_price, seller_ids=terms.seller_ids)
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


def hidden_part(command: Asked) -> Hidden:
    """What the public does not see of any command: who asked, for what."""
    return Hidden(command=command.id, by=command.by, what=fingerprint(command))
