"""The demo's plan, and its sale as a process."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.house import House, wait_for
from vendue.catalogue.query import Condition, Query
from vendue.demo import run_demo
from vendue.demo.cars import VIN
from vendue.demo.plan import BIDDERS, MOST, ROUND, SELLERS, VISITOR_SELLS, lot_of, plan
from vendue.log.port import LogUnavailable
from vendue.rules.commands import Asked
from vendue.rules.receipts import Receipt
from vendue.rules.terms import complete, faults_of
from vendue.settings import Settings
from vendue.system import system

NOW = 1_800_000_000_000
SEEDS = range(50)


def test_the_same_seed_gives_the_same_sale() -> None:
    assert plan(7, 3) == plan(7, 3)
    assert plan(7, 3) != plan(8, 3)
    assert plan(7, 3) != plan(7, 4)
    assert lot_of(7, 3 * ROUND + 5) == plan(7, 3)[5]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_lot_is_valid_and_can_be_told_from_the_others(seed: int) -> None:
    lots = plan(seed, 0) + plan(seed, 1)
    for lot in lots:
        terms = complete(lot.terms_at(NOW, ("seller",)), NOW)
        assert faults_of(terms, NOW) == [], lot.title
        assert lot.seller in (*SELLERS, VISITOR_SELLS)
        assert lot.car["mileage"] > 0 and lot.car["vin"].startswith(VIN)
    assert len({lot.car["vin"] for lot in lots}) == 2 * ROUND
    assert [lot.number for lot in lots] == list(range(2 * ROUND))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_round_has_every_format_and_currency_and_ends_from_a_minute_on(seed: int) -> None:
    terms = [lot.terms for lot in plan(seed, 0)]
    assert len(terms) == 24
    assert {each.format for each in terms} == {"english", "dutch", "sealed_first_price", "sealed_second_price"}
    assert {each.proxy for each in terms if each.format == "english"} == {True, False}
    assert {each.soft_close.mode for each in terms if each.soft_close} == {"reset", "add"}
    assert {each.sale_terms for each in terms} == {"pure", "on_approval"}
    assert any(each.buy_now_price for each in terms)
    assert len({each.currency for each in terms}) > 1
    assert min(each.ends_at for each in terms) == 60_000
    assert max(each.ends_at for each in terms) == 30 * 60_000
    assert any(each.starts_at for each in terms)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_reserve_is_above_what_anybody_would_pay(seed: int) -> None:
    lots = plan(seed, 0)
    for lot in lots:
        assert 3 <= len(lot.crowd) <= 6
        assert {each.name for each in lot.crowd} <= set(BIDDERS)
        assert all(0 < each.limit <= MOST * lot.value + 5_000 for each in lot.crowd)
    assert any((lot.terms.reserve_price or 0) > MOST * lot.value for lot in lots)


async def test_a_log_that_cannot_take_a_command_delays_the_sale_and_no_more(tmp_path: Path) -> None:
    async with system(Settings(data=str(tmp_path)), print) as (whole, _):
        ask, refused = whole.site.desk.ask, 0

        async def ask_at_a_bad_time(command: Asked) -> Receipt | None:
            nonlocal refused
            if refused < 2:
                refused += 1
                raise LogUnavailable("full", retry_after_s=0)
            return await ask(command)

        whole.site.desk.ask = ask_at_a_bad_time
        said: list[str] = []
        demo = asyncio.create_task(run_demo(whole.catalogue, whole.site.desk, whole.files, said.append))
        listed = Query(where=Condition(("status",), "$ne", "draft"))
        async with asyncio.timeout(30):
            while (await whole.catalogue.find("auctions", listed))[1] < ROUND:
                await asyncio.sleep(0.1)
        demo.cancel()
        await asyncio.wait([demo])
        assert demo.cancelled()
    assert refused == 2
    assert len(said) == 1


def test_accounts_are_said_once_and_work(house: House) -> None:
    assert house.said[0].startswith("vendue: http://localhost:")
    assert set(house.passwords) == {"demo-bidder", "demo-seller", "demo-auctioneer", "demo-admin"}
    headers = house.sign_in("demo-admin")
    assert house.client.get("/api/users/me", headers=headers).json()["role"] == "admin"


@pytest.mark.soak
def test_a_restart_goes_on_with_the_same_sale_and_says_no_password(house: House) -> None:
    def bids() -> int:
        return int(house.client.get("/api/bids").json()["meta"]["pagination"]["total"])

    wait_for(lambda: len(house.lots()) == ROUND and bids() > 5)
    before = {lot["documentId"] for lot in house.lots()}
    house.stop()
    house.start()
    assert house.passwords == {}
    counted = bids()
    wait_for(lambda: bids() > counted + 5)
    assert {lot["documentId"] for lot in house.lots()} == before


@pytest.mark.soak
def test_a_lot_that_was_scheduled_opens_and_one_ends(house: House) -> None:
    wait_for(lambda: any(lot["starts_at"] > lot["ends_at"] - 200_000 for lot in house.lots(status="live")), 60)
    sold = wait_for(lambda: house.lots(status="sold"), 120)
    assert all(lot["hammer_price"] and lot["leader"] for lot in sold)
