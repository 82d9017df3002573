"""Photos out: the bytes of a stored name, which never change, and are never anything but a picture."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from vendue.api.errors import AnyRequest, ApiError
from vendue.api.photo_rows import UPLOADS
from vendue.files.port import NAME, FileStore, media_type

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


class Served:
    """The route of stored files, for everyone."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [route(UPLOADS + "{name:str}", http_method=["GET", "HEAD"], status_code=200)(self.send)]

    async def send(self, request: AnyRequest, name: str) -> Response[Any]:
        """200, or 304 to who has it; any name that was not made here is 404."""
        stored = await self._store.get(name) if NAME.fullmatch(name) else None
        if stored is None:
            raise ApiError(404)
        etag = f'"{name.partition(".")[0]}"'
        headers = {**_HEADERS, "ETag": etag}
        if _has(request.headers.get("if-none-match", ""), etag):
            return Response(b"", status_code=304, headers=headers, media_type=media_type(name))
        if request.method == "HEAD":
            return Response(b"", headers={**headers, "Content-Length": str(stored.size)}, media_type=media_type(name))
        chunks: AsyncIterator[bytes] = stored.chunks
        return Stream(chunks, headers={**headers, "Content-Length": str(stored.size)}, media_type=media_type(name))


def _has(if_none_match: str, etag: str) -> bool:
    return any(each.strip().removeprefix("W/") in (etag, "*") for each in if_none_match.split(","))
