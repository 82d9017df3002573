"""On phones: nothing is wider than the screen, what one presses is large enough, and bidding works."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import answer_of, ask_amount, bid_next, confirm, dialog_of, price_of, status_of
from tests.e2e.browser import PHONE, SMALL_PHONE, Visits
from tests.e2e.sale import HOUR_MS, Sale
from vendue.catalogue.clock import now_ms

SIZES = [PHONE, SMALL_PHONE]
LEAST_PX = 40
LONG = "1967 Mercedes-Benz 600 Pullman Landaulet Donaudampfschifffahrtsgesellschaftskapitän"
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (each) => { for (; each; each = each.parentElement)
    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(each).overflowX)) return true; };
  const beyond = [...document.body.querySelectorAll("*")].filter((each) =>
    each.getBoundingClientRect().right > wide + 1 && each.checkVisibility() && !scrolls(each.parentElement));
  const most = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
  return most > wide || innerWidth > screen.width ? [most, ...beyond.map((each) => each.outerHTML.slice(0, 120))] : [];
}"""


@pytest.fixture(scope="module")
def lots(sale: Sale) -> dict[str, str]:
    """One of each kind, under way."""
    falls = {"starting_price": 123_456_700, "decrement": 100, "decrement_every_ms": 60_000, "floor_price": 100_000}
    found = {
        "proxy": sale.put_up(LONG, starting_price=123_456_700, buy_now_price=223_456_700, reserve_price=200_000_000),
        "direct": sale.put_up("Saab 9-3", proxy=False, soft_close={"window_ms": 60_000, "extend_ms": 60_000}),
        "dutch": sale.put_up("Lancia Delta", format="dutch", **falls),
        "sealed": sale.put_up("Volvo 240", format="sealed_second_price", starting_price=123_456_700),
        "scheduled": sale.put_up("Fiat 500", wait=False, starts_at=now_ms() + HOUR_MS // 2),
    }
    sale.bid("ben", found["proxy"], 150_000_000)
    return found


def expect_no_scroll(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) == [], page.url


def expect_large(*targets: Locator) -> None:
    for target in targets:
        expect(target).to_be_visible()
        box = target.bounding_box()
        assert box and min(round(box["width"], 2), round(box["height"], 2)) >= LEAST_PX, (target.inner_text(), box)


@pytest.mark.soak
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_no_page_is_wider_than_the_screen(visits: Visits, sale: Sale, lots: dict[str, str], locale: str) -> None:
    visits.expect_error(r"/api/.*none.* 404 ")
    page = visits.open(sale, size=PHONE, locale=locale)
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("navigation").last.get_by_role("link")).to_have_count(5)
    entry = (
        "/",
        "/sign-in",
        "/register",
        "/forgot-password",
        "/audit",
        "/reset-password?code=1",
        "/mine",
        "/auctions/none",
    )
    expect_to_fit(page, sale, entry)
    signed_in = visits.open(sale, who="anna", size=PHONE, locale=locale)
    own = ("/", "/?tab=upcoming", "/mine", "/watchlist", "/sell", "/account")
    expect_to_fit(signed_in, sale, (*own, *(f"/auctions/{id}" for id in lots.values())))


def expect_to_fit(page: Page, sale: Sale, paths: tuple[str, ...]) -> None:
    for path in paths:
        page.goto(sale.address + path)
        expect(page.locator("#main").get_by_role("heading").first).to_be_visible()
        expect(page.locator("[data-link=live]")).to_be_visible()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            expect_no_scroll(page)


@pytest.mark.parametrize("size", SIZES)
def test_filters_and_menus_fit(visits: Visits, sale: Sale, lots: dict[str, str], size: tuple[int, int]) -> None:
    page = visits.open(sale, who="anna", size=size)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Mileage up to")).to_be_visible()
    expect_no_scroll(page)
    for name in ("Display", "Account: anna"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu")).to_be_visible()
        expect_no_scroll(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_be_hidden()


@pytest.mark.parametrize("size", SIZES)
def test_what_one_presses_is_large_enough(
    visits: Visits, sale: Sale, lots: dict[str, str], size: tuple[int, int]
) -> None:
    page = visits.open(sale, size=size)
    expect(page.get_by_role("article").first).to_be_visible()
    for each in page.get_by_role("navigation").last.get_by_role("link").all():
        expect_large(each)
    card = page.get_by_role("article").first
    expect_large(card.get_by_role("button"), page.get_by_role("tab", name="Live"), page.get_by_role("combobox").first)
    expect_large(page.get_by_role("button", name="Filters"), page.get_by_role("button", name="Within the hour"))
    page.goto(f"{sale.address}/sign-in")
    expect_large(page.get_by_role("button", name="Sign in"), page.get_by_label("Password"))
    page = visits.open(sale, f"/auctions/{lots['proxy']}", who="anna", size=size)
    panel = page.locator("#bid")
    expect(panel.get_by_role("button", name=re.compile("^Bid ."))).to_be_visible()
    for each in panel.get_by_role("button").all():
        expect_large(each)
    expect_large(panel.locator("input"), page.get_by_role("button", name="Watch", exact=True))
    ask_amount(page, "1800000")
    for each in dialog_of(page).get_by_role("button").all():
        expect_large(each)
    expect_no_scroll(page)


@pytest.mark.parametrize("size", SIZES)
def test_bidding_works(visits: Visits, sale: Sale, size: tuple[int, int]) -> None:
    lot = sale.put_up("Saab 900")
    page = visits.open(sale, "/?sort=newest", size=size)
    page.get_by_role("link", name="Saab 900", exact=True).first.tap()
    page.locator("#bid").get_by_role("button", name="Bid €1,000").tap()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Username or email").fill("anna")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").tap()
    bid_next(page)
    expect(status_of(page)).to_contain_text("You lead with €1,000.")
    sale.bid("ben", lot, 110_000)
    expect(status_of(page)).to_contain_text("Outbid")
    expect(price_of(page)).to_have_text("€1,050")
    # The price stays in sight, and leads back.
    page.get_by_role("heading", name="Bids").scroll_into_view_if_needed()
    page.get_by_role("button", name="To the bidding").tap()
    expect(page.locator("#bid").get_by_role("button", name=re.compile("^Bid ."))).to_be_in_viewport()
    ask_amount(page, "2000")
    expect(dialog_of(page)).to_be_in_viewport(ratio=1)
    confirm(page)
    expect(answer_of(page)).to_have_text("Accepted at €2,000: you lead.")
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [100_000, 200_000]
