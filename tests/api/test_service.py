"""Health, metrics, the description and the page."""

import asyncio
from typing import Any

import pytest
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry

from tests.api.conftest import House
from vendue.api import health
from vendue.api.health import Down, Health
from vendue.api.permissions import PERMISSIONS
from vendue.api.web import BUILT, PAGES, PANEL


async def test_health_names_its_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEEP_S", 0)
    assert await house.public.ask("GET", "/health") == {"status": "up", "parts": {"log": "up", "catalogue": "up"}}
    house.parts["log"] = False
    answer = await house.public.ask("GET", "/health", status=503)
    assert answer == {"status": "down", "parts": {"log": "down", "catalogue": "up"}}


async def test_however_many_ask_for_its_health_a_part_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEEP_S", 60)
    asked = 0

    async def check() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        if asked > 1:
            raise Down

    found = Health({"log": check}, ["log"], CollectorRegistry())
    leaves = asyncio.create_task(found.health())
    await asyncio.sleep(0)
    stay = [asyncio.create_task(found.ready() if number % 2 else found.health()) for number in range(20)]
    await asyncio.sleep(0.01)
    leaves.cancel()  # who hangs up takes the answer from nobody
    assert {answer.status_code for answer in await asyncio.gather(*stay)} == {200}
    assert (await found.health()).status_code == 200 and asked == 1
    monkeypatch.setattr(health, "KEEP_S", 0)
    assert (await found.ready()).status_code == 503 and asked == 2
    found.stopping = True
    assert b"stopping" in (await found.ready()).content, "which is known without asking"


async def test_metrics_are_prometheus_text(house: House) -> None:
    response = await house.public.client.get("/metrics")
    assert response.status_code == 200
    assert response.headers.get_list("content-type") == [CONTENT_TYPE_LATEST]


async def test_every_route_is_described_and_nothing_else(house: House) -> None:
    description = await house.public.ask("GET", "/openapi.json")
    described = {(path, method) for path, methods in description["paths"].items() for method in methods}
    served = set()
    for route in house.app.routes:
        for method in getattr(route, "methods", ()):
            served.add((route.path_format, method.lower()))
    ours = {entry for entry in served if entry[1] not in ("options", "head")}
    ours -= {(path, "get") for path in ("/docs", "/docs.css", "/openapi.json")}
    ours = {(path, method) for path, method in ours if not _of_the_web(path)}
    ours.discard(("/api/auctions/{id}/{action}", "post"))
    actions = {entry for entry in described if entry[0].startswith("/api/auctions/{id}/") and entry[1] == "post"}
    assert len(actions) == 10
    assert described - actions - ours == {("/api/bids", "post"), ("/api/live/{id}", "get")}
    assert ours <= described
    assert {f"api::auction.auction.{path.rpartition('/')[2]}" for path, _ in actions} <= PERMISSIONS.keys()


async def test_every_reference_of_the_description_resolves(house: House) -> None:
    description = await house.public.ask("GET", "/openapi.json")
    schemas = description["components"]["schemas"]

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "$ref" in value:
                assert value["$ref"].rpartition("/")[2] in schemas
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(description)


async def test_the_docs_ask_nobody_else_and_run_no_script(house: House) -> None:
    response = await house.public.client.get("/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in response.text and "//" not in response.text.replace("</", "")
    assert "/api/auctions/{id}/list" in response.text and "TermsInput" in response.text
    assert (await house.public.client.get("/docs.css")).headers["content-type"] == "text/css; charset=utf-8"


async def test_every_answer_is_fenced_in(house: House) -> None:
    for path in ("/", "/docs", "/health", "/api/cars", "/api/nothing"):
        headers = (await house.public.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


async def test_head_answers_as_get_without_a_body(house: House) -> None:
    response = await house.public.client.head("/api/cars")
    assert response.status_code == 200 and response.content == b""


def _of_the_web(path: str) -> bool:
    pages = {each.replace(":str", "").replace(":path", "") for each in (*PAGES, *PANEL)}
    return path in pages or (BUILT / path.lstrip("/")).is_file()
