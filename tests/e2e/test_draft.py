"""What a seller is typing is not lost by a tap beside it."""

from playwright.sync_api import Dialog, expect

from tests.e2e.browser import Visits
from tests.e2e.sale import Sale


def test_a_link_out_of_what_is_not_saved_asks_first(visits: Visits, sale: Sale) -> None:
    clara = visits.open(sale, "/sell/auctions/new", who="clara")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    clara.once("dialog", stay)
    title = clara.get_by_label("Title")
    title.fill("Saab 900")
    clara.get_by_role("link", name="Vendue").click()
    expect(title).to_have_value("Saab 900")
    assert asked == ["Leave without saving? What you typed here is lost."]
    clara.once("dialog", lambda dialog: dialog.accept())
    clara.get_by_role("link", name="Vendue").click()
    expect(title).to_have_count(0)

    clara.goto(f"{sale.address}/sell/auctions/new")
    title.fill("Saab 900")
    clara.get_by_role("button", name="Save the draft").click()
    clara.wait_for_url(lambda url: not url.endswith("/new"))
    expect(title).to_have_value("Saab 900")
    clara.get_by_role("link", name="Vendue").click()
    expect(title).to_have_count(0)
