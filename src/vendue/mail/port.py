"""The mail port: one letter at a time."""

from typing import Protocol

from msgspec import Struct


class MailBroken(Exception):
    """A letter could not be handed over, or none could; the message says why, and nothing of what it says."""


class Letter(Struct, frozen=True):
    """Plain text to one address."""

    to: str
    subject: str
    text: str


class Mail(Protocol):
    """Hands letters over."""

    async def send(self, letter: Letter) -> None:
        """Done when it was taken. Raises MailBroken."""
        ...

    async def ping(self) -> None:
        """Whether letters would be taken, by when it was last looked. Raises MailBroken."""
        ...
