"""The shelf: auctions in memory, and their checkpoints in the log."""

import asyncio
from collections.abc import Iterable

from msgspec import DecodeError, Struct

from vendue.log.port import Checkpoint, Deadline, Log, Share, ShareRefused
from vendue.rules.auction import Auction
from vendue.rules.checkpoint import parts_since, restore

MAX_OVER = 2_000
"""Auctions that are over and stay in memory; any other is loaded when someone asks for it."""
SLICE = 20
"""Checkpoints made and written in one go; between slices bids are decided."""


class Kept(Struct):
    """An auction with the offset of the last command that was applied to it, and what of it is saved."""

    auction: Auction
    partition: int
    offset: int
    saved_entries: int = 0
    changed: bool = True

    @property
    def active(self) -> bool:
        """Not over yet."""
        return self.auction.settled_at is None

    def checkpoint(self) -> Checkpoint:
        """Its state, as a copy in bytes."""
        auction = self.auction
        parts = parts_since(auction, self.saved_entries)
        return Checkpoint(
            auction.id, self.partition, self.offset, auction.deadline(), self.active, parts, auction.retired
        )


class Shelf:
    """A share's auctions by id. `next_offsets`: partition -> the command offset to go on from."""

    def __init__(self, log: Log, share: Share) -> None:
        self._log, self._share = log, share
        self._kept: dict[str, Kept] = {}
        self._changed: dict[str, Kept] = {}
        self._saving = asyncio.Lock()
        self.next_offsets: dict[int, int] = {}

    async def open(self) -> list[Deadline]:
        """Take the share and read what was saved: offsets and active auctions; all that still need the clock.

        Raises ShareRefused where this program cannot read it.
        """
        self.next_offsets = await self._log.take(self._share)
        deadlines = await self._log.deadlines(self._share)
        await self.fetch(waiting.auction for waiting in deadlines if waiting.active)
        return deadlines

    async def fetch(self, auctions: Iterable[str]) -> None:
        """Have these in memory, as far as they exist: all of them at once, until the caller next waits."""
        wanted = dict.fromkeys(auctions)
        while missing := [auction for auction in wanted if auction not in self._kept]:
            for saved in await self._log.load(missing):
                state = _restored(saved)
                self._kept[saved.auction] = Kept(state, saved.partition, saved.offset, len(state.entries), False)
            for auction in missing:
                if auction not in self._kept:
                    del wanted[auction]  # it does not exist; others may have been forgotten meanwhile

    def get(self, auction: str) -> Kept | None:
        """An auction in memory."""
        return self._kept.get(auction)

    def put(self, kept: Kept) -> None:
        """It was changed, or is new."""
        kept.changed = True
        self._kept[kept.auction.id] = self._changed[kept.auction.id] = kept

    def active(self) -> list[Kept]:
        """All that are not over."""
        return [kept for kept in self._kept.values() if kept.active]

    async def save(self) -> None:
        """Checkpoint what changed, then the offsets as they were when this began.

        The offsets never pass a change that is in no checkpoint: all that changed before is in this one or a later
        state of it is. Nothing is saved before the events that led to it are durable. It goes slice by slice, since
        bids wait while one is written; a state that is newer than the offsets says so itself (Kept.offset).
        """
        async with self._saving:
            offsets = dict(self.next_offsets)
            changed, self._changed = self._changed, {}
            waiting = list(changed.values())
            try:
                for start in range(0, len(waiting), SLICE):
                    await self._save_slice(waiting[start : start + SLICE], {})
                await self._save_slice([], offsets)
            except BaseException:
                self._changed = changed | self._changed
                raise
            self._forget_over()

    async def _save_slice(self, some: list[Kept], offsets: dict[int, int]) -> None:
        checkpoints, counts = [], []
        for kept in some:
            kept.changed = False
            checkpoints.append(kept.checkpoint())
            counts.append(len(kept.auction.entries))
        await self._log.append("auction-events", [])
        await self._log.save(checkpoints, offsets)
        for kept, count in zip(some, counts, strict=True):
            kept.saved_entries = count

    def _forget_over(self) -> None:
        over = [kept.auction.id for kept in self._kept.values() if not kept.active and not kept.changed]
        for auction in over[: max(0, len(over) - MAX_OVER)]:
            del self._kept[auction]


def _restored(saved: Checkpoint) -> Auction:
    try:
        return restore(saved.parts)
    except (DecodeError, KeyError) as error:
        raise ShareRefused(
            f"What was saved of auction {saved.auction} cannot be read ({error!r}): a newer vendue wrote it, which is "
            "to be installed here too, or it is damaged and to be restored from its latest copy."
        ) from error
