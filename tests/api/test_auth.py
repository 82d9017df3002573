"""Signing in and up, tokens, blocks and roles."""

import asyncio
from pathlib import Path

import httpx
import jwt
import pytest
from msgspec.structs import replace

from tests.api.conftest import GENEROUS, SECRET, House, open_house
from vendue.api.app import ApiSettings
from vendue.api.tokens import InvalidToken, Tokens

ANN = {"username": "ann", "email": "Ann@Example.com", "password": "Secret-123"}
USER = {"documentId": "u1", "role": "seller"}


async def test_who_registers_is_signed_in_as_a_bidder(house: House) -> None:
    answer = await house.public.ask("POST", "/api/auth/local/register", json=ANN)
    user = answer["user"]
    assert (user["username"], user["email"], user["role"]) == ("ann", "ann@example.com", "authenticated")
    assert user["provider"] == "local" and user["createdAt"].endswith("Z")
    assert "password_hash" not in user
    bearer = {"Authorization": f"Bearer {answer['jwt']}"}
    assert await house.public.ask("GET", "/api/users/me", headers=bearer) == user


async def test_signing_in_by_name_and_by_email_in_any_case(house: House) -> None:
    await house.public.ask("POST", "/api/auth/local/register", json=ANN)
    for identifier in ("ann", "ann@example.com", "ANN@EXAMPLE.COM"):
        body = {"identifier": identifier, "password": ANN["password"]}
        answer = await house.public.ask("POST", "/api/auth/local", json=body)
        assert answer["user"]["username"] == "ann" and answer["jwt"]


@pytest.mark.parametrize(("identifier", "password"), [("ann", "wrong"), ("nobody", "Secret-123"), ("ann", "x" * 500)])
async def test_a_wrong_password_and_an_unknown_user_are_told_alike(
    house: House, identifier: str, password: str
) -> None:
    await house.public.ask("POST", "/api/auth/local/register", json=ANN)
    body = {"identifier": identifier, "password": password}
    answer = await house.public.ask("POST", "/api/auth/local", json=body, status=400)
    assert answer["error"]["name"] == "ValidationError"
    assert answer["error"]["message"] == "Invalid identifier or password"


async def test_faults_of_accounts_are_all_named(house: House) -> None:
    answer = await house.public.ask("POST", "/api/auth/local", json={}, status=400)
    assert answer["error"]["message"] == "2 errors occurred"
    assert [fault["path"] for fault in answer["error"]["details"]["errors"]] == [["identifier"], ["password"]]
    body = {"username": "a@b", "email": "nope", "password": "1"}
    answer = await house.public.ask("POST", "/api/auth/local/register", json=body, status=400)
    assert [fault["path"] for fault in answer["error"]["details"]["errors"]] == [["username"], ["email"], ["password"]]
    answer = await house.public.ask("POST", "/api/auth/local", json={"identifier": 5, "password": "a\0"}, status=400)
    assert len(answer["error"]["details"]["errors"]) == 2


@pytest.mark.parametrize("name", ["ad\u202emin", "ann\u200b", "\ufeffann", "a\u00adnn"])
async def test_no_name_looks_like_another_by_what_nobody_sees(house: House, name: str) -> None:
    answer = await house.public.ask("POST", "/api/auth/local/register", json={**ANN, "username": name}, status=400)
    assert [fault["path"] for fault in answer["error"]["details"]["errors"]] == [["username"]]


async def test_an_address_registers_once(house: House) -> None:
    await house.public.ask("POST", "/api/auth/local/register", json=ANN)
    again = {**ANN, "username": "other", "email": "ann@EXAMPLE.com"}
    answer = await house.public.ask("POST", "/api/auth/local/register", json=again, status=400)
    assert answer["error"]["message"] == "Email or Username are already taken"


@pytest.mark.parametrize("name", ["anna", "ANNA", "Anna", "\uff41nna"])
async def test_a_name_is_one_persons_whatever_its_case(house: House, name: str) -> None:
    password = "a long password"
    registered = await house.public.ask(
        "POST", "/api/auth/local/register", json={"username": "Anna", "email": "anna@example.com", "password": password}
    )
    again = {"username": name, "email": "Other@example.com", "password": password}
    answer = await house.public.ask("POST", "/api/auth/local/register", json=again, status=400)
    assert answer["error"]["message"] == "Email or Username are already taken"
    ada, ben = await house.person("ada", "admin"), await house.person("ben")
    answer = await ada.ask("POST", "/api/users", json=again, status=400)
    assert answer["error"]["message"] == "Email or Username are already taken"
    for who in (ada, ben):
        await who.ask("PUT", f"/api/users/{ben.user}", json={"username": name}, status=400)
    for typed in (name, "aNNa@example.COM"):
        body = {"identifier": typed, "password": password}
        user = (await house.public.ask("POST", "/api/auth/local", json=body))["user"]
        assert user["documentId"] == registered["user"]["documentId"]
        assert "username_fold" not in user


async def test_no_name_reads_as_an_address_once_it_is_folded(house: House) -> None:
    body = {"username": "ann\uff20example.com", "email": "x@example.com", "password": "a long password"}
    await house.public.ask("POST", "/api/auth/local/register", json=body, status=400)


async def test_other_spellings_of_a_name_are_no_more_tries(tmp_path: Path) -> None:
    async with open_house(tmp_path, replace(GENEROUS, sign_in_rate=0.001, sign_in_burst=2)) as house:
        for name, status in (("ann", 400), ("ANN", 400), ("\uff41nn", 429)):
            body = {"identifier": name, "password": "guess-it"}
            await house.public.ask("POST", "/api/auth/local", json=body, status=status)


async def test_me_needs_a_token_that_is_valid(house: House) -> None:
    answer = await house.public.ask("GET", "/api/users/me", status=403)
    assert answer["error"] == {"status": 403, "name": "ForbiddenError", "message": "Forbidden", "details": {}}
    for header in ("Bearer nonsense", "Basic YTpi", "Bearer", "Bearer " + "x" * 5000):
        answer = await house.public.ask("GET", "/api/cars", headers={"Authorization": header}, status=401)
        assert answer["error"]["message"] == "Missing or invalid credentials"


async def test_a_stale_token_does_not_keep_from_signing_in(house: House) -> None:
    stale = {"Authorization": "Bearer stale"}
    await house.public.ask("POST", "/api/auth/local/register", json=ANN, headers=stale)
    body = {"identifier": "ann", "password": ANN["password"]}
    await house.public.ask("POST", "/api/auth/local", json=body, headers=stale)


async def test_a_blocked_user_is_out_within_a_second(house: House) -> None:
    bob = await house.person("bob")
    await bob.ask("GET", "/api/users/me")
    await house.catalogue.update("users", bob.user, {"blocked": True})
    await asyncio.sleep(1)
    answer = await bob.ask("GET", "/api/cars", status=401)
    assert "blocked" in answer["error"]["message"]
    body = {"identifier": "bob", "password": "bob-password"}
    answer = await house.public.ask("POST", "/api/auth/local", json=body, status=400)
    assert answer["error"]["name"] == "ApplicationError"
    await house.catalogue.update("users", bob.user, {"blocked": False})
    await asyncio.sleep(1)
    await bob.ask("GET", "/api/users/me")


async def test_a_changed_role_is_in_force_within_a_second_either_way(house: House) -> None:
    eve = await house.person("eve", "seller")
    car = {"make": "Ford", "model": "Ka"}
    await eve.ask("POST", "/api/cars", car, 201)
    await house.catalogue.update("users", eve.user, {"role": "authenticated"})
    await asyncio.sleep(1)
    await eve.ask("POST", "/api/cars", car, 403)
    await house.catalogue.update("users", eve.user, {"role": "admin"})
    await asyncio.sleep(1)
    await eve.ask("GET", "/api/users")


async def test_sign_ins_are_limited_by_name_and_by_address(tmp_path: Path) -> None:
    settings = ApiSettings(sign_in_rate=0.1, sign_in_burst=2, address_rate=1, address_burst=4)
    async with open_house(tmp_path, settings) as house:
        statuses = []
        for name in ("a", "a", "A", "b", "c", "d"):
            body = {"identifier": name, "password": "wrong-password"}
            response = await house.public.client.post("/api/auth/local", json=body)
            statuses.append(response.status_code)
            if response.status_code == 429:
                assert int(response.headers["retry-after"]) >= 1
                assert response.json()["error"]["name"] == "RateLimitError"
        assert statuses == [400, 400, 429, 400, 429, 429]
        elsewhere = httpx.ASGITransport(app=house.app, client=("192.0.2.7", 1))
        async with httpx.AsyncClient(transport=elsewhere, base_url="http://test") as client:
            answer = await client.post("/api/auth/local", json={"identifier": "a", "password": "wrong-password"})
        assert answer.status_code == 400, "wrong passwords from one address keep out nobody at another"


def test_a_token_lives_as_long_as_it_says_also_when_remembered() -> None:
    now = 1000.0
    tokens = Tokens(SECRET, ttl_s=60, now=lambda: now)
    token = tokens.issue(USER)
    claims = tokens.verify(token)
    assert (claims.user, claims.role, claims.issued_at, claims.expires_at) == ("u1", "seller", 1000, 1060)
    now = 1059.0
    assert tokens.verify(token) == claims
    now = 1060.0
    with pytest.raises(InvalidToken):
        tokens.verify(token)
    with pytest.raises(InvalidToken):
        Tokens(SECRET, now=lambda: now).verify(token)


@pytest.mark.parametrize(
    "change",
    [{"role": "emperor"}, {"role": None}, {"sub": 5}, {"exp": "soon"}, {"iat": None}, {"exp": None}, {"role": []}],
)
def test_a_token_that_says_something_else_is_none(change: dict[str, object]) -> None:
    claims = {"sub": "u1", "role": "seller", "iat": 1, "exp": 2**40, **change}
    with pytest.raises(InvalidToken):
        Tokens(SECRET).verify(jwt.encode({key: value for key, value in claims.items() if value is not None}, SECRET))


def test_tokens_of_another_secret_or_none_are_none() -> None:
    claims = {"sub": "u1", "role": "admin", "iat": 1, "exp": 2**40}
    for token in (jwt.encode(claims, SECRET + "!"), jwt.encode(claims, None, "none")):
        with pytest.raises(InvalidToken):
            Tokens(SECRET).verify(token)
