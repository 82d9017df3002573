"""What was decided and is to be told to the board: once it is durable, and only so much at a time."""

import asyncio
from asyncio import Future
from collections import deque
from collections.abc import Sequence

from vendue.board.port import Reply, Update
from vendue.log.port import LogUnavailable

MOST_UNTOLD = 5_000
"""Commands and events of a share that are not told yet; with more nothing is decided until some are."""


class Delivery:
    """What came of a batch of commands; `durable` ends when it is in the log."""

    def __init__(self) -> None:
        self.commands = 0
        self.events: list[tuple[str, bytes]] = []
        self.replies: list[Reply] = []
        self.concerned: dict[str, dict[str, None]] = {}
        """Auction -> the bidders whose position changed, in an order that a replay has too, which a set has not."""
        self.updates: list[Update] = []
        self.led: dict[str, str] = {}
        """Auction -> the traceparent of what changed it last, where that is traced."""
        self.traced: list[tuple[str, str, str, int]] = []
        """Of each command that is traced its id, its answer's address, its auction, and when it was decided, in ns."""
        self.durable: Future[None]


class Deliveries:
    """In the order in which they were decided. One writer, one reader."""

    def __init__(self) -> None:
        self._waiting: deque[Delivery] = deque()
        self._size = 0
        self._more, self._less = asyncio.Event(), asyncio.Event()

    async def room(self) -> None:
        """Wait while too much is untold: where the log confirms slowly, what it has not confirmed does not grow."""
        while self._size >= MOST_UNTOLD:
            self._less.clear()
            await self._less.wait()

    def add(self, delivery: Delivery) -> None:
        """The next."""
        self._waiting.append(delivery)
        self._size += delivery.commands + len(delivery.events)
        self._more.set()

    async def durable(self) -> Sequence[Delivery]:
        """All that are durable: where the board is slow, no queue of calls grows. Raises what became of one."""
        while not self._waiting:
            self._more.clear()
            await self._more.wait()
        await asyncio.wait([self._waiting[0].durable])
        found = []
        while self._waiting and self._waiting[0].durable.done():
            delivery = self._waiting.popleft()
            self._size -= delivery.commands + len(delivery.events)
            self._less.set()
            error = delivery.durable.exception()
            if error is None:
                found.append(delivery)
            elif not isinstance(
                error, LogUnavailable
            ):  # then none of it happened; the reader is rewound, and decides anew
                raise error
        return found
