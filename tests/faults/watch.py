"""A bidder who watches all of a sale on a websocket, and connects again after each kill.

As every client should, he keeps the standing with the highest seq of those that a socket brought: the board is written
anew from checkpoints, which are up to a second behind what the catalogue showed before.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from itertools import count

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.explain.record import Frame, You
from tests.faults.bidders import Sale
from tests.faults.process import SECRET
from vendue.api.tokens import Tokens

AGAIN_AFTER_S = 0.05


class Watcher:
    """Writes into the sale's record what he keeps; `older` counts what came after something newer on its socket."""

    def __init__(self, sale: Sale, name: str) -> None:
        self.older = 0
        self._sale, self._name, self._bidder = sale, name, sale.accounts[name]

    async def run(self) -> None:
        """Until cancelled."""
        token = Tokens(SECRET).issue({"documentId": self._bidder, "role": "authenticated"})
        for number in count(1):
            with contextlib.suppress(OSError, WebSocketException):
                host, port = self._sale.vendue.address
                async with connect(f"ws://{host}:{port}/api/live") as socket:
                    await socket.send(json.dumps({"id": 1, "auth": token}))
                    await socket.send(json.dumps({"id": 2, "subscribe": self._sale.auctions}))
                    await self._hear(socket, f"socket {number} of {self._name}")
            await asyncio.sleep(AGAIN_AFTER_S)

    async def _hear(self, socket: ClientConnection, name: str) -> None:
        newest: dict[tuple[str, str], int] = {}
        async for text in socket:
            message, at = json.loads(text), time.monotonic_ns()
            kind = next((kind for kind in ("standing", "you") if kind in message), None)
            if kind is None:
                assert "error" not in message, message
                continue
            shown = message[kind]
            key = (kind, shown["auction"])
            if shown["seq"] < newest.get(key, 0):
                self.older += 1
                continue
            newest[key] = shown["seq"]
            frame = Frame(at, name, shown, message["now"]) if kind == "standing" else You(at, name, self._bidder, shown)
            self._sale.record.note(frame)


@contextlib.asynccontextmanager
async def watching(sale: Sale, name: str = "bidder0") -> AsyncIterator[Watcher]:
    """He watches inside."""
    watcher = Watcher(sale, name)
    running = asyncio.create_task(watcher.run())
    try:
        yield watcher
        assert not running.done(), running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
