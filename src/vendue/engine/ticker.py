"""Deadlines: tells which auctions are due by the log's time, at most once until each was looked at."""

import asyncio
import heapq
from collections.abc import Callable

MOST_AT_ONCE = 1000
"""Auctions told at once; the log takes only so many records that are not durable yet."""
TOO_EARLY_MS = 50
"""Until one is told again that was looked at and whose deadline had not passed: the log's clock is behind ours."""


class Ticker:
    """A heap of (when to look, auction). Old entries stay in it and are passed over."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._heap: list[tuple[int, str]] = []
        self._looks: dict[str, int] = {}
        self._deadlines: dict[str, int] = {}
        self._outstanding: set[str] = set()
        self._sooner = asyncio.Event()

    def set(self, auction: str, deadline_at: int | None) -> None:
        """The auction was looked at, and its next deadline is this (epoch ms), or never."""
        same, outstanding = self._deadlines.get(auction) == deadline_at, auction in self._outstanding
        if same and not outstanding:
            return
        self._outstanding.discard(auction)
        if deadline_at is None:
            self._deadlines.pop(auction, None)
            self._looks.pop(auction, None)
            return
        self._deadlines[auction] = deadline_at
        self._look(auction, self._now_ms() + TOO_EARLY_MS if same else deadline_at)

    def deadline_of(self, auction: str) -> int:
        """Of one that is due, epoch ms."""
        return self._deadlines[auction]

    def _look(self, auction: str, at: int) -> None:
        self._looks[auction] = at
        heapq.heappush(self._heap, (at, auction))
        if self._heap[0] == (at, auction):
            self._sooner.set()

    def give_back(self, auctions: list[str]) -> None:
        """These could not be ticked: they are due again, unless something else was decided meanwhile."""
        for auction in auctions:
            if auction in self._outstanding:
                self._outstanding.discard(auction)
                self._look(auction, self._deadlines[auction])

    async def due(self) -> list[str]:
        """Wait until deadlines have passed; the auctions are outstanding until `set` or `give_back`."""
        while True:
            now = self._now_ms()
            found: list[str] = []
            while self._heap and self._heap[0][0] <= now and len(found) < MOST_AT_ONCE:
                at, auction = heapq.heappop(self._heap)
                if self._looks.get(auction) == at and auction not in self._outstanding:
                    self._outstanding.add(auction)
                    found.append(auction)
            if found:
                return found
            self._sooner.clear()
            wait_s = (self._heap[0][0] - now) / 1000 if self._heap else None
            try:
                async with asyncio.timeout(wait_s):
                    await self._sooner.wait()
            except TimeoutError:
                pass  # a deadline came
