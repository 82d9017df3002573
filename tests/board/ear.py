"""A listener that remembers what it heard."""

import asyncio
from collections.abc import Callable

from vendue.board.port import Reply, Update


class Ear:
    """See Listener."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.positions: list[tuple[str, str, int, bytes]] = []
        self.replies: list[Reply] = []

    def on_update(self, update: Update) -> None:
        """See Listener."""
        self.updates.append(update)

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """See Listener."""
        self.positions.append((auction, bidder, seq, position))

    def on_reply(self, reply: Reply) -> None:
        """See Listener."""
        self.replies.append(reply)

    def seen(self) -> list[tuple[str, int]]:
        """Auction and seq of each standing, in the order of hearing."""
        return [(each.auction, each.seq) for each in self.updates]


async def until(met: Callable[[], bool], within_s: float = 5) -> None:
    """Wait for what another process may still be sending."""
    async with asyncio.timeout(within_s):
        while not met():
            await asyncio.sleep(0.001)
