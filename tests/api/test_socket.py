"""Websockets of the live feed against clients who mean ill, are slow or went away. On real connections."""

import asyncio
import gc
import json
import socket
import time
from asyncio import StreamReader, StreamWriter, timeout
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close, Frame, Opcode

from tests.api.test_live import Sale, hear, say, serve, standing

SPLIT = (Opcode.TEXT, Opcode.CONT, Opcode.CONT)
GENEROUS: dict[str, Any] = {"message_rate": 1e6, "message_burst": 1_000_000, "bid_rate": 1e6, "bid_burst": 1_000_000}


class Wire:
    """A client who shook hands, and then sends whatever he likes."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, opcode: Opcode, data: bytes, fin: bool = True, mask: bool = True) -> None:
        self.writer.write(Frame(opcode, data, fin).serialize(mask=mask))

    def ask(self, message: Any) -> None:
        self.send(Opcode.TEXT, json.dumps(message).encode())

    async def frame(self) -> tuple[Opcode, bytes]:
        async with timeout(10):
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            return Opcode(first & 15), await self.reader.readexactly(size)

    async def text(self) -> Any:
        opcode, data = await self.frame()
        assert opcode is Opcode.TEXT, (opcode, data)
        return json.loads(data)

    async def code(self) -> int:
        """Of the close that comes next; then the connection ends."""
        opcode, data = await self.frame()
        assert opcode is Opcode.CLOSE, (opcode, data)
        async with timeout(5):
            assert await self.reader.read() == b""
        return Close.parse(data).code


opened: list[StreamWriter] = []


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """Clients who are still there are so until the server has stopped."""
    yield
    while opened:
        writer = opened.pop()
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def wire_to(sale: Sale, buffer: int = 1 << 20) -> Wire:
    """`buffer`: bytes that the kernel holds for a client who does not read."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    host, _, port = sale.host.partition(":")
    plain.connect((host, int(port)))
    reader, writer = await asyncio.open_connection(sock=plain, limit=1024)
    writer.write(hello(sale.host))
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    opened.append(writer)
    return Wire(reader, writer)


def hello(host: str, path: str = "/api/live", key: str = "dGhlIHNhbXBsZSBub25jZQ==", version: str = "13") -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    more = [f"Sec-WebSocket-Version: {version}", f"Sec-WebSocket-Key: {key}", "", ""]
    return "\r\n".join([*lines, *more]).encode()


@pytest.fixture
async def sale(tmp_path: Path) -> AsyncIterator[Sale]:
    async with serve(tmp_path, **GENEROUS) as sale:
        yield sale


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"key": "short"}, 400),
        ({"version": "12"}, 400),
        ({"path": "/api/elsewhere"}, 404),
        ({"path": "/api/live/one"}, 404),
        ({"path": "/api/%6Cive?x=1"}, 101),
    ],
)
async def test_a_handshake_is_answered(sale: Sale, asked: dict[str, str], status: int) -> None:
    host, _, port = sale.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(hello(sale.host, **asked))
    assert (await reader.readline()).startswith(b"HTTP/1.1 %d " % status)
    writer.close()


async def test_a_message_in_pieces_with_pings_between(sale: Sale) -> None:
    wire = await wire_to(sale)
    for number, piece in enumerate((b'{"id": 1, ', b'"unsubscribe"', b": []}")):
        wire.send(Opcode.PING, b"%d" % number)
        wire.send(SPLIT[number], piece, fin=number == 2)
    assert [await wire.frame() for _ in range(3)] == [(Opcode.PONG, b"%d" % number) for number in range(3)]
    assert await wire.text() == {"id": 1, "ok": True}


async def test_a_message_byte_by_byte(sale: Sale) -> None:
    wire = await wire_to(sale)
    for byte in Frame(Opcode.TEXT, b'{"id": 1, "unsubscribe": []}').serialize(mask=True):
        wire.writer.write(bytes((byte,)))
        await wire.writer.drain()
    assert await wire.text() == {"id": 1, "ok": True}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (Frame(Opcode.TEXT, b"{}").serialize(mask=False), 1002),
        (b"\xc1\x80\x00\x00\x00\x00", 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (Frame(Opcode.CONT, b"{}").serialize(mask=True), 1002),
        (Frame(Opcode.TEXT, b"{}", fin=False).serialize(mask=True) * 2, 1002),
        (b"\x89\xfe\x00\x7e\x00\x00\x00\x00" + b"x" * 126, 1002),
        (b"\x81\xff" + (1 << 40).to_bytes(8, "big") + b"\x00\x00\x00\x00", 1009),
        (Frame(Opcode.TEXT, b"\xff\xfe").serialize(mask=True), 1007),
        (Frame(Opcode.CLOSE, b"\x03\xe9bye").serialize(mask=True), 1001),
    ],
    ids=["unmasked", "reserved", "unknown", "of-nothing", "two-begun", "long-ping", "huge", "no-text", "goodbye"],
)
async def test_what_is_no_frame_ends_the_connection(sale: Sale, sent: bytes, code: int) -> None:
    wire = await wire_to(sale)
    wire.writer.write(sent)
    assert await wire.code() == code
    async with sale.socket() as other:
        assert (await say(other, {"id": 1, "unsubscribe": []}))["ok"]


async def test_pieces_have_a_limit_together(sale: Sale) -> None:
    wire = await wire_to(sale)
    wire.send(Opcode.TEXT, b"", fin=False)
    for _ in range(17):
        wire.send(Opcode.CONT, b" " * (1 << 16), fin=False)
    assert await wire.code() == 1009


async def longest_hold(done: Awaitable[object]) -> float:
    """The longest time that others had to wait for their turn, in parts of the time until this is done."""
    doing, began = asyncio.ensure_future(done), time.monotonic()
    longest, turn = 0.0, began
    gc.disable()  # looking for what the tests before left behind would take longer
    while not doing.done():
        await asyncio.sleep(0)
        longest, turn = max(longest, time.monotonic() - turn), time.monotonic()
    gc.enable()
    await doing
    return longest / (turn - began)


async def test_pieces_of_nothing_hold_up_nobody(sale: Sale) -> None:
    wire = await wire_to(sale)
    wire.send(Opcode.TEXT, b'{"id": 1, "unsubscribe": []', fin=False)
    wire.writer.write(Frame(Opcode.CONT, b"", fin=False).serialize(mask=True) * 200_000)
    wire.send(Opcode.CONT, b"}")
    answer = asyncio.ensure_future(wire.text())
    assert await longest_hold(answer) < 0.15
    assert answer.result() == {"id": 1, "ok": True}


async def test_a_flood_of_messages_is_answered_in_order_and_holds_up_nobody(sale: Sale) -> None:
    wire = await wire_to(sale)
    for number in range(20_000):
        wire.ask({"id": number, "unsubscribe": []})

    async def hear_all() -> None:
        for number in range(20_000):
            assert await wire.text() == {"id": number, "ok": True}

    assert await longest_hold(hear_all()) < 0.15


async def test_pings_of_who_does_not_read_are_answered_by_the_last_pong_alone(sale: Sale) -> None:
    wire = await wire_to(sale, 4096)
    pings, size = 3000, 125
    wire.writer.write(b"".join(ping(number, size) for number in range(pings)) * 20)
    wire.ask({"id": 1, "subscribe": "live"})
    wire.send(Opcode.PING, b"last")
    async with sale.socket() as other:
        assert (await say(other, {"id": 1, "unsubscribe": []}))["ok"]
    async with timeout(30):
        while not sale.whole.site.live._hub._all_live:  # until all of it was read
            await asyncio.sleep(0.01)
    pongs = 1
    while (await wire.frame())[1] != b"last":
        pongs += 1
    assert pongs < pings, pongs


def ping(number: int, size: int) -> bytes:
    return Frame(Opcode.PING, b"%d" % number + b" " * (size - len(str(number)))).serialize(mask=True)


async def test_who_does_not_read_is_not_read(sale: Sale) -> None:
    wire = await wire_to(sale, 4096)
    messages = 40_000
    for number in range(messages):
        wire.ask({"id": number, "unsubscribe": [], "nope": "x" * 100})
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wire.writer.drain(), 1)
    async with sale.socket() as other:
        assert (await say(other, {"id": 1, "unsubscribe": []}))["ok"]
    for number in range(messages):
        assert (await wire.text())["id"] == number


async def test_who_was_slow_is_told_what_is_newest_and_then_all_again(sale: Sale) -> None:
    auctions = [await sale.auction(f"lot{number}", increments=((0, 1),)) for number in range(10)]
    wire = await wire_to(sale, 4096)
    wire.ask({"id": 1, "subscribe": auctions})
    async with sale.socket() as quick:
        await say(quick, {"id": 1, "subscribe": auctions})
        for amount in range(1000, 1300):
            await asyncio.gather(*(sale.bid(each, amount, f"b{amount % 2}") for each in auctions))
        wire.ask({"id": 2, "unsubscribe": []})  # he is read all the same
        await hear(quick, lambda heard: standing(heard).get("price") == 1299)
    seen: dict[str, list[int]] = {each: [] for each in auctions}
    answered = False
    while not answered or any(not prices or prices[-1] != 1299 for prices in seen.values()):
        heard = await wire.text()
        answered |= heard.get("id") == 2
        if "standing" in heard:
            seen[standing(heard)["auction"]].append(standing(heard)["price"] or 0)
    assert all(prices == sorted(prices) for prices in seen.values()), "never an older one"
    assert sum(map(len, seen.values())) < 10 * 300 / 2, "not all of them"
    for amount in range(1300, 1310):
        await sale.bid(auctions[0], amount, f"b{amount % 2}")
        assert standing(await wire.text())["price"] == amount, "he keeps up again"


async def test_who_answers_no_ping_is_put_out(tmp_path: Path) -> None:
    async with serve(tmp_path, ws={"ws_ping_interval": 0.6, "ws_ping_timeout": 0.6}) as sale:
        wire, unread = await wire_to(sale), await wire_to(sale, 4096)
        async with sale.socket(ping_interval=None) as there:
            assert (await wire.frame())[0] is Opcode.PING
            assert await wire.code() == 1011
            async with timeout(5):
                await unread.reader.read()
            assert (await say(there, {"id": 1, "unsubscribe": []}))["ok"]


async def test_a_client_who_goes_leaves_nothing_behind(tmp_path: Path) -> None:
    async with serve(tmp_path, max_connections=1) as sale:
        auction = await sale.auction("one")
        for number in range(5):
            wire = await wire_to(sale)
            wire.ask({"id": number, "subscribe": [auction]})
            if number % 2:
                await wire.frame()
            wire.writer.transport.abort()
            async with timeout(5):
                while sale.whole.site.live._places._taken:
                    await asyncio.sleep(0.01)
        assert not sale.whole.site.live._sockets


async def test_a_stop_tells_watchers_to_come_back(tmp_path: Path) -> None:
    async with serve(tmp_path) as sale:
        watching = await sale.socket().__aenter__()
        stuck = await wire_to(sale, 4096)
        for _ in range(2000):
            stuck.ask({"id": "x" * 500, "unsubscribe": []})
    with pytest.raises(ConnectionClosed) as closed:
        await watching.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_who_is_blocked_while_he_does_not_read_is_told_so_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vendue.api.live.RECHECK_EVERY_S", 3600)  # once, below: the end comes when he has read
    async with serve(tmp_path, **GENEROUS) as sale:
        token = await sale.token("ann")
        wire = await wire_to(sale, 4096)
        wire.ask({"id": 0, "auth": token})
        assert (await wire.text())["ok"]
        for _ in range(150):
            wire.ask({"id": "x" * 2000, "unsubscribe": []})
        users, _ = await sale.whole.catalogue.find("users", by_name("ann"))
        await sale.whole.catalogue.update("users", users[0]["documentId"], {"blocked": True})
        await sale.whole.site._access.refresh()
        (his,) = sale.whole.site.live._sockets
        async with timeout(5):
            while not his._watcher.behind:
                await asyncio.sleep(0.01)
        his.recheck(0.0)
        said = []
        while (frame := await wire.frame())[0] is Opcode.TEXT:
            said.append(json.loads(frame[1]))
        assert (said[-1]["id"], said[-1]["error"]["code"]) == (None, "UnauthorizedError"), said[-1]
        assert Close.parse(frame[1]).code == 1008


def by_name(name: str) -> Any:
    from vendue.catalogue.query import Condition, Query

    return Query(where=Condition(("username",), "$eq", name))
