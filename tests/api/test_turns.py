"""A draft at two api processes at the same moment: what is listed is what everyone sees."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.conftest import House, Person
from vendue.api import turns
from vendue.catalogue.port import Catalogue
from vendue.log.port import LogUnavailable


class Held:
    """A catalogue that holds up one call until `go_on`."""

    def __init__(self, catalogue: Catalogue, name: str, content: str) -> None:
        self._catalogue, self._name, self._content = catalogue, name, content
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._catalogue, name)
        if name != self._name:
            return call

        async def held(content: str, *arguments: Any, **named: Any) -> Any:
            if content == self._content:
                self.reached.set()
                await self.go_on.wait()
            return await call(content, *arguments, **named)

        return held


class Lot:
    """A seller at one process and at another, and the draft of an auction."""

    def __init__(self, house: House, here: Person, car: str, id: str) -> None:
        self.house, self.here, self.there = house, here, house.elsewhere(here)
        self.car, self.id, self.path = car, id, f"/api/auctions/{id}"

    def at(self, held: Held) -> Person:
        """The seller at a process that is held up there."""
        return self.house.elsewhere(self.here, held)  # type: ignore[arg-type]  # as good as one


@pytest.fixture
async def lot(house: House) -> Lot:
    seller = await house.person("sam", "seller")
    car = (await seller.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    return Lot(house, seller, car, await house.draft(seller, car=car))


async def test_a_draft_that_is_being_listed_is_changed_nowhere(lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()
    ask = lot.house.desk.ask

    async def held(command: Any) -> Any:
        asked.set()
        await go_on.wait()
        return await ask(command)

    monkeypatch.setattr(lot.house.desk, "ask", held)
    listing = asyncio.create_task(lot.here.ask("POST", f"{lot.path}/list", {}, 201))
    await asked.wait()
    for method, path, data in (
        ("PUT", lot.path, {"starting_price": 1}),
        ("PUT", lot.path, {"car": None}),
        ("DELETE", lot.path, None),
        ("DELETE", f"/api/cars/{lot.car}", None),
    ):
        await lot.there.ask(method, path, data, 409)
    go_on.set()
    await listing
    answer = await lot.there.ask("GET", f"{lot.path}?populate=car")
    assert (answer["data"]["starting_price"], answer["data"]["car"]["documentId"]) == (10_000, lot.car)


@pytest.mark.parametrize("changed", ["auctions", "cars"])
async def test_what_changes_while_it_is_read_is_not_listed(lot: Lot, changed: str) -> None:
    held = Held(lot.house.catalogue, "find", "users")
    listing = asyncio.create_task(lot.at(held).ask("POST", f"{lot.path}/list", {}, 409))
    await held.reached.wait()
    if changed == "auctions":
        await lot.there.ask("PUT", lot.path, {"starting_price": 1})
    else:
        await lot.there.ask("PUT", f"/api/cars/{lot.car}", {"year": 2001})
    held.go_on.set()
    assert "same moment" in (await listing)["error"]["message"]
    assert (await lot.here.ask("GET", lot.path))["data"]["status"] == "draft"
    await lot.there.ask("PUT", lot.path, {"starting_price": 2})
    await lot.here.ask("POST", f"{lot.path}/list", {}, 201)
    assert (await lot.there.ask("GET", lot.path))["data"]["starting_price"] == 2


@pytest.mark.parametrize("content", ["auctions", "cars"])
async def test_what_was_listed_meanwhile_is_not_deleted(lot: Lot, content: str) -> None:
    held = Held(lot.house.catalogue, "delete", content)
    path = lot.path if content == "auctions" else f"/api/cars/{lot.car}"
    deleting = asyncio.create_task(lot.at(held).ask("DELETE", path, status=409))
    await held.reached.wait()
    await lot.here.ask("POST", f"{lot.path}/list", {}, 201)
    held.go_on.set()
    await deleting
    assert (await lot.here.ask("GET", f"{lot.path}?populate=car"))["data"]["car"]["documentId"] == lot.car


async def test_what_was_not_listed_after_all_may_be_changed_again(lot: Lot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(command: Any) -> Any:
        raise LogUnavailable("full")

    with monkeypatch.context() as patched:
        patched.setattr(lot.house.desk, "ask", full)
        await lot.here.ask("POST", f"{lot.path}/list", {}, 503)
    await lot.there.ask("PUT", lot.path, {"title": "Again"})

    async def lost(command: Any) -> Any:
        return None

    with monkeypatch.context() as patched:
        patched.setattr(lot.house.desk, "ask", lost)
        await lot.here.ask("POST", f"{lot.path}/list", {}, 202)
    await lot.there.ask("PUT", lot.path, {"title": "May be listed"}, 409)
    monkeypatch.setattr(turns, "LISTING_MS", 0)
    await lot.there.ask("PUT", lot.path, {"title": "Never was"})
    assert (await lot.house.catalogue.get("auctions", lot.id) or {})["seq"] is None
