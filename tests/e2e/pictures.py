"""Takes pictures of every page, from a demo of its own: python -m tests.e2e.pictures [NAME …], into docs/pictures.

NAME-{desk,phone}-{light,dark}.webp. A page that answers an error, or that is not there yet, is left out and named.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.e2e.acts import dialog_of
from tests.e2e.browser import DESK, FLAGS, PHONE, Visits, chromium
from tests.e2e.house import House, wait_for

FOLDER = Path(__file__).parents[2] / "docs/pictures"
QUALITY = 80
MOST_BYTES = 6_000_000
SIZES = {"desk": DESK, "phone": PHONE}
SCHEMES = ("light", "dark")
_ENOUGH_BIDS = 40
_PATIENCE_MS = 20_000
_CURVES_MS = 30_000


class Picture(NamedTuple):
    """A page by the name of its picture; `who` looks at it, `act` brings it into the state to be seen.

    `path` is asked for when it is taken where the lot is not to be over by then.
    """

    name: str
    path: str | Callable[[], str]
    who: str | None = None
    act: Callable[[Page], None] | None = None


def _ask_to_bid(page: Page) -> None:
    page.locator("#bid").get_by_role("button").first.click()
    expect(dialog_of(page)).to_be_visible()


def _open_filters(page: Page) -> None:
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Mileage up to")).to_be_visible()


def _fill_curves(page: Page) -> None:
    page.wait_for_timeout(_CURVES_MS)


def pictures(house: House) -> list[Picture]:
    """What there is to see, of the sale as it stands."""
    chosen = _lots(house)
    bidder, seller, admin = "demo-bidder", "demo-seller", "demo-admin"
    return [
        Picture("auctions", "/"),
        Picture("auctions-signed-in", "/", bidder),
        Picture("auctions-filters", "/", None, _open_filters),
        Picture("auctions-upcoming", "/?tab=upcoming"),
        Picture("auctions-finished", "/?tab=finished"),
        Picture("auctions-none", "/?q=nothing+of+this+name"),
        *(Picture(f"lot-{kind}", f"/auctions/{id}", bidder) for kind, id in chosen.items()),
        Picture("lot-dutch", lambda: f"/auctions/{_live(house, format='dutch')[0]}", bidder),
        Picture("lot-visitor", f"/auctions/{chosen['leading']}"),
        Picture("lot-bid", f"/auctions/{chosen['outbid']}", bidder, _ask_to_bid),
        Picture("sign-in", "/sign-in"),
        Picture("register", "/register"),
        Picture("forgot-password", "/forgot-password"),
        Picture("reset-password", "/reset-password?code=1"),
        Picture("sign-in-first", "/mine"),
        Picture("mine", "/mine", bidder),
        Picture("watchlist", "/watchlist", bidder),
        Picture("account", "/account", bidder),
        Picture("audit", "/audit"),
        Picture("sell", "/sell", seller),
        Picture("sell-car", "/sell/cars/new", seller),
        Picture("sell-auction", "/sell/auctions/new", seller),
        Picture("panel-sign-in", "/admin"),
        Picture("panel-board", "/admin", admin),
        *(
            Picture(f"panel-{name}", f"/admin/{name}", admin)
            for name in ("cars", "auctions", "users", "bids", "files", "audit-log", "roles")
        ),
        Picture("panel-health", "/admin/health", admin, _fill_curves),
    ]


def _live(house: House, **filters: str) -> list[str]:
    """The lots that are open, the longest running first."""
    return [lot["documentId"] for lot in wait_for(lambda: house.lots(status="live", **filters), 60)]


def _lots(house: House) -> dict[str, str]:
    """Lots to look at, by what is seen on them; the demo's bidder bids on some and watches some."""

    proxy = iter(_live(house, format="english", proxy="true"))
    found = {
        "leading": next(proxy),
        "outbid": next(proxy),
        "direct": _live(house, format="english", proxy="false")[0],
        "sealed": _live(house, format="sealed_second_price")[0],
        "sold": wait_for(lambda: house.lots(status="sold"), 180)[0]["documentId"],
    }
    headers = house.sign_in("demo-bidder")

    def bid(lot: str, above: float) -> None:
        amount = int(house.lot(lot)["minimum_next"] * above) // 10_000 * 10_000 + 10_000
        body = {"data": {"auction": lot, "amount": amount, "confirm_jump": True}}
        house.client.post("/api/bids", json=body, headers=headers)

    bid(found["leading"], 3)
    bid(found["outbid"], 1)
    bid(found["sealed"], 1.2)
    longer = {
        "data": {"ends_at": house.lot(found["direct"])["ends_at"] + 60_000, "reason": "Two bidders asked for time"}
    }
    house.client.post(f"/api/auctions/{found['direct']}/extend", json=longer, headers=house.sign_in("demo-admin"))
    for lot in found.values():
        house.client.post("/api/watchlist", json={"data": {"auction": lot}}, headers=headers)
    return found


def _take(browser: Browser, house: House, wanted: list[Picture]) -> list[str]:
    """What was left out, and why."""
    left_out = []
    for who, (size, pixels), scheme in product(dict.fromkeys(each.who for each in wanted), SIZES.items(), SCHEMES):
        visits = Visits(browser)
        page = visits.open(house, None, who=who, size=pixels, color_scheme=scheme, reduced_motion="reduce")
        for picture in (each for each in wanted if each.who == who):
            name = f"{picture.name}-{size}-{scheme}"
            try:
                _shoot(page, house, picture).save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
                print(name, flush=True)
            except (Error, AssertionError) as error:
                left_out.append(f"{name}: {str(error).strip().splitlines()[0]}")
                (FOLDER / f"{name}.webp").unlink(missing_ok=True)
        page.context.close()
    return left_out


def _shoot(page: Page, house: House, picture: Picture) -> Image.Image:
    path = picture.path if isinstance(picture.path, str) else picture.path()
    response = page.goto(house.address + path)
    assert response and response.ok, f"{path} answered {response and response.status}"
    expect(page.locator("h1, h2, form, .MuiTypography-h6").filter(visible=True).first).to_be_visible()
    _rest(page)
    if picture.act:
        picture.act(page)
        _rest(page)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _rest(page: Page) -> None:
    """Nothing is on its way any more: what the page asked for, and its pictures."""
    page.wait_for_load_state("networkidle", timeout=_PATIENCE_MS)
    wait_for(lambda: page.evaluate("[...document.images].every((each) => each.complete || each.loading === 'lazy')"))
    wait_for(lambda: page.evaluate("document.getAnimations().every((each) => each.playState !== 'running')"), 5)


def main(names: list[str]) -> int:
    """Of the pages named, or of all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=_PATIENCE_MS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        house = House(
            Path(folder),
            settings={
                "VENDUE_LOG_LEVEL": "warning",
                "VENDUE_SIGN_IN_BURST": "1000",
                "VENDUE_SIGN_IN_ADDRESS_BURST": "1000",
            },
        )
        browser = started.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            wait_for(lambda: house.client.get("/api/bids").json()["meta"]["pagination"]["total"] > _ENOUGH_BIDS, 120)
            wanted = [each for each in pictures(house) if not names or each.name in names]
            left_out = _take(browser, house, wanted)
        finally:
            browser.close()
            house.stop()
    for each in left_out:
        print(f"left out: {each}", file=sys.stderr)
    whole = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"{len(list(FOLDER.glob('*.webp')))} pictures, {whole / 1e6:.1f} MB", flush=True)
    return 0 if whole <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
