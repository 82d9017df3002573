"""For everybody: axe finds nothing, less motion where it is asked for, and German is German throughout."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import ask_amount, dialog_of, status_of
from tests.e2e.browser import PHONE, Visits
from tests.e2e.sale import HOUR_MS, Sale
from vendue.catalogue.clock import now_ms

WEB = Path(__file__).parents[2] / "web"
AXE = WEB / "node_modules/axe-core/axe.min.js"
FOR_ALL = ("/", "/?tab=upcoming", "/?tab=finished", "/?q=none", "/sign-in", "/register", "/forgot-password", "/audit")
# What Base UI puts around a popup takes the focus only to pass it on; and a menu stands outside the page's regions.
LOOK_AT = """async () => (await axe.run({ exclude: ["[data-base-ui-focus-guard]", "[role=menu]"] }, {
  resultTypes: ["violations"] })).violations.concat(!document.querySelector("[role=menu]") ? [] :
  (await axe.run("[role=menu]", { resultTypes: ["violations"] })).violations)
  .map(({ id, nodes }) => [id, ...nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`)])"""
SCHEMES = ("light", "dark")
MOVES = """() => document.getAnimations().map((each) => {
  const { duration, iterations, delay } = each.effect.getComputedTiming();
  return [each.effect.target?.className, duration, iterations, delay]; }).filter(([, duration]) => duration > 1)"""


@pytest.fixture(scope="module")
def lots(sale: Sale) -> dict[str, str]:
    """Of each kind, in each state."""
    over = sale.put_up("Lada Niva", lasts_ms=3_000)
    sale.bid("ben", over, 200_000)
    falls = {"decrement": 100, "decrement_every_ms": 60_000, "floor_price": 1_000}
    found = {
        "over": over,
        "proxy": sale.put_up("Saab 9-3", buy_now_price=900_000, reserve_price=400_000, max_jump_percent=400),
        "outbid": sale.put_up("Saab 96", proxy=False, soft_close={"window_ms": 60_000, "extend_ms": 60_000}),
        "dutch": sale.put_up("Lancia Delta", format="dutch", **falls),
        "sealed": sale.put_up("Volvo 240", format="sealed_first_price"),
        "scheduled": sale.put_up("Fiat 500", wait=False, starts_at=now_ms() + HOUR_MS // 2),
    }
    sale.bid("anna", found["outbid"], 100_000)
    sale.bid("ben", found["outbid"], 200_000)
    sale.bid("anna", found["sealed"], 120_000)
    return found


def settled(page: Page) -> None:
    """The page has said what it is, and nothing is on its way."""
    expect(page.locator("#main").get_by_role("heading").first).to_be_visible()
    expect(page.locator("[data-link=live]")).to_be_visible()
    expect(page.locator("[class*=skeleton]")).to_have_count(0)
    if page.locator("#bid").count():
        expect(page.locator("ol li, p[class*=none]").first).to_be_visible()  # the history has been read


def expect_access(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(LOOK_AT)
        assert found == [], f"{page.url}, {scheme}\n{json.dumps(found, indent=1)}"


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")
@pytest.mark.parametrize("who", [None, "anna"])
def test_axe_finds_nothing(visits: Visits, sale: Sale, lots: dict[str, str], who: str | None) -> None:
    visits.expect_error(r"/api/auctions/none.* 404 ")
    page = visits.open(sale, who=who, reduced_motion="reduce")
    own = ("/mine", "/watchlist", "/sell", "/account", "/reset-password?code=1", "/auctions/none")
    entry = FOR_ALL if who is None else FOR_ALL[:3]
    for path in (*entry, *own, *(f"/auctions/{id}" for id in lots.values())):
        page.goto(sale.address + path)
        settled(page)
        expect_access(page)


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make setup")
def test_axe_finds_nothing_in_what_opens(visits: Visits, sale: Sale, lots: dict[str, str]) -> None:
    page = visits.open(sale, who="anna", size=PHONE, reduced_motion="reduce")
    settled(page)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Make")).to_be_visible()
    expect_access(page)
    for name in ("Display", "Account: anna"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("menu")).to_be_visible()
        expect_access(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("menu")).to_be_hidden()
    page.goto(f"{sale.address}/auctions/{lots['proxy']}")
    settled(page)
    ask_amount(page, "x")
    expect(page.get_by_text("Write the amount in plain digits")).to_be_visible()
    expect_access(page)
    ask_amount(page, "2000")
    expect(dialog_of(page)).to_be_visible()
    expect_access(page)
    page.keyboard.press("Escape")
    page.goto(f"{sale.address}/sign-in?next=/mine")
    page.wait_for_url(f"{sale.address}/mine")


def test_less_motion_where_it_is_asked_for(visits: Visits, sale: Sale, lots: dict[str, str]) -> None:
    moving, still = ([*_moves(visits, sale, lots["proxy"], motion)] for motion in ("no-preference", "reduce"))
    assert moving != [], "there is something to take away"
    assert still == []


def _moves(visits: Visits, sale: Sale, lot: str, motion: str) -> list[Any]:
    page = visits.open(sale, f"/auctions/{lot}", who="anna", reduced_motion=motion)
    settled(page)
    found: list[Any] = []
    ask_amount(page, "2000")
    found += page.evaluate(MOVES)
    expect(dialog_of(page)).to_be_visible()
    page.keyboard.press("Escape")
    found += page.evaluate(MOVES)
    page.get_by_role("button", name="Display").hover()
    found += page.evaluate(MOVES)
    return found


def _texts(words: Any) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    else:
        for each in words.values():
            yield from _texts(each)


SHARED = {"Live"}
"""What both languages say, and may."""


def english_alone() -> set[str]:
    """The plain words of the English catalogue, of the whole app."""
    files = (WEB / "src/words/en").glob("*.json")
    plain = {each for path in files for each in _texts(json.loads(path.read_text())) if "{" not in each}
    return {each for each in plain if len(each) > 3} - SHARED


@pytest.mark.soak
def test_german_is_german_throughout(visits: Visits, sale: Sale, lots: dict[str, str]) -> None:
    english = english_alone()
    assert len(english) > 150
    visits.expect_error(r"/api/auctions/none.* 404 ")
    page = visits.open(sale, locale="de-DE")

    def expect_german() -> None:
        expect(page.locator("html")).to_have_attribute("lang", "de")
        told = page.evaluate("""() => [...document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")]
          .flatMap((each) => ["aria-label", "title", "placeholder", "alt"].map((name) => each.getAttribute(name)))
          .filter(Boolean)""")
        lines = {line.strip() for line in [*page.locator("body").inner_text().splitlines(), *told, page.title()]}
        assert lines & english == set(), page.url

    for path in (*FOR_ALL, "/mine", "/auctions/none", *(f"/auctions/{id}" for id in lots.values())):
        page.goto(sale.address + path)
        settled(page)
        expect_german()
    for menu in ("Darstellung", "Konto: anna"):
        page = visits.open(sale, f"/auctions/{lots['outbid']}", who="anna", locale="de-DE")
        settled(page)
        page.get_by_role("button", name=menu).click()
        expect(page.get_by_role("menu")).to_be_visible()
        expect_german()
    page.keyboard.press("Escape")
    expect(status_of(page)).to_contain_text("überboten", ignore_case=True)
    expect_german()
    page.locator("#bid input").fill("2.500")
    page.locator("#bid input").press("Enter")
    expect(dialog_of(page).locator("data")).to_have_text(re.compile(r"^2\.500\s€$"))
    expect_german()


def test_the_language_and_the_look_that_one_chose_stay(visits: Visits, sale: Sale) -> None:
    page = visits.open(sale)
    page.get_by_role("button", name="Display").click()
    page.get_by_role("menuitemradio", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("tab").last).to_have_text("Beendet")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Darstellung").click()
    page.get_by_role("menuitemradio", name="Dunkel").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 17)"
