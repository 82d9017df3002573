"""Events: what was decided. One JSON value each on the log's topic `auction-events`, chained by hash per auction.

The public part of an event is its JSON without `hash`, `hidden` and `salt`. It holds the previous event's hash and the
commitment to the hidden part, and `hash` covers it, so one chain serves the public and the auditor (evidence.py).
"""

from typing import Literal

from msgspec import Struct

from vendue.rules.standing import Standing
from vendue.rules.terms import Fault, Terms

Outcome = Literal["leading", "outbid_by_earlier_equal", "outbid_by_higher_maximum", "sealed", "bought"]


class Details(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a refusal says beside its code; amounts in minor units."""

    minimum: int | None = None
    maximum: int | None = None
    price: int | None = None
    late_by_ms: int | None = None
    faults: tuple[Fault, ...] = ()


class Hidden(Struct, frozen=True, omit_defaults=True, gc=False):
    """What the public download must not show. `command`, `by` and `what` say who asked for what (commands.py).

    `amount`: of a bid its maximum, of a counter-offer its price. `own_raise`: the bidder led when he bid.
    """

    command: str = ""
    by: str = ""
    what: str = ""
    amount: int | None = None
    bidder: str | None = None
    reserve_price: int | None = None
    seller_ids: tuple[str, ...] = ()
    own_raise: bool = False
    code: str | None = None
    details: Details | None = None


class _Body(Struct, frozen=True, tag_field="type", kw_only=True, gc=False):
    auction: str
    seq: int
    at: int
    prev: str
    commitment: str
    standing: Standing


class Listed(_Body, tag="listed", frozen=True, gc=False):
    """Put up, with these terms. Their hidden fields stand in the hidden part."""

    terms: Terms
    reserve: bool


class Amended(_Body, tag="amended", frozen=True, gc=False):
    """Put up with other terms before it opened. As of Listed."""

    terms: Terms
    reserve: bool


class Opened(_Body, tag="opened", frozen=True, gc=False):
    """Bidding starts; `at` is starts_at."""


class Placed(_Body, tag="bid", frozen=True, gc=False):
    """An accepted bid. `amount` is what the public may see of it then: the leader's at most the price, sealed none."""

    alias: str
    kind: Literal["bid", "buy_now"]
    outcome: Outcome
    amount: int | None


class Refused(_Body, tag="refused", frozen=True, gc=False):
    """Something was refused; what, to whom and why is hidden, since it tells where its sender stands."""


class Extended(_Body, tag="extended", frozen=True, gc=False):
    """An auctioneer moved the end to the standing's ends_at."""


class Cancelled(_Body, tag="cancelled", frozen=True, gc=False):
    """Called off for a public reason."""

    reason: str


class Retracted(_Body, tag="retracted", frozen=True, gc=False):
    """The bids of `alias` up to here are void; `moot` are the seqs of bids that no longer set a price."""

    alias: str
    reason: str
    allow_rebid: bool
    moot: tuple[int, ...]


class Closed(_Body, tag="closed", frozen=True, gc=False):
    """Bidding ended at its time; the standing says how."""


class Approved(_Body, tag="approved", frozen=True, gc=False):
    """Sold on approval at the standing price."""


class Declined(_Body, tag="declined", frozen=True, gc=False):
    """The seller did not approve."""


class Countered(_Body, tag="countered", frozen=True, gc=False):
    """The seller offers the high bidder another price, which is hidden."""


class OfferAccepted(_Body, tag="offer_accepted", frozen=True, gc=False):
    """Sold at the offer."""


class OfferDeclined(_Body, tag="offer_declined", frozen=True, gc=False):
    """The offer is off; approval is pending again."""


class Lapsed(_Body, tag="lapsed", frozen=True, gc=False):
    """Nobody approved in time; `at` is approval_until."""


Body = (
    Listed
    | Amended
    | Opened
    | Placed
    | Refused
    | Extended
    | Cancelled
    | Retracted
    | Closed
    | Approved
    | Declined
    | Countered
    | OfferAccepted
    | OfferDeclined
    | Lapsed
)


class Event(Struct, frozen=True, gc=False):
    """A body with its hidden part, the salt that blinds it, its hash, and `value`: the bytes that stand in the log."""

    body: Body
    hidden: Hidden | None
    salt: str
    hash: str
    value: bytes
