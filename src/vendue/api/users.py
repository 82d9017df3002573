"""Accounts over HTTP, as Strapi's users plugin: bare bodies and arrays."""

from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.access import Access
from vendue.api.accounts import ACCOUNT, create_account, drop_rows, present_account, taken
from vendue.api.audit_log import line
from vendue.api.auth import Door
from vendue.api.bodies import answer, read_object, read_params, take_reason
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid
from vendue.api.links import find_by_id
from vendue.api.passwords import Passwords
from vendue.api.permissions import BELOW, Viewer
from vendue.api.roles import roles_by_type
from vendue.api.sign_in import PLUGIN
from vendue.api.tries import Tries
from vendue.api.user_values import read_user, told
from vendue.api.visibility import present, widen
from vendue.catalogue.clock import now_ms
from vendue.catalogue.models import USERS
from vendue.catalogue.parse import NO, parse_bare
from vendue.catalogue.port import Catalogue, Conflict, Row, count, new_id
from vendue.catalogue.query import Condition, Group, Query

STAFF_FIELDS = frozenset({"role", "confirmed", "blocked", "paddle", "party"})
UNDER_WAY = ("scheduled", "live", "pending_approval", "countered")


class Users:
    """The routes of accounts."""

    def __init__(self, catalogue: Catalogue, access: Access, door: Door, passwords: Passwords, tries: Tries) -> None:
        self._catalogue, self._access, self._door, self._passwords = catalogue, access, door, passwords
        self._tries = tries

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route("/api/users/me", http_method=["GET", "HEAD"], status_code=200)(self.me),
            route("/api/users", http_method=["GET", "HEAD"], status_code=200)(self.find),
            route("/api/users/count", http_method=["GET", "HEAD"], status_code=200)(self.count),
            route("/api/users", http_method="POST", status_code=201)(self.create),
            route("/api/users/{id:str}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
            route("/api/users/{id:str}", http_method="PUT", status_code=200)(self.update),
            route("/api/users/{id:str}", http_method="DELETE", status_code=200)(self.delete),
        ]

    async def me(self, request: AnyRequest) -> Answer:
        """The viewer's own account."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.me")
        row = await self._row(str(viewer.user))
        if row is None:
            raise ApiError(401)
        (shown,) = await self._shown(request, [row], viewer)
        return answer(shown)

    async def find(self, request: AnyRequest) -> Answer:
        """Accounts, for staff: a bare list."""
        viewer, wide = self._asked(request)
        rows, _ = await self._catalogue.find("users", wide)
        return answer(await self._shown(request, rows, viewer))

    async def count(self, request: AnyRequest) -> Answer:
        """How many there are: a bare number."""
        _, wide = self._asked(request)
        _, total = await self._catalogue.find("users", wide)
        return answer(total)

    def _asked(self, request: AnyRequest) -> tuple[Viewer, Query]:
        viewer = self._door.admit(request, f"{PLUGIN}.user.find")
        return viewer, widen(USERS, _read_query(request, viewer)[0], viewer)

    async def _shown(self, request: AnyRequest, rows: list[Row], viewer: Viewer) -> list[dict[str, Any]]:
        """The accounts as the request's `fields` and `populate` ask; a role that is populated is an object."""
        query, whole_role = _read_query(request, viewer)
        shown = [present(USERS, row, query, viewer, 0) for row in rows]
        if whole_role:
            roles = await roles_by_type(self._catalogue)
            for each, row in zip(shown, rows, strict=True):
                if viewer.is_staff or viewer.user == row["documentId"]:
                    each["role"] = roles[row["role"]]
        return shown

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """An account, for its owner and staff; its name, for who bought from or sold to it."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.findOne")
        row = await self._row(id)
        if row is None:
            raise ApiError(404)
        id = row["documentId"]
        if viewer.is_staff or viewer.user == id:
            (shown,) = await self._shown(request, [row], viewer)
            return answer(shown)
        if not await self._traded(viewer, id):
            raise ApiError(404)
        return answer({name: row[name] for name in ("id", "documentId", "username")})

    async def create(self, request: AnyRequest) -> Answer:
        """An account with any role."""
        viewer = self._door.admit(request, f"{PLUGIN}.user.create")
        body = await read_object(request)
        values, reason = await self._read(request, body, viewer, None)
        missing = [name for name in ("username", "email", "password") if name not in values]
        if missing:
            raise invalid([fault(name, f"{name} must be defined.") for name in missing])
        password = values.pop("password")
        action, id = f"{PLUGIN}.user.create", new_id()
        audit = line(viewer, action, "users", id, now_ms(), reason=reason, changes=told({}, values))
        values["documentId"] = id
        row = await create_account(self._catalogue, self._passwords, password=password, audit=audit, **values)
        await self._access.refresh()
        return answer(present_account(row, viewer), 201)

    async def update(self, request: AnyRequest, id: str) -> Answer:
        """Change an account: people their own name and address, those in charge also role, block and paddle."""
        viewer = self._door.admit_person(request, f"{PLUGIN}.user.update")
        before = await self._own(id, viewer)
        body = await read_object(request)
        values, reason = await self._read(request, body, viewer, before)
        now = now_ms()
        if values.get("blocked"):
            values["signed_out_at"] = now
        if values.keys() & {"email", "blocked"}:
            values |= {"reset_hash": None, "reset_until": None}  # a letter that is out reaches the old address
        if values.get("blocked") or values.get("role", before["role"]) != before["role"]:
            await self._check_not_last(before)
        audit = None
        if viewer.user != before["documentId"] or values.keys() & STAFF_FIELDS:
            action, changes = f"{PLUGIN}.user.update", told(before, values)
            audit = line(viewer, action, "users", before["documentId"], now, changes=changes, reason=reason)
        try:
            row = await self._catalogue.update("users", before["documentId"], values, before["updatedAt"], audit)
        except Conflict as error:
            raise taken(error) from None
        if row is None:
            raise ApiError(409, "The account was changed at the same time: read it again")
        await self._access.refresh()
        return answer(present_account(row, viewer))

    async def delete(self, request: AnyRequest, id: str) -> Answer:
        """Forget a person: the row keeps its id, which bids and sales refer to, and nothing else."""
        viewer = self._door.admit_person(request, f"{PLUGIN}.user.destroy")
        before = await self._own(id, viewer)
        if viewer.user == before["documentId"]:
            await self._prove(request, before, request.headers.get("x-current-password"))
        await self._check_free(before)
        id, now = before["documentId"], now_ms()
        nobody: Row = {field.name: None for field in USERS.fields}
        nobody |= {"username": f"deleted-{id}", "email": f"{id}@deleted.invalid", "confirmed": False, "blocked": True}
        nobody |= {"role": "authenticated", "deleted_at": now, "signed_out_at": now}
        audit = line(viewer, f"{PLUGIN}.user.destroy", "users", id, now)
        if await self._catalogue.update("users", id, nobody, before["updatedAt"], audit) is None:
            raise ApiError(409, "The account was changed at the same time: read it again")
        for content in ("sessions", "api_tokens", "watchlist"):
            await drop_rows(self._catalogue, content, id)
        await self._access.refresh()
        return answer(present_account(before, viewer))

    async def _row(self, id: str) -> Row | None:
        """By documentId, or by the number that Strapi's users plugin uses."""
        row = await find_by_id(self._catalogue, "users", id, Query(fields=ACCOUNT))
        return None if row is None or row["deleted_at"] is not None else row

    async def _own(self, id: str, viewer: Viewer) -> Row:
        """The account that the viewer is about to change; else 403 or 404."""
        row = await self._row(id)
        if row is None:
            raise ApiError(404) if viewer.is_staff else ApiError(403)
        if viewer.user != row["documentId"] and not (viewer.role == "admin" or _below(viewer, row["role"])):
            raise ApiError(403)
        return row

    async def _read(
        self, request: AnyRequest, body: dict[str, Any], viewer: Viewer, before: Row | None
    ) -> tuple[Row, str | None]:
        """The values of a body and the reason; 400 with every fault, 403 for what the viewer may not set."""
        own = before is not None and before["documentId"] == viewer.user
        reason, current = take_reason(body), body.pop("currentPassword", None)
        body.pop("provider", None)  # what Strapi's clients send along
        for name in body.keys() & STAFF_FIELDS:
            if not viewer.is_staff:
                raise ApiError(403, f"Only staff may set {name}")
        values = read_user(body)
        if own:
            await self._check_own(request, values, before or {}, current)
        elif viewer.role != "admin" and values.keys() & {"role", "email", "username"}:
            raise ApiError(403, "Only an admin may set another's role, name or address")
        elif before is not None and "password" in values:
            raise ApiError(400, "Nobody sets another's password: /api/auth/forgot-password sends a letter")
        return values, reason

    async def _check_own(self, request: AnyRequest, values: Row, before: Row, current: Any) -> None:
        """Whoever found an open browser must not take the account over; and nobody locks himself out."""
        if "password" in values:
            raise ApiError(400, "Use /api/auth/change-password for your own password")
        if values.get("blocked") or values.get("role", before["role"]) != before["role"]:
            raise ApiError(403, "Nobody blocks himself or changes his own role")
        if values.get("email", before["email"]) != before["email"]:
            await self._prove(request, before, current)

    async def _prove(self, request: AnyRequest, account: Row, password: Any) -> None:
        """400 where it is not the account's password; no faster than one signs in."""
        self._tries.of(request, account["documentId"])
        if not isinstance(password, str) or not await self._passwords.matches(account["password_hash"], password):
            raise invalid([fault("currentPassword", "currentPassword must be the account's password")])

    async def _check_not_last(self, account: Row) -> None:
        """409 where nobody would be left who can give a role."""
        admins = Group("$and", (Condition(("role",), "$eq", "admin"), Condition(("blocked",), "$eq", False)))
        is_one = account["role"] == "admin" and not account["blocked"]
        if is_one and await count(self._catalogue, "users", admins) < 2:
            raise ApiError(409, "This is the last admin: make another first")

    async def _check_free(self, account: Row) -> None:
        """409 where a sale is under way that needs somebody who can be named."""
        await self._check_not_last(account)
        id, under_way = account["documentId"], Condition(("status",), "$in", UNDER_WAY)
        sells = Group("$and", (Condition(("seller",), "$eq", id), under_way))
        bids = Condition(("bidder",), "$eq", id), Condition(("auction", "status"), "$in", UNDER_WAY)
        for content, where in (("auctions", sells), ("bids", Group("$and", bids))):
            if await count(self._catalogue, content, where):
                raise ApiError(409, "Sales are under way that this account sells or bids in: wait for their end")

    async def _traded(self, viewer: Viewer, other: str) -> bool:
        pairs = ((viewer.user, other), (other, viewer.user))
        either = tuple(
            Group("$and", (Condition(("seller",), "$eq", seller), Condition(("winner",), "$eq", winner)))
            for seller, winner in pairs
        )
        sold = Group("$and", (Condition(("status",), "$eq", "sold"), Group("$or", either)))
        return await count(self._catalogue, "auctions", sold) > 0


def _read_query(request: AnyRequest, viewer: Viewer) -> tuple[Query, bool]:
    """The query, and whether it populates the role. Pages also as the plugin spells them, `start` and `limit`."""
    params, whole_role = [], False
    for name, value in read_params(request):
        if name == "populate[role]" or (name.startswith("populate") and value == "role"):
            whole_role |= value not in NO
        else:
            whole_role |= name == "populate" and value == "*"
            params.append((f"pagination[{name}]" if name in ("start", "limit") else name, value))
    return parse_bare(USERS, params, viewer.is_staff), whole_role


def _below(viewer: Viewer, role: str) -> bool:
    """An auctioneer looks after bidders and sellers, not after staff."""
    return viewer.is_staff and role not in BELOW["admin"]
