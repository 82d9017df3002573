"""The Redis board when Redis dies, stops, forgets or hangs up."""

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from redis import Redis

from tests.board.ear import Ear, until
from tests.board.way import Way, way_to
from tests.servers.port import free_port
from tests.servers.redis import Server
from vendue.assemble import open_board
from vendue.board import redis, redis_store
from vendue.board.port import BoardUnavailable, Reply, Update
from vendue.board.redis import RedisBoard
from vendue.board.redis_store import BadBoard
from vendue.settings import Settings

PASSWORD = "hidden:word"
RIGHTS = "~vendue:* resetchannels &vendue:* +@connection +@read +@write +@pubsub +@scripting +info +time"
"""What operators.md tells to allow."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Redis]:
    with Redis(port=server.port) as client:
        yield client


@pytest.fixture
async def board(server: Server) -> AsyncIterator[RedisBoard]:
    async with opened(server.url) as board:
        yield board


@contextlib.asynccontextmanager
async def opened(url: str, of: str = "") -> AsyncIterator[RedisBoard]:
    board = await RedisBoard.open(url, of)
    try:
        yield board
    finally:
        await board.close()


def way_url(way: Way) -> str:
    return f"redis://127.0.0.1:{way.port}/0"


def heard_by(client: Redis, names: list[str]) -> list[int]:
    """How many connections listen on each channel."""
    return [count for _, count in client.pubsub_numsub(*(f"vendue:0:{name}" for name in names))]


def update(auction: str, seq: int, *, live: bool = True, **positions: bytes) -> Update:
    return Update(auction, seq, live, f"{auction} at {seq}".encode(), positions)


async def back(board: RedisBoard) -> None:
    """Wait until it answers again."""
    async with asyncio.timeout(5):
        while True:
            with contextlib.suppress(BoardUnavailable):
                return await board.ping()
            await asyncio.sleep(0.01)


async def test_a_server_that_comes_back_empty_is_written_anew_and_heard(board: RedisBoard, server: Server) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a", "*"], ["ann"])
    await board.set_epoch("0", "mine")
    await board.publish([update("a", 3, ann=b"leads")], [])
    await until(lambda: bool(ear.updates and ear.positions))
    server.kill()
    with pytest.raises(BoardUnavailable):
        await board.publish([update("a", 4)], [])
    server.start()
    await back(board)
    assert await board.epoch("0") is None
    assert await board.read("a") is None
    await board.publish([update("a", 4, ann=b"outbid"), update("b", 1)], [])
    await until(lambda: len(ear.updates) == 3 and len(ear.positions) == 2)
    assert ear.seen() == [("a", 3), ("a", 4), ("b", 1)]
    assert ear.positions == [("a", "ann", 3, b"leads"), ("a", "ann", 4, b"outbid")]


async def test_a_server_that_comes_back_with_an_old_file_is_as_good_as_empty(
    board: RedisBoard, server: Server, client: Redis
) -> None:
    await board.set_epoch("0", "mine")
    await board.publish([update("ended since", 3)], [])
    client.set("vendue:0:run", "the run that wrote the file")
    client.set("another's", "key")
    async with opened(server.url) as other:
        assert await other.live() == []
        assert await other.epoch("0") is None
        await other.publish([update("a", 1)], [])
    async with opened(server.url) as third:
        assert await third.live() == [update("a", 1)], "a further connection drops nothing"
    assert client.get("another's") == b"key"


async def test_two_systems_on_one_redis_see_nothing_of_each_other(
    board: RedisBoard, server: Server, client: Redis
) -> None:
    names = ["", "one", "one.0", "0"]
    async with contextlib.AsyncExitStack() as stack:
        boards = [board] + [await stack.enter_async_context(opened(server.url, name)) for name in names[1:]]
        ears = [Ear() for _ in names]
        for number, (each, ear) in enumerate(zip(boards, ears, strict=True)):
            await each.listen("api", ear)
            await each.watch("api", ["a", "*"], ["ann"])
            await each.publish([update("a", number + 1, ann=b"%d" % number)], [Reply("api", str(number), b"")])
            await each.set_epoch("0", names[number])
        await until(lambda: all(ear.replies for ear in ears))
        for number, (each, ear) in enumerate(zip(boards, ears, strict=True)):
            assert await each.read("a") == update("a", number + 1) and ear.seen() == [("a", number + 1)]
            assert [reply.id for reply in ear.replies] == [str(number)]
            assert await each.epoch("0") == names[number]
        client.set("vendue:0:run", "the run that wrote the file")
        async with opened(server.url) as emptied:
            assert await emptied.read("a") is None
        assert [await each.read("a") is None for each in boards] == [True, False, False, False]


async def test_the_logs_prefix_is_before_the_keys(server: Server, client: Redis) -> None:
    board = await open_board(Settings(log="kafka://here:9092/one", board=server.url))
    await board.set_epoch("0", "mine")
    assert client.exists("vendue:one.0:epochs")
    await board.close()


async def test_after_a_flush_everything_is_unknown_and_can_be_written_anew(
    board: RedisBoard, server: Server, client: Redis
) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    await board.set_epoch("0", "mine")
    await board.publish([update("a", 3, ann=b"leads")], [])
    client.flushall()
    client.script_flush()
    assert [await board.epoch("0"), await board.read("a"), await board.position("a", "ann")] == [None, None, None]
    await board.set_epoch("0", "mine")
    await board.publish([update("a", 3, ann=b"leads"), update("a", 4)], [])
    await until(lambda: len(ear.updates) == 2)
    assert ear.seen() == [("a", 3), ("a", 4)], "what was told is not told again"
    async with opened(server.url) as other:
        assert await other.epoch("0") == "mine", "a new connection does not take it for another run's"
        assert await other.position("a", "ann") == b"leads"


async def test_what_was_missed_while_a_connection_was_lost_is_told(server: Server, client: Redis) -> None:
    ear = Ear()
    async with way_to(server.port) as way, opened(way_url(way)) as hearing, opened(server.url) as writing:
        await hearing.listen("api", ear)
        await hearing.watch("api", ["a", "over", "same", "*"], ["ann", "bob"])
        first = [update("a", 1, ann=b"leads"), update("over", 1), update("ends", 1), update("same", 1)]
        await writing.publish(first, [])
        await until(lambda: len(ear.updates) == 4)
        way.is_closed = True
        assert client.client_kill_filter(_type="pubsub") == 1
        more = [update("a", 2, ann=b"outbid", bob=b"leads"), update("over", 2, live=False)]
        await writing.publish([*more, update("ends", 2, live=False), update("new", 1)], [])
        assert len(ear.updates) == 4, "it cannot know yet"
        way.is_closed = False
        await until(lambda: len(ear.updates) == 8 and len(ear.positions) == 3)
    assert sorted(ear.seen()[4:]) == [("a", 2), ("ends", 2), ("new", 1), ("over", 2)]
    assert sorted(ear.positions[1:]) == [("a", "ann", 2, b"outbid"), ("a", "bob", 2, b"leads")]


async def test_a_redis_that_is_far_away_is_not_one_that_is_gone(server: Server) -> None:
    ear = Ear()
    async with way_to(server.port) as way:
        way.delay_s = 0.15
        async with opened(way_url(way)) as board:
            await board.listen("api", ear)
            await board.watch("api", ["a"])
            await asyncio.gather(*(board.publish([update("a", seq)], []) for seq in range(1, 6)))
            await until(lambda: bool(ear.updates) and ear.updates[-1].seq == 5)
            assert await board.read("a") == update("a", 5)


async def test_what_is_no_update_is_said_and_heard_past(board: RedisBoard, client: Redis) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    with structlog.testing.capture_logs() as logs:
        client.publish("vendue:0:auction:a", b"somebody else's")
        await board.publish([update("a", 1)], [])
        await until(lambda: ear.seen() == [("a", 1)])
    assert [each["reasons"] for each in logs if each["event"] == "board.connection_lost"] == [["ValidationError"]]


async def test_who_watches_while_the_board_is_away_is_told_when_it_is_back(server: Server) -> None:
    ear = Ear()
    async with way_to(server.port) as way, opened(server.url) as writing:
        way.is_closed = True
        async with opened(way_url(way)) as hearing:
            with pytest.raises(BoardUnavailable):
                await hearing.ping()
            await hearing.listen("api", ear)
            await hearing.watch("api", ["a"], ["ann"])
            await writing.publish([update("a", 1, ann=b"leads"), update("b", 1, bob=b"leads")], [])
            way.is_closed = False
            await until(lambda: bool(ear.updates and ear.positions))
            await writing.publish([update("a", 2)], [Reply("api", "1", b"")])
            await until(lambda: bool(ear.replies))
    assert ear.seen() == [("a", 1), ("a", 2)]
    assert ear.positions == [("a", "ann", 1, b"leads")]


async def test_a_stopped_server_holds_nobody_up(board: RedisBoard, server: Server) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    await board.publish([update("a", 1)], [])
    await until(lambda: bool(ear.updates))
    server.stop()
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(BoardUnavailable):
            await board.publish([update("a", 2)], [])
    assert time.monotonic() - began < 1.5
    with pytest.raises(BoardUnavailable):
        await board.ping()
    asked = asyncio.create_task(board.watch("api", ["b"]))
    await asyncio.sleep(0.05)  # it is asked by now, and the next one waits behind it
    await asyncio.wait_for(asyncio.gather(asked, board.watch("api", ["c"])), 2.5)
    server.go_on()
    await back(board)
    await board.publish([update("a", 3), update("b", 1)], [Reply("api", "1", b"")])
    await until(lambda: {("a", 3), ("b", 1)} <= set(ear.seen()))
    assert [seq for auction, seq in ear.seen() if auction == "a"] in ([1, 3], [1, 2, 3])


async def test_a_connection_that_went_silent_is_found_out(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis, "SILENT_S", 1.2)
    ear = Ear()
    async with way_to(server.port) as way, opened(way_url(way)) as hearing, opened(server.url) as writing:
        await hearing.listen("api", ear)
        await hearing.watch("api", ["a"])
        way.silence()
        await writing.publish([update("a", 1)], [])
        await until(lambda: ear.seen() == [("a", 1)])


async def test_a_server_hears_only_what_it_watches(board: RedisBoard, server: Server, client: Redis) -> None:
    one, two = Ear(), Ear()
    async with opened(server.url) as other:
        await board.listen("one", one)
        await other.listen("two", two)
        await board.watch("one", ["a", "both"], ["ann"])
        await other.watch("two", ["b", "both", "*"])
        names = ["auction:a", "auction:b", "auction:both", "auction:none", "bidder:ann", "live", "to:one", "to:two"]
        assert heard_by(client, names) == [1, 1, 2, 0, 1, 1, 1, 1]
        await board.unwatch("one", ["both"], ["ann"])
        await other.unwatch("two", ["*"])
        assert heard_by(client, names) == [1, 1, 1, 0, 0, 0, 1, 1]
        before = client.info("stats")["total_net_output_bytes"]
        big = Update("none", 1, True, b"x" * 1_000_000, {"eve": b"y" * 1_000_000})
        await board.publish([big], [])
        assert client.info("stats")["total_net_output_bytes"] - before < 100_000, "nobody was sent it"
    await until(lambda: heard_by(client, names) == [1, 0, 0, 0, 0, 0, 1, 0])  # who is gone hears nothing


async def test_what_is_over_expires_and_what_is_live_does_not(board: RedisBoard, client: Redis) -> None:
    await board.publish([update("over", 1, ann=b"leads"), update("live", 1), update("again", 1, live=False)], [])
    await board.publish([update("over", 2, live=False), update("again", 2)], [])
    ttls = {name: client.ttl(f"vendue:0:auction:{name}") for name in ("over", "live", "again")}
    assert 0 < ttls.pop("over") <= redis_store.KEEP_S
    assert ttls == {"live": -1, "again": -1}
    assert 0 < client.ttl("vendue:0:changed:ann") <= redis_store.KEEP_S


async def test_positions_that_changed_long_ago_are_forgotten(
    board: RedisBoard, client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await board.publish([update("old", 1, ann=b"leads")], [])
    client.zadd("vendue:0:changed:ann", {"old": time.time() - redis_store.KEEP_S - 1})
    await board.publish([update("new", 1, ann=b"leads")], [])
    assert client.zrange("vendue:0:changed:ann", 0, -1) == [b"new"]


async def test_an_older_seq_is_never_told_after_a_newer_one(board: RedisBoard, client: Redis) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"], ["ann"])
    await board.publish([update("a", 5, ann=b"leads")], [])
    client.delete("vendue:0:auction:a")
    await board.publish([update("a", 4, ann=b"late"), update("a", 6)], [])
    await until(lambda: len(ear.updates) == 2)
    assert ear.seen() == [("a", 5), ("a", 6)]
    assert ear.positions == [("a", "ann", 5, b"leads")]


async def test_a_listener_that_fails_is_told_the_next(board: RedisBoard) -> None:
    class Failing(Ear):
        def on_update(self, update: Update) -> None:
            if update.seq == 1:
                raise ValueError("a listener's own fault")
            super().on_update(update)

    ear = Failing()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    await board.publish([update("a", 1), update("a", 2)], [Reply("api", "1", b"")])
    await until(lambda: bool(ear.replies))  # which would be gone with the connection
    assert ear.seen() == [("a", 2)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("vendue:wrong", "refuses user or password"),
        ("", "asks for a password"),
        ("poor:poor", "does not let this user"),
        ("vendue:" + PASSWORD, None),
    ],
)
async def test_who_we_are_to_redis(name: str, says: str | None) -> None:
    with Server() as server:
        with Redis(port=server.port) as client:
            client.execute_command("ACL", "SETUSER", "vendue", "on", ">" + PASSWORD, *RIGHTS.split())
            client.execute_command("ACL", "SETUSER", "poor", "on", ">poor", "~*", "&*", "+ping")
            client.execute_command("ACL", "SETUSER", "default", "off")
        url = f"redis://{name}{'@' if name else ''}127.0.0.1:{server.port}/0"
        if says is None:
            async with opened(url) as board:
                await board.publish([update("a", 1, ann=b"leads"), update("a", 2, live=False)], [])
                await board.listen("api", Ear())
                await board.watch("api", ["a", "*"], ["ann"])
                assert len(await board.live()) == 0
        else:
            with pytest.raises(BadBoard, match=says):
                await RedisBoard.open(url)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with `cert`, which nobody knows, of localhost, and its `key`."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate: apt-get install openssl")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"), "-newkey", "rsa:2048", "-nodes"]
    subprocess.run(["openssl", "req", "-x509", "-days", "1", *made, *subject], check=True, capture_output=True)
    return tmp_path


async def test_tls(certificate: Path) -> None:
    port, files = (
        free_port(),
        ["--tls-cert-file", str(certificate / "cert"), "--tls-key-file", str(certificate / "key")],
    )
    with Server("--tls-port", str(port), *files, "--tls-auth-clients", "no") as server:
        known = f"rediss://localhost:{port}/0?ssl_ca_certs={certificate}/cert"
        async with opened(known) as board:
            ear = Ear()
            await board.listen("api", ear)
            await board.watch("api", ["a"])
            await board.publish([update("a", 1)], [])
            await until(lambda: ear.seen() == [("a", 1)])
            server.stop()
            with pytest.raises(BoardUnavailable):
                await board.publish([update("a", 2)], [])
            server.go_on()
            await back(board)
        with pytest.raises(BadBoard, match="certificate"):
            await RedisBoard.open(f"rediss://localhost:{port}/0")


async def test_a_cluster_is_refused() -> None:
    bus = str(free_port())  # else it is 10 000 above the other, which may be none
    with Server("--cluster-enabled", "yes", "--cluster-port", bus) as server, pytest.raises(BadBoard, match="Cluster"):
        await RedisBoard.open(server.url)


@pytest.mark.parametrize("url", ["redis://:hidden/word@host", "redis://u:hidden/word@host", "http://u:hidden@host"])
async def test_an_address_that_is_none_is_not_quoted(url: str) -> None:
    with pytest.raises(BadBoard) as raised:
        await RedisBoard.open(url)
    assert "hidden" not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_the_password_is_in_no_log_and_no_error() -> None:
    url = f"redis://vendue:{PASSWORD}@127.0.0.1:{free_port()}/0"
    with structlog.testing.capture_logs() as logs:
        async with opened(url) as board:
            with pytest.raises(BoardUnavailable) as raised:
                await board.ping()
    assert [each["event"] for each in logs if each["log_level"] == "warning"] == ["board.away"]
    assert "hidden" not in f"{logs} {raised.value!r} {board!r} {board.__dict__!r}"
