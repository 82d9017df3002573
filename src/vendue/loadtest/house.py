"""The Vendue under test, as its clients reach it: accounts, lots, and what its record says afterwards."""

import asyncio
import secrets
import ssl
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from msgspec.json import decode

from vendue.loadtest.client import Answer, Client, Lost
from vendue.loadtest.plan import BadPlan

PAGE = 100
MOST_WAITS = 120
"""For a limit on sign-ins or listings, each as long as the server says."""
RENEW_LEFT_S = 240.0

Say = Callable[[str], None]


class Person:
    """Someone with an account. `idle`: connections of his that wait for a request."""

    def __init__(self, name: str, password: str) -> None:
        self.name, self.password = name, password
        self.id, self.token = "", ""
        self.idle: list[Client] = []

    def let_in(self, answer: Answer) -> None:
        """The server knows him now."""
        self.id, self.token = answer.json["user"]["documentId"], answer.json["jwt"]

    @property
    def left_s(self) -> float:
        """How long his token is good."""
        payload = self.token.split(".")[1]
        return float(decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]) - time.time()


class Place(NamedTuple):
    """Where it is."""

    url: str
    host: str
    port: int
    tls: ssl.SSLContext | None

    @property
    def live(self) -> str:
        """The live feed's address."""
        return f"{'wss' if self.tls else 'ws'}://{urlsplit(self.url).netloc}/api/live"


def place_of(url: str) -> Place:
    """What an address names. Raises BadPlan."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or parts.path.strip("/"):
        raise BadPlan(f"{url} is no address of a Vendue; write it as http://localhost:1337, without a path.")
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    whole = f"{parts.scheme}://{parts.netloc}"
    return Place(whole, parts.hostname, port or (443 if tls else 80), tls)


class House:
    """Asks it, politely where it has limits. `say` hears what takes long."""

    def __init__(self, place: Place, say: Say) -> None:
        self.place, self._say = place, say
        self._public = self.client()

    def client(self, token: str = "") -> Client:
        """A connection."""
        place = self.place
        return Client(lambda: (place.host, place.port), token, urlsplit(place.url).netloc, place.tls)

    async def close(self) -> None:
        """Hang up."""
        await self._public.close()

    async def look(self) -> None:
        """Whether a Vendue is there and takes work. Raises BadPlan."""
        try:
            answer = await self._public.ask("GET", "/health/ready")
            parts = answer.json["parts"]
        except Lost as error:
            raise BadPlan(f"Nothing answers at {self.place.url} ({error}); is Vendue running there?") from None
        except (ValueError, KeyError, TypeError):
            raise BadPlan(f"What answers at {self.place.url} is no Vendue; give its address without a path.") from None
        if answer.status != 200:
            down = ", ".join(name for name, state in parts.items() if state != "up") or answer.json["status"]
            raise BadPlan(f"The Vendue at {self.place.url} takes no work now ({down}); see its /health.")

    async def register(self, count: int) -> list[Person]:
        """So many new accounts. Raises BadPlan."""
        mark = secrets.token_hex(4)
        found = []
        for number in range(count):
            person = Person(f"load-{mark}-{number}", secrets.token_urlsafe(16))
            body = {"username": person.name, "email": f"{person.name}@loadtest.invalid", "password": person.password}
            answer = await self._ask(
                self._public, "POST", "/api/auth/local/register", body, f"account {number + 1} of {count}"
            )
            if answer.status != 200:
                raise BadPlan(f"Nobody can register there ({_said(answer)}); name bidders' accounts by --accounts.")
            person.let_in(answer)
            found.append(person)
        return found

    async def sign_in(self, person: Person) -> None:
        """With his password. Raises BadPlan."""
        body = {"identifier": person.name, "password": person.password}
        answer = await self._ask(self._public, "POST", "/api/auth/local", body, f"signing in {person.name}")
        if answer.status != 200:
            raise BadPlan(f"{person.name} cannot sign in ({_said(answer)}); check the name and the password.")
        person.let_in(answer)

    async def keep_signed_in(self, people: list[Person]) -> None:
        """Until cancelled: nobody's token runs out in a long test."""
        while True:
            for person in people:
                if person.left_s < RENEW_LEFT_S:
                    await self.sign_in(person)
                await asyncio.sleep(0.2)
            await asyncio.sleep(1)

    async def put_up(self, seller: Client, title: str, ends_at: int) -> str:
        """List a lot, live at once; its id. Raises BadPlan where the seller may not."""
        terms = {"format": "english", "currency": "EUR", "starting_price": 10_000, "increments": [[0, 100]]}
        values = {"data": {"title": title, "ends_at": ends_at, **terms}}
        draft = await self._ask(seller, "POST", "/api/auctions", values, "a lot")
        if draft.status != 201:
            raise BadPlan(f"The seller's account may not put a lot up ({_said(draft)}); it needs the role seller.")
        id: str = draft.json["data"]["documentId"]
        listed = await self._ask(seller, "POST", f"/api/auctions/{id}/list", {"data": {}}, "a lot")
        if listed.status not in (201, 202):
            raise BadPlan(f"A lot cannot be listed ({_said(listed)}).")
        return id

    async def _ask(self, client: Client, method: str, path: str, body: Any, what: str) -> Answer:
        """The answer, however often a limit has to be waited for. Raises BadPlan."""
        said = ""
        for _ in range(MOST_WAITS):
            try:
                answer = await client.ask(method, path, body, bare=True)
            except Lost as error:
                raise BadPlan(f"{self.place.url} does not answer any more ({error}).") from None
            if answer.status not in (429, 503):
                return answer
            wait_s = min(60, int(answer.headers.get("retry-after", "1")))
            said = _said(answer)
            self._say(f"{what}: {said}, waiting {wait_s} s")
            await asyncio.sleep(wait_s)
        raise BadPlan(f"{what}: still {said}; raise that limit there for the test, or ask for less.")

    async def rows(self, path: str, query: str, client: Client | None = None) -> list[dict[str, Any]]:
        """All rows of a list, page by page. Raises BadPlan where they cannot be read."""
        found: list[dict[str, Any]] = []
        while True:
            asked = (
                f"{path}?{query}&pagination[start]={len(found)}&pagination[limit]={PAGE}&pagination[withCount]=false"
            )
            answer = await self._ask(client or self._public, "GET", quote(asked, safe="/?&=:[],$"), None, path)
            if answer.status != 200:
                raise BadPlan(f"{path} cannot be read ({_said(answer)}).")
            page = answer.json["data"]
            found += page
            if len(page) < PAGE:
                return found

    async def get(self, path: str) -> Answer:
        """Whatever anybody is answered. Raises BadPlan where nothing is."""
        return await self._ask(self._public, "GET", path, None, path)

    async def row(self, path: str, client: Client | None = None) -> dict[str, Any] | None:
        """One row; None where there is none, or not yet."""
        answer = await self._ask(client or self._public, "GET", path, None, path)
        return answer.json["data"] if answer.status == 200 else None


def _said(answer: Answer) -> str:
    """An answer's status, and what it says of it."""
    try:
        return f"{answer.status}: {answer.json['error']['message']}"
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status}"
