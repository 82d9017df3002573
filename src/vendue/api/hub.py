"""The hub: standings from the board to everyone who watches. A slow watcher gets the latest one, never all."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Literal

from msgspec.json import Decoder, encode
from prometheus_client import Counter, Gauge

from vendue import traces
from vendue.api.watcher import Watcher, text_frame
from vendue.board.port import ALL, Board, BoardUnavailable, Reply, Update
from vendue.catalogue.port import Catalogue, CatalogueBroken, Row
from vendue.catalogue.query import Condition, Group, Order, Query
from vendue.log.port import Log
from vendue.rules.receipts import Position
from vendue.rules.standing import Clock, Standing, at_time

TIDY_EVERY_S = 0.2
COUNT_EVERY_S, COUNTED_FOR_S = 2.0, 6
LIVE = Query(where=Condition(("status",), "$eq", "live"), limit=1_000, counted=False)

_NOBODY: frozenset[Watcher] = frozenset()

_watchers = Gauge("vendue_watchers", "Open live connections")
_frames = Counter("vendue_frames_total", "Standings and positions handed to live connections")
_standings = Decoder(Standing)


class Hub:
    """Hears of the board what this process's connections watch, and hands it to whom it concerns, encoded once."""

    def __init__(self, board: Board, catalogue: Catalogue, log: Log) -> None:
        self._board, self._catalogue, self._log = board, catalogue, log
        self._instance = f"live-{secrets.token_hex(8)}"
        self._by_auction: dict[str, set[Watcher]] = {}
        self._by_user: dict[str, set[Watcher]] = {}
        self._all_live: set[Watcher] = set()
        self._live: set[str] = set()
        """Auctions told as open while all live ones are watched."""
        self._left: tuple[set[str], set[str]] = set(), set()
        """Auctions and bidders that somebody stopped watching."""
        self._behind: dict[Watcher, set[str]] = {}
        """What was shown from the catalogue, since the board was away: auctions, or ALL."""
        self._counted: tuple[float, int] = 0.0, 0
        """When this process told who watches, in the event loop's time, and of how many auctions."""

    async def open(self) -> None:
        """Hear the board from now on."""
        await self._board.listen(self._instance, self)

    async def run(self) -> None:
        """Until cancelled: unwatch what nobody watches any more, and catch up with a board that was away."""
        while True:
            await asyncio.sleep(TIDY_EVERY_S)
            await self._unwatch()
            await self._catch_up()
            await self._tell_watchers()

    def join(self) -> Watcher:
        """A new connection."""
        _watchers.inc()
        return Watcher()

    def leave(self, watcher: Watcher) -> None:
        """It is gone."""
        _watchers.dec()
        self.unsubscribe(watcher, list(watcher.auctions))
        self.unsubscribe_live(watcher)
        self.forget(watcher)
        self._behind.pop(watcher, None)

    async def identify(self, watcher: Watcher, user: str | None) -> None:
        """The connection's bidder from now on, first where he stands in what it watches."""
        self.forget(watcher)
        if user is not None:
            watcher.user = user
            self._by_user.setdefault(user, set()).add(watcher)
            await self._board.watch(self._instance, [], [user])
            for auction in list(watcher.auctions):
                await self._show_position(watcher, auction)

    def forget(self, watcher: Watcher) -> None:
        """The connection is nobody's."""
        if watcher.user is not None:
            _drop(self._by_user, watcher.user, watcher)
            self._left[1].add(watcher.user)
            watcher.user = None

    async def subscribe(self, watcher: Watcher, auctions: Sequence[str], since: dict[str, int]) -> list[str]:
        """From now on these auctions' standings, first the present ones; the ids that do not exist."""
        fresh = [auction for auction in auctions if auction not in watcher.auctions]
        for auction in auctions:
            self._by_auction.setdefault(auction, set()).add(watcher)
            watcher.auctions.add(auction)
        await self._board.watch(self._instance, auctions)
        unknown = [auction for auction in auctions if not await self._show(watcher, auction, since.get(auction, -1))]
        self.unsubscribe(watcher, [auction for auction in fresh if auction in unknown])
        return unknown

    async def subscribe_live(self, watcher: Watcher, since: dict[str, int]) -> None:
        """From now on every live auction's standing, first the present ones."""
        self._all_live.add(watcher)
        await self._board.watch(self._instance, [ALL])
        try:
            shown = [(each.auction, each.seq, self._now(each.standing)) for each in await self._board.live()]
        except BoardUnavailable:
            self._behind.setdefault(watcher, set()).add(ALL)
            rows, _ = await self._catalogue.find("auctions", LIVE)
            shown = [(row["documentId"], row["seq"], self._encoded(_standing_of(row))) for row in rows]
        self._live.update(auction for auction, _, _ in shown)
        for auction, seq, standing in shown:
            if seq > since.get(auction, -1):
                watcher.offer(auction, seq, self._frame(standing))
            await self._show_position(watcher, auction)

    def unsubscribe(self, watcher: Watcher, auctions: Iterable[str]) -> None:
        """No longer these."""
        for auction in auctions:
            watcher.drop(auction)
            _drop(self._by_auction, auction, watcher)
            self._left[0].add(auction)

    def unsubscribe_live(self, watcher: Watcher) -> None:
        """No longer all live ones."""
        self._all_live.discard(watcher)
        self._left[0].add(ALL)

    async def _unwatch(self) -> None:
        """Whoever comes back before this has not left; whoever comes after it watches anew."""
        auctions, bidders = self._left
        self._left = set(), set()
        gone = [each for each in auctions if each != ALL and each not in self._by_auction]
        if ALL in auctions and not self._all_live:
            gone.append(ALL)
            self._live.clear()
        people = [bidder for bidder in bidders if bidder not in self._by_user]
        if gone or people:
            await self._board.unwatch(self._instance, gone, people)

    async def _catch_up(self) -> None:
        if not self._behind:
            return
        behind, self._behind = self._behind, {}
        try:
            await self._board.ping()
            while behind:
                watcher, auctions = next(iter(behind.items()))
                if ALL in auctions and watcher in self._all_live:
                    await self.subscribe_live(watcher, {})
                for auction in auctions & watcher.auctions:
                    await self._show(watcher, auction, -1)
                del behind[watcher]
        except (BoardUnavailable, CatalogueBroken):
            for watcher, auctions in behind.items():
                self._behind.setdefault(watcher, set()).update(auctions)

    async def _tell_watchers(self) -> None:
        now = asyncio.get_running_loop().time()
        at, told = self._counted
        if now - at < COUNT_EVERY_S or not (told or self._by_auction):
            return
        counts = {auction: len(watchers) for auction, watchers in self._by_auction.items()}
        self._counted = now, len(counts)
        with suppress(BoardUnavailable):  # told again soon
            await self._board.note_watchers(self._instance, counts, COUNTED_FOR_S)

    async def _show(self, watcher: Watcher, auction: str, since: int) -> bool:
        """Tell a watcher the standing now where it is newer than `since`; whether there is such an auction."""
        standing = await self._standing(watcher, auction)
        if standing is not None and standing.seq > since:
            watcher.offer(auction, standing.seq, self._frame(self._encoded(standing)))
        await self._show_position(watcher, auction)
        return standing is not None

    async def _show_position(self, watcher: Watcher, auction: str) -> None:
        """Tell a bidder where he stands, if he bid there."""
        if watcher.user is None:
            return
        try:
            found = await self._board.position(auction, watcher.user)
            forgotten = found is None and await self._board.read(auction) is None
        except BoardUnavailable:
            self._behind.setdefault(watcher, set()).add(auction)
            found, forgotten = None, True
        if forgotten:
            found = await self._outcome(auction, watcher.user)
        if found is not None:
            watcher.offer(f"you {auction}", 0, b'{"you":%b,"now":%d}' % (found, self._log.now_ms()))

    def on_update(self, update: Update) -> None:
        """From the board: the same bytes for every watcher."""
        auction, tracer = update.auction, traces.tracer
        start_ns = time.time_ns() if tracer is not None else 0
        watchers = self._by_auction.get(auction, _NOBODY)
        if self._all_live:
            if update.live or auction in self._live:
                watchers = watchers | self._all_live
            (self._live.add if update.live else self._live.discard)(auction)
        if watchers:
            text = self._frame(update.standing)
            frame = text_frame(text)
            _frames.inc(len(watchers))
            for watcher in watchers:
                watcher.offer(auction, update.seq, text, frame)
                if not update.live and auction not in watcher.auctions:
                    watcher.drop(auction)
            if tracer is not None and update.traceparent:
                tracer.push(update.traceparent, start_ns, auction, update.seq, len(watchers))

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """From the board: a bidder's own, to each of his connections."""
        for watcher in self._by_user.get(bidder, _NOBODY):
            watcher.offer(f"you {auction}", seq, b'{"you":%b,"now":%d}' % (position, self._log.now_ms()))

    def on_reply(self, reply: Reply) -> None:
        """Receipts are the desk's."""

    def _frame(self, standing: bytes) -> bytes:
        return b'{"standing":%b,"now":%d}' % (standing, self._log.now_ms())

    def _now(self, standing: bytes) -> bytes:
        """A Dutch price falls between events; every other standing is as it was written."""
        if b'"clock":null' in standing:
            return standing
        return self._encoded(_standings.decode(standing))

    def _encoded(self, standing: Standing) -> bytes:
        return encode(at_time(standing, self._log.now_ms()))

    async def _outcome(self, auction: str, bidder: str) -> bytes | None:
        """Whether a bidder won what is over, by the catalogue; None where he did not bid."""
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

    async def _standing(self, watcher: Watcher, auction: str) -> Standing | None:
        """As the board has it, else the catalogue: the board forgets what is over, and may be away."""
        try:
            update = await self._board.read(auction)
        except BoardUnavailable:
            self._behind.setdefault(watcher, set()).add(auction)
            update = None
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
