"""A real `vendue run` in a process and a data folder of its own, with people and auctions in it; and the fixed peer."""

import asyncio
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from argon2 import PasswordHasher

from bench.machine import SERVER_CORE, folder, pinned
from bench.sale import DAY_MS, OPENING, now_ms
from vendue.api.accounts import create_account
from vendue.api.passwords import Passwords
from vendue.api.tokens import Tokens
from vendue.assemble import catalogue_of
from vendue.settings import Settings

SECRET = "the fixed secret of the benchmarks, of 32 bytes and more"
BIDDERS = 50
_UNLIMITED = {
    "VENDUE_BID_RATE": "1000000",
    "VENDUE_BID_BURST": "1000000",
    "VENDUE_ACTION_RATE": "1000000",
    "VENDUE_ACTION_BURST": "1000000",
    "VENDUE_MAX_CONNECTIONS_PER_ADDRESS": "20000",
    "VENDUE_LOG_LEVEL": "warning",
}
_ANSWER_S = 30
_FILES = 16_384


class Server(NamedTuple):
    """A running server: its process id and port."""

    pid: int
    port: int

    def cpu_s(self) -> float:
        """Seconds of CPU that it has used, by all its threads; steady also where others use the machine."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(
        self, method: str, path: str, data: Any = None, token: str = ""
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """One request: status, headers, body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_S)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            connection.request(method, path, None if data is None else json.dumps({"data": data}), headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()


class People(NamedTuple):
    """Tokens."""

    seller: str
    bidders: list[str]


def settle(where: Path, bidders: int = BIDDERS) -> People:
    """Create accounts in a data folder, as `vendue user create` does."""
    return asyncio.run(_settle(Settings(data=str(where)), bidders))


async def _settle(settings: Settings, bidders: int) -> People:
    tokens, cheap = Tokens(SECRET, 24 * 3600), Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    found = []
    async with catalogue_of(settings) as catalogue:
        for number in range(bidders + 1):
            name, role = f"person-{number}", "authenticated" if number else "seller"
            row = await create_account(catalogue, cheap, name, f"{name}@example.com", "a password", role=role)
            found.append(tokens.issue(row))
    return People(found[0], found[1:])


@contextmanager
def vendue(where: Path, **settings: str) -> Iterator[Server]:
    """`vendue run` on a data folder."""
    more = {"VENDUE_DATA": str(where), "VENDUE_PORT": "0", "VENDUE_SECRET": SECRET, **_UNLIMITED, **settings}
    with serving([sys.executable, "-m", "vendue.cli", "run"], more) as server:
        yield server


@contextmanager
def watched_lot() -> Iterator[tuple[Path, People, Server, str]]:
    """A folder, accounts, `vendue run`, and a lot that is open for a day; this process may hold a file per watcher."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with folder() as name:
        where = Path(name)
        people = settle(where / "data")
        with vendue(where / "data") as server:
            (auction,) = put_up(server, people, in_a_day(1))
            yield where, people, server, auction


@contextmanager
def serving(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """A server on its core that prints its address on its first line; stopped at the end."""
    process = subprocess.Popen(
        pinned(SERVER_CORE, command), env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"the server did not start: exit {process.wait()}"
        yield Server(process.pid, int(line.rpartition(":")[2]))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def put_up(server: Server, people: People, ends_at: list[int]) -> list[str]:
    """List an auction over REST for each of these ends; their ids."""
    found = []
    for number, end in enumerate(ends_at):
        terms = {"format": "english", "currency": "EUR", "starting_price": OPENING, "increments": [[0, 1]]}
        values = {"title": f"Car {number}", "starts_at": now_ms(), "ends_at": end, **terms}
        status, _, body = server.ask("POST", "/api/auctions", values, people.seller)
        assert status == 201, body
        id = json.loads(body)["data"]["documentId"]
        status, _, body = server.ask("POST", f"/api/auctions/{id}/list", {}, people.seller)
        assert status == 201, body
        found.append(id)
    return found


def in_a_day(auctions: int) -> list[int]:
    """Ends that no measurement reaches."""
    return [now_ms() + DAY_MS] * auctions
