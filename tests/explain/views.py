"""What a state looks like from outside."""

from typing import Any

from tests.explain.model import OPEN, SEALED, State, least
from tests.explain.record import Body, Terms


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
