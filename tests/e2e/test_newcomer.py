"""Who comes for the first time: sees the demo's sale, opens an account, bids in every way, forgets a password."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from websockets.sync.client import ClientConnection, connect

from tests.e2e.acts import answer_of, bid, sign_in, status_of
from tests.e2e.browser import PHONE, Visits
from tests.e2e.house import House, wait_for


def register(house: House, name: str) -> str:
    body = {"username": name, "email": f"{name}@example.com", "password": "correct horse"}
    response = house.client.post("/api/auth/local/register", json=body)
    assert response.status_code == 200, response.text
    return str(response.json()["jwt"])


def some_lot(house: House, **filters: str) -> dict[str, Any]:
    """One that is open for long."""
    return wait_for(lambda: house.lots(status="live", **filters))[0]


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


@pytest.mark.parametrize("size", [(1280, 800), PHONE])
def test_a_visitor_sees_the_sale_move(visits: Visits, house: House, size: tuple[int, int]) -> None:
    page = visits.open(house, size=size)
    wait_for(lambda: len(house.lots(status="live")) > 10)
    cards = page.get_by_role("article")
    expect(cards.nth(2)).to_be_visible()
    expect(page.locator("[data-link=live]")).to_be_visible()
    clock = cards.first.locator("time")
    before = clock.inner_text()
    expect(clock).not_to_have_text(before)
    bids = r"[1-9]\d* bids?"
    expect(cards.filter(has_text=re.compile(bids)).first).to_be_visible(timeout=30_000)
    expect(cards.locator("img").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_newcomer_opens_an_account_and_bids(visits: Visits, house: House) -> None:
    visits.expect_error(r"/api/auth/local/register: .* 400 ")
    page = visits.open(house)
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Open an account").click()
    page.get_by_label("Username").fill("ab")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("3 to 60 characters without @, please.")).to_be_visible()
    expect(page.get_by_label("Username")).to_be_focused()
    page.get_by_label("Username").fill("demo-bidder")
    page.get_by_label("Email").fill("newcomer@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("The username or the email already belongs to an account.")).to_be_visible()
    page.get_by_label("Username").fill("newcomer")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("button", name="Account: newcomer")).to_be_visible()

    lot = some_lot(house, format="english", proxy="true")
    page.goto(f"{house.address}/auctions/{lot['documentId']}")
    expect(page.get_by_role("button", name="Account: newcomer")).to_be_visible()
    # More than the least: what others bid in the meantime must not ask for another look.
    bid(page, str(lot["minimum_next"] // 100 + 1_000))
    expect(answer_of(page)).to_contain_text("Accepted")
    expect(status_of(page)).to_contain_text("Your maximum")


def test_a_bidder_signs_in_and_out(visits: Visits, house: House) -> None:
    visits.expect_error(r"/api/auth/local: .* 400 ")
    page = visits.open(house, "/mine")
    page.get_by_role("link", name="Sign in").last.click()
    sign_in(page, "demo-bidder", "not this one")
    expect(page.get_by_text("That name and password do not belong together.")).to_be_visible()
    sign_in(page, "demo-bidder", house.passwords["demo-bidder"])
    page.wait_for_url(f"{house.address}/mine")
    page.reload()
    page.get_by_role("button", name="Account: demo-bidder").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_text("Sign in first")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Sign in first")).to_be_visible()


def test_the_link_of_a_letter_leads_to_a_new_password(visits: Visits, house: House) -> None:
    register(house, "forgetful")
    page = visits.open(house, "/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill("forgetful@example.com")
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_text("a letter is on its way")).to_be_visible()
    link = wait_for(lambda: re.search(r"/reset-password\?code=\S+", house.output()))
    page.goto(house.address + link[0])
    expect(page.get_by_role("heading", name="Set a new password")).to_be_visible()
    assert "code" not in page.url, "nobody reads it over a shoulder"
    page.get_by_label("New password").fill("New-secret-1")
    page.get_by_label("Once more").fill("New-secret-2")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("The two are not the same.")).to_be_visible()
    page.get_by_label("Once more").fill("New-secret-1")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("button", name="Account: forgetful")).to_be_visible()
    assert page.url == f"{house.address}/"
