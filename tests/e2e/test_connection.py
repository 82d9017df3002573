"""The connection goes away under an open page, and comes back."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.acts import answer_of, bid, price_of, status_of
from tests.e2e.browser import Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import Sale

MAY_BE_OLD = "Connection lost: prices may be old. Trying again…"
AWAY = r"net::ERR_|WebSocket connection to"


def card_of(page: Page, title: str) -> Locator:
    return page.get_by_role("article").filter(has_text=title)


@pytest.mark.soak
def test_a_server_that_was_killed_comes_back_under_open_pages(visits: Visits, sale: Sale) -> None:
    visits.expect_error(AWAY)
    lot = sale.put_up("Saab 9-3")
    ends_meanwhile = sale.put_up("Volvo 240", lasts_ms=12_000)
    sale.bid("ben", ends_meanwhile, 100_000)
    anna = visits.open(sale, f"/auctions/{lot}", who="anna")
    ben = visits.open(sale, f"/auctions/{ends_meanwhile}", who="ben")
    visitor = visits.open(sale)
    expect(status_of(ben)).to_contain_text("You lead")
    for page in (anna, ben, visitor):
        expect(page.locator("[data-link=live]")).to_be_visible()

    sale.kill()
    for page in (anna, ben, visitor):
        expect(page.get_by_text(MAY_BE_OLD)).to_be_visible()
        expect(page.locator("[data-link=down]")).to_be_visible()
    expect(anna.get_by_text("No connection: this price is")).to_be_visible()
    expect(ben.locator("time", has_text="closing…")).to_be_visible()
    expect(status_of(ben)).to_contain_text("You lead")  # nobody knows more yet
    bid(anna, "2000")
    expect(answer_of(anna)).to_have_text("No connection: asking again. However often it is sent, it is one bid.")

    sale.start()
    for page in (anna, ben, visitor):
        expect(page.locator("[data-link=live]")).to_be_visible()
        expect(page.get_by_text(MAY_BE_OLD)).to_be_hidden()
    expect(answer_of(anna)).to_have_text("Accepted at €2,000: you lead.")
    expect(status_of(anna)).to_contain_text("You lead with €1,000.")
    expect(anna.get_by_text("No connection: this price is")).to_be_hidden()
    expect(status_of(ben)).to_have_text("You won, for €1,000.")
    expect(card_of(visitor, "Saab 9-3")).to_contain_text("1 bid")
    expect(card_of(visitor, "Volvo 240")).to_have_count(0)
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [200_000]
    assert sale.lot(lot)["bids_count"] == 1


def test_what_changed_while_a_page_was_away_is_shown_when_it_is_back(visits: Visits, sale: Sale) -> None:
    visits.expect_error(AWAY)
    lot = sale.put_up("Fiat 500")
    anna = visits.open(sale, f"/auctions/{lot}", who="anna")
    bid(anna, "1000")
    expect(status_of(anna)).to_contain_text("You lead with €1,000.")
    anna.context.set_offline(True)
    sale.kill()
    sale.start()
    expect(anna.get_by_text(MAY_BE_OLD)).to_be_visible()
    sale.bid("ben", lot, 300_000)
    bid(anna, "2000")
    expect(answer_of(anna)).to_contain_text("No connection: asking again.")
    assert len(sale.bids_of("anna", lot)) == 1
    expect(price_of(anna)).to_have_text("€1,000")
    anna.context.set_offline(False)
    expect(price_of(anna)).to_have_text("€2,050")
    expect(status_of(anna)).to_contain_text("Outbid")
    expect(answer_of(anna)).to_have_text("Accepted, but another bidder’s maximum is higher. The next bid is €2,100.")
    wait_for(lambda: len(sale.bids_of("anna", lot)) == 2)
    assert [each["maximum"] for each in sale.bids_of("anna", lot)] == [100_000, 200_000]


def test_a_phone_without_a_network_says_so_at_once(visits: Visits, sale: Sale) -> None:
    visits.expect_error(AWAY)
    lot = sale.put_up("Wartburg 353")
    page = visits.open(sale, f"/auctions/{lot}")
    expect(page.locator("[data-link=live]")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("[data-link=down]")).to_be_visible(timeout=3_000)
    page.context.set_offline(False)
    expect(page.locator("[data-link=live]")).to_be_visible()


@pytest.mark.parametrize(("name", "heading"), [("Morris Minor", "Morris Minor"), ("Watchlist", "Watchlist")])
def test_a_page_opened_without_a_network_comes_with_it(visits: Visits, sale: Sale, name: str, heading: str) -> None:
    visits.expect_error(AWAY)
    sale.put_up("Morris Minor")
    page = visits.open(sale, None, who="anna")
    page.clock.install()
    page.goto(sale.address)
    expect(page.locator("[data-link=live]")).to_be_visible()
    expect(card_of(page, "Morris Minor").first).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(3_000)  # what it would have asked for by itself
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_text("Loading")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_wrong_clock_counts_down_right_before_the_feed_told_the_time(visits: Visits, sale: Sale, hours: int) -> None:
    visits.expect_error(AWAY)
    lot = sale.put_up("Trabant 601", lasts_ms=3_000_000)
    page = visits.open(sale, None)
    page.route_web_socket("**/api/live", lambda socket: socket.close())
    page.add_init_script(f"const now = Date.now.bind(Date); Date.now = () => now() + {hours * 3_600_000};")
    page.goto(f"{sale.address}/auctions/{lot}")
    expect(page.get_by_text(MAY_BE_OLD)).to_be_visible()
    expect(page.locator("section:has(#bid) time[data-near]")).to_have_text(re.compile(r"^(49|50):\d\d$"))


def test_who_leaves_a_page_while_the_session_is_renewed_stays_signed_in(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, None, who="anna")
    for path in ("/", "/mine", "/", "/mine"):
        page.goto(sale.address + path, wait_until="commit")
        page.wait_for_event("request", lambda request: request.url.endswith("/api/auth/refresh"))
    expect(page.get_by_role("button", name="Account: anna")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Account: anna")).to_be_visible()


@pytest.mark.soak
def test_a_renewal_that_nobody_answered_is_asked_for_again(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r"/api/auth/refresh: .*ERR_FAILED")
    page = visits.open(sale, None, who="anna")
    asked: list[str] = []

    def answer_the_second(route: Route) -> None:
        asked.append(route.request.url)
        route.abort() if len(asked) == 1 else route.continue_()

    page.route("**/api/auth/refresh", answer_the_second)
    page.goto(sale.address)
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    expect(page.get_by_role("button", name="Account: anna")).to_be_visible()
    assert len(asked) == 2
