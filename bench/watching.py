"""The client of watchers.py, in a process of its own: many websockets, read as cheaply as Python can.

`python -m bench.watching` with a Plan as JSON on standard input; a Seen as JSON on standard output.
"""

import os
import resource
import select
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, socket

from msgspec import Struct
from msgspec.json import decode, encode

from bench.figures import percentile
from bench.sale import now_ms
from bench.server import Server

_AT_ONCE = 200
_SETTLE_S = 0.5
_SAMPLED = 100
"""Sockets whose frames' delays are looked at; the others' are counted."""
_READ_BYTES = 1 << 18
_TEXT, _PING = 0x81, 0x89


class Plan(Struct, frozen=True):
    """So many watchers of one auction, on which bids are made at a rate per second (0: each after the one before).

    `says`: what a watcher says once to be told of the auction; `heard`: how the last answer to that ends.
    """

    server: Server
    watchers: int
    auction: str
    tokens: list[str]
    base: int
    rate: float
    seconds: float
    says: str
    heard: str


class Seen(Struct, frozen=True):
    """Standings that came, bids and their seconds, delays in ms from `now` in the frame, the client's own CPU share,
    and seconds of the server's CPU for all of it."""

    frames: int
    bids: int
    seconds: float
    p50: float
    p99: float
    client_cpu: float
    server_cpu_s: float


class Watchers:
    """The sockets. Frames are told by their length: standings are longer than 125 bytes, and nothing else is."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sockets: dict[int, socket] = {}
        self._rests: dict[int, bytes] = {}
        self._sampled: set[int] = set()
        self._buffer = bytearray(_READ_BYTES)
        self.frames, self.delays = 0, list[int]()

    def connect(self) -> list[int]:
        """All of them, shaken hands and subscribed; their file descriptors."""
        key = b64encode(os.urandom(16)).decode()
        hello = (
            f"GET /api/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        ).encode()
        for start in range(0, self._plan.watchers, _AT_ONCE):
            many = range(start, min(start + _AT_ONCE, self._plan.watchers))
            found = [create_connection(("127.0.0.1", self._plan.server.port)) for _ in many]
            for each in found:
                each.sendall(hello)
            for each in found:
                head = _until(each, b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 101"), head
                each.sendall(_masked(self._plan.says.encode()))
            for each in found:
                _until(each, self._plan.heard.encode())
                each.setblocking(False)
                self._sockets[each.fileno()] = each
        every = max(1, self._plan.watchers // _SAMPLED)
        self._sampled = set(list(self._sockets)[::every])
        return list(self._sockets)

    def read(self, fd: int) -> None:
        """What came for one of them: mostly one standing, whole."""
        buffer = self._buffer
        size = self._sockets[fd].recv_into(buffer)
        assert size, "none is lost while it is measured"
        if size == 4 + (buffer[2] << 8) + buffer[3] and buffer[1] == 126 and fd not in self._rests:
            self.frames += 1 + buffer.count(b"\n", 4, size)  # centrifuge packs several into a frame
            if fd in self._sampled:
                self._note(bytes(buffer[:size]))
            return
        data, at = self._rests.pop(fd, b"") + buffer[:size], 0
        while len(data) - at >= 2:
            head, length, start = data[at], data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            if len(data) - start < length:
                break
            at = start + length
            if head == _PING:
                self._sockets[fd].send(bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + data[start:at])
            elif length > 125 or head != _TEXT:
                self.frames += 1 + data.count(b"\n", start, at)
                if fd in self._sampled:
                    self._note(bytes(data[start:at]))
        if at < len(data):
            self._rests[fd] = bytes(data[at:])

    def _note(self, text: bytes) -> None:
        at = text.rfind(b'"now":')
        self.delays.append(now_ms() - int(text[at + 6 : at + 19]))


class _Bidder:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._socket = create_connection(("127.0.0.1", plan.server.port))
        self._socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.fd = self._socket.fileno()
        self._answer = b""
        self.bids, self.waits = 0, False

    def bid(self) -> None:
        """A bid above the one before."""
        plan = self._plan
        self.bids += 1
        body = encode({"data": {"auction": plan.auction, "amount": plan.base + self.bids}})
        token = plan.tokens[self.bids % len(plan.tokens)]
        head = (
            f"POST /api/bids HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)
        self.waits = True

    def read(self) -> None:
        """The answer, or a part of it: it is accepted."""
        self._answer += self._socket.recv(1 << 16)
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end:
            return
        assert head.startswith(b"HTTP/1.1 201"), self._answer
        if len(body) >= int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            self._answer, self.waits = b"", False


def _until(plain: socket, end: bytes) -> bytes:
    found = b""
    while end not in found:
        more = plain.recv(1 << 16)
        assert more, f"closed: {found!r}"
        found += more
    return found


def _masked(text: bytes) -> bytes:
    """A short text frame, masked with zeros."""
    assert len(text) < 126
    return bytes((_TEXT, 0x80 | len(text), 0, 0, 0, 0)) + text


def watch(plan: Plan) -> Seen:
    """Connect, bid and count."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    watchers = Watchers(plan)
    fds, poll = watchers.connect(), select.epoll()
    bidder = _Bidder(plan)
    for fd in (*fds, bidder.fd):
        poll.register(fd, select.EPOLLIN)

    def turn(wait_s: float) -> None:
        for fd, _ in poll.poll(wait_s):
            if fd == bidder.fd:
                bidder.read()
            else:
                watchers.read(fd)

    _for(_SETTLE_S, turn)
    watchers.frames = 0
    watchers.delays.clear()
    server_cpu, cpu, began = plan.server.cpu_s(), time.process_time(), time.perf_counter()
    while bidder.waits or time.perf_counter() - began < plan.seconds:
        wait = bidder.bids / plan.rate - (time.perf_counter() - began) if plan.rate else 0.0
        if wait <= 0 and not bidder.waits:
            bidder.bid()
        turn(0.1 if bidder.waits else max(wait, 0.0))
    seconds = time.perf_counter() - began
    cpu_share = (time.process_time() - cpu) / seconds
    _for(_SETTLE_S, turn)
    p50, p99 = (percentile(watchers.delays, percent) for percent in (50, 99))
    return Seen(watchers.frames, bidder.bids, seconds, p50, p99, cpu_share, plan.server.cpu_s() - server_cpu)


def _for(seconds: float, turn: Callable[[float], None]) -> None:
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        turn(left)


if __name__ == "__main__":
    sys.stdout.buffer.write(encode(watch(decode(sys.stdin.buffer.read(), type=Plan))))
