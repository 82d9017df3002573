"""Turns: what concerns one auction's draft is done one after the other, so that no draft changes while it is listed."""

from asyncio import Lock
from weakref import WeakValueDictionary


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
