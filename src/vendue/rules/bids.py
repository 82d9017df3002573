"""What a bid does: every refusal in its order, then the new standing."""

from msgspec.structs import replace

from vendue.rules import dutch, english, sealed
from vendue.rules.auction import Auction, alias
from vendue.rules.commands import Bid
from vendue.rules.events import Details, Event, Hidden, Outcome, Placed
from vendue.rules.evidence import seal
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Standing


def refusal_of(auction: Auction, bid: Bid, now_ms: int) -> Refusal | None:
    """The first refusal that applies to a bid whose key is new, or None where it is accepted."""
    if auction.answers_expired(now_ms):
        return _closed(auction, now_ms)
    if bid.role != "bidder" or bid.by in auction.barred:
        return Refusal("not_allowed")
    if bid.by in auction.terms.seller_ids:
        return Refusal("own_auction")
    if auction.status == "cancelled":
        return Refusal("cancelled")
    if auction.status == "scheduled":
        return Refusal("not_open")
    if auction.status != "live":
        return _closed(auction, now_ms)
    if bid.kind == "buy_now":
        price = auction.buy_now_price
        if price is None:
            return Refusal("buy_now_gone")
        return None if bid.amount == price else Refusal("buy_now_changed", Details(price=price))
    match auction.terms.format:
        case "english":
            least = auction.standing.minimum_next
            assert least is not None, "a live auction has one"
            return english.judge(auction.terms, auction.ladder, least, bid.by, bid.amount, bid.confirm_jump)
        case "dutch":
            return dutch.judge(auction.terms, now_ms, bid.amount)
        case _:
            return sealed.judge(auction.terms, bid.amount)


def _closed(auction: Auction, now_ms: int) -> Refusal:
    assert auction.closed_at is not None, "an auction that is over has its time"
    return Refusal("closed", Details(late_by_ms=now_ms - auction.closed_at))


def accept(auction: Auction, bid: Bid, now_ms: int, hidden: Hidden) -> Event:
    """The event of a bid that nothing refuses."""
    number = auction.aliases.get(bid.by) or len(auction.aliases) + 1
    outcome: Outcome
    if bid.kind == "buy_now" or auction.terms.format == "dutch":
        outcome = "bought"
        standing = _sold_at_once(auction, bid, now_ms, alias(number))
        shown = standing.price
    elif auction.is_sealed:
        outcome, shown = "sealed", None
        bidders = len(auction.envelopes) + (bid.by not in auction.envelopes)
        standing = replace(auction.standing, seq=auction.seq + 1, bids=bidders)
    else:
        ladder, outcome = english.place(auction.terms, auction.ladder, bid.by, bid.amount)
        bidder = ladder.leader
        leader = alias(number) if bidder == bid.by else auction.standing.leader
        standing = ladder_standing(auction, ladder, leader, auction.standing.bids + 1, now_ms)
        shown = min(bid.amount, standing.price or 0) if outcome == "leading" else bid.amount
    return seal(
        Placed,
        auction.hash,
        now_ms,
        standing,
        hidden,
        bid.salt,
        alias=alias(number),
        kind=bid.kind,
        outcome=outcome,
        amount=shown,
    )


def ladder_standing(auction: Auction, ladder: english.Ladder, leader: str | None, bids: int, now_ms: int) -> Standing:
    """An English auction's standing with a new ladder: the buy-now price goes, a late change moves the end."""
    terms, before = auction.terms, auction.ladder
    met = english.reserve_met(terms, ladder)
    withdrawn = auction.buy_now_gone or met is True or (met is None and bids > 0)
    changed = (ladder.leader, ladder.price) != (before.leader, before.price)
    return replace(
        auction.standing,
        seq=auction.seq + 1,
        price=ladder.price,
        minimum_next=english.minimum_next(terms, ladder),
        buy_now_price=None if withdrawn else terms.buy_now_price,
        bids=bids,
        leader=leader,
        reserve_met=met,
        ends_at=_soft_end(auction, now_ms) if changed else auction.ends_at,
    )


def _soft_end(auction: Auction, now_ms: int) -> int:
    soft = auction.terms.soft_close
    if soft is None or now_ms < auction.ends_at - soft.window_ms:
        return auction.ends_at
    moved = now_ms + soft.extend_ms if soft.mode == "reset" else auction.ends_at + soft.extend_ms
    if soft.max_extension_ms is not None:
        moved = min(moved, auction.end_set + soft.max_extension_ms)
    return max(auction.ends_at, moved)


def _sold_at_once(auction: Auction, bid: Bid, now_ms: int, leader: str) -> Standing:
    price = bid.amount if bid.kind == "buy_now" else dutch.price_at(auction.terms, now_ms)
    reserve = auction.terms.reserve_price
    return replace(
        auction.standing,
        seq=auction.seq + 1,
        status="sold",
        price=price,
        minimum_next=None,
        buy_now_price=None,
        bids=auction.standing.bids + 1,
        leader=leader,
        reserve_met=None if reserve is None else price >= reserve,
        closed_at=now_ms,
        hammer_price=price,
    )
