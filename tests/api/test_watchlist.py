"""The watchlist."""

from tests.api.conftest import House

PATH = "/api/watchlist"


async def test_everyone_watches_for_himself(house: House) -> None:
    seller, ann, bob = await house.person("seller", "seller"), await house.person("ann"), await house.person("bob")
    lots = [await house.listed(seller, title=f"Lot {number}") for number in range(2)]
    for lot in lots:
        await house.projected(lot, 1)
    first = await ann.ask("POST", PATH, {"auction": lots[0]}, 201)
    again = await ann.ask("POST", PATH, {"auction": lots[0]}, 201)
    assert first["data"]["documentId"] == again["data"]["documentId"], "nobody watches an auction twice"
    await ann.ask("POST", PATH, {"auction": lots[1]}, 201)
    await bob.ask("POST", PATH, {"auction": lots[0]}, 201)
    mine = await ann.ask("GET", f"{PATH}?populate=auction&sort=id")
    assert [row["auction"]["title"] for row in mine["data"]] == ["Lot 0", "Lot 1"]
    assert mine["meta"]["pagination"]["total"] == 2
    id = mine["data"][0]["documentId"]
    for method in ("GET", "DELETE"):
        await bob.ask(method, f"{PATH}/{id}", status=404)
        await house.public.ask(method, f"{PATH}/{id}", status=403)
    await ann.ask("DELETE", f"{PATH}/{id}", status=204)
    assert (await ann.ask("GET", PATH))["meta"]["pagination"]["total"] == 1
    await house.public.ask("GET", PATH, status=403)


async def test_only_what_can_be_seen_is_watched(house: House) -> None:
    seller, ann = await house.person("seller", "seller"), await house.person("ann")
    draft = await house.draft(seller)
    for body in ({"auction": draft}, {"auction": "nothing"}, {}, {"auction": None}, {"user": "x"}):
        await ann.ask("POST", PATH, body, 400)
    await seller.ask("POST", f"{PATH}?populate=nope", {"auction": draft}, 400)
    assert (await seller.ask("GET", PATH))["data"] == [], "what was refused left nothing"
    await seller.ask("POST", PATH, {"auction": draft}, 201)


async def test_nobody_reads_anothers_list_by_a_filter(house: House) -> None:
    seller, ann, eve = await house.person("seller", "seller"), await house.person("ann"), await house.person("eve")
    await ann.ask("POST", PATH, {"auction": await house.listed(seller)}, 201)
    for query in (f"filters[user][$eq]={ann.user}", f"filters[$or][0][user]={ann.user}", "filters[$not][id]=0"):
        assert (await eve.ask("GET", f"{PATH}?{query}"))["data"] == []
    admin = await house.person("admin", "admin")
    assert (await admin.ask("GET", PATH))["data"] == []
