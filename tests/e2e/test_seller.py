"""A seller's way in the browser from a photo to a sale, and what an account is looked after with."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.acts import jpeg
from tests.e2e.house import House, wait_for

ZONE = "America/New_York"  # not the server's
Visit = Callable[[str, str], Any]


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Visit]:
    """Signs somebody in, in a context of his own, and gives the page; nothing may fail in it or break the policy."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def listen(message: Any) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def open_page(username: str, password: str) -> Any:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="en-GB", timezone_id=ZONE, base_url=house.address
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", listen)
        page.goto("/sign-in")
        page.get_by_label("Username or email").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_label("Password").press("Enter")
        page.wait_for_url("**/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def fault_at(page: Any, name: str) -> str:
    """What is said to be wrong with a field, as a screen reader finds it."""
    field = page.locator(f"[name={name}][aria-invalid=true]")
    field.wait_for()
    ids = (field.get_attribute("aria-describedby") or "").split()
    return " ".join(page.locator(f"[id='{each}']").inner_text() for each in ids)


def put_in_a_car(page: Any, house: House) -> str:
    """By the form, with faults on the way; its id."""
    page.goto("/sell")
    page.get_by_role("link", name="Add a car").first.click()
    page.get_by_label("Make", exact=True).fill("Saab")
    page.get_by_label("Year").fill("1700")
    page.get_by_role("button", name="Save").click()
    assert "At least 1885" in fault_at(page, "year")
    assert "fill this in" in fault_at(page, "model")
    page.get_by_label("Model", exact=True).fill("9-3 Aero")
    page.get_by_label("Year").fill("2006")
    page.get_by_label("Mileage").fill("143,000")
    page.locator("input[type=file]").set_input_files([jpeg("left.jpg", "red"), jpeg("front.jpg", "blue")])
    page.locator("[data-photo=there]").nth(1).wait_for()
    page.get_by_label("What it shows").nth(0).fill("The left side")
    page.get_by_label("What it shows").nth(1).fill("The front")
    later = page.get_by_role("button", name="Move photo 1 one later")
    later.focus()
    later.press("Enter")
    assert page.get_by_label("What it shows").nth(0).input_value() == "The front"
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(lambda url: "/sell/cars/" in url and not url.endswith("new"))
    id = str(page.url).rpartition("/")[2]
    car = house.client.get(f"/api/cars/{id}", params={"populate": "photos"}).json()["data"]
    assert (car["make"], car["year"], car["mileage"]) == ("Saab", 2006, 143_000)
    assert [(photo["name"], photo["alternativeText"]) for photo in car["photos"]] == [
        ("front.jpg", "The front"),
        ("left.jpg", "The left side"),
    ]
    return id


def put_it_up(page: Any, house: House, seconds: int) -> str:
    """With a reserve and sale on approval, ending in so many seconds; the auction's id."""
    page.get_by_role("link", name="Put it up for auction").click()
    title = page.get_by_label("Title")
    title.wait_for()
    assert title.input_value() == "2006 Saab 9-3 Aero"
    page.get_by_role("button", name="Put it up for sale").click()
    assert "fill this in" in fault_at(page, "starting_price")
    page.get_by_label("Starting price").fill("10,000")
    page.get_by_label("Reserve", exact=True).fill("9000")
    page.get_by_role("checkbox", name="A late bid gives everybody more time").uncheck()
    page.get_by_role("radio", name="I decide").check()
    ends = datetime.now(ZoneInfo(ZONE)) + timedelta(seconds=seconds)
    ends += timedelta(seconds=ends.second == 0)  # a browser writes a whole minute without its seconds
    page.get_by_label("End", exact=True).fill(ends.strftime("%Y-%m-%dT%H:%M:%S"))
    page.get_by_role("button", name="Put it up for sale").click()
    dialog = page.get_by_role("dialog", name="Put 2006 Saab 9-3 Aero up for sale?")
    dialog.get_by_role("button", name="Put it up for sale").click()
    assert "at least the starting price" in fault_at(page, "reserve_price")
    page.get_by_label("Reserve", exact=True).fill("30000")
    page.get_by_role("button", name="Put it up for sale").click()
    dialog.wait_for()
    assert "reserve of €30,000 is met; otherwise you decide within 2 days" in dialog.inner_text()
    dialog.get_by_role("button", name="Put it up for sale").click()
    page.locator("[data-status=live]").wait_for()
    id = str(page.url).rpartition("/")[2]
    row = house.client.get(f"/api/auctions/{id}").json()["data"]
    assert abs(row["ends_at"] - ends.timestamp() * 1000) < 1000 and row["soft_close"] is None
    return id


@pytest.mark.soak
def test_a_car_from_its_photos_to_its_sale(house: House, visit: Visit) -> None:
    seller = visit("demo-seller", house.passwords["demo-seller"])
    put_in_a_car(seller, house)
    auction = put_it_up(seller, house, seconds=45)

    body = {"data": {"auction": auction, "amount": 1_500_000}}
    placed = house.client.post("/api/bids", json=body, headers=house.sign_in("demo-bidder"))
    assert placed.status_code == 201, placed.text
    seller.get_by_role("cell", name="Bidder 1").wait_for()
    bidder = visit("demo-bidder", house.passwords["demo-bidder"])
    bidder.goto("/mine")
    lot = bidder.locator(f"article[data-id={auction}]")
    lot.get_by_text("You lead").wait_for()
    assert "€15,000" in lot.inner_text(), "his own maximum"

    seller.get_by_role("button", name="Sell for €10,000").wait_for(timeout=60_000)
    price = seller.get_by_label("Or offer it to the bidder for")
    price.fill("31000")
    seller.get_by_role("button", name="Make the offer").click()
    assert "at most the reserve" in fault_at(seller, "price")
    price.fill("12,500.00")
    seller.get_by_role("button", name="Make the offer").click()
    seller.get_by_text("You offered it for €12,500").wait_for()

    bidder.get_by_role("button", name="Buy for €12,500").click()
    bidder.get_by_role("dialog", name="Buy for").get_by_role("button", name="Buy for €12,500").click()
    bidder.get_by_role("tab", name="Won").click()
    lot.get_by_text("You won").wait_for()
    assert "€12,500" in lot.inner_text()

    seller.get_by_text("Sold for €12,500.").wait_for()
    seller.get_by_text("The buyer is demo-bidder.").wait_for()
    row = house.client.get(f"/api/auctions/{auction}").json()["data"]
    assert (row["status"], row["hammer_price"]) == ("sold", 1_250_000)


@pytest.mark.soak
def test_a_draft_that_was_changed_elsewhere_asks_which_one_counts(house: House, visit: Visit) -> None:
    headers = house.sign_in("demo-seller")
    made = house.client.post("/api/auctions", json={"data": {"title": "First"}}, headers=headers)
    path = f"/api/auctions/{made.json()['data']['documentId']}"
    page = visit("demo-seller", house.passwords["demo-seller"])
    page.goto(path.replace("/api/", "/sell/"))
    title = page.get_by_label("Title")
    title.fill("Mine")
    house.client.put(path, json={"data": {"title": "Theirs"}}, headers=headers).raise_for_status()
    save = page.get_by_role("button", name="Save the draft")
    save.click()
    page.get_by_role("button", name="Keep mine").click()
    page.get_by_role("dialog", name="It was changed elsewhere").wait_for(state="hidden")
    assert house.client.get(path, headers=headers).json()["data"]["title"] == "Mine"
    house.client.put(path, json={"data": {"title": "Theirs again"}}, headers=headers).raise_for_status()
    title.fill("Not this")
    save.click()
    page.get_by_role("button", name="Take the newer one").click()
    wait_for(lambda: title.input_value() == "Theirs again")
    assert house.client.get(path, headers=headers).json()["data"]["title"] == "Theirs again"


def test_a_new_password_signs_everybody_else_out(house: House, visit: Visit) -> None:
    body = {"username": "careful", "email": "careful@example.com", "password": "the old secret"}
    other = house.client.post("/api/auth/local/register", json=body)
    assert other.status_code == 200, other.text
    headers = {"Authorization": f"Bearer {other.json()['jwt']}"}
    page = visit("careful", "the old secret")
    page.goto("/account")
    sessions = page.locator("#sessions li")
    sessions.nth(1).wait_for()
    assert sessions.filter(has_text="Here").count() == 1
    password = page.locator("#password")
    password.get_by_label("Password until now").fill("a wrong one")
    password.get_by_label("New password").fill("the new secret")
    password.get_by_label("Once more").fill("the new secret")
    password.get_by_role("button").click()
    password.get_by_text("This is not your password.").wait_for()
    assert house.client.get("/api/users/me", headers=headers).status_code == 200
    password.get_by_label("Password until now").fill("the old secret")
    password.get_by_role("button").click()
    page.get_by_text("Your password is changed").first.wait_for()
    wait_for(lambda: house.client.get("/api/users/me", headers=headers).status_code == 401)
    assert house.client.post("/api/auth/refresh").status_code == 401
    wait_for(lambda: sessions.count() == 1)
    page.reload()
    sessions.first.wait_for()
    assert sessions.count() == 1 and "Here" in sessions.first.inner_text(), "here one is still signed in"
    signed_in = house.client.post("/api/auth/local", json={"identifier": "careful", "password": "the new secret"})
    assert signed_in.status_code == 200
