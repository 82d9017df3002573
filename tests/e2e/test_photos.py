"""A car's photos: how its seller puts them in and in order, and how they are looked at."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import jpeg
from tests.e2e.browser import Visits
from tests.e2e.house import wait_for
from tests.e2e.sale import Sale

COLOURS = ("red", "green", "blue")


def uploaded(sale: Sale) -> list[str]:
    """One photo of each colour, named and described by it; their ids."""
    ids = []
    for colour in COLOURS:
        photo = jpeg(f"{colour}.jpg", colour)
        info = {"fileInfo": f'{{"alternativeText": "a {colour} car"}}'}
        files = {"files": (photo["name"], photo["buffer"], photo["mimeType"])}
        response = sale.client.post("/api/upload", files=files, data=info, headers=sale.as_("clara"))
        assert response.status_code == 201, response.text
        ids.append(str(response.json()[0]["documentId"]))
    return ids


def test_photos_are_put_in_and_in_order(visits: Visits, sale: Sale) -> None:
    car = sale.made("cars", {"make": "Saab", "model": "96"})
    clara = visits.open(sale, f"/sell/cars/{car}", who="clara")
    clara.locator("input[type=file]").set_input_files([jpeg(f"{each}.jpg", each) for each in COLOURS])
    tiles = clara.locator("[data-photo]")
    expect(clara.locator("[data-photo=there]")).to_have_count(3)
    for at, colour in enumerate(COLOURS):
        tiles.nth(at).get_by_label("What it shows").fill(f"a {colour} car")

    tiles.nth(2).locator("img").drag_to(tiles.nth(0).locator("img"))
    expect(tiles.nth(0).get_by_label("What it shows")).to_have_value("a blue car")
    tiles.nth(2).get_by_role("button", name="Move photo 3 one earlier").press("Enter")
    expect(tiles.nth(1).get_by_label("What it shows")).to_have_value("a green car")
    tiles.nth(2).get_by_role("button", name="Remove photo 3").click()
    expect(tiles).to_have_count(2)
    clara.get_by_role("button", name="Save").click()

    def photos() -> list[str]:
        row = sale.client.get(f"/api/cars/{car}", params={"populate": "photos"}).json()["data"]
        return [each["alternativeText"] for each in row["photos"]]

    wait_for(lambda: photos() == ["a blue car", "a green car"])


def test_without_tls_a_car_is_put_in_and_up(visits: Visits, sale: Sale) -> None:
    clara = visits.open(sale, None, who="clara")
    clara.add_init_script("delete Crypto.prototype.randomUUID")
    clara.goto(f"{sale.address}/sell/cars/{sale.made('cars', {'make': 'Saab', 'model': '99'})}")
    clara.locator("input[type=file]").set_input_files(jpeg("red.jpg", "red"))
    expect(clara.locator("[data-photo=there]")).to_have_count(1)
    clara.get_by_role("button", name="Save").click()
    clara.get_by_role("link", name="Put it up for auction").click()
    clara.get_by_label("Starting price").fill("1000")
    clara.get_by_label("End", exact=True).fill(f"{(datetime.now(UTC) + timedelta(days=2)).date()}T12:00")
    clara.get_by_role("button", name="Put it up for sale").click()
    clara.get_by_role("dialog").get_by_role("button", name="Put it up for sale").click()
    expect(clara.locator("[data-status=live]")).to_be_visible()


def test_enlarged_photos_go_by_the_arrow_keys(visits: Visits, sale: Sale) -> None:
    lot = sale.put_up("Saab 95", photos=uploaded(sale))
    page = visits.open(sale, f"/auctions/{lot}")
    enlarge = page.get_by_role("button", name="Enlarge")
    enlarge.press("Enter")
    dialog = page.get_by_role("dialog", name="Saab 95")
    expect_shown(dialog, "red", "1 of 3")
    for key, colour, count in [
        ("ArrowRight", "green", "2 of 3"),
        ("ArrowRight", "blue", "3 of 3"),
        ("ArrowRight", "red", "1 of 3"),
        ("ArrowLeft", "blue", "3 of 3"),
        ("ArrowLeft", "green", "2 of 3"),
    ]:
        page.keyboard.press(key)
        expect_shown(dialog, colour, count)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(enlarge).to_be_focused()
    expect_shown(stage(page), "green", "2 of 3")
    page.keyboard.press("ArrowRight")
    expect_shown(stage(page), "blue", "3 of 3")


def stage(page: Page) -> Locator:
    """The photos as they stand on the page."""
    return page.locator("main").locator("div:has(> ul)").first


def expect_shown(where: Locator, colour: str, count: str) -> None:
    """This photo is the one in sight, at rest, and said to be so."""
    expect(where).to_contain_text(count)
    expect(where.get_by_alt_text(f"a {colour} car")).to_be_in_viewport(ratio=0.95)
