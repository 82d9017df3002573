"""The actions on auctions: roles, terms, decisions, repeats."""

import asyncio
from typing import Any

import pytest

from tests.api.conftest import DAY_MS, House
from vendue.rules.commands import Asked
from vendue.rules.receipts import Receipt


async def test_listing_answers_with_the_decision(house: House) -> None:
    sal = await house.person("sal", "seller")
    id = await house.draft(sal, reserve_price=20_000)
    answer = await sal.ask("POST", f"/api/auctions/{id}/list", {"buy_now_price": 50_000}, 201)
    data = answer["data"]
    assert (data["documentId"], data["seq"], data["status"]) == (id, 1, "accepted")
    assert data["standing"]["status"] == "scheduled" or data["standing"]["status"] == "live"
    shown = (await house.public.ask("GET", f"/api/auctions/{id}"))["data"]
    assert shown["status"] == "live" and "reserve_price" not in shown
    await house.projected(id, 2)
    shown = (await sal.ask("GET", f"/api/auctions/{id}"))["data"]
    assert (shown["reserve_price"], shown["buy_now_price"], shown["increments"]) == (20_000, 50_000, "cars")
    assert (shown["reserve_met"], shown["minimum_next"], shown["price"]) == (False, 10_000, None)


async def test_sellers_are_the_auctions_the_cars_and_who_lists_it(house: House) -> None:
    admin, sal = await house.person("root", "admin"), await house.person("sal", "seller")
    car = (await sal.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    partner = await house.person("partner", "seller")
    id = await house.draft(admin, car=car, seller=partner.user)
    await admin.ask("POST", f"/api/auctions/{id}/list", {}, 201)
    for person in (sal, partner, admin):
        assert (await house.bid(person, id, 20_000)).code == "own_auction"
    assert (await house.bid(await house.person("bob"), id, 20_000)).code is None


async def test_every_fault_of_terms_is_named_before_and_by_the_log(house: House) -> None:
    sal = await house.person("sal", "seller")
    id = (await sal.ask("POST", "/api/auctions", {"title": "Bare"}, 201))["data"]["documentId"]
    answer = await sal.ask("POST", f"/api/auctions/{id}/list", {}, 400)
    paths = [fault["path"] for fault in answer["error"]["details"]["errors"]]
    assert paths == [["format"], ["currency"], ["ends_at"], ["starting_price"]]
    id = await house.draft(sal, currency="XXX", reserve_price=1)
    answer = await sal.ask("POST", f"/api/auctions/{id}/list", {"floor_price": 5}, 400)
    assert answer["error"]["details"]["code"] == "invalid_terms"
    paths = [fault["path"] for fault in answer["error"]["details"]["errors"]]
    assert paths == [["currency"], ["reserve_price"], ["floor_price"]]
    for data, key in (({"wheels": 4}, "wheels"), ({"seller_ids": []}, "seller_ids"), ({"version": 1}, "version")):
        answer = await sal.ask("POST", f"/api/auctions/{id}/list", data, 400)
        assert answer["error"]["message"] == f"Invalid key {key}"


async def test_an_auction_is_listed_once_and_a_repeat_gets_the_first_answer(house: House) -> None:
    sal = await house.person("sal", "seller")
    id = await house.draft(sal)
    key = {"Idempotency-Key": "once"}
    first = await sal.ask("POST", f"/api/auctions/{id}/list", {}, 201, headers=key)
    assert await sal.ask("POST", f"/api/auctions/{id}/list", {}, 201, headers=key) == first
    answer = await sal.ask("POST", f"/api/auctions/{id}/list", {}, 409)
    assert (answer["error"]["name"], answer["error"]["details"]["code"]) == ("ActionRefusedError", "already_listed")
    assert answer["error"]["details"]["standing"]["auction"] == id
    answer = await sal.ask("POST", f"/api/auctions/{id}/cancel", {"reason": "x"}, 409, headers=key)
    assert answer["error"]["details"]["code"] == "key_reused"
    await sal.ask("POST", f"/api/auctions/{id}/list", {}, 400, headers={"Idempotency-Key": "with space"})


async def test_amend_extend_cancel(house: House) -> None:
    sal, auctioneer = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    start = house.desk.now_ms() + DAY_MS
    id = await house.listed(sal, starts_at=start, ends_at=start + DAY_MS)
    await house.projected(id, 1)
    whole = {
        "format": "english",
        "currency": "EUR",
        "starts_at": start,
        "ends_at": start + DAY_MS,
        "starting_price": 77,
    }
    answer = await sal.ask("POST", f"/api/auctions/{id}/amend", {**whole, "reserve_price": 88})
    assert (answer["data"]["standing"]["opening"], answer["data"]["standing"]["reserve_met"]) == (77, False)
    again = await sal.ask("POST", f"/api/auctions/{id}/amend", {**whole, "buy_now_price": 99})
    assert again["data"]["standing"]["reserve_met"] is None, "terms are whole: what is not sent is not there"
    await sal.ask("POST", f"/api/auctions/{id}/amend", {"reserve_price": 88}, 400)
    await sal.ask("POST", f"/api/auctions/{id}/extend", {"ends_at": start + 2 * DAY_MS}, 403)
    answer = await auctioneer.ask("POST", f"/api/auctions/{id}/extend", {"ends_at": start + 2 * DAY_MS, "reason": "x"})
    assert answer["data"]["standing"]["ends_at"] == start + 2 * DAY_MS
    asked, told = (await auctioneer.ask("GET", f"/api/audit-log?filters[subject_id]={id}&sort=seq"))["data"]
    assert (asked["action"], asked["reason"], asked["outcome"]) == ("api::auction.auction.extend", "x", "asked")
    assert (told["action"], told["reason"], told["outcome"]) == ("api::auction.auction.extend", None, "accepted")
    answer = await auctioneer.ask("POST", f"/api/auctions/{id}/extend", {"ends_at": start}, 400)
    assert answer["error"]["details"]["errors"][0]["path"] == ["ends_at"]
    answer = await sal.ask("POST", f"/api/auctions/{id}/cancel", {}, 409)
    assert answer["error"]["details"]["code"] == "reason_missing"
    answer = await sal.ask("POST", f"/api/auctions/{id}/cancel", {"reason": "sold elsewhere"})
    assert answer["data"]["standing"]["status"] == "cancelled"
    await house.projected(id, answer["data"]["seq"])
    shown = (await house.public.ask("GET", f"/api/auctions/{id}"))["data"]
    assert (shown["status"], shown["cancel_reason"]) == ("cancelled", "sold elsewhere")


async def test_retract_makes_bids_void_and_approval_goes_back_and_forth(house: House) -> None:
    sal, auctioneer = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    ann, bob = await house.person("ann"), await house.person("bob")
    now = house.desk.now_ms()
    id = await house.listed(sal, ends_at=now + 700, reserve_price=90_000, sale_terms="on_approval")
    await house.bid(bob, id, 20_000)
    await house.bid(ann, id, 30_000)
    await sal.ask("POST", f"/api/auctions/{id}/retract", {"bidder": bob.user, "reason": "x"}, 403)
    path = f"/api/auctions/{id}/retract"
    answer = await auctioneer.ask("POST", path, {"reason": "x", "allow_rebid": 1}, 400)
    assert [fault["path"] for fault in answer["error"]["details"]["errors"]] == [["bidder"], ["allow_rebid"]]
    answer = await auctioneer.ask("POST", path, {"bidder": bob.user, "reason": "typing error"})
    assert answer["data"]["standing"]["bids"] == 1
    await house.projected(id, answer["data"]["seq"])
    bids = (await house.public.ask("GET", f"/api/bids?filters[auction][documentId][$eq]={id}&sort=seq"))["data"]
    assert [(bid["status"], bid["amount"]) for bid in bids] == [("void", None), ("accepted", 10_000)]
    await house.projected(id, answer["data"]["seq"] + 1)
    assert (await sal.ask("POST", f"/api/auctions/{id}/counter", {"price": 40_000}))["data"]["standing"]["status"] == (
        "countered"
    )
    await house.projected(id, answer["data"]["seq"] + 2)
    for person, offer in ((sal, 40_000), (ann, 40_000), (auctioneer, 40_000), (bob, None), (house.public, None)):
        shown = (await person.ask("GET", f"/api/auctions/{id}"))["data"]
        assert shown.get("offer") == offer
    await bob.ask("POST", f"/api/auctions/{id}/accept-offer", {}, 403)
    assert (await ann.ask("POST", f"/api/auctions/{id}/decline-offer", {}))["data"]["standing"]["status"] == (
        "pending_approval"
    )
    await sal.ask("POST", f"/api/auctions/{id}/counter", {"price": 35_000})
    sold = (await ann.ask("POST", f"/api/auctions/{id}/accept-offer", {}))["data"]
    assert (sold["standing"]["status"], sold["standing"]["hammer_price"]) == ("sold", 35_000)
    await house.projected(id, sold["seq"])
    bids = (await house.public.ask("GET", f"/api/bids?filters[auction][documentId][$eq]={id}&sort=seq"))["data"]
    assert bids[1]["amount"] == 10_000 and "maximum" not in bids[1]
    for person, winner in ((sal, ann.user), (ann, ann.user), (auctioneer, ann.user), (bob, None), (house.public, None)):
        assert (await person.ask("GET", f"/api/auctions/{id}"))["data"].get("winner") == winner
    assert await sal.ask("GET", f"/api/users/{ann.user}") == {"id": 3, "documentId": ann.user, "username": "ann"}
    assert (await ann.ask("GET", f"/api/users/{sal.user}"))["username"] == "sal"
    await bob.ask("GET", f"/api/users/{sal.user}", status=404)


async def test_only_its_seller_and_staff_run_a_sale(house: House) -> None:
    sal, sue, bob = await house.person("sal", "seller"), await house.person("sue", "seller"), await house.person("bob")
    id = await house.draft(sal)
    await sue.ask("POST", f"/api/auctions/{id}/list", {}, 404)
    await bob.ask("POST", f"/api/auctions/{id}/list", {}, 403)
    await house.public.ask("POST", f"/api/auctions/{id}/list", {}, 403)
    await sal.ask("POST", f"/api/auctions/{id}/list", {}, 201)
    await house.projected(id, 1)
    await sue.ask("POST", f"/api/auctions/{id}/cancel", {"reason": "mine"}, 403)
    await house.bid(bob, id, 20_000)
    answer = await sal.ask("POST", f"/api/auctions/{id}/cancel", {"reason": "late"}, 403)
    assert (answer["error"]["name"], answer["error"]["details"]["code"]) == ("ForbiddenError", "not_allowed")
    await sal.ask("POST", f"/api/auctions/{id}/approve", {}, 409)
    await sal.ask("POST", "/api/auctions/nothing/list", {}, 404)
    await sal.ask("POST", f"/api/auctions/{id}/explode", {}, 404)
    answer = await sal.ask("POST", f"/api/auctions/{await house.draft(sal)}/approve", {}, 404)
    assert answer["error"]["details"]["code"] == "unknown_auction"


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("counter", {}, "price"),
        ("counter", {"price": 0}, "price"),
        ("counter", {"price": "5"}, "price"),
        ("approve", {"price": 5}, "price"),
        ("cancel", {"reason": 5}, "reason"),
        ("cancel", {"reason": "x" * 1001}, "reason"),
        ("cancel", {"reason": "a\0b"}, "reason"),
        ("amend", {"format": "english", "currency": "EUR", "starting_price": 1, "ends_at": -1}, "ends_at"),
        ("list", {"soft_close": {"window_ms": 0, "extend_ms": 5}}, "soft_close"),
    ],
)
async def test_a_wrong_body_names_its_field(house: House, action: str, data: dict[str, Any], field: str) -> None:
    sal = await house.person("sal", "seller")
    answer = await sal.ask("POST", f"/api/auctions/{await house.draft(sal)}/{action}", data, 400)
    assert field in answer["error"]["message"], answer


async def test_without_a_decision_the_answer_is_202(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(command: Asked) -> Receipt | None:
        return None

    sal = await house.person("sal", "seller")
    id = await house.draft(sal)
    monkeypatch.setattr(house.desk, "ask", never)
    response = await sal.client.post(f"/api/auctions/{id}/list", json={"data": {}})
    assert (response.status_code, response.headers["location"]) == (202, f"/api/auctions/{id}")
    assert response.json()["data"] == {"documentId": id, "status": "pending"}


async def test_a_listing_sent_again_gets_the_first_answer(house: House) -> None:
    sal = await house.person("sal", "seller")
    id = await house.draft(sal)
    headers = {"Idempotency-Key": "once"}
    first = await sal.ask("POST", f"/api/auctions/{id}/list", {"reserve_price": 20_000}, 201, headers=headers)
    await house.projected(id, 2)
    again = await sal.ask("POST", f"/api/auctions/{id}/list", {"reserve_price": 20_000}, 201, headers=headers)
    assert again == first
    other = await sal.ask("POST", f"/api/auctions/{id}/list", {"reserve_price": 20_001}, 409, headers=headers)
    assert other["error"]["details"]["code"] == "key_reused"


async def test_a_draft_that_is_listed_is_not_removed_meanwhile(house: House) -> None:
    sal = await house.person("sal", "seller")
    for _ in range(10):
        id = await house.draft(sal)
        listed, removed = await asyncio.gather(
            sal.client.post(f"/api/auctions/{id}/list", json={"data": {}}), sal.client.delete(f"/api/auctions/{id}")
        )
        assert (listed.status_code, removed.status_code) in ((201, 409), (404, 204))
