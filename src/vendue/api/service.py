"""What browsers and programs ask beside the data: the description, the page at `/`."""

from pathlib import Path
from typing import Any

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler

from vendue.api.bodies import answer
from vendue.api.docs import CSS, page
from vendue.api.errors import Answer, ApiError
from vendue.api.openapi import describe

PAGE = Path(__file__).parent.parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    **{f"/{name}.js": (f"{name}.js", "text/javascript") for name in ("page", "show", "lot", "bid", "feed", "account")},
    "/reset-password": ("reset-password.html", "text/html"),
    "/reset-password.js": ("reset-password.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
    "/cars.svg": ("cars.svg", "image/svg+xml"),
}


class Service:
    """The routes that are about the system itself."""

    def __init__(self) -> None:
        self._description = describe()
        self._docs = page(self._description).encode()

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        found = [
            get("/openapi.json", self.openapi),
            get("/docs", self.docs),
            get("/docs.css", self.docs_css),
        ]
        return found + [get(path, _file(name, media_type)) for path, (name, media_type) in FILES.items()]

    async def openapi(self) -> Answer:
        """The OpenAPI description."""
        return answer(self._description)

    async def docs(self) -> Answer:
        """The description for people."""
        return Response(self._docs, media_type="text/html")

    async def docs_css(self) -> Answer:
        """How that looks."""
        return Response(CSS.encode(), media_type="text/css")


def get(path: str, handler: Any) -> HTTPRouteHandler:
    """A route that is read."""
    return route(path, http_method=["GET", "HEAD"], status_code=200)(handler)


def _file(name: str, media_type: str) -> Any:
    async def send() -> Answer:
        try:
            content = (PAGE / name).read_bytes()
        except FileNotFoundError:
            raise ApiError(404) from None
        headers = {"Cache-Control": "no-cache"}
        return Response(content, media_type=media_type, headers=headers)

    return send
