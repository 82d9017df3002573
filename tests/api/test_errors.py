"""Bad input of every kind gets an error of Strapi's shape, never a 500."""

from typing import Any

import httpx
import pytest

from tests.api.conftest import House
from vendue.api.app import ApiSettings
from vendue.api.errors import refusal_response
from vendue.catalogue.port import CatalogueBroken
from vendue.log.port import LogUnavailable
from vendue.rules.commands import Asked
from vendue.rules.events import Details
from vendue.rules.receipts import Receipt
from vendue.rules.terms import Fault

JSON = {"Content-Type": "application/json"}


def _error(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    body = response.json()
    assert response.status_code == status, body
    assert body.keys() == {"data", "error"} and body["data"] is None
    assert body["error"].keys() == {"status", "name", "message", "details"}
    assert (body["error"]["status"], body["error"]["name"]) == (status, name)
    assert response.headers["x-content-type-options"] == "nosniff"
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "SyntaxError"),
        (b'{"data":', "SyntaxError"),
        (b"\xff\xfe", "SyntaxError"),
        (b'{"data": {"make": "\xff"}}', "SyntaxError"),
        (b'{"data": {"make": "\\ud800"}}', "SyntaxError"),
        (b"[" * 100_000, "SyntaxError"),
        (b'{"data":' * 20 + b"1" + b"}" * 20, "SyntaxError"),
        (b'{"data": {"year": 1e999}}', "SyntaxError"),
        (b'{"data": {"year": NaN}}', "SyntaxError"),
        (b"[]", "ValidationError"),
        (b'"data"', "ValidationError"),
        (b"null", "ValidationError"),
        (b'{"data": null}', "ValidationError"),
        (b'{"data": []}', "ValidationError"),
        (b'{"data": {"year": 99999999999999999999999999}}', "ValidationError"),
        (b'{"data": {"make": "a\\u0000", "model": "b"}}', "ValidationError"),
        (b'{"data": {"": 1}}', "ValidationError"),
        (b'{"data": {"make\\u0000": 1}}', "ValidationError"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_bodies_that_make_no_sense(house: House, method: str, content: bytes, name: str) -> None:
    admin = await house.person("root", "admin")
    car = (await admin.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    path = "/api/cars" if method == "POST" else f"/api/cars/{car}"
    _error(await admin.client.request(method, path, content=content, headers=JSON), 400, name)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "x"]
)
async def test_a_body_of_another_type_is_415(house: House, media_type: str) -> None:
    admin = await house.person("root", "admin")
    for path in ("/api/cars", "/api/auth/local"):
        response = await admin.client.post(path, content=b"{}", headers={"Content-Type": media_type})
        _error(response, 415, "UnsupportedMediaTypeError")


async def test_too_large_a_body_is_413(house: House) -> None:
    admin = await house.person("root", "admin")
    content = b'{"data": {"make": "' + b"x" * ApiSettings().body_bytes + b'"}}'

    async def chunks() -> Any:
        for start in range(0, len(content), 65536):
            yield content[start : start + 65536]

    for body in (content, chunks()):
        _error(await admin.client.post("/api/cars", content=body, headers=JSON), 413, "PayloadTooLargeError")


async def test_unknown_routes_and_methods(house: House) -> None:
    for path in (
        "/api/bikes",
        "/nothing",
        "/api",
        "/api/cars/a/b",
        "/api/cars/%00",
        "/api/cars/%ff",
        "/api/cars/a%2Fb",
    ):
        _error(await house.public.client.get(path), 404, "NotFoundError")
    response = await house.public.client.patch("/api/cars")
    _error(response, 405, "MethodNotAllowedError")
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


@pytest.mark.parametrize(
    "query",
    [
        "filters[make][$eq]=%00",
        "filters=5",
        "filters[",
        "filters[make][$eq][x]=1",
        "pagination[page]=x",
        "pagination=1",
        "pagination[limit]=99999999999999999999999999",
        "sort=make:sideways",
        "populate[seller]=x&populate[seller][fields]=id",
        "populate[seller][nope]=1",
        "fields[x]=1",
        "filters" + "[$not]" * 20 + "=1",
        "&".join(f"filters[$or][{n}][make]=x" for n in range(300)),
        "filters[createdAt][$gt]=yesterday",
        "filters[year][$in]=x",
    ],
)
async def test_queries_that_make_no_sense(house: House, query: str) -> None:
    _error(await house.public.client.get(f"/api/cars?{query}"), 400, "ValidationError")


async def test_headers_that_make_no_sense(house: House) -> None:
    admin = await house.person("root", "admin")
    car = (await admin.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    for value in ("", "nonsense", 'W/"1"', '"', "\xff"):
        response = await admin.client.delete(f"/api/cars/{car}", headers={"If-Match": value.encode("latin-1")})
        _error(response, 412, "PreconditionFailedError")
    response = await house.public.client.get("/api/cars", headers={"Authorization": b"Bearer \xff"})
    _error(response, 401, "UnauthorizedError")


async def test_parts_that_are_down_are_503(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Any:
        raise CatalogueBroken("gone")

    async def full(command: Asked) -> Receipt:
        raise LogUnavailable("The log is full", 7)

    sal = await house.person("sal", "seller")
    id = await house.draft(sal)
    monkeypatch.setattr(house.desk, "ask", full)
    response = await sal.client.post(f"/api/auctions/{id}/list", json={"data": {}})
    assert _error(response, 503, "ServiceUnavailableError")["message"] == "The log is full"
    assert response.headers["retry-after"] == "7"
    monkeypatch.setattr(house.catalogue, "find", broken)
    response = await house.public.client.get("/api/cars")
    assert "gone" not in _error(response, 503, "ServiceUnavailableError")["message"]
    assert int(response.headers["retry-after"]) > 0


async def test_our_own_mistakes_say_nothing_of_the_inside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def mistaken(*_: object) -> Any:
        raise RuntimeError("a secret")

    monkeypatch.setattr(house.catalogue, "find", mistaken)
    response = await house.public.client.get("/api/cars")
    assert "secret" not in response.text
    _error(response, 500, "InternalServerError")


@pytest.mark.parametrize(
    ("code", "status", "name"),
    [
        ("too_low", 409, "BidRefusedError"),
        ("unknown_auction", 404, "NotFoundError"),
        ("not_allowed", 403, "ForbiddenError"),
        ("invalid_terms", 400, "ValidationError"),
    ],
)
def test_refusals_by_their_code(code: str, status: int, name: str) -> None:
    details = Details(minimum=12_500, faults=(Fault("ends_at", "ends_at must be in the future"),))
    found, body = refusal_response(Receipt("id", "lot", 5, 1, None, code, details, None))
    error = _error(httpx.Response(status, content=body, headers={"x-content-type-options": "nosniff"}), found, name)
    assert (error["details"]["code"], error["details"]["minimum"]) == (code, 12_500)
    assert error["details"]["errors"][0]["path"] == ["ends_at"] and error["message"]
