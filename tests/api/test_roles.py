"""Roles as data."""

from typing import Any

import pytest

from tests.api.conftest import House
from vendue.catalogue.query import Query

PATH = "/api/users-permissions/roles"


def tree(action: str, enabled: Any) -> dict[str, Any]:
    group, controller, name = action.split(".")
    return {"permissions": {group: {"controllers": {controller: {name: {"enabled": enabled}}}}}}


async def test_roles_are_shown_as_strapi_shows_them(house: House) -> None:
    admin = await house.person("admin", "admin")
    await house.person("ann")
    roles = (await admin.ask("GET", PATH))["roles"]
    assert [(role["id"], role["type"], role["nb_users"]) for role in roles] == [
        (1, "public", 0), (2, "authenticated", 1), (3, "seller", 0), (4, "auctioneer", 0), (5, "admin", 1),
    ]  # fmt: skip
    assert roles[1]["name"] == "Bidder"
    role = (await admin.ask("GET", f"{PATH}/1"))["role"]
    car = role["permissions"]["api::car"]["controllers"]["car"]
    assert car == {"find": {"enabled": True, "policy": ""}, "findOne": {"enabled": True, "policy": ""}}
    seller = (await admin.ask("GET", f"{PATH}/seller"))["role"]["permissions"]
    assert seller["api::car"]["controllers"]["car"]["create"]["enabled"]
    assert "extend" not in seller["api::auction"]["controllers"]["auction"], "what the rules refuse is not offered"
    every = (await admin.ask("GET", "/api/users-permissions/permissions"))["permissions"]
    assert every["api::auction"]["controllers"]["auction"]["extend"] == {"enabled": False, "policy": ""}


async def test_what_is_given_and_taken_is_in_force_at_once(house: House) -> None:
    admin, ann = await house.person("admin", "admin"), await house.person("ann")
    car = {"make": "Ford", "model": "Ka"}
    await ann.ask("POST", "/api/cars", car, 403)
    body = {**tree("api::car.car.create", True), "reason": "a market for all"}
    assert await admin.ask("PUT", f"{PATH}/2", json=body) == {"ok": True}
    made = await ann.ask("POST", "/api/cars", car, 201)
    await ann.ask("PUT", f"/api/cars/{made['data']['documentId']}", {"year": 2001}, 403)
    await admin.ask("PUT", f"{PATH}/authenticated", json=tree("api::car.car.create", False))
    await ann.ask("POST", "/api/cars", car, 403)
    await ann.ask("GET", "/api/cars")
    await admin.ask("PUT", f"{PATH}/public", json=tree("api::car.car.find", False))
    await house.public.ask("GET", "/api/cars", status=403)
    lines = (await admin.ask("GET", "/api/audit-log?sort=id"))["data"]
    assert [line["changes"]["actions"] for line in lines] == [
        [[], ["api::car.car.create"]],
        [["api::car.car.create"], []],
        [["api::car.car.find"], []],
    ]
    assert lines[0]["reason"] == "a market for all" and lines[0]["subject_id"] == "authenticated"


@pytest.mark.parametrize(
    ("role", "action", "enabled"),
    [
        ("public", "api::car.car.create", True),
        ("public", "api::bid.bid.create", True),
        ("seller", "api::auction.auction.retract", True),
        ("admin", "api::bid.bid.create", True),
        ("auctioneer", "plugin::users-permissions.role.updateRole", True),
        ("admin", "plugin::users-permissions.role.updateRole", False),
        ("admin", "plugin::users-permissions.role.findOne", False),
        ("public", "plugin::users-permissions.auth.callback", False),
        ("public", "plugin::users-permissions.auth.refresh", False),
        ("seller", "api::car.car.fly", True),
        ("seller", "api::car.car.find", "yes"),
    ],
)
async def test_what_would_harm_cannot_be_given_or_taken(house: House, role: str, action: str, enabled: Any) -> None:
    admin = await house.person("admin", "admin")
    answer = await admin.ask("PUT", f"{PATH}/{role}", json=tree(action, enabled), status=400)
    assert action in answer["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"permissions": 5},
        {"permissions": {"a": {}}},
        {"permissions": {"a": {"controllers": []}}},
        {"nope": 1},
        {"name": ""},
        {"reason": 5},
    ],
)
async def test_a_body_of_another_shape_is_refused(house: House, body: dict[str, Any]) -> None:
    admin = await house.person("admin", "admin")
    await admin.ask("PUT", f"{PATH}/3", json=body, status=400)


async def test_only_admins_change_roles(house: House) -> None:
    for role in ("authenticated", "seller", "auctioneer"):
        person = await house.person(role, role)  # type: ignore[arg-type]  # they are roles
        await person.ask("PUT", f"{PATH}/2", json=tree("api::car.car.create", True), status=403)
    admin = await house.person("admin", "admin")
    await admin.ask("PUT", f"{PATH}/9", json={}, status=404)


async def test_an_action_that_a_role_does_not_know_yet_is_as_in_a_fresh_system(house: House) -> None:
    """As after an upgrade that brought a new action."""
    rows, _ = await house.catalogue.find("roles", Query())
    seller = next(row for row in rows if row["type"] == "seller")
    known = [each for each in seller["known"] if each != "api::car.car.create"]
    actions = [each for each in seller["actions"] if each != "api::car.car.create"]
    await house.catalogue.update("roles", seller["documentId"], {"actions": actions, "known": known})
    await house.access.refresh()
    person = await house.person("seller", "seller")
    await person.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201)
    await house.catalogue.update("roles", seller["documentId"], {"actions": actions, "known": seller["known"]})
    await house.access.refresh()
    await person.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 403)
