"""Signing in, up and out, as Strapi's users plugin: bare bodies without `data`."""

import time
from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.accounts import account_of, create_account, present_account, read_strings
from vendue.api.auth import Door
from vendue.api.bodies import answer
from vendue.api.errors import Answer, AnyRequest, ApiError
from vendue.api.passwords import Passwords
from vendue.api.permissions import SIGNED_IN, Viewer
from vendue.api.sessions import COOKIE, Opened, Sessions
from vendue.api.tries import Tries
from vendue.api.visibility import iso
from vendue.api.writes import ID
from vendue.catalogue.fold import folded
from vendue.catalogue.port import Catalogue, Row

PLUGIN = "plugin::users-permissions"
LONGEST = 254
"""Characters of an identifier that count: no account has a longer one."""


class SignIn:
    """The routes by which people come and go."""

    def __init__(
        self,
        catalogue: Catalogue,
        sessions: Sessions,
        door: Door,
        passwords: Passwords,
        tries: Tries,
    ) -> None:
        self._catalogue, self._sessions, self._door, self._passwords = catalogue, sessions, door, passwords
        self._tries = tries

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route("/api/auth/local", http_method="POST", status_code=200)(self.sign_in),
            route("/api/auth/local/register", http_method="POST", status_code=200)(self.register),
            route("/api/auth/refresh", http_method="POST", status_code=200)(self.refresh),
            route("/api/auth/logout", http_method="POST", status_code=200)(self.sign_out),
            route("/api/auth/sessions", http_method=["GET", "HEAD"], status_code=200)(self.sessions),
            route("/api/auth/sessions/{id:str}", http_method="DELETE", status_code=204)(self.end_session),
        ]

    async def sign_in(self, request: AnyRequest) -> Answer:
        """A token for an identifier (username or email) and password."""
        self._door.admit_anyone(f"{PLUGIN}.auth.callback")
        body = await read_strings(request, ("identifier", "password"))
        identifier, password = body["identifier"], body["password"]
        self._tries.from_address(request)
        self._tries.of(request, folded(identifier[:LONGEST]))
        read_at = time.time()
        user = await account_of(self._catalogue, identifier)
        if not await self._passwords.matches(user["password_hash"] if user else None, password) or user is None:
            raise ApiError(400, "Invalid identifier or password")
        if user["blocked"]:
            raise ApiError(400, "Your account has been blocked by an administrator", "ApplicationError")
        return signed_in(user, await self._sessions.open(user, read_at, request))

    async def register(self, request: AnyRequest) -> Answer:
        """A new bidder's account."""
        self._door.admit_anyone(f"{PLUGIN}.auth.register")
        body = await read_strings(request, ("username", "email", "password"))
        self._tries.from_address(request)
        read_at = time.time()
        user = await create_account(self._catalogue, self._passwords, body["username"], body["email"], body["password"])
        return signed_in(user, await self._sessions.open(user, read_at, request))

    async def refresh(self, request: AnyRequest) -> Answer:
        """A new token for the session's cookie, which is good for one turn."""
        self._door.admit_anyone(f"{PLUGIN}.auth.refresh")
        self._tries.from_address(request)
        user, opened = await self._sessions.renew(request.cookies.get(COOKIE))
        return signed_in(user, opened)

    async def sign_out(self, request: AnyRequest) -> Answer:
        """End the session of the cookie, and of the token; to do it again does nothing."""
        self._door.admit_anyone(f"{PLUGIN}.auth.logout")
        sessions = {self._sessions.of_cookie(request.cookies.get(COOKIE)), self._door.session(request)} - {None}
        for session in sessions:
            await self._sessions.end(str(session))
        return answer({"ok": True}, 200, {"Set-Cookie": self._sessions.forget_cookie()})

    async def sessions(self, request: AnyRequest) -> Answer:
        """Where the viewer is signed in."""
        viewer = self._signed_in(request)
        here = self._sessions.of_cookie(request.cookies.get(COOKIE))
        rows = await self._sessions.of_user(str(viewer.user))
        return answer([{**_shown(row), "current": row["documentId"] == here} for row in rows])

    async def end_session(self, request: AnyRequest, id: str) -> None:
        """Sign out elsewhere."""
        viewer = self._signed_in(request)
        if not ID.fullmatch(id) or id not in {
            row["documentId"] for row in await self._sessions.of_user(str(viewer.user))
        }:
            raise ApiError(404)
        await self._sessions.end(id)

    def _signed_in(self, request: AnyRequest) -> Viewer:
        viewer = self._door.viewer(request.headers.get("authorization"))
        if viewer.role not in SIGNED_IN or viewer.by_token:
            raise ApiError(403)
        return viewer


def signed_in(user: Row, opened: Opened) -> Answer:
    """Strapi's answer to who signs in, and the cookie."""
    viewer = Viewer(user["documentId"], user["role"])
    body = {"jwt": opened.token, "user": present_account(user, viewer)}
    return answer(body, 200, {"Set-Cookie": opened.cookie, "Cache-Control": "no-store"})


def _shown(row: Row) -> dict[str, Any]:
    times = {name: iso(row[name]) for name in ("createdAt", "refreshed_at", "expires_at")}
    return {"documentId": row["documentId"], "agent": row["agent"], "address": row["address"], **times}
