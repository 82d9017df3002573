"""Sessions: a row for each sign-in, and the cookie that renews its short tokens, once a turn."""

import time
from collections.abc import Callable
from typing import NamedTuple

from vendue.api.access import Access, Blocked
from vendue.api.errors import AnyRequest, ApiError
from vendue.api.tokens import InvalidToken, Refresh, Tokens
from vendue.api.tries import address_of
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Order, Query

COOKIE = "vendue_refresh"
PATH = "/api/auth"
MOST = 20
"""Sessions of a user; one more ends the oldest."""
AGAIN_MS = 10_000
"""How long the answer to a turn may be asked for again: a page that is left while it waits misses the new cookie."""


class Opened(NamedTuple):
    """What a sign-in or a renewal gives: a short token, and the header that sets the cookie."""

    token: str
    cookie: str


class Sessions:
    """`ttl_s`: how long after the sign-in a session can be renewed; `secure`: the cookie goes over https alone."""

    def __init__(
        self,
        catalogue: Catalogue,
        tokens: Tokens,
        access: Access,
        ttl_s: int,
        secure: bool,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._catalogue, self._tokens, self._access = catalogue, tokens, access
        self._ttl_s, self._secure, self._now = ttl_s, secure, now

    async def open(self, user: Row, read_at: float, request: AnyRequest) -> Opened:
        """A new session of somebody who has proved who he is."""
        await self._make_room(user["documentId"])
        now = int(self._now())
        values = {
            "user": user["documentId"],
            "agent": request.headers.get("user-agent", "")[:200],
            "address": address_of(request),
            "refreshed_at": now * 1000,
            "expires_at": (now + self._ttl_s) * 1000,
        }
        session = await self._catalogue.create("sessions", values)
        account = await self._catalogue.get("users", user["documentId"])
        if account is None or (account["signed_out_at"] or -1) >= read_at * 1000:
            await self.end(session["documentId"])  # the password was changed while the old one was being looked at
            raise ApiError(401)
        return self._opened(user, read_at, session)

    async def renew(self, cookie: str | None) -> tuple[Row, Opened]:
        """The user's row and the session's next turn; 401 where there is none.

        Who comes again at once had not got the answer, and gets it now. A turn that was taken longer ago was stolen,
        now or then: nobody can tell who holds it, so the session ends.
        """
        refresh = self._read(cookie)
        if refresh is None:
            raise ApiError(401)
        read_at = self._now()
        session = await self._catalogue.get("sessions", refresh.session)
        user = await self._catalogue.get("users", session["user"]) if session else None
        if session is None or user is None or self._is_over(session, user):
            raise ApiError(401)
        if user["blocked"]:
            raise Blocked
        now = int(read_at * 1000)
        if session["generation"] == refresh.generation:
            turn = {"generation": refresh.generation + 1, "refreshed_at": now}
            turned = await self._catalogue.update("sessions", refresh.session, turn, session["updatedAt"])
            if turned:
                return user, self._opened(user, read_at, turned)
            session = await self._catalogue.get("sessions", refresh.session)  # another was before us
        if session is None or self._is_over(session, user):
            raise ApiError(401)
        if session["generation"] != refresh.generation + 1 or now - session["refreshed_at"] > AGAIN_MS:
            await self.end(refresh.session)
            raise ApiError(401, "This session was renewed elsewhere, so it has ended: sign in again.")
        return user, self._opened(user, read_at, session)

    def _is_over(self, session: Row, user: Row) -> bool:
        over = session["ended_at"] is not None or session["expires_at"] <= self._now() * 1000
        return over or user["deleted_at"] is not None or session["createdAt"] <= (user["signed_out_at"] or -1)

    async def end(self, session: str) -> None:
        """Its tokens are good no longer; here at once, and on other processes within a second."""
        await self._catalogue.update("sessions", session, {"ended_at": int(self._now() * 1000)})
        await self._access.refresh()

    def of_cookie(self, cookie: str | None) -> str | None:
        """The session that a cookie is of, whichever turn it is."""
        refresh = self._read(cookie)
        return refresh.session if refresh else None

    async def of_user(self, user: str) -> list[Row]:
        """Those that are not over, newest first."""
        query = Query(where=Condition(("user",), "$eq", user), sort=(Order("id", True),), limit=10 * MOST)
        rows, _ = await self._catalogue.find("sessions", query)
        account = await self._catalogue.get("users", user)
        return [row for row in rows if account is not None and not self._is_over(row, account)]

    def forget_cookie(self) -> str:
        """The header that removes the cookie."""
        return self._header("", 0)

    async def _make_room(self, user: str) -> None:
        query = Query(where=Condition(("user",), "$eq", user), sort=(Order("id", True),), start=MOST - 1, limit=MOST)
        rows, _ = await self._catalogue.find("sessions", query)
        for row in rows:
            now = int(self._now() * 1000)
            if row["ended_at"] is None and row["expires_at"] > now:
                await self._catalogue.update("sessions", row["documentId"], {"ended_at": now})
            elif (row["ended_at"] or row["expires_at"]) < now - 1000 * self._access.ttl_s:  # its tokens are over too
                await self._catalogue.delete("sessions", row["documentId"])

    def _read(self, cookie: str | None) -> Refresh | None:
        try:
            return self._tokens.verify_refresh(cookie) if cookie else None
        except InvalidToken:
            return None

    def _opened(self, user: Row, read_at: float, session: Row) -> Opened:
        expires_at = session["expires_at"] // 1000
        refresh = self._tokens.issue_refresh(Refresh(session["documentId"], session["generation"]), expires_at)
        cookie = self._header(refresh, max(0, expires_at - int(self._now())))
        return Opened(self._tokens.issue(user, read_at, session["documentId"]), cookie)

    def _header(self, value: str, max_age_s: int) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{COOKIE}={value}; Path={PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}"
