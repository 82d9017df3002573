"""The bid route on a real server's own protocol: whatever way a request comes, it gets its one answer, in its turn."""

import asyncio
import json
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn

from tests.api.test_live import SECRET, Sale
from tests.files.pictures import encoded, halves
from vendue.api import protocol
from vendue.api.protocol import MAX_HEAD_BYTES, LimitedHttp
from vendue.cli import listen
from vendue.settings import Settings
from vendue.system import system

Answer = tuple[int, dict[str, str], Any]
HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Wire(NamedTuple):
    """A connection as bytes."""

    reader: StreamReader
    writer: StreamWriter

    async def answer(self) -> Answer:
        """The next response."""
        async with asyncio.timeout(5):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        is_json = headers.get("content-type") == "application/json"
        return int(first.split()[1]), headers, json.loads(body) if is_json else body

    async def send_in_pieces(self, whole: bytes) -> None:
        """Each a packet, or nearly."""
        for start in range(0, len(whole), 40):
            self.writer.write(whole[start : start + 40])
            await self.writer.drain()
            await asyncio.sleep(0)

    async def is_closed(self) -> bool:
        async with asyncio.timeout(5):
            return await self.reader.read() == b""


class House(NamedTuple):
    """A served sale with one auction and one bidder."""

    sale: Sale
    auction: str
    token: str
    wires: list[Wire]

    async def wire(self, buffer: int = 1 << 20) -> Wire:
        """`buffer`: bytes that the kernel holds for a client who does not read."""
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        host, _, port = self.sale.host.partition(":")
        plain.connect((host, int(port)))
        self.wires.append(Wire(*await asyncio.open_connection(sock=plain, limit=1024)))
        return self.wires[-1]

    def post(self, content: bytes, *headers: str, length: bool = True) -> bytes:
        lines = ["POST /api/bids HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.token}", *headers]
        if length:
            lines.append(f"Content-Length: {len(content)}")
        return "\r\n".join([*lines, "", ""]).encode() + content

    def bid(self, amount: int, *headers: str) -> bytes:
        return self.post(self.content(amount), *headers)

    def content(self, amount: int) -> bytes:
        return json.dumps({"data": {"auction": self.auction, "amount": amount}}).encode()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    listening = listen("127.0.0.1", 0)
    settings = Settings(data=str(tmp_path), secret=SECRET, bid_rate=1000, bid_burst=1000)
    async with system(settings, print) as (whole, parts):
        http = partial(LimitedHttp, quick={b"/api/bids": whole.site.take_bid})
        server = uvicorn.Server(
            uvicorn.Config(whole.app, http=http, ws=whole.site.live.socket, log_config=None, lifespan="off")
        )
        serving = asyncio.create_task(server.serve([listening]))
        sale = Sale(whole, listening.getsockname()[1])
        found = House(sale, await sale.auction("car"), await sale.token("ann"), [])
        yield found
        assert not parts.done(), parts
        for wire in found.wires:
            wire.writer.close()
            with suppress(ConnectionError):
                await wire.writer.wait_closed()
        await sale.http.aclose()
        server.should_exit = True
        await serving


async def test_bids_follow_each_other_on_a_connection(house: House) -> None:
    wire = await house.wire()
    for amount in (1000, 2000, 1500):
        wire.writer.write(house.bid(amount))
        status, headers, body = await wire.answer()
        assert status == (409 if amount == 1500 else 201), body
        assert (headers["content-type"], headers["x-content-type-options"]) == ("application/json", "nosniff")
        assert "date" in headers


async def test_answers_come_in_the_order_of_their_requests(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(house.bid(1000) + HEALTH + house.bid(2000) + house.bid(3000) + HEALTH)
    answers = [await wire.answer() for _ in range(5)]
    assert [status for status, _, _ in answers] == [201, 200, 201, 201, 200]
    assert [answers[place][2]["data"]["amount"] for place in (0, 2, 3)] == [1000, 2000, 3000]
    wire.writer.write(house.bid(4000))
    assert (await wire.answer())[0] == 201, "and the connection goes on"


async def test_a_request_may_come_in_pieces(house: House) -> None:
    wire = await house.wire()
    await wire.send_in_pieces(house.bid(1000))
    assert (await wire.answer())[0] == 201


async def test_who_asks_for_it_is_closed(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(house.bid(1000, "Connection: close"))
    status, headers, _ = await wire.answer()
    assert (status, headers["connection"]) == (201, "close")
    assert await wire.is_closed()


async def test_http_1_0_is_answered_and_closed(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(house.bid(1000).replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert (await wire.answer())[0] == 201
    assert await wire.is_closed()


async def test_who_waits_for_100_continue_is_told(house: House) -> None:
    wire = await house.wire()
    head, _, content = house.bid(1000, "Expect: 100-continue").partition(b"\r\n\r\n")
    wire.writer.write(head + b"\r\n\r\n")
    assert (await wire.answer())[0] == 100
    wire.writer.write(content)
    assert (await wire.answer())[0] == 201


async def test_a_body_in_chunks(house: House) -> None:
    wire = await house.wire()
    content = house.content(1000)
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in content) + b"0\r\n\r\n"
    wire.writer.write(house.post(chunks, "Transfer-Encoding: chunked", length=False))
    assert (await wire.answer())[0] == 201


OFFERS = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")


async def test_who_offers_another_protocol_is_answered_in_this_one(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(house.bid(1000, *OFFERS) + house.bid(2000, *OFFERS) + HEALTH)
    assert [(await wire.answer())[0] for _ in range(3)] == [201, 201, 200]
    await wire.send_in_pieces(house.bid(3000, *OFFERS))
    assert (await wire.answer())[0] == 201
    wire.writer.write(house.bid(4000, "Connection: Upgrade", "Upgrade: websocket"))
    assert (await wire.answer())[0] == 201


BROKEN_BODY = b"POST /api/cars HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"


@pytest.mark.parametrize("rubbish", [b"rubbish\r\n\r\n", BROKEN_BODY])
async def test_what_came_before_rubbish_is_answered(house: House, rubbish: bytes) -> None:
    wire = await house.wire()
    wire.writer.write(HEALTH + house.bid(1000) + rubbish + house.bid(2000))
    assert (await wire.answer())[0] == 200
    status, _, body = await wire.answer()
    assert (status, body["data"]["amount"]) == (201, 1000)
    assert await wire.is_closed()
    wire = await house.wire()
    wire.writer.write(house.bid(2000) + rubbish)
    assert (await wire.answer())[0] == 201, "and what came behind rubbish is no request"
    assert await wire.is_closed()


@pytest.mark.parametrize("rubbish", [b"rubbish\r\n\r\n", BROKEN_BODY, b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"])
async def test_rubbish_alone_is_refused(house: House, rubbish: bytes) -> None:
    wire = await house.wire()
    wire.writer.write(rubbish)
    status, headers, body = await wire.answer()
    assert (status, headers["connection"], body["error"]["name"]) == (400, "close", "BadRequestError")
    assert await wire.is_closed()


@pytest.mark.parametrize(("length", "expected"), [(70_000, 400), (300_000, 413)])
async def test_a_large_body_is_answered(house: House, length: int, expected: int) -> None:
    wire = await house.wire()
    wire.writer.write(house.post(b"x" * length))
    assert (await wire.answer())[0] == expected


@pytest.mark.parametrize(
    ("request_of", "expected"),
    [
        (lambda house: house.post(b"{"), 400),
        (lambda house: house.post(b""), 400),
        (lambda house: house.post(b'{"data":{"auction":"car","amount":"much"}}'), 400),
        (lambda house: house.bid(1000, "Content-Type: text/plain"), 415),
        (lambda house: house.bid(1000, "Content-Encoding: gzip"), 415),
        (lambda house: house.bid(1000, "Idempotency-Key: \xe9"), 400),
        (lambda house: house.bid(1000).replace(b"Bearer ", b"Bearer x"), 401),
        (lambda house: house.bid(1000).replace(b"Authorization", b"Nobody"), 401),
        (lambda house: house.bid(1000).replace(b"POST", b"DELETE"), 405),
        (lambda house: house.bid(1000).replace(b"/api/bids", b"/api/bidz"), 404),
    ],
)
async def test_a_fault_is_answered_and_the_next_bid_counts(house: House, request_of: Any, expected: int) -> None:
    wire = await house.wire()
    wire.writer.write(request_of(house))
    status, _, body = await wire.answer()
    assert status == expected
    assert body["error"]["status"] == expected
    wire.writer.write(house.bid(1000))
    assert (await wire.answer())[0] == 201


async def test_a_method_that_is_none_is_told_all_there_are(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(house.bid(1000).replace(b"POST", b"PATCH"))
    status, headers, _ = await wire.answer()
    assert (status, headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")


async def test_who_leaves_before_his_answer_harms_nobody(house: House) -> None:
    for amount in range(1000, 1020):
        wire = await house.wire()
        wire.writer.write(house.bid(amount))
        await wire.writer.drain()
        wire.writer.transport.abort()
    wire = await house.wire()
    wire.writer.write(house.bid(5000))
    assert (await wire.answer())[0] == 201
    assert house.sale.whole.site._requests == 0


async def test_a_head_has_its_limit(house: House) -> None:
    wire = await house.wire()
    wire.writer.write(b"POST /api/bids HTTP/1.1\r\n")
    answer, sent = asyncio.create_task(wire.answer()), 0
    while not answer.done():
        wire.writer.write(b"X-More: " + b"x" * 1000 + b"\r\n")
        sent += 1000
        await asyncio.sleep(0.005)
    assert (await answer)[0] == 400
    assert MAX_HEAD_BYTES < sent < 2 * MAX_HEAD_BYTES


async def test_photos_may_take_longer_than_other_requests(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "WHOLE_WITHIN_S", 0.3)
    monkeypatch.setattr(protocol, "UPLOAD_WITHIN_S", 2.0)
    form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    form += encoded(halves(), "PNG") + b"\r\n--x--\r\n"
    loop, took = asyncio.get_running_loop(), {}
    seller = await house.sale.token("sal", "seller")
    for path, token, pause in (
        ("bids", seller, 9),
        ("upload", house.token, 9),
        ("upload", seller, 9),
        ("upload", seller, 1),
    ):
        lines = ["Content-Type: multipart/form-data; boundary=x", f"Authorization: Bearer {token}"]
        head = f"POST /api/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(form)}\r\n" + "\r\n".join(lines)
        wire, began = await house.wire(), loop.time()
        wire.writer.write(head.encode() + b"\r\n\r\n" + form[:50])
        if pause == 1:
            await asyncio.sleep(pause)
            wire.writer.write(form[50:])
            assert (await wire.answer())[0] == 201
        else:
            async with asyncio.timeout(5):
                await wire.reader.read()
        took[path, token == seller, pause] = loop.time() - began
    bids, refused, slow, sent = took.values()
    assert 0.3 <= bids < 1 and 0.3 <= refused < 1 and 2 <= slow < 3 and 1 <= sent < 2


PHOTO = b"\x00" * (8 << 20)
PATH = f"/uploads/{'0' * 64}.jpg"
"""Much more than the kernel takes for who does not read."""


async def until_none_asks(house: House) -> None:
    async with asyncio.timeout(5):
        while house.sale.whole.site._requests:
            await asyncio.sleep(0.01)


async def test_who_takes_nothing_of_his_photo_loses_his_connection(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "TAKEN_WITHIN_S", 0.5)
    await house.sale.whole.files.put(PATH[9:], PHOTO)
    wire = await house.wire(4096)
    wire.writer.write(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await wire.reader.readuntil(b"\r\n\r\n")
    assert b"content-length: %d\r\n" % len(PHOTO) in head and house.sale.whole.site._requests == 1
    await until_none_asks(house)
    with suppress(ConnectionError):
        assert len(await wire.reader.read()) < len(PHOTO)


async def test_who_takes_nothing_of_what_is_written_already_loses_his_connection(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing runs for him any more, and his connection is to be closed: it would stay for as long as he likes."""
    monkeypatch.setattr(protocol, "TAKEN_WITHIN_S", 0.5)
    wire = await house.wire(4096)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"
    wire.writer.write((asked + b"\r\n") * 100 + asked + b"Connection: close\r\n\r\n")
    await wire.reader.readuntil(b"\r\n\r\n")

    async def send_on() -> None:
        while True:
            wire.writer.write(b"x")
            await wire.writer.drain()
            await asyncio.sleep(0.01)

    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(send_on(), 5)


async def test_who_takes_his_photo_slowly_gets_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "TAKEN_WITHIN_S", 0.15)
    await house.sale.whole.files.put(PATH[9:], PHOTO)
    wire = await house.wire(4096)
    wire.writer.write(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await wire.reader.readuntil(b"\r\n\r\n")
    for _ in range(16):  # 0.6 s for each piece that is sent
        await wire.reader.readexactly(32 * 1024)
        await asyncio.sleep(0.075)
    await wire.reader.readexactly(len(PHOTO) - 16 * 32 * 1024)
    wire.writer.write(HEALTH)
    assert (await wire.answer())[0] == 200
