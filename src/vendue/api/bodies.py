"""JSON in and out of the ordinary routes."""

from typing import Any
from urllib.parse import parse_qsl

from litestar.response import Response
from msgspec import DecodeError
from msgspec.json import decode, encode

from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid

MAX_DEPTH = 16
MAX_REASON = 1000
MAX_INTEGER = 2**53 - 1
"""The largest that every JSON client reads exactly."""


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON response."""
    return Response(encode(body), status_code=status, media_type="application/json", headers=headers)


async def read_object(request: AnyRequest) -> dict[str, Any]:
    """The body, which must be a JSON object; else 400, 413 or 415."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ApiError(415, f"The body must be application/json, not {media_type:.100}")
    if "content-encoding" in request.headers:
        raise ApiError(415, "The body must not be compressed")
    try:
        body = decode(await request.body())
    except (DecodeError, UnicodeDecodeError) as error:
        raise ApiError(400, str(error), "SyntaxError") from None
    except RecursionError:
        raise ApiError(400, "The JSON is nested too deeply", "SyntaxError") from None
    if not isinstance(body, dict):
        raise ApiError(400, "The body must be a JSON object")
    _check(body, "", 1)
    return body


def _check(value: Any, path: str, depth: int) -> None:
    """What no field takes: deep nesting, numbers that not every JSON client reads exactly."""
    if depth > MAX_DEPTH:
        raise ApiError(400, "The JSON is nested too deeply", "SyntaxError")
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _check(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise invalid([fault(path[:200], f"{path:.200} must be between -{MAX_INTEGER} and {MAX_INTEGER}")])


async def read_data(request: AnyRequest) -> dict[str, Any]:
    """The object under `data`."""
    data = (await read_object(request)).get("data")
    if not isinstance(data, dict):
        raise ApiError(400, 'Missing "data" payload in the request body')
    return data


def take_reason(body: dict[str, Any]) -> str | None:
    """The reason out of a body, where it gives one; 400 where that is no short text."""
    reason = body.pop("reason", None)
    if reason is not None and not (isinstance(reason, str) and len(reason) <= MAX_REASON and "\0" not in reason):
        raise invalid([fault("reason", f"reason must be a text of at most {MAX_REASON} characters")])
    return reason


def read_params(request: AnyRequest) -> list[tuple[str, str]]:
    """The URL's decoded pairs."""
    text = request.scope["query_string"].decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True)
    if any("\0" in key or "\0" in value for key, value in pairs):
        raise ApiError(400, "A query must not contain NUL characters")
    return pairs
