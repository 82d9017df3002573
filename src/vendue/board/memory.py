"""The embedded board: dictionaries, and direct calls to the listeners of this process."""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence

from vendue.board.port import ALL, Listener, Reply, Update

MAX_PENDING = 10_000
"""Noted ones that are kept, whatever their time: the oldest go first."""
MAX_OVER = 10_000
"""Standings kept of auctions that are not live; the oldest go first, and unknown they are read from the catalogue."""


class _Watch:
    """A listener, and what it watches."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.auctions: set[str] = set()
        self.bidders: set[str] = set()


class MemoryBoard:
    """The Board port in one process."""

    def __init__(self) -> None:
        self._live: dict[str, Update] = {}
        self._over: OrderedDict[str, Update] = OrderedDict()
        self._positions: dict[str, dict[str, bytes]] = {}
        self._watches: dict[str, _Watch] = {}
        self._pending: OrderedDict[str, None] = OrderedDict()
        self._watchers: dict[str, Mapping[str, int]] = {}
        self._epochs: dict[str, str] = {}

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """See the port."""
        for update in updates:
            before = self._live.get(update.auction) or self._over.get(update.auction)
            if before is None or before.seq < update.seq:
                self._store(update)
                self._tell(update, update.live or before is None or before.live)
            elif before.seq == update.seq:
                self._positions.setdefault(update.auction, {}).update(update.positions)
                self._tell_positions(update)
        for reply in replies:
            asker = self._watches.get(reply.instance)
            if asker is not None:
                asker.listener.on_reply(reply)

    def _store(self, update: Update) -> None:
        auction = update.auction
        self._positions.setdefault(auction, {}).update(update.positions)
        stored = update._replace(positions={})
        if update.live:
            self._live[auction] = stored
            self._over.pop(auction, None)
            return
        self._live.pop(auction, None)
        self._over[auction] = stored
        self._over.move_to_end(auction)
        while len(self._over) > MAX_OVER:
            gone, _ = self._over.popitem(last=False)
            self._positions.pop(gone, None)

    def _tell(self, update: Update, concerns_all: bool) -> None:
        auction = update.auction
        public = update._replace(positions={})
        for watch in self._watches.values():
            if auction in watch.auctions or (concerns_all and ALL in watch.auctions):
                watch.listener.on_update(public)
        self._tell_positions(update)

    def _tell_positions(self, update: Update) -> None:
        auction, seq = update.auction, update.seq
        for watch in self._watches.values():
            for bidder, position in update.positions.items():
                if bidder in watch.bidders:
                    watch.listener.on_position(auction, bidder, seq, position)

    async def listen(self, instance: str, listener: Listener) -> None:
        """See the port."""
        self._watches[instance] = _Watch(listener)

    async def watch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
        """See the port."""
        watch = self._watches[instance]
        watch.auctions.update(auctions)
        watch.bidders.update(bidders)

    async def unwatch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
        """See the port."""
        watch = self._watches[instance]
        watch.auctions.difference_update(auctions)
        watch.bidders.difference_update(bidders)

    async def read(self, auction: str) -> Update | None:
        """See the port."""
        return self._live.get(auction) or self._over.get(auction)

    async def live(self) -> list[Update]:
        """See the port."""
        return list(self._live.values())

    async def position(self, auction: str, bidder: str) -> bytes | None:
        """See the port."""
        return self._positions.get(auction, {}).get(bidder)

    async def note_pending(self, ids: Sequence[str], for_s: int) -> None:
        """See the port."""
        for id in ids:
            self._pending.pop(id, None)
        if for_s:
            self._pending |= dict.fromkeys(ids)
        while len(self._pending) > MAX_PENDING:
            self._pending.popitem(last=False)

    async def is_pending(self, id: str) -> bool:
        """See the port."""
        return id in self._pending

    async def note_watchers(self, instance: str, counts: Mapping[str, int], for_s: int) -> None:  # noqa: ARG002  # the instance dies with it
        """See the port."""
        self._watchers[instance] = dict(counts)

    async def watchers(self) -> dict[str, int]:
        """See the port."""
        return dict(sum(map(Counter, self._watchers.values()), Counter[str]()))

    async def epoch(self, part: str) -> str | None:
        """See the port."""
        return self._epochs.get(part)

    async def set_epoch(self, part: str, epoch: str) -> None:
        """See the port."""
        self._epochs[part] = epoch

    async def ping(self) -> None:
        """It is there as long as the process is."""

    async def close(self) -> None:
        """See the port."""
        self._watches.clear()
