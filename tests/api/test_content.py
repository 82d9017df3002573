"""The content routes: shapes, faults, ownership, ETags."""

import json
from typing import Any

import pytest

from tests.api.conftest import DAY_MS, House

FORD = {"make": "Ford", "model": "Ka", "year": 2001}


async def test_a_car_through_its_life(house: House) -> None:
    sal = await house.person("sal", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]
    assert car["make"] == "Ford" and car["vin"] is None and car["createdAt"].endswith("Z")
    path = f"/api/cars/{car['documentId']}"
    assert await house.public.ask("GET", path) == {"data": car, "meta": {}}
    changed = (await sal.ask("PUT", path, {"mileage": 1}))["data"]
    assert (changed["mileage"], changed["make"]) == (1, "Ford")
    listed = await house.public.ask("GET", "/api/cars")
    assert listed["data"] == [changed]
    assert listed["meta"] == {"pagination": {"page": 1, "pageSize": 25, "pageCount": 1, "total": 1}}
    some = await house.public.ask("GET", "/api/cars?fields=make,year&populate=seller&filters[make][$eq]=Ford")
    expected = {"id": car["id"], "documentId": car["documentId"], "make": "Ford", "year": 2001}
    seller = some["data"][0].pop("seller")
    assert some["data"] == [expected]
    assert seller["documentId"] == sal.user and "username" not in seller
    assert await sal.ask("DELETE", path, status=204) is None
    await sal.ask("DELETE", path, status=404)


async def test_every_fault_of_a_body_is_named_as_strapi_does(house: House) -> None:
    sal = await house.person("sal", "seller")
    answer = await sal.ask("POST", "/api/cars", {"make": 5, "year": "abc"}, 400)
    assert answer["error"]["message"] == "3 errors occurred"
    errors = {fault["path"][0]: fault["message"] for fault in answer["error"]["details"]["errors"]}
    assert errors == {
        "make": "make must be a `string` type, but the final value was: `5`.",
        "model": "model must be defined.",
        "year": 'year must be a `number` type, but the final value was: `NaN` (cast from the value `"abc"`).',
    }
    answer = await sal.ask("POST", "/api/cars", {**FORD, "wheels": 4}, 400)
    assert answer["error"]["message"] == "Invalid key wheels"
    assert answer["error"]["details"] == {"key": "wheels", "path": None, "source": "body"}
    answer = await sal.ask("POST", "/api/cars", status=400, json=FORD)
    assert answer["error"]["message"] == 'Missing "data" payload in the request body'


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", 1700),
        ("year", 3000),
        ("year", 2001.5),
        ("year", True),
        ("year", []),
        ("mileage", -1),
        ("mileage", 10**30),
        ("mileage", 1e300),
        ("make", None),
        ("make", " "),
        ("make", "x" * 101),
        ("vin", "a\0b"),
        ("vin", {}),
        ("seller", 5),
        ("seller", ["a", "b"]),
        ("seller", {"connect": [], "other": 1}),
        ("seller", {"connect": {"documentId": "no way"}}),
    ],
)
async def test_a_wrong_value_names_its_field(house: House, field: str, value: Any) -> None:
    admin = await house.person("root", "admin")
    answer = await admin.ask("POST", "/api/cars", {**FORD, field: value}, 400)
    assert field in answer["error"]["message"], answer


async def test_numbers_may_come_as_text_as_in_forms(house: House) -> None:
    sal = await house.person("sal", "seller")
    assert (await sal.ask("POST", "/api/cars", {**FORD, "year": "2001"}, 201))["data"]["year"] == 2001


async def test_unique_and_missing_things_are_faults_of_their_field(house: House) -> None:
    admin = await house.person("root", "admin")
    await admin.ask("POST", "/api/cars", {**FORD, "vin": "V1"}, 201)
    answer = await admin.ask("POST", "/api/cars", {**FORD, "vin": "V1"}, 400)
    assert answer["error"]["message"] == "This attribute must be unique"
    assert answer["error"]["details"]["errors"][0]["path"] == ["vin"]
    answer = await admin.ask("POST", "/api/cars", {**FORD, "seller": "nobody"}, 400)
    assert answer["error"]["details"]["errors"][0]["path"] == ["seller"]


async def test_relations_as_strapi_writes_them(house: House) -> None:
    admin = await house.person("root", "admin")
    sal = await house.person("sal", "seller")
    car = (await admin.ask("POST", "/api/cars?populate=seller", {**FORD, "seller": sal.user}, 201))["data"]
    path = f"/api/cars/{car['documentId']}?populate=seller"
    assert car["seller"]["username"] == "sal"
    for value, there in [
        ({"disconnect": [sal.user]}, False),
        ({"connect": [{"documentId": sal.user}]}, True),
        ({"set": []}, False),
        ({"set": [sal.user]}, True),
        ({}, None),
        (None, False),
        ([sal.user], True),
    ]:
        status = 400 if there is None else 200
        answer = await admin.ask("PUT", path, {"seller": value}, status)
        if status == 200:
            assert bool(answer["data"]["seller"]) is there, value


async def test_a_change_of_something_older_is_refused(house: House) -> None:
    sal = await house.person("sal", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]
    path = f"/api/cars/{car['documentId']}"
    etag = (await house.public.client.get(path)).headers["etag"]
    await sal.ask("PUT", path, {"year": 2002}, headers={"If-Match": etag})
    answer = await sal.ask("PUT", path, {"year": 2003}, 412, headers={"If-Match": etag})
    assert answer["error"]["name"] == "PreconditionFailedError"
    await sal.ask("DELETE", path, status=412, headers={"If-Match": etag})
    await sal.ask("PUT", path, {"year": 2004}, headers={"If-Match": f'"0", {await _etag(house, path)}'})
    await sal.ask("DELETE", path, status=204, headers={"If-Match": "*"})


async def _etag(house: House, path: str) -> str:
    return (await house.public.client.get(path)).headers["etag"]


async def test_sellers_write_their_own_only(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]
    path = f"/api/cars/{car['documentId']}"
    await sue.ask("PUT", path, {"year": 2002}, 403)
    await sue.ask("DELETE", path, status=403)
    await sue.ask("POST", "/api/cars", {**FORD, "seller": sal.user}, 403)
    await sal.ask("PUT", path, {"seller": sue.user}, 403)
    await sue.ask("POST", "/api/auctions", {"title": "Not mine", "car": car["documentId"]}, 403)
    await (await house.person("bob")).ask("POST", "/api/cars", FORD, 403)
    await house.public.ask("POST", "/api/cars", FORD, 403)


async def test_what_bidders_read_of_a_car_is_fixed(house: House) -> None:
    sal, admin = await house.person("sal", "seller"), await house.person("root", "admin")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]["documentId"]
    path = f"/api/cars/{car}"
    soon = house.desk.now_ms() + DAY_MS
    auction = await house.listed(sal, car=car, starts_at=soon, ends_at=soon + DAY_MS)
    await house.projected(auction, 1)
    await sal.ask("PUT", path, {"mileage": 1})
    live = await house.listed(sal, car=car)
    await house.projected(live, 2)
    assert "fixed" in (await sal.ask("PUT", path, {"mileage": 2}, 409))["error"]["message"]
    await admin.ask("PUT", path, {"mileage": 3})
    answer = await sal.ask("POST", f"/api/auctions/{live}/cancel", {"reason": "wrong mileage"})
    await house.projected(live, answer["data"]["seq"])
    await sal.ask("PUT", path, {"mileage": 4})


async def test_a_draft_is_its_sellers_and_needs_only_a_title(house: House) -> None:
    sal, sue = await house.person("sal", "seller"), await house.person("sue", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]["documentId"]
    answer = await sal.ask("POST", "/api/auctions", {"title": "Lot 1", "status": "draft", "car": car}, 201)
    draft = answer["data"]
    assert (draft["status"], draft["bids_count"], draft["price"]) == ("draft", 0, None)
    path = f"/api/auctions/{draft['documentId']}"
    for other in (sue, house.public):
        await other.ask("GET", path, status=404)
        assert (await other.ask("GET", "/api/auctions"))["data"] == []
        assert (await other.ask("GET", f"/api/cars/{car}?populate=auctions"))["data"]["auctions"] == []
        assert (await other.ask("GET", "/api/cars?filters[auctions][title][$eq]=Lot 1"))["data"] == []
    assert (await sal.ask("GET", f"/api/cars/{car}?populate=auctions"))["data"]["auctions"][0]["title"] == "Lot 1"
    await sue.ask("PUT", path, {"title": "Mine"}, 404)
    assert (await sal.ask("PUT", path, {"reserve_price": 5}))["data"]["reserve_price"] == 5
    await sal.ask("DELETE", path, status=204)
    await sal.ask("POST", "/api/auctions", {}, 400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starting_price", 0),
        ("starting_price", "12300"),
        ("starting_price", 12300.5),
        ("starting_price", 10**12 + 1),
        ("format", "raffle"),
        ("proxy", 1),
        ("increments", [[1, 2, 3]]),
        ("increments", [[10**30, 1]]),
        ("soft_close", {"window_ms": 1}),
        ("soft_close", {"window_ms": 1, "extend_ms": 1, "colour": "red"}),
        ("currency", "EURO"),
        ("sale_terms", "maybe"),
        ("status", "live"),
        ("price", 5),
        ("winner", "me"),
    ],
)
async def test_a_drafts_terms_are_checked_by_type(house: House, field: str, value: Any) -> None:
    sal = await house.person("sal", "seller")
    answer = await sal.ask("POST", "/api/auctions", {"title": "Lot", field: value}, 400)
    assert field in json.dumps(answer), answer


async def test_a_listed_auction_names_the_action_to_use(house: House) -> None:
    sal = await house.person("sal", "seller")
    car = (await sal.ask("POST", "/api/cars", FORD, 201))["data"]["documentId"]
    id = await house.listed(sal, car=car)
    for method, data in (("PUT", {"title": "Other"}), ("DELETE", None)):
        answer = await sal.ask(method, f"/api/auctions/{id}", data, 409)
        assert answer["error"]["name"] == "ConflictError"
        assert "amend, extend or cancel" in answer["error"]["message"]
    await house.projected(id, 1)
    await sal.ask("DELETE", f"/api/cars/{car}", status=409)


async def test_users_are_for_staff_and_bare(house: House) -> None:
    admin, bob = await house.person("root", "admin"), await house.person("bob")
    users = await admin.ask("GET", "/api/users?sort=username")
    assert [user["username"] for user in users] == ["bob", "root"]
    assert "password_hash" not in json.dumps(users) and "argon2" not in json.dumps(users)
    await bob.ask("GET", "/api/users", status=403)
    await bob.ask("GET", f"/api/users/{admin.user}", status=404)
    assert (await bob.ask("GET", f"/api/users/{bob.user}"))["username"] == "bob"
    assert (await admin.ask("GET", f"/api/users/{bob.user}"))["email"] == "bob@example.com"
