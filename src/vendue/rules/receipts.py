"""Receipts: the answer to whoever asked, and where a bidder stands."""

from typing import Literal

from msgspec import Struct

from vendue.rules import english
from vendue.rules.auction import Auction
from vendue.rules.commands import Asked, List
from vendue.rules.events import Details, Event, Outcome, Placed, Refused
from vendue.rules.listing import listing_refusal
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing


class Receipt(Struct, frozen=True, gc=False):
    """A decision: a refusal where it has a `code`; an accepted bid has an `outcome`. `at`: epoch ms, the log's stamp.

    `seq`, `standing` and `hash` are null where there is no such auction. `hash`: of the event that decided it; also
    null where that is not known any more.
    """

    id: str
    auction: str
    seq: int | None
    at: int
    outcome: Outcome | None
    code: str | None
    details: Details
    standing: Standing | None
    hash: str | None = None


class Position(Struct, frozen=True, gc=False):
    """Where one bidder stands, for his eyes only; amounts in minor units, null where there is none."""

    auction: str
    seq: int
    state: Literal["leading", "outbid", "sealed", "won", "lost"]
    your_maximum: int | None
    your_minimum: int | None


def receipt(command: Asked, auction: Auction | None, events: list[Event], stamp_ms: int) -> Receipt:
    """The answer to a command that `step` decided into this auction and these events."""
    if auction is None:
        refusal = (listing_refusal(command, stamp_ms) if isinstance(command, List) else None) or Refusal(
            "unknown_auction"
        )
        return Receipt(command.id, command.auction, None, stamp_ms, None, refusal.code, refusal.details, None)
    for event in reversed(events):
        body, hidden = event.body, event.hidden
        if hidden is not None and hidden.command == command.id:
            outcome = body.outcome if type(body) is Placed else None
            details = hidden.details or Details()
            return Receipt(
                command.id, body.auction, body.seq, body.at, outcome, hidden.code, details, body.standing, event.hash
            )
    first = auction.by_command[command.id]
    details = first.details or Details()
    return Receipt(
        first.command,
        auction.id,
        first.seq,
        first.at,
        first.outcome,
        first.code,
        details,
        first.standing,
        first.hash or None,
    )


def position(auction: Auction, bidder: str) -> Position:
    """Where a bidder with an accepted bid stands now."""
    ladder, open_now = auction.ladder, auction.status in ("scheduled", "live")
    envelope = auction.envelopes.get(bidder)
    maximum: int | None = None
    minimum: int | None = None
    state: Literal["leading", "outbid", "sealed", "won", "lost"]
    if auction.settled_at is not None:
        state = "won" if bidder == auction.winner else "lost"
    elif open_now and auction.is_sealed:
        state = "outbid" if envelope is None else "sealed"
    else:
        state = "leading" if bidder == ladder.leader else "outbid"
    if bidder == ladder.leader:
        maximum = ladder.maximum
    elif envelope is not None:
        maximum = envelope[0]
    else:
        maximum = auction.highest.get(bidder)
    if open_now and bidder not in auction.barred:
        minimum = auction.standing.minimum_next
        if auction.terms.format == "english" and minimum is not None:
            minimum = english.own_minimum(auction.terms, ladder, minimum, bidder)
    return Position(auction.id, auction.seq, state, maximum, minimum)


def concerned(event: Event, leader_before: str | None, auction: Auction) -> list[str]:
    """The bidders whose position an event may have changed; `auction` is after it."""
    body, hidden = event.body, event.hidden
    if type(body) is Refused:
        return []
    if type(body) is Placed and auction.settled_at is None:
        assert hidden is not None
        others = (leader_before, auction.ladder.leader)
        return [hidden.by] + [other for other in dict.fromkeys(others) if other and other != hidden.by]
    return list(auction.aliases)
