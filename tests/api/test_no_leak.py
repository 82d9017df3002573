"""Nothing that is hidden shows in any answer: houses that differ in it alone answer whoever may not know it alike.

Each house holds the same sale, but for hidden values: reserves, maximums, sealed amounts, addresses, drafts. Whoever
may not see one of them puts the same queries to two houses that differ in it. Any byte of difference tells it.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import CHEAP, DAY_MS, GENEROUS, House, Person, open_house, until
from vendue.catalogue.models import CONTENT_TYPES, ContentType
from vendue.rules.commands import List, command_id
from vendue.rules.receipts import Receipt
from vendue.rules.terms import Terms

PEOPLE = {
    "sally": "seller",
    "silas": "seller",
    "ann": "authenticated",
    "bob": "authenticated",
    "eve": "authenticated",
    "otto": "auctioneer",
    "root": "admin",
}
AMOUNTS = ("maximum", "sealed")
VIEWERS = {
    "public": ("reserve", *AMOUNTS, "address", "draft"),
    "eve": ("reserve", *AMOUNTS, "address", "draft"),
    "silas": ("reserve", *AMOUNTS, "address", "draft"),
    "sally": (*AMOUNTS, "address"),
    "otto": AMOUNTS,
    "root": AMOUNTS,
}
"""Who may not know what: eve bids on nothing, sally sells the lots, silas sells others."""
VALUES = {
    "reserve": (7_000_100, 7_100_200),
    "maximum": (300_000, 400_000),
    "sealed": (500_000, 600_000),
    "address": ("secret-one.example", "secret-two.example"),
    "draft": ("a draft", "the draft"),
}
PATHS = ("cars", "auctions", "bids", "users", "users/count", "watchlist", "audit-log")
DEPTHS = {"public": 2, "eve": 2}
"""How many relations a filter goes through: for these, whom nothing is shown, one more."""


@pytest.fixture
async def houses(tmp_path: Path) -> AsyncIterator[dict[tuple[str, ...], House]]:
    """By what differs from the first, of which nothing does."""
    async with AsyncExitStack() as stack:
        found = {}
        for number, differs in enumerate({(), *VIEWERS.values()}):
            (tmp_path / str(number)).mkdir()
            house = await stack.enter_async_context(open_house(tmp_path / str(number), GENEROUS))
            await furnish(house, {name: pair[name in differs] for name, pair in VALUES.items()})
            found[differs] = house
        yield found


async def furnish(house: House, hidden: dict[str, Any]) -> None:
    """The same sale in every house, but for the hidden values."""
    for name, role in PEOPLE.items():
        address = f"{name}@{hidden['address'] if name in ('ann', 'bob') else 'example.com'}"
        values = {"documentId": name, "username": f"{name} x", "email": address, "role": role}
        await house.catalogue.create("users", {**values, "password_hash": CHEAP.hash("x")})
    car = {"documentId": "car", "make": "Ford", "model": "Ka", "seller": "sally"}
    await house.catalogue.create("cars", car)
    await list_lot(house, "open", hidden, format="english", starting_price=10_000)
    await list_lot(house, "sealed", hidden, format="sealed_second_price", starting_price=10_000)
    await house.catalogue.create("cars", {"documentId": "other", "make": "Fiat", "model": "Panda", "seller": "sally"})
    draft = {"documentId": "draft", "title": hidden["draft"], "car": "other", "seller": "sally"}
    await house.catalogue.create("auctions", draft)  # "open" is in the order between the one title and the other
    await place(house, "open", "ann", 100_000)
    await place(house, "open", "bob", hidden["maximum"])
    await place(house, "open", "ann", 100_000)  # refused
    await place(house, "sealed", "ann", hidden["sealed"])
    last = await place(house, "sealed", "bob", 200_000)
    await house.projected("open", 4)
    await house.projected("sealed", last.seq or 0)
    await house.catalogue.create("watchlist", {"documentId": "watch", "user": "ann", "auction": "open"})
    await house.access.refresh()


async def list_lot(house: House, id: str, hidden: dict[str, Any], **terms: Any) -> None:
    now = house.desk.now_ms()
    whole = Terms(
        currency="EUR",
        starts_at=now,
        ends_at=now + DAY_MS,
        reserve_price=hidden["reserve"],
        seller_ids=("sally",),
        **terms,
    )
    await house.catalogue.create("auctions", {"documentId": id, "title": id, "car": "car", "seller": "sally"})
    listing = List(auction=id, id=command_id(id, "sally", "l"), by="sally", role="seller", salt="00", terms=whole)
    receipt = await house.desk.ask(listing)
    assert receipt is not None and receipt.code is None


async def place(house: House, auction: str, name: str, amount: int) -> Receipt:
    key = f"{name}-{await house.log.ends('bids')}"
    return await house.bid(Person(name, house.public.client), auction, amount, key=key)


def viewer(house: House, name: str) -> Person:
    return house.public if name == "public" else house.signed_in({"documentId": name, "role": PEOPLE[name]})


def fields(content: ContentType, depth: int) -> Iterator[tuple[str, ...]]:
    """Every path to every field, hidden ones first of all, and to what is not there."""
    names = [field.name for field in content.fields] + [
        *content.derived,
        "id",
        "documentId",
        "updatedAt",
        "_id",
        "$where",
    ]
    yield from ((name,) for name in names)
    for relation in content.relations:
        yield (relation.name,)
        if depth:
            for rest in fields(CONTENT_TYPES[relation.target], depth - 1):
                yield (relation.name, *rest)


def populates(content: ContentType, depth: int, prefix: str = "populate") -> Iterator[str]:
    yield f"{prefix}=*"
    for relation in content.relations:
        target = CONTENT_TYPES[relation.target]
        inside = f"{prefix}[{relation.name}]"
        hidden = [field.name for field in target.fields if field.private or field.restricted or field.secret]
        for name in (*hidden, "amount"):
            yield f"{inside}[fields]={name}"
            yield f"{inside}[sort]={name}:desc"
            for value in probes():
                yield f"{inside}[filters][{name}][$gt]={value}"
        if depth:
            yield from populates(target, depth - 1, f"{inside}[populate]")


def probes() -> list[str]:
    """Values between the two of each pair: a comparison with one of them tells which house it is."""
    return ["350000", "550000", "7050000", "secret-one"]


def queries(content: ContentType, depth: int) -> Iterator[str]:
    yield ""
    yield from populates(content, depth)
    for path in fields(content, depth):
        spelled = "".join(f"[{name}]" for name in path)
        yield f"sort={'.'.join(path)}"
        if len(path) == 1:
            yield f"fields={path[0]}"
        for value in probes():
            yield f"filters{spelled}[{'$gt' if value.isdecimal() else '$contains'}]={value}"
        yield f"filters[$or][0]{spelled}[$lte]=350000&filters[$or][1][$not]{spelled}[$startsWith]=ann@secret-one"


CHANGING = re.compile(r'"(?:createdAt|updatedAt|publishedAt|placed_at|starts_at|ends_at|at)":("[^"]*"|\d+)')


async def answers(person: Person, paths: list[str]) -> dict[str, str]:
    found = {}
    for path in paths:
        response = await person.client.get(path)
        assert response.status_code < 500, (path, response.text)
        headers = sorted(set(response.headers) - {"etag"})
        found[path] = f"{response.status_code} {headers} {CHANGING.sub('', response.text)}"
    return found


@pytest.mark.parametrize("name", VIEWERS)
async def test_houses_that_differ_in_what_is_hidden_answer_alike(
    name: str, houses: dict[tuple[str, ...], House]
) -> None:
    paths = ["/api/users/me", *(f"/api/users/{each}" for each in PEOPLE if each != name)]
    for path in PATHS:
        content = CONTENT_TYPES[path.partition("/")[0].replace("-", "_")]
        paths += [f"/api/{path}?{query}" for query in queries(content, DEPTHS.get(name, 1))]
    for auction in ("open", "sealed"):
        paths += [f"/api/auctions/{auction}?{query}" for query in populates(CONTENT_TYPES["auctions"], 1)]
    bids = [command_id("open", "bob", f"bob-{n}") for n in range(9)]
    paths += [f"/api/bids/{id}?populate=*" for id in bids] + ["/api/watchlist/watch", "/metrics?x", "/openapi.json"]
    paths = [path for path in paths if not path.startswith("/metrics")]
    here, there = [await answers(viewer(house, name), paths) for house in (houses[()], houses[VIEWERS[name]])]
    told = [path for path in paths if here[path] != there[path]]
    assert not told, [(path, here[path][:300], there[path][:300]) for path in told[:3]]
    assert sum(found.startswith("200") for found in here.values()) > 100, "and they do answer"
    assert len(paths) > 1000


async def test_who_may_know_is_told(houses: dict[tuple[str, ...], House]) -> None:
    """The houses do differ, and whoever may see it sees it: else the test above would find nothing."""
    house = houses[()]
    for name, path, expected in (
        ("sally", "/api/auctions/open", "7000100"),
        ("root", "/api/users", "secret-one.example"),
        ("ann", "/api/bids?populate=auction", "500000"),
        ("bob", "/api/bids", "300000"),
    ):
        assert expected in (await viewer(house, name).client.get(path)).text, (name, path)


async def test_the_live_feed_and_receipts_tell_no_more(houses: dict[tuple[str, ...], House]) -> None:
    """What is pushed to everyone, and the standing in an answer to a bid that is too low."""
    told = []
    for house in (houses[()], houses[VIEWERS["public"]]):
        receipt = await house.bid(Person("eve", house.public.client), "open", 90_000, key="low")
        assert receipt.code == "too_low"
        frames = []
        for auction in ("open", "sealed"):

            async def there(house: House = house, auction: str = auction) -> bool:
                return await house.board.read(auction) is not None

            await until(there)
            update = await house.board.read(auction)
            assert update is not None
            frames.append(json.loads(update.standing))
        told.append(json.dumps([frames, repr(receipt.details)]))
    first, second = [re.sub(r'"(starts_at|ends_at)": \d+', "", each) for each in told]
    assert first == second
