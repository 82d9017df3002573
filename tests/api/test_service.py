"""Health, metrics, the description and the page."""

import asyncio
import json
from typing import Any

import pytest
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry

from tests.api.conftest import House
from vendue.advice import advice_for
from vendue.api import health
from vendue.api.health import Down, Health
from vendue.api.permissions import PERMISSIONS
from vendue.api.web import BUILT, PAGES, PANEL
from vendue.board.port import BoardUnavailable
from vendue.catalogue.port import CatalogueBroken
from vendue.log.clock import LogClock
from vendue.log.port import LogBroken, LogUnavailable
from vendue.mail.port import MailBroken
from vendue.settings import Settings


async def test_health_names_its_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEEP_S", 0)
    assert await house.public.ask("GET", "/health") == {"status": "up", "parts": {"log": "up", "catalogue": "up"}}
    house.parts["log"] = False
    answer = await house.public.ask("GET", "/health", status=503)
    faults = {"log": {"detail": "It does not do its work.", "advice": "Mend it."}}
    assert answer == {"status": "down", "parts": {"log": "down", "catalogue": "up"}, "faults": faults}


@pytest.mark.parametrize(
    ("error", "detail", "advice"),
    [
        (lambda: _jumped().admit_ms(), "clock jumped 3600.0 s ahead", "Set the machine's clock right"),
        (BoardUnavailable("no connection"), "Redis: no connection.", "as the settings say"),
        (CatalogueBroken("postgresql://vendue:password@db refuses"), "It does not answer", "as the settings say"),
        (
            MailBroken("The mail server at mail.example.com lets nobody in."),
            "It does not answer",
            "as the settings say",
        ),
        (LogBroken("/var/lib/vendue/log.db failed"), "The log cannot go on", "as the settings say"),
        (LogUnavailable("Kafka does not answer."), "Kafka does not answer.", "as the settings say"),
        (LogUnavailable("The disk is full.", 5, "Free some."), "The disk is full.", "Free some."),
        (None, "It did not answer within 0.05 s.", "as the settings say"),
    ],
)
async def test_a_part_that_is_down_says_why_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: Any, detail: str, advice: str
) -> None:
    monkeypatch.setattr(health, "ANSWER_WITHIN_S", 0.05)

    async def check() -> None:
        if error is None:
            await asyncio.sleep(5)
        if isinstance(error, Exception):
            raise error
        error()

    answer = await Health({"it": check}, [], CollectorRegistry(), {"it": "as the settings say"}).health()
    fault = json.loads(answer.content)["faults"]["it"]
    assert answer.status_code == 503 and fault["detail"].find(detail) >= 0 and fault["advice"].startswith(advice)
    assert "password" not in str(fault) and "example.com" not in str(fault) and "/var/lib" not in str(fault)


def _jumped() -> LogClock:
    """A log's clock on a machine whose wall clock was just set an hour ahead."""
    wall = iter((1_000_000.0, 1_003_600.0))
    return LogClock(0, lambda: next(wall), lambda: 0.0)


def test_whatever_a_system_stands_on_there_is_advice_for_it() -> None:
    places = [
        Settings(),
        Settings(log="kafka://k:9092", board="redis://r", catalogue="mongodb://m", files="s3://bucket"),
    ]
    for settings in places:
        advice = advice_for(settings)
        assert advice.keys() == {"log", "engine", "board", "catalogue", "files", "mail"} and all(advice.values())
    assert "VENDUE_DATA" in advice_for(places[0])["log"] and "VENDUE_LOG" in advice_for(places[1])["log"]


async def test_however_many_ask_for_its_health_a_part_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEEP_S", 60)
    asked = 0

    async def check() -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.05)
        if asked > 1:
            raise Down

    found = Health({"log": check}, ["log"], CollectorRegistry(), {})
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
