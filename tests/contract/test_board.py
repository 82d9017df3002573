"""What every board must do, whatever it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from redis import Redis

from tests.board.ear import Ear, until
from vendue.board import memory
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board, Reply, Update
from vendue.board.redis import RedisBoard


@pytest.fixture(params=["memory", "redis"])
async def board(request: pytest.FixtureRequest) -> AsyncIterator[Board]:
    if request.param == "memory":
        yield MemoryBoard()
        return
    url = request.getfixturevalue("redis_server")
    with Redis.from_url(url) as client:
        client.flushdb()
    board = await RedisBoard.open(url)
    yield board
    await board.close()


def update(auction: str, seq: int, *, live: bool = True, **positions: bytes) -> Update:
    return Update(auction, seq, live, f"{auction} at {seq}".encode(), positions)


async def publish(board: Board, *updates: Update, replies: Sequence[Reply] = ()) -> None:
    await board.publish(updates, replies)


async def test_nothing_is_known_at_first(board: Board) -> None:
    assert await board.read("a") is None
    assert await board.live() == []
    assert await board.position("a", "ann") is None
    assert await board.epoch("0") is None


async def test_a_standing_is_read_as_it_was_published(board: Board) -> None:
    await publish(board, update("a", 1, ann=b"leads"), update("b", 7, live=False))
    assert await board.read("a") == update("a", 1)
    assert await board.read("b") == update("b", 7, live=False)


@pytest.mark.parametrize("seq", [0, 1])
async def test_only_a_newer_standing_counts(board: Board, seq: int) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["*"])
    await publish(board, update("a", 2, ann=b"leads"))
    await publish(board, Update("a", seq, False, b"late", {"ann": b"old"}), update("b", 1))
    await until(lambda: ("b", 1) in ear.seen())
    assert await board.read("a") == update("a", 2)
    assert await board.position("a", "ann") == b"leads"
    assert ear.seen() == [("a", 2), ("b", 1)]
    await publish(board, update("a", 9))
    assert await board.read("a") == update("a", 9)


async def test_a_late_repeat_does_not_reopen_an_auction(board: Board) -> None:
    await publish(board, update("a", 5, live=False))
    await publish(board, update("a", 4))
    assert await board.live() == []
    assert await board.read("a") == update("a", 5, live=False)


async def test_live_are_those_that_are_open(board: Board) -> None:
    await publish(board, update("a", 1), update("b", 1), update("c", 1, live=False))
    assert sorted(await board.live()) == [update("a", 1), update("b", 1)]
    await publish(board, update("a", 2, live=False), update("b", 2), update("c", 2))
    assert sorted(await board.live()) == [update("b", 2), update("c", 2)]
    assert await board.read("a") == update("a", 2, live=False)


async def test_positions_are_kept_by_bidder(board: Board) -> None:
    await publish(board, update("a", 1, ann=b"leads"), update("b", 1, ann=b"outbid"))
    await publish(board, update("a", 2, bob=b"leads"))
    assert await board.position("a", "ann") == b"leads", "what a change does not name stays"
    await publish(board, update("a", 3, ann=b"outbid"))
    assert [await board.position("a", each) for each in ("ann", "bob", "eve")] == [b"outbid", b"leads", None]
    assert await board.position("b", "ann") == b"outbid"
    await publish(board, update("a", 4, live=False, bob=b"won"))
    assert [await board.position("a", each) for each in ("ann", "bob")] == [b"outbid", b"won"]


async def test_updates_come_to_whoever_watches(board: Board) -> None:
    ears = {name: Ear() for name in ("one", "all", "none")}
    for name, ear in ears.items():
        await board.listen(name, ear)
    await publish(board, update("c", 1, live=False))
    await board.watch("one", ["a", "c"])
    await board.watch("all", ["*", "a"])
    await publish(board, update("a", 1, ann=b"leads"), update("b", 1), update("c", 2, live=False), update("d", 1))
    await until(lambda: len(ears["all"].updates) == 3 and len(ears["one"].updates) == 2)
    assert ears["all"].seen() == [("a", 1), ("b", 1), ("d", 1)], "each once, and not what was over before"
    assert ears["one"].seen() == [("a", 1), ("c", 2)]
    assert ears["none"].seen() == []
    assert ears["one"].updates[0] == update("a", 1), "without positions"
    assert not any(ear.positions for ear in ears.values())


async def test_what_changed_a_standing_is_told_with_it(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    traced = update("a", 1)._replace(traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    await publish(board, traced)
    await publish(board, update("a", 2))
    await until(lambda: len(ear.updates) == 2)
    assert ear.updates == [traced, update("a", 2)]


async def test_all_that_are_live_are_told_of_until_their_end(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["*"])
    await publish(board, update("a", 1), update("a", 2, live=False), update("a", 3, live=False))
    await publish(board, update("lost", 9, live=False), update("lost", 10, live=False), update("b", 1))
    await until(lambda: ("b", 1) in ear.seen())
    assert ear.seen() == [("a", 1), ("a", 2), ("lost", 9), ("b", 1)], "what the board did not know may have been live"


async def test_positions_come_to_who_watches_the_bidder(board: Board) -> None:
    ears = {name: Ear() for name in ("ann", "both", "auction")}
    for name, ear in ears.items():
        await board.listen(name, ear)
    await board.watch("ann", [], ["ann"])
    await board.watch("both", ["a"], ["ann", "bob"])
    await board.watch("auction", ["a"])
    await publish(board, update("a", 1, ann=b"leads", eve=b"outbid"), update("b", 7, live=False, bob=b"won"))
    await publish(board, update("a", 0, ann=b"late"))
    await board.unwatch("ann", [], ["ann", "never watched"])
    await publish(board, update("a", 2, ann=b"outbid", bob=b"leads"))
    await until(lambda: len(ears["both"].positions) == 4 and len(ears["ann"].positions) == 1)
    assert ears["ann"].positions == [("a", "ann", 1, b"leads")]
    first, second, *last = ears["both"].positions
    assert [first, second] == [("a", "ann", 1, b"leads"), ("b", "bob", 7, b"won")]
    assert sorted(last) == [("a", "ann", 2, b"outbid"), ("a", "bob", 2, b"leads")]
    await until(lambda: len(ears["auction"].updates) == 2)
    assert ears["auction"].positions == []
    assert ears["ann"].updates == []


async def test_unwatching(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a", "b", "*"])
    await board.unwatch("api", ["a", "*", "never watched"])
    await publish(board, update("a", 1), update("b", 1), update("c", 1))
    await until(lambda: bool(ear.updates))
    assert ear.seen() == [("b", 1)]


async def test_whoever_watches_first_and_then_reads_misses_nothing(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)

    async def follow() -> int:
        await board.watch("api", ["a"])
        found = await board.read("a")
        return found.seq if found else 0

    async def change() -> None:
        for seq in range(1, 200):
            await publish(board, update("a", seq))
            await asyncio.sleep(0)

    changing = asyncio.create_task(change())
    while await board.read("a") is None:
        await asyncio.sleep(0)
    at = await follow()
    assert at < 199, "it changes on"
    await changing
    await until(lambda: bool(ear.updates) and ear.updates[-1].seq == 199)
    assert {seq for _, seq in ear.seen()} >= set(range(at + 1, 200))


async def test_replies_come_to_who_asked_alone(board: Board) -> None:
    ears = {name: Ear() for name in ("one", "two")}
    for name, ear in ears.items():
        await board.listen(name, ear)
    sent = [Reply("one", "1", b"first"), Reply("two", "1", b"other"), Reply("gone", "1", b""), Reply("one", "2", b"2")]
    await publish(board, replies=sent)
    await until(lambda: len(ears["one"].replies) == 2 and len(ears["two"].replies) == 1)
    assert ears["one"].replies == [sent[0], sent[3]]
    assert ears["two"].replies == [sent[1]]


async def test_a_standing_is_there_before_its_reply(board: Board) -> None:
    order: list[Any] = []

    class Noting(Ear):
        def on_update(self, update: Update) -> None:
            order.append(update.seq)

        def on_reply(self, reply: Reply) -> None:
            order.append(reply.id)

    await board.listen("api", Noting())
    await board.watch("api", ["*"])
    await publish(board, update("a", 1), replies=[Reply("api", "bid", b"")])
    await until(lambda: len(order) == 2)
    assert order == [1, "bid"]


async def test_the_epoch_is_what_was_set_last(board: Board) -> None:
    await board.set_epoch("0", "first")
    assert await board.epoch("0") == "first"
    await board.set_epoch("0", "second")
    assert await board.epoch("0") == "second"


async def test_each_part_has_its_own_epoch(board: Board) -> None:
    await board.set_epoch("0", "zero")
    await board.set_epoch("7", "seven")
    assert [await board.epoch(part) for part in ("0", "7", "1")] == ["zero", "seven", None]


async def test_watching_and_unwatching_at_once_ends_as_it_was_said_last(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    steps = [board.watch("api", ["a"]), board.unwatch("api", ["a"]), board.watch("api", ["a", "b"])]
    await asyncio.gather(*steps, board.unwatch("api", ["b"]))
    await publish(board, update("b", 1), update("a", 1))
    await until(lambda: bool(ear.updates))
    assert ear.seen() == [("a", 1)]


async def test_who_gives_up_watching_harms_nobody_else(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    leaving = asyncio.create_task(board.watch("api", ["a"]))
    staying = asyncio.create_task(board.watch("api", ["b"]))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    await publish(board, update("b", 1))
    await until(lambda: ("b", 1) in ear.seen())


async def test_many_at_once(board: Board) -> None:
    ear, count = Ear(), 3_000
    await board.listen("api", ear)
    await board.watch("api", [f"a{number}" for number in range(count)], ["ann"])
    updates = [update(f"a{number}", 1, ann=b"%d" % number, bob=b"") for number in range(count)]
    replies = [Reply("api", str(number), b"") for number in range(count)]
    await publish(board, *updates, replies=replies)
    await until(lambda: len(ear.replies) == count and len(ear.updates) == count and len(ear.positions) == count)
    assert ear.replies == replies
    assert len(await board.live()) == count
    await board.unwatch("api", [f"a{number}" for number in range(count)])
    await publish(board, update("a0", 2, ann=b"last"))
    await until(lambda: len(ear.positions) == count + 1)
    assert len(ear.updates) == count


async def test_it_answers_and_closes(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a"])
    await board.ping()
    await board.close()
    assert ear.updates == []


async def test_the_memory_board_forgets_the_oldest_that_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAX_OVER", 3)
    board = MemoryBoard()
    await publish(board, update("live", 1, ann=b"leads"))
    for number in range(5):
        await publish(board, update(f"over{number}", 1, live=False, ann=b"lost"))
    found = [await board.read(f"over{number}") is not None for number in range(5)]
    assert found == [False, False, True, True, True]
    assert await board.position("over0", "ann") is None
    assert await board.position("over4", "ann") == b"lost"
    assert await board.read("live") == update("live", 1)
    assert await board.position("live", "ann") == b"leads"


async def test_what_is_pending_everyone_knows(board: Board) -> None:
    assert not await board.is_pending("one")
    await board.note_pending(["one", "two", "four"], 60)
    await board.note_pending(["four"], 0)
    assert [await board.is_pending(id) for id in ("one", "two", "three", "four")] == [True, True, False, False]


async def test_who_watches_is_counted_over_all_instances(board: Board) -> None:
    assert await board.watchers() == {}
    await board.note_watchers("one", {"a": 2, "b": 1}, 60)
    await board.note_watchers("two", {"a": 3}, 60)
    assert await board.watchers() == {"a": 5, "b": 1}
    await board.note_watchers("one", {"a": 1}, 60)
    await board.note_watchers("two", {}, 60)
    assert await board.watchers() == {"a": 1}


async def test_positions_of_the_same_standing_are_mended(board: Board) -> None:
    """A publication may be lost, or the board emptied, before who is no longer concerned is told."""
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", [], ["ann"])
    await publish(board, update("a", 5, ann=b"leading"), update("a", 7, bob=b"leading"))
    await publish(board, update("a", 7, ann=b"outbid", bob=b"leading"))
    assert await board.position("a", "ann") == b"outbid"
    await until(lambda: [each[-1] for each in ear.positions][-1:] == [b"outbid"])
    await publish(board, update("a", 6, ann=b"old"))
    assert await board.position("a", "ann") == b"outbid"
