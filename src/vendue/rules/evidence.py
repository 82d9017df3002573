"""The hash chain: seals events so that none can be changed, dropped, swapped or added unseen.

hash = SHA-256 of the public part as RFC 8785 JSON (keys sorted, no white space); the public part names the previous
hash and a commitment, SHA-256(salt bytes ‖ hidden part as the same JSON). All digests are lower-case hex.
"""

from hashlib import sha256
from typing import Any

from msgspec import Raw, Struct
from msgspec.json import Decoder, Encoder, decode

from vendue.chain import canonical
from vendue.rules.events import Body, Event, Hidden
from vendue.rules.standing import Standing

_body_decoder = Decoder(Body)


class Opening(Struct, frozen=True):
    """What opens the commitment of the auction's event `seq`, whose hash this is."""

    auction: str
    seq: int
    hash: str
    hidden: Raw
    salt: str


class _Rest(Struct, omit_defaults=True):
    hash: str
    hidden: Raw = Raw()
    salt: str = ""


_rest_encoder = Encoder()
_rest_decoder = Decoder(_Rest)
_hidden_decoder = Decoder(Hidden)


def seal(
    body_type: type[Body], prev: str, at: int, standing: Standing, hidden: Hidden | None, salt: str, /, **more: Any
) -> Event:
    """The event that follows `prev`; standing.seq is its seq."""
    opening = b"" if hidden is None else canonical(hidden)
    commitment = "" if hidden is None else sha256(bytes.fromhex(salt) + opening).hexdigest()
    body = body_type(
        auction=standing.auction, seq=standing.seq, at=at, prev=prev, commitment=commitment, standing=standing, **more
    )
    public = canonical(body)
    digest = sha256(public).hexdigest()
    if hidden is None:
        rest = b'{"hash":"%b"' % digest.encode()
    else:
        rest = b'{"hash":"%b","hidden":%b,"salt":"%b"' % (digest.encode(), opening, salt.encode())
    return Event(body, hidden, salt, digest, rest + b"," + public[1:])


def read(value: bytes) -> Event:
    """The event of a log record; msgspec.ValidationError where it is none. Does not check its hash."""
    rest = _rest_decoder.decode(value)
    hidden = _hidden_decoder.decode(rest.hidden) if bytes(rest.hidden) else None
    return Event(_body_decoder.decode(value), hidden, rest.salt, rest.hash, value)


def published(value: bytes) -> bytes:
    """The event as anyone may have it: its public part and its hash."""
    public = decode(value, type=dict[str, Raw])
    return canonical({name: each for name, each in public.items() if name not in ("hidden", "salt")})


def opening(event: Event) -> Opening | None:
    """For whoever asked for it; None where it hides nothing, or names others, as who may not bid with a seller."""
    body, hidden = event.body, event.hidden
    if hidden is None or not {hidden.bidder or hidden.by, *hidden.seller_ids} <= {hidden.by}:
        return None
    return Opening(body.auction, body.seq, event.hash, Raw(canonical(hidden)), event.salt)
