"""A data folder with accounts, made once by the command line and the register route."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.bidders import BIDDERS, Accounts
from tests.faults.process import Vendue, environment
from vendue.loadtest.client import Client

DISK_MB = 64


class House(NamedTuple):
    """A data folder in which these have accounts."""

    folder: Path
    accounts: Accounts

    def copy(self, to: Path) -> Path:
        """The same folder elsewhere."""
        return Path(shutil.copytree(self.folder, to, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A folder to copy: nothing runs on it."""
    folder = tmp_path_factory.mktemp("house") / "data"
    arguments = ["--username", "seller", "--email", "seller@example.com", "--role", "seller", "--password-stdin"]
    created = subprocess.run(
        [sys.executable, "-m", "vendue.cli", "user", "create", *arguments],
        check=True,
        env=environment(folder, {}),
        input="the seller's password",
        capture_output=True,
        text=True,
    )
    bidders = asyncio.run(_register(folder))
    return House(folder, {"seller": created.stdout.strip(), **bidders})


async def _register(folder: Path) -> Accounts:
    accounts = {}
    async with Vendue(folder) as vendue:
        client = Client(lambda: vendue.address)
        for name in (f"bidder{number}" for number in range(BIDDERS)):
            body = {"username": name, "email": f"{name}@example.com", "password": f"{name}'s password"}
            answer = await client.ask("POST", "/api/auth/local/register", body, bare=True)
            assert answer.status == 200, answer
            accounts[name] = answer.json["user"]["documentId"]
        await client.close()
        await vendue.stop()
    return accounts


@pytest.fixture
def folder(house: House, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return house.copy(tmp_path / "data")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "vendue-faults", str(folder)]
    mounted = subprocess.run(mounting, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
