"""The OpenAPI description of every route, also of those that are applications of their own."""

from typing import Any

from vendue import __version__
from vendue.api.actions import ACTIONS
from vendue.api.openapi_accounts import account_paths
from vendue.api.openapi_files import file_paths
from vendue.api.openapi_parts import FIELDS, IDEMPOTENCY_KEY, IF_MATCH, PAGE, PATH_ID, READ, WRITE, data, operation
from vendue.api.schemas import AMOUNT, ID, MOMENT, Schema, an_object, components, listed, ref, wrapped

_TAGS = {"cars": "Car", "auctions": "Auction"}
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
    paths = {**account_paths(), **_content(), **_bids(), **_actions(), **_evidence(), **file_paths(), **_service()}
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


def _content() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for plural, name in _TAGS.items():
        row, single = ref(name), name.lower()
        body = data(ref(f"{name}Input"))
        changed = (*WRITE, 409, 412)
        one = {200: wrapped(row)}
        paths[f"/api/{plural}"] = {
            "get": operation(name, f"A page of {plural}", {200: listed(row)}, READ, PAGE),
            "post": operation(name, f"Create a {single}", {201: wrapped(row)}, WRITE, FIELDS, body),
        }
        paths[f"/api/{plural}/{{id}}"] = {
            "get": operation(name, f"One {single}", one, (*READ, 404), (PATH_ID, *FIELDS)),
            "put": operation(name, f"Change a {single}", one, changed, (PATH_ID, IF_MATCH, *FIELDS), body),
            "delete": operation(name, f"Remove a {single}", {204: None}, (*READ, 404, 409, 412), (PATH_ID, IF_MATCH)),
        }
    for path, name, what in (("audit-log", "AuditLine", "the audit log, for staff"), ("watchlist", "Watch", "watches")):
        row = ref(name)
        paths[f"/api/{path}"] = {"get": operation(name, f"A page of {what}", {200: listed(row)}, READ, PAGE)}
        single_row = operation(name, f"One of {what}", {200: wrapped(row)}, (*READ, 404), (PATH_ID, *FIELDS))
        paths[f"/api/{path}/{{id}}"] = {"get": single_row}
    watch, errors = wrapped(ref("Watch")), (*WRITE, 409)
    body = data(an_object({"auction": ID}, "auction", closed=True))
    paths["/api/watchlist"]["post"] = operation("Watch", "Watch an auction", {201: watch}, errors, FIELDS, body)
    paths["/api/watchlist/{id}"]["delete"] = operation(
        "Watch", "Watch it no longer", {204: None}, (*READ, 404), (PATH_ID,)
    )
    return paths


def _bids() -> dict[str, Any]:
    pending = wrapped(ref("Pending"))
    placed = {201: wrapped(ref("Decision")), 202: pending}
    errors = (*WRITE, 409, 429)
    decided = {200: wrapped({"anyOf": [ref("Decision"), ref("Bid")]}), 202: pending}
    stream = {200: {"type": "string"}}
    return {
        "/api/bids": {
            "get": operation("Bid", "A page of bids", {200: listed(ref("Bid"))}, READ, PAGE),
            "post": operation("Bid", "Bid, or buy now", placed, errors, (IDEMPOTENCY_KEY,), data(ref("BidInput"))),
        },
        "/api/bids/{id}": {
            "get": operation("Bid", "What was decided", decided, (*READ, 404), (PATH_ID, *FIELDS)),
        },
        "/api/bids/{id}/why": {
            "get": operation(
                "Bid",
                "Why a bid of one's own was decided so",
                {200: wrapped(ref("Why"))},
                (*READ, 404, 409),
                (PATH_ID,),
            ),
        },
        "/api/watchers": {
            "get": operation(
                "Auction", "How many connections watch each auction", {200: wrapped(ref("Watchers"))}, (*READ, 503)
            ),
        },
        "/api/live/{id}": {
            "get": operation(
                "Bid",
                "An auction's standing now and after each change, as server-sent events",
                stream,
                (400, 401, 404, 429, 503),
                (PATH_ID,),
                media_types=("text/event-stream",),
            ),
        },
    }


def _actions() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for action in ACTIONS:
        status = 201 if action == "list" else 200
        answers = {status: wrapped(ref("ActionDecision")), 202: wrapped(ref("Pending"))}
        body = data(_ACTION_BODIES.get(action) or an_object(_REASON, closed=True))
        described = operation(
            "Auction", _ACTION_SUMMARIES[action], answers, (*WRITE, 409, 429), (PATH_ID, IDEMPOTENCY_KEY), body
        )
        paths[f"/api/auctions/{{id}}/{action}"] = {"post": described}
    return paths


def _evidence() -> dict[str, Any]:
    lines = {200: {"type": "string"}}
    told = {"log": "The public parts of a finished auction's events, and its signed head, as JSON lines"}
    told["openings"] = "Salt and hidden part of one's own events of a finished auction, as JSON lines"
    paths: dict[str, Any] = {
        f"/api/auctions/{{id}}/{name}": {
            "get": operation(
                "Auction", summary, lines, (*READ, 404, 409, 503), (PATH_ID,), media_types=("application/jsonl",)
            )
        }
        for name, summary in told.items()
    }
    known = {200: ref("WellKnown")}
    keys = operation("Service", "The public keys that receipts are signed with", known, (), signed_in=False)
    last = {200: wrapped(ref("AuditHead"))}
    head = operation("AuditLine", "The end of the audit log, signed: to be kept outside, for staff", last, READ)
    return {**paths, "/api/audit-log/head": {"get": head}, "/.well-known/vendue": {"get": keys}}


def _service() -> dict[str, Any]:
    text = {200: {"type": "string"}}
    health = {200: ref("Health"), 503: ref("Health")}
    return {
        "/health": {"get": operation("Service", "Which parts are up", health, (), signed_in=False)},
        "/health/live": {"get": operation("Service", "That the process runs", health, (), signed_in=False)},
        "/health/ready": {"get": operation("Service", "Whether it takes work", health, (), signed_in=False)},
        "/metrics": {
            "get": operation(
                "Service", "Figures for Prometheus", text, (), signed_in=False, media_types=("text/plain",)
            )
        },
    }
