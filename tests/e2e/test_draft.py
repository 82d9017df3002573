"""What a seller is typing is not lost by a tap beside it."""

import pytest
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


@pytest.mark.parametrize(("path", "label"), [("/sell/auctions/new", "Title"), ("/sell/cars/new", "Make")])
def test_going_back_from_what_is_not_saved_asks_first(visits: Visits, sale: Sale, path: str, label: str) -> None:
    clara = visits.open(sale, "/watchlist", who="clara")
    clara.goto(f"{sale.address}/sell")
    clara.locator(f"a[href='{path}']").first.click()
    field = clara.get_by_label(label, exact=True)
    field.fill("Saab")
    for _ in range(2):  # and where one stayed it asks again
        clara.once("dialog", lambda dialog: dialog.dismiss())
        with clara.expect_event("dialog") as asked:
            clara.evaluate("history.back()")
        assert asked.value.message == "Leave without saving? What you typed here is lost."
        expect(clara).to_have_url(sale.address + path)
        expect(field).to_have_value("Saab")
    clara.once("dialog", lambda dialog: dialog.accept())
    clara.evaluate("history.back()")
    expect(clara).to_have_url(f"{sale.address}/sell")
    expect(field).to_have_count(0)
