"""Why a bid was decided so, beside each of one's own bids."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.browser import PHONE, Visits
from tests.e2e.sale import Sale


@pytest.fixture(scope="module")
def lot(sale: Sale) -> str:
    """Anna leads, is refused, is outbid at once by Ben, who raises; the reserve is met with his first bid."""
    lot = sale.put_up("Saab 9-5", reserve_price=500_000)
    sale.bid("anna", lot, 300_000)
    sale.refused("anna", lot, 10_000)
    sale.bid("ben", lot, 600_000)
    sale.bid("anna", lot, 550_000)
    sale.bids_of("anna", lot)
    return lot


def bids_in(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has=page.locator("time"))


def test_each_of_ones_own_bids_says_why(visits: Visits, sale: Sale, lot: str) -> None:
    anna = visits.open(sale, f"/auctions/{lot}", who="anna")
    bids = bids_in(anna)
    expect(bids).to_have_count(4)
    expect(bids.get_by_text("Why?")).to_have_count(3)
    bids.nth(0).get_by_text("Why?").click()
    expect(bids.nth(0)).to_contain_text("Accepted, and outbid at once: Bidder 2 had set a higher maximum before you.")
    expect(bids.nth(0)).to_contain_text("The price went from €5,000 to €5,600.")
    bids.nth(2).get_by_text("Why?").click()
    expect(bids.nth(2)).to_contain_text(
        "Refused: your maximum was already as high; a new one had to be at least €3,000.01."
    )
    bids.nth(3).get_by_text("Why?").click()
    expect(bids.nth(3)).to_contain_text("it was the first bid that counts, and at least €1,000 was needed. You led.")
    expect(bids.nth(3)).to_contain_text("Later Bidder 2 outbid you (")
    assert "6,000" not in "".join(bids.all_inner_texts()), "of another's maximum nothing is told"


def test_it_is_told_in_german_and_among_my_bids(visits: Visits, sale: Sale, lot: str) -> None:
    ben = visits.open(sale, "/mine", who="ben", locale="de-DE", size=PHONE)
    row = ben.get_by_role("article").filter(has_text="Saab 9-5")
    row.get_by_text("Ihre Gebote im Einzelnen").click()
    bids = bids_in(ben)
    expect(bids).to_have_count(1)
    bids.get_by_text("Warum?").click()
    expect(bids).to_contain_text("Mindestens 1.050 € waren nötig, und Bidder 1 hatte weniger geboten.")
    expect(bids).to_contain_text("Damit war der Mindestpreis erreicht.")
    expect(bids).to_contain_text("Es führt noch.")
    sale.bid("anna", lot, 700_000)
    expect(bids).to_contain_text("Später hat Bidder 1 Sie überboten (")
    sale.bid("ben", lot, 900_000)
    sale.refused("ben", lot, 800_000)
    expect(bids).to_have_count(3)
    expect(bids.nth(0)).to_contain_text("Abgelehnt")


def test_a_code_that_is_not_known_here_is_told_in_the_servers_words(visits: Visits, sale: Sale, lot: str) -> None:
    anna = visits.open(sale, None, who="anna")

    def of_a_newer_server(route: Route) -> None:
        answer = route.fetch().json()
        answer["data"] |= {"decision": "full_moon", "words": "Refused: the moon is full."}
        route.fulfill(json=answer)

    anna.route("**/api/bids/*/why", of_a_newer_server)
    anna.goto(f"{sale.address}/auctions/{lot}")
    bids_in(anna).get_by_text("Why?").last.click()
    expect(bids_in(anna).last).to_contain_text("Refused: the moon is full.")
