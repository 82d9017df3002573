"""What a watcher takes of the server's memory: one auction watched on many websockets."""

import asyncio
import json
import re
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from bench.command import main
from bench.figures import Effort, Figure
from bench.server import Server, watched_lot

WATCHERS = 2000
WARM = 50


def figures(effort: Effort) -> list[Figure]:
    """Bytes a watcher, without what the first few take."""
    with watched_lot() as (_, _, server, auction):
        return asyncio.run(_measure(server, auction, max(100, int(WATCHERS * effort.scale))))


async def _measure(server: Server, auction: str, watchers: int) -> list[Figure]:
    sockets = [await _watch(server, auction) for _ in range(WARM)]
    empty = _resident_bytes(server)
    sockets += [await _watch(server, auction) for _ in range(watchers)]
    each = (_resident_bytes(server) - empty) / watchers
    await asyncio.gather(*(socket.close() for socket in sockets))
    return [Figure(f"{watchers} watchers, memory of each", each, "bytes", empty, "the server before them")]


async def _watch(server: Server, auction: str) -> ClientConnection:
    """As a browser does: it offers to unpack, and signs nobody in."""
    socket = await connect(f"ws://127.0.0.1:{server.port}/api/live", ping_interval=None)
    await socket.send(json.dumps({"id": 1, "subscribe": [auction]}))
    for _ in ("the standing", "ok"):
        await socket.recv()
    return socket


def _resident_bytes(server: Server) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())
    assert found, "Linux tells what a process holds"
    return int(found[1]) * 1024


if __name__ == "__main__":
    main(figures)
