"""Headers that every response carries."""

from typing import Any

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
"""As ASGI takes them; the raw applications beside this one send them too."""


async def add_security_headers(message: Any, _: Any) -> None:
    """A before-send hook; a response that has one of them already keeps its own."""
    if message["type"] == "http.response.start":
        there = {name.lower() for name, _ in message["headers"]}
        message["headers"] = [*message["headers"], *(each for each in SECURITY_HEADERS if each[0] not in there)]
