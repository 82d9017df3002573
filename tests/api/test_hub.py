"""The hub: what this process hears of the board, and what watchers are shown where the board is away."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.api.conftest import GENEROUS, House, Person, open_house
from tests.api.conftest import until as eventually
from tests.board.ear import until
from tests.board.way import Way, way_to
from tests.catalogues import opened
from vendue.api.hub import Hub
from vendue.api.watcher import Watcher
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board, BoardUnavailable
from vendue.board.redis import RedisBoard


class Place:
    """A hub on its way to the board, and a house whose engine has a way of its own."""

    def __init__(self, house: House, hub: Hub, board: Board, way: Way | None) -> None:
        self.house, self.hub, self.board, self.way = house, hub, board, way


@contextlib.asynccontextmanager
async def hub_on(folder: Path, engines: Board, board: Board, way: Way | None) -> AsyncIterator[Place]:
    async with open_house(folder, GENEROUS, board=engines) as house:
        hub = Hub(board, house.catalogue, house.log)
        await hub.open()
        running = asyncio.create_task(hub.run())
        try:
            yield Place(house, hub, board, way)
            assert not running.done(), running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await board.close()
    await engines.close()


@contextlib.asynccontextmanager
async def far_place(folder: Path, client: Redis) -> AsyncIterator[Place]:
    client.flushdb()
    port = client.get_connection_kwargs()["port"]
    engines = await RedisBoard.open(f"redis://127.0.0.1:{port}/0")
    async with way_to(port) as way:
        board = await RedisBoard.open(f"redis://127.0.0.1:{way.port}/0")
        async with hub_on(folder, engines, board, way) as place:
            yield place


@pytest.fixture
def client(redis_server: str) -> Iterator[Redis]:
    with Redis.from_url(redis_server) as client:
        yield client


@pytest.fixture(params=["memory", "redis"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    if request.param == "memory":
        board = MemoryBoard()
        async with hub_on(tmp_path, board, board, None) as place:
            yield place
    else:
        async with far_place(tmp_path, request.getfixturevalue("client")) as place:
            yield place


@pytest.fixture
async def far(client: Redis, tmp_path: Path) -> AsyncIterator[Place]:
    async with far_place(tmp_path, client) as place:
        yield place


async def hear(watcher: Watcher, wanted: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The next frame that fits."""
    async with asyncio.timeout(5):
        while True:
            frame: dict[str, Any] = json.loads((await watcher.take())[1])
            if wanted(frame):
                return frame


def bids(count: int) -> Callable[[dict[str, Any]], bool]:
    return lambda frame: frame.get("standing", {}).get("bids") == count


def stands(state: str) -> Callable[[dict[str, Any]], bool]:
    return lambda frame: frame.get("you", {}).get("state") == state


async def people(house: House) -> tuple[Person, Person, Person]:
    return await house.person("sue", "seller"), await house.person("ann"), await house.person("bob")


async def away(place: Place) -> None:
    """The board does not answer from now on."""
    assert place.way is not None
    place.way.is_closed = True
    place.way.hang_up()
    with contextlib.suppress(BoardUnavailable):
        while True:
            await place.board.ping()


async def test_an_auction_is_watched_from_its_first_watcher_to_its_last(far: Place, client: Redis) -> None:
    sue, ann, _ = await people(far.house)
    auction = await far.house.listed(sue)
    names = [f"auction:{auction}", f"bidder:{ann.user}", "live"]

    def heard() -> list[int]:
        return [count for _, count in client.pubsub_numsub(*(f"vendue:0:{name}" for name in names))]

    first, second = far.hub.join(), far.hub.join()
    assert heard() == [0, 0, 0]
    for watcher in (first, second):
        await far.hub.identify(watcher, ann.user)
        assert await far.hub.subscribe(watcher, [auction], {}) == []
        await far.hub.subscribe_live(watcher, {})
        assert heard() == [1, 1, 1]
    far.hub.leave(first)
    assert await far.hub.subscribe(second, ["nope"], {}) == ["nope"]
    await until(lambda: client.pubsub_numsub("vendue:0:auction:nope")[0][1] == 0)
    assert heard() == [1, 1, 1]
    far.hub.unsubscribe_live(second)
    await until(lambda: heard() == [1, 1, 0])
    far.hub.unsubscribe(second, [auction])
    await until(lambda: heard() == [0, 1, 0])
    far.hub.forget(second)
    await until(lambda: heard() == [0, 0, 0])


async def test_who_comes_as_the_last_one_leaves_is_told(place: Place) -> None:
    house, hub = place.house, place.hub
    sue, ann, bob = await people(house)
    auction = await house.listed(sue)
    before = hub.join()
    await hub.identify(before, ann.user)
    await hub.subscribe(before, [auction], {})
    await hub.subscribe_live(before, {})
    hub.leave(before)
    watcher, everything = hub.join(), hub.join()
    coming = [
        hub.identify(watcher, ann.user),
        hub.subscribe(watcher, [auction], {}),
        hub.subscribe_live(everything, {}),
    ]
    await asyncio.gather(*coming)
    await house.bid(ann, auction, 10_000)
    await hear(watcher, bids(1))
    await hear(everything, bids(1))
    await hear(watcher, stands("leading"))
    await hub._unwatch()
    await house.bid(bob, auction, 20_000)
    await hear(watcher, stands("outbid"))
    await hear(everything, bids(2))


async def test_who_leaves_while_he_subscribes_leaves_nothing_behind(far: Place, client: Redis) -> None:
    sue, ann, _ = await people(far.house)
    auction = await far.house.listed(sue)
    watcher = far.hub.join()
    coming = asyncio.gather(far.hub.identify(watcher, ann.user), far.hub.subscribe(watcher, [auction], {}))
    await asyncio.sleep(0)
    coming.cancel()
    await asyncio.gather(coming, return_exceptions=True)
    far.hub.leave(watcher)
    await until(
        lambda: client.pubsub_channels("vendue:0:auction:*") == client.pubsub_channels("vendue:0:bidder:*") == []
    )
    assert not far.hub._by_auction and not far.hub._by_user


async def test_a_subscription_while_the_board_is_away_is_made_good(far: Place) -> None:
    house, hub = far.house, far.hub
    sue, ann, bob = await people(house)
    auction = await house.listed(sue)
    await house.bid(ann, auction, 10_000)
    await house.projected(auction, 3)
    await away(far)
    watcher, everything = hub.join(), hub.join()
    await hub.identify(watcher, ann.user)
    assert await hub.subscribe(watcher, [auction, "nope"], {}) == ["nope"]
    assert bids(1)(await hear(watcher, lambda frame: "standing" in frame)), "as the catalogue has it"
    await hub.subscribe_live(everything, {})
    assert bids(1)(await hear(everything, lambda frame: "standing" in frame))
    await house.bid(bob, auction, 20_000)
    assert far.way is not None
    far.way.is_closed = False
    await hear(watcher, bids(2))
    await hear(everything, bids(2))
    await hear(watcher, stands("outbid"))
    await house.bid(ann, auction, 30_000)
    await hear(watcher, bids(3))
    await hear(everything, bids(3))
    await until(lambda: not hub._behind)


async def test_a_sale_that_ends_while_the_board_is_away_is_told(far: Place) -> None:
    house, hub = far.house, far.hub
    sue, _, _ = await people(house)
    auction = await house.listed(sue)
    one, everything = hub.join(), hub.join()
    await hub.subscribe(one, [auction], {})
    await hub.subscribe_live(everything, {})
    await away(far)
    await sue.ask("POST", f"/api/auctions/{auction}/cancel", {"reason": "gone"})
    assert far.way is not None
    far.way.is_closed = False
    for watcher in (one, everything):
        await hear(watcher, lambda frame: frame.get("standing", {}).get("status") == "cancelled")


async def test_pages_are_the_catalogues_while_the_board_is_away(far: Place) -> None:
    house = far.house
    sue, _, _ = await people(house)
    auction = await house.listed(sue)
    await house.projected(auction, 2)
    front = House(house.log, far.board, house.catalogue, house.files, GENEROUS)
    await front.access.refresh()
    await away(far)
    assert (await front.public.ask("GET", f"/api/auctions/{auction}"))["data"]["status"] == "live"


async def test_who_runs_the_sale_sees_how_many_watch(place: Place) -> None:
    house = place.house
    sue, ann, _ = await people(house)
    otto = await house.person("otto", "auctioneer")
    one, two = await house.listed(sue), await house.listed(sue)
    first, second = place.hub.join(), place.hub.join()
    await place.hub.subscribe(first, [one, two], {})
    await place.hub.subscribe(second, [one], {})

    async def watched(**counts: int) -> None:
        async def is_so() -> bool:
            return bool((await otto.ask("GET", "/api/watchers"))["data"] == counts)

        await eventually(is_so)

    await watched(**{one: 2, two: 1})
    place.hub.leave(first)
    await watched(**{one: 1})
    place.hub.leave(second)
    await watched()
    for person in (house.public, ann, sue):
        await person.ask("GET", "/api/watchers", status=403)


async def test_all_that_are_live_are_shown_once_the_board_is_back(far: Place, tmp_path: Path) -> None:
    house = far.house
    sue, ann, _ = await people(house)
    auction = await house.listed(sue)
    async with opened(f"sqlite:///{tmp_path}/behind.db") as catalogue:  # nothing is projected there
        hub = Hub(far.board, catalogue, house.log)
        await hub.open()
        running = asyncio.create_task(hub.run())
        before, after = hub.join(), hub.join()
        await hub.subscribe_live(before, {})
        await house.bid(ann, auction, 10_000)
        await hear(before, bids(1))
        await away(far)
        await hub.subscribe_live(after, {})
        assert far.way is not None
        far.way.is_closed = False
        await hear(after, bids(1))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
