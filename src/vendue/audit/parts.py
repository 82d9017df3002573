"""What the parts of the audit share: how a fault is told, and what an event is called in it."""

from hashlib import sha256
from typing import Any

from vendue.chain import canonical

Event = dict[str, Any]


class Wrong(Exception):
    """Something does not hold; the message says where and what."""


def name_of(number: int, event: Event) -> str:
    """An event by its place and type."""
    return f"event {number} ({event.get('type')})"


def commitment_of(hidden: Any, salt: Any) -> str | None:
    """To this hidden part with this salt; None where the salt is none."""
    try:
        return sha256(bytes.fromhex(salt) + canonical(hidden)).hexdigest()
    except (ValueError, TypeError):
        return None
