"""Errors in Strapi's shape: {"data": null, "error": {"status", "name", "message", "details"}}."""

from math import ceil
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from msgspec import to_builtins
from msgspec.json import encode

from vendue.api.signing import Evidence
from vendue.catalogue.parse import QueryError
from vendue.catalogue.port import CatalogueBroken
from vendue.files.port import FilesBroken
from vendue.log.port import LogUnavailable
from vendue.rules.receipts import Receipt
from vendue.rules.refusals import sentence

_log = structlog.get_logger()

NAMES = {
    400: ("ValidationError", "Bad Request"),
    401: ("UnauthorizedError", "Missing or invalid credentials"),
    403: ("ForbiddenError", "Forbidden"),
    404: ("NotFoundError", "Not Found"),
    405: ("MethodNotAllowedError", "Method Not Allowed"),
    409: ("ConflictError", "Conflict"),
    412: ("PreconditionFailedError", "It was changed since: read it again, then send its new ETag"),
    413: ("PayloadTooLargeError", "The request body is too large"),
    415: ("UnsupportedMediaTypeError", "Send application/json"),
    429: ("RateLimitError", "Too many requests, please try again later."),
    500: ("InternalServerError", "Internal Server Error"),
    503: ("ServiceUnavailableError", "Not available now, please try again."),
}
"""Status -> the error's name and what it says where nothing better is known."""


class ApiError(Exception):
    """An answer that is an error; `name` and `message` None are those of NAMES."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        name: str | None = None,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        self.name, self.message = name or NAMES[status][0], message or NAMES[status][1]
        self.details, self.headers = details or {}, headers or {}
        super().__init__(self.message)


def fault(path: str, message: str, value: Any = None) -> dict[str, Any]:
    """One of several faults; a short `value` is repeated for whoever sent it."""
    found: dict[str, Any] = {"path": path.split("."), "message": message, "name": "ValidationError"}
    if isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= 100):
        found["value"] = value
    return found


def invalid(faults: list[dict[str, Any]]) -> ApiError:
    """400 with every fault."""
    message = faults[0]["message"] if len(faults) == 1 else f"{len(faults)} errors occurred"
    return ApiError(400, message, details={"errors": faults})


def invalid_key(key: str) -> ApiError:
    """400 for a field that a body may not have."""
    return ApiError(400, f"Invalid key {key:.100}", details={"key": key[:100], "path": None, "source": "body"})


def rate_limited(wait_s: float) -> ApiError:
    """429 with Retry-After."""
    return ApiError(429, headers={"Retry-After": str(ceil(wait_s))})


def error_body(status: int, name: str, message: str, details: dict[str, Any]) -> bytes:
    """The JSON of an error."""
    return encode({"data": None, "error": {"status": status, "name": name, "message": message, "details": details}})


def refusal_response(
    receipt: Receipt, name: str = "BidRefusedError", evidence: Evidence | None = None
) -> tuple[int, bytes]:
    """Status and body for a receipt with a code; 409 has the `name`, other statuses their usual one."""
    code, standing = receipt.code, receipt.standing
    assert code is not None
    status = {"unknown_auction": 404, "not_allowed": 403, "invalid_terms": 400}.get(code, 409)
    details = {"code": code, **refusal_details(receipt), "standing": standing}
    if evidence is not None:
        details["evidence"] = evidence
    message = refusal_sentence(receipt)
    return status, error_body(status, name if status == 409 else NAMES[status][0], message, details)


def refusal_details(receipt: Receipt) -> dict[str, Any]:
    """What a refusal says beside its code and standing."""
    found: dict[str, Any] = to_builtins(receipt.details)
    faults = found.pop("faults", None)
    if faults:
        found["errors"] = [fault(each["path"], each["message"]) for each in faults]
    return found


def refusal_sentence(receipt: Receipt) -> str:
    """A refusal in words."""
    currency = receipt.standing.currency if receipt.standing else ""
    return sentence(receipt.code, receipt.details, currency)  # type: ignore[arg-type]  # receipts carry refusals.Code


Answer = Response[bytes]
AnyRequest = Request[Any, Any, Any]


def error_answer(error: ApiError) -> Answer:
    """An ApiError as a response."""
    body = error_body(error.status, error.name, error.message, error.details)
    return Response(body, status_code=error.status, media_type="application/json", headers=error.headers)


def _on_api_error(_: AnyRequest, error: ApiError) -> Answer:
    return error_answer(error)


def _on_http_exception(_: AnyRequest, error: HTTPException) -> Answer:
    """What the framework refused: unknown routes and methods, bodies that are too large."""
    status = error.status_code if error.status_code in NAMES else 400
    allow = (error.headers or {}).get("allow")
    return error_answer(ApiError(status, headers={"Allow": allow} if allow else None))


def _on_query_error(_: AnyRequest, error: QueryError) -> Answer:
    return error_answer(ApiError(400, error.message, error.name, error.details))


def unavailable(error: LogUnavailable) -> ApiError:
    """What the log cannot take now."""
    return ApiError(503, str(error), headers={"Retry-After": str(error.retry_after_s)})


def _on_log_unavailable(_: AnyRequest, error: LogUnavailable) -> Answer:
    return error_answer(unavailable(error))


def _on_catalogue_broken(request: AnyRequest, error: CatalogueBroken) -> Answer:
    _log.error("catalogue_broken", path=request.url.path, error=str(error))
    return error_answer(ApiError(503, headers={"Retry-After": "5"}))


def _on_files_broken(request: AnyRequest, error: FilesBroken) -> Answer:
    _log.error("files_broken", path=request.url.path, error=str(error))
    return error_answer(ApiError(503, headers={"Retry-After": "5"}))


def _on_our_mistake(request: AnyRequest, error: Exception) -> Answer:
    _log.error("request_failed", method=request.method, path=request.url.path, exc_info=error)
    return error_answer(ApiError(500))


EXCEPTION_HANDLERS: dict[Any, Any] = {
    ApiError: _on_api_error,
    HTTPException: _on_http_exception,
    QueryError: _on_query_error,
    LogUnavailable: _on_log_unavailable,
    CatalogueBroken: _on_catalogue_broken,
    FilesBroken: _on_files_broken,
    Exception: _on_our_mistake,
}
