"""The routes of the content types, made from models.py in the shapes of Strapi's REST API."""

from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler
from msgspec.json import Decoder
from msgspec.structs import replace

from vendue.api.audit_log import changed, line
from vendue.api.auth import Door
from vendue.api.bodies import answer, read_data, read_params
from vendue.api.desk import Desk
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid
from vendue.api.links import Links, linked
from vendue.api.permissions import Viewer
from vendue.api.turns import LISTING, Turns, is_being_listed
from vendue.api.visibility import is_seller, may_see, present, widen
from vendue.api.writes import ID, read_values
from vendue.board.port import Board, BoardUnavailable
from vendue.catalogue.models import STATUSES, ContentType
from vendue.catalogue.parse import page_meta, parse
from vendue.catalogue.port import Catalogue, Conflict, Missing, Row, count
from vendue.catalogue.query import Condition, Group, Query
from vendue.rules.standing import Standing

WITH_SELLER = Query(populate={"seller": Query(fields=("documentId",))})
BINDING = ("live", "pending_approval", "countered", "sold")
BID_ON = "This car is or was sold as it is described: its facts are fixed; ask an auctioneer to correct them"
LISTED = "This auction is listed: use its actions amend, extend or cancel instead"
BEING_LISTED = "This auction is being listed: see what becomes of it"
MEANWHILE = "Somebody changed this at the same moment: read it again, then try again"
_standings = Decoder(Standing)


class Content:
    """The routes of one content type; `find` and `find_one` need nothing of the rest."""

    def __init__(
        self, content: ContentType, catalogue: Catalogue, board: Board, desk: Desk, door: Door, turns: Turns
    ) -> None:
        self._content, self._catalogue, self._board, self._turns = content, catalogue, board, turns
        self._desk, self._door = desk, door
        self._path, singular = f"/api/{content.name}".replace("_", "-"), content.singular.replace("_", "-")
        self._action = f"api::{singular}.{singular}"
        lists = [relation.name for relation in content.relations if relation.many and relation.kept]
        self._own_query = Query(populate={name: Query(fields=("documentId",)) for name in ("seller", *lists)})

    def reading(self) -> list[HTTPRouteHandler]:
        """The routes that change nothing."""
        return [
            route(self._path, http_method=["GET", "HEAD"], status_code=200)(self.find),
            route(self._path + "/{id:str}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
        ]

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        path = self._path
        return [
            *self.reading(),
            route(path, http_method="POST", status_code=201)(self.create),
            route(path + "/{id:str}", http_method="PUT", status_code=200)(self.update),
            route(path + "/{id:str}", http_method="DELETE", status_code=204)(self.delete),
        ]

    async def find(self, request: AnyRequest) -> Answer:
        """A page of rows."""
        viewer = self._door.admit(request, f"{self._action}.find")
        query = self._query(request, viewer)
        rows, total = await self._catalogue.find(self._content.name, widen(self._content, query, viewer))
        now = self._desk.now_ms()
        data = [present(self._content, row, query, viewer, now) for row in rows]
        return answer({"data": data, "meta": {"pagination": page_meta(query, total)}})

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """A row by its documentId."""
        viewer = self._door.admit(request, f"{self._action}.findOne")
        return await self.show(request, id, viewer, 200)

    async def create(self, request: AnyRequest) -> Answer:
        """A new car, or a draft of an auction."""
        viewer = self._door.admit(request, f"{self._action}.create")
        self._query(request, viewer)
        data = await read_data(request)
        is_auction = self._content.name == "auctions"
        if is_auction and data.get("status") == "draft":
            del data["status"]
        values = read_values(self._content, data, creating=True)
        await self._check_links(values, viewer, None)
        if not viewer.is_staff:
            values["seller"] = viewer.user
        try:
            row = await self._catalogue.create(self._content.name, values, self._line(viewer, "create", "", {}, values))
        except (Conflict, Missing) as error:
            raise _unfit(error, values) from None
        return await self.show(request, row["documentId"], viewer, 201)

    async def update(self, request: AnyRequest, id: str) -> Answer:
        """Change the fields that are given."""
        viewer = self._door.admit(request, f"{self._action}.update")
        self._query(request, viewer)
        data = await read_data(request)
        await self.change(request, id, viewer, data)
        return await self.show(request, id, viewer, 200)

    async def change(self, request: AnyRequest, id: str, viewer: Viewer, data: dict[str, Any]) -> None:
        """What `update` does, for whoever admits the viewer by himself."""
        async with self._turns.of(id):
            row = await self.to_change(request, id, viewer)
            await self._change(row, "if-match" in request.headers, viewer, data)

    async def _change(self, row: Row, guarded: bool, viewer: Viewer, data: dict[str, Any]) -> None:
        id, values = row["documentId"], read_values(self._content, data, creating=False)
        # A draft may be listed meanwhile, and a listed auction is changed by events alone; a list is made of the last.
        is_auction = self._content.name == "auctions"
        guarded |= is_auction
        guarded |= any(isinstance(value, Links) and value.relative for value in values.values())
        await self._check_links(values, viewer, row)
        try:
            changed = await self._catalogue.update(
                self._content.name,
                id,
                {**values, "seq": None} if is_auction else values,  # nor is it being listed any more
                row["updatedAt"] if guarded else None,
                self._line(viewer, "update", id, row, values),
            )
        except (Conflict, Missing) as error:
            raise _unfit(error, values) from None
        if changed is None:
            raise ApiError(412) if guarded else ApiError(404)

    async def delete(self, request: AnyRequest, id: str) -> None:
        """Remove a car that was never up for sale, or a draft."""
        viewer = self._door.admit(request, f"{self._action}.delete")
        async with self._turns.of(id):
            await self._remove(request, id, viewer)

    async def _remove(self, request: AnyRequest, id: str, viewer: Viewer) -> None:
        row = await self._own(request, id, viewer)
        if self._content.name == "cars" and await self._sales(id, STATUSES[1:]):
            raise ApiError(409, "This car is or was up for sale: its auctions refer to it")
        audit = self._line(viewer, "delete", id, row, {})
        if not await self._catalogue.delete(self._content.name, id, audit, row["updatedAt"]):
            raise ApiError(409, MEANWHILE)

    def _line(self, viewer: Viewer, what: str, id: str, before: Row, values: Row) -> Row | None:
        """For the audit log, which tells what staff did to what is not theirs."""
        if not viewer.is_staff:
            return None
        action, now = f"{self._action}.{what}", self._desk.now_ms()
        return line(viewer, action, self._content.name, id, now, changes=changed(before, values))

    async def _sales(self, car: str, statuses: tuple[str, ...]) -> int:
        """How many auctions of a car have one of these statuses, or may have it in a moment."""
        now_or_soon = Group("$or", (Condition(("status",), "$in", statuses), Condition(("seq",), "$eq", LISTING)))
        sales = Group("$and", (Condition(("car",), "$eq", car), now_or_soon))
        return await count(self._catalogue, "auctions", sales)

    def _query(self, request: AnyRequest, viewer: Viewer) -> Query:
        return parse(self._content, read_params(request), viewer.is_staff)

    async def show(self, request: AnyRequest, id: str, viewer: Viewer, status: int) -> Answer:
        """A row as the viewer may see it now, as the query asks."""
        query = self._query(request, viewer)
        wanted = replace(widen(self._content, query, viewer), where=None)  # may_see judges the row as of now
        row = await self._catalogue.get(self._content.name, id, wanted) if _is(id) else None
        if row is not None and self._content.name == "auctions":
            row = await self.as_of_now(row)
            if row["status"] == "countered":
                row["viewer_leads"] = await self._leads(row, viewer)
        if row is None or not may_see(self._content, row, viewer):
            raise ApiError(404)
        shown = present(self._content, row, query, viewer, self._desk.now_ms())
        return answer({"data": shown, "meta": {}}, status, {"ETag": _etag(row)})

    async def to_change(self, request: AnyRequest, id: str, viewer: Viewer) -> Row:
        """The row that the viewer is about to change; else 403, 404, 409 or 412."""
        row = await self._own(request, id, viewer)
        if self._content.name == "cars" and not viewer.is_staff and await self._sales(id, BINDING):
            raise ApiError(409, BID_ON)
        return row

    async def _own(self, request: AnyRequest, id: str, viewer: Viewer) -> Row:
        row = await self._catalogue.get(self._content.name, id, self._own_query) if _is(id) else None
        if row is None or not may_see(self._content, row, viewer):
            raise ApiError(404)
        if not viewer.is_staff and not is_seller(row, viewer):
            raise ApiError(403)
        if self._content.name == "auctions" and (await self.as_of_now(row))["status"] != "draft":
            raise ApiError(409, LISTED)
        if self._content.name == "auctions" and is_being_listed(row):
            raise ApiError(409, BEING_LISTED)
        wanted = [each.strip() for each in request.headers.get("if-match", "*").split(",")]
        if not {"*", _etag(row)} & set(wanted):
            raise ApiError(412)
        return row

    async def _check_links(self, values: Row, viewer: Viewer, row: Row | None) -> None:
        """Sellers own what they write, sell their own cars and show their own photos; lists are made of `row`'s."""
        for relation in self._content.relations:
            links = values.get(relation.name)
            if isinstance(links, Links):
                before = [each["documentId"] for each in row[relation.name]] if row else []
                values[relation.name] = await linked(self._catalogue, relation, links, before, viewer)
        if viewer.is_staff:
            return
        if values.get("seller", viewer.user) != viewer.user:
            raise ApiError(403, "Only staff may set another seller")
        if values.get("car") is not None:
            car = await self._catalogue.get("cars", values["car"], WITH_SELLER)
            if car is not None and not is_seller(car, viewer):
                raise ApiError(403, "You may only sell your own cars")

    async def as_of_now(self, row: Row) -> Row:
        """An auction's row with the board's standing where that is newer: the projection follows a moment later."""
        try:
            update = await self._board.read(row["documentId"])
        except BoardUnavailable:
            return row
        if update is None or update.seq <= (row["seq"] or 0):
            return row
        standing = _standings.decode(update.standing)
        names = ("seq", "status", "price", "minimum_next", "leader", "reserve_met", "starts_at", "ends_at")
        more = ("hammer_price", "closed_at", "approval_until")
        return {**row, **{name: getattr(standing, name) for name in names + more}, "bids_count": standing.bids}

    async def _leads(self, row: Row, viewer: Viewer) -> bool:
        """Whether the viewer is the high bidder, who may see the offer that was made."""
        if viewer.user is None or row["leader"] is None:
            return False
        wanted = (("auction", row["documentId"]), ("bidder", viewer.user), ("alias", row["leader"]))
        mine = Group("$and", tuple(Condition((name,), "$eq", value) for name, value in wanted))
        return await count(self._catalogue, "bids", mine) > 0


def _is(id: str) -> bool:
    return ID.fullmatch(id) is not None


def _etag(row: Row) -> str:
    return f'"{row["updatedAt"]}"'


def _unfit(error: Conflict | Missing, values: Row) -> ApiError:
    """400 for a value that the other rows do not allow."""
    if isinstance(error, Conflict):
        return invalid([fault(error.path, "This attribute must be unique", values.get(error.path))])
    return invalid([fault(error.path, f"{error.path}: there is no {error.id}", error.id)])
