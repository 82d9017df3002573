"""People who watch a sale on websockets, and come back whenever a connection ends.

As every client should, they keep the standing with the highest seq of those that a socket brought: the board is written
anew from checkpoints, which are up to a second behind what the catalogue showed before.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from tests.explain.record import Frame, You
from tests.faults.bidders import Sale
from tests.faults.process import SECRET
from vendue.api.tokens import Tokens

SILENT_S = 4.0
"""Without any sign for so long the connection is taken for dead, as a page does."""
OPTIONS: dict[str, Any] = {"open_timeout": 5, "ping_interval": 1, "ping_timeout": SILENT_S, "compression": None}


class Watcher:
    """One who watches all of a sale; a bidder writes what he keeps into the sale's record.

    `shown`: of each auction the newest standing; `older`: what came after something newer on its socket; `faults`:
    what should never come.
    """

    def __init__(self, sale: Sale, bidder: str | None) -> None:
        self.shown: dict[str, dict[str, Any]] = {}
        self.older: list[str] = []
        self.faults: list[str] = []
        self._sale, self._bidder = sale, bidder

    async def run(self) -> None:
        """Until cancelled."""
        for number in count(1):
            with contextlib.suppress(OSError, TimeoutError, InvalidHandshake, WebSocketException):
                host, port = self._sale.vendue.address
                async with connect(f"ws://{host}:{port}/api/live", **OPTIONS) as socket:
                    await self._subscribe(socket)
                    await self._hear(socket, f"socket {number} of {self._bidder}")
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def _subscribe(self, socket: ClientConnection) -> None:
        """A bidder wants each standing anew, for the record; others only what they have not seen."""
        asked: dict[str, Any] = {"id": 2, "subscribe": self._sale.auctions}
        if self._bidder is None:
            asked["since"] = {auction: standing["seq"] for auction, standing in self.shown.items()}
        else:
            account = {"documentId": self._sale.accounts[self._bidder], "role": "authenticated"}
            await socket.send(json.dumps({"id": 1, "auth": Tokens(SECRET).issue(account)}))
        await socket.send(json.dumps(asked))

    async def _hear(self, socket: ClientConnection, name: str) -> None:
        newest: dict[tuple[str, str], int] = {}
        async for text in socket:
            message, at = json.loads(text), time.monotonic_ns()
            kind = next((kind for kind in ("standing", "you") if kind in message), None)
            if kind is None:
                if "error" in message:
                    self.faults.append(str(text))
                continue
            shown = message[kind]
            auction, seq = shown["auction"], shown["seq"]
            if seq < newest.get((kind, auction), 0):
                self.older.append(f"{auction} went back from {newest[kind, auction]} to {seq} on one connection")
                continue
            newest[kind, auction] = seq
            if kind == "standing":
                self._keep(shown)
            if self._bidder is not None:
                bidder = self._sale.accounts[self._bidder]
                seen = Frame(at, name, shown, message["now"]) if kind == "standing" else You(at, name, bidder, shown)
                self._sale.record.note(seen)

    def _keep(self, standing: dict[str, Any]) -> None:
        before = self.shown.get(standing["auction"])
        if before is None or before["seq"] < standing["seq"]:
            self.shown[standing["auction"]] = standing
        elif before["seq"] == standing["seq"] and before != standing:
            self.faults.append(f"two standings {standing['seq']}: {before} and {standing}")


@contextlib.asynccontextmanager
async def watching(sale: Sale, strangers: int = 0) -> AsyncIterator[list[Watcher]]:
    """A bidder and so many strangers watch inside; he comes first."""
    watchers = [Watcher(sale, "bidder0"), *(Watcher(sale, None) for _ in range(strangers))]
    tasks = [asyncio.create_task(watcher.run()) for watcher in watchers]
    try:
        yield watchers
        assert not any(task.done() for task in tasks), tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
