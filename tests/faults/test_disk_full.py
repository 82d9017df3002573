"""The disk fills up while eight bid, and is freed again: what is refused is refused for certain, and nothing else."""

import asyncio
import contextlib
from pathlib import Path

from tests.faults.bidders import Sale
from tests.faults.conftest import House
from tests.faults.history import check_answers
from tests.faults.process import Vendue, hashed, refused
from tests.faults.shown import settled
from vendue.loadtest.client import Client

PAGE = 4096


def fill(disk: Path, spare_pages: int = 0) -> None:
    """Leave no room, or only this little."""
    with (disk / "ballast").open("ab", buffering=0) as ballast:
        for size in (1 << 20, PAGE):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(b"x" * size)
        if spare_pages:
            ballast.truncate((ballast.tell() // PAGE - spare_pages) * PAGE)


def empty(disk: Path) -> None:
    """Free what fill took."""
    (disk / "ballast").unlink()


async def test_a_disk_that_fills_up(disk: Path, house: House) -> None:
    folder = house.copy(disk / "data")
    async with Vendue(folder) as vendue:
        sale = Sale(vendue, house.accounts, 3)
        await sale.list_some(closing_in_ms=2_000)
        ended = 0
        async with sale.bidding():
            for spare_pages in (0, 1, 2, 20):
                await sale.until(50)
                before = sum(bid.unavailable for bid in sale.bids)
                fill(disk, spare_pages)
                async with asyncio.timeout(15):
                    while vendue.runs and sum(bid.unavailable for bid in sale.bids) < before + 20:
                        await asyncio.sleep(0.01)
                if vendue.runs:
                    await _check_health(vendue)
                empty(disk)
                if not vendue.runs:
                    ended += 1
                    _check_it_said_why(vendue)
                    await vendue.start()
                await sale.until(50)
            await sale.until_one_closed()
        assert not sale.strange, sale.strange[:3]
        history = await settled(sale)
        await vendue.stop()
    check_answers(sale.bids, history)
    refusals, late = sum(bid.unavailable for bid in sale.bids), sum(bid.pending for bid in sale.bids)
    print(f"{sale.decisions()} decisions, {refusals} times 503, {late} times 202, ended by itself {ended} times")
    closed = [auction for auction in history.auctions.values() if auction.closed_at is not None]
    assert len(closed) == 1, "one auction closed meanwhile"


async def _check_health(vendue: Vendue) -> None:
    client = Client(lambda: vendue.address)
    answer = await client.ask("GET", "/health")
    await client.close()
    assert answer.status == 503 and answer.json["parts"]["log"] == "down"
    fault = answer.json["faults"]["log"]
    assert "disk is full" in fault["detail"] and fault["advice"].startswith("Free some room"), fault


def _check_it_said_why(vendue: Vendue) -> None:
    last = vendue.said().splitlines()[-1]
    assert last.startswith("vendue: "), last
    assert "disk" in last, last


async def test_no_start_on_a_full_disk(disk: Path, house: House) -> None:
    folder = house.copy(disk / "data")
    async with Vendue(folder) as vendue:
        sale = Sale(vendue, house.accounts, 4)
        await sale.list_some()
        async with sale.bidding(give_up=True):
            await sale.until(100)
            await vendue.kill()
        for spare_pages in (0, 2000):
            fill(disk, spare_pages)
            before = hashed(folder)
            said = refused(folder)
            assert "MB are free" in said, said
            assert str(folder) in said, said
            assert hashed(folder) == before, "nothing was written"
            empty(disk)
        await vendue.start()
        history = await settled(sale)
        await vendue.stop()
    check_answers(sale.bids, history)
