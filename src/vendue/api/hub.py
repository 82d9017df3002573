"""The hub: standings from the board to everyone who watches. A slow watcher gets the latest one, never all."""

import asyncio
import secrets
from collections import deque
from collections.abc import Iterable
from typing import Literal

from msgspec.json import Decoder, encode
from prometheus_client import Counter, Gauge

from vendue.board.port import Board, Reply, Update
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Group, Order, Query
from vendue.log.port import Log
from vendue.rules.receipts import Position
from vendue.rules.standing import Clock, Standing, at_time

ALL = "*"

_NOBODY: frozenset["Watcher"] = frozenset()

_watchers = Gauge("vendue_watchers", "Open live connections")
_frames = Counter("vendue_frames_total", "Standings and positions handed to live connections")
_merged = Counter("vendue_frames_merged_total", "Frames replaced by a newer one before a slow connection took them")
_standings = Decoder(Standing)


class Watcher:
    """A connection's outgoing side: replies in order, and of each auction the latest frame only."""

    def __init__(self) -> None:
        self.auctions: set[str] = set()
        self.user: str | None = None
        self.finished = False
        """Nothing is sent after the replies that wait."""
        self._replies: deque[bytes] = deque()
        self._frames: dict[str, tuple[int, bytes]] = {}
        self._wake = asyncio.Event()
        self._caught_up = asyncio.Event()

    def reply(self, text: bytes) -> None:
        """Send this, after the replies before it and before newer frames."""
        self._replies.append(text)
        self._wake.set()

    def offer(self, key: str, seq: int, frame: bytes) -> None:
        """Send this unless a newer frame of the same key waits, or comes before the connection takes it."""
        waiting = self._frames.get(key)
        if waiting is not None:
            _merged.inc()
            if waiting[0] > seq:  # the catalogue answered a moment after the board told
                return
        self._frames[key] = (seq, frame)
        self._wake.set()

    @property
    def behind(self) -> int:
        """Replies that wait to be taken."""
        return len(self._replies)

    async def caught_up(self) -> None:
        """Wait until all replies were taken."""
        self._caught_up.clear()
        self._wake.set()
        await self._caught_up.wait()

    async def take(self) -> tuple[int, bytes]:
        """The next text, with its seq (0 for a reply)."""
        while True:
            if self._replies:
                return 0, self._replies.popleft()
            self._caught_up.set()
            if self._frames:
                return self._frames.pop(next(iter(self._frames)))
            self._wake.clear()
            await self._wake.wait()


class Hub:
    """Hears the board for this api process and hands each change to whom it concerns, encoded once."""

    def __init__(self, board: Board, catalogue: Catalogue, log: Log) -> None:
        self._board, self._catalogue, self._log = board, catalogue, log
        self._instance = f"live-{secrets.token_hex(8)}"
        self._by_auction: dict[str, set[Watcher]] = {}
        self._by_user: dict[str, set[Watcher]] = {}
        self._all_live: set[Watcher] = set()
        self._live: set[str] = set()
        self.count = 0

    async def open(self) -> None:
        """Hear the board from now on. Bidders hear of every auction they bid in, so all are watched."""
        await self._board.listen(self._instance, self)
        await self._board.watch(self._instance, [ALL])

    def join(self) -> Watcher:
        """A new connection."""
        self.count += 1
        _watchers.inc()
        return Watcher()

    def leave(self, watcher: Watcher) -> None:
        """It is gone."""
        self.count -= 1
        _watchers.dec()
        self.unsubscribe(watcher, list(watcher.auctions))
        self._all_live.discard(watcher)
        self.identify(watcher, None)

    def identify(self, watcher: Watcher, user: str | None) -> None:
        """The connection's bidder, or nobody."""
        if watcher.user is not None:
            _drop(self._by_user, watcher.user, watcher)
        watcher.user = user
        if user is not None:
            self._by_user.setdefault(user, set()).add(watcher)

    async def subscribe(self, watcher: Watcher, auctions: Iterable[str], since: dict[str, int]) -> list[str]:
        """From now on these auctions' standings, first the present ones; the ids that do not exist."""
        unknown = []
        for auction in auctions:
            fresh = auction not in watcher.auctions
            self._by_auction.setdefault(auction, set()).add(watcher)
            watcher.auctions.add(auction)
            standing = await self._standing(auction)
            if standing is None:
                unknown.append(auction)
                if fresh:
                    self.unsubscribe(watcher, [auction])
            elif standing.seq > since.get(auction, -1):
                watcher.offer(auction, standing.seq, self._frame(encode(at_time(standing, self._log.now_ms()))))
            await self.show_position(watcher, auction)
        return unknown

    async def subscribe_live(self, watcher: Watcher, since: dict[str, int]) -> None:
        """From now on every live auction's standing, first the present ones."""
        self._all_live.add(watcher)
        for update in await self._board.live():
            self._live.add(update.auction)
            if update.seq > since.get(update.auction, -1):
                watcher.offer(update.auction, update.seq, self._frame(self._now(update.standing)))
            await self.show_position(watcher, update.auction)

    def unsubscribe(self, watcher: Watcher, auctions: Iterable[str]) -> None:
        """No longer these."""
        for auction in auctions:
            watcher.auctions.discard(auction)
            _drop(self._by_auction, auction, watcher)

    def unsubscribe_live(self, watcher: Watcher) -> None:
        """No longer all live ones."""
        self._all_live.discard(watcher)

    async def show_position(self, watcher: Watcher, auction: str) -> None:
        """Tell a bidder where he stands, if he bid there."""
        if watcher.user is not None:
            found = await self._board.position(auction, watcher.user) or await self._outcome(auction, watcher.user)
            if found is not None:
                watcher.offer(f"you {auction}", 0, b'{"you":%b,"now":%d}' % (found, self._log.now_ms()))

    def on_update(self, update: Update) -> None:
        """From the board: the same bytes for every watcher."""
        auction = update.auction
        watchers = self._by_auction.get(auction, _NOBODY)
        was_live = auction in self._live
        (self._live.add if update.live else self._live.discard)(auction)
        if (update.live or was_live) and self._all_live:
            watchers = watchers | self._all_live
        if watchers:
            frame = self._frame(update.standing)
            _frames.inc(len(watchers))
            for watcher in watchers:
                watcher.offer(auction, update.seq, frame)
        for bidder, position in update.positions.items():
            for watcher in self._by_user.get(bidder, _NOBODY):
                watcher.offer(f"you {auction}", update.seq, b'{"you":%b,"now":%d}' % (position, self._log.now_ms()))

    def on_reply(self, reply: Reply) -> None:
        """Receipts are the desk's."""

    def _frame(self, standing: bytes) -> bytes:
        return b'{"standing":%b,"now":%d}' % (standing, self._log.now_ms())

    def _now(self, standing: bytes) -> bytes:
        """A Dutch price falls between events; every other standing is as it was written."""
        if b'"clock":null' in standing:
            return standing
        return encode(at_time(_standings.decode(standing), self._log.now_ms()))

    async def _outcome(self, auction: str, bidder: str) -> bytes | None:
        """Whether a bidder won what is over and the board forgot; None where he did not bid."""
        if await self._board.read(auction) is not None:
            return None
        row = await self._catalogue.get("auctions", auction)
        if row is None or row["status"] not in ("sold", "unsold", "cancelled"):
            return None
        his = (("auction", auction), ("bidder", bidder), ("status", "accepted"))
        where = Group("$and", tuple(Condition((name,), "$eq", value) for name, value in his))
        bids, _ = await self._catalogue.find("bids", Query(where=where, sort=(Order("seq", True),), limit=1))
        if not bids:
            return None
        state: Literal["won", "lost"] = "won" if row["winner"] == bidder else "lost"
        return encode(Position(auction, row["seq"], state, bids[0]["maximum"], None))

    async def _standing(self, auction: str) -> Standing | None:
        """As the board has it, else the catalogue: the board forgets what is over."""
        update = await self._board.read(auction)
        if update is not None:
            return _standings.decode(update.standing)
        row = await self._catalogue.get("auctions", auction)
        return None if row is None or row["status"] == "draft" else _standing_of(row)


def _standing_of(row: Row) -> Standing:
    clock = None
    if row["format"] == "dutch":
        clock = Clock(row["decrement"], row["decrement_every_ms"], row["floor_price"])
    return Standing(
        auction=row["documentId"],
        seq=row["seq"],
        status=row["status"],
        price=row["price"],
        opening=row["starting_price"],
        minimum_next=row["minimum_next"],
        buy_now_price=None,
        currency=row["currency"],
        bids=row["bids_count"],
        leader=row["leader"],
        reserve_met=row["reserve_met"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        closed_at=row["closed_at"],
        approval_until=row["approval_until"],
        hammer_price=row["hammer_price"],
        clock=clock,
    )


def _drop(groups: dict[str, set[Watcher]], key: str, watcher: Watcher) -> None:
    group = groups.get(key)
    if group is not None:
        group.discard(watcher)
        if not group:
            del groups[key]
