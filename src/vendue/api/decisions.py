"""GET /api/bids/ID: what was decided, for whoever bid; a row of the history for everyone else."""

from litestar import route
from litestar.handlers import HTTPRouteHandler
from msgspec import convert

from vendue.api.auth import Door
from vendue.api.bodies import answer, read_params
from vendue.api.content import Content
from vendue.api.desk import Desk
from vendue.api.errors import Answer, AnyRequest, ApiError
from vendue.api.signing import Evidence, Signer
from vendue.api.visibility import present, widen
from vendue.api.writes import ID
from vendue.catalogue.models import BIDS
from vendue.catalogue.parse import parse
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Group, Query
from vendue.rules.claims import Claim
from vendue.rules.events import Details
from vendue.rules.refusals import sentence


class Decisions:
    """The reading routes of bids; POST /api/bids is bids.py."""

    def __init__(self, history: Content, catalogue: Catalogue, desk: Desk, door: Door, signer: Signer) -> None:
        self._history, self._catalogue, self._desk, self._door = history, catalogue, desk, door
        self._signer = signer

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            route("/api/bids", http_method=["GET", "HEAD"], status_code=200)(self._history.find),
            route("/api/bids/{id:str}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
        ]

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """200 once it is decided, 202 before."""
        viewer = self._door.admit(request, "api::bid.bid.findOne")
        query = parse(BIDS, read_params(request), viewer.is_staff)
        row = await self._catalogue.get("bids", id, widen(BIDS, query, viewer)) if ID.fullmatch(id) else None
        if row is not None and viewer.user is not None and row["bidder"] == viewer.user:
            return answer({"data": {**decision(row), **await self._evidence(row)}, "meta": {}})
        if row is not None:
            return answer({"data": present(BIDS, row, query, viewer, self._desk.now_ms()), "meta": {}})
        if await self._desk.is_pending(id) and await self._catalogue.get("bids", id) is None:
            headers = {"Location": f"/api/bids/{id}", "Retry-After": "1"}
            return answer({"data": {"documentId": id, "status": "pending"}, "meta": {}}, 202, headers)
        raise ApiError(404)

    async def _evidence(self, row: Row) -> dict[str, Evidence]:
        """As POST /api/bids signed it; of bids from before events were kept there is none."""
        auction, seq = row["auction"]["documentId"], row["seq"]
        where = Group("$and", (Condition(("auction",), "$eq", auction), Condition(("seq",), "$eq", seq)))
        events, _ = await self._catalogue.find("events", Query(where, limit=1, fields=(), counted=False))
        if not events:
            return {}
        claim = Claim(auction, seq, row["placed_at"], events[0]["documentId"])
        return {"evidence": self._signer.sign("receipt", claim)}


def decision(row: Row) -> Row:
    """A bid's row as POST /api/bids answered it; a refusal with its code, message and details."""
    auction = row["auction"]
    shown = {"documentId": row["documentId"], "auction": auction["documentId"], "amount": row["maximum"]}
    for name in ("kind", "status", "outcome", "seq", "placed_at", "standing"):
        shown[name] = row[name]
    if row["code"] is not None:
        details = row["details"] or {}
        message = sentence(row["code"], convert(details, Details), auction["currency"] or "")
        shown |= {"code": row["code"], "message": message, "details": details}
    return shown
