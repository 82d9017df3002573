"""Accounts over HTTP: made, changed, blocked and forgotten by those who may."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import House, open_house
from vendue.api.app import ApiSettings

BOB = {"username": "bob the buyer", "email": "Bob@Example.com", "password": "Secret-123", "role": "seller"}


async def test_an_admin_makes_accounts_of_any_role(house: House) -> None:
    admin = await house.person("admin", "admin")
    for role in ("seller", 3, "3", {"connect": [{"id": 3}]}):
        body = {**BOB, "username": f"bob {role!r:.9}", "email": f"bob{len(repr(role))}@example.com", "role": role}
        made = await admin.ask("POST", "/api/users", json=body, status=201)
        assert (made["role"], made["email"], made["blocked"]) == ("seller", body["email"], False)
        assert "password" not in str(made)
    sign_in = {"identifier": "bob8@example.com", "password": BOB["password"]}
    await house.public.ask("POST", "/api/auth/local", json=sign_in)
    assert await admin.ask("GET", "/api/users/count") == 5


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({**BOB, "role": "emperor"}, "role"),
        ({**BOB, "role": "public"}, "role"),
        ({**BOB, "username": "a@b"}, "username"),
        ({**BOB, "email": "nope"}, "email"),
        ({**BOB, "password": "short"}, "password"),
        ({**BOB, "password": 5}, "password"),
        ({**BOB, "password_hash": "x"}, "password_hash"),
        ({**BOB, "id": 1}, "id"),
        ({"username": "bob"}, "email"),
        ({**BOB, "blocked": "yes"}, "blocked"),
    ],
)
async def test_what_is_wrong_with_an_account_is_named(house: House, body: dict[str, Any], named: str) -> None:
    admin = await house.person("admin", "admin")
    answer = await admin.ask("POST", "/api/users", json=body, status=400)
    assert named in str(answer["error"])


async def test_a_taken_name_is_told(house: House) -> None:
    admin, bob = await house.person("admin", "admin"), await house.person("bob")
    answer = await admin.ask("POST", "/api/users", json={**BOB, "username": "bob"}, status=400)
    assert answer["error"]["name"] == "ApplicationError"
    answer = await bob.ask("PUT", f"/api/users/{bob.user}", json={"username": "admin"}, status=400)
    assert answer["error"]["message"] == "Email or Username are already taken"


async def test_people_change_their_own_name_and_with_the_password_their_address(house: House) -> None:
    ann = await house.person("ann")
    path = f"/api/users/{ann.user}"
    assert (await ann.ask("PUT", path, json={"username": "anna"}))["username"] == "anna"
    await ann.ask("PUT", path, json={"email": "anna@example.com"}, status=400)
    await ann.ask("PUT", path, json={"email": "anna@example.com", "currentPassword": "guess-it"}, status=400)
    changed = await ann.ask("PUT", path, json={"email": "Anna@Example.com", "currentPassword": "ann-password"})
    assert changed["email"] == "anna@example.com"
    for body in ({"role": "admin"}, {"blocked": False}, {"confirmed": True}, {"paddle": "1"}, {"party": "x"}):
        await ann.ask("PUT", path, json=body, status=403)
    await ann.ask("PUT", path, json={"password": "Another-456"}, status=400)
    row = await house.catalogue.get("users", ann.user)
    assert row is not None and row["role"] == "authenticated"


async def test_nobody_changes_anothers_account_but_those_in_charge(house: House) -> None:
    ann, bob = await house.person("ann"), await house.person("bob", "seller")
    auctioneer, admin = await house.person("carl", "auctioneer"), await house.person("root", "admin")
    for other in (bob, auctioneer, admin):
        await ann.ask("PUT", f"/api/users/{other.user}", json={"username": "x y z"}, status=403)
        await ann.ask("DELETE", f"/api/users/{other.user}", status=403)
    await auctioneer.ask("PUT", f"/api/users/{bob.user}", json={"paddle": "17"})
    await auctioneer.ask("PUT", f"/api/users/{bob.user}", json={"role": "auctioneer"}, status=403)
    await auctioneer.ask("PUT", f"/api/users/{admin.user}", json={"blocked": True}, status=403)
    await admin.ask("PUT", f"/api/users/{auctioneer.user}", json={"role": "seller"})
    await admin.ask("PUT", f"/api/users/{admin.user}", json={"role": "seller"}, status=403)
    await admin.ask("PUT", f"/api/users/{admin.user}", json={"blocked": True}, status=403)
    await auctioneer.ask("GET", "/api/users", status=403)


async def test_what_those_in_charge_did_is_in_the_audit_log(house: House) -> None:
    admin, ann = await house.person("admin", "admin"), await house.person("ann")
    change = {"blocked": True, "role": "seller", "email": "x@example.com"}
    await admin.ask("PUT", f"/api/users/{ann.user}", json={**change, "reason": "does not pay"})
    [line] = (await admin.ask("GET", "/api/audit-log?filters[subject_id][$eq]=" + ann.user))["data"]
    assert line["user"] == admin.user and line["role"] == "admin" and line["reason"] == "does not pay"
    assert line["action"] == "plugin::users-permissions.user.update" and line["subject"] == "users"
    assert line["changes"]["blocked"] == [False, True] and line["changes"]["role"] == ["authenticated", "seller"]
    text = str(line)
    assert "example.com" not in text and "argon2" not in text
    assert line["changes"].keys() == {"blocked", "role", "email"}
    made = await admin.ask("POST", "/api/users", json={**BOB, "reason": "by phone"}, status=201)
    await admin.ask("PUT", f"/api/users/{admin.user}", json={"username": "boss"})
    await admin.ask("PUT", f"/api/users/{admin.user}", json={"party": "the house"})
    lines = (await admin.ask("GET", "/api/audit-log?sort=at&filters[user][$eq]=" + admin.user))["data"][1:]
    assert [(each["subject_id"], list(each["changes"])) for each in lines] == [
        (made["documentId"], ["role", "email", "username"]),
        (admin.user, ["party"]),
    ]


async def test_a_person_is_forgotten_and_the_id_stays(house: House) -> None:
    admin, ann = await house.person("admin", "admin"), await house.person("ann")
    await ann.ask("DELETE", f"/api/users/{ann.user}", status=400)
    gone = await ann.ask("DELETE", f"/api/users/{ann.user}", headers={"X-Current-Password": "ann-password"})
    assert gone["username"] == "ann"
    await ann.ask("GET", "/api/users/me", status=401)
    await admin.ask("GET", f"/api/users/{ann.user}", status=404)
    assert [row["username"] for row in await admin.ask("GET", "/api/users")] == ["admin"]
    row = await house.catalogue.get("users", ann.user)
    assert row is not None and "ann" not in f"{row['username']}{row['email']}".replace(ann.user, "")
    assert (row["blocked"], row["paddle"]) == (True, None)
    again = {"username": "ann", "email": "ann@example.com", "password": "Secret-123"}
    await house.public.ask("POST", "/api/auth/local/register", json=again)


async def test_strapis_clients_find_users_by_number(house: House) -> None:
    admin, ann = await house.person("admin", "admin"), await house.person("ann")
    row = await admin.ask("GET", "/api/users/2")
    assert row["documentId"] == ann.user and row["id"] == 2
    assert (await admin.ask("PUT", "/api/users/2", json={"paddle": "7"}))["paddle"] == "7"


async def test_accounts_of_one_party_do_not_bid_on_each_others_lots(house: House) -> None:
    admin = await house.person("admin", "admin")
    seller, brother, other = [await house.person(name, "seller") for name in ("seller", "brother", "other")]
    for person in (seller, brother):
        await admin.ask("PUT", f"/api/users/{person.user}", json={"party": "smith motors"})
    auction = await house.listed(seller)
    for person, code in ((seller, "own_auction"), (brother, "own_auction"), (other, None)):
        assert (await house.bid(person, auction, 20_000)).code == code


async def test_staff_become_nobody_else(house: House) -> None:
    """By a password, or by an address to which the letter with a new one goes."""
    auctioneer, admin = await house.person("carl", "auctioneer"), await house.person("root", "admin")
    ann = await house.person("ann")
    for person, status in ((auctioneer, 400), (admin, 400)):
        await person.ask("PUT", f"/api/users/{ann.user}", json={"password": "stolen stolen"}, status=status)
    for body in ({"email": "carl2@example.com"}, {"username": "other name"}):
        await auctioneer.ask("PUT", f"/api/users/{ann.user}", json=body, status=403)


async def test_the_last_admin_stays(house: House) -> None:
    root = await house.person("root", "admin")
    mine = {"X-Current-Password": "root-password"}
    await root.ask("DELETE", f"/api/users/{root.user}", headers=mine, status=409)
    await house.person("other", "admin")
    await root.ask("DELETE", f"/api/users/{root.user}", headers=mine)


async def test_nobody_is_forgotten_in_the_middle_of_a_sale(house: House) -> None:
    admin, seller, ann = (
        await house.person("admin", "admin"),
        await house.person("sal", "seller"),
        await house.person("ann"),
    )
    auction = await house.listed(seller)
    receipt = await house.bid(ann, auction, 20_000)
    await house.projected(auction, receipt.seq or 0)
    for person in (seller, ann):
        await admin.ask("DELETE", f"/api/users/{person.user}", status=409)
    await admin.ask("POST", f"/api/auctions/{auction}/cancel", {"reason": "the car burnt"})
    await house.projected(auction, (receipt.seq or 0) + 1)
    for person in (seller, ann):
        await admin.ask("DELETE", f"/api/users/{person.user}")


async def test_passwords_are_not_tried_faster_by_another_door(tmp_path: Path) -> None:
    async with open_house(tmp_path, ApiSettings(sign_in_rate=0.1, sign_in_burst=3)) as house:
        ann = await house.person("ann")
        statuses = []
        for number in range(5):
            body = {"email": f"a{number}@example.com", "currentPassword": "a guess of it"}
            statuses.append((await ann.client.put(f"/api/users/{ann.user}", json=body)).status_code)
        assert statuses == [400, 400, 400, 429, 429]


async def test_when_an_account_was_changed_nobody_else_sees(house: House) -> None:
    """Else a letter that was asked for by its address would show whose that is."""
    seller, ann = await house.person("sal", "seller"), await house.person("ann")
    car = (await seller.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    for person in (house.public, ann):
        shown = (await person.ask("GET", f"/api/cars/{car}?populate=seller"))["data"]["seller"]
        assert shown.keys() == {"id", "documentId"}
    assert "updatedAt" in (await seller.ask("GET", f"/api/cars/{car}?populate=seller"))["data"]["seller"]


@pytest.mark.parametrize("email", ["a:;b@x.org", "a,victim@x.org", '],["@x.org', "a b@x.org", "a@x;y.org"])
async def test_an_address_is_one_address(house: House, email: str) -> None:
    body = {"username": "eve", "email": email, "password": "Secret-123"}
    await house.public.ask("POST", "/api/auth/local/register", json=body, status=400)


async def test_lists_are_paged_as_strapis_users_plugin_pages_them(house: House) -> None:
    admin = await house.person("admin", "admin")
    for number in range(30):
        values = {"username": f"user {number:02}", "email": f"u{number}@example.com"}
        await house.catalogue.create("users", values)
    assert len(await admin.ask("GET", "/api/users")) == 31
    page = await admin.ask("GET", "/api/users?sort=username&start=1&limit=3")
    assert [row["username"] for row in page] == ["user 00", "user 01", "user 02"]
    assert len(await admin.ask("GET", "/api/users?pagination[pageSize]=5")) == 5


async def test_a_populated_role_is_an_object_for_those_who_may_know_it(house: House) -> None:
    admin, ann = await house.person("admin", "admin"), await house.person("ann")
    assert (await ann.ask("GET", "/api/users/me"))["role"] == "authenticated"
    for query in ("populate=role", "populate[0]=role", "populate[role]=true", "populate=*"):
        role = (await ann.ask("GET", f"/api/users/me?{query}"))["role"]
        assert (role["id"], role["type"], role["name"]) == (2, "authenticated", "Bidder")
    assert (await ann.ask("GET", "/api/users/me?populate[role]=false"))["role"] == "authenticated"
    assert (await ann.ask("GET", "/api/users/me?fields=username&populate=role")).keys() == {
        "id",
        "documentId",
        "username",
        "role",
    }
    await ann.ask("GET", "/api/users/me?populate=nothing", status=400)
    found = await admin.ask("GET", "/api/users?populate=role&sort=id")
    assert [each["role"]["type"] for each in found] == ["admin", "authenticated"]
    assert (await admin.ask("GET", f"/api/users/{ann.user}?populate=role"))["role"]["name"] == "Bidder"
