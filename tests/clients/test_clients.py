"""The clients in Python and TypeScript against a real `vendue run`, over a wire that loses answers and breaks."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.clients.lossy import Lossy
from tests.conftest import ROOT
from tests.faults.process import SECRET, Vendue
from vendue.api.tokens import Tokens
from vendue.assemble import open_catalogue

HERE, CLIENTS = Path(__file__).parent, ROOT / "clients"
TSC = ROOT / "web/node_modules/.bin/tsc"
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """vendue.ts as JavaScript, its types checked."""
    if not TSC.exists():
        pytest.skip("no TypeScript: scripts/build-web fetches it")
    folder = tmp_path_factory.mktemp("typescript")
    project = CLIENTS / "typescript"
    done = subprocess.run([TSC, "-p", project, "--outDir", folder], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    return (folder / "vendue.js").rename(folder / "vendue.mjs")


@pytest.fixture(params=["python", "typescript"])
def program(request: pytest.FixtureRequest) -> list[str]:
    """The command that runs the program of each."""
    if request.param == "python":
        return [sys.executable, str(HERE / "program.py")]
    compiled: Path = request.getfixturevalue("compiled")
    return ["node", "--no-warnings", "--experimental-websocket", str(HERE / "program.mjs"), compiled.as_uri()]


class Sale:
    """Two live auctions, a bidder with a password and another one."""

    def __init__(self, http: httpx.AsyncClient, auctions: list[str], other: str) -> None:
        self.http, self.auctions, self._other = http, auctions, other

    async def outbid(self, auction: str, amount: int) -> None:
        body = {"data": {"auction": auction, "amount": amount}}
        answer = await self.http.post("/api/bids", json=body, headers={"Authorization": f"Bearer {self._other}"})
        assert answer.json()["data"]["outcome"] == "leading"

    async def history(self, auction: str) -> list[tuple[str, str]]:
        """(alias, status) of all that was bid and that its bidder may see."""
        query = {"filters[auction]": auction, "sort": "seq", "fields": "alias,status"}
        rows = (await self.http.get("/api/bids", params=query)).json()["data"]
        return [(row["alias"], row["status"]) for row in rows]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Vendue]:
    folder = tmp_path / "data"
    folder.mkdir()
    async with Vendue(folder) as running:
        yield running


@pytest.fixture
async def sale(house: Vendue) -> AsyncIterator[Sale]:
    catalogue = await open_catalogue(f"sqlite:///{house.folder}/catalogue.db")
    seller = await catalogue.create("users", {"username": "sal", "email": "sal@example.com", "role": "seller"})
    await catalogue.close()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{house.port}") as http:
        tokens = {}
        for name in ("bidder", "other"):
            account = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
            tokens[name] = (await http.post("/api/auth/local/register", json=account)).json()["jwt"]
        headers = {"Authorization": f"Bearer {Tokens(SECRET).issue(seller)}"}
        terms = {"format": "english", "currency": "EUR", "starting_price": 200000}
        auctions = []
        for title in ("one", "two"):
            draft = await http.post("/api/auctions", json={"data": {"title": title, **terms}}, headers=headers)
            auctions.append(draft.json()["data"]["documentId"])
            ends = {"data": {"ends_at": int(time.time() * 1000) + 3_600_000}}
            assert (
                await http.post(f"/api/auctions/{auctions[-1]}/list", json=ends, headers=headers)
            ).status_code == 201
        yield Sale(http, auctions, tokens["other"])


class Told:
    """What the program prints, as it comes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        self._lines, self._process = process.stdout, process

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            line = await self._lines.readline()
        assert line, (await self._process.stderr.read()).decode() if self._process.stderr else ""
        told: dict[str, Any] = json.loads(line)
        return told

    async def until(self, **wanted: Any) -> list[dict[str, Any]]:
        """All that is told, up to what has these."""
        told = [await self.next()]
        while not wanted.items() <= told[-1].items():
            told.append(await self.next())
        return told


async def test_a_client_bids_once_and_sees_it_all_over_a_bad_wire(
    program: list[str], house: Vendue, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(CLIENTS / "python"))
    one, two = sale.auctions
    async with Lossy(house.port, lose=2) as wire:
        arguments = [f"http://127.0.0.1:{wire.port}", PASSWORD, one, two]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*program, *arguments, stdout=pipe, stderr=pipe)
        try:
            told = Told(process)
            assert await told.next() == {"live": sorted(sale.auctions)}
            assert await told.next() == {"outcome": "leading"}
            assert (wire.lose, await sale.history(one)) == (0, [("Bidder 1", "accepted")])
            assert await told.next() == {"code": "not_above_own_maximum", "minimum": 200001}
            assert wire.asked == 4, "three times the first, once the second"
            first = [await told.next() for _ in range(3)]
            assert {"state": "leading", "auction": one} in first
            assert {each["auction"] for each in first if "seq" in each} == {one, two}
            wire.cut()
            await sale.outbid(one, 300000)
            after = await told.until(state="outbid", auction=one)
            assert [each["price"] for each in after if "price" in each and each["auction"] == one] == [205000]
            assert not [each for each in after if each["auction"] == two], "nothing new of what had not changed"
        finally:
            process.kill()
            await process.wait()
