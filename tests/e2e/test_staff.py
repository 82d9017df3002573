"""What staff do in the panel to other people's sales, accounts and cars."""

import csv
import io
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import HOUR_MS, Sale, usual_terms
from vendue.catalogue.clock import now_ms


def open_lot(visits: Visits, sale: Sale, lot: str) -> Page:
    page = visits.open(sale, f"/admin/auctions/{lot}/show", who="arthur")
    expect(page.locator("h1")).not_to_be_empty()
    return page


def say_why(page: Page, reason: str, button: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_be_hidden()


def become(sale: Sale, lot: str, status: str) -> dict[str, Any]:
    return wait_for(lambda: (row := sale.lot(lot))["status"] == status and row)


def test_a_draft_is_listed_amended_and_cancelled(visits: Visits, sale: Sale) -> None:
    car = sale.made("cars", {"make": "Audi", "model": "Quattro"})
    draft = {"title": "Audi Quattro", "car": car} | usual_terms(starts_at=now_ms() + HOUR_MS // 2)
    lot = sale.made("auctions", draft)
    page = open_lot(visits, sale, lot)
    page.get_by_role("button", name="List", exact=True).click()
    say_why(page, "the seller asked for it", "List")
    become(sale, lot, "scheduled")

    page.get_by_role("link", name="Amend", exact=True).click()
    price = page.get_by_label("Starting price")
    expect(price).to_have_value("1000")
    price.fill("2.500")
    page.get_by_role("button", name="Go on to the reason").click()
    expect(page.get_by_text("Write the amount in plain digits, such as 12500.50")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    price.fill("2,500")
    page.get_by_role("button", name="Go on to the reason").click()
    say_why(page, "a slip of the pen", "Amend")
    wait_for(lambda: sale.lot(lot)["starting_price"] == 250_000)

    page.get_by_role("button", name="Cancel", exact=True).click()
    say_why(page, "the car is stolen", "Cancel the auction")
    wait_for(lambda: sale.lot(lot)["cancel_reason"] == "the car is stolen")
    assert sale.lot(lot)["status"] == "cancelled"


def test_a_bidders_bids_are_retracted(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("BMW 2002")
    sale.bid("anna", lot, 200_000)
    sale.bid("ben", lot, 300_000)
    page = open_lot(visits, sale, lot)
    page.get_by_role("button", name="Retract bids").click()
    page.get_by_role("dialog").get_by_role("combobox").click()
    page.get_by_role("option", name="Bidder 2 · ben").click()
    say_why(page, "a stolen card", "Retract")
    row = wait_for(lambda: (row := sale.lot(lot))["leader"] == "Bidder 1" and row)
    assert (row["price"], row["bids_count"]) == (100_000, 1)
    assert [each["status"] for each in sale.bids_of("ben", lot)] == ["void"]


@pytest.fixture(scope="module")
def pending(sale: Sale) -> list[str]:
    """Lots that ended below their reserve at €1,000 and wait for a decision."""
    terms: dict[str, Any] = {"reserve_price": 500_000, "sale_terms": "on_approval", "lasts_ms": 4_000}
    lots = [sale.put_up(f"Mini {number}", **terms) for number in range(3)]
    for lot in lots:
        sale.bid("anna", lot, 100_000)
    for lot in lots:
        become(sale, lot, "pending_approval")
    return lots


def test_what_is_sold_on_approval_is_decided(visits: Visits, sale: Sale, pending: list[str]) -> None:
    approved, declined, countered = pending
    page = open_lot(visits, sale, approved)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("dialog")).to_contain_text("It is sold to the high bidder at €1,000.")
    say_why(page, "a fair price", "Sell")
    assert become(sale, approved, "sold")["hammer_price"] == 100_000

    page.goto(f"{sale.address}/admin/auctions/{declined}/show")
    page.get_by_role("button", name="Decline").click()
    say_why(page, "too little", "Decline")
    become(sale, declined, "unsold")

    page.goto(f"{sale.address}/admin/auctions/{countered}/show")
    page.get_by_role("button", name="Make an offer").click()
    price = page.get_by_role("dialog").get_by_label("Price in EUR")
    price.fill("900")
    page.get_by_role("dialog").get_by_label("Reason").fill("half way")
    expect(page.get_by_role("button", name="Offer", exact=True)).to_be_disabled()
    price.fill("3,000")
    say_why(page, "half way", "Offer")
    become(sale, countered, "countered")
    path = f"/api/auctions/{countered}"
    offered = wait_for(lambda: sale.client.get(path, headers=sale.as_("anna")).json()["data"].get("offer"))
    assert offered == 300_000


def rows_of(page: Page, *names: str) -> list[Locator]:
    return [page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True)) for name in names]


def tick(page: Page, *names: str) -> None:
    for row in rows_of(page, *names):
        row.get_by_role("checkbox").check()


def test_accounts_are_blocked_together(visits: Visits, sale: Sale) -> None:
    names = ("eve", "mallory")
    for name in names:
        body = {"username": name, "email": f"{name}@example.com", "password": "a long password"}
        assert sale.client.post("/api/auth/local/register", json=body).status_code == 200
    page = visits.open(sale, "/admin/users", who="ada")
    tick(page, *names)
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.get_by_role("dialog", name="Block 2 accounts")).to_be_visible()
    say_why(page, "they bid for each other", "Block")
    expect(page.get_by_text("2 accounts blocked")).to_be_visible()
    params = {"filters[blocked]": "true"}
    blocked = sale.client.get("/api/users", params=params, headers=sale.as_("ada")).json()
    assert sorted(each["username"] for each in blocked) == ["eve", "mallory"]


def test_of_several_cars_those_that_were_sold_stay(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/cars/\w+: .* 409 ")
    sale.put_up("Trabant 601")
    sale.made("cars", {"make": "Wartburg", "model": "353"})
    page = visits.open(sale, "/admin/cars", who="ada")
    tick(page, "Trabant", "Wartburg")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Not everything was deleted.")).to_be_visible()
    kept, gone = rows_of(page, "Trabant", "Wartburg")
    expect(gone).to_have_count(0)
    expect(kept).to_have_count(1)
    cars = sale.client.get("/api/cars", params={"filters[make][$in]": ["Trabant", "Wartburg"]}).json()["data"]
    assert [each["make"] for each in cars] == ["Trabant"]


def test_a_list_is_saved_as_plain_values(visits: Visits, sale: Sale) -> None:
    sale.made("cars", {"make": "Tatra", "model": '=1+1, "the" 603', "mileage": 12_345})
    page = visits.open(sale, "/admin/cars", who="ada")
    expect(rows_of(page, "Tatra")[0]).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").first.click()
    assert saved.value.suggested_filename == "cars.csv"
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text())))
    assert [(each["model"], each["mileage"]) for each in rows if each["make"] == "Tatra"] == [
        ('\'=1+1, "the" 603', "12345")
    ]
    assert len(rows) == sale.client.get("/api/cars").json()["meta"]["pagination"]["total"]


def test_a_token_is_shown_once_and_ended(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, "/admin/api-tokens/create", who="ada")
    page.get_by_label("Name").fill("the stock list")
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Your new token")
    token = dialog.get_by_label("Token").input_value()
    headers = {"Authorization": f"Bearer {token}"}
    assert sale.client.get("/api/users/me", headers=headers).json()["username"] == "ada"
    dialog.get_by_role("button", name="Close").click()
    [row] = rows_of(page, "the stock list")
    expect(row).to_contain_text("Auctioneer")
    assert token not in page.content()
    row.get_by_role("button", name="End").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(row).to_have_count(0)
    wait_for(lambda: sale.client.get("/api/users/me", headers=headers).status_code == 401, 2)
