"""What anyone can check a sale with: the public keys, a finished auction's log, the openings of one's own events.

And for staff the head of the audit log.
"""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from msgspec.json import encode

from vendue.api.auth import Door
from vendue.api.bodies import answer
from vendue.api.desk import Desk
from vendue.api.errors import Answer, AnyRequest, ApiError
from vendue.api.limits import Places
from vendue.api.permissions import Viewer
from vendue.api.service import get
from vendue.api.signing import Signer
from vendue.api.visibility import may_see
from vendue.api.writes import ID
from vendue.catalogue.models import AUCTIONS
from vendue.catalogue.port import Catalogue, Row, count
from vendue.catalogue.query import Condition, Group, Order, Query
from vendue.chain import GENESIS
from vendue.rules.claims import ACTS, Claim
from vendue.rules.evidence import opening, published, read
from vendue.rules.why import Why, with_fate
from vendue.rules.why import why as explain

FINISHED = ("sold", "unsold", "cancelled")
EVENTS_AT_ONCE = 500
MEDIA_TYPE = "application/jsonl"
NOT_FINISHED = "This auction is not finished: its log can be had once it is sold, unsold or cancelled"
NOT_KEPT = (
    "The events of this auction are from before they were kept: ask the house to run `vendue projector --rebuild`"
)
_AUCTION = Query(populate={"auction": Query()})
_SELLER = Query(populate={"seller": Query(fields=("documentId",))})
_CHAINED = Condition(("seq",), "$gt", 0)
"""Of the audit log's lines; those from before it was a chain have no seq, which would count as the highest."""
_NEWEST = Query(_CHAINED, (Order("seq", descending=True),), limit=1, fields=("seq", "hash"), counted=False)
_FORMATS = {
    "signature": "Ed25519 (RFC 8032) of the text as UTF-8; base64url without padding, as the keys' x",
    "kid": "the first 16 hex digits of the SHA-256 of the key's 32 bytes",
    "receipt": "vendue receipt 1\n{auction}\n{seq}\n{at}\n{hash}\n",
    "head": "vendue head 1\n{auction}\n{seq}\n{at}\n{hash}\n",
    "audit-head": "vendue audit-head 1\n{auction}\n{seq}\n{at}\n{hash}\n",
    "hash": "SHA-256 of the event without hash, hidden and salt as RFC 8785 JSON, in hex",
    "commitment": "SHA-256 of the salt's 16 bytes, then of the hidden part as RFC 8785 JSON, in hex",
}


class EvidenceRoutes:
    """The routes; of an auction that is not over there is nothing to be had."""

    def __init__(self, catalogue: Catalogue, desk: Desk, door: Door, signer: Signer, downloads: Places) -> None:
        self._catalogue, self._desk, self._door, self._signer = catalogue, desk, door, signer
        self._downloads = downloads

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application. A slow download keeps some hundred kilobytes waiting, so they have places."""
        return [
            get("/.well-known/vendue", self.well_known),
            get("/api/auctions/{id:str}/log", self.log, self._downloads.around),
            get("/api/auctions/{id:str}/openings", self.openings, self._downloads.around),
            get("/api/bids/{id:str}/why", self.why),
            get("/api/audit-log/head", self.audit_head),
        ]

    async def well_known(self) -> Answer:
        """The public keys and what is signed."""
        return answer({"keys": self._signer.public_keys(), "formats": _FORMATS})

    async def log(self, request: AnyRequest, id: str) -> Response[Any]:
        """The public parts of all events, then the head, as JSON lines."""
        viewer = self._door.admit(request, "api::auction.auction.log")
        row = await self._finished(id, viewer)
        return _lines(request, self._public(row), f"{id}.log.jsonl")

    async def openings(self, request: AnyRequest, id: str) -> Response[Any]:
        """Salt and hidden part of what the viewer asked for, as JSON lines."""
        viewer = self._door.admit(request, "api::auction.auction.openings")
        row = await self._finished(id, viewer)
        return _lines(request, self._own(row, viewer), f"{id}.openings.jsonl")

    async def why(self, request: AnyRequest, id: str) -> Answer:
        """Why a bid of one's own was decided so, also while the auction is open; staff ask of any once it is over."""
        viewer = self._door.admit(request, "api::bid.bid.findOne")
        row = await self._catalogue.get("bids", id, _AUCTION) if ID.fullmatch(id) else None
        own = row is not None and viewer.user is not None and row["bidder"] == viewer.user
        if row is None or not (own or (viewer.is_staff and row["auction"]["status"] in FINISHED)):
            raise ApiError(404)
        found: Why | None = None
        async for rows in self._events(row["auction"], since=row["seq"] - 2):
            events = [read(each["value"].encode()) for each in rows]
            if found is None:
                if len(events) < 2 or events[1].body.seq != row["seq"]:
                    break
                found = explain(events[0].body.standing, events[1])
                assert found is not None, "a bid's row comes from a bid's event"
                events = events[2:]
            found = with_fate(found, events)
            if found.fate is not None:
                break
        if found is None:
            raise ApiError(409, NOT_KEPT)
        return answer({"data": found, "meta": {}})

    async def audit_head(self, request: AnyRequest) -> Answer:
        """The audit log's end as of now, signed, for somebody outside to keep."""
        self._door.admit(request, "api::audit-log.audit-log.find")
        rows, _ = await self._catalogue.find("audit_log", _NEWEST)
        last: Row = rows[0] if rows else {"seq": 0, "hash": GENESIS}
        head = Claim(ACTS, last["seq"], self._desk.now_ms(), last["hash"])
        return answer({"data": self._signer.sign("audit-head", head), "meta": {}})

    async def _finished(self, id: str, viewer: Viewer) -> Row:
        row = await self._catalogue.get("auctions", id, _SELLER) if ID.fullmatch(id) else None
        if row is None or not may_see(AUCTIONS, row, viewer):
            raise ApiError(404)
        if row["status"] not in FINISHED:
            raise ApiError(409, NOT_FINISHED)
        if await count(self._catalogue, "events", Condition(("auction",), "$eq", id)) < row["seq"]:
            raise ApiError(409, NOT_KEPT)
        return row

    async def _public(self, row: Row) -> AsyncIterator[bytes]:
        last = ""
        async for rows in self._events(row):
            last = rows[-1]["documentId"]
            yield b"".join(published(each["value"].encode()) + b"\n" for each in rows)
        head = Claim(row["documentId"], row["seq"], self._desk.now_ms(), last)
        yield encode({"head": self._signer.sign("head", head)}) + b"\n"

    async def _own(self, row: Row, viewer: Viewer) -> AsyncIterator[bytes]:
        async for rows in self._events(row, Condition(("by",), "$eq", viewer.user)):
            found = (opening(read(each["value"].encode())) for each in rows)
            yield b"".join(encode(each) + b"\n" for each in found if each is not None)

    async def _events(self, row: Row, *more: Condition, since: int = 0) -> AsyncIterator[list[Row]]:
        """In order, some at a time, those after `since` up to those that the auction's row knew of."""
        last = since
        while True:
            these = Condition(("seq",), "$gt", last), Condition(("seq",), "$lte", row["seq"])
            where = Group("$and", (Condition(("auction",), "$eq", row["documentId"]), *these, *more))
            page = Query(where, (Order("seq"),), limit=EVENTS_AT_ONCE, fields=("seq", "value"), counted=False)
            rows, _ = await self._catalogue.find("events", page)
            if rows:
                yield rows
                last = rows[-1]["seq"]
            if len(rows) < EVENTS_AT_ONCE:
                return


def _lines(request: AnyRequest, lines: AsyncIterator[bytes], name: str) -> Response[Any]:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    if request.method == "HEAD":
        return Response(b"", headers=headers, media_type=MEDIA_TYPE)
    return Stream(lines, headers=headers, media_type=MEDIA_TYPE)
