"""Those who watch: sockets on the hottest lots, one on all of them, and one that compares the clocks."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from typing import Any

from msgspec.json import decode, encode
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from vendue.loadtest.house import House
from vendue.loadtest.market import OPEN, Market
from vendue.loadtest.measures import Measures
from vendue.loadtest.plan import BadPlan, Popularity

LOTS_EACH = 3
COMPARE_EVERY_S = 1.0
CONNECT_AT_ONCE = 20
ANSWER_WITHIN_S = 10.0


class Clock:
    """How far the server's clock is ahead of ours: by the quickest of its answers, half of whose way is the doubt."""

    def __init__(self) -> None:
        self.ahead_ms, self.doubt_ms = 0.0, float("inf")

    def compare(self, asked_ms: float, now_ms: int, answered_ms: float) -> None:
        """An answer that says `now_ms`, which is cut to whole ms."""
        doubt = (answered_ms - asked_ms) / 2 + 0.5
        if doubt < self.doubt_ms:
            self.doubt_ms, self.ahead_ms = doubt, now_ms + 0.5 - (asked_ms + answered_ms) / 2

    def server_ms(self) -> float:
        """What it says now."""
        return time.time() * 1000 + self.ahead_ms


class Watchers:
    """Opens sockets and counts what comes. `began`: the test's start, in the event loop's time."""

    def __init__(self, house: House, market: Market, measures: Measures, popularity: Popularity) -> None:
        self._house, self._market, self._measures, self._popularity = house, market, measures, popularity
        self.clock = Clock()
        self.began = 0.0
        self.open = 0
        self.lost: dict[str, str] = {}
        """Sockets that ended before their time, and why."""
        self.newest: dict[str, dict[str, int]] = {}
        """Of each socket the newest seq that it was shown of each lot."""
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, count: int) -> None:
        """So many, beside the one that sees all lots. Raises BadPlan where the server takes no more."""
        await self._enter("all", None)
        turns = asyncio.Semaphore(CONNECT_AT_ONCE)

        async def enter(number: int) -> None:
            async with turns:
                await self._enter(f"watcher {number}", LOTS_EACH)

        await asyncio.gather(*(enter(number) for number in range(count)))
        self._tasks.append(asyncio.create_task(self._compare()))

    async def leave(self) -> None:
        """All of them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> ClientConnection:
        url = self._house.place.live
        try:
            return await connect(url, compression=None, max_size=1 << 20, ssl=self._house.place.tls, ping_interval=None)
        except InvalidStatus as error:
            said = f"status {error.response.status_code}"
            raise BadPlan(
                f"{url} takes no more watchers after {self.open} ({said}); raise VENDUE_MAX_CONNECTIONS_PER_ADDRESS "
                "there, or lower --watchers."
            ) from None
        except (OSError, TimeoutError, WebSocketException) as error:
            raise BadPlan(f"{url} cannot be watched ({error}).") from None

    async def _enter(self, name: str, lots: int | None) -> None:
        socket = await self._connect()
        watched: set[str] = set()
        if lots is None:
            await socket.send(encode({"id": 1, "subscribe": "live"}).decode())
        else:
            await self._watch_more(socket, watched, lots)
        self.open += 1
        self._tasks.append(asyncio.create_task(self._hear(socket, name, watched, lots)))

    async def _watch_more(self, socket: ClientConnection, watched: set[str], lots: int) -> None:
        live = self._market.live
        wanted = {self._popularity.choose(live) for _ in range(lots)} - watched if live else set()
        if wanted:
            watched |= wanted
            await socket.send(encode({"id": 1, "subscribe": sorted(wanted)}).decode())

    async def _hear(self, socket: ClientConnection, name: str, watched: set[str], lots: int | None) -> None:
        """Until it is cancelled or the connection is lost. The first frame of a lot is no push, but what there was."""
        newest = self.newest.setdefault(name, {})
        loop_time, market = asyncio.get_running_loop().time, self._market
        try:
            async for text in socket:
                frame = decode(text)
                standing = frame.get("standing")
                if standing is None:
                    if "error" in frame:
                        market.fault(f"{name} was told {frame['error']}")
                    continue
                at_s = loop_time() - self.began
                self._measures.frames[int(at_s)] += 1
                lot, seq = standing["auction"], standing["seq"]
                before = newest.get(lot)
                if before is not None and seq < before:
                    market.fault(f"auction {lot}: {name} was shown seq {seq} after {before}")
                market.note(standing)
                if before is not None and seq > before:
                    market.pushed(standing, frame["now"], at_s, self.clock.server_ms())
                newest[lot] = seq
                if lots is not None and standing["status"] not in OPEN and lot in watched:
                    await self._watch_more(socket, watched, 1)
            self.lost[name] = "the server closed it"
        except (OSError, WebSocketException) as error:
            self.lost[name] = str(error)
        finally:
            self.open -= 1
            with contextlib.suppress(OSError, WebSocketException):
                await socket.close()

    async def _compare(self) -> None:
        """Until cancelled: whoever subscribes is shown the standing now, with the server's time."""
        with contextlib.suppress(BadPlan, OSError, WebSocketException, TimeoutError):
            socket = await self._connect()
            async with contextlib.aclosing(_messages(socket)) as messages:
                while self._market.seen:
                    lot = next(iter(self._market.seen))
                    asked_ms = time.time() * 1000
                    await socket.send(encode({"id": 1, "subscribe": [lot]}).decode())
                    while "now" not in (message := await anext(messages)):
                        pass
                    self.clock.compare(asked_ms, message["now"], time.time() * 1000)
                    await socket.send(encode({"id": 2, "unsubscribe": [lot]}).decode())
                    while (await anext(messages)).get("id") != 2:
                        pass
                    await asyncio.sleep(COMPARE_EVERY_S)


async def _messages(socket: ClientConnection) -> AsyncGenerator[dict[str, Any]]:
    try:
        while True:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                yield decode(await socket.recv())
    finally:
        await socket.close()
