"""The catalogue on a database of its own: killed again and again, and the database away. All is projected, once."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.catalogues import empty, opened
from tests.faults.bidders import Sale
from tests.faults.conftest import House
from tests.faults.cut_wire import Wire
from tests.faults.history import check_answers
from tests.faults.process import Vendue
from tests.faults.shown import settled
from vendue.catalogue.models import USERS
from vendue.catalogue.query import Query

SERVERS = ("postgresql", "mongodb")
KILLS, CUTS = 4, 3


async def move_in(house: House, url: str) -> None:
    """The house's accounts in another catalogue."""
    fields = (*(field.name for field in USERS.fields), "documentId")
    async with opened(f"sqlite:///{house.folder}/catalogue.db") as old, opened(url) as new:
        rows, _ = await old.find("users", Query(limit=1000, fields=fields))
        for row in rows:
            await new.create("users", {name: row[name] for name in fields})


@pytest.mark.parametrize("kind", SERVERS)
async def test_it_is_killed_again_and_again(
    kind: str, folder: Path, house: House, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(3)
    with empty(kind, tmp_path, request) as url:
        await move_in(house, url)
        async with Vendue(folder, more={"VENDUE_CATALOGUE": url}) as vendue:
            sale = Sale(vendue, house.accounts, 3)
            await sale.list_some()
            async with sale.bidding():
                for _ in range(KILLS):
                    await sale.until(1)
                    await asyncio.sleep(chance.uniform(0, 1.5))
                    await vendue.kill()
                    await vendue.start()
                await sale.until(100)
            assert not sale.strange, sale.strange[:3]
            check_answers(sale.bids, await settled(sale))
            await vendue.stop()


@pytest.mark.parametrize("kind", SERVERS)
async def test_the_database_is_away_and_bids_go_on(
    kind: str, folder: Path, house: House, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with empty(kind, tmp_path, request) as url:
        await move_in(house, url)
        async with Wire(url) as wire, Vendue(folder, more={"VENDUE_CATALOGUE": wire.url}) as vendue:
            sale = Sale(vendue, house.accounts, 4)
            await sale.list_some()
            async with sale.bidding():
                for _ in range(CUTS):
                    await sale.until(50)
                    await wire.cut()
                    await sale.until(200)  # decided all the same
                    await wire.mend()
            assert not sale.strange, sale.strange[:3]
            check_answers(sale.bids, await settled(sale))
            await vendue.stop()
