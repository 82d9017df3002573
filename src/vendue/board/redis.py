"""The distributed board: Redis. What it keeps is in redis_store.py, how listeners are told in redis_ear.py."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Self

from vendue.board.port import BoardUnavailable, Listener, Reply, Update
from vendue.board.redis_ear import Ear
from vendue.board.redis_store import Store

BEAT_EVERY_S = 0.5
SILENT_S = 2.5
"""Without a sign of life for so long, while Redis takes them, a listener's connection is dead and does not know it."""


class RedisBoard:
    """The Board port on one Redis."""

    def __init__(self, store: Store) -> None:
        """Use `open`."""
        self._store = store
        self._ears: dict[str, Ear] = {}
        self._beating = asyncio.create_task(self._beat())

    @classmethod
    async def open(cls, url: str, of: str = "") -> Self:
        """The board at redis://… or rediss://…, of one of several systems there; as soon as it answers.

        Raises BadBoard where waiting would not help.
        """
        store = Store(url, of)
        try:
            await store.check()
        except BoardUnavailable:
            pass  # the store logged it, and the beat finds it when it is back
        except BaseException:
            await store.close()
            raise
        return cls(store)

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """See the port."""
        await self._store.publish(updates, replies)

    async def listen(self, instance: str, listener: Listener) -> None:
        """See the port."""
        ear = self._ears[instance] = Ear(self._store, instance, listener)
        await ear.opened()

    async def watch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
        """See the port."""
        await self._ears[instance].watch(auctions, bidders)

    async def unwatch(self, instance: str, auctions: Sequence[str], bidders: Sequence[str] = ()) -> None:
        """See the port."""
        await self._ears[instance].unwatch(auctions, bidders)

    async def read(self, auction: str) -> Update | None:
        """See the port."""
        found = await self._store.read([auction])
        return found[0] if found else None

    async def live(self) -> list[Update]:
        """See the port."""
        return await self._store.live()

    async def position(self, auction: str, bidder: str) -> bytes | None:
        """See the port."""
        return await self._store.position(auction, bidder)

    async def note_pending(self, ids: Sequence[str], for_s: int) -> None:
        """See the port."""
        await self._store.note_pending(ids, for_s)

    async def is_pending(self, id: str) -> bool:
        """See the port."""
        return await self._store.is_pending(id)

    async def note_watchers(self, instance: str, counts: Mapping[str, int], for_s: int) -> None:
        """See the port."""
        await self._store.note_watchers(instance, counts, for_s)

    async def watchers(self) -> dict[str, int]:
        """See the port."""
        return await self._store.watchers()

    async def epoch(self, part: str) -> str | None:
        """See the port."""
        return await self._store.epoch(part)

    async def set_epoch(self, part: str, epoch: str) -> None:
        """See the port."""
        await self._store.set_epoch(part, epoch)

    async def ping(self) -> None:
        """See the port."""
        await self._store.ping()

    async def close(self) -> None:
        """See the port."""
        self._beating.cancel()
        await asyncio.gather(self._beating, return_exceptions=True)
        for ear in self._ears.values():
            await ear.close()
        await self._store.close()

    async def _beat(self) -> None:
        time = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(BEAT_EVERY_S)
            try:
                await self._store.beat(self._ears)
            except BoardUnavailable:
                continue
            for ear in self._ears.values():
                ear.drop_silent(time() - SILENT_S)
