"""One browser, and who sits before it: another person in the same tab, and two tabs of the same person."""

from playwright.sync_api import Page, expect

from tests.e2e.acts import sign_in, status_of
from tests.e2e.browser import Visits
from tests.e2e.sale import PASSWORD, Sale


def sign_out(page: Page, name: str) -> None:
    """Through the menu."""
    page.get_by_role("button", name=f"Account: {name}").click()
    page.get_by_role("menuitem", name="Sign out").click()


def test_who_signs_in_next_sees_nothing_of_the_one_before(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Lotus Esprit")
    sale.bid("anna", lot, 250_000)
    page = visits.open(sale, "/mine", who="anna")
    row = page.get_by_role("link", name="Lotus Esprit")
    expect(row).to_be_visible()
    sign_out(page, "anna")
    page.get_by_role("link", name="Sign in").last.click()
    sign_in(page, "ben", PASSWORD)
    expect(page.get_by_role("button", name="Account: ben")).to_be_visible()
    expect(page.get_by_role("heading", name="My bids")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
    expect(row).to_have_count(0)


def test_who_signs_out_in_one_tab_bids_in_none(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Lancia Fulvia")
    sale.bid("anna", lot, 250_000)
    one = visits.open(sale, f"/auctions/{lot}", who="anna")
    expect(status_of(one)).to_contain_text("Your maximum: €2,500")
    two = one.context.new_page()
    two.goto(sale.address)
    sign_out(two, "anna")
    expect(one.get_by_text("To bid you sign in first")).to_be_visible()
    expect(one.get_by_text("€2,500")).to_have_count(0)

    two.get_by_role("link", name="Sign in").last.click()
    sign_in(two, "ben", PASSWORD)
    expect(one.get_by_role("button", name="Account: ben")).to_be_visible()
    expect(one.get_by_text("To bid you sign in first")).to_be_hidden()
    expect(one.get_by_text("€2,500")).to_have_count(0)
    expect(status_of(one)).not_to_contain_text("You lead")


def test_who_signs_out_in_one_tab_has_left_the_panel_in_the_other(visits: Visits, sale: Sale) -> None:
    visits.expect_error(r" 40[13] ")
    panel = visits.open(sale, "/admin", who="arthur")
    expect(panel.get_by_role("tab", name="To decide")).to_be_visible()
    app = panel.context.new_page()
    app.goto(sale.address)
    sign_out(app, "arthur")
    panel.get_by_role("menuitem", name="Users").click()
    expect(panel.get_by_role("heading", name="Sign in")).to_be_visible()
