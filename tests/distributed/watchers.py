"""People who watch a sale on websockets, and come back whenever a connection ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from tests.faults.bidders import Served

SILENT_S = 4.0
"""Without any sign for so long the connection is taken for dead, as a page does."""


class Watcher:
    """`shown`: of each auction the newest standing that it was shown."""

    def __init__(self, served: Served, auctions: list[str]) -> None:
        self._served, self._auctions = served, auctions
        self.shown: dict[str, dict[str, Any]] = {}
        self.faults: list[str] = []
        self.connections = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, InvalidHandshake, WebSocketException):
                await self._watch()
            await asyncio.sleep(random.uniform(0.05, 0.3))

    async def _watch(self) -> None:
        options: dict[str, Any] = {"open_timeout": 5, "ping_interval": 1, "ping_timeout": SILENT_S, "compression": None}
        host, port = self._served.address
        async with connect(f"ws://{host}:{port}/api/live", **options) as socket:
            self.connections += 1
            since = {auction: standing["seq"] for auction, standing in self.shown.items()}
            await socket.send(json.dumps({"id": 1, "subscribe": self._auctions, "since": since}))
            here: dict[str, int] = {}
            async for text in socket:
                frame = json.loads(text)
                if "standing" in frame:
                    self._see(frame["standing"], here)
                elif "error" in frame:
                    self.faults.append(text if isinstance(text, str) else text.decode())

    def _see(self, standing: dict[str, Any], here: dict[str, int]) -> None:
        auction, seq = standing["auction"], standing["seq"]
        if seq < here.get(auction, 0):
            self.faults.append(f"{auction} went back from {here[auction]} to {seq} on one connection")
        here[auction] = seq
        before = self.shown.get(auction)
        if before is None or before["seq"] < seq:
            self.shown[auction] = standing
        elif before["seq"] == seq and before != standing:
            self.faults.append(f"two standings {seq} of {auction}: {before} and {standing}")


@contextlib.asynccontextmanager
async def watching(served: Served, auctions: list[str], count: int) -> AsyncIterator[list[Watcher]]:
    """So many watch inside."""
    watchers = [Watcher(served, auctions) for _ in range(count)]
    tasks = [asyncio.create_task(watcher.run()) for watcher in watchers]
    try:
        yield watchers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
