"""Photos out: the bytes of a stored name, which never change, and are never anything but a picture."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from vendue.api.errors import AnyRequest, ApiError
from vendue.api.limits import Places
from vendue.api.photo_rows import UPLOADS
from vendue.api.service import get
from vendue.files.port import NAME, FileStore, media_type

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
}


class Served:
    """The route of stored files, for everyone: a place each, since they are sent as slowly as they are taken."""

    def __init__(self, store: FileStore, places: Places) -> None:
        self._store, self._places = store, places

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        return [get(UPLOADS + "{name:str}", self.send, self._places.around)]

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
