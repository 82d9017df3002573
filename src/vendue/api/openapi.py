"""The OpenAPI description of every route, also of those that are applications of their own."""

from collections.abc import Iterable, Mapping
from typing import Any

from vendue import __version__
from vendue.api.actions import ACTIONS
from vendue.api.errors import NAMES
from vendue.api.photo_rows import UPLOADS
from vendue.api.schemas import AMOUNT, ID, MOMENT, Schema, an_object, components, listed, ref, wrapped
from vendue.files.port import MEDIA_TYPES

Operation = dict[str, Any]
_TAGS = {"cars": "Car", "auctions": "Auction"}
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same again gets the first decision. Made by the server where absent.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "description": "The row's ETag: 412 where it was changed since.",
    "schema": {"type": "string"},
}
_PATH_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": ID}
_REASON: Schema = {"reason": {"type": "string", "maxLength": 1000}}
_ACTION_BODIES: dict[str, Schema] = {
    "list": ref("TermsInput"),
    "amend": ref("TermsInput"),
    "extend": an_object({"ends_at": MOMENT, **_REASON}, "ends_at", closed=True),
    "cancel": an_object(_REASON, "reason", closed=True),
    "retract": an_object(
        {"bidder": ID, "allow_rebid": {"type": "boolean"}, **_REASON}, "bidder", "reason", closed=True
    ),
    "counter": an_object({"price": AMOUNT, **_REASON}, "price", closed=True),
}
_ACTION_SUMMARIES = {
    "list": "Put a draft up for sale, with the terms of its row and of the body",
    "amend": "Replace the terms while the auction is scheduled",
    "extend": "Move the end later",
    "cancel": "Call the auction off",
    "retract": "Make every bid of a bidder void",
    "approve": "Sell at the standing price",
    "decline": "Do not sell",
    "counter": "Offer the high bidder another price",
    "accept-offer": "Take the offer",
    "decline-offer": "Refuse the offer",
}


def describe() -> dict[str, Any]:
    """The whole document."""
    paths = {**_accounts(), **_content(), **_bids(), **_actions(), **_files(), **_service()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Vendue",
            "version": __version__,
            "description": "Live car auctions. Amounts are integers of the currency's minor unit, times epoch ms.",
        },
        "paths": paths,
        "components": {
            "schemas": components(),
            "securitySchemes": {"jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(
    tag: str,
    summary: str,
    answers: Mapping[int, Schema | None],
    errors: tuple[int, ...],
    parameters: tuple[Schema, ...] = (),
    body: Schema | None = None,
    signed_in: bool = True,
    media_types: Iterable[str] = ("application/json",),
    body_type: str = "application/json",
) -> Operation:
    responses: dict[str, Any] = {}
    for status, schema in answers.items():
        responses[str(status)] = {"description": "Done" if status < 400 else NAMES[status][1]}
        if schema is not None:
            responses[str(status)]["content"] = {media_type: {"schema": schema} for media_type in media_types}
    for status in sorted(errors):
        content = {"application/json": {"schema": ref("Error")}}
        responses[str(status)] = {"description": NAMES[status][1], "content": content}
    found: Operation = {"tags": [tag], "summary": summary, "parameters": list(parameters), "responses": responses}
    if body is not None:
        found["requestBody"] = {"required": True, "content": {body_type: {"schema": body}}}
    if signed_in:
        found["security"] = [{"jwt": []}, {}]
    return found


def _data(schema: Schema) -> Schema:
    return an_object({"data": schema}, "data")


def _parameter(name: str, schema: Schema, **more: Any) -> Schema:
    return {"name": name, "in": "query", "schema": schema, **more}


_FIELDS = (
    _parameter("fields", {"type": "string"}, description="Names by comma."),
    _parameter("populate", {"type": "string"}, description="Relations by comma, or `*`; nested as in Strapi."),
)
_PAGE = (
    *_FIELDS,
    _parameter("sort", {"type": "string"}, description="`name` or `name:desc`, several by comma."),
    _parameter("filters", {"type": "object"}, style="deepObject", description="As in Strapi: filters[make][$eq]=Ford."),
    _parameter("pagination[page]", {"type": "integer", "minimum": 1}),
    _parameter("pagination[pageSize]", {"type": "integer", "minimum": 1, "maximum": 100}),
)
_READ, _WRITE = (400, 401, 403, 503), (400, 401, 403, 404, 413, 415, 503)


def _content() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for plural, name in _TAGS.items():
        row, single = ref(name), name.lower()
        body = _data(ref(f"{name}Input"))
        changed = (*_WRITE, 409, 412)
        one = {200: wrapped(row)}
        paths[f"/api/{plural}"] = {
            "get": _operation(name, f"A page of {plural}", {200: listed(row)}, _READ, _PAGE),
            "post": _operation(name, f"Create a {single}", {201: wrapped(row)}, _WRITE, _FIELDS, body),
        }
        paths[f"/api/{plural}/{{id}}"] = {
            "get": _operation(name, f"One {single}", one, (*_READ, 404), (_PATH_ID, *_FIELDS)),
            "put": _operation(name, f"Change a {single}", one, changed, (_PATH_ID, _IF_MATCH, *_FIELDS), body),
            "delete": _operation(
                name, f"Remove a {single}", {204: None}, (*_READ, 404, 409, 412), (_PATH_ID, _IF_MATCH)
            ),
        }
    return paths


def _bids() -> dict[str, Any]:
    pending = wrapped(ref("Pending"))
    placed = {201: wrapped(ref("Decision")), 202: pending}
    errors = (*_WRITE, 409, 429)
    decided = {200: wrapped({"anyOf": [ref("Decision"), ref("Bid")]}), 202: pending}
    stream = {200: {"type": "string"}}
    return {
        "/api/bids": {
            "get": _operation("Bid", "A page of bids", {200: listed(ref("Bid"))}, _READ, _PAGE),
            "post": _operation("Bid", "Bid, or buy now", placed, errors, (_KEY,), _data(ref("BidInput"))),
        },
        "/api/bids/{id}": {
            "get": _operation("Bid", "What was decided", decided, (*_READ, 404), (_PATH_ID, *_FIELDS)),
        },
        "/api/live/{id}": {
            "get": _operation(
                "Bid",
                "An auction's standing now and after each change, as server-sent events",
                stream,
                (400, 401, 404, 429, 503),
                (_PATH_ID,),
                media_types=("text/event-stream",),
            ),
        },
    }


def _actions() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for action in ACTIONS:
        status = 201 if action == "list" else 200
        answers = {status: wrapped(ref("ActionDecision")), 202: wrapped(ref("Pending"))}
        body = _data(_ACTION_BODIES.get(action) or an_object(_REASON, closed=True))
        operation = _operation(
            "Auction", _ACTION_SUMMARIES[action], answers, (*_WRITE, 409, 429), (_PATH_ID, _KEY), body
        )
        paths[f"/api/auctions/{{id}}/{action}"] = {"post": operation}
    return paths


def _accounts() -> dict[str, Any]:
    entered, errors = {200: ref("SignedIn")}, (400, 413, 415, 429, 503)
    user, users = {200: ref("User")}, {200: {"type": "array", "items": ref("User")}}
    return {
        "/api/auth/local": {
            "post": _operation("User", "Sign in", entered, errors, body=ref("SignIn"), signed_in=False),
        },
        "/api/auth/local/register": {
            "post": _operation("User", "Open an account", entered, errors, body=ref("Registration"), signed_in=False),
        },
        "/api/users/me": {"get": _operation("User", "One's own account", user, (401, 403, 503))},
        "/api/users": {"get": _operation("User", "Accounts, for staff", users, _READ, _PAGE)},
        "/api/users/{id}": {"get": _operation("User", "An account", user, (*_READ, 404), (_PATH_ID,))},
    }


def _files() -> dict[str, Any]:
    file, id = ref("File"), _parameter("id", {"type": "string"}, description="The file to change, if one is.")
    sent = {200: file, 201: {"type": "array", "items": file}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    etag = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
    return {
        "/api/upload": {
            "post": _operation(
                "File",
                "Send photos, or with `id` change what is said of one or put another in its place",
                sent,
                (*_WRITE, 409, 412, 429),
                (id,),
                ref("UploadInput"),
                body_type="multipart/form-data",
            ),
        },
        "/api/upload/files": {
            "get": _operation("File", "Files", {200: {"type": "array", "items": file}}, _READ, _PAGE),
        },
        "/api/upload/files/{id}": {
            "get": _operation("File", "One file", {200: file}, (*_READ, 404), (_PATH_ID, *_FIELDS)),
            "delete": _operation("File", "Remove a file", {200: file}, (401, 403, 404, 409, 429, 503), (_PATH_ID,)),
        },
        UPLOADS + "{name}": {
            "get": _operation(
                "File",
                "A photo, or one of its smaller formats; it never changes",
                {200: {"type": "string", "format": "binary"}, 304: None},
                (404, 503),
                (name, etag),
                signed_in=False,
                media_types=MEDIA_TYPES.values(),
            ),
        },
    }


def _service() -> dict[str, Any]:
    text = {200: {"type": "string"}}
    health = {200: ref("Health"), 503: ref("Health")}
    return {
        "/health": {"get": _operation("Service", "Which parts are up", health, (), signed_in=False)},
        "/metrics": {
            "get": _operation(
                "Service", "Figures for Prometheus", text, (), signed_in=False, media_types=("text/plain",)
            )
        },
    }
