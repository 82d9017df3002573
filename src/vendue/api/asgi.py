"""The little of ASGI that the raw applications share: bodies in, JSON out."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from vendue.api.errors import ApiError, error_body

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Response = tuple[int, bytes, Headers]
"""Status, JSON body, and the headers beside those that all such responses have."""

JSON = b"application/json"
# A JSON body is never a page: of the security headers only this one says something about it.
JSON_HEADERS = [(b"content-type", JSON), (b"x-content-type-options", b"nosniff")]


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The request's headers by lower-case name; of one that comes twice the last."""
    return dict(scope["headers"])


def header_text(value: bytes | None) -> str | None:
    """A header's value as text."""
    return None if value is None else value.decode("latin-1")


async def read_body(headers: dict[bytes, bytes], receive: Receive, most: int) -> bytes | None:
    """The body; None where the client went away. 413 above `most` bytes."""
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > most:
        raise ApiError(413)
    message = await receive()
    body: bytes = message.get("body", b"")
    while message["type"] == "http.request" and message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if message["type"] != "http.request":
        return None
    if len(body) > most:
        raise ApiError(413)
    return body


async def respond(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """A JSON response."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*JSON_HEADERS, length, *headers]})
    await send({"type": "http.response.body", "body": body})


def error_response(error: ApiError) -> Response:
    """An ApiError as a response."""
    headers = [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    return error.status, error_body(error.status, error.name, error.message, error.details), headers


async def respond_error(send: Send, error: ApiError) -> None:
    """Send an ApiError."""
    await respond(send, *error_response(error))
