"""The page at `/`: its files, bids beside it by HTTP and websocket, and the page in a real browser."""

import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.e2e.house import House, wait_for
from vendue.api.service import FILES

BROWSER = ("chromium", "chromium-browser", "google-chrome")
OFFLINE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("page"))
    yield house
    house.stop()


@pytest.fixture
def page(house: House) -> Iterator[Any]:
    """A page in Chromium that has opened the sale."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSER)), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *OFFLINE])
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="en-GB")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(house.address)
        page.wait_for_selector("body[data-link=live]")
        yield page
        browser.close()
        assert faults == []


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_served_under_a_policy_without_inline_code(house: House, path: str) -> None:
    response = house.client.get(path)
    assert response.status_code == 200
    assert response.headers["content-security-policy"].startswith("default-src 'self';")
    assert not re.search(
        r"https?://(?!www\.w3\.org/2000/svg)|<style|\bstyle=|<script(?![^>]*src=)|\son\w+=", response.text
    )


def register(house: House, name: str) -> str:
    body = {"username": name, "email": f"{name}@example.com", "password": "correct horse"}
    response = house.client.post("/api/auth/local/register", json=body)
    assert response.status_code == 200, response.text
    return str(response.json()["jwt"])


def some_lot(house: House, **filters: str) -> dict[str, Any]:
    """One that is open for long."""
    return house.lots(status="live", **filters)[0]


def test_a_newcomer_bids_by_http(house: House) -> None:
    headers = {"Authorization": f"Bearer {register(house, 'walker')}", "Idempotency-Key": "once"}
    lot = some_lot(house, format="sealed_second_price")
    body = {"data": {"auction": lot["documentId"], "amount": lot["minimum_next"]}}
    first = house.client.post("/api/bids", json=body, headers=headers)
    assert first.status_code == 201, first.text
    assert first.json()["data"]["outcome"] == "sealed"
    assert house.client.post("/api/bids", json=body, headers=headers).json() == first.json()


def answer_to(socket: ClientConnection, id: int, message: dict[str, Any]) -> dict[str, Any]:
    socket.send(json.dumps({"id": id, **message}))
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=10))
        if frame.get("id") == id:
            return frame


def test_a_newcomer_bids_by_websocket(house: House) -> None:
    token = register(house, "surfer")
    with connect(house.address.replace("http", "ws") + "/api/live") as socket:
        assert answer_to(socket, 1, {"auth": token})["ok"]
        assert answer_to(socket, 2, {"subscribe": "live"})["ok"]
        lot = some_lot(house, format="sealed_second_price")
        bid = {"auction": lot["documentId"], "amount": lot["minimum_next"] + 100, "key": "k"}
        assert answer_to(socket, 3, {"bid": bid})["receipt"]["data"]["outcome"] == "sealed"


def test_a_visitor_sees_the_live_sale(page: Any) -> None:
    until(page, "document.querySelectorAll('#live .card').length > 10")
    assert page.text_content("#link") == "Live"
    clock = page.locator("#live .card time").first
    before = clock.text_content()
    page.wait_for_timeout(1100)
    assert clock.text_content() != before
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    until(page, "[...document.querySelectorAll('#live .bids')].some(each => /leads/.test(each.textContent))")


def until(page: Any, holds: str) -> None:
    """Playwright's own waiting evaluates strings inside the page, which the policy forbids, as it should."""
    wait_for(lambda: page.evaluate(holds))


def sign_in(page: Any, house: House) -> None:
    page.click("#account")
    page.fill("#username", "demo-bidder")
    page.fill("#password", house.passwords["demo-bidder"])
    page.press("#password", "Enter")
    until(page, "document.querySelector('#who').textContent === 'demo-bidder'")


def open_lot(page: Any, lot: dict[str, Any]) -> None:
    page.click(f"#live a.title[href='#{lot['documentId']}']")
    page.wait_for_selector("#lot form.bid .go:enabled")


def answer(page: Any) -> str:
    until(page, "/^(Accepted|Your sealed|The )/.test(document.querySelector('#lot .answer').textContent)")
    return str(page.text_content("#lot .answer"))


def test_a_bidder_signs_in_and_bids(page: Any, house: House) -> None:
    sign_in(page, house)
    lot = some_lot(house, format="english", proxy="true")
    open_lot(page, lot)
    page.fill("#amount", str(lot["minimum_next"] * 2 // 100))
    page.click("#lot form.bid .go")
    assert answer(page).startswith("Accepted")
    page.wait_for_selector("#lot .mine:not([hidden])")
    page.fill("#amount", "1")
    page.click("#lot form.bid .go")
    until(page, "/too low|must be at least/.test(document.querySelector('#lot .answer').textContent)")


def test_a_reload_and_a_token_that_ran_out_keep_nobody_from_bidding(page: Any, house: House) -> None:
    sign_in(page, house)
    page.reload()
    until(page, "document.querySelector('#who').textContent === 'demo-bidder'")
    open_lot(page, some_lot(house, format="sealed_second_price"))
    refused: list[str] = []

    def run_out(route: Any) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.headers["authorization"])
            headers = {**route.request.headers, "authorization": "Bearer gone"}
            route.continue_(headers=headers)

    page.route("**/api/bids", run_out)
    page.fill("#amount", "2000000")
    page.click("#lot form.bid .go")
    page.wait_for_selector("#lot .answer:not(:empty)")
    assert refused and "Missing or invalid" not in answer(page)
    page.press("#amount", "Escape")
    page.click("#account")
    until(page, "document.querySelector('#who').textContent === ''")
    page.reload()
    page.wait_for_selector("#live a.title")
    assert page.text_content("#who") == ""


def test_an_answer_that_is_lost_is_asked_for_again_and_bids_once(page: Any, house: House) -> None:
    sign_in(page, house)
    lot = some_lot(house, format="sealed_first_price")
    keys: list[str] = []

    def lose(route: Any) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()  # it arrives and is decided, and nobody hears of it
            route.abort()
        else:
            route.continue_()

    page.route("**/api/bids", lose)
    open_lot(page, lot)
    page.fill("#amount", str(lot["minimum_next"] // 100 + 1))
    page.dblclick("#lot form.bid .go")
    assert answer(page).startswith("Your sealed bid")
    assert len(keys) == 2 and len(set(keys)) == 1
    mine = house.client.get(
        "/api/bids", params={"filters[auction][documentId]": lot["documentId"]}, headers=house.sign_in("demo-bidder")
    )
    assert sum("maximum" in bid for bid in mine.json()["data"]) == 1


def test_the_page_says_when_the_connection_is_lost_and_finds_back(page: Any, house: House) -> None:
    house.stop()
    page.wait_for_selector("body[data-link=down]")
    assert "may be old" in str(page.text_content("#link"))
    house.start()
    page.wait_for_selector("body[data-link=live]")


def test_the_link_of_a_letter_leads_to_a_new_password(house: House, page: Any) -> None:
    register(house, "forgetful")
    house.client.post("/api/auth/forgot-password", json={"email": "forgetful@example.com"})
    link = wait_for(lambda: re.search(r"/reset-password\?code=\S+", house.output()))
    page.goto(house.address + link[0])
    assert "code" not in page.url, "nobody reads it over a shoulder"
    page.fill("#password", "New-secret-1")
    page.fill("#again", "New-secret-2")
    page.click(".go")
    until(page, "document.querySelector('.answer').textContent.includes('do not match')")
    page.fill("#again", "New-secret-1")
    page.click(".go")
    page.wait_for_url(house.address + "/")
    until(page, "document.querySelector('#who')?.textContent === 'forgetful'")
