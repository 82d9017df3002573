"""Who sees what of a bid, an auction and an account, and that no filter tells more."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import GENEROUS, House, Person, open_house, until
from tests.catalogues import KINDS, empty


async def _bids(person: Person, auction: str, more: str = "") -> list[dict[str, Any]]:
    found = await person.ask("GET", f"/api/bids?filters[auction][documentId][$eq]={auction}&sort=seq{more}")
    rows: list[dict[str, Any]] = found["data"]
    return rows


async def test_maximums_and_bidders_of_a_running_sale_stay_hidden(house: House) -> None:
    sal, otto = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    ann, bob = await house.person("ann"), await house.person("bob")
    id = await house.listed(sal)
    await house.bid(ann, id, 70_000)
    await house.bid(bob, id, 20_000)
    refused = await house.bid(bob, id, 5)
    assert refused.code == "too_low"
    await house.projected(id, refused.seq or 0)
    for person in (house.public, sal):
        rows = await _bids(person, id)
        assert [(row["alias"], row["amount"], row["outcome"]) for row in rows] == [
            ("Bidder 1", 22_500, "leading"),
            ("Bidder 2", 20_000, "outbid_by_higher_maximum"),
        ]
        assert not any({"maximum", "bidder", "code"} & row.keys() for row in rows)
    rows = await _bids(otto, id)
    assert [row["bidder"] for row in rows] == [ann.user, bob.user] and "maximum" not in rows[0]
    rows = await _bids(ann, id)
    assert (rows[0]["amount"], rows[0]["maximum"]) == (22_500, 70_000) and "maximum" not in rows[1]
    rows = await _bids(bob, id)
    assert [(row["status"], row.get("code")) for row in rows] == [
        ("accepted", None),
        ("accepted", None),
        ("refused", "too_low"),
    ]
    shown = (await house.public.ask("GET", f"/api/auctions/{id}?populate=bids,seller,car"))["data"]
    assert [bid["amount"] for bid in shown["bids"]] == [22_500, 20_000]
    assert "username" not in shown["seller"] and shown["car"] is None
    for query in (
        "bids?populate[auction][filters][title]=x",
        "auctions?populate[bids][populate][auction][filters][id]=9",
    ):
        assert (await house.public.ask("GET", f"/api/{query}"))["meta"]["pagination"]["total"] > 0
    only = await _bids(house.public, id, "&fields=seq,amount&populate=auction")
    assert only[0].keys() == {"id", "documentId", "seq", "amount", "auction"}
    assert only[0]["auction"]["price"] == 22_500 and "reserve_price" not in only[0]["auction"]


async def test_staff_see_who_came_too_late_and_not_what_he_bid(house: House) -> None:
    sal, otto, bob = (
        await house.person("sal", "seller"),
        await house.person("otto", "auctioneer"),
        await house.person("bob"),
    )
    id = await house.listed(sal, ends_at=house.log.now_ms() + 300)
    early = await house.bid(bob, id, 5)
    await until(lambda: _is_over(house, id))
    late = await house.bid(bob, id, 20_000)
    assert (early.code, late.code) == ("too_low", "closed")
    await house.projected(id, late.seq or 0)
    (row,) = await _bids(otto, id)
    assert (row["documentId"], row["code"], row["bidder"]) == (late.id, "closed", bob.user)
    assert row["placed_at"] == late.at and row["amount"] is None and "maximum" not in row
    assert await _bids(otto, id, "&filters[status]=refused") == [row]
    assert (await otto.ask("GET", f"/api/bids/{late.id}"))["data"] == row
    await otto.ask("GET", f"/api/bids/{early.id}", status=404)
    for other in (sal, house.public):
        assert await _bids(other, id) == []


async def _is_over(house: House, auction: str) -> bool:
    return bool((await house.public.ask("GET", f"/api/auctions/{auction}"))["data"]["status"] == "unsold")


async def test_ones_own_decision_reads_as_it_was_answered(house: House) -> None:
    sal, bob = await house.person("sal", "seller"), await house.person("bob")
    id = await house.listed(sal)
    placed, refused = await house.bid(bob, id, 20_000), await house.bid(bob, id, 20_000)
    await house.projected(id, refused.seq or 0)
    data = (await bob.ask("GET", f"/api/bids/{placed.id}"))["data"]
    assert data["standing"]["minimum_next"] == 12_500
    assert (data["documentId"], data["auction"], data["amount"]) == (placed.id, id, 20_000)
    assert (data["status"], data["outcome"], data["seq"], data["placed_at"]) == (
        "accepted",
        "leading",
        placed.seq,
        placed.at,
    )
    data = (await bob.ask("GET", f"/api/bids/{refused.id}"))["data"]
    assert (data["status"], data["code"], data["details"]) == ("refused", "not_above_own_maximum", {"minimum": 20_001})
    assert "200.01" in data["message"]
    await sal.ask("GET", f"/api/bids/{refused.id}", status=404)
    assert (await sal.ask("GET", f"/api/bids/{placed.id}"))["data"]["amount"] == 10_000
    await bob.ask("GET", "/api/bids/unknown", status=404)


async def test_what_the_desk_waits_for_is_pending(house: House) -> None:
    await house.board.note_pending(["abc"], 60)
    response = await house.public.client.get("/api/bids/abc")
    assert (response.status_code, response.headers["location"]) == (202, "/api/bids/abc")


async def test_sealed_amounts_are_their_bidders_until_the_end_and_never_the_sellers(house: House) -> None:
    sal, otto = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    ann, bob = await house.person("ann"), await house.person("bob")
    id = await house.listed(sal, format="sealed_first_price", ends_at=house.desk.now_ms() + 800)
    await house.bid(ann, id, 70_000)
    last = await house.bid(bob, id, 20_000)
    await house.projected(id, last.seq or 0)
    assert [row["amount"] for row in await _bids(ann, id)] == [70_000, None]
    for person in (house.public, sal, otto):
        assert [row["amount"] for row in await _bids(person, id)] == [None, None]
        assert (await person.ask("GET", f"/api/auctions/{id}"))["data"]["price"] is None
    await house.projected(id, (last.seq or 0) + 1)
    assert [row["amount"] for row in await _bids(otto, id)] == [70_000, 20_000]
    for person in (house.public, sal):
        rows = await _bids(person, id)
        assert [row["amount"] for row in rows] == [None, None] and "maximum" not in rows[0]


async def test_a_dutch_price_is_the_clocks(house: House) -> None:
    sal = await house.person("sal", "seller")
    terms = {"format": "dutch", "decrement": 100, "decrement_every_ms": 100, "floor_price": 9_800}
    id = await house.listed(sal, starts_at=house.desk.now_ms() - 60_000, **terms)
    await house.projected(id, 2)
    seen = (await house.public.ask("GET", f"/api/auctions/{id}"))["data"]
    assert seen["price"] in (10_000, 9_900, 9_800) and seen["price"] == seen["minimum_next"]

    async def at_floor() -> bool:
        listed = (await house.public.ask("GET", "/api/auctions?filters[status][$eq]=live"))["data"]
        return bool(listed[0]["price"] == 9_800)

    await until(at_floor)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("auctions?filters[reserve_price][$gt]=1", "reserve_price"),
        ("auctions?sort=reserve_price", "reserve_price"),
        ("auctions?filters[winner][$eq]=x", "winner"),
        ("auctions?filters[seller][username][$eq]=sal", "username"),
        ("auctions?filters[$or][0][car][seller][email][$contains]=a", "email"),
        ("auctions?filters[$not][bids][status][$eq]=refused", "bids"),
        ("bids?filters[maximum][$gt]=5", "maximum"),
        ("bids?filters[amount][$gt]=5", "amount"),
        ("bids?sort=amount", "amount"),
        ("bids?sort=mine", "mine"),
        ("bids?filters[mine][$ne]=true", "$ne"),
        ("auctions?filters[bids][mine][$in]=true", "$in"),
        ("bids?filters[bidder][$eq]=x", "bidder"),
        ("bids?filters[auction][reserve_price][$gt]=5", "reserve_price"),
        ("cars?filters[seller][password_hash][$startsWith]=a", "password_hash"),
        ("cars?populate[auctions][filters][reserve_price][$gt]=5", "reserve_price"),
        ("cars?populate[seller][filters][role][$eq]=admin", "role"),
        ("cars?fields=password_hash", "password_hash"),
    ],
)
async def test_nobody_searches_by_what_he_may_not_see(house: House, path: str, key: str) -> None:
    for person in (house.public, await house.person("sal", "seller")):
        answer = await person.ask("GET", f"/api/{path}", status=400)
        assert answer["error"]["message"].startswith(f"Invalid key {key}"), answer


async def test_what_is_public_may_be_searched_through_relations(house: House) -> None:
    sal = await house.person("sal", "seller")
    car = (await sal.ask("POST", "/api/cars", {"make": "Ford", "model": "Ka"}, 201))["data"]["documentId"]
    id = await house.listed(sal, car=car)
    await house.projected(id, 2)
    by_id = f"filters[seller][documentId][$eq]={sal.user}"
    for query in (by_id, f"filters[seller]={sal.user}", "filters[car][make]=Ford"):
        assert [row["documentId"] for row in (await house.public.ask("GET", f"/api/auctions?{query}"))["data"]] == [id]
    found = "/api/cars?filters[auctions][title]=%s"
    assert (await house.public.ask("GET", found % "Lot"))["meta"]["pagination"]["total"] == 1
    await house.draft(sal, car=car, title="Secret")
    assert (await house.public.ask("GET", found % "Secret"))["data"] == [], "its other auction is no way to a draft"
    assert len((await sal.ask("GET", found % "Secret"))["data"]) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_one_finds_ones_own_bids_and_the_lots_that_one_bid_on(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with empty(kind, tmp_path, request) as url:
        async with open_house(tmp_path, GENEROUS, url) as house:
            await _check_mine(house)


async def _check_mine(house: House) -> None:
    sal, otto = await house.person("sal", "seller"), await house.person("otto", "auctioneer")
    ann, bob = await house.person("ann"), await house.person("bob")
    both, only_ann, nobodys = [await house.listed(sal, title=title) for title in ("both", "only ann", "nobody's")]
    for person, lot, amount in ((ann, both, 70_000), (bob, both, 20_000), (ann, only_ann, 30_000)):
        await house.bid(person, lot, amount)
    refused = await house.bid(bob, both, 5)
    await house.projected(both, refused.seq or 0)
    await house.projected(only_ann, 3)
    await house.projected(nobodys, 1)

    async def rows(person: Person, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await person.ask("GET", f"/api/{query}"))["data"]
        return found

    assert {row["maximum"] for row in await rows(ann, "bids?filters[mine]=true")} == {70_000, 30_000}
    assert [row["mine"] for row in await rows(bob, f"bids?filters[auction]={both}&sort=seq")] == [False, True, True]
    assert [row["alias"] for row in await rows(bob, "bids?filters[mine]=false&filters[auction][title]=both")] == [
        "Bidder 1"
    ]
    assert {row["status"] for row in await rows(bob, "bids?filters[mine][$eq]=true&fields=status")} == {
        "accepted",
        "refused",
    }
    lots = "auctions?filters[bids][mine]=true&sort=title&fields=title"
    assert [row["title"] for row in await rows(ann, lots)] == ["both", "only ann"]
    assert [row["title"] for row in await rows(bob, lots)] == ["both"]
    for nobody in (house.public, sal, otto):
        assert await rows(nobody, lots) == await rows(nobody, "bids?filters[mine]=true") == []
    (lot,) = await rows(bob, f"{lots}&populate[bids][filters][mine]=true&populate[bids][filters][status]=accepted")
    assert [(bid["amount"], bid["maximum"]) for bid in lot["bids"]] == [(20_000, 20_000)]
    assert not any(row["mine"] for row in await rows(house.public, "bids"))
