"""Passwords changed and reset."""

import re

import pytest

from tests.api.conftest import House, Person, until
from tests.api.test_sessions import ANN, me, renew, sign_in
from vendue.api.access import hash_token
from vendue.catalogue.query import Query

NEW = {"password": "Another-456", "passwordConfirmation": "Another-456"}


async def can_sign_in(house: House, password: str) -> bool:
    body = {"identifier": "ann", "password": password}
    response = await house.public.client.post("/api/auth/local", json=body)
    house.public.client.cookies.clear()
    return response.status_code == 200


async def code_of(house: House, email: str = "ann@example.com") -> str:
    """The code in the next letter."""
    before = len(house.letters)
    assert await house.public.ask("POST", "/api/auth/forgot-password", json={"email": email}) == {"ok": True}

    async def came() -> bool:
        return len(house.letters) > before

    await until(came)
    found = re.search(r"http://localhost:1337/reset-password\?code=([\w-]{43})\n", house.letters[-1])
    assert found is not None and "ann" in house.letters[-1]
    return found[1]


async def test_who_knows_the_password_changes_it_and_is_alone_then(house: House) -> None:
    token, cookie = await sign_in(house)
    other, _ = await sign_in(house)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await house.public.ask(
        "POST", "/api/auth/change-password", json={**NEW, "currentPassword": ANN["password"]}, headers=headers
    )
    assert answer["user"]["username"] == "ann" and await me(house, answer["jwt"]) == 200
    assert await me(house, token) == 401 and await me(house, other) == 401
    assert (await renew(house, cookie)).status_code == 401
    assert await can_sign_in(house, NEW["password"]) and not await can_sign_in(house, ANN["password"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({**NEW, "currentPassword": "wrong-password"}, "The provided current password is invalid"),
        (
            {"currentPassword": ANN["password"], "password": "short", "passwordConfirmation": "short"},
            "password must be",
        ),
        ({**NEW, "currentPassword": ANN["password"], "passwordConfirmation": "Other-4567"}, "Passwords do not match"),
        (
            {"currentPassword": ANN["password"], "password": ANN["password"], "passwordConfirmation": ANN["password"]},
            "Your new password must be different than your current password",
        ),
        ({"currentPassword": ANN["password"]}, "2 errors occurred"),
    ],
)
async def test_a_password_is_not_changed_for_less(house: House, body: dict[str, str], message: str) -> None:
    token, _ = await sign_in(house)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await house.public.ask("POST", "/api/auth/change-password", json=body, headers=headers, status=400)
    assert answer["error"]["message"].startswith(message)
    assert await can_sign_in(house, ANN["password"])


async def test_a_letter_lets_its_reader_set_a_password_once(house: House) -> None:
    token, cookie = await sign_in(house)
    code = await code_of(house)
    answer = await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": code})
    assert await me(house, answer["jwt"]) == 200
    assert await me(house, token) == 401 and (await renew(house, cookie)).status_code == 401
    assert await can_sign_in(house, NEW["password"])
    again = await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": code}, status=400)
    assert again["error"]["message"] == "Incorrect code provided"


async def test_only_the_latest_code_counts_and_only_for_an_hour(house: House) -> None:
    await sign_in(house)
    first, second = await code_of(house), await code_of(house, "ANN@example.com")
    await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": first}, status=400)
    [row], _ = await house.catalogue.find("users", Query(fields=("documentId", "reset_hash")))
    assert row["reset_hash"] == hash_token(second), "the code itself is nowhere"
    await house.catalogue.update("users", row["documentId"], {"reset_until": 1})
    await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": second}, status=400)


async def test_whether_there_is_an_account_nobody_learns_by_asking(house: House) -> None:
    await sign_in(house)
    for email in ("nobody@example.com", "ann", "not an address"):
        assert await house.public.ask("POST", "/api/auth/forgot-password", json={"email": email}) == {"ok": True}
    await code_of(house)
    assert len(house.letters) == 1, "letters are written in order, and only one was due"


async def test_a_blocked_account_gets_no_letter_and_no_password(house: House) -> None:
    await sign_in(house)
    code = await code_of(house)
    [row], _ = await house.catalogue.find("users", Query())
    await house.catalogue.update("users", row["documentId"], {"blocked": True})
    answer = await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": code}, status=400)
    assert "blocked" in answer["error"]["message"]
    bob = await house.person("bob")
    assert isinstance(bob, Person)
    await house.public.ask("POST", "/api/auth/forgot-password", json={"email": "ann@example.com"})
    await house.public.ask("POST", "/api/auth/forgot-password", json={"email": "bob@example.com"})

    async def bob_has_his() -> bool:
        return "bob@example.com" in house.letters[-1]

    await until(bob_has_his)
    assert len(house.letters) == 2


async def test_a_letter_that_is_out_is_worth_nothing_after_the_address_changed(house: House) -> None:
    token, _ = await sign_in(house)
    code = await code_of(house)
    [row], _ = await house.catalogue.find("users", Query())
    body = {"email": "new@example.com", "currentPassword": ANN["password"]}
    headers = {"Authorization": f"Bearer {token}"}
    await house.public.ask("PUT", f"/api/users/{row['documentId']}", json=body, headers=headers)
    await house.public.ask("POST", "/api/auth/reset-password", json={**NEW, "code": code}, status=400)


async def test_nobody_is_flooded_with_letters(house: House) -> None:
    await sign_in(house)
    statuses = []
    for _ in range(5):
        body = {"email": "ann@example.com"}
        statuses.append((await house.public.client.post("/api/auth/forgot-password", json=body)).status_code)
    assert statuses == [200, 200, 200, 429, 429]
