"""POST /api/auctions/ID/ACTION: what runs a sale. Each is a command in the log and is answered with its decision."""

import time
from hashlib import sha256
from typing import Any, Literal, get_args

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from msgspec import ValidationError, convert
from msgspec.json import encode

from vendue.api.audit_log import line
from vendue.api.auth import Door
from vendue.api.bids import read_key
from vendue.api.bodies import answer, read_data, take_reason
from vendue.api.desk import Desk
from vendue.api.errors import (
    Answer,
    AnyRequest,
    ApiError,
    fault,
    invalid,
    invalid_key,
    rate_limited,
    refusal_response,
)
from vendue.api.limits import Buckets
from vendue.api.permissions import Viewer
from vendue.api.turns import LISTING, Turns
from vendue.api.visibility import is_seller, may_see
from vendue.api.writes import ID
from vendue.catalogue.models import AUCTIONS, TERMS
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Query
from vendue.log.port import LogBroken, LogUnavailable
from vendue.rules import commands
from vendue.rules.commands import Asked, Role, command_id
from vendue.rules.receipts import Receipt
from vendue.rules.terms import Amount, Moment, Terms, read_terms

Action = Literal[
    "list", "amend", "extend", "cancel", "retract", "approve", "decline", "counter", "accept-offer", "decline-offer"
]
ACTIONS: tuple[Action, ...] = get_args(Action)
MAX_SELLERS = 1000
_USER = Query(fields=("documentId",))
_OWNERS = Query(populate={"seller": _USER, "car": Query(fields=("updatedAt",), populate={"seller": _USER})})
MEANWHILE = "Somebody changed this auction or its car at the same moment: list it again"
_PLAIN: dict[str, type[commands.Approve | commands.Decline | commands.AcceptOffer | commands.DeclineOffer]] = {
    "approve": commands.Approve,
    "decline": commands.Decline,
    "accept-offer": commands.AcceptOffer,
    "decline-offer": commands.DeclineOffer,
}
_FIELDS: dict[str, dict[str, Any]] = {
    "extend": {"ends_at": Moment},
    "cancel": {},
    "retract": {"bidder": str, "allow_rebid": bool},
    "counter": {"price": Amount},
}
"""Beside `reason`, which the audit log keeps of any action, and the event of `cancel` and `retract`.

list and amend take terms.
"""
_OPTIONAL = {"allow_rebid": False}


class Actions:
    """The routes of the actions; `limit` is by account."""

    def __init__(self, catalogue: Catalogue, desk: Desk, door: Door, turns: Turns, limit: Buckets) -> None:
        self._catalogue, self._desk, self._door, self._turns, self._limit = catalogue, desk, door, turns, limit

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [route("/api/auctions/{id:str}/{action:str}", http_method="POST", status_code=200)(self.act)]

    async def act(self, request: AnyRequest, id: str, action: str) -> Answer:
        """Ask the log for it and answer as it decides."""
        if action not in ACTIONS:
            raise ApiError(404)
        viewer = self._door.admit(request, f"api::auction.auction.{action}")
        assert viewer.user is not None, "nobody but those signed in may act"
        key = read_key(request.headers.get("idempotency-key"))
        wait = self._limit.take(viewer.user, time.monotonic())
        if wait:
            raise rate_limited(wait)
        data = await read_data(request)
        async with self._turns.of(id):
            receipt = await self._ask(id, action, viewer, key, data)
        if receipt is None:
            pending = {"documentId": id, "status": "pending"}
            return answer({"data": pending, "meta": {}}, 202, {"Location": f"/api/auctions/{id}"})
        return _decided(receipt, 201 if action == "list" else 200)

    async def _ask(self, id: str, action: str, viewer: Viewer, key: str, data: dict[str, Any]) -> Receipt | None:
        """The log's decision, or None where there is none yet."""
        assert viewer.user is not None, "nobody but those signed in may act"
        row = await self._catalogue.get("auctions", id, _OWNERS) if ID.fullmatch(id) else None
        if row is None or not may_see(AUCTIONS, row, viewer):
            raise ApiError(404)
        asked = {
            "auction": id,
            "id": command_id(id, viewer.user, key),
            "by": viewer.user,
            "role": _role(row, viewer, action),
            "salt": self._desk.new_salt(),
        }
        listing: Row | None = None
        reason = take_reason(data)
        try:
            sellers = await self._sellers(row, asked["by"]) if action in ("list", "amend") else []
            command = _command(action, data, reason or "", row, asked, sellers, self._desk.now_ms())
            listing = await self._claim(row) if action == "list" and row["status"] == "draft" else None
            if viewer.is_staff:
                await self._note(action, viewer, id, reason, "asked")
            receipt = await self._desk.ask(command)
        except LogBroken:
            return None  # whether it is in the log is unknown
        except LogUnavailable:
            await self._release(listing)
            raise
        if receipt is not None and receipt.code is not None:
            await self._release(listing)
        if viewer.is_staff and receipt is not None:
            await self._note(action, viewer, id, None, receipt.code or "accepted")
        return receipt

    async def _claim(self, draft: Row) -> Row:
        """From now on no process changes the draft that was read, nor takes its car away. Raises ApiError 409."""
        listing = await self._catalogue.update("auctions", draft["documentId"], {"seq": LISTING}, draft["updatedAt"])
        if listing is None:
            raise ApiError(409, MEANWHILE)
        car = draft["car"]
        if car is not None and await self._catalogue.update("cars", car["documentId"], {}, car["updatedAt"]) is None:
            await self._release(listing)
            raise ApiError(409, MEANWHILE)
        return listing

    async def _release(self, listing: Row | None) -> None:
        """It may be changed again, if it is still what was claimed."""
        if listing is not None:
            await self._catalogue.update("auctions", listing["documentId"], {"seq": None}, listing["updatedAt"])

    async def _note(self, action: str, viewer: Viewer, id: str, reason: str | None, outcome: str) -> None:
        """A line in the audit log: for what staff asks, before it is asked, and for what came of it."""
        named, now = f"api::auction.auction.{action}", self._desk.now_ms()
        await self._catalogue.create(
            "audit_log", line(viewer, named, "auctions", id, now, reason=reason, outcome=outcome)
        )

    async def _sellers(self, row: Row, by: str) -> list[str]:
        """Who may not bid: the auction's seller, the car's, whoever lists it, and their parties."""
        car = row["car"] or {}
        sellers = [*(each["documentId"] for each in (row["seller"], car.get("seller")) if each), by]
        rows, _ = await self._catalogue.find("users", Query(Condition(("documentId",), "$in", tuple(sellers))))
        parties = tuple({each["party"] for each in rows} - {None})
        if parties:
            same = Query(Condition(("party",), "$in", parties), limit=MAX_SELLERS, fields=("documentId",))
            members, total = await self._catalogue.find("users", same)
            if total > MAX_SELLERS:
                raise ApiError(409, f"The sellers' parties have more than {MAX_SELLERS} accounts: split them")
            sellers += [each["documentId"] for each in members]
        return list(dict.fromkeys(sellers))


def _role(row: Row, viewer: Viewer, action: str) -> Role:
    """In what capacity the viewer acts; 403 for a seller on somebody else's auction."""
    if viewer.is_staff:
        return "auctioneer"
    if action in ("accept-offer", "decline-offer"):
        return "bidder"
    if is_seller(row, viewer):
        return "seller"
    raise ApiError(403)


def _command(
    action: str, data: dict[str, Any], reason: str, row: Row, asked: dict[str, Any], sellers: list[str], now_ms: int
) -> Asked:
    if action == "list":
        return commands.List(**asked, terms=_terms({**_drafted(row), **data}, sellers, now_ms), sent=_digest(data))
    if action == "amend":
        return commands.Amend(**asked, terms=_terms(data, sellers, now_ms), sent=_digest(data))
    given = _read_fields(data, _FIELDS.get(action, {}))
    match action:
        case "extend":
            return commands.Extend(**asked, **given)
        case "cancel":
            return commands.Cancel(**asked, reason=reason)
        case "retract":
            return commands.Retract(**asked, **given, reason=reason)
        case "counter":
            return commands.Counter(**asked, **given)
    return _PLAIN[action](**asked)


def _read_fields(data: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    """The body's fields by their types, every fault named."""
    for name in data:
        if name not in types:
            raise invalid_key(name)
    found, faults = {}, []
    for name, kind in types.items():
        value = data.get(name)
        if value is None and name in _OPTIONAL:
            found[name] = _OPTIONAL[name]
        elif value is None:
            faults.append(fault(name, f"{name} must be defined."))
        elif name == "bidder" and not (isinstance(value, str) and ID.fullmatch(value)):
            faults.append(fault(name, "bidder must be a user's documentId", value))
        else:
            try:
                found[name] = convert(value, kind)
            except ValidationError as error:
                faults.append(fault(name, f"{name}: {error}", value))
    if faults:
        raise invalid(faults)
    return found


def _drafted(row: Row) -> dict[str, Any]:
    return {field.name: row[field.name] for field in TERMS}


def _digest(data: dict[str, Any]) -> str:
    return sha256(encode(data, order="deterministic")).hexdigest()[:16]


def _terms(given: dict[str, Any], sellers: list[str], now_ms: int) -> Terms:
    """Whole terms; no start means at once."""
    names = {field.name for field in TERMS}
    for name in given:
        if name not in names:
            raise invalid_key(name)
    starts_at = 0 if given.get("starts_at") is None else given["starts_at"]
    raw = {**given, "starts_at": starts_at}
    terms, faults = read_terms({**raw, "seller_ids": sellers}, now_ms)
    if terms is None:
        raise invalid([fault(each.path, each.message) for each in faults])
    return terms


def _refused(receipt: Receipt) -> Answer:
    """A refusal as a response."""
    status, body = refusal_response(receipt, "ActionRefusedError")
    return Response(body, status_code=status, media_type="application/json")


def _decided(receipt: Receipt, status: int) -> Answer:
    if receipt.code is not None:
        return _refused(receipt)
    decided = {
        "documentId": receipt.auction,
        "seq": receipt.seq,
        "at": receipt.at,
        "status": "accepted",
        "standing": receipt.standing,
    }
    return answer({"data": decided, "meta": {}}, status)
