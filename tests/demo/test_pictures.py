"""The demo's pictures: every body in every colour from every side, as safe and small as they must be."""

import asyncio
import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from vendue.catalogue.query import Condition, Query
from vendue.demo import run_demo
from vendue.demo.cars import BODIES, COLOURS, MODELS
from vendue.demo.pictures import Drawing, gallery
from vendue.demo.pictures.bodies import SIDES
from vendue.demo.pictures.faces import FRONTS
from vendue.demo.pictures.paint import PAINTS
from vendue.demo.pictures.scene import SCENES, VARIANTS, scene_of
from vendue.demo.pictures.tails import REARS
from vendue.demo.plan import ROUND, plan
from vendue.settings import Settings
from vendue.system import System, system

MOST_BYTES = 32_000
PAINTED = {"path", "rect", "circle", "ellipse", "use"}
ALLOWED = PAINTED | {"svg", "defs", "g", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"}
ALLOWED |= {"filter", "feGaussianBlur"}


def every_car() -> list[tuple[str, str, int]]:
    """Each body in each colour; together they are in each place."""
    return [(body, colour, 9 * i + j) for i, body in enumerate(BODIES) for j, colour in enumerate(COLOURS)]


def test_all_that_the_demo_sells_can_be_drawn() -> None:
    assert {model.body for model in MODELS} <= set(BODIES)
    assert set(SIDES) == set(FRONTS) == set(REARS) == set(BODIES)
    assert set(PAINTS) == set(COLOURS)


@pytest.mark.parametrize(("body", "colour", "lot"), every_car())
def test_a_picture_is_a_small_and_harmless_svg(body: str, colour: str, lot: int) -> None:
    drawn = gallery(body, colour, lot)
    assert len({drawing.svg for drawing in drawn}) == len({drawing.name for drawing in drawn}) == 5
    for drawing in drawn:
        _check(drawing)
        assert f"{colour} {body}" in drawing.said and scene_of(lot).said in drawing.said


def _check(drawing: Drawing) -> None:
    assert 5_000 < len(drawing.svg.encode()) < MOST_BYTES
    assert drawing.svg.isascii()
    root = ElementTree.fromstring(drawing.svg)
    assert root.get("viewBox") == "0 0 1200 800"
    elements = list(root.iter())
    names = [element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in elements]
    assert set(names) <= ALLOWED
    assert sum(name in PAINTED for name in names) > 60
    assert not any((element.text or element.tail or "").strip() for element in elements)
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids))
    attributes = [item for element in elements for item in element.attrib.items()]
    assert not [name for name, _ in attributes if name == "style" or name.startswith("on")]
    pointed = {value for name, value in attributes if name.endswith("href")}
    pointed |= {found for _, value in attributes for found in re.findall(r"url\((.*?)\)", value)}
    assert pointed <= {f"#{id}" for id in ids}
    assert "nan" not in drawing.svg and "inf" not in drawing.svg


def test_the_same_car_is_drawn_the_same_and_another_is_not() -> None:
    assert gallery("coupe", "red", 5) == gallery("coupe", "red", 5) == gallery("coupe", "red", 5 + VARIANTS)
    seen = {gallery(body, colour, lot)[0].svg for body, colour, lot in every_car()}
    assert len(seen) == len(BODIES) * len(COLOURS)
    assert gallery("van", "red", 5)[4] != gallery("van", "red", 5, right_hand=True)[4]


def test_a_round_is_in_all_places_and_what_a_long_sale_keeps_has_an_end() -> None:
    assert {scene_of(lot.number).said for lot in plan(1408, 0)} == {scene.said for scene in SCENES}
    assert len(SCENES) >= 6 and VARIANTS >= ROUND
    for lot in plan(1408, 3):
        assert lot.car["description"].startswith(f"{lot.colour.capitalize()} {lot.body}.")


@pytest.fixture
async def selling(tmp_path: Path) -> AsyncIterator[System]:
    """A system with the demo's sale, every car of which has its pictures."""
    async with system(Settings(data=str(tmp_path)), print) as (whole, _):
        assert whole.site is not None
        demo = asyncio.create_task(run_demo(whole.catalogue, whole.site.desk, whole.files, print))
        async with asyncio.timeout(60):
            while await _shown(whole) < ROUND:
                await asyncio.sleep(0.1)
        yield whole
        demo.cancel()
        await asyncio.wait([demo])


async def _shown(whole: System) -> int:
    cars, _ = await whole.catalogue.find("cars", Query(limit=100, populate={"photos": Query()}))
    return sum(len(car["photos"]) == 5 for car in cars)


async def test_a_demo_car_has_photos_that_are_served_where_nothing_in_them_can_act(selling: System) -> None:
    transport = httpx.ASGITransport(selling.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        cars: list[dict[str, Any]] = (
            await client.get("/api/cars", params={"populate": "photos", "pagination[pageSize]": "100"})
        ).json()["data"]
        assert len(cars) == ROUND
        for photo in cars[0]["photos"]:
            assert (photo["mime"], photo["ext"], photo["formats"]) == ("image/svg+xml", ".svg", None)
            assert (photo["width"], photo["height"]) == (1200, 800)
            sent = await client.get(photo["url"])
            assert sent.status_code == 200
            assert sent.headers["content-type"] == "image/svg+xml"
            assert sent.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert sent.headers["x-content-type-options"] == "nosniff"
            assert sha256(sent.content).hexdigest() == photo["hash"]
        said = [photo["alternativeText"] for photo in cars[0]["photos"]]
        assert [text.split(",")[0].rsplit(" ", 1)[-1] for text in said[:3]] == ["left", "front", "behind"]


async def test_a_restart_adds_no_picture(selling: System) -> None:
    kept = {row["hash"] for row in (await selling.catalogue.find("files", Query(limit=200)))[0]}
    _, counted = await selling.catalogue.find("files", Query(limit=1))
    assert len(kept) == counted == 5 * ROUND
    (bare, *_), _ = await selling.catalogue.find("cars", Query(Condition(("vin",), "$startsWith", "DEMO"), limit=1))
    await selling.catalogue.update("cars", bare["documentId"], {"photos": []})  # as if it had stopped before
    assert selling.site is not None
    again = asyncio.create_task(run_demo(selling.catalogue, selling.site.desk, selling.files, print))
    async with asyncio.timeout(60):
        while await _shown(selling) < ROUND:
            await asyncio.sleep(0.1)
    again.cancel()
    await asyncio.wait([again])
    _, after = await selling.catalogue.find("files", Query(limit=1))
    assert after == counted
