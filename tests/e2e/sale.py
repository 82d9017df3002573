"""A house without the demo: people with known passwords, and lots put up as a test needs them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher

from tests.e2e.house import House, wait_for
from vendue.api.accounts import create_account
from vendue.api.passwords import Passwords
from vendue.api.tokens import Tokens
from vendue.assemble import catalogue_of
from vendue.catalogue.clock import now_ms
from vendue.catalogue.port import Catalogue
from vendue.settings import Settings

SECRET = "the fixed secret of these tests, of 32 bytes and more"
PASSWORD = "a long password"
PEOPLE = {"anna": "authenticated", "ben": "authenticated", "clara": "seller", "arthur": "auctioneer", "ada": "admin"}
HOUR_MS = 3_600_000
_SETTINGS = {
    "VENDUE_SECRET": SECRET,
    "VENDUE_LOG_LEVEL": "warning",
    # A test signs in oftener than a person does.
    "VENDUE_SIGN_IN_RATE": "1000",
    "VENDUE_SIGN_IN_BURST": "1000",
    "VENDUE_SIGN_IN_ADDRESS_RATE": "1000",
    "VENDUE_SIGN_IN_ADDRESS_BURST": "1000",
    "VENDUE_ACTION_RATE": "1000",
    "VENDUE_ACTION_BURST": "1000",
}
Fill = Callable[[Catalogue], Awaitable[None]]


class Sale(House):
    """Anna and Ben bid, Clara sells, Arthur is auctioneer, Ada admin. `fill`: puts more rows into the catalogue."""

    def __init__(self, folder: Path, fill: Fill | None = None) -> None:
        # In a thread of its own: the browser's own loop may be running in this one.
        with ThreadPoolExecutor(1) as apart:
            self.ids: dict[str, str] = apart.submit(asyncio.run, _settle(folder / "data", fill)).result()
        super().__init__(folder, demo=False, settings=_SETTINGS)

    def start(self) -> None:
        super().start()
        self.passwords = dict.fromkeys(PEOPLE, PASSWORD)

    def as_(self, name: str) -> dict[str, str]:
        """The header that says that `name` asks, without signing in."""
        row = {"documentId": self.ids[name], "role": PEOPLE[name]}
        return {"Authorization": f"Bearer {Tokens(SECRET).issue(row)}"}

    def put_up(
        self, title: str, *, lasts_ms: int = HOUR_MS, wait: bool = True, photos: Sequence[str] = (), **terms: Any
    ) -> str:
        """Clara lists a car; the id of the lot, once it is live."""
        values = {"make": title.split()[0], "model": title, "year": 2006, "mileage": 143_000, "photos": list(photos)}
        lot = self.made("auctions", {"title": title, "car": self.made("cars", values)})
        body = {"data": usual_terms(lasts_ms, **terms)}
        response = self.client.post(f"/api/auctions/{lot}/list", json=body, headers=self.as_("clara"))
        assert response.status_code == 201, response.text
        if wait:
            wait_for(lambda: self.lot(lot)["status"] == "live")
        return lot

    def made(self, content: str, values: dict[str, Any]) -> str:
        """The id of what Clara made of these values."""
        response = self.client.post(f"/api/{content}", json={"data": values}, headers=self.as_("clara"))
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["documentId"])

    def bid(self, name: str, lot: str, amount: int) -> dict[str, Any]:
        """`name` bids beside the page; the decision."""
        body = {"data": {"auction": lot, "amount": amount}}
        response = self.client.post("/api/bids", json=body, headers=self.as_(name))
        assert response.status_code == 201, response.text
        return dict(response.json()["data"])

    def refused(self, name: str, lot: str, amount: int) -> None:
        """`name` bids beside the page, and not enough; with a key, so that it is the log that refuses."""
        body = {"data": {"auction": lot, "amount": amount}}
        headers = self.as_(name) | {"Idempotency-Key": uuid4().hex}
        response = self.client.post("/api/bids", json=body, headers=headers)
        assert response.status_code == 409, response.text

    def bids_of(self, name: str, lot: str) -> list[dict[str, Any]]:
        """All that `name` has bid on a lot so far, the first first: these rows alone tell their bidder the maximum."""
        # A bid that is refused whatever the lot stands at: once it can be read, so can all before it.
        body = {"data": {"auction": lot, "amount": 1}}
        fence = self.client.post("/api/bids", json=body, headers=self.as_("clara")).json()["error"]["details"]
        assert fence["code"] == "own_auction"
        wait_for(lambda: (self.lot(lot)["seq"] or 0) >= fence["standing"]["seq"])
        params = {"filters[auction]": lot, "sort": "seq", "pagination[pageSize]": 100}
        response = self.client.get("/api/bids", params=params, headers=self.as_(name))
        assert response.status_code == 200, response.text
        return [bid for bid in response.json()["data"] if "maximum" in bid]


def usual_terms(lasts_ms: int = HOUR_MS, **terms: Any) -> dict[str, Any]:
    """An English auction from €1,000 on, but for `terms`."""
    usual: dict[str, Any] = {"format": "english", "currency": "EUR", "starting_price": 100_000}
    if terms.get("format", "english") == "english":
        usual |= {"proxy": True, "increments": "cars"}
    return usual | {"ends_at": now_ms() + lasts_ms} | terms


async def _settle(data: Path, fill: Fill | None) -> dict[str, str]:
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    found = {}
    async with catalogue_of(Settings(data=str(data))) as catalogue:
        for name, role in PEOPLE.items():
            row = await create_account(catalogue, cheap, name, f"{name}@example.com", PASSWORD, role=role)
            found[name] = str(row["documentId"])
        if fill is not None:
            await fill(catalogue)
    return found
