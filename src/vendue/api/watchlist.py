"""The watchlist: auctions that somebody wants to find again. Everyone sees and changes his own alone."""

from hashlib import sha256

from litestar import route
from litestar.handlers import HTTPRouteHandler

from vendue.api.auth import Door
from vendue.api.bodies import read_data, read_params
from vendue.api.content import Content
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid
from vendue.api.visibility import may_see
from vendue.api.writes import ID, read_values
from vendue.catalogue.models import AUCTIONS, WATCHLIST
from vendue.catalogue.parse import parse
from vendue.catalogue.port import Catalogue, Conflict, Missing, count
from vendue.catalogue.query import Condition, Query

PATH = "/api/watchlist"
ACTION = "api::watch.watch"
MOST = 1000
"""Auctions that somebody watches."""
_USER = Query(populate={"user": Query(fields=())})
_SELLER = Query(populate={"seller": Query(fields=("documentId",))})


class Watchlist:
    """`pages` finds and shows."""

    def __init__(self, pages: Content, catalogue: Catalogue, door: Door) -> None:
        self._pages, self._catalogue, self._door = pages, catalogue, door

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            *self._pages.reading(),
            route(PATH, http_method="POST", status_code=201)(self.create),
            route(f"{PATH}/{{id:str}}", http_method="DELETE", status_code=204)(self.delete),
        ]

    async def create(self, request: AnyRequest) -> Answer:
        """Watch an auction; to do it again does nothing."""
        viewer = self._door.admit(request, f"{ACTION}.create")
        parse(WATCHLIST, read_params(request), viewer.is_staff)
        values = read_values(WATCHLIST, await read_data(request), creating=True)
        auction = values.get("auction")
        row = await self._catalogue.get("auctions", auction, _SELLER) if auction else None
        if row is None or not may_see(AUCTIONS, await self._pages.as_of_now(row), viewer):
            raise invalid([fault("auction", "auction must be the documentId of an auction")])
        if await count(self._catalogue, "watchlist", Condition(("user",), "$eq", viewer.user)) >= MOST:
            raise ApiError(409, f"You watch {MOST} auctions: take one off the list first")
        id = sha256(f"{viewer.user}/{auction}".encode()).hexdigest()[:24]
        try:
            await self._catalogue.create("watchlist", {"documentId": id, "user": viewer.user, "auction": auction})
        except Conflict:
            pass  # he does already
        except Missing:
            raise invalid([fault("auction", "auction must be the documentId of an auction")]) from None
        return await self._pages.show(request, id, viewer, 201)

    async def delete(self, request: AnyRequest, id: str) -> None:
        """Watch it no longer."""
        viewer = self._door.admit(request, f"{ACTION}.delete")
        row = await self._catalogue.get("watchlist", id, _USER) if ID.fullmatch(id) else None
        if row is None or not may_see(WATCHLIST, row, viewer):
            raise ApiError(404)
        await self._catalogue.delete("watchlist", id)
