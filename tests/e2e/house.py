"""`vendue run` as a person starts it, with the demo or without: a process of its own, and what it says."""

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
    """A running server; `passwords` by username, empty where none were said. `settings` as in the environment."""

    def __init__(self, folder: Path, *, demo: bool = True, settings: dict[str, str] | None = None) -> None:
        self._folder, self._demo, self._settings, self._port = folder, demo, settings or {}, 0
        self.start()

    def start(self) -> None:
        """Start it, on the port that it had before."""
        environment = {"VENDUE_DATA": str(self._folder / "data"), "VENDUE_PORT": str(self._port), **self._settings}
        self._errors: IO[bytes] = (self._folder / "stderr").open("ab")
        self._output: IO[bytes] = (self._folder / "stdout").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vendue.cli", "run", *(["--demo"] if self._demo else [])],
            env=os.environ | environment,
            stdout=self._output,
            stderr=self._errors,
        )
        self.said: list[str] = wait_for(self._greeting)
        self.address = self.said[0].removeprefix("vendue: ")
        self._port = int(self.address.rpartition(":")[2])
        matches = [found for line in self.said if (found := SAID.match(line))]
        self.passwords = {found[2]: found[3] for found in matches}
        self.client = httpx.Client(base_url=self.address, timeout=10)

    def _greeting(self) -> list[str]:
        """All lines of it, once the last one is there."""
        assert self._process.poll() is None, (self._folder / "stderr").read_text()
        said = self.output()
        last = r"(demo-admin|user create).*\n" if self._demo else r"^vendue: http.*\n"
        return said.splitlines() if re.search(last, said) else []

    def output(self) -> str:
        """What it has said, letters among it."""
        return (self._folder / "stdout").read_text()

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.client.close()
        self._process.send_signal(signal.SIGINT)
        try:
            assert self._process.wait(15) == 0, (self._folder / "stderr").read_text()
        finally:
            self.kill()

    def kill(self) -> None:
        """As a power cut does."""
        self.client.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        self._output.close()

    def lots(self, **filters: str) -> list[dict[str, Any]]:
        """The lots, the longest running first."""
        params = {f"filters[{name}]": value for name, value in filters.items()}
        response = self.client.get(
            "/api/auctions", params={"pagination[pageSize]": 100, "sort": "ends_at:desc", **params}
        )
        assert response.status_code == 200, response.text
        return list(response.json()["data"])

    def lot(self, id: str) -> dict[str, Any]:
        """One lot, as everyone may read it."""
        response = self.client.get(f"/api/auctions/{id}")
        assert response.status_code == 200, response.text
        return dict(response.json()["data"])

    def sign_in(self, username: str) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self._signed_in(username).json()['jwt']}"}

    def cookie(self, username: str) -> str:
        """The cookie that a browser has whose user signed in."""
        return self._signed_in(username).cookies["vendue_refresh"]

    def _signed_in(self, username: str) -> httpx.Response:
        body = {"identifier": username, "password": self.passwords[username]}
        response = httpx.post(f"{self.address}/api/auth/local", json=body)
        assert response.status_code == 200, response.text
        return response


def wait_for(what: Callable[[], T], seconds: float = 30) -> T:
    """What it returns once that is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)
    return found
