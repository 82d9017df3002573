"""The embedded board: dictionaries, and direct calls to the listeners of this process."""

from collections import OrderedDict
from collections.abc import Sequence

from vendue.board.port import Listener, Reply, Update

MAX_OVER = 10_000
"""Standings kept of auctions that are not live; the oldest go first, and unknown they are read from the catalogue."""

ALL = "*"


class MemoryBoard:
    """The Board port in one process."""

    def __init__(self) -> None:
        self._live: dict[str, Update] = {}
        self._over: OrderedDict[str, Update] = OrderedDict()
        self._positions: dict[str, dict[str, bytes]] = {}
        self._listeners: dict[str, Listener] = {}
        self._watched: dict[str, set[str]] = {}
        self._epochs: dict[str, str] = {}

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """See the port."""
        for update in updates:
            if self._store(update):
                for instance, listener in self._listeners.items():
                    watched = self._watched[instance]
                    if ALL in watched or update.auction in watched:
                        listener.on_update(update)
        for reply in replies:
            asker = self._listeners.get(reply.instance)
            if asker is not None:
                asker.on_reply(reply)

    def _store(self, update: Update) -> bool:
        auction = update.auction
        before = self._live.get(auction) or self._over.get(auction)
        if before is not None and before.seq >= update.seq:
            return False
        self._positions.setdefault(auction, {}).update(update.positions)
        stored = update._replace(positions={})
        if update.live:
            self._live[auction] = stored
            self._over.pop(auction, None)
            return True
        self._live.pop(auction, None)
        self._over[auction] = stored
        self._over.move_to_end(auction)
        while len(self._over) > MAX_OVER:
            gone, _ = self._over.popitem(last=False)
            self._positions.pop(gone, None)
        return True

    async def listen(self, instance: str, listener: Listener) -> None:
        """See the port."""
        self._listeners[instance] = listener
        self._watched.setdefault(instance, set())

    async def watch(self, instance: str, auctions: Sequence[str]) -> None:
        """See the port."""
        self._watched[instance].update(auctions)

    async def unwatch(self, instance: str, auctions: Sequence[str]) -> None:
        """See the port."""
        self._watched[instance].difference_update(auctions)

    async def read(self, auction: str) -> Update | None:
        """See the port."""
        return self._live.get(auction) or self._over.get(auction)

    async def live(self) -> list[Update]:
        """See the port."""
        return list(self._live.values())

    async def position(self, auction: str, bidder: str) -> bytes | None:
        """See the port."""
        return self._positions.get(auction, {}).get(bidder)

    async def epoch(self, part: str) -> str | None:
        """See the port."""
        return self._epochs.get(part)

    async def set_epoch(self, part: str, epoch: str) -> None:
        """See the port."""
        self._epochs[part] = epoch
