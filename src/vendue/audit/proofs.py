"""What somebody holds beside a log: the house's public keys, signed receipts and heads, openings of commitments."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import DecodeError, Struct, ValidationError, convert
from msgspec.json import decode

from vendue.audit.parts import Event, Wrong, commitment_of, name_of
from vendue.chain import GENESIS
from vendue.rules.claims import Claim, Kind, key_id, text_of


class Signed(Claim, frozen=True):
    """A claim with its signature."""

    kid: str = ""
    signature: str = ""


class Opening(Struct, frozen=True):
    """Somebody's hidden part of an event."""

    auction: str
    seq: int
    hash: str
    hidden: dict[str, Any]
    salt: str


class Proofs(Struct, frozen=True):
    """All of it; without `keys` signatures are not checked."""

    keys: dict[str, bytes] = {}
    receipts: tuple[Signed, ...] = ()
    openings: tuple[Opening, ...] = ()
    heads: tuple[Signed, ...] = ()
    """That were kept from before."""

    def check(self, auction: str, events: list[Event]) -> None:
        """That these events hold what is proved of the auction. Raises Wrong, which names the first that does not."""
        for receipt in sorted(self.receipts_of(auction), key=lambda each: each.seq):
            self.check_signature("receipt", receipt)
            if receipt.seq > len(events):
                raise Wrong(f"event {receipt.seq}, of which there is a receipt, is missing: the end was cut off")
            event = events[receipt.seq - 1]
            if (event.get("hash"), event.get("at")) != (receipt.hash, receipt.at):
                name = name_of(receipt.seq, event)
                raise Wrong(f"{name} is not the one of the receipt: another stood there when that was signed")
        hashes = {0: GENESIS} | {number: event.get("hash") for number, event in enumerate(events, 1)}
        for head in self.heads_of(auction):
            self.check_signature("head", head)
            check_head(head, hashes, f"event {head.seq}")
        for opening in sorted(self.openings_of(auction), key=lambda each: each.seq):
            event = events[opening.seq - 1] if 0 < opening.seq <= len(events) else {}
            if event.get("commitment") != commitment_of(opening.hidden, opening.salt):
                name = name_of(opening.seq, event) if event else f"event {opening.seq}, which is missing,"
                raise Wrong(f"{name} is not what the opening says: its commitment is to something else")

    def receipts_of(self, auction: str) -> list[Signed]:
        """Those of an auction."""
        return [each for each in self.receipts if each.auction == auction]

    def openings_of(self, auction: str) -> list[Opening]:
        """Those of an auction."""
        return [each for each in self.openings if each.auction == auction]

    def heads_of(self, auction: str) -> list[Signed]:
        """Those of an auction, or of the audit log, by their place."""
        return sorted((each for each in self.heads if each.auction == auction), key=lambda each: each.seq)

    def check_signature(self, kind: Kind, signed: Signed) -> None:
        """Raises Wrong where it is not the house's; says nothing without keys."""
        if not self.keys:
            return
        of = f"line {signed.seq} of the audit log" if kind == "audit-head" else f"event {signed.seq}"
        name = f"the {'receipt' if kind == 'receipt' else 'head'} of {of}"
        key = self.keys.get(signed.kid)
        if key is None:
            raise Wrong(f"{name} is signed with the key {signed.kid}, which is none of the house's")
        try:
            signature = urlsafe_b64decode(signed.signature + "==")
            Ed25519PublicKey.from_public_bytes(key).verify(signature, text_of(kind, signed))
        except (InvalidSignature, ValueError):
            raise Wrong(f"{name} is forged: its signature does not hold") from None


def check_head(head: Signed, hashes: Mapping[int, Any], name: str) -> None:
    """That this is the hash at its place in a chain, whose hashes these are by seq. Raises Wrong."""
    if head.seq > max(hashes):
        raise Wrong(f"{name}, of which there is a head, is missing: the end was cut off")
    if head.seq < min(hashes):
        raise Wrong(f"{name}, of which there is a head, is before the first in this file, so that cannot be checked")
    if head.hash != hashes[head.seq]:
        raise Wrong(f"{name} is not the one of the head: another stood there when that was signed")


def read_proofs(
    keys: Path | None, receipts: Iterable[Path] = (), openings: Iterable[Path] = (), heads: Iterable[Path] = ()
) -> Proofs:
    """What these files hold. Raises Wrong."""
    return Proofs(
        read_keys(keys.read_bytes()) if keys else {},
        tuple(found for each in receipts for found in read_receipts(each.read_bytes())),
        tuple(found for each in openings for found in read_openings(each.read_bytes())),
        tuple(found for each in heads for found in read_heads(each.read_bytes())),
    )


def read_keys(text: bytes) -> dict[str, bytes]:
    """The keys of /.well-known/vendue as it was saved. Raises Wrong."""
    try:
        keys = [urlsafe_b64decode(each["x"] + "=") for each in decode(text)["keys"] if each["crv"] == "Ed25519"]
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError
    except (DecodeError, UnicodeDecodeError, ValueError, TypeError, KeyError):
        raise Wrong("The file of keys is not what GET /.well-known/vendue answers: save that again.") from None
    return {key_id(key): key for key in keys}


def read_receipts(text: bytes) -> tuple[Signed, ...]:
    """What is signed in answers to bids, or in lines of them. Raises Wrong."""
    return _read_signed(text, "receipt")


def read_heads(text: bytes) -> tuple[Signed, ...]:
    """The answers of GET /api/audit-log/head, or the last lines of logs. Raises Wrong."""
    return _read_signed(text, "head")


def _read_signed(text: bytes, what: str) -> tuple[Signed, ...]:
    found = tuple(_converted(_signed_in(value), Signed, what) for value in _values(text, what))
    if any(not each.signature for each in found):
        raise Wrong(f"The file of {what}s has one without a signature.")
    return found


def read_openings(text: bytes) -> tuple[Opening, ...]:
    """The lines of GET /api/auctions/ID/openings. Raises Wrong."""
    return tuple(_converted(value, Opening, "opening") for value in _values(text, "opening"))


def _signed_in(value: Any) -> Any:
    """The evidence or head in an answer, or what is that itself."""
    for name in ("receipt", "data", "error", "details", "evidence", "head"):
        if isinstance(value, dict) and isinstance(value.get(name), dict):
            value = value[name]
    return value


def _values(text: bytes, what: str) -> Iterator[Any]:
    """One JSON value, or one a line."""
    try:
        yield decode(text)
    except (DecodeError, UnicodeDecodeError):
        try:
            yield from (decode(line) for line in text.splitlines() if line.strip())
        except (DecodeError, UnicodeDecodeError) as error:
            raise Wrong(f"The file of {what}s is no JSON: {error}") from None


def _converted(value: Any, into: Any, what: str) -> Any:
    try:
        return convert(value, into)
    except ValidationError as error:
        raise Wrong(f"The file of {what}s has one that is none: {error}") from None
