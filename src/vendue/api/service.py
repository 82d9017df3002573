"""What operators and browsers ask beside the data: health, metrics, the description, the page at `/`."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from vendue.api.bodies import answer
from vendue.api.docs import CSS, page
from vendue.api.errors import Answer, ApiError
from vendue.api.openapi import describe

Health = Callable[[], Awaitable[Mapping[str, bool]]]
"""Each part by its name, and whether it is up."""

_METRICS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # which the framework adds
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

    def __init__(self, health: Health, metrics: CollectorRegistry) -> None:
        self._health, self._metrics = health, metrics
        self._description = describe()
        self._docs = page(self._description).encode()

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        found = [
            _get("/health", self.health),
            _get("/metrics", self.metrics),
            _get("/openapi.json", self.openapi),
            _get("/docs", self.docs),
            _get("/docs.css", self.docs_css),
        ]
        return found + [_get(path, _file(name, media_type)) for path, (name, media_type) in FILES.items()]

    async def health(self) -> Answer:
        """503 while a part is down."""
        parts = await self._health()
        up = all(parts.values())
        body = {"status": _word(up), "parts": {name: _word(each) for name, each in parts.items()}}
        return answer(body, 200 if up else 503)

    async def metrics(self) -> Answer:
        """Prometheus's text format."""
        return Response(generate_latest(self._metrics), media_type=_METRICS)

    async def openapi(self) -> Answer:
        """The OpenAPI description."""
        return answer(self._description)

    async def docs(self) -> Answer:
        """The description for people."""
        return Response(self._docs, media_type="text/html")

    async def docs_css(self) -> Answer:
        """How that looks."""
        return Response(CSS.encode(), media_type="text/css")


def _get(path: str, handler: Any) -> HTTPRouteHandler:
    return route(path, http_method=["GET", "HEAD"], status_code=200)(handler)


def _word(up: bool) -> str:
    return "up" if up else "down"


def _file(name: str, media_type: str) -> Any:
    async def send() -> Answer:
        try:
            content = (PAGE / name).read_bytes()
        except FileNotFoundError:
            raise ApiError(404) from None
        headers = {"Cache-Control": "no-cache"}
        return Response(content, media_type=media_type, headers=headers)

    return send
