"""An auction's state, and `apply`, which moves it by one event."""

from msgspec import Struct, field
from msgspec.structs import replace

from vendue.chain import GENESIS
from vendue.rules import english, sealed
from vendue.rules.english import EMPTY, Ladder, Priced
from vendue.rules.events import (
    Amended,
    Body,
    Closed,
    Countered,
    Details,
    Event,
    Extended,
    Hidden,
    Listed,
    OfferDeclined,
    Outcome,
    Placed,
    Refused,
    Retracted,
)
from vendue.rules.standing import Standing, Status
from vendue.rules.terms import Terms

ANSWERS_KEPT_MS = 24 * 3600 * 1000
"""How long after the end, in log time, a repeated key still gets its first answer."""


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One decided command: enough to answer a repeat of its key and, for a bid, to price again and show it.

    `hash`: of its event; empty in entries that were saved before it was kept.
    """

    seq: int
    at: int
    command: str
    by: str
    what: str
    standing: Standing
    outcome: Outcome | None = None
    amount: int | None = None
    own_raise: bool = False
    code: str | None = None
    details: Details | None = None
    hash: str = ""


class Auction(Struct):
    """Everything that decisions on one auction depend on. Bidders are ids; times epoch ms; amounts minor units.

    `now`: its time so far. `end_set`: the end as last set by listing or extension, which soft close counts from.
    `voids`: bidder -> the seq up to which his bids are void. `settled_at`: when it became final.
    `entries` only ever grows; after ANSWERS_KEPT_MS a final auction may lose it (retire).
    """

    id: str
    terms: Terms
    status: Status
    starts_at: int
    ends_at: int
    end_set: int
    seq: int = 0
    hash: str = GENESIS
    now: int = 0
    ladder: Ladder = EMPTY
    envelopes: sealed.Envelopes = field(default_factory=dict)
    accepted: int = 0
    aliases: dict[str, int] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)
    voids: dict[str, int] = field(default_factory=dict)
    barred: set[str] = field(default_factory=set)
    buy_now_gone: bool = False
    winner: str | None = None
    hammer_price: int | None = None
    closed_at: int | None = None
    settled_at: int | None = None
    approval_until: int | None = None
    offer: int | None = None
    last: Standing | None = None
    retired: bool = False
    entries: list[Entry] = field(default_factory=list)
    by_command: dict[str, Entry] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """The standing after its last event."""
        assert self.last is not None, "an auction exists from its first event on"
        return self.last

    @property
    def is_sealed(self) -> bool:
        """Whether amounts stay hidden until the end."""
        return self.terms.format in ("sealed_first_price", "sealed_second_price")

    @property
    def buy_now_price(self) -> int | None:
        """The buy-now price in force, if any."""
        return None if self.buy_now_gone or self.status not in ("scheduled", "live") else self.terms.buy_now_price

    def deadline(self) -> int | None:
        """When the clock next changes this auction: opens, closes, lapses or retires it; None when it never will."""
        match self.status:
            case "scheduled":
                return self.starts_at
            case "live":
                return self.ends_at
            case "pending_approval" | "countered":
                return self.approval_until
        return None if self.retired or self.settled_at is None else self.settled_at + ANSWERS_KEPT_MS

    def answered(self, command: str, now_ms: int) -> Entry | None:
        """The first answer to a command's id, while it is kept."""
        return None if self.answers_expired(now_ms) else self.by_command.get(command)

    def answers_expired(self, now_ms: int) -> bool:
        """Whether it is over for so long that only a stub of it counts."""
        return self.settled_at is not None and now_ms >= self.settled_at + ANSWERS_KEPT_MS

    def priced(self, but: str | None = None) -> list[Priced]:
        """The accepted bids that are not void, in order, without those of the bidder `but`."""
        return [
            Priced(entry.seq, entry.by, entry.amount, entry.own_raise)
            for entry in self.entries
            if entry.outcome is not None
            and entry.amount is not None
            and entry.by != but
            and entry.seq > self.voids.get(entry.by, 0)
        ]

    def retire(self) -> None:
        """Keep the stub: status, end, seq, hash and what the standing shows."""
        self.retired = True
        self.entries, self.by_command = [], {}
        self.envelopes, self.highest, self.voids, self.aliases, self.barred = {}, {}, {}, {}, set()


def alias(number: int) -> str:
    """A bidder's public name in one auction."""
    return f"Bidder {number}"


def apply(auction: Auction | None, event: Event) -> Auction:
    """The auction after one event. May change the one it is given in place; no event is judged again."""
    body, hidden = event.body, event.hidden
    if type(body) is Placed:
        assert auction is not None and hidden is not None
        _apply_bid(auction, body, hidden)
    elif type(body) is not Refused:
        auction = _apply_other(auction, body, hidden)
    assert auction is not None, "an auction's first event is `listed`"
    assert body.seq == auction.seq + 1, "events are applied in order, without gaps"
    standing = body.standing
    auction.seq, auction.hash, auction.last = body.seq, event.hash, standing
    auction.now = max(auction.now, body.at)
    auction.status, auction.ends_at = standing.status, standing.ends_at
    auction.closed_at, auction.hammer_price = standing.closed_at, standing.hammer_price
    auction.approval_until = standing.approval_until
    if auction.settled_at is None and standing.status in ("sold", "unsold", "cancelled"):
        auction.settled_at = body.at
        auction.winner = auction.ladder.leader if standing.status == "sold" else None
    if hidden is not None and not auction.retired:
        _remember(auction, event, hidden)
    return auction


def _apply_bid(auction: Auction, body: Placed, hidden: Hidden) -> None:
    bidder, amount = hidden.by, hidden.amount
    assert amount is not None, "a bid has an amount"
    auction.aliases.setdefault(bidder, len(auction.aliases) + 1)
    auction.accepted += 1
    if body.outcome == "bought":
        price = body.standing.price
        assert price is not None, "what was bought has a price"
        auction.ladder = Ladder(bidder, price, None, price)
    elif auction.is_sealed:
        sealed.put(auction.envelopes, bidder, amount, body.seq)
    else:
        auction.ladder, _ = english.place(auction.terms, auction.ladder, bidder, amount)
        auction.highest[bidder] = amount
    if auction.terms.reserve_price is None or body.standing.reserve_met:
        auction.buy_now_gone = True


def _apply_other(auction: Auction | None, body: Body, hidden: Hidden | None) -> Auction:
    match body:
        case Listed():
            assert auction is None, "an id is listed once"
            terms = _whole_terms(body, hidden)
            return Auction(body.auction, terms, "scheduled", terms.starts_at, terms.ends_at, terms.ends_at)
        case _ if auction is None:
            raise AssertionError("an auction's first event is `listed`")
        case Amended():
            auction.terms = _whole_terms(body, hidden)
            auction.starts_at, auction.end_set = auction.terms.starts_at, auction.terms.ends_at
        case Extended():
            auction.end_set = body.standing.ends_at
        case Retracted():
            assert hidden is not None and hidden.bidder is not None
            _apply_retraction(auction, body, hidden.bidder)
        case Closed() if auction.is_sealed and body.standing.leader is not None:
            found = sealed.winner(auction.envelopes)
            assert found is not None, "a sealed auction with a leader has an envelope"
            auction.ladder = Ladder(found[0], found[1], None, body.standing.price)
        case Countered():
            auction.offer = hidden.amount if hidden else None
        case OfferDeclined():
            auction.offer = None
    return auction


def _whole_terms(body: Listed | Amended, hidden: Hidden | None) -> Terms:
    assert hidden is not None, "terms have a hidden part"
    return replace(body.terms, reserve_price=hidden.reserve_price, seller_ids=hidden.seller_ids)


def _apply_retraction(auction: Auction, body: Retracted, bidder: str) -> None:
    auction.voids[bidder] = body.seq
    if body.allow_rebid:
        auction.barred.discard(bidder)
    else:
        auction.barred.add(bidder)
    auction.envelopes.pop(bidder, None)
    if auction.terms.format == "english":
        left = auction.priced()
        auction.ladder, moot = english.price_again(auction.terms, left)
        auction.highest = {bid.bidder: bid.amount for bid in left if bid.seq not in moot}


def _remember(auction: Auction, event: Event, hidden: Hidden) -> None:
    body = event.body
    entry = Entry(
        seq=body.seq,
        at=body.at,
        command=hidden.command,
        by=hidden.by,
        what=hidden.what,
        standing=body.standing,
        outcome=body.outcome if type(body) is Placed else None,
        amount=hidden.amount,
        own_raise=hidden.own_raise,
        code=hidden.code,
        details=hidden.details,
        hash=event.hash,
    )
    auction.entries.append(entry)
    auction.by_command.setdefault(entry.command, entry)
