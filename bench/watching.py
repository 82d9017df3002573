"""The client of watchers.py, in a process of its own: many websockets, read as cheaply as Python can.

`python -m bench.watching` with a Plan as JSON on standard input; a Seen as JSON on standard output.
"""

import asyncio
import os
import sys
import time
from asyncio import Protocol, StreamReader, StreamWriter, Transport, gather, get_running_loop, open_connection
from base64 import b64encode

import uvloop
from msgspec import Struct
from msgspec.json import decode, encode

from bench.figures import percentile
from bench.sale import now_ms

_AT_ONCE = 50
_SETTLE_S = 0.5


class Plan(Struct, frozen=True):
    """So many watchers of one auction, on which bids are made at a rate per second (0: each after the one before).

    `deflate`: offer to have frames compressed, as browsers do.
    """

    port: int
    watchers: int
    auction: str
    tokens: list[str]
    base: int
    rate: float
    seconds: float
    deflate: bool = False


class Seen(Struct, frozen=True):
    """Frames that came while bids were made, delays in ms from `now` in the frame, the client's own CPU share."""

    frames: int
    bids: int
    seconds: float
    p50: float
    p99: float
    client_cpu: float


class Watcher(Protocol):
    """One socket: shakes hands, subscribes, then notes each frame's delay. Looks only at lengths and at `now`."""

    def __init__(self, plan: Plan, delays: list[int]) -> None:
        self._plan, self._delays = plan, delays
        self._rest = b""
        self._frames = self._packed = False
        self.subscribed = get_running_loop().create_future()

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # it is one
        """Ask for the upgrade."""
        self._transport = transport
        key = b64encode(os.urandom(16)).decode()
        more = "Sec-WebSocket-Extensions: permessage-deflate\r\n" if self._plan.deflate else ""
        transport.write(
            f"GET /api/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{more}"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """The answer to the upgrade, then frames."""
        data = self._rest + data
        if not self._frames:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._frames, self._packed = True, b"permessage-deflate" in head.lower()
            self._transport.write(_masked(encode({"id": 1, "subscribe": [self._plan.auction]})))
        now, at, size = now_ms(), 0, len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if size - start < length:
                break
            at = start + length
            self._note(data, start, at, now)
        self._rest = data[at:]

    def _note(self, data: bytes, start: int, end: int, now: int) -> None:
        if self._packed:
            self._delays.append(0)  # counted only: unpacking would make this client the limit
        elif data.startswith(b'{"standing"', start):
            self._delays.append(now - int(data[data.rindex(b":", start, end) + 1 : end - 1]))
        if not self.subscribed.done():
            self.subscribed.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """None is lost while it is measured."""
        if not self.subscribed.done():
            self.subscribed.set_exception(error or ConnectionError("closed"))


def _masked(text: bytes) -> bytes:
    """A short text frame, masked with zeros."""
    assert len(text) < 126
    return bytes((0x81, 0x80 | len(text), 0, 0, 0, 0)) + text


class _Bidder:
    def __init__(self, plan: Plan, reader: StreamReader, writer: StreamWriter) -> None:
        self._plan, self._reader, self._writer = plan, reader, writer
        self.bids = 0

    async def bid(self) -> None:
        """A bid above the one before, accepted."""
        plan = self._plan
        self.bids += 1
        body = encode({"data": {"auction": plan.auction, "amount": plan.base + self.bids}})
        token = plan.tokens[self.bids % len(plan.tokens)]
        head = (
            f"POST /api/bids HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 201"), answer
        length = answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await self._reader.readexactly(int(length))


async def watch(plan: Plan) -> Seen:
    """Connect, bid and count."""
    loop, delays = get_running_loop(), list[int]()
    watchers: list[Watcher] = []
    for start in range(0, plan.watchers, _AT_ONCE):
        count = min(_AT_ONCE, plan.watchers - start)
        made = await gather(
            *(loop.create_connection(lambda: Watcher(plan, delays), "127.0.0.1", plan.port) for _ in range(count))
        )
        watchers += [watcher for _, watcher in made]
    await gather(*(watcher.subscribed for watcher in watchers))
    bidder = _Bidder(plan, *await open_connection("127.0.0.1", plan.port))
    await asyncio.sleep(_SETTLE_S)
    delays.clear()
    cpu, began = time.process_time(), time.perf_counter()
    while (passed := time.perf_counter() - began) < plan.seconds:
        if plan.rate and (wait := bidder.bids / plan.rate - passed) > 0:
            await asyncio.sleep(wait)
        await bidder.bid()
    seconds = time.perf_counter() - began
    cpu_share, bids = (time.process_time() - cpu) / seconds, bidder.bids
    await asyncio.sleep(_SETTLE_S)
    return Seen(len(delays), bids, seconds, percentile(delays, 50), percentile(delays, 99), cpu_share)


if __name__ == "__main__":
    sys.stdout.buffer.write(encode(uvloop.run(watch(decode(sys.stdin.buffer.read(), type=Plan)))))
