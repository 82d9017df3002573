"""The web app at `/` and the panel at `/admin`: what `make setup` built and compressed, sent as it is."""

import secrets
from pathlib import Path
from typing import Any, NamedTuple

from litestar import Response, route
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler

from vendue.api.errors import Answer, AnyRequest, ApiError, error_answer

BUILT = Path(__file__).parent.parent / "web"
NOT_BUILT = (
    "The web app is not built: run `make setup` where Node 20.19 or newer is, or use the API, described at /docs"
)
PAGES = [
    "/",
    "/auctions/{id:str}",
    "/mine",
    "/watchlist",
    "/sell",
    "/sell/{path:path}",
    "/account",
    "/audit",
    "/sign-in",
    "/register",
    "/forgot-password",
    "/reset-password",
]
"""The app's addresses: each is the same file, which reads the address itself."""
PANEL = ["/admin", "/admin/{path:path}"]
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_STRICT = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_FOREVER = "public, max-age=31536000, immutable"


class _File(NamedTuple):
    media_type: str
    bodies: dict[str, bytes]
    """By content encoding; "" is as it is."""
    headers: dict[str, str]


class Web:
    """The built files, read once. Pages of the app are one file: it reads the address itself."""

    def __init__(self, built: Path = BUILT) -> None:
        self._files = {f"/{path.relative_to(built).as_posix()}": _read(built, path) for path in _originals(built)}
        self._page = self._files.pop("/index.html", None)
        panel = self._files.pop("/admin.html", None)
        self._panel = panel.bodies[""].decode() if panel else None

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        found = [_get(PAGES, self.page), _get(PANEL, self.panel)]
        return found + [_get([path], _sender(each)) for path, each in self._files.items()]

    async def page(self, request: AnyRequest) -> Answer:
        """The app's page."""
        if self._page is None:
            raise ApiError(503, NOT_BUILT)
        return _send(request, self._page)

    def missing(self, request: AnyRequest, _: NotFoundException) -> Answer:
        """404 for what is at no address: the app's page, which says it in words, to who reads pages."""
        reads = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
        if self._page is None or not reads or request.url.path.startswith("/api/"):
            return error_answer(ApiError(404))
        return _send(request, self._page, 404)

    async def panel(self) -> Answer:
        """The panel's page, with a nonce of its own each time: its component library writes styles at run time."""
        if self._panel is None:
            raise ApiError(503, NOT_BUILT)
        nonce = secrets.token_urlsafe(16)
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"default-src 'self'; style-src 'self' 'nonce-{nonce}'; {_STRICT}",
        }
        return Response(self._panel.replace("NONCE", nonce).encode(), media_type="text/html", headers=headers)


def _get(paths: list[str], handler: Any) -> HTTPRouteHandler:
    return route(paths, http_method=["GET", "HEAD"], status_code=200)(handler)


def _sender(file: _File) -> Any:
    async def send(request: AnyRequest) -> Answer:
        return _send(request, file)

    return send


def _originals(built: Path) -> list[Path]:
    return [path for path in sorted(built.rglob("*")) if path.suffix in _TYPES]


def _read(built: Path, path: Path) -> _File:
    bodies = {"": path.read_bytes()}
    for encoding, suffix in _ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if compressed.exists():
            bodies[encoding] = compressed.read_bytes()
    named_by_content = path.relative_to(built).parts[0] == "assets"
    headers = {"Cache-Control": _FOREVER if named_by_content else "no-cache", "Vary": "Accept-Encoding"}
    return _File(_TYPES[path.suffix], bodies, headers)


def _send(request: AnyRequest, file: _File, status: int = 200) -> Answer:
    accepted = request.headers.get("accept-encoding", "")
    encoding = next((name for name, _ in _ENCODINGS if name in accepted and name in file.bodies), "")
    headers = {**file.headers, **({"Content-Encoding": encoding} if encoding else {})}
    return Response(file.bodies[encoding], media_type=file.media_type, headers=headers, status_code=status)
