"""POST /api/bids: the hot path, an ASGI application of its own. Bids on the socket come through `place` too."""

import asyncio
import re
import secrets
import time
from asyncio import Future
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import structlog
from msgspec import DecodeError, Meta, Struct, ValidationError
from msgspec.json import Decoder, encode

from vendue.api.asgi import (
    JSON,
    Receive,
    Response,
    Scope,
    Send,
    error_response,
    header_text,
    headers_of,
    read_body,
    respond,
)
from vendue.api.auth import Door
from vendue.api.desk import Desk
from vendue.api.errors import ApiError, fault, invalid, rate_limited, refusal_response, unavailable
from vendue.api.limits import Buckets
from vendue.api.permissions import Viewer
from vendue.api.signing import Evidence, Signer
from vendue.log.port import LogBroken, LogUnavailable
from vendue.rules.commands import Bid, command_id
from vendue.rules.events import Outcome
from vendue.rules.receipts import Receipt
from vendue.rules.standing import Standing
from vendue.rules.terms import Amount

AUCTION_ID = r"^[A-Za-z0-9_-]{1,64}(?!\n)$"  # Python's $ alone lets a line end pass

READING = ("GET", "HEAD", "OPTIONS")
"""The methods of this path that are the ordinary routes'."""

_log = structlog.get_logger()
_key = re.compile(r"[!-~]{1,200}")
_field = re.compile(r"Object (missing required|contains unknown) field `(.*)`$", re.DOTALL)
_index = re.compile(r"\[([0-9]+)\]")
_at = re.compile(r" - at `\$\.?(?:data)?\.?([^`]*)`$")


class BidInput(Struct, frozen=True, forbid_unknown_fields=True):
    """What a bidder sends; `amount` in minor units."""

    auction: Annotated[str, Meta(pattern=AUCTION_ID)]
    amount: Amount
    kind: Literal["bid", "buy_now"] = "bid"
    confirm_jump: bool = False


class _Request(Struct, frozen=True):
    data: BidInput


class _Placed(Struct, frozen=True, omit_defaults=True):
    documentId: str  # noqa: N815  # Strapi's name for it
    auction: str
    amount: int
    kind: str
    outcome: Outcome | None
    seq: int | None
    placed_at: int
    standing: Standing | None
    status: str
    evidence: Evidence | None = None


class _Answer(Struct, frozen=True):
    data: _Placed
    meta: dict[str, Any] = {}


_requests = Decoder(_Request)


class Bids:
    """Takes bids. `limit` is by account, `body_bytes` the most a request may carry."""

    def __init__(self, desk: Desk, door: Door, signer: Signer, limit: Buckets, body_bytes: int) -> None:
        self._desk, self._door, self._signer, self._limit, self._body_bytes = desk, door, signer, limit, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /api/bids, as any server can call it."""
        headers = headers_of(scope)
        try:
            if scope["method"] != "POST":
                raise ApiError(405, headers={"Allow": ", ".join((*READING, "POST"))})
            body = await read_body(headers, receive, self._body_bytes)
        except ApiError as error:
            await respond(send, *error_response(error))
            return
        if body is None:
            return
        answered: Future[Response] = asyncio.get_running_loop().create_future()
        self.take(headers, body, answered.set_result)
        await respond(send, *await answered)

    def take(self, headers: Mapping[bytes, bytes], body: bytes, respond: Callable[[Response], None]) -> None:
        """A whole request; `respond` is called once, at once or when it is decided."""
        try:
            bid, command = self._read(headers, body)
        except ApiError as error:
            respond(error_response(error))
            return

        def told(answer: Receipt | Exception | None) -> None:
            respond(self._response(bid, command, answer))

        try:
            self._desk.put(command, told)
        except (LogUnavailable, LogBroken) as error:
            told(error)

    def _read(self, headers: Mapping[bytes, bytes], body: bytes) -> tuple[BidInput, Bid]:
        viewer = self._door.viewer(header_text(headers.get(b"authorization")))
        key = read_key(header_text(headers.get(b"idempotency-key")))
        content_type = headers.get(b"content-type", JSON)
        if content_type != JSON and content_type.partition(b";")[0].strip().lower() != JSON:
            raise ApiError(415, f"The body must be application/json, not {content_type.decode('latin-1'):.100}")
        if b"content-encoding" in headers:
            raise ApiError(415, "The body must not be compressed")
        if len(body) > self._body_bytes:
            raise ApiError(413)
        bid = parse(body)
        return bid, self._command(viewer, bid, key)

    async def place(self, viewer: Viewer, bid: BidInput, key: str) -> tuple[str, Receipt | None]:
        """The bid's id and its decision, None where there is none yet. Raises ApiError."""
        command = self._command(viewer, bid, key)
        try:
            return command.id, await self._desk.ask(command)
        except LogUnavailable as error:
            raise unavailable(error) from None
        except LogBroken as error:
            _log.error("bids.log_broken", error=str(error))
            return command.id, None  # whether it is in the log is unknown

    def _command(self, viewer: Viewer, bid: BidInput, key: str) -> Bid:
        """What goes into the log. Raises ApiError where this viewer may not bid, or not now."""
        if viewer.user is None:
            raise ApiError(401)
        if not self._door.allows(viewer, "api::bid.bid.create"):
            raise ApiError(403, "Staff never bid")
        if wait := self._limit.take(viewer.user, time.monotonic()):
            raise rate_limited(wait)
        return Bid(
            auction=bid.auction,
            id=command_id(bid.auction, viewer.user, key),
            by=viewer.user,
            role="bidder",
            salt=self._desk.new_salt(),
            amount=bid.amount,
            kind=bid.kind,
            confirm_jump=bid.confirm_jump,
        )

    def _response(self, bid: BidInput, command: Bid, answer: Receipt | Exception | None) -> Response:
        if isinstance(answer, LogUnavailable):
            return error_response(unavailable(answer))
        if isinstance(answer, Receipt):
            return self.decision(bid, answer)
        if answer is not None:
            _log.error("bids.log_broken", error=str(answer))  # whether it is in the log is unknown
        pending = encode({"data": {"documentId": command.id, "status": "pending"}, "meta": {}})
        return 202, pending, [(b"location", b"/api/bids/" + command.id.encode()), (b"retry-after", b"1")]

    def decision(self, bid: BidInput, receipt: Receipt) -> Response:
        """The response to a bid that was decided, signed."""
        return answered(bid, receipt, self._signer.receipt(receipt))


def answered(bid: BidInput, receipt: Receipt, evidence: Evidence | None) -> Response:
    """The response to a bid: what was decided, and the signature on it."""
    if receipt.code is not None:
        status, body = refusal_response(receipt, evidence=evidence)
        return status, body, []
    placed = _Placed(
        receipt.id,
        receipt.auction,
        bid.amount,
        bid.kind,
        receipt.outcome,
        receipt.seq,
        receipt.at,
        receipt.standing,
        "accepted",
        evidence,
    )
    return 201, encode(_Answer(placed)), []


def read_key(given: str | None, name: str = "Idempotency-Key") -> str:
    """The idempotency key, made here where there is none; 400 where it is malformed."""
    if given is None:
        return secrets.token_hex(16)
    if not _key.fullmatch(given):
        raise invalid([fault(name, f"{name} must be 1 to 200 visible ASCII characters")])
    return given


def parse(body: bytes) -> BidInput:
    """The bid in a request's body; 400 that names the field."""
    try:
        return _requests.decode(body).data
    except ValidationError as error:
        raise explain(error) from None
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, f"The body is not JSON: {error}", "SyntaxError") from None


def explain(error: ValidationError) -> ApiError:
    """msgspec's sentence as a fault at its field."""
    sentence = str(error)
    found = _at.search(sentence)
    path = _index.sub(r".\1", found[1]).replace("[...]", "") if found else ""
    message = sentence[: found.start()] if found else sentence
    if field := _field.match(message):
        path = ".".join(filter(None, (path, field[2][:100])))
        message = "must be defined" if field[1] == "missing required" else "there is no such field"
    elif "matching regex" in message:
        message = "must be an id of 1 to 64 letters, digits, - and _"
    return invalid([fault(path or "data", f"{path}: {message}" if path else message)])
