"""Signs what the house says of an auction's chain, so that whoever was told can prove it later."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from vendue.rules.claims import Claim, Kind, key_id, text_of
from vendue.rules.receipts import Receipt


class Evidence(Struct, frozen=True, gc=False):
    """A signed claim: `kid` names the key, `signature` is base64url without padding."""

    auction: str
    seq: int
    at: int
    hash: str
    kid: str
    signature: str


class Signer:
    """Has the private key: `seed` is its 32 bytes in base64, `earlier` public keys in base64url, still to be shown."""

    def __init__(self, seed: str, earlier: Sequence[str] = ()) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(b64decode(seed))
        own = self._key.public_key().public_bytes_raw()
        self._kid = key_id(own)
        self._public = dict.fromkeys([own, *(b64decode(key + "=", altchars=b"-_") for key in earlier)])

    def sign(self, kind: Kind, claim: Claim) -> Evidence:
        """The claim with its signature."""
        signature = _base64(self._key.sign(text_of(kind, claim)))
        return Evidence(claim.auction, claim.seq, claim.at, claim.hash, self._kid, signature)

    def receipt(self, receipt: Receipt) -> Evidence | None:
        """That its event was decided; None where it has none, or none whose hash is known."""
        if receipt.seq is None or receipt.hash is None:
            return None
        return self.sign("receipt", Claim(receipt.auction, receipt.seq, receipt.at, receipt.hash))

    def public_keys(self) -> list[dict[str, Any]]:
        """The public keys as RFC 8037 writes them, the one in use first."""
        return [{"kty": "OKP", "crv": "Ed25519", "kid": key_id(key), "x": _base64(key)} for key in self._public]


def _base64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
