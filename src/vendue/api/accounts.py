"""Signing in and up, and reading accounts, as Strapi's users plugin: bare bodies without `data`."""

import re
import time
from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.auth import Door, Tokens
from vendue.api.bodies import answer, read_object, read_params
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid, invalid_key, rate_limited
from vendue.api.limits import Buckets
from vendue.api.passwords import MAXIMUM, MINIMUM, Passwords
from vendue.api.permissions import Viewer, allowed
from vendue.api.visibility import TIMES, present, widen
from vendue.api.writes import EMAIL, ID
from vendue.catalogue.models import USERS
from vendue.catalogue.parse import parse
from vendue.catalogue.port import Catalogue, Conflict, Row
from vendue.catalogue.query import Condition, Group, Query

PLUGIN = "plugin::users-permissions"
USERNAME = re.compile(r"[^\s@\x00-\x1f\x7f](?:[^@\x00-\x1f\x7f]{1,58}[^\s@\x00-\x1f\x7f])")
WHOLE = Query()
ACCOUNT = (*(field.name for field in USERS.fields if field.name != "reset_hash"), *TIMES)
LONGEST = 254
"""Characters of an identifier that count: no account has a longer one."""


class Accounts:
    """The routes of accounts. `by_name` (of an address) and `by_address` limit sign-ins, the latter registering too."""

    def __init__(
        self,
        catalogue: Catalogue,
        tokens: Tokens,
        door: Door,
        passwords: Passwords,
        by_name: Buckets,
        by_address: Buckets,
    ) -> None:
        self._catalogue, self._tokens, self._door, self._passwords = catalogue, tokens, door, passwords
        self._by_name, self._by_address = by_name, by_address

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route("/api/auth/local", http_method="POST", status_code=200)(self.sign_in),
            route("/api/auth/local/register", http_method="POST", status_code=200)(self.register),
            route("/api/users/me", http_method=["GET", "HEAD"], status_code=200)(self.me),
            route("/api/users", http_method=["GET", "HEAD"], status_code=200)(self.find),
            route("/api/users/{id:str}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
        ]

    async def sign_in(self, request: AnyRequest) -> Answer:
        """A token for an identifier (username or email) and password."""
        _allow_public(f"{PLUGIN}.auth.callback")
        body = await _read_strings(request, ("identifier", "password"))
        identifier, password = body["identifier"], body["password"]
        # Of an address, so that nobody is kept out of an account by wrong passwords from elsewhere.
        guessed, now = (_address(request), identifier[:LONGEST].lower()), time.monotonic()
        wait = self._by_address.take(_address(request), now) or self._by_name.take(guessed, now)
        if wait:
            raise rate_limited(wait)
        read_at = time.time()
        user = await account_of(self._catalogue, identifier)
        if not await self._passwords.matches(user["password_hash"] if user else None, password) or user is None:
            raise ApiError(400, "Invalid identifier or password")
        if user["blocked"]:
            raise ApiError(400, "Your account has been blocked by an administrator", "ApplicationError")
        return self._signed_in(user, read_at)

    async def register(self, request: AnyRequest) -> Answer:
        """A new bidder's account."""
        _allow_public(f"{PLUGIN}.auth.register")
        body = await _read_strings(request, ("username", "email", "password"))
        wait = self._by_address.take(_address(request), time.monotonic())
        if wait:
            raise rate_limited(wait)
        read_at = time.time()
        user = await create_account(self._catalogue, self._passwords, **body, role="authenticated")
        return self._signed_in(user, read_at)

    async def me(self, request: AnyRequest) -> Answer:
        """The viewer's own account."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.me")
        assert viewer.user is not None, "only those signed in are admitted"
        row = await self._catalogue.get("users", viewer.user)
        if row is None:
            raise ApiError(401)
        return answer(_account(row, viewer))

    async def find(self, request: AnyRequest) -> Answer:
        """Accounts, for staff: a bare list."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.find")
        query = parse(USERS, read_params(request), viewer.is_staff)
        rows, _ = await self._catalogue.find("users", widen(USERS, query, viewer))
        return answer([present(USERS, row, query, viewer, 0) for row in rows])

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """An account, for its owner and staff; its name, for who bought from or sold to it."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.findOne")
        row = await self._catalogue.get("users", id) if ID.fullmatch(id) else None
        if row is None:
            raise ApiError(404)
        if viewer.is_staff or viewer.user == id:
            return answer(_account(row, viewer))
        if not await self._traded(viewer, id):
            raise ApiError(404)
        return answer({name: row[name] for name in ("id", "documentId", "username")})

    async def _traded(self, viewer: Viewer, other: str) -> bool:
        pairs = ((viewer.user, other), (other, viewer.user))
        either = tuple(
            Group("$and", (Condition(("seller",), "$eq", seller), Condition(("winner",), "$eq", winner)))
            for seller, winner in pairs
        )
        sold = Group("$and", (Condition(("status",), "$eq", "sold"), Group("$or", either)))
        _, count = await self._catalogue.find("auctions", Query(where=sold, limit=1, fields=()))
        return count > 0

    def _signed_in(self, user: Row, read_at: float) -> Answer:
        viewer = Viewer(user["documentId"], user["role"])
        return answer({"jwt": self._tokens.issue(user, read_at), "user": _account(user, viewer)})


async def account_of(catalogue: Catalogue, identifier: str) -> Row | None:
    """The row with the secret password_hash, by email, else by username: nobody takes an address over as a name."""
    for wanted in (Condition(("email",), "$eq", identifier.lower()), Condition(("username",), "$eq", identifier)):
        rows, _ = await catalogue.find("users", Query(wanted, limit=1, fields=ACCOUNT, counted=False))
        if rows:
            return rows[0]
    return None


async def create_account(
    catalogue: Catalogue, passwords: Passwords, username: str, email: str, password: str, role: str
) -> Row:
    """A new account's row; ApiError names every fault."""
    faults = []
    for name, text in (("username", username), ("email", email), ("password", password)):
        if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):  # as the command line hands on bad bytes
            faults.append(fault(name, f"{name} must be UTF-8 text without NUL characters"))
    if not USERNAME.fullmatch(username):
        faults.append(fault("username", "username must be 3 to 60 characters without @, and trimmed"))
    if not EMAIL.fullmatch(email) or not 6 <= len(email) <= 254:
        faults.append(fault("email", "email must be a valid email", email))
    if not MINIMUM <= len(password) <= MAXIMUM:
        faults.append(fault("password", f"password must be {MINIMUM} to {MAXIMUM} characters"))
    if faults:
        raise invalid(faults)
    values = {
        "username": username,
        "email": email.lower(),
        "password_hash": await passwords.hash(password),
        "role": role,
        "confirmed": True,
        "blocked": False,
    }
    try:
        return await catalogue.create("users", values)
    except Conflict:
        raise ApiError(400, "Email or Username are already taken", "ApplicationError") from None


def _allow_public(action: str) -> None:
    """Whoever signs in is nobody yet, whatever stale token comes along."""
    if not allowed("public", action):
        raise ApiError(403)


def _account(row: Row, viewer: Viewer) -> dict[str, Any]:
    return present(USERS, row, WHOLE, viewer, 0)


def _address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


async def _read_strings(request: AnyRequest, names: tuple[str, ...]) -> dict[str, str]:
    body = await read_object(request)
    faults = []
    for name in names:
        if body.get(name) in (None, ""):
            faults.append(fault(name, f"{name} is a required field"))
        elif not isinstance(body[name], str):
            faults.append(fault(name, f"{name} must be a `string` type"))
        elif "\0" in body[name]:
            faults.append(fault(name, f"{name} must not contain NUL characters"))
    if faults:
        raise invalid(faults)
    for name in body:
        if name not in names:
            raise invalid_key(name)
    return body
