"""The live feed on a real server: websockets and server-sent events."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from redis import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from vendue.api.tokens import Tokens
from vendue.api.watcher import Watcher
from vendue.assemble import open_board
from vendue.cli import listen
from vendue.rules.commands import Bid, List, command_id
from vendue.rules.terms import Terms
from vendue.settings import BadSetting, Settings
from vendue.system import System, system

SECRET = "a secret of the tests, 32 bytes long"


class Sale:
    """A served system, with people who have tokens."""

    def __init__(self, whole: System, port: int) -> None:
        self.whole, self.host = whole, f"127.0.0.1:{port}"
        self.http = httpx.AsyncClient(base_url=f"http://{self.host}")

    async def token(self, name: str, role: str = "authenticated", ttl_s: int = 3600) -> str:
        values = {"username": name, "email": f"{name}@example.com", "role": role, "blocked": False}
        row = await self.whole.catalogue.create("users", values)
        return Tokens(SECRET, ttl_s).issue(row)

    async def auction(self, name: str, lasts_ms: int = 3_600_000, **more: Any) -> str:
        now = self.whole.log.now_ms()
        terms = Terms(
            **{"format": "english", "currency": "EUR", "starting_price": 1000, **more},
            starts_at=now,
            ends_at=now + lasts_ms,
        )
        asked = {"auction": name, "id": f"list {name}", "by": "seller", "role": "seller", "salt": "00"}
        receipt = await self.whole.site.desk.ask(List(**asked, terms=terms))
        assert receipt is not None
        assert receipt.code is None
        return name

    async def bid(self, auction: str, amount: int, by: str = "somebody") -> None:
        id = command_id(auction, by, str(amount))
        bid = Bid(auction=auction, id=id, by=by, role="bidder", salt="00", amount=amount)
        receipt = await self.whole.site.desk.ask(bid)
        assert receipt is not None
        assert receipt.code is None, receipt

    def socket(self, **more: Any) -> connect:
        return connect(f"ws://{self.host}/api/live", **more)


@contextlib.asynccontextmanager
async def serve(folder: Path, ws: dict[str, Any] | None = None, **limits: Any) -> AsyncIterator[Sale]:
    """`ws`: the server's own settings for websockets."""
    listening = listen("127.0.0.1", 0)
    async with system(Settings(data=str(folder), secret=SECRET, **limits), print) as (whole, parts):
        config = uvicorn.Config(
            whole.app,
            ws=whole.site.live.socket,
            log_level="critical",
            lifespan="off",
            ws_max_size=1 << 20,
            timeout_graceful_shutdown=2,
            **(ws or {}),
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        sale = Sale(whole, listening.getsockname()[1])
        yield sale
        assert not parts.done(), parts
        await sale.http.aclose()
        server.should_exit = True
        await serving


@pytest.fixture
async def sale(tmp_path: Path) -> AsyncIterator[Sale]:
    async with serve(tmp_path, bid_rate=1000, bid_burst=1000) as sale:
        yield sale


async def hear(ws: ClientConnection, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The next message that fits."""
    async with asyncio.timeout(5):
        while True:
            message: dict[str, Any] = json.loads(await ws.recv())
            if wanted(message):
                return message


async def say(ws: ClientConnection, message: Any) -> dict[str, Any]:
    """The answer to a message."""
    await ws.send(message if isinstance(message, str | bytes) else json.dumps(message))
    return await hear(ws, lambda heard: "id" in heard)


def standing(message: dict[str, Any]) -> dict[str, Any]:
    return message.get("standing", {})


async def test_the_standing_at_once_and_after_each_change(sale: Sale) -> None:
    auction = await sale.auction("one")
    async with sale.socket() as ws:
        await ws.send(json.dumps({"id": 1, "subscribe": [auction]}))
        first = await hear(ws, lambda heard: "standing" in heard)
        assert (standing(first)["price"], standing(first)["minimum_next"]) == (None, 1000)
        assert abs(first["now"] - sale.whole.log.now_ms()) < 5000
        await sale.bid(auction, 1500)
        after = await hear(ws, lambda heard: standing(heard).get("bids") == 1)
        assert (standing(after)["price"], standing(after)["leader"]) == (1000, "Bidder 1")
        assert await say(ws, {"id": 2, "unsubscribe": [auction]}) == {"id": 2, "ok": True}
        await sale.bid(auction, 2500, "another")
        assert (await say(ws, {"id": 3, "unsubscribe": []}))["id"] == 3
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.recv(), 0.2)


async def test_a_system_on_redis(tmp_path: Path, redis_server: str) -> None:
    with Redis.from_url(redis_server) as client:
        client.flushdb()
    async with serve(tmp_path, board=redis_server) as sale:
        auction, ann = await sale.auction("one"), await sale.token("ann")
        async with sale.socket() as ws, sale.socket() as other:
            await say(other, {"id": 1, "subscribe": "live"})
            await say(ws, {"id": 1, "auth": ann})
            await say(ws, {"id": 2, "subscribe": [auction]})
            answer = await say(ws, {"id": 3, "bid": {"auction": auction, "amount": 1000}})
            assert answer["receipt"]["data"]["outcome"] == "leading"
            assert (await hear(other, lambda heard: standing(heard).get("bids") == 1))["standing"]["auction"] == auction
            await sale.bid(auction, 2500, "another")
            await hear(ws, lambda heard: heard.get("you", {}).get("state") == "outbid")
        parts = (await sale.http.get("/health")).json()["parts"]
        assert parts["board"] == "up"


async def test_a_redis_that_refuses_us_is_a_wrong_setting(redis_server: str) -> None:
    url = redis_server.replace("redis://", "redis://somebody:hidden@")
    with pytest.raises(BadSetting, match=r"^VENDUE_BOARD: the Redis refuses user or password; correct them") as raised:
        await open_board(Settings(board=url))
    assert "hidden" not in str(raised.value)


async def test_all_live_with_those_that_open_and_their_ends(sale: Sale) -> None:
    await sale.auction("before")
    async with sale.socket() as ws:
        await ws.send(json.dumps({"id": 1, "subscribe": "live"}))
        assert standing(await hear(ws, standing))["auction"] == "before"
        await sale.auction("after", lasts_ms=300)
        assert standing(await hear(ws, lambda heard: standing(heard).get("auction") == "after"))["status"] == "live"
        ended = await hear(ws, lambda heard: standing(heard).get("status") == "unsold")
        assert standing(ended)["auction"] == "after"


async def test_resuming_hears_only_what_is_newer(sale: Sale) -> None:
    old, new = await sale.auction("old"), await sale.auction("new")
    async with sale.socket() as ws:
        await say(ws, {"id": 1, "subscribe": [old, new]})
    await sale.bid(new, 1000)
    async with sale.socket() as ws:
        await ws.send(json.dumps({"id": 1, "subscribe": [old, new], "since": {old: 2, new: 2}}))
        assert standing(await hear(ws, standing)) | {"seq": 3} == standing(
            {"standing": json.loads((await sale.whole.board.read(new)).standing)}
        )
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hear(ws, standing), 0.2)


async def test_an_end_reaches_who_was_away(tmp_path: Path) -> None:
    async with serve(tmp_path) as sale:
        auction, token = await sale.auction("short", lasts_ms=300), await sale.token("ann")
        headers = {"Authorization": f"Bearer {token}"}
        await sale.http.post("/api/bids", json={"data": {"auction": auction, "amount": 1200}}, headers=headers)
        async with asyncio.timeout(5):
            while (await sale.whole.catalogue.get("auctions", auction) or {}).get("status") != "sold":
                await asyncio.sleep(0.01)
    async with serve(tmp_path) as again, again.socket() as ws:
        await ws.send(json.dumps({"id": 1, "subscribe": [auction], "since": {auction: 2}}))
        final = standing(await hear(ws, standing))
        assert (final["status"], final["hammer_price"], final["leader"]) == ("sold", 1000, "Bidder 1")
        await ws.send(json.dumps({"id": 2, "auth": token}))
        you = (await hear(ws, lambda heard: "you" in heard))["you"]
        assert (you["state"], you["your_maximum"]) == ("won", 1200)


async def test_bidders_hear_where_they_stand(sale: Sale) -> None:
    auction = await sale.auction("mine")
    async with sale.socket() as ws:
        assert (await say(ws, {"id": 1, "auth": await sale.token("ann")}))["ok"]
        bid = {"auction": auction, "amount": 5000, "key": "k"}
        receipt = (await say(ws, {"id": 2, "bid": bid}))["receipt"]["data"]
        assert (receipt["status"], receipt["outcome"]) == ("accepted", "leading")
        assert (await say(ws, {"id": 3, "bid": bid}))["receipt"]["data"] == receipt
        reused = (await say(ws, {"id": 4, "bid": {**bid, "amount": 6000}}))["receipt"]["error"]
        assert reused["details"]["code"] == "key_reused"
        await sale.bid(auction, 9000, "another")
        you = (await hear(ws, lambda heard: heard.get("you", {}).get("state") == "outbid"))["you"]
        assert (you["auction"], you["your_maximum"]) == (auction, 5000)
    async with sale.socket() as ws:
        await say(ws, {"id": 1, "subscribe": [auction]})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hear(ws, lambda heard: "you" in heard), 0.2)


async def test_the_same_key_over_rest_and_socket(sale: Sale) -> None:
    auction, token = await sale.auction("both"), await sale.token("ann")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    placed = await sale.http.post("/api/bids", json={"data": {"auction": auction, "amount": 1000}}, headers=headers)
    assert placed.status_code == 201
    async with sale.socket() as ws:
        await say(ws, {"id": 1, "auth": token})
        again = await say(ws, {"id": 2, "bid": {"auction": auction, "amount": 1000, "key": "k"}})
    assert again["receipt"] == placed.json()


async def test_a_refused_sign_in_signs_out_who_was_there(sale: Sale) -> None:
    auction, token = await sale.auction("other"), await sale.token("ann")
    async with sale.socket() as ws:
        assert (await say(ws, {"id": 1, "auth": token}))["ok"]
        assert (await say(ws, {"id": 2, "auth": "rubbish"}))["error"]["code"] == "UnauthorizedError"
        refused = await say(ws, {"id": 3, "bid": {"auction": auction, "amount": 1000}})
        assert refused["error"]["code"] == "UnauthorizedError"


async def test_a_blocked_bidders_open_socket_is_closed(sale: Sale) -> None:
    token = await sale.token("ann")
    async with sale.socket() as ws:
        await say(ws, {"id": 1, "auth": token})
        [row], _ = await sale.whole.catalogue.find("users", _by_name("ann"))
        await sale.whole.catalogue.update("users", row["documentId"], {"blocked": True})
        out = await hear(ws, lambda heard: "error" in heard)
        assert out["error"]["code"] == "UnauthorizedError" and "blocked" in out["error"]["message"]
        with pytest.raises(ConnectionClosedError) as closed:
            await ws.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008


def _by_name(name: str) -> Any:
    from vendue.catalogue.query import Condition, Query

    return Query(where=Condition(("username",), "$eq", name))


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("{not json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 50_000, "Expected `object`"),
        ("[]", "Expected `object`"),
        ('{"id": 1}', "exactly one of"),
        ('{"id": 1, "subscribe": "live", "unsubscribe": "live"}', "exactly one of"),
        ('{"id": 1, "nope": 1}', "nope"),
        ('{"id": [1], "subscribe": "live"}', "id"),
        ('{"id": 1, "subscribe": "all"}', "subscribe"),
        ('{"id": 1, "subscribe": [5]}', "subscribe"),
        ('{"id": 1, "subscribe": ["../x"]}', "subscribe"),
        ('{"id": 1, "subscribe": ["nope\\n"]}', "subscribe"),
        ('{"id": 1, "subscribe": ["nope"]}', "nope"),
        ('{"id": 1, "subscribe": "live", "since": {"a": "b"}}', "since"),
        ('{"id": 1, "auth": "x"}', "credentials"),
        ('{"id": 1, "bid": {"auction": "a", "amount": 0}}', "bid.amount"),
        ('{"id": 1, "bid": {"auction": "a", "amount": true}}', "bid.amount"),
        ('{"id": 1, "bid": {"auction": "a\\n", "amount": 5}}', "bid.auction"),
        ('{"id": 1, "bid": {"auction": "a", "amount": 1e3}}', "bid.amount"),
        ('{"id": 1, "bid": {"amount": 5}}', "auction"),
        ('{"id": 1, "bid": {"auction": "a", "amount": 5, "kind": "gift"}}', "bid.kind"),
        ('{"id": 1, "bid": {"auction": "a", "amount": 5}}', "credentials"),
        (json.dumps({"id": 1, "auth": "x" * 70_000}), "bytes at most"),
    ],
)
async def test_every_bad_message_is_answered(sale: Sale, message: str | bytes, named: str) -> None:
    async with sale.socket() as ws:
        assert named in json.dumps((await say(ws, message))["error"])
        assert (await say(ws, {"id": 7, "unsubscribe": []})) == {"id": 7, "ok": True}


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"since": {"a": "b"}, "subscribe": "live"}, ["since"]),
        ({"subscribe": ["a", 5]}, ["subscribe", "1"]),
        ({"bid": {"amount": 5}}, ["bid", "auction"]),
        ({"bid": {"auction": "a", "amount": 5, "wheels": 4}}, ["bid", "wheels"]),
        ({"bid": {"auction": "a b", "amount": 5}}, ["bid", "auction"]),
        ({"nope": 1}, ["nope"]),
    ],
)
async def test_a_fault_is_at_its_field(sale: Sale, message: dict[str, Any], path: list[str]) -> None:
    async with sale.socket() as ws:
        error = (await say(ws, {"id": 1, **message}))["error"]
    assert error["details"]["errors"][0]["path"] == path
    assert "regex" not in error["message"]


async def test_a_malformed_key_is_at_its_field(sale: Sale) -> None:
    auction = await sale.auction("key")
    async with sale.socket() as ws:
        await say(ws, {"id": 1, "auth": await sale.token("ann")})
        error = (await say(ws, {"id": 2, "bid": {"auction": auction, "amount": 1000, "key": " "}}))["error"]
    assert error["details"]["errors"][0]["path"] == ["bid", "key"]


async def test_limits_are_said(tmp_path: Path) -> None:
    limits = {"max_connections": 2, "max_subscriptions": 2, "message_rate": 0.1, "message_burst": 4}
    async with serve(tmp_path, **limits) as sale:
        auctions = [await sale.auction(name) for name in ("a", "b", "c")]
        async with sale.socket() as one, sale.socket():
            with pytest.raises(InvalidStatus) as refused:
                await sale.socket().__aenter__()
            assert refused.value.response.status_code == 503
            assert refused.value.response.headers["Retry-After"] == "5"
            assert (await sale.http.get("/api/live/a")).status_code == 503
            assert "2 auctions at most" in (await say(one, {"id": 1, "subscribe": auctions}))["error"]["message"]
            for number in range(2, 5):
                assert (await say(one, {"id": number, "unsubscribe": []}))["ok"]
            assert (await say(one, {"id": 9, "unsubscribe": []}))["error"]["code"] == "RateLimitError"
        async with sale.socket() as again:
            assert (await say(again, {"id": 1, "subscribe": auctions[:2]}))["ok"]


async def test_a_socket_elsewhere_is_not_found(sale: Sale) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://{sale.host}/api/elsewhere").__aenter__()
    assert refused.value.response.status_code == 404


async def test_a_slow_watcher_gets_the_latest_and_holds_up_nobody(sale: Sale) -> None:
    auctions = [await sale.auction(f"lot{number}", increments=((0, 1),)) for number in range(20)]
    slow, writer = await _plain_socket(sale.host)
    subscribe = json.dumps({"id": 1, "subscribe": auctions}).encode()
    writer.write(bytes([0x81, 0x80 | 126, *len(subscribe).to_bytes(2, "big"), 0, 0, 0, 0]) + subscribe)
    await writer.drain()
    async with sale.socket() as quick:
        await quick.send(subscribe.decode())
        for amount in range(1000, 1200):
            await asyncio.gather(*(sale.bid(each, amount, f"b{amount % 2}") for each in auctions))
        newest = dict.fromkeys(auctions, 0)
        while set(newest.values()) != {1199}:
            heard = await hear(quick, standing)
            newest[standing(heard)["auction"]] = standing(heard)["price"]
    newest, frames = dict.fromkeys(auctions, 0), 0
    async with asyncio.timeout(10):
        while set(newest.values()) != {1199}:
            _, short = await slow.readexactly(2)
            length = short if short < 126 else int.from_bytes(await slow.readexactly(2), "big")
            heard = json.loads(await slow.readexactly(length))
            if "standing" in heard:
                frames += 1
                newest[standing(heard)["auction"]] = standing(heard)["price"]
    writer.close()
    assert frames < 20 * 200, "it did not have to read all of them"


async def _plain_socket(host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A websocket after its handshake, of which nobody reads more than a few kB."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    name, _, port = host.partition(":")
    narrow.connect((name, int(port)))
    reader, writer = await asyncio.open_connection(sock=narrow, limit=1024)
    writer.write(
        f"GET /api/live HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def test_a_late_older_frame_never_replaces_a_newer_one() -> None:
    watcher = Watcher()
    watcher.offer("a", 5, b"newer")  # the board told while the catalogue was asked
    watcher.offer("a", 3, b"older")
    assert await watcher.take() == (5, b"newer")


async def test_server_sent_events(sale: Sale) -> None:
    auction = await sale.auction("sse")
    assert (await sale.http.get("/api/live/nope")).status_code == 404
    assert (await sale.http.get("/api/live/a%20b")).status_code == 404
    async with sale.http.stream("GET", f"/api/live/{auction}") as response:
        assert response.headers["content-type"] == "text/event-stream"
        lines = response.aiter_lines()
        first = await _event(lines)
        assert (first["id"], json.loads(first["data"])["standing"]["seq"]) == ("2", 2)
        await sale.bid(auction, 1000)
        assert (await _event(lines))["id"] == "3"
    async with sale.http.stream("GET", f"/api/live/{auction}", headers={"Last-Event-ID": "3"}) as response:
        lines = response.aiter_lines()
        await sale.bid(auction, 2000, "another")
        assert (await _event(lines))["id"] == "4"


async def _event(lines: AsyncIterator[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    async with asyncio.timeout(5):
        async for line in lines:
            if not line and "data" in found:
                break
            name, _, value = line.partition(": ")
            found[name] = value
    return found


async def test_a_dutch_price_is_the_clocks(sale: Sale) -> None:
    auction = await sale.auction(
        "dutch", format="dutch", starting_price=10_000, decrement=100, decrement_every_ms=100, floor_price=100
    )
    await asyncio.sleep(0.35)
    async with sale.socket() as ws:
        await ws.send(json.dumps({"id": 1, "subscribe": [auction]}))
        first = await hear(ws, standing)
        shown = standing(first)
        steps = (first["now"] - shown["starts_at"]) // 100
        assert shown["price"] in (10_000 - 100 * steps, 10_000 - 100 * (steps - 1))
        assert shown["price"] < 10_000
