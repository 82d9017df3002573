"""The projector on a real log and a real catalogue, fed with what the real rules decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.catalogues import KINDS, empty, opened
from tests.servers.copies import restored
from vendue.catalogue.port import Catalogue, CatalogueBroken, Overtaken, Projected, Row
from vendue.catalogue.query import Condition, Order, Query
from vendue.log.port import Handover, LogBroken, Topic
from vendue.log.sqlite import SqliteLog
from vendue.projector import NotAlone, Projector, check_log
from vendue.projector.projector import BATCH_EVENTS, REST, REST_MOST_S
from vendue.rules.auction import Auction
from vendue.rules.commands import (
    AcceptOffer,
    Asked,
    Bid,
    Command,
    Counter,
    DeclineOffer,
    List,
    Retract,
    Tick,
    command_id,
)
from vendue.rules.decide import step
from vendue.rules.events import Event
from vendue.rules.terms import SoftClose, Terms

END = 1_000_000


class Sale:
    """One auction under the real rules, and its events so far."""

    def __init__(self, id: str = "lot", **terms: Any) -> None:
        self.id = id
        self.auction: Auction | None = None
        self.events: list[Event] = []
        whole = Terms(
            **{
                "format": "english",
                "currency": "EUR",
                "starts_at": 0,
                "ends_at": END,
                "starting_price": 1000,
                "increments": ((0, 100),),
                "seller_ids": ("owner",),
                **terms,
            }
        )
        self.do(List, "owner", 1, terms=whole)

    def run(self, command: Command, at: int) -> list[Event]:
        self.auction, events = step(self.auction, command, at)
        self.events += events
        return events

    def do(
        self, kind: type[Asked], by: str, at: int, key: str = "", role: str = "auctioneer", **more: Any
    ) -> list[Event]:
        id = command_id(self.id, by, key or f"{kind.__name__}{at}")
        return self.run(kind(auction=self.id, id=id, by=by, role=role, salt="00" * 16, **more), at)

    def bid(self, by: str, amount: int, at: int, key: str = "") -> str:
        """The id of the bid."""
        self.do(Bid, by, at, key, "bidder", amount=amount)
        return command_id(self.id, by, key or f"Bid{at}")


class Place:
    """A log and a catalogue in a folder."""

    def __init__(self, log: SqliteLog, catalogue: Catalogue) -> None:
        self.log, self.catalogue = log, catalogue

    async def write(self, *events: Event) -> None:
        await self.log.append("auction-events", [(event.body.auction, event.value) for event in events])

    async def project(self, *events: Event, catalogue: Any = None) -> None:
        """Append events and have them projected by a projector that starts and stops."""
        await self.write(*events)
        async with running(Projector(self.log, catalogue or self.catalogue)) as task:
            await self.caught_up(task)

    async def caught_up(self, task: asyncio.Task[None]) -> None:
        async def same() -> bool:
            ends = {partition: end for partition, end in (await self.log.ends("auction-events")).items() if end}
            return await self.catalogue.projected_offsets() == ends

        await until(same, task)

    async def auction(self, id: str = "lot") -> Row:
        row = await self.catalogue.get("auctions", id)
        assert row is not None
        return row

    async def bid(self, id: str) -> Row:
        row = await self.catalogue.get("bids", id, Query(populate={"auction": Query(fields=())}))
        assert row is not None
        return row


async def until(holds: Callable[[], Awaitable[bool]], task: asyncio.Task[None]) -> None:
    async with asyncio.timeout(10):
        while not await holds():
            if task.done():
                task.result()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(projector: Projector) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(projector.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(params=KINDS)
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    with empty(request.param, tmp_path, request) as url:
        async with opened(url) as catalogue:
            log = SqliteLog(tmp_path)
            yield Place(log, catalogue)
            await log.close()


async def test_a_sale_from_listing_to_hammer(place: Place) -> None:
    await place.catalogue.create("auctions", {"documentId": "lot", "title": "Mine"})
    sale = Sale(reserve_price=1500, soft_close=SoftClose(120_000, 120_000))
    await place.project(*sale.events)
    row = await place.auction()
    assert (row["title"], row["status"], row["seq"], row["offer"]) == ("Mine", "live", 2, None)
    assert (row["reserve_price"], row["starting_price"], row["proxy"]) == (1500, 1000, True)
    assert (row["starts_at"], row["ends_at"], row["minimum_next"]) == (1, END, 1000)
    assert row["increments"] == [[0, 100]]
    assert row["soft_close"] == {"window_ms": 120_000, "extend_ms": 120_000, "mode": "reset", "max_extension_ms": None}

    first, low, high = sale.bid("ann", 2000, 10), sale.bid("bob", 1100, 20), sale.bid("bob", 3000, 30)
    await place.project(*sale.events[2:])
    row = await place.auction()
    assert (row["price"], row["leader"], row["bids_count"], row["reserve_met"]) == (2100, "Bidder 2", 2, True)
    assert (row["winner"], row["hammer_price"]) == (None, None)
    placed = await place.bid(first)
    assert placed["auction"]["documentId"] == "lot"
    assert (placed["bidder"], placed["alias"], placed["maximum"], placed["kind"]) == ("ann", "Bidder 1", 2000, "bid")
    assert (placed["status"], placed["outcome"], placed["placed_at"], placed["seq"]) == ("accepted", "leading", 10, 3)
    assert placed["standing"]["price"] == 1500
    assert (await place.bid(high))["alias"] == "Bidder 2"
    refused = await place.bid(low)
    assert (refused["status"], refused["code"], refused["details"]) == ("refused", "too_low", {"minimum": 1600})
    assert (refused["alias"], refused["outcome"], refused["bidder"]) == (None, None, "bob")

    sale.run(Tick("lot"), END)
    await place.project(sale.events[-1])  # its bids are in batches and projectors of the past
    row = await place.auction()
    assert (row["status"], row["winner"], row["hammer_price"], row["closed_at"]) == ("sold", "bob", 2100, END)
    assert (row["minimum_next"], row["seq"]) == (None, 6)


async def test_a_sealed_winner_is_found_in_the_same_batch(place: Place) -> None:
    sale = Sale(format="sealed_second_price", increments=None)
    sale.bid("ann", 2000, 10)
    sale.bid("bob", 1500, 20)
    sale.run(Tick("lot"), END)
    await place.project(*sale.events)
    row = await place.auction()
    assert (row["title"], row["status"], row["winner"], row["price"]) == ("lot", "sold", "ann", 1500)


async def test_an_offer_is_kept_while_it_stands(place: Place) -> None:
    sale = Sale(reserve_price=5000, sale_terms="on_approval")
    sale.bid("ann", 2000, 10)
    sale.do(Counter, "owner", END, price=4000)
    await place.project(*sale.events)
    row = await place.auction()
    assert (row["status"], row["offer"], row["approval_until"]) == ("countered", 4000, END + 2 * 86_400_000)
    sale.do(DeclineOffer, "ann", END + 1, role="bidder")
    await place.project(sale.events[-1])
    row = await place.auction()
    assert (row["status"], row["offer"], row["winner"]) == ("pending_approval", None, None)
    sale.do(Counter, "owner", END + 2, price=3000)
    sale.do(AcceptOffer, "ann", END + 3, role="bidder")
    await place.project(*sale.events[-2:])
    row = await place.auction()
    assert (row["status"], row["offer"], row["winner"], row["hammer_price"]) == ("sold", None, "ann", 3000)


async def test_a_retraction_voids_what_came_before_it(place: Place) -> None:
    sale = Sale(proxy=False)
    ids = [sale.bid(by, amount, at) for at, (by, amount) in enumerate([("a", 1000), ("b", 1200), ("a", 1400)], 10)]
    sale.do(Retract, "judge", 20, bidder="b", reason="mistake", allow_rebid=True)
    ids.append(sale.bid("b", 1600, 30))
    await place.project(*sale.events)
    rows = [await place.bid(id) for id in ids]
    assert [row["status"] for row in rows] == ["accepted", "void", "accepted", "accepted"]
    assert [row["moot"] for row in rows] == [False, False, True, False]


async def test_the_first_answer_to_a_key_stays(place: Place) -> None:
    sale = Sale()
    id = sale.bid("ann", 1000, 10, "key")
    assert sale.bid("ann", 2000, 20, "key") == id
    sale.run(Tick("lot"), END)
    sale.bid("ann", 1000, END + 2 * 86_400_000, "key")  # the key has expired: refused as closed
    assert [event.body.seq for event in sale.events if event.hidden and event.hidden.command == id] == [3, 4, 6]
    await place.project(*sale.events)
    row = await place.bid(id)
    assert (row["status"], row["maximum"], row["seq"]) == ("accepted", 1000, 3)
    assert (await place.auction())["seq"] == 6


async def test_repeated_events_change_nothing_also_after_a_restart(place: Place) -> None:
    sale = Sale(proxy=False)
    for at, (by, amount) in enumerate([("a", 1000), ("b", 1200), ("a", 1400), ("c", 1600)], 10):
        sale.bid(by, amount, at)
    sale.do(Retract, "judge", 20, bidder="b", reason="mistake")
    old = list(sale.events)
    sale.do(Retract, "judge", 21, bidder="a", reason="mistake")
    await place.project(*sale.events)

    async def everything() -> Any:
        bids, _ = await place.catalogue.find("bids", Query())
        return bids, await place.auction()

    before = await everything()
    await place.project(*old)
    await place.project(*old[:3], *sale.events)
    assert await everything() == before


async def test_a_gap_stops_it(place: Place) -> None:
    sale = Sale()
    sale.bid("ann", 1000, 10)
    with pytest.raises(LogBroken, match="event 3 of auction lot follows event 1"):
        await place.project(sale.events[0], sale.events[2])


class Failing:
    """A catalogue whose database goes away at chosen calls."""

    def __init__(self, catalogue: Catalogue, failures: int) -> None:
        self._catalogue, self.failures = catalogue, failures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    async def project(self, changes: Projected) -> None:
        if self.failures:
            self.failures -= 1
            raise CatalogueBroken("gone")
        await self._catalogue.project(changes)


async def test_a_catalogue_that_fails_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vendue.projector.projector.RETRY_FIRST_S", 0.01)
    sale = Sale()
    sale.bid("ann", 1000, 10)
    failing = Failing(place.catalogue, 3)
    await place.project(*sale.events, catalogue=failing)
    assert failing.failures == 0
    assert (await place.auction())["price"] == 1000


async def test_many_auctions_are_followed_while_they_go_on(place: Place) -> None:
    sales = [Sale(f"lot{number}") for number in range(20)]
    async with running(Projector(place.log, place.catalogue)) as task:
        for at in range(10, 40):
            for sale in sales:
                sale.bid(f"bidder{at % 3}", 1000 + 100 * at, at)
                await place.write(*sale.events)
                sale.events.clear()
        await place.caught_up(task)
    rows, total = await place.catalogue.find("auctions", Query(limit=100))
    assert {(row["seq"], row["bids_count"]) for row in rows} == {(32, 30)} and total == 20
    for number in range(20):
        same = Query(Condition(("auction",), "$eq", f"lot{number}"), limit=1)
        assert (await place.catalogue.find("bids", same))[1] == 30


class Timed:
    """A catalogue that notes when each projection began and ended."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.began: list[float] = []
        self.ended: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    async def project(self, changes: Projected) -> None:
        self.began.append(asyncio.get_running_loop().time())
        await self._catalogue.project(changes)
        self.ended.append(asyncio.get_running_loop().time())


async def test_it_rests_where_there_is_much_to_do(place: Place) -> None:
    sale = Sale()
    for number in range(BATCH_EVENTS + 10):
        sale.bid("ann", 1000, 10 + number)
    timed = Timed(place.catalogue)
    await place.project(*sale.events, catalogue=timed)
    (began, again), ended = timed.began, timed.ended[0]  # the second may be cancelled when it is written
    assert again - ended >= min(REST * (ended - began), REST_MOST_S)


class Late:
    """A catalogue on whose way a projection is held up, once `held` is set, until `go_on` is."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.held, self.go_on = asyncio.Event(), asyncio.Event()
        self.overtaken = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._catalogue, name)

    async def project(self, changes: Projected) -> None:
        self.held.set()
        await self.go_on.wait()
        try:
            await self._catalogue.project(changes)
        except Overtaken:
            self.overtaken += 1
            raise


async def test_a_projector_that_hung_undoes_nothing_and_goes_on(place: Place) -> None:
    sale = Sale(proxy=False)
    for at, (by, amount) in enumerate([("a", 1000), ("b", 1200), ("a", 1400), ("c", 1600)], 10):
        sale.bid(by, amount, at)
    sale.do(Retract, "judge", 20, bidder="b", reason="mistake")
    await place.write(*sale.events)
    late = Late(place.catalogue)
    async with running(Projector(place.log, late)) as hung:  # type: ignore[arg-type]  # as good as one
        await late.held.wait()
        await place.project()
        sale.events.clear()
        sale.do(Retract, "judge", 21, bidder="a", reason="mistake")
        await place.project(*sale.events)
        before = await whole(place.catalogue)
        late.go_on.set()
        await until(lambda: _true(late.overtaken == 1), hung)
        assert await whole(place.catalogue) == before
        sale.events.clear()
        id = sale.bid("d", 2000, 30)
        await place.write(*sale.events)
        await place.caught_up(hung)
        assert (await place.bid(id))["status"] == "accepted"
    assert late.overtaken == 1


async def _true(value: bool) -> bool:
    return value


async def test_what_was_made_anew_meanwhile_is_gone_on_with(place: Place) -> None:
    """One that hung so long that it is no member any more, and wakes up in a catalogue that was emptied."""
    sale = Sale()
    sale.bid("ann", 1000, 10)
    await place.project(*sale.events)
    late = Late(place.catalogue)
    async with running(Projector(place.log, late)) as hung:  # type: ignore[arg-type]  # as good as one
        sale.events.clear()
        sale.bid("bob", 3000, 20)
        await place.write(*sale.events)
        await late.held.wait()
        await place.catalogue.forget_projected()
        late.go_on.set()
        await place.caught_up(hung)
    row = await place.auction()
    assert (row["seq"], row["bids_count"], row["starting_price"], late.overtaken) == (4, 2, 1000, 1)
    assert (await place.catalogue.find("bids", Query()))[1] == 2


class Shared:
    """A log of which another projector has some partitions, or comes to have them."""

    def __init__(self, log: SqliteLog, *handovers: Handover) -> None:
        self._log, self._handovers = log, handovers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def handovers(self, topic: Topic) -> AsyncIterator[Handover]:
        for handover in self._handovers:
            yield handover
        await asyncio.Event().wait()


async def test_nothing_is_made_anew_beside_another_projector(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vendue.projector.projector.ALONE_WITHIN_S", 0.05)
    sale = Sale()
    sale.bid("ann", 1000, 10)
    await place.project(*sale.events)
    before = await whole(place.catalogue)
    some = Handover([(0,), (1,)], [], False, lambda: None)
    for shared in (Shared(place.log), Shared(place.log, some)):
        with pytest.raises(NotAlone, match="stop all of them"):
            await Projector(shared, place.catalogue).rebuild(print)  # type: ignore[arg-type]  # as good as one
        assert await whole(place.catalogue) == before
    every, lost = (
        Handover([(each,) for each in range(8)], [], False, lambda: None),
        some._replace(gained=[], lost=[(0,)]),
    )
    with pytest.raises(NotAlone):  # one that came when it was begun
        await Projector(Shared(place.log, every, lost), place.catalogue).rebuild(print)  # type: ignore[arg-type]
    await Projector(place.log, place.catalogue).rebuild(lambda events: None)
    assert [{**row, "createdAt": 0, "publishedAt": 0} for row in await whole(place.catalogue)] == [
        {**row, "createdAt": 0, "publishedAt": 0} for row in before
    ]


async def whole(catalogue: Catalogue) -> list[Row]:
    """Every projected attribute of every auction and bid."""
    found: list[Row] = []
    for content in ("auctions", "bids"):
        rows, _ = await catalogue.find(content, Query(limit=1000, sort=(Order("documentId"),)))
        found += [{name: value for name, value in row.items() if name not in ("id", "updatedAt")} for row in rows]
    return found


async def test_a_rebuilt_catalogue_is_the_same_and_keeps_what_people_wrote(place: Place) -> None:
    await place.catalogue.create("auctions", {"documentId": "lot0", "title": "Mine"})
    draft = await place.catalogue.create("auctions", {"title": "A draft", "starting_price": 7})
    sales = [Sale(f"lot{number}") for number in range(3)]
    for at in range(10, 30):
        for sale in sales:
            sale.bid(f"bidder{at % 3}", 1000 + 100 * at, at)
    sales[0].do(Retract, "staff", 50, bidder="bidder1", reason="typing error")
    for sale in sales:
        await place.project(*sale.events)
    before = await whole(place.catalogue)
    await place.catalogue.project(
        Projected({"lot1": (99, {"price": 1})}, [], [("lot2", "bidder2", 99)], [], {})
    )  # as a fault might have left it
    assert await whole(place.catalogue) != before
    told: list[int] = []
    await Projector(place.log, place.catalogue).rebuild(told.append)
    after = await whole(place.catalogue)
    times = ("createdAt", "publishedAt")
    assert [{k: v for k, v in row.items() if k not in times} for row in after] == [
        {k: v for k, v in row.items() if k not in times} for row in before
    ]
    assert sum(told) == sum(len(sale.events) for sale in sales)
    ends = {partition: end for partition, end in (await place.log.ends("auction-events")).items() if end}
    assert await place.catalogue.projected_offsets() == ends
    assert await place.catalogue.get("auctions", draft["documentId"]) == draft


@pytest.mark.parametrize("kind", KINDS)
async def test_an_old_backup_catches_up(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    log, sale = SqliteLog(tmp_path), Sale()
    with empty(kind, tmp_path, request) as url:
        async with opened(url) as catalogue:
            sale.bid("ann", 1000, 10)
            await Place(log, catalogue).project(*sale.events)
            then = await whole(catalogue)
        with restored(url, tmp_path) as backup:
            sale.events.clear()
            sale.bid("bob", 5000, 20)
            sale.do(Retract, "staff", 50, bidder="ann", reason="typing error")
            async with opened(url) as catalogue:
                await Place(log, catalogue).project(*sale.events)
                expected = [{**row, "createdAt": 0, "publishedAt": 0} for row in await whole(catalogue)]
            async with opened(backup) as old:
                assert await whole(old) == then
                await check_log(log, old)
                async with running(Projector(log, old)) as task:
                    await Place(log, old).caught_up(task)
                assert [{**row, "createdAt": 0, "publishedAt": 0} for row in await whole(old)] == expected
    await log.close()


async def test_a_log_that_was_cut_is_refused(place: Place, tmp_path: Path) -> None:
    sale = Sale()
    sale.bid("ann", 1000, 10)
    await place.project(*sale.events)
    await check_log(place.log, place.catalogue)
    (tmp_path / "fresh").mkdir()
    fresh = SqliteLog(tmp_path / "fresh")
    with pytest.raises(LogBroken, match=r"was cut.*Restore the log"):
        await check_log(fresh, place.catalogue)
    await fresh.close()
