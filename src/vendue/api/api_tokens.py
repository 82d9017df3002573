"""API tokens: for programs that act as somebody, with a role that is no more than his, until a day that is set."""

import secrets
from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.access import API_TOKEN, Access, hash_token
from vendue.api.audit_log import line
from vendue.api.auth import Door
from vendue.api.bodies import answer, read_data
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid
from vendue.api.permissions import BELOW, Viewer
from vendue.api.visibility import iso
from vendue.api.writes import ID, read_values
from vendue.catalogue.clock import now_ms
from vendue.catalogue.models import API_TOKENS
from vendue.catalogue.port import Catalogue, Row, count, new_id
from vendue.catalogue.query import Condition, Order, Query

PATH = "/api/api-tokens"
ACTION = "api::api-token.api-token"
MOST, LONGEST_MS = 20, 366 * 24 * 3600 * 1000
"""Tokens of a user; how long one may be good."""


class ApiTokens:
    """People see and end their own; an admin everybody's."""

    def __init__(self, catalogue: Catalogue, access: Access, door: Door) -> None:
        self._catalogue, self._access, self._door = catalogue, access, door

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route(PATH, http_method=["GET", "HEAD"], status_code=200)(self.find),
            route(PATH, http_method="POST", status_code=201)(self.create),
            route(f"{PATH}/{{id:str}}", http_method="DELETE", status_code=204)(self.delete),
        ]

    async def find(self, request: AnyRequest) -> Answer:
        """Newest first, at most 100, never with the token itself."""
        viewer = self._door.admit_person(request, f"{ACTION}.find")
        mine = None if viewer.role == "admin" else Condition(("user",), "$eq", viewer.user)
        rows, total = await self._catalogue.find("api_tokens", Query(mine, (Order("id", True),), limit=100))
        return answer({"data": [_shown(row) for row in rows], "meta": {"total": total}})

    async def create(self, request: AnyRequest) -> Answer:
        """A token; it is shown in this answer and never again."""
        viewer = self._door.admit_person(request, f"{ACTION}.create")
        values = read_values(API_TOKENS, await read_data(request), creating=True)
        now = now_ms()
        if values["role"] not in BELOW[viewer.role]:
            raise ApiError(
                403, f"Your role is {viewer.role}: a token of yours can be {' or '.join(BELOW[viewer.role])}"
            )
        if values.get("expires_at") is None or not now < values["expires_at"] <= now + LONGEST_MS:
            raise invalid([fault("expires_at", "expires_at must be a time (epoch ms) within the next 366 days")])
        if await count(self._catalogue, "api_tokens", Condition(("user",), "$eq", viewer.user)) >= MOST:
            raise ApiError(409, f"You have {MOST} tokens: end one that you do not need")
        token = API_TOKEN + secrets.token_urlsafe(32)
        id = new_id()
        values |= {"documentId": id, "user": viewer.user, "hash": hash_token(token)}
        audit = _line(viewer, "create", id, now, changes={"role": [None, values["role"]]})
        row = await self._catalogue.create("api_tokens", values, audit)
        await self._access.refresh()
        body = {"data": {**_shown(row), "accessKey": token}, "meta": {}}
        return answer(body, 201, {"Cache-Control": "no-store"})

    async def delete(self, request: AnyRequest, id: str) -> None:
        """End a token, at once."""
        viewer = self._door.admit_person(request, f"{ACTION}.delete")
        row = await self._catalogue.get("api_tokens", id) if ID.fullmatch(id) else None
        if row is None or (row["user"] != viewer.user and viewer.role != "admin"):
            raise ApiError(404)
        audit = _line(viewer, "delete", id, now_ms(), changes={"user": [row["user"], None]})
        await self._catalogue.delete("api_tokens", id, audit)
        await self._access.refresh()


def _line(viewer: Viewer, what: str, id: str, now_ms: int, **more: Any) -> Row | None:
    """Bidders' and sellers' own tokens are their own affair."""
    return line(viewer, f"{ACTION}.{what}", "api_tokens", id, now_ms, **more) if viewer.is_staff else None


def _shown(row: Row) -> dict[str, Any]:
    names = ("id", "documentId", "name", "user", "role", "expires_at")
    return {**{name: row[name] for name in names}, "createdAt": iso(row["createdAt"])}
