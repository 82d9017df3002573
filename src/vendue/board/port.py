"""The board port: standings, bidders' own positions and receipts, from the engine to every api process.

It carries bytes (JSON of the rules' Standing, Position and Receipt) and keeps, per auction, the highest `seq` only.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Update(NamedTuple):
    """An auction's standing after a change. `live`: whether it is open; `positions`: bidder's id -> JSON Position."""

    auction: str
    seq: int
    live: bool
    standing: bytes
    positions: Mapping[str, bytes]


class Reply(NamedTuple):
    """A receipt on its way to the api instance that asked; `id` is the command's."""

    instance: str
    id: str
    receipt: bytes


class Listener(Protocol):
    """What an api process hands in to hear from the board. Called in its event loop; must return at once."""

    def on_update(self, update: Update) -> None:
        """A standing that is newer than the one before."""
        ...

    def on_reply(self, reply: Reply) -> None:
        """A receipt for this instance."""
        ...


class Board(Protocol):
    """One interface for the embedded board (memory.py) and the distributed one."""

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """Store and spread. An update that is not newer than the stored one is dropped."""
        ...

    async def listen(self, instance: str, listener: Listener) -> None:
        """Hear the replies to this instance, and updates of what it watches, from now on."""
        ...

    async def watch(self, instance: str, auctions: Sequence[str]) -> None:
        """Hear updates of these auctions too; "*" is all. Subscribe first, then read."""
        ...

    async def unwatch(self, instance: str, auctions: Sequence[str]) -> None:
        """Hear them no longer."""
        ...

    async def read(self, auction: str) -> Update | None:
        """The stored standing; None means unknown, not that the auction is over. `positions` is empty here."""
        ...

    async def live(self) -> list[Update]:
        """The stored standings of all open auctions."""
        ...

    async def position(self, auction: str, bidder: str) -> bytes | None:
        """A bidder's stored position, or None."""
        ...

    async def epoch(self) -> str | None:
        """What set_epoch stored, or None where the board was lost since."""
        ...

    async def set_epoch(self, epoch: str) -> None:
        """Mark the board as written by this engine."""
        ...
