"""API tokens."""

from typing import Any

import pytest

from tests.api.conftest import DAY_MS, House, Person
from vendue.catalogue.query import Query

PATH = "/api/api-tokens"


async def make(house: House, person: Person, role: str, status: int = 201, **more: Any) -> Any:
    values = {"name": "robot", "role": role, "expires_at": house.desk.now_ms() + DAY_MS, **more}
    return await person.ask("POST", PATH, values, status)


def bearer(answer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer['data']['accessKey']}"}


async def test_a_program_acts_as_its_owner_with_the_tokens_role(house: House) -> None:
    seller = await house.person("seller", "seller")
    made = await make(house, seller, "authenticated")
    me = await house.public.ask("GET", "/api/users/me", headers=bearer(made))
    assert me["documentId"] == seller.user
    car = {"data": {"make": "Ford", "model": "Ka"}}
    await house.public.ask("POST", "/api/cars", json=car, headers=bearer(made), status=403)
    await house.public.ask(
        "POST", "/api/cars", json=car, headers=bearer(await make(house, seller, "seller")), status=201
    )
    listed = await seller.ask("GET", PATH)
    assert listed["meta"]["total"] == 2 and "accessKey" not in str(listed) and "hash" not in str(listed)
    token = made["data"]["accessKey"]
    rows, _ = await house.catalogue.find("api_tokens", Query(fields=("hash", "name", "role", "user")))
    assert len(token) > 43 and token not in str(rows), "only a hash is kept"


@pytest.mark.parametrize(
    ("owner", "role", "status"),
    [
        ("authenticated", "authenticated", 201), ("authenticated", "seller", 403), ("seller", "admin", 403),
        ("admin", "admin", 201), ("admin", "auctioneer", 201), ("admin", "authenticated", 403),
        ("auctioneer", "admin", 403), ("auctioneer", "seller", 403), ("seller", "public", 400), ("seller", "x", 400),
    ],
)  # fmt: skip
async def test_no_token_may_more_than_its_owner(house: House, owner: Any, role: str, status: int) -> None:
    await make(house, await house.person("owner", owner), role, status)


@pytest.mark.parametrize(
    "more",
    [{"expires_at": None}, {"expires_at": 1}, {"expires_at": 2**50}, {"name": None}, {"user": "x"}, {"hash": "x"}],
)
async def test_a_token_needs_a_name_and_an_end(house: House, more: dict[str, Any]) -> None:
    await make(house, await house.person("ann"), "authenticated", 400, **more)


async def test_a_token_ends_with_its_day_its_owners_block_and_its_deletion(house: House) -> None:
    admin, ann, eve = (
        await house.person("admin", "admin"),
        await house.person("ann", "seller"),
        await house.person("eve"),
    )
    headers = bearer(made := await make(house, ann, "seller"))
    await eve.ask("DELETE", f"{PATH}/{made['data']['documentId']}", status=404)
    await house.public.ask("GET", "/api/users/me", headers=headers)
    await house.catalogue.update("users", ann.user, {"role": "authenticated"})
    await house.access.refresh()
    await house.public.ask("GET", "/api/users/me", headers=headers, status=401)
    await house.catalogue.update("users", ann.user, {"role": "seller"})
    await admin.ask("PUT", f"/api/users/{ann.user}", json={"blocked": True})
    await house.public.ask("GET", "/api/users/me", headers=headers, status=401)
    await admin.ask("PUT", f"/api/users/{ann.user}", json={"blocked": False})
    await house.public.ask("GET", "/api/users/me", headers=headers)
    await house.catalogue.update("api_tokens", made["data"]["documentId"], {"expires_at": house.desk.now_ms() - 1})
    await house.access.refresh()
    await house.public.ask("GET", "/api/users/me", headers=headers, status=401)
    again = await make(house, await house.person("bob"), "authenticated")
    await admin.ask("DELETE", f"{PATH}/{again['data']['documentId']}", status=204)
    await house.public.ask("GET", "/api/users/me", headers=bearer(again), status=401)


async def test_what_only_looks_like_a_token_is_none(house: House) -> None:
    for token in ("vendue_", "vendue_" + "x" * 43, "vendue_é"):
        headers = {"Authorization": f"Bearer {token}".encode()}
        await house.public.ask("GET", "/api/cars", headers=headers, status=401)


async def test_a_token_does_not_outlive_itself(house: House) -> None:
    """It makes no other, signs nobody out, and changes no account; a new password ends it."""
    ann = await house.person("ann")
    headers = bearer(await make(house, ann, "authenticated"))
    for method, path in (
        ("GET", PATH), ("POST", PATH), ("GET", "/api/auth/sessions"),
        ("PUT", f"/api/users/{ann.user}"), ("DELETE", f"/api/users/{ann.user}"), ("POST", "/api/auth/change-password"),
    ):  # fmt: skip
        await house.public.ask(method, path, headers=headers, json={"data": {}}, status=403)
    new = {"currentPassword": "ann-password", "password": "Another-456", "passwordConfirmation": "Another-456"}
    await ann.ask("POST", "/api/auth/change-password", json=new)
    await house.public.ask("GET", "/api/users/me", headers=headers, status=401)
