"""`vendue run --demo` as a person starts it: a process of its own, and what it says."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar

import httpx

T = TypeVar("T")
SAID = re.compile(r"^  (bidder|seller|auctioneer|admin) +(\S+) +(\S+)$")


class House:
    """A running demo; `passwords` by username, empty where none were said."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, 0
        self.start()

    def start(self) -> None:
        """Start it, on the port that it had before."""
        environment = {**os.environ, "VENDUE_DATA": str(self._folder / "data"), "VENDUE_PORT": str(self._port)}
        self._errors: IO[bytes] = (self._folder / "stderr").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vendue.cli", "run", "--demo"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert self._process.stdout is not None
        self.said: list[str] = []
        while not (self.said and "demo-admin" in self.said[-1]) and not any(
            "user create" in each for each in self.said
        ):
            line = self._process.stdout.readline()
            assert line, (self._folder / "stderr").read_text()
            self.said.append(line.rstrip("\n"))
        self.address = self.said[0].removeprefix("vendue: ")
        self._port = int(self.address.rpartition(":")[2])
        matches = [found for line in self.said if (found := SAID.match(line))]
        self.passwords = {found[2]: found[3] for found in matches}
        self.client = httpx.Client(base_url=self.address, timeout=10)

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.client.close()
        self._process.send_signal(signal.SIGINT)
        try:
            assert self._process.wait(15) == 0, (self._folder / "stderr").read_text()
        finally:
            self._process.kill()
            self._process.communicate()
            self._errors.close()

    def lots(self, **filters: str) -> list[dict[str, Any]]:
        """The lots, the longest running first."""
        params = {f"filters[{name}]": value for name, value in filters.items()}
        response = self.client.get(
            "/api/auctions", params={"pagination[pageSize]": 100, "sort": "ends_at:desc", **params}
        )
        assert response.status_code == 200, response.text
        return list(response.json()["data"])

    def sign_in(self, username: str) -> dict[str, str]:
        """The header that says who asks."""
        body = {"identifier": username, "password": self.passwords[username]}
        response = self.client.post("/api/auth/local", json=body)
        assert response.status_code == 200, response.text
        return {"Authorization": f"Bearer {response.json()['jwt']}"}


def wait_for(what: Callable[[], T], seconds: float = 30) -> T:
    """What it returns once that is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.3)
    return found
