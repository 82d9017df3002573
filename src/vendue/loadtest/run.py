"""A load test from its first look at the server to the verdict."""

import asyncio
import csv
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from vendue.loadtest.bidders import Bidders, hang_up
from vendue.loadtest.check import judge, read
from vendue.loadtest.client import Client
from vendue.loadtest.house import House, Person, place_of
from vendue.loadtest.market import Market
from vendue.loadtest.measures import Measures
from vendue.loadtest.plan import BadPlan, Plan, Popularity, arrivals
from vendue.loadtest.report import Report, report_of
from vendue.loadtest.watchers import Watchers

STOCK = 3
"""One in so many lots is there at the start; the others come while it runs."""
FIRST_END = 0.4
"""Of the test's time, before which no lot ends."""
ENDS_WITHIN_S = 2.0
"""After the last bid."""
SHOWN_WITHIN_S = 5.0
FOREIGN = "filters[status][$eq]=live&filters[format][$eq]=english&sort=ends_at"


class Run:
    """What is under way, for whoever shows it."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.measures = plan, Measures.fresh()
        self.market = Market(self.measures)
        self.people_count, self.lots_count, self.bids_count = plan.counts
        self.began, self.doing, self.ours = 0.0, "", True
        self.bidders: Bidders
        self.watchers: Watchers

    @property
    def passed_s(self) -> float:
        """Since the first bid was due; 0 before."""
        return asyncio.get_running_loop().time() - self.began if self.began else 0.0


def read_accounts(file: Path) -> list[Person]:
    """Bidders of a CSV file with the columns username and password. Raises BadPlan."""
    try:
        with file.open(newline="") as lines:
            found = [Person(row["username"], row["password"]) for row in csv.DictReader(lines)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise BadPlan(f"{file} cannot be read as CSV with the columns username and password ({error}).") from None
    if len(found) < 2:
        raise BadPlan(f"{file} names {len(found)} accounts, and two are needed to bid against each other.")
    return found


async def run_loadtest(
    plan: Plan,
    accounts: list[Person] | None,
    seller: Person | None,
    stop: asyncio.Event,
    show: Callable[[Run], None],
    say: Callable[[str], None],
) -> Report:
    """The whole of it; `stop` ends the bidding early, `show` is called now and then. Raises BadPlan.

    Without `accounts` people register; without a `seller` they bid on what is live.
    """
    run = Run(plan)
    house = House(place_of(plan.url), say)
    showing = asyncio.create_task(_show(run, show))
    people: list[Person] = []
    try:
        await house.look()
        run.doing = "opening accounts"
        people = accounts if accounts is not None else await house.register(run.people_count)
        for person in accounts or ():
            await house.sign_in(person)
        if seller is not None:
            await house.sign_in(seller)
        return await _run(run, house, people, seller, stop)
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
        await hang_up(people)
        await house.close()


async def _run(run: Run, house: House, people: list[Person], seller: Person | None, stop: asyncio.Event) -> Report:
    plan, rng, market = run.plan, Random(run.plan.seed), run.market  # noqa: S311  # the same test again
    popularity = Popularity(rng, plan.skew)
    run.bidders = Bidders(house, people, market, run.measures, popularity, rng)
    run.watchers = Watchers(house, market, run.measures, popularity)
    async with _selling(run, house, seller) as client:
        later = await _stock(run, house, client, popularity, rng)
        run.doing = "letting watchers in"
        started_ms = time.time() * 1000
        try:
            await run.watchers.join(plan.watchers)
            run.doing = "bidding"
            run.began = run.watchers.began = asyncio.get_running_loop().time()
            started_ms = time.time() * 1000
            await _bid(run, house, client, popularity, rng, later, stop)
            seconds = min(plan.seconds, run.passed_s)
            run.doing = "waiting for the last lots to end"
            if run.ours and not stop.is_set():
                await _until_all_ended(run, stop)
        finally:
            await run.watchers.leave()
    run.doing = "holding every answer against the record"
    clock = run.watchers.clock
    record = await read(house, people, market, run.bidders.bids)
    verdict = judge(run.bidders.bids, market, record, since_ms=started_ms + clock.ahead_ms, ours=run.ours)
    return report_of(run, verdict, started_ms, seconds, stopped=stop.is_set())


@asynccontextmanager
async def _selling(run: Run, house: House, seller: Person | None) -> AsyncIterator[Client | None]:
    client = house.client(seller.token) if seller is not None else None
    people = [*run.bidders.people, *([seller] if seller else [])]
    keeping = asyncio.create_task(house.keep_signed_in(people))
    try:
        yield client
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        if client is not None:
            await client.close()


async def _stock(run: Run, house: House, client: Client | None, popularity: Popularity, rng: Random) -> list[float]:
    """The lots that are there at the start; when the others are due. Raises BadPlan where there are none."""
    if client is None:
        run.ours, run.doing = False, "looking for lots"
        rows = await house.rows("/api/auctions", FOREIGN)
        for row in rows[: run.lots_count]:
            popularity.add(row["documentId"])
            run.market.add(row["documentId"])
        if not rows:
            raise BadPlan("Nothing is live there; put lots up, or let the test do it as a --seller.")
        return []
    run.doing = "putting lots up"
    count = max(1, run.lots_count // STOCK)
    for number in range(count):
        await _put_up(run, house, client, popularity, rng, number, 0.0)
    return arrivals(rng, run.lots_count - count, run.plan.seconds * 0.8)


async def _put_up(
    run: Run, house: House, client: Client, popularity: Popularity, rng: Random, number: int, at_s: float
) -> None:
    """One lot, that ends while it runs or soon after. What listing took is measured."""
    seconds = run.plan.seconds
    left_s = rng.uniform(max(0.0, seconds * FIRST_END - at_s), seconds - at_s + ENDS_WITHIN_S)
    if not run.began:  # what is to be done before the first bid takes a while
        left_s += 0.01 * run.plan.watchers + 1.0
    before = time.perf_counter()
    ends_at = int((time.time() + max(2.0, left_s)) * 1000 + run.watchers.clock.ahead_ms)
    lot = await house.put_up(client, f"Load test lot {number + 1}", ends_at)
    if run.began:
        run.measures.listing.add(run.passed_s, (time.perf_counter() - before) * 1000)
    popularity.add(lot)
    run.market.add(lot)


async def _bid(
    run: Run,
    house: House,
    client: Client | None,
    popularity: Popularity,
    rng: Random,
    later: list[float],
    stop: asyncio.Event,
) -> None:
    """Bids and new lots as they are due, until all were or `stop`."""

    async def list_lots() -> None:
        for number, due in enumerate(later):
            await asyncio.sleep(max(0.0, due - run.passed_s))
            assert client is not None, "lots that are due have a seller"
            await _put_up(run, house, client, popularity, rng, number + run.lots_count - len(later), due)

    dues = arrivals(rng, run.bids_count, run.plan.seconds)
    working = asyncio.gather(run.bidders.bid(dues, run.began), list_lots())
    stopping = asyncio.ensure_future(stop.wait())
    parts: set[asyncio.Future[Any]] = {working, stopping}
    try:
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    finally:
        working.cancel()
        stopping.cancel()
        (end, _) = await asyncio.gather(working, stopping, return_exceptions=True)
        await run.bidders.finish()
    if isinstance(end, Exception):
        raise end


async def _until_all_ended(run: Run, stop: asyncio.Event) -> None:
    """Every lot's end shown to every watcher of it; one who was not is a fault."""
    market, watchers = run.market, run.watchers
    ends_at = max((market.standings[lot]["ends_at"] for lot in market.live if lot in market.standings), default=0)
    left_s = max(0.0, (ends_at - watchers.clock.server_ms()) / 1000)
    until = time.monotonic() + left_s + SHOWN_WITHIN_S
    while not stop.is_set():
        last = {lot: max(seen) for lot, seen in market.seen.items() if seen}
        behind = [
            f"auction {lot}: {name} was shown seq {seq} and not the last, {last[lot]}"
            for name, newest in watchers.newest.items()
            if name not in watchers.lost
            for lot, seq in newest.items()
            if seq < last.get(lot, 0)
        ]
        if not market.live and not behind:
            return
        if time.monotonic() > until:
            for said in behind:
                market.fault(said)
            for lot in market.live:
                market.fault(f"auction {lot}: nobody was shown its end")
            return
        await asyncio.sleep(0.1)


async def _show(run: Run, show: Callable[[Run], None]) -> None:
    while True:
        show(run)
        await asyncio.sleep(0.5)
