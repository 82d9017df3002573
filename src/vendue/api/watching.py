"""How many watch each auction, for who runs the sale."""

from litestar.handlers import HTTPRouteHandler

from vendue.api.auth import Door
from vendue.api.bodies import answer
from vendue.api.errors import Answer, AnyRequest, ApiError
from vendue.api.service import get
from vendue.board.port import Board, BoardUnavailable

ACTION = "api::auction.auction.watchers"


class Watching:
    """The route."""

    def __init__(self, board: Board, door: Door) -> None:
        self._board, self._door = board, door

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [get("/api/watchers", self.find)]

    async def find(self, request: AnyRequest) -> Answer:
        """Auction -> open connections that watch it by its id; at most a few seconds old."""
        self._door.admit(request, ACTION)
        try:
            return answer({"data": await self._board.watchers(), "meta": {}})
        except BoardUnavailable:
            raise ApiError(503, "Who watches is not known while the board is away; try again soon") from None
