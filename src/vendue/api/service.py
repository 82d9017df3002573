"""What browsers and programs ask beside the data: the description."""

from typing import Any

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.types import Middleware

from vendue.api.bodies import answer
from vendue.api.docs import CSS, page
from vendue.api.errors import Answer
from vendue.api.openapi import describe


class Service:
    """The routes that are about the system itself."""

    def __init__(self) -> None:
        self._description = describe()
        self._docs = page(self._description).encode()

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [
            get("/openapi.json", self.openapi),
            get("/docs", self.docs),
            get("/docs.css", self.docs_css),
        ]

    async def openapi(self) -> Answer:
        """The OpenAPI description."""
        return answer(self._description)

    async def docs(self) -> Answer:
        """The description for people."""
        return Response(self._docs, media_type="text/html")

    async def docs_css(self) -> Answer:
        """How that looks."""
        return Response(CSS.encode(), media_type="text/css")


def get(path: str, handler: Any, *middleware: Middleware) -> HTTPRouteHandler:
    """A route that is read."""
    return route(path, http_method=["GET", "HEAD"], status_code=200, middleware=middleware)(handler)
