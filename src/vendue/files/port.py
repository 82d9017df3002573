"""The file store's port: contents by name, and a name says what the content is, so that none ever changes."""

import re
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

NAME = re.compile(r"(?:(?:thumbnail|small|medium|large)_)?[0-9a-f]{64}(?P<ext>\.(?:jpg|png|webp|svg))")
"""The SHA-256 of a picture; those made smaller from it have its hash, and their format before it."""
MEDIA_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".svg": "image/svg+xml"}
"""By extension: all that is ever kept, or served. No .svg comes from outside: only what is drawn here is one."""
CHUNK_BYTES = 256 * 1024


class FilesBroken(Exception):
    """The store cannot be used; the message says what to do."""


class Stored(NamedTuple):
    """A content: its bytes counted, and itself in pieces, read when they are asked for; they raise FilesBroken."""

    size: int
    chunks: AsyncIterator[bytes]


class FileStore(Protocol):
    """One interface for every place. Names are NAME's. Every method raises FilesBroken where the place fails."""

    async def put(self, name: str, content: bytes) -> None:
        """Keep it, durably and whole or not at all. The same name again is the same content."""
        ...

    async def get(self, name: str) -> Stored | None:
        """What is kept under that name."""
        ...

    async def delete(self, name: str) -> None:
        """Keep it no longer; nothing happens where it was not kept."""
        ...

    async def ping(self) -> None:
        """Raises FilesBroken where it does not answer."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


def media_type(name: str) -> str:
    """Of a name that was made here."""
    found = NAME.fullmatch(name)
    assert found is not None, f"{name!r} is no name of ours"
    return MEDIA_TYPES[found["ext"]]
