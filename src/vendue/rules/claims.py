"""What is signed of a chain, an auction's or the audit log's: that an event stands in it, and with which it ends."""

from hashlib import sha256
from typing import Literal

from msgspec import Struct

Kind = Literal["receipt", "head", "audit-head"]
"""receipt: this event was decided; head: the chain ended with it, at that time; audit-head: so did the audit log's."""

ACTS = "audit-log"
"""What an audit-head says in place of an auction; its seq is 0 where there is no line yet."""


class Claim(Struct, frozen=True, gc=False):
    """An event's auction, seq and hash; `at`, epoch ms: in a receipt the event's, in a head when it was signed."""

    auction: str
    seq: int
    at: int
    hash: str


def text_of(kind: Kind, claim: Claim) -> bytes:
    """The bytes to sign. No id or hash has a line end, so that no two claims have the same text."""
    return f"vendue {kind} 1\n{claim.auction}\n{claim.seq}\n{claim.at}\n{claim.hash}\n".encode()


def key_id(public_key: bytes) -> str:
    """The name of an Ed25519 public key of 32 bytes."""
    return sha256(public_key).hexdigest()[:16]
