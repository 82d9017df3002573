"""The OpenAPI description against the whole system behind a real server: no 500, and answers as described."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.files.pictures import encoded, halves
from vendue.api.openapi import describe
from vendue.api.photo_rows import row_of
from vendue.api.tokens import Tokens
from vendue.files import photos
from vendue.rules.commands import Bid, List
from vendue.rules.terms import Terms
from vendue.settings import Settings
from vendue.system import system

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SECRET = "a secret of the tests, 32 bytes long"

schema = schemathesis.openapi.from_dict(describe())


class Served:
    """A server in a thread, with things in it to ask for."""

    def __init__(self, folder: Path) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, list[str]] = {}
        self._settings = Settings(
            data=str(folder),
            secret=SECRET,
            sign_in_rate=1e6,
            sign_in_burst=10_000_000,
            sign_in_address_rate=1e6,
            sign_in_address_burst=10_000_000,
            action_rate=1e6,
            action_burst=10_000_000,
            bid_rate=1e6,
            bid_burst=10_000_000,
        )
        self._ready = threading.Event()
        self._server: uvicorn.Server | None = None
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> "Served":
        self.thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self.thread.join(10)
        self.socket.close()

    async def _serve(self) -> None:
        async with system(self._settings, print) as (whole, _):
            for role in ("authenticated", "seller", "admin"):
                values = {"username": role, "email": f"{role}@example.com", "role": role, "blocked": False}
                row = await whole.catalogue.create("users", {**values, "password_hash": PasswordHasher().hash("x")})
                self.tokens[role] = Tokens(SECRET).issue(row)
                self.ids.setdefault("users", []).append(row["documentId"])
            seller = self.ids["users"][1]
            car = await whole.catalogue.create("cars", {"make": "Ford", "model": "Ka", "seller": seller})
            self.ids["cars"] = [car["documentId"]]
            now = whole.site.desk.now_ms()
            terms = Terms("english", "EUR", now, now + 10**9, 1000, seller_ids=(seller,))
            for title, listed in (("Draft", False), ("Listed", True)):
                values = {"title": title, "status": "draft", "bids_count": 0, "seller": seller}
                id = (await whole.catalogue.create("auctions", values))["documentId"]
                self.ids.setdefault("auctions", []).append(id)
                if listed:
                    await whole.site.desk.ask(List(auction=id, id=id, by=seller, role="seller", salt="00", terms=terms))
                    bidder = self.ids["users"][0]
                    bid = Bid(auction=id, id="bid", by=bidder, role="bidder", salt="00", amount=2000)
                    await whole.site.desk.ask(bid)
                    self.ids["bids"] = ["bid"]
            photo = photos.read(encoded(halves(), "PNG"), 10**6)
            await whole.files.put(f"{photo.hash}{photo.ext}", photo.whole.content)
            row = await whole.catalogue.create("files", {"name": "car.png", "owner": seller, **row_of(photo)})
            self.ids["upload"], self.ids["uploads"] = [row["documentId"], str(row["id"])], [f"{photo.hash}{photo.ext}"]
            config = uvicorn.Config(whole.app, log_level="critical", lifespan="off", ws=whole.site.live.socket)
            self._server = server = uvicorn.Server(config)
            self._ready.set()  # the socket listens, so that whoever connects waits
            await server.serve([self.socket])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("served")) as served:
        yield served


@schema.exclude(path="/api/live/{id}").parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_description_holds(served: Served, case: Any) -> None:
    kind = _kind(case)
    _meet(case, served.ids)
    role = "authenticated" if kind == "bids" or case.operation.path.endswith("-offer") else "admin"
    headers = {} if kind == "auth" else {"Authorization": f"Bearer {served.tokens[role]}"}
    case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS, timeout=20)


def _kind(case: Any) -> str:
    path: str = case.operation.path
    return path.removeprefix("/api").split("/")[1]


def _meet(case: Any, ids: dict[str, list[str]]) -> None:
    """Let two requests in three meet something that is there, and what is well formed hang together."""
    known = ids.get(_kind(case), [])
    key, id = next(iter((case.path_parameters or {}).items()), ("", ""))
    kept = _kind(case) == "users" and case.method != "GET"  # who asks must not be deleted
    if known and len(id) % 3 and not kept:
        case.path_parameters[key] = known[len(id) % len(known)]
    data = case.body.get("data") if isinstance(case.body, dict) else None
    if case.meta.generation.mode == GenerationMode.POSITIVE and isinstance(data, dict):
        case.query = {}
        for name, kind in (("seller", "users"), ("car", "cars"), ("auction", "auctions"), ("bidder", "users")):
            if data.get(name) is not None:
                data[name] = ids[kind][-1]
