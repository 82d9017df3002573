"""Commands: what people and the clock ask for. One JSON value each on the log's topic `bids`."""

from hashlib import sha256
from typing import Literal

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from vendue.rules.terms import Terms

Role = Literal["bidder", "seller", "auctioneer", "none"]
"""In what capacity someone acts: the verdict of whoever took the command, so that replay needs the log alone."""


class Tick(Struct, frozen=True, tag_field="type", tag="tick", gc=False):
    """A deadline may have passed: whatever is due by the record's time is applied."""

    auction: str


class _Asked(Struct, frozen=True, tag_field="type", kw_only=True, omit_defaults=True, gc=False):
    auction: str
    id: str
    by: str
    role: Role
    salt: str
    reply: str = ""


class List(_Asked, tag="list", frozen=True, gc=False):
    """Put an auction up with its whole terms. `sent`: a digest of what was asked, where the terms hold more."""

    terms: Terms
    sent: str = ""


class Amend(_Asked, tag="amend", frozen=True, gc=False):
    """Replace the terms, whole, while the auction is scheduled. `sent`: as of List."""

    terms: Terms
    sent: str = ""


class Extend(_Asked, tag="extend", frozen=True, gc=False):
    """Move the end later."""

    ends_at: int


class Cancel(_Asked, tag="cancel", frozen=True, gc=False):
    """Call the auction off, with a public reason."""

    reason: str


class Bid(_Asked, tag="bid", frozen=True, gc=False):
    """A bid or a buy-now; `amount` in minor units."""

    amount: int
    kind: Literal["bid", "buy_now"] = "bid"
    confirm_jump: bool = False


class Retract(_Asked, tag="retract", frozen=True, gc=False):
    """Make every bid of `bidder` on the auction void."""

    bidder: str
    reason: str
    allow_rebid: bool = False


class Approve(_Asked, tag="approve", frozen=True, gc=False):
    """Sell at the standing price."""


class Decline(_Asked, tag="decline", frozen=True, gc=False):
    """Do not sell."""


class Counter(_Asked, tag="counter", frozen=True, gc=False):
    """Offer the high bidder another price, in minor units."""

    price: int


class AcceptOffer(_Asked, tag="accept_offer", frozen=True, gc=False):
    """The high bidder takes the offer."""


class DeclineOffer(_Asked, tag="decline_offer", frozen=True, gc=False):
    """The high bidder refuses the offer."""


Asked = List | Amend | Extend | Cancel | Bid | Retract | Approve | Decline | Counter | AcceptOffer | DeclineOffer
"""A command that someone asked for; it gets an answer."""
Command = Asked | Tick

_decoder: Decoder[Command] = Decoder(Command)
_encoder = Encoder()


def encode(command: Command) -> bytes:
    """The command as it stands in the log."""
    return _encoder.encode(command)


def decode(value: bytes) -> Command:
    """The command of a log record; msgspec.ValidationError where it is none."""
    return _decoder.decode(value)


def command_id(auction: str, by: str, key: str) -> str:
    """The id of what `by` asks of `auction` under the idempotency key `key`: the same again has the same id."""
    return sha256("\0".join((auction, by, key)).encode()).hexdigest()[:32]


def fingerprint(command: Asked) -> str:
    """What a repeat under the same key must share: kind, amount and flags, not salt or sender."""
    if type(command) is Bid:
        return f"{command.kind}:{command.amount}{'!' if command.confirm_jump else ''}"
    if isinstance(command, List | Amend) and command.sent:
        return f"{command.__struct_config__.tag}:{command.sent}"
    content = {
        name: getattr(command, name)
        for name in command.__struct_fields__
        if name not in ("auction", "id", "by", "role", "salt", "reply", "sent")
    }
    return f"{command.__struct_config__.tag}:{sha256(_encoder.encode(content)).hexdigest()[:16]}"
