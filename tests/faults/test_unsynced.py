"""Power cuts: whatever was not synced is gone, and no answer with it."""

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from tests.faults.bidders import Bid, Sale
from tests.faults.conftest import House
from tests.faults.history import check_answers, history_of, lost
from tests.faults.power import Power, compile_layer
from tests.faults.process import Vendue
from tests.faults.shown import settled

CUTS = 3
LESS_SYNCED = """
from vendue.log.sqlite_file import LogFile
opened = LogFile._open
def open_less_synced(self):
    connection = opened(self)
    connection.execute("PRAGMA synchronous={}")
    return connection
LogFile._open = open_less_synced
from vendue.cli import main
main()
"""


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library to preload."""
    return compile_layer(tmp_path_factory.mktemp("layer"))


@pytest.mark.parametrize("chance", [None, random.Random(8)], ids=["nothing else", "some pages else"])
async def test_power_cuts(
    house: House, folder: Path, tmp_path: Path, layer: Path, chance: random.Random | None
) -> None:
    power = Power(layer, folder, chance)
    pauses = random.Random(9)
    async with Vendue(folder, more=power.environment) as vendue:
        sale = Sale(vendue, house.accounts, 7)
        await sale.list_some(closing_in_ms=3_000)
        async with sale.bidding():
            for number in range(CUTS):
                await sale.until(50)
                await asyncio.sleep(pauses.uniform(0, 0.8))
                await vendue.kill()
                vendue.folder = tmp_path / f"after-{number}"
                power.cut(vendue.folder)
                power = Power(layer, vendue.folder, chance)
                vendue.more = power.environment
                await vendue.start()
            await sale.until(50)
        assert not sale.strange, sale.strange[:3]
        history = await settled(sale)
        await vendue.stop()
    check_answers(sale.bids, history)
    power.cut(tmp_path / "end")
    check_answers(sale.bids, history_of(tmp_path / "end"))
    print(f"{sale.decisions()} decisions, {CUTS} power cuts")


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
async def test_less_synced_it_would_be_lost(
    house: House, folder: Path, tmp_path: Path, layer: Path, synchronous: str
) -> None:
    power = Power(layer, folder)
    command = ("-c", LESS_SYNCED.format(synchronous), "run")
    async with Vendue(folder, command, power.environment) as vendue:
        sale = Sale(vendue, house.accounts, 8)
        await sale.list_some()
        async with sale.bidding(give_up=True):
            await sale.until(100)
            await vendue.kill()
    check_answers(sale.bids, history_of(folder))
    power.cut(tmp_path / "after")
    assert len(_lost(sale.bids, tmp_path / "after")) > 50


def _lost(bids: list[Bid], folder: Path) -> list[Bid]:
    try:
        return lost(bids, history_of(folder))
    except sqlite3.OperationalError:  # not even tables
        return [bid for bid in bids if bid.decisions]


async def test_a_sync_that_fails(house: House, folder: Path, tmp_path: Path, layer: Path) -> None:
    power = Power(layer, folder)
    async with Vendue(folder, more=power.environment) as vendue:
        sale = Sale(vendue, house.accounts, 9)
        await sale.list_some()
        async with sale.bidding():
            await sale.until(50)
            power.fail(True)
            assert await vendue.ended(within_s=10) == 1
            said = [line for line in vendue.said().splitlines() if not line.startswith("{")]
            assert len(said) == 1, said
            assert said[0].startswith(f"vendue: {folder / 'log.db'} failed"), said
            power.fail(False)
            vendue.folder = tmp_path / "after"
            power.cut(vendue.folder)
            vendue.more = {}
            await vendue.start()
            await sale.until(50)
        assert not sale.strange, sale.strange[:3]
        history = await settled(sale)
        await vendue.stop()
    check_answers(sale.bids, history)
