"""A whole house on real parts, and people in it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from prometheus_client import CollectorRegistry

from vendue.api.access import Access
from vendue.api.app import Api, ApiSettings, build
from vendue.api.auth import Door
from vendue.api.desk import Desk
from vendue.api.health import Check, Down, Health
from vendue.api.permissions import UserRole
from vendue.api.roles import make_roles
from vendue.api.signing import Signer
from vendue.api.tokens import Tokens
from vendue.assemble import open_catalogue
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board
from vendue.catalogue.port import Catalogue
from vendue.engine.engine import Engine
from vendue.files.folder import FolderFiles
from vendue.files.port import FileStore
from vendue.log.sqlite import SqliteLog
from vendue.mail.printed import PrintedMail
from vendue.projector import Projector
from vendue.rules.commands import Bid, command_id
from vendue.rules.receipts import Receipt

SECRET = "a secret of the tests, 32 bytes long"
SEED = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
GENEROUS = ApiSettings(sign_in_rate=100, sign_in_burst=100, address_rate=1000, address_burst=1000)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TTL_S = 900
DAY_MS = 24 * 3600 * 1000


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(5):
        while True:
            if await met():
                return
            await asyncio.sleep(0.01)


class Person:
    """Someone with an account, and a client that sends the token."""

    def __init__(self, user: str, client: httpx.AsyncClient) -> None:
        self.user, self.client = user, client

    async def ask(self, method: str, path: str, data: Any = None, status: int = 200, **more: Any) -> Any:
        """The JSON of an answer that must have this status; `data` is what goes under that name."""
        if data is not None:
            more["json"] = {"data": data}
        response = await self.client.request(method, path, **more)
        assert response.status_code == status, f"{response.status_code} {response.text}"
        return response.json() if response.content else None


class House:
    """Log, engine, projector, board, catalogue and the application over them."""

    def __init__(
        self, log: SqliteLog, board: Board, catalogue: Catalogue, files: FileStore, settings: ApiSettings
    ) -> None:
        self.log, self.board, self.catalogue, self.files = log, board, catalogue, files
        self.desk = Desk(log, self.board)
        self.engine, self.projector = Engine(log, self.board), Projector(log, catalogue)
        self.tokens, self.access = Tokens(SECRET), Access(catalogue, TTL_S)
        self.door = Door(self.tokens, self.access)
        self.signer = Signer(SEED)
        self.letters: list[str] = []
        self.parts = {"log": True, "catalogue": True}
        self._settings = settings
        self.app, self.recovery = self._build(catalogue)
        self.transport = httpx.ASGITransport(app=self.app)
        self.public = Person("", self._client({}))

    def _build(self, catalogue: Catalogue) -> Api:
        return build(
            catalogue=catalogue,
            board=self.board,
            desk=self.desk,
            files=self.files,
            tokens=self.tokens,
            access=self.access,
            signer=self.signer,
            mail=PrintedMail(self.letters.append),
            settings=self._settings,
            health=Health(
                {name: self._check(name) for name in self.parts},
                {"log", "catalogue"},
                CollectorRegistry(),
                {"log": "Mend it."},
            ),
            hasher=CHEAP,
        )

    def elsewhere(self, person: Person, catalogue: Catalogue | None = None) -> Person:
        """The same person at another api process, which may have its own way to the catalogue."""
        app, _ = self._build(catalogue or self.catalogue)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://vendue.test", headers=person.client.headers
        )
        return Person(person.user, client)

    def _check(self, name: str) -> Check:
        async def check() -> None:
            if not self.parts[name]:
                raise Down

        return check

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self.transport, base_url="http://vendue.test", headers=headers)

    async def person(self, name: str, role: UserRole = "authenticated") -> Person:
        """Someone new."""
        values = {"username": name, "email": f"{name}@example.com", "role": role}
        row = await self.catalogue.create("users", {**values, "password_hash": CHEAP.hash(f"{name}-password")})
        return self.signed_in(row)

    def signed_in(self, row: dict[str, Any]) -> Person:
        """An account's client with a fresh token."""
        token = self.tokens.issue(row)
        return Person(row["documentId"], self._client({"Authorization": f"Bearer {token}"}))

    async def draft(self, by: Person, **terms: Any) -> str:
        """An auction that could be listed as it is; its id."""
        now = self.desk.now_ms()
        whole = {"title": "Lot", "format": "english", "currency": "EUR", "starts_at": now, "ends_at": now + DAY_MS}
        answer = await by.ask("POST", "/api/auctions", {**whole, "starting_price": 10_000, **terms}, 201)
        id: str = answer["data"]["documentId"]
        return id

    async def listed(self, by: Person, **terms: Any) -> str:
        """An auction up for sale."""
        id = await self.draft(by, **terms)
        await by.ask("POST", f"/api/auctions/{id}/list", {}, 201)
        return id

    async def bid(self, person: Person, auction: str, amount: int, key: str = "", **more: Any) -> Receipt:
        """A bid's receipt, by the desk."""
        id = command_id(auction, person.user, key or self.desk.new_salt())
        command = Bid(
            auction=auction, id=id, by=person.user, role="bidder", salt=self.desk.new_salt(), amount=amount, **more
        )
        receipt = await self.desk.ask(command)
        assert receipt is not None, "no decision came"
        return receipt

    async def projected(self, auction: str, seq: int) -> None:
        """Wait until the catalogue has the auction's event `seq`."""

        async def there() -> bool:
            row = await self.catalogue.get("auctions", auction)
            return row is not None and (row["seq"] or 0) >= seq

        await until(there)


@contextlib.asynccontextmanager
async def open_house(
    folder: Path, settings: ApiSettings, url: str | None = None, board: Board | None = None
) -> AsyncIterator[House]:
    """A running house in a folder, with the catalogue at `url` or there too."""
    log = SqliteLog(folder)
    catalogue = await open_catalogue(url or f"sqlite:///{folder}/catalogue.sqlite")
    files = FolderFiles(folder / "files")
    house = House(log, board or MemoryBoard(), catalogue, files, settings)
    await house.desk.open()
    await make_roles(catalogue)
    await house.access.refresh()
    parts = (house.engine, house.projector, house.desk, house.access, house.recovery)
    running = [asyncio.create_task(part.run()) for part in parts]

    async def ready() -> bool:
        return house.engine.ready

    await until(ready)
    try:
        yield house
        for task in running:
            assert not task.done(), task
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await files.close()
        await catalogue.close()
        await log.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A running house with generous limits."""
    async with open_house(tmp_path, GENEROUS) as house:
        yield house
