"""Who is asking: tokens, and what the catalogue says of their bearer since."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, get_args

import jwt
import structlog
from msgspec import Struct

from vendue.api.errors import AnyRequest, ApiError
from vendue.api.permissions import PUBLIC, UserRole, Viewer, allowed
from vendue.catalogue.port import Catalogue, CatalogueBroken, Row
from vendue.catalogue.query import Condition, Query

_log = structlog.get_logger()

TOKEN_TTL_S = 3600
MAX_TOKEN_LENGTH = 2048
MAX_VERIFIED = 10_000
POLL_EVERY_S = 0.5
ROWS_PER_READ = 1000


class InvalidToken(Exception):
    """Not a token of ours, or expired."""


class Claims(Struct, frozen=True):
    """What a token says: the user's documentId, the role when it was issued; times in epoch seconds."""

    user: str
    role: UserRole
    issued_at: float
    expires_at: float


class Tokens:
    """JSON web tokens (HS256) of one secret, valid for `ttl_s`."""

    def __init__(self, secret: str, ttl_s: int = TOKEN_TTL_S, now: Callable[[], float] = time.time) -> None:
        self._secret, self._ttl_s, self._now = secret, ttl_s, now
        self._verified: OrderedDict[str, Claims] = OrderedDict()

    def issue(self, user: Row, read_at: float | None = None) -> str:
        """A token for a catalogue row; `read_at`: when the row was read, since its role may have changed after."""
        now = self._now()
        claims = {"sub": user["documentId"], "role": user["role"], "iat": read_at or now, "exp": int(now + self._ttl_s)}
        return jwt.encode(claims, self._secret, "HS256")

    def verify(self, token: str) -> Claims:
        """The claims of a valid token; remembered, since the same token comes with every bid. Raises InvalidToken."""
        found = self._verified.get(token)
        if found is None:
            found = self._decode(token)
            self._verified[token] = found
            if len(self._verified) > MAX_VERIFIED:
                self._verified.popitem(last=False)
        if found.expires_at <= self._now():
            self._verified.pop(token, None)
            raise InvalidToken("expired")
        return found

    def _decode(self, token: str) -> Claims:
        if len(token) > MAX_TOKEN_LENGTH:
            raise InvalidToken("too long")
        try:
            raw: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                ["HS256"],
                options={"require": ["sub", "iat", "exp"], "verify_exp": False, "verify_iat": False},
            )
            if raw["role"] not in get_args(UserRole):
                raise InvalidToken("unknown role")
            return Claims(raw["sub"], raw["role"], float(raw["iat"]), float(raw["exp"]))
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise InvalidToken(str(error)) from error


class Access:
    """Who is blocked, and the roles of all but bidders, as the catalogue has them; at most POLL_EVERY_S old."""

    def __init__(self, catalogue: Catalogue, now: Callable[[], float] = time.time) -> None:
        self._catalogue, self._now = catalogue, now
        self._version: int | None = None
        self._read_at = 0.0
        self._blocked: set[str] = set()
        self._roles: dict[str, UserRole] = {}

    async def run(self) -> None:
        """Until cancelled: keep up with the catalogue. While that does not answer, what was last read holds."""
        while True:
            try:
                await self.refresh()
            except CatalogueBroken as error:
                _log.error("access_not_read", error=str(error))
            await asyncio.sleep(POLL_EVERY_S)

    async def refresh(self) -> None:
        """Read the catalogue if anything changed. Call it once before the first request."""
        read_at = self._now()
        version = await self._catalogue.access_version()
        if version == self._version:
            return
        blocked = {row["documentId"] for row in await self._all("users", Condition(("blocked",), "$eq", True))}
        granted = Condition(("role",), "$in", ("seller", "auctioneer", "admin"))
        roles: dict[str, UserRole] = {row["documentId"]: row["role"] for row in await self._all("users", granted)}
        self._version, self._read_at, self._blocked, self._roles = version, read_at, blocked, roles

    async def _all(self, content: str, where: Condition) -> list[Row]:
        found: list[Row] = []
        while True:
            query = Query(where=where, start=len(found), limit=ROWS_PER_READ, counted=False)
            rows, _ = await self._catalogue.find(content, query)
            found += rows
            if len(rows) < ROWS_PER_READ:
                return found

    def viewer(self, claims: Claims) -> Viewer:
        """The bearer as of now; a blocked one is refused with 401."""
        if claims.user in self._blocked:
            raise ApiError(401, "Your account has been blocked by an administrator")
        role = self._roles.get(claims.user)
        if role is None:  # no more than a bidder, unless the token was made from a newer row than ours
            role = claims.role if claims.issued_at > self._read_at else "authenticated"
        return Viewer(claims.user, role)


class Door:
    """Lets requests in."""

    def __init__(self, tokens: Tokens, access: Access) -> None:
        self._tokens, self._access = tokens, access

    def viewer(self, authorization: str | None) -> Viewer:
        """Whoever the Authorization header names; 401 where its token is not valid."""
        if not authorization:
            return PUBLIC
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise ApiError(401)
        try:
            return self._access.viewer(self._tokens.verify(token.strip()))
        except InvalidToken:
            raise ApiError(401) from None

    def admit(self, request: AnyRequest, action: str) -> Viewer:
        """The viewer, who may take this action; else 401 or 403."""
        viewer = self.viewer(request.headers.get("authorization"))
        if not allowed(viewer.role, action):
            raise ApiError(403)
        return viewer
