"""The descriptions of the routes of accounts, roles and tokens."""

from typing import Any

from vendue.api.openapi_parts import PAGE, PATH_ID, READ, WRITE, data, operation
from vendue.api.permissions import PERMISSIONS
from vendue.api.schemas import ID, MOMENT, Schema, an_object, ref, wrapped
from vendue.catalogue.models import ROLES

_TAG = "User"
_OK: dict[int, Schema | None] = {200: an_object({"ok": {"const": True}}, "ok")}
_ERRORS = (400, 403, 413, 415, 429, 503)


def account_paths() -> dict[str, Any]:
    """All of them."""
    return {**_signing_in(), **_users(), **_roles(), **_tokens()}


def _texts(*names: str) -> Schema:
    return an_object({name: {"type": "string", "minLength": 1} for name in names}, *names, closed=True)


def _signing_in() -> dict[str, Any]:
    entered: dict[int, Schema | None] = {200: ref("SignedIn")}
    session = an_object({"documentId": ID, "agent": {"type": "string"}, "current": {"type": "boolean"}}, "documentId")
    sessions = operation(_TAG, "Where one is signed in", {200: {"type": "array", "items": session}}, (401, 403, 503))
    ended = operation(_TAG, "Sign out elsewhere", {204: None}, (401, 403, 404, 503), (PATH_ID,))

    def public(summary: str, answers: dict[int, Schema | None], body: Schema | None = None, *more: int) -> Any:
        return {"post": operation(_TAG, summary, answers, (*_ERRORS, *more), body=body, signed_in=False)}

    changing = _texts("currentPassword", "password", "passwordConfirmation")
    change = operation(_TAG, "Change one's password", entered, (*_ERRORS, 401, 409), body=changing)
    return {
        "/api/auth/local": public("Sign in", entered, ref("SignIn")),
        "/api/auth/local/register": public("Open an account", entered, ref("Registration")),
        "/api/auth/refresh": public("A new token for the session's cookie", entered, None, 401),
        "/api/auth/logout": public("End the session of the cookie", _OK),
        "/api/auth/forgot-password": public("Ask for a letter with a code", _OK, _texts("email")),
        "/api/auth/reset-password": public(
            "Set a new password by the code", entered, _texts("code", "password", "passwordConfirmation"), 409
        ),
        "/api/auth/change-password": {"post": change},
        "/api/auth/sessions": {"get": sessions},
        "/api/auth/sessions/{id}": {"delete": ended},
    }


def _users() -> dict[str, Any]:
    user: dict[int, Schema | None] = {200: ref("User")}
    users: dict[int, Schema | None] = {200: {"type": "array", "items": ref("User")}}
    body, changed = ref("UserInput"), (*WRITE, 409)
    return {
        "/api/users/me": {"get": operation(_TAG, "One's own account", user, (401, 403, 503))},
        "/api/users/count": {"get": operation(_TAG, "How many there are", {200: {"type": "integer"}}, READ, PAGE)},
        "/api/users": {
            "get": operation(_TAG, "Accounts, for staff", users, READ, PAGE),
            "post": operation(_TAG, "Open an account for somebody", {201: ref("User")}, WRITE, body=body),
        },
        "/api/users/{id}": {
            "get": operation(_TAG, "An account", user, (*READ, 404), (PATH_ID,)),
            "put": operation(_TAG, "Change an account", user, changed, (PATH_ID,), body),
            "delete": operation(_TAG, "Forget a person", user, (*READ, 404, 409), (PATH_ID,)),
        },
    }


def _roles() -> dict[str, Any]:
    role = an_object({"id": {"type": "integer"}, "type": {"enum": list(ROLES)}, "permissions": {"type": "object"}})
    roles: dict[int, Schema | None] = {200: an_object({"roles": {"type": "array", "items": role}}, "roles")}
    tree: dict[int, Schema | None] = {200: an_object({"permissions": {"type": "object"}}, "permissions")}
    groups = sorted({action.split(".")[0] for action in PERMISSIONS})
    body = an_object({"permissions": {"type": "object", "description": f"Groups: {', '.join(groups)}."}})
    path = "/api/users-permissions"
    return {
        f"{path}/roles": {"get": operation("Role", "The roles", roles, (401, 403, 503))},
        f"{path}/roles/{{id}}": {
            "get": operation("Role", "What a role may do", {200: an_object({"role": role})}, (*READ, 404), (PATH_ID,)),
            "put": operation("Role", "Give and take actions", _OK, (*WRITE, 409), (PATH_ID,), body),
        },
        f"{path}/permissions": {"get": operation("Role", "Every action there is", tree, (401, 403, 503))},
    }


def _tokens() -> dict[str, Any]:
    token = ref("ApiToken")
    listed: dict[int, Schema | None] = {200: an_object({"data": {"type": "array", "items": token}}, "data")}
    body = data(
        an_object(
            {"name": {"type": "string", "minLength": 1}, "role": {"enum": list(ROLES[1:])}, "expires_at": MOMENT},
            "name",
            "role",
            "expires_at",
            closed=True,
        )
    )
    return {
        "/api/api-tokens": {
            "get": operation("Token", "One's API tokens", listed, (401, 403, 503)),
            "post": operation("Token", "A token, shown once", {201: wrapped(token)}, (*WRITE, 409), (), body),
        },
        "/api/api-tokens/{id}": {
            "delete": operation("Token", "End a token", {204: None}, (401, 403, 404, 503), (PATH_ID,)),
        },
    }
