"""A bid by the keyboard alone, from the front page to signing out."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.acts import SETTLE_MS, answer_of, dialog_of, status_of
from tests.e2e.browser import Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import PASSWORD, Sale

MOST_TABS = 60
FOCUSED = """() => {
  const { activeElement: at } = document;
  const style = getComputedStyle(at), frame = getComputedStyle(at.parentElement ?? at);
  const shows = ({ outlineStyle, outlineWidth, boxShadow }) =>
    (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  const around = at.closest("article");
  const { width, height, top, bottom } = at.getBoundingClientRect();
  return {
    tag: at.tagName, role: at.getAttribute("role"),
    name: (at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent).trim(),
    visible: at.matches(":focus-visible") && (shows(style) || at.tagName === "INPUT" && shows(frame) ||
      around && shows(getComputedStyle(around)) && around.matches(":has(:focus-visible)")),
    inSight: width > 0 && height > 0 && bottom > 0 && top < innerHeight,
  };
}"""


class Keys:
    """Presses keys, and at each step looks where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def focused(self) -> dict[str, Any]:
        return dict(self.page.evaluate(FOCUSED))

    def tab_to(self, name: str | re.Pattern[str], key: str = "Tab") -> None:
        """With Tab, as often as it needs; the focus is seen at every step."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            at = self.focused()
            assert at["tag"] != "BODY" or not passed, f"lost after {passed}"
            assert at["tag"] == "BODY" or (at["visible"] and at["inSight"]), at
            passed.append(at["name"])
            if re.fullmatch(name, at["name"]) if isinstance(name, re.Pattern) else at["name"] == name:
                return
        raise AssertionError(f"{name} is not among {passed}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def wait_focus(self, is_there: Callable[[dict[str, Any]], bool]) -> None:
        wait_for(lambda: is_there(self.focused()), 10)


def test_from_the_front_page_to_a_bid_and_out(visits: Visits, sale: Sale) -> None:
    sale.put_up("Fiat 500")
    lot = sale.put_up("Saab 9-3")
    page = visits.open(sale)
    keys = Keys(page)
    expect(page.get_by_role("article")).to_have_count(2)

    keys.tab_to("Skip to the content")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    keys.tab_to("Sign in", "Shift+Tab")
    keys.press("Enter")
    keys.wait_focus(lambda at: at["tag"] == "H1" and at["name"] == "Sign in")
    keys.tab_to("Username or email")
    page.keyboard.type("anna")
    keys.tab_to("Password")
    page.keyboard.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("button", name="Account: anna")).to_be_visible()
    keys.wait_focus(lambda at: at["tag"] == "H1" and at["name"] == "Auctions")

    keys.tab_to("Search", "Shift+Tab")
    page.keyboard.type("saab")
    expect(page.get_by_role("article")).to_have_count(1)
    keys.tab_to("Saab 9-3")
    keys.press("Enter")
    keys.wait_focus(lambda at: at["tag"] == "H1" and at["name"] == "Saab 9-3")

    # No thanks at first: the focus comes back to the button.
    keys.tab_to("Bid €1,000")
    page.wait_for_timeout(SETTLE_MS + 100)
    keys.press("Enter")
    keys.wait_focus(lambda at: at["name"] == "Back")
    keys.press("Enter")
    expect(dialog_of(page)).to_be_hidden()
    keys.wait_focus(lambda at: at["name"] == "Bid €1,000")
    keys.press("Enter")
    keys.wait_focus(lambda at: at["name"] == "Back")
    keys.press("Escape")
    expect(dialog_of(page)).to_be_hidden()
    keys.wait_focus(lambda at: at["name"] == "Bid €1,000")

    keys.press("Enter")
    keys.wait_focus(lambda at: at["name"] == "Back")
    page.wait_for_timeout(SETTLE_MS + 100)
    keys.tab_to("Bid €1,000")
    keys.press("Enter")
    expect(dialog_of(page)).to_be_hidden()
    expect(answer_of(page)).to_have_text("Accepted at €1,000: you lead.")
    expect(page.locator("[role=status]", has=page.locator("[data-tone=good]"))).to_have_count(1)
    keys.wait_focus(lambda at: at["tag"] != "BODY")
    expect(page.locator("p[aria-live=polite]")).to_contain_text("You lead with €1,000.")

    # Heard without looking: somebody bids more.
    sale.bid("ben", lot, 200_000)
    expect(page.locator("p[aria-live=polite]")).to_have_text("The price is €1,050. Outbid by a higher maximum.")
    assert keys.focused()["tag"] != "BODY"

    # An amount of one's own.
    keys.tab_to("Your maximum")
    page.keyboard.type("3000")
    keys.press("Enter")
    keys.wait_focus(lambda at: at["name"] == "Back")
    page.wait_for_timeout(SETTLE_MS + 100)
    keys.tab_to("Bid €3,000")
    keys.press("Enter")
    expect(dialog_of(page)).to_be_hidden()
    expect(status_of(page)).to_contain_text("You lead with €2,050.")
    keys.wait_focus(lambda at: at["tag"] != "BODY")

    keys.tab_to("Watch")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Watching", exact=True)).to_have_attribute("aria-pressed", "true")
    wait_for(lambda: watched(sale) == [lot])
    assert keys.focused()["name"] == "Watching"
    # While the answer is on its way the button takes no press.
    expect(page.get_by_role("button", name="Watching", exact=True)).to_be_enabled()
    keys.press("Space")
    expect(page.get_by_role("button", name="Watch", exact=True)).to_have_attribute("aria-pressed", "false")
    wait_for(lambda: watched(sale) == [])

    keys.tab_to("Account: anna", "Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    keys.press("Escape")
    keys.wait_focus(lambda at: at["name"] == "Account: anna")
    keys.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    keys.press("ArrowUp")
    keys.wait_focus(lambda at: at["name"] == "Sign out")
    keys.press("Enter")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    expect(page.get_by_role("button", name="Account: anna")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def watched(sale: Sale) -> list[str]:
    response = sale.client.get("/api/watchlist", params={"populate": "auction"}, headers=sale.as_("anna"))
    return [each["auction"]["documentId"] for each in response.json()["data"]]


def test_tabs_filters_and_pictures_by_keyboard(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale)
    keys = Keys(page)
    expect(page.get_by_role("article").first).to_be_visible()
    keys.tab_to("Live")
    keys.press("ArrowRight")
    keys.wait_focus(lambda at: at["name"] == "Upcoming")
    expect(page.get_by_text("Nothing is announced")).to_be_visible()
    keys.press("ArrowLeft")
    expect(page.get_by_role("article").first).to_be_visible()
    keys.tab_to(re.compile("Filters"))
    keys.press("Enter")
    expect(page.get_by_label("Make")).to_be_visible()
    keys.tab_to(re.compile("Ending soonest"))
    keys.press("Enter")
    expect(page.get_by_role("listbox")).to_be_visible()
    keys.press("ArrowDown", "Enter")
    expect(page).to_have_url(re.compile("sort=newest"))
    keys.wait_focus(lambda at: at["role"] == "combobox")
    keys.tab_to("Make")
    page.keyboard.type("fiat")
    expect(page.get_by_role("article")).to_have_count(1)
    assert keys.focused()["name"] == "Make"
