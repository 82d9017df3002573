"""Roles and what they may do, in the shapes of Strapi's users plugin."""

from typing import Any, get_args

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.access import Access
from vendue.api.audit_log import line
from vendue.api.auth import Door
from vendue.api.bodies import answer, read_object, take_reason
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid, invalid_key
from vendue.api.permissions import DEFAULTS, PERMISSIONS, UserRole, grantable, granted
from vendue.api.sign_in import PLUGIN
from vendue.api.visibility import iso
from vendue.catalogue.clock import now_ms
from vendue.catalogue.models import ROLES
from vendue.catalogue.port import Catalogue, Conflict, Row, count
from vendue.catalogue.query import Condition, Query

PATH = "/api/users-permissions"
NAMES: dict[UserRole, tuple[str, str]] = {
    "public": ("Public", "Whoever is not signed in."),
    "authenticated": ("Bidder", "Watches, bids, and sees what is his own."),
    "seller": ("Seller", "Puts own cars up for sale, and bids on others'."),
    "auctioneer": ("Auctioneer", "Runs the sales: extends, cancels, retracts. Never bids."),
    "admin": ("Admin", "Everything an auctioneer does, and accounts and roles. Never bids."),
}
_ALL = Query(limit=100)


async def make_roles(catalogue: Catalogue) -> None:
    """The rows of the roles that are not there yet, as in a fresh system."""
    rows, _ = await catalogue.find("roles", _ALL)
    for role in (each for each in get_args(UserRole) if each not in {row["type"] for row in rows}):
        name, description = NAMES[role]
        values = {"documentId": role, "type": role, "name": name, "description": description}
        try:
            await catalogue.create("roles", {**values, "actions": sorted(DEFAULTS[role]), "known": sorted(PERMISSIONS)})
        except Conflict:
            continue  # another process was faster


async def roles_by_type(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """Each role as an account's `role` is populated."""
    rows, _ = await catalogue.find("roles", _ALL)
    return {row["type"]: _shown(row) for row in rows}


class RoleRoutes:
    """There are five roles, as many as the rules tell apart; what each may do is data."""

    def __init__(self, catalogue: Catalogue, access: Access, door: Door) -> None:
        self._catalogue, self._access, self._door = catalogue, access, door

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route(f"{PATH}/roles", http_method=["GET", "HEAD"], status_code=200)(self.find),
            route(f"{PATH}/roles/{{id:str}}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
            route(f"{PATH}/roles/{{id:str}}", http_method="PUT", status_code=200)(self.update),
            route(f"{PATH}/permissions", http_method=["GET", "HEAD"], status_code=200)(self.permissions),
        ]

    async def find(self, request: AnyRequest) -> Answer:
        """All of them, with how many users each has."""
        self._door.admit(request, f"{PLUGIN}.role.find")
        rows, _ = await self._catalogue.find("roles", _ALL)
        rows.sort(key=lambda row: ROLES.index(row["type"]))
        return answer({"roles": [{**_shown(row), "nb_users": await self._users(row["type"])} for row in rows]})

    async def _users(self, role: str) -> int:
        return await count(self._catalogue, "users", Condition(("role",), "$eq", role))

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """One, with every action that it may be given and whether it is."""
        self._door.admit(request, f"{PLUGIN}.role.findOne")
        row = await self._row(id)
        may = granted(row["type"], row["actions"], row["known"])
        tree = _tree({action: action in may for action in grantable(row["type"])})
        return answer({"role": {**_shown(row), "permissions": tree}})

    async def update(self, request: AnyRequest, id: str) -> Answer:
        """Give and take actions; those that the body does not name stay. In force at once."""
        viewer = self._door.admit(request, f"{PLUGIN}.role.updateRole")
        row = await self._row(id)
        body = await read_object(request)
        reason = take_reason(body)
        for name in body:
            if name not in ("name", "description", "permissions", "type", "id", "documentId", "users", "nb_users"):
                raise invalid_key(name)
        before = granted(row["type"], row["actions"], row["known"])
        after = _changed(row["type"], before, body.get("permissions", {}))
        values = {"actions": sorted(after), "known": sorted(PERMISSIONS)}
        for name, most in (("name", 100), ("description", 1000)):
            if name in body:
                if not isinstance(body[name], str) or not 1 <= len(body[name]) <= most or "\0" in body[name]:
                    raise invalid([fault(name, f"{name} must be a text of 1 to {most} characters")])
                values[name] = body[name]
        changes = {"actions": [sorted(before - after), sorted(after - before)]}
        action = f"{PLUGIN}.role.updateRole"
        audit = line(viewer, action, "roles", row["type"], now_ms(), changes=changes, reason=reason)
        if await self._catalogue.update("roles", row["documentId"], values, row["updatedAt"], audit) is None:
            raise ApiError(409, "The role was changed at the same time: read it again")
        await self._access.refresh()
        return answer({"ok": True})

    async def permissions(self, request: AnyRequest) -> Answer:
        """Every action there is."""
        self._door.admit(request, f"{PLUGIN}.permissions.getPermissions")
        return answer({"permissions": _tree(dict.fromkeys(PERMISSIONS, False))})

    async def _row(self, id: str) -> Row:
        """By its number, its type or its documentId; else 404."""
        rows, _ = await self._catalogue.find("roles", _ALL)
        for row in rows:
            if id in (str(ROLES.index(row["type"]) + 1), row["type"], row["documentId"]):
                return row
        raise ApiError(404)


def _shown(row: Row) -> dict[str, Any]:
    texts = {name: row[name] for name in ("documentId", "name", "description", "type")}
    times = {name: iso(row[name]) for name in ("createdAt", "updatedAt", "publishedAt")}
    return {"id": ROLES.index(row["type"]) + 1, **texts, **times}


def _tree(actions: dict[str, bool]) -> dict[str, Any]:
    """`api::car` -> controllers -> `car` -> `find` -> {enabled, policy}, as Strapi keeps them."""
    found: dict[str, Any] = {}
    for action, enabled in sorted(actions.items()):
        group, controller, name = action.split(".")
        controllers = found.setdefault(group, {"controllers": {}})["controllers"]
        controllers.setdefault(controller, {})[name] = {"enabled": enabled, "policy": ""}
    return found


def _changed(role: UserRole, before: frozenset[str], tree: Any) -> frozenset[str]:
    """The actions after a body's tree; 400 for what there is not, or what this role cannot be given or lose."""
    after = set(before)
    for action, enabled in _leaves(tree):
        if action not in PERMISSIONS:
            raise invalid([fault("permissions", f"There is no action {action:.200}")])
        if not isinstance(enabled, bool):
            raise invalid([fault("permissions", f"{action}: enabled must be true or false")])
        if enabled and action not in grantable(role):
            raise invalid([fault("permissions", f"{action} cannot be given to {role}")])
        (after.add if enabled else after.discard)(action)
    kept = granted(role, after, PERMISSIONS)
    if kept != after:
        raise invalid(
            [fault("permissions", f"{min(kept - after)} cannot be taken from {role}: nobody could give it back")]
        )
    return kept


def _leaves(tree: Any) -> list[tuple[str, Any]]:
    try:
        return [
            (f"{group}.{controller}.{name}", leaf["enabled"])
            for group, inner in tree.items()
            for controller, actions in inner["controllers"].items()
            for name, leaf in actions.items()
        ]
    except (AttributeError, KeyError, TypeError):
        shape = "{group: {controllers: {controller: {action: {enabled}}}}}"
        raise invalid([fault("permissions", f"permissions must be {shape}")]) from None
