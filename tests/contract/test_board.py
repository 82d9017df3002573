"""What every board must do, whatever it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from vendue.board import memory
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board, Reply, Update


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.replies: list[Reply] = []

    def on_update(self, update: Update) -> None:
        self.updates.append(update)

    def on_reply(self, reply: Reply) -> None:
        self.replies.append(reply)


@pytest.fixture(params=["memory"])
def board(request: pytest.FixtureRequest) -> Board:
    return MemoryBoard()


def update(auction: str, seq: int, *, live: bool = True, **positions: bytes) -> Update:
    return Update(auction, seq, live, f"{auction} at {seq}".encode(), positions)


async def publish(board: Board, *updates: Update, replies: Sequence[Reply] = ()) -> None:
    await board.publish(updates, replies)


async def until(met: Callable[[], bool]) -> None:
    """Wait for what another process may still be sending."""
    async with asyncio.timeout(5):
        while not met():
            await asyncio.sleep(0.001)


def seen(ear: Ear) -> list[tuple[str, int]]:
    return [(each.auction, each.seq) for each in ear.updates]


async def test_nothing_is_known_at_first(board: Board) -> None:
    assert await board.read("a") is None
    assert await board.live() == []
    assert await board.position("a", "ann") is None
    assert await board.epoch("0") is None


async def test_a_standing_is_read_as_it_was_published(board: Board) -> None:
    await publish(board, update("a", 1, ann=b"leads"), update("b", 7, live=False))
    assert await board.read("a") == update("a", 1)
    assert await board.read("b") == update("b", 7, live=False)


@pytest.mark.parametrize("seq", [1, 2])
async def test_only_a_newer_standing_counts(board: Board, seq: int) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["*"])
    await publish(board, update("a", 2, ann=b"leads"))
    await publish(board, Update("a", seq, False, b"late", {"ann": b"old"}), update("b", 1))
    await until(lambda: ("b", 1) in seen(ear))
    assert await board.read("a") == update("a", 2)
    assert await board.position("a", "ann") == b"leads"
    assert seen(ear) == [("a", 2), ("b", 1)]
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
    await board.watch("one", ["a", "c"])
    await board.watch("all", ["*", "a"])
    await publish(board, update("a", 1, ann=b"leads"), update("b", 1), update("c", 1, live=False))
    await until(lambda: len(ears["all"].updates) == 3)
    await until(lambda: len(ears["one"].updates) == 2)
    assert seen(ears["all"]) == [("a", 1), ("b", 1), ("c", 1)]
    assert seen(ears["one"]) == [("a", 1), ("c", 1)]
    assert seen(ears["none"]) == []
    assert ears["one"].updates[0] == update("a", 1, ann=b"leads"), "with the positions that it brings"


async def test_unwatching(board: Board) -> None:
    ear = Ear()
    await board.listen("api", ear)
    await board.watch("api", ["a", "b", "*"])
    await board.unwatch("api", ["a", "*", "never watched"])
    await publish(board, update("a", 1), update("b", 1), update("c", 1))
    await until(lambda: bool(ear.updates))
    assert seen(ear) == [("b", 1)]


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
    assert {seq for _, seq in seen(ear)} >= set(range(at + 1, 200))


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
