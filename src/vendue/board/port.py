"""The board port: standings, bidders' own positions and receipts, from the engine to every api process.

It carries bytes (JSON of the rules' Standing, Position and Receipt) and keeps, per auction, the highest `seq` only.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

ALL = "*"
"""Watched: every auction that is live, that was until this change, or that may have been: the board did not know it."""


class BoardUnavailable(Exception):
    """The board does not answer now. Nothing is lost by it: what it holds can be written anew, and decisions go on."""


class Update(NamedTuple):
    """An auction's standing after a change. `live`: whether it is open; `positions`: bidder's id -> JSON Position.

    `traceparent`: of what changed it, "" where that is not traced.
    """

    auction: str
    seq: int
    live: bool
    standing: bytes
    positions: Mapping[str, bytes]
    traceparent: str = ""


class Reply(NamedTuple):
    """A receipt on its way to the api instance that asked; `id` is the command's."""

    instance: str
    id: str
    receipt: bytes


class Listener(Protocol):
    """What an api process hands in to hear from the board. Called in its event loop; must return at once."""

    def on_update(self, update: Update) -> None:
        """A standing that is newer than the one before; `positions` is empty here."""
        ...

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """A bidder's own position after the auction's event `seq`."""
        ...

    def on_reply(self, reply: Reply) -> None:
        """A receipt for this instance."""
        ...


class Board(Protocol):
    """One interface for the embedded board (memory.py) and the distributed one.

    Every method but `listen`, `watch`, `unwatch` and `close` raises BoardUnavailable where the board does not answer.
    """

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """Store and spread. An update older than the stored one is dropped; of the same seq its positions count."""
        ...

    async def listen(self, instance: str, listener: Listener) -> None:
        """Hear the replies to this instance, and what it watches, from now on.

        A connection that was lost is made again, and what is watched is told as it is stored by then: so nothing
        that is watched stays old. Replies of the meantime are gone.
        """
        ...

    async def watch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
        """Hear also standings of these auctions, or of ALL that are live, and positions of these bidders.

        Watch first, then read: what is published after this returns is told, or will be when the board is back.
        """
        ...

    async def unwatch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
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

    async def note_pending(self, ids: Sequence[str], for_s: int) -> None:
        """These commands were answered as not decided yet: every process shall know for so many seconds, if the board
        lasts. With 0 nobody any more.
        """
        ...

    async def is_pending(self, id: str) -> bool:
        """Whether a command was noted as not decided yet; it may be decided by now."""
        ...

    async def note_watchers(self, instance: str, counts: Mapping[str, int], for_s: int) -> None:
        """So many connections of this instance watch these auctions, in place of what it noted before; for so many
        seconds, since an instance may die.
        """
        ...

    async def watchers(self) -> dict[str, int]:
        """Auction -> connections of all instances that watch it."""
        ...

    async def epoch(self, part: str) -> str | None:
        """What set_epoch stored for this part of the auctions, or None where the board was lost since."""
        ...

    async def set_epoch(self, part: str, epoch: str) -> None:
        """Mark this part as written by who calls."""
        ...

    async def ping(self) -> None:
        """Raises BoardUnavailable where it does not answer."""
        ...

    async def close(self) -> None:
        """Let go of it; listeners hear no more."""
        ...
