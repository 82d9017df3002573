"""The staff's panel at `/admin` in a real browser: what an admin and an auctioneer do there, and that everybody can."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import House, wait_for

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/board",
    "/auctions",
    "/auctions/create",
    "/cars",
    "/cars/create",
    "/bids",
    "/users",
    "/users/create",
    "/files",
    "/audit-log",
    "/api-tokens",
    "/api-tokens/create",
    "/roles",
    "/health",
)


@pytest.fixture(scope="module")
def house(house: House) -> House:
    """Where the panel is there."""
    if house.client.get("/admin").status_code == 503:
        pytest.skip("the panel is not built: run scripts/build-web")
    return house


class Desk:
    """A signed-in page; `complaints` are what the browser reported, faults of the policy among it."""

    def __init__(self, house: House, browser: Any, username: str, color_scheme: str = "light") -> None:
        self.house = house
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 800},
            locale="en-GB",
            color_scheme=color_scheme,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", self._asked)
        self.page.goto(f"{house.address}/admin")
        self.page.wait_for_selector("input[name=identifier]", timeout=8_000)  # it once took 16 s, signing out all along
        self.page.fill("input[name=identifier]", username)
        self.page.fill("input[name=password]", house.passwords[username])
        self.page.keyboard.press("Enter")

    def _heard(self, message: Any) -> None:
        # A refusal by the API is reported as a resource that failed to load, and is no fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.house.address, "blob:")):
            self.complaints.append(f"asked {request.url}")

    def open(self, path: str) -> Any:
        """A page of the panel, with its heading there."""
        self.page.goto(f"{self.house.address}/admin{path}")
        self.page.wait_for_selector("h1:not(:empty)")
        return self.page

    def say_why(self, reason: str, button: str) -> None:
        """Fill in the dialog that asks for a reason, and confirm."""
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(reason)
        dialog.get_by_role("button", name=button, exact=True).click()
        dialog.wait_for(state="detached")


@pytest.fixture(scope="module")
def desk(house: House, browser: Any) -> Iterator[Desk]:
    desk = Desk(house, browser, "demo-admin")
    desk.page.wait_for_url("**/admin/board")
    yield desk
    desk.context.close()
    assert desk.complaints == []


@pytest.fixture(scope="module")
def admin(house: House) -> dict[str, str]:
    return house.sign_in("demo-admin")


def new_car(house: House, admin: dict[str, str], vin: str) -> str:
    body = {"data": {"make": "Saab", "model": "900", "year": 1990, "mileage": 1000, "vin": vin}}
    response = house.client.post("/api/cars", json=body, headers=admin)
    assert response.status_code == 201, response.text
    return str(response.json()["data"]["documentId"])


def test_a_bidder_is_told_that_this_is_not_for_him(house: House, browser: Any) -> None:
    desk = Desk(house, browser, "demo-bidder")
    desk.page.get_by_role("heading", name="This is for the house's staff").wait_for()
    desk.page.goto(f"{house.address}/admin/users")
    desk.page.get_by_role("heading", name="This is for the house's staff").wait_for()
    desk.page.get_by_role("button", name="Sign in as somebody else").click()
    desk.page.wait_for_selector("input[name=identifier]")
    desk.context.close()
    assert desk.complaints == []


def test_a_fault_is_shown_at_its_field(desk: Desk, house: House, admin: dict[str, str]) -> None:
    car = new_car(house, admin, "FAULT1")
    page = desk.open(f"/cars/{car}")
    page.get_by_label("Year").fill("1700")
    page.get_by_role("button", name="Save").click()
    page.locator(".ra-input-year").get_by_text("greater than or equal to 1885").wait_for()
    page.get_by_label("Year").fill("1991")
    page.get_by_role("button", name="Save").click()
    wait_for(lambda: house.client.get(f"/api/cars/{car}").json()["data"]["year"] == 1991, 5)


@pytest.mark.parametrize("kept", ["mine", "theirs"])
def test_a_stale_edit_asks_which_shall_stand(desk: Desk, house: House, admin: dict[str, str], kept: str) -> None:
    car = new_car(house, admin, f"STALE-{kept}")
    page = desk.open(f"/cars/{car}")
    page.get_by_label("Location").fill("Here")
    theirs = {"data": {"location": "There", "mileage": 2000}}
    auctioneer = house.sign_in("demo-auctioneer")
    assert house.client.put(f"/api/cars/{car}", json=theirs, headers=auctioneer).status_code == 200
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("demo-auctioneer (Auctioneer)").wait_for()
    rows = dialog.get_by_role("row").all_inner_texts()
    assert ["\t".join(row.split()) for row in rows][1:] == ["Mileage,\tkm\t1000\t2000", "Location\tHere\tThere"]
    dialog.get_by_role("button", name=f"{'Keep' if kept == 'mine' else 'Take'} {kept}").click()
    dialog.wait_for(state="detached")
    field = page.get_by_label("Location")
    wait_for(lambda: field.input_value() == ("Here" if kept == "mine" else "There"), 5)
    row = house.client.get(f"/api/cars/{car}").json()["data"]
    assert (row["location"], row["mileage"]) == ("Here" if kept == "mine" else "There", 2000)


def test_a_permission_that_is_taken_is_felt_within_a_second(desk: Desk, house: House) -> None:
    bidder = house.sign_in("demo-bidder")
    lot = house.lots(status="live", format="sealed_second_price")[0]

    def bid(more: int) -> int:
        body = {"data": {"auction": lot["documentId"], "amount": lot["minimum_next"] + more}}
        return house.client.post("/api/bids", json=body, headers=bidder).status_code

    def set_and_save(reason: str) -> None:
        page.get_by_label("Bidder: Bid", exact=True).click()
        page.get_by_role("button", name="Review and save").click()
        desk.say_why(reason, "Save")

    assert bid(100) == 201
    page = desk.open("/roles")
    set_and_save("a test of the brakes")
    wait_for(lambda: bid(200) == 403, 1)
    set_and_save("they work")
    wait_for(lambda: bid(300) == 201, 1)


def test_what_another_admin_changed_meanwhile_is_shown_before_anything_is_saved(
    desk: Desk, house: House, admin: dict[str, str]
) -> None:
    role = "/api/users-permissions/roles/seller"

    def set_delete(enabled: bool) -> None:
        tree = {"api::car": {"controllers": {"car": {"delete": {"enabled": enabled}}}}}
        assert house.client.put(role, json={"permissions": tree}, headers=admin).status_code == 200

    page = desk.open("/roles")
    page.get_by_label("Seller: Create cars", exact=True).click()
    set_delete(False)
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("not this time")
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_text("Nothing was saved").wait_for()
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_text("Seller may no longer: Delete cars").wait_for()
    cars = house.client.get(role, headers=admin).json()["role"]["permissions"]["api::car"]["controllers"]["car"]
    assert (cars["create"]["enabled"], cars["delete"]["enabled"]) == (True, False)
    page.get_by_role("button", name="Discard").click()
    set_delete(True)


def test_a_lot_is_extended_from_the_board_and_the_reason_is_in_the_log(
    desk: Desk, house: House, admin: dict[str, str]
) -> None:
    page = desk.open("/board")
    lot = house.lots(status="live")[0]
    page.get_by_role("button", name=f"Actions for {lot['title']}", exact=True).last.scroll_into_view_if_needed()
    page.get_by_role("button", name=f"Actions for {lot['title']}", exact=True).last.click()
    page.get_by_role("menuitem", name="Extend").click()
    desk.say_why("the power failed", "Extend")
    wait_for(lambda: any(each["ends_at"] > lot["ends_at"] + 100_000 for each in house.lots(title=lot["title"])), 5)
    found = house.client.get("/api/audit-log", params={"filters[reason]": "the power failed"}, headers=admin)
    assert [line["action"] for line in found.json()["data"]] == ["api::auction.auction.extend"]
    page = desk.open("/audit-log")
    page.get_by_role("cell", name="the power failed").wait_for()


def test_bids_stream_onto_the_board(desk: Desk) -> None:
    page = desk.open("/board")
    stream = page.get_by_role("log", name="Latest bids")
    first = stream.locator("li time").first
    before = first.get_attribute("datetime")
    wait_for(lambda: first.get_attribute("datetime") != before)
    at = time.time() * 1000 - page.evaluate(
        "Date.parse(document.querySelector('[role=log] time').getAttribute('datetime'))"
    )
    assert at < 5_000, "it is shown a moment after it was placed"


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {node['html'][:300]}" for each in found for node in each["nodes"]]


@pytest.mark.skipif(not AXE.exists(), reason="web/node_modules is not there: run scripts/build-web")
@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(house: House, browser: Any, admin: dict[str, str], scheme: str) -> None:
    car = new_car(house, admin, f"AXE-{scheme}")
    lot = house.lots(status="live")[0]["documentId"]
    desk = Desk(house, browser, "demo-admin", scheme)
    desk.page.wait_for_url("**/admin/board")
    found = {}
    for path in (*PAGES, f"/cars/{car}", f"/cars/{car}/show", f"/auctions/{lot}/show"):
        page = desk.open(path)
        page.wait_for_load_state("networkidle") if path not in ("/board", "/health") else page.wait_for_selector(
            "[role=row], canvas"
        )
        if faults := violations(page):
            found[path] = faults
    desk.context.close()
    assert found == {}
    assert desk.complaints == []
