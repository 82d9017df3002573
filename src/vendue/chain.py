"""What every chain of hashes here is made of: its first link, and the bytes that a hash is of."""

from hashlib import sha256

from msgspec.json import Encoder

GENESIS = "0" * 64
"""Named as the hash before the first."""

canonical = Encoder(order="sorted").encode
"""RFC 8785 JSON of what has ASCII keys and whole numbers, as all of ours has."""


def digest(value: object) -> str:
    """SHA-256 of a value as canonical JSON, in lower-case hex."""
    return sha256(canonical(value)).hexdigest()
