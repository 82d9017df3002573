"""Turns: what concerns one auction's draft is done one after the other, so that no draft changes while it is listed.

In this process by a lock, so that nobody is refused for coming at the same moment. Beside other processes by the rows
themselves: each write is of the row that was read, and a draft that is being listed says so.
"""

from asyncio import Lock
from weakref import WeakValueDictionary

from vendue.catalogue.clock import now_ms
from vendue.catalogue.port import Row

LISTING = 0
"""The `seq` of a draft whose listing was asked of the log: the first event has 1."""
LISTING_MS = 600_000
"""A draft whose listing nobody heard of for so long may be changed again: its process died before it asked."""


class Turns:
    """A lock an auction, kept only while someone holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, Lock] = WeakValueDictionary()

    def of(self, auction: str) -> Lock:
        """Use as `async with turns.of(auction):`."""
        lock = self._locks.get(auction)
        if lock is None:
            lock = self._locks[auction] = Lock()
        return lock


def is_being_listed(draft: Row) -> bool:
    """Whether what was read of it may be in the log by now."""
    return bool(draft["seq"] == LISTING and now_ms() - draft["updatedAt"] < LISTING_MS)
