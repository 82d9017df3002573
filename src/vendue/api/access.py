"""What the catalogue says of those who ask: roles and what these may do, blocks, sessions that ended, API tokens."""

import asyncio
import time
from collections.abc import Callable, Collection
from hashlib import sha256

import structlog
from msgspec import Struct

from vendue.api.errors import ApiError
from vendue.api.permissions import BELOW, DEFAULTS, UserRole, Viewer, granted
from vendue.api.tokens import Claims
from vendue.catalogue.port import Catalogue, CatalogueBroken, Row
from vendue.catalogue.query import Condition, Query

_log = structlog.get_logger()

POLL_EVERY_S = 0.5
READ_ALL_EVERY_S = 30.0
"""Also where the version did not grow: a process may have died between a change and its version."""
ROWS_PER_READ = 1000
API_TOKEN = "vendue_"  # noqa: S105  # what each begins with, so that it is found where it should not be
_TOKEN_FIELDS = ("user", "role", "hash", "expires_at")


class Blocked(ApiError):
    """401 for somebody who was blocked."""

    def __init__(self) -> None:
        super().__init__(401, "Your account has been blocked by an administrator")


class _ApiToken(Struct, frozen=True):
    user: str
    role: UserRole
    expires_at: int


class _Known(Struct, frozen=True):
    """All of it as of one moment; times in epoch ms."""

    blocked: frozenset[str] = frozenset()
    roles: dict[str, UserRole] = {}
    signed_out_at: dict[str, int] = {}
    ended: frozenset[str] = frozenset()
    api_tokens: dict[str, _ApiToken] = {}
    actions: dict[UserRole, frozenset[str]] = {}


class Access:
    """At most POLL_EVERY_S older than the catalogue. `ttl_s`: for how long a token is good, and must be refused."""

    def __init__(self, catalogue: Catalogue, ttl_s: float, now: Callable[[], float] = time.time) -> None:
        self._catalogue, self.ttl_s, self._now = catalogue, ttl_s, now
        self._version: int | None = None
        self._read_at = 0.0
        self._known = _Known(actions=DEFAULTS)

    async def run(self) -> None:
        """Until cancelled: keep up with the catalogue. While that does not answer, what was last read holds."""
        while True:
            try:
                await self.refresh()
            except CatalogueBroken as error:
                _log.error("access_not_read", error=str(error))
            await asyncio.sleep(POLL_EVERY_S)

    async def refresh(self) -> None:
        """Read the catalogue if anything changed. Call it before the first request, and after a change."""
        read_at = self._now()
        version = await self._catalogue.access_version()
        if version == self._version and 0 <= read_at - self._read_at < READ_ALL_EVERY_S:
            return
        known = await self._read(read_at)
        self._version, self._read_at, self._known = version, read_at, known

    async def _read(self, now: float) -> _Known:
        since, now_ms = int((now - self.ttl_s) * 1000), int(now * 1000)
        blocked = await self._all("users", Condition(("blocked",), "$eq", True), ("documentId",))
        granted_roles = Condition(("role",), "$in", ("seller", "auctioneer", "admin"))
        with_role = await self._all("users", granted_roles, ("documentId", "role"))
        out = await self._all("users", Condition(("signed_out_at",), "$gt", since), ("documentId", "signed_out_at"))
        ended = await self._all("sessions", Condition(("ended_at",), "$gt", since), ("documentId",))
        tokens = await self._all("api_tokens", Condition(("expires_at",), "$gt", now_ms), _TOKEN_FIELDS)
        roles = await self._all("roles", None, ("type", "actions", "known"))
        return _Known(
            frozenset(row["documentId"] for row in blocked),
            {row["documentId"]: row["role"] for row in with_role},
            {row["documentId"]: row["signed_out_at"] for row in out},
            frozenset(row["documentId"] for row in ended),
            {row["hash"]: _ApiToken(row["user"], row["role"], row["expires_at"]) for row in tokens},
            DEFAULTS | {row["type"]: granted(row["type"], row["actions"], row["known"]) for row in roles},
        )

    async def _all(self, content: str, where: Condition | None, fields: tuple[str, ...]) -> list[Row]:
        found: list[Row] = []
        while True:
            page = Query(where=where, start=len(found), limit=ROWS_PER_READ, fields=fields, counted=False)
            rows, _ = await self._catalogue.find(content, page)
            found += rows
            if len(rows) < ROWS_PER_READ:
                return found

    def actions(self, role: UserRole) -> Collection[str]:
        """What a role may do."""
        return self._known.actions[role]

    def viewer(self, claims: Claims) -> Viewer:
        """The bearer of a token as of now; 401 where it is good no longer."""
        known = self._known
        if claims.user in known.blocked:
            raise Blocked
        if claims.session in known.ended or claims.issued_at * 1000 <= known.signed_out_at.get(claims.user, -1):
            raise ApiError(401)
        role = known.roles.get(claims.user)
        if role is None:  # no more than a bidder, unless the token was made from a newer row than ours
            role = claims.role if claims.issued_at > self._read_at else "authenticated"
        return Viewer(claims.user, role)

    def api_viewer(self, token: str) -> Viewer:
        """The bearer of an API token; 401 where it is not or no longer good, or says more than its owner may."""
        found = self._known.api_tokens.get(hash_token(token))
        if found is None or found.expires_at <= self._now() * 1000:
            raise ApiError(401)
        if found.user in self._known.blocked:
            raise Blocked
        if found.role not in BELOW[self._known.roles.get(found.user, "authenticated")]:
            raise ApiError(401, "This token's role is more than its owner's; make another.")
        return Viewer(found.user, found.role, by_token=True)


def hash_token(token: str) -> str:
    """What is kept of an API token or a code by mail: they are random and long, so a plain hash tells nothing."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
