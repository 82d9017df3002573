"""What the pages may do and what they ask for: a strict policy, one origin, and few bytes at first."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import NEXT_BID, dialog_of
from tests.e2e.browser import DESK, PHONE, Visits
from tests.e2e.sale import Sale
from vendue.api.web import PAGES

MOST_BYTES = 200_000
TOO_WIDE = """(whole) => [...whole.querySelectorAll("*")]
  .filter(({ clientWidth, scrollWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
  .map((each) => each.outerHTML)"""
PATHS = [re.sub(r"\{[^}]*\}", "new", path) for path in PAGES]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_comes_under_a_strict_policy(sale: Sale, path: str) -> None:
    response = sale.client.get(path)
    assert response.status_code == 200
    policy = {name: values for name, *values in map(str.split, response.headers["content-security-policy"].split(";"))}
    assert policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert not re.search(r"https?://|<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", response.text)


def test_no_page_asks_another_origin(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Saab 9-3")
    visits.expect_error(r"/api/auctions/new.* 404 ")
    for who in (None, "anna"):
        page = visits.open(sale, who=who)
        for path in (*PATHS, f"/auctions/{lot}"):
            page.goto(sale.address + path)
            expect(page.locator("#main").get_by_role("heading").first).to_be_visible()
            expect(page.locator("[data-link=live]")).to_be_visible()
    assert len(visits.requests) > 50
    assert {url for url in visits.requests if not url.startswith(f"{sale.address}/")} == set()


def test_the_policy_stops_what_gets_in(visits: Visits, sale: Sale) -> None:
    visits.expect_error("policy|Content Security Policy|another origin|ERR_")
    page = visits.open(sale)
    page.evaluate("""() => {
      const inline = document.createElement("script");
      inline.textContent = "document.title = 'taken over'";
      document.head.append(inline);
      const foreign = document.createElement("img");
      foreign.src = "https://example.com/told";
      document.body.append(foreign);
    }""")
    expect(page).not_to_have_title("taken over")
    assert [each for each in visits.faults if "script-src" in each]
    assert [each for each in visits.faults if "img-src" in each]


@pytest.mark.parametrize(
    "elsewhere", ["//example.com", "/%09/example.com", "/%5Cexample.com", "https://example.com", "/%0A/"]
)
def test_signing_in_leads_nowhere_else(visits: Visits, sale: Sale, elsewhere: str) -> None:
    page = visits.open(sale, f"/sign-in?next={elsewhere}", who="anna")
    expect(page.get_by_role("heading", name="Auctions", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{sale.address}/")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_a_seller_writes_stays_text_and_in_its_place(visits: Visits, sale: Sale, size: tuple[int, int]) -> None:
    title = "<img src=x onerror=alert(1)> " + "W" * 70
    lot = sale.put_up(title, currency="JPY", starting_price=500_000_000_000)
    page = visits.open(sale, f"/auctions/{lot}", who="anna", size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.locator("#bid").get_by_role("button", name=NEXT_BID).click()
    dialog = dialog_of(page)
    expect(dialog).to_contain_text("A bid binds.")
    assert dialog.evaluate(TOO_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_the_first_load_is_small(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale, None)
    session = page.context.new_cdp_session(page)
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    session.send("Network.enable")
    page.goto(sale.address)
    expect(page.get_by_role("tabpanel").get_by_role("status").first).not_to_be_empty()
    page.wait_for_load_state("networkidle")
    built = {url: sizes[id] for id, url in urls.items() if re.search(r"(/|\.js|\.css)$", url)}
    assert {url.rpartition(".")[2] for url in built if "." in url} >= {"js", "css"}
    assert f"{sale.address}/" in built
    assert sum(built.values()) < MOST_BYTES, built
