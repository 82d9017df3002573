"""A client of Vendue in one file: `pip install httpx websockets`, and copy it."""

import json
import random
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

AGAIN = (202, 429, 502, 503, 504)
"""Not decided yet, or not taken: the same bid under the same key may be sent again."""
BUSY = ("ServiceUnavailableError", "RateLimitError")


class Refused(Exception):
    """An answer that stays so; `code` is stable (`too_low`), `details` may hold `minimum` and `standing`."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.status, self.details = status, error["details"]
        self.code: str = self.details.get("code", error["name"])


class Undecided(Exception):
    """No decision came in time: the bid may count or not. Ask again with this `key`; it stays one bid."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no decision yet; ask again with key={key!r}")
        self.key = key


class Vendue:
    """One account at one house. Amounts are in the currency's minor unit, times epoch ms."""

    def __init__(self, address: str = "http://localhost:1337") -> None:
        self._address, self._http = address, httpx.Client(base_url=address, timeout=5)
        self._account: dict[str, str] = {}
        self._token = ""

    def sign_in(self, identifier: str, password: str) -> None:
        """By username or email; a token that runs out is renewed with the same."""
        self._account = {"identifier": identifier, "password": password}
        self._token = _good(self._http.post("/api/auth/local", json=self._account))["jwt"]

    def auctions(self, **parameters: str | int) -> list[dict[str, Any]]:
        """Those that fit, as `auctions(**{"filters[status]": "live", "sort": "ends_at"})`."""
        found: list[dict[str, Any]] = _good(self._http.get("/api/auctions", params=parameters))["data"]
        return found

    def bid(self, auction: str, amount: int, key: str = "", within_s: float = 30, **more: Any) -> dict[str, Any]:
        """The decision on a bid, with its `outcome`. However often it is sent, it is one bid: the key makes it so.

        `more`: `kind="buy_now"`, `confirm_jump=True`. Raises Refused, and Undecided after `within_s` seconds.
        """
        key = key or secrets.token_urlsafe(16)
        body = {"data": {"auction": auction, "amount": amount, **more}}
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            wait = 0.5
            try:
                headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
                answer = self._http.post("/api/bids", json=body, headers=headers)
                if answer.status_code == 401 and self._account:
                    self.sign_in(**self._account)
                elif answer.status_code not in AGAIN:
                    decision: dict[str, Any] = _good(answer)["data"]
                    return decision
                else:
                    wait = float(answer.headers.get("Retry-After", wait))
            except httpx.TransportError:
                pass  # whether it arrived is unknown: the same key will tell
            time.sleep(min(wait, max(0.0, until - time.monotonic())))
        raise Undecided(key)

    def watch(self, auctions: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Each newer `{"standing": …, "now": ms}`, and signed in `{"you": …}`; a lost connection comes back."""
        since: dict[str, int] = {}
        failures = 0
        while True:
            try:
                with connect(self._address.replace("http", "ws", 1) + "/api/live") as socket:
                    if self._account:
                        socket.send(json.dumps({"id": 1, "auth": self._token}))
                    socket.send(json.dumps({"id": 2, "subscribe": list(auctions), "since": since}))
                    for text in socket:
                        frame = json.loads(text)
                        error = frame.get("error")
                        failures = failures if error else 0
                        if error and error["code"] == "UnauthorizedError" and self._account:
                            self.sign_in(**self._account)
                            socket.send(json.dumps({"id": 1, "auth": self._token}))
                        elif error and error["code"] in BUSY:
                            break
                        elif error:
                            raise Refused(0, {"details": {}, "name": error["code"], **error})
                        elif (standing := frame.get("standing")) and standing["seq"] > since.get(
                            standing["auction"], 0
                        ):
                            since[standing["auction"]] = standing["seq"]
                            yield frame
                        elif "you" in frame:
                            yield frame
            except (OSError, WebSocketException, httpx.TransportError):
                pass
            failures += 1
            time.sleep(min(10, 0.25 * 2**failures) * random.uniform(0.5, 1))  # noqa: S311  # not all at once


def _good(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    raise Refused(answer.status_code, answer.json()["error"])
