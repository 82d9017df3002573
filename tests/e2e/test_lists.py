"""The lists: what is in them, what the address keeps, and thousands of lots."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import PHONE, Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import HOUR_MS, Sale
from vendue.catalogue.clock import now_ms
from vendue.catalogue.port import Catalogue, Projected

MANY = 3_000
MOST_CARDS = 60
TERMS = {
    "format": "english",
    "proxy": True,
    "currency": "EUR",
    "starting_price": 100_000,
    "minimum_next": 100_000,
    "increments": "cars",
}


async def _fill(catalogue: Catalogue) -> None:
    """Rows as if they had been projected: an hour to a month of lots, and some that are not live."""
    now = now_ms()
    usual = TERMS | {"starts_at": now - HOUR_MS, "seq": 1}

    async def lot(title: str, year: int, mileage: int, **values: Any) -> None:
        car = {"make": title.split()[0], "model": title, "year": year, "mileage": mileage}
        made = await catalogue.create("cars", car)
        await catalogue.create("auctions", usual | {"title": title, "car": made["documentId"]} | values)

    await lot(
        "Saab 900 Turbo",
        1989,
        90_000,
        status="live",
        price=900_000,
        minimum_next=905_000,
        bids_count=7,
        ends_at=now + 20 * 60_000,
    )
    await lot(
        "Saab 9-3 Aero",
        2006,
        143_000,
        status="live",
        price=300_000,
        minimum_next=305_000,
        bids_count=3,
        ends_at=now + 2 * HOUR_MS,
    )
    await lot("Saab 96", 1972, 60_000, status="live", ends_at=now + 3 * HOUR_MS)
    sealed = {"format": "sealed_first_price", "proxy": None, "increments": None}
    await lot("Volvo 240", 1990, 400_000, status="live", ends_at=now + 4 * HOUR_MS, **sealed)
    await lot("Tesla S", 2014, 1, status="scheduled", starts_at=now + HOUR_MS, ends_at=now + 5 * HOUR_MS)
    over = {
        "price": 500_000,
        "minimum_next": None,
        "bids_count": 4,
        "leader": "Bidder 2",
        "ends_at": now - HOUR_MS,
        "closed_at": now - HOUR_MS,
    }
    await lot("Saab Sonett", 1970, 2, status="sold", hammer_price=500_000, **over)
    await lot("Lada Niva", 1995, 3, status="unsold", **over)
    many = TERMS | {"starts_at": now - HOUR_MS, "status": "live"}
    numbered = {f"lot{n:04}": (1, many | {"ends_at": now + 24 * HOUR_MS + n * 1_000}) for n in range(MANY)}
    await catalogue.project(Projected(numbered, [], [], [], {}))  # their ids are their titles


@pytest.fixture(scope="module")
def sale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sale]:
    sale = Sale(tmp_path_factory.mktemp("lists"), _fill)
    yield sale
    sale.stop()


def titles(page: Page) -> list[str]:
    return page.get_by_role("article").get_by_role("heading").all_inner_texts()


def expect_titles(page: Page, *wanted: str) -> None:
    """All of the list, in this order."""
    expect(page.get_by_role("article").get_by_role("heading")).to_have_text(list(wanted))


def expect_total(page: Page, text: str) -> None:
    expect(page.get_by_role("tabpanel").get_by_role("status").first).to_have_text(text)


def test_live_upcoming_and_finished(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale)
    expect_total(page, "3,004 auctions" if MANY == 3_000 else "")
    assert titles(page)[:4] == ["Saab 900 Turbo", "Saab 9-3 Aero", "Saab 96", "Volvo 240"]
    page.get_by_role("tab", name="Upcoming").click()
    expect_titles(page, "Tesla S")
    expect(page.get_by_role("article")).to_contain_text("Opens in")
    assert page.url == f"{sale.address}/?tab=upcoming"
    page.get_by_role("tab", name="Finished").click()
    expect_titles(page, "Saab Sonett", "Lada Niva")
    expect(page.get_by_role("article").first).to_contain_text("Sold for€5,000")
    expect(page.get_by_role("article").last).to_contain_text("Not sold")
    assert page.url == f"{sale.address}/?tab=finished"
    page.go_back()
    expect_titles(page, "Tesla S")
    page.go_back()
    expect_total(page, "3,004 auctions")
    page.go_forward()
    page.reload()
    expect_titles(page, "Tesla S")
    expect(page.get_by_role("tab", name="Upcoming")).to_have_attribute("aria-selected", "true")


def test_search_filters_and_order_stand_in_the_address(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale)
    search = page.get_by_role("banner").get_by_role("searchbox")
    search.fill("saab")
    expect_titles(page, "Saab 900 Turbo", "Saab 9-3 Aero", "Saab 96")
    expect(page).to_have_url(f"{sale.address}/?q=saab")
    page.get_by_role("combobox", name="Sort by").click()
    page.get_by_role("option", name="Lowest price").click()
    expect_titles(page, "Saab 96", "Saab 9-3 Aero", "Saab 900 Turbo")
    page.get_by_role("combobox", name="Sort by").click()
    page.get_by_role("option", name="Youngest car").click()
    expect_titles(page, "Saab 9-3 Aero", "Saab 900 Turbo", "Saab 96")
    page.get_by_role("combobox", name="Sort by").click()
    page.get_by_role("option", name="Lowest mileage").click()
    expect_titles(page, "Saab 96", "Saab 900 Turbo", "Saab 9-3 Aero")
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Year from").fill("1980")
    expect_titles(page, "Saab 900 Turbo", "Saab 9-3 Aero")
    page.get_by_label("Mileage up to").fill("100000")
    expect_titles(page, "Saab 900 Turbo")
    expect(page.get_by_role("button", name="Filters (2)")).to_be_visible()
    found = page.url
    assert found == f"{sale.address}/?q=saab&yearFrom=1980&mileageMax=100000&sort=leastDriven"

    page.reload()
    expect_titles(page, "Saab 900 Turbo")
    expect(search).to_have_value("saab")
    expect(page.get_by_label("Year from")).to_have_value("1980")
    expect(page.get_by_role("combobox", name="Sort by")).to_have_text("Lowest mileage")
    page.get_by_role("link", name="Saab 900 Turbo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saab 900 Turbo")
    page.go_back()
    expect(page).to_have_url(found)
    expect_titles(page, "Saab 900 Turbo")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saab 900 Turbo")
    page.go_back()
    page.get_by_role("button", name="Clear the filters").click()
    expect_titles(page, "Saab 96", "Saab 900 Turbo", "Saab 9-3 Aero")


def test_formats_prices_and_the_next_hour(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, "/?format=sealed_first_price")
    expect_titles(page, "Volvo 240")
    page.goto(f"{sale.address}/?priceFrom=2000&sort=dearest")
    expect_titles(page, "Saab 900 Turbo", "Saab 9-3 Aero")
    page.get_by_role("button", name="Within the hour").click()
    expect_titles(page, "Saab 900 Turbo")
    assert "soon=1" in page.url
    page.goto(f"{sale.address}/?q=no+such+car")
    expect_total(page, "No auctions")
    page.get_by_role("button", name="Show all").click()
    expect_total(page, "3,004 auctions")


@pytest.mark.soak
@pytest.mark.parametrize("size", [(1280, 800), PHONE])
def test_of_thousands_of_lots_only_those_in_sight_exist(visits: Visits, sale: Sale, size: tuple[int, int]) -> None:
    page = visits.open(sale, size=size)
    cards = page.get_by_role("article")
    expect(cards.first).to_be_visible()
    most = 0

    def at_the_end() -> bool:
        nonlocal most
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        counted, last = page.evaluate("""() => {
          const cards = [...document.querySelectorAll("article h2")];
          return [cards.length, cards.some((each) => each.textContent === "lot2999")];
        }""")
        most = max(most, counted)
        return bool(last)

    wait_for(at_the_end, 60)
    assert 4 <= most <= MOST_CARDS
    expect(page.get_by_role("link", name="lot2999", exact=True)).to_be_in_viewport()
    turns = page.evaluate("""async () => {
      const began = performance.now();
      let turns = 0, at = began;
      while (at - began < 2000) {
        scrollBy(0, -400);
        at = await new Promise(requestAnimationFrame);
        turns += 1;
      }
      return turns;
    }""")
    assert turns > 20, "some frames a second, on a machine that does other things too"
    assert page.locator("article").count() <= MOST_CARDS
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_role("link", name="Saab 900 Turbo")).to_be_in_viewport()


def test_prices_are_compared_within_a_currency(visits: Visits, sale: Sale) -> None:
    for title, currency, price in (
        ("Sprite A", "USD", 90_000),
        ("Sprite B", "EUR", 300_000),
        ("Sprite C", "JPY", 50_000),  # which has no cents
        ("Sprite D", "EUR", 100_000),
    ):
        sale.put_up(title, currency=currency, starting_price=price)
    page = visits.open(sale, "/?q=sprite&sort=cheapest")
    expect_titles(page, "Sprite D", "Sprite B", "Sprite C", "Sprite A")
    page.goto(f"{sale.address}/?q=sprite&sort=dearest")
    expect_titles(page, "Sprite B", "Sprite D", "Sprite C", "Sprite A")
    page.goto(f"{sale.address}/?q=sprite&sort=cheapest&priceFrom=2000")
    expect_titles(page, "Sprite B", "Sprite C")
    page.goto(f"{sale.address}/?q=sprite&sort=cheapest&currency=EUR&priceTo=2000")
    expect_titles(page, "Sprite D")
