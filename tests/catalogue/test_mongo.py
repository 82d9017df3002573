"""The MongoDB catalogue's own: killed between any two writes, texts that look like operators, several at once."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import OperationFailure

from tests.catalogues import empty, opened
from tests.servers.cut import cut_after
from tests.servers.port import free_port
from vendue.catalogue import mongo_access, mongo_schema
from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.mongo import MongoCatalogue
from vendue.catalogue.port import Catalogue, CatalogueBroken, Conflict, Overtaken, Projected, Row
from vendue.catalogue.query import OPERATORS, PATTERNS, Condition, Group, Order, Query, Related


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty("mongodb", tmp_path, request) as url:
        yield url


@pytest.fixture
async def catalogue(url: str) -> AsyncIterator[Catalogue]:
    async with opened(url) as found:
        yield found


@pytest.fixture
def collected() -> Iterator[None]:
    """What is left to the collector is collected before the next test, which would have to answer for it."""
    yield
    gc.collect()


def closed_while_it_connects(test: Any) -> Any:
    """PyMongo 4.20 leaves a socket to the collector where a client is closed while it looks for its server."""
    ignored = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    return pytest.mark.usefixtures("collected")(pytest.mark.filterwarnings(ignored)(test))


# Killed between any two writes


def bid(id: str, auction: str, bidder: str, seq: int) -> Row:
    ids = {"documentId": id, "auction": auction, "bidder": bidder}
    return {**ids, "maximum": seq, "status": "accepted", "seq": seq, "placed_at": seq}


FIRST = Projected(
    {"lot": (4, {"price": 4, "status": "live"})},
    [bid("a", "lot", "1", 2), bid("b", "lot", "2", 3), bid("c", "lot", "1", 4)],
    [],
    [("lot", 4, (2,))],
    {3: (0, 4)},
)
SECOND = Projected(
    {"lot": (7, {"price": 7}), "new": (2, {"status": "live"})},
    [bid("d", "lot", "1", 5), bid("e", "lot", "2", 6), bid("f", "new", "3", 2)],
    [("lot", "2", 7)],
    [("lot", 7, (4, 5))],
    {3: (4, 9), 5: (0, 2)},
)
THIRD = Projected({"lot": (9, {"price": 8})}, [bid("g", "lot", "1", 8)], [], [("lot", 9, (4,))], {3: (9, 11)})
FOURTH = Projected({"lot": (10, {"price": 9})}, [], [], [("lot", 10, ())], {3: (11, 12)})


async def projection(catalogue: Catalogue) -> dict[str, Any]:
    """All that was projected, by auction."""
    auctions, _ = await catalogue.find("auctions", Query(populate={"bids": Query(sort=(Order("seq"),))}))
    shown = {
        row["documentId"]: (
            row["seq"],
            row["price"],
            [(bid["documentId"], bid["status"], bid["moot"]) for bid in row["bids"]],
        )
        for row in auctions
    }
    return {**shown, "offsets": await catalogue.projected_offsets()}


@closed_while_it_connects
@pytest.mark.parametrize("lose_answer", [False, True])
async def test_a_projection_that_was_killed_is_completed_by_the_next(
    request: pytest.FixtureRequest, tmp_path: Path, lose_answer: bool
) -> None:
    with empty("sqlite", tmp_path, request) as embedded:
        async with opened(embedded) as whole:
            await whole.project(FIRST)
            await whole.project(SECOND)
            complete = await projection(whole)
    killed = 0
    while True:
        with empty("mongodb", tmp_path, request) as url:
            async with opened(url) as catalogue:
                await catalogue.project(FIRST)
                before = await projection(catalogue)
                async with cut_after(url, killed, lose_answer) as (way, address):
                    dying = await MongoCatalogue.open(address, forward=False)
                    try:
                        await dying.project(SECOND)
                    except CatalogueBroken:
                        assert way.is_cut
                    await dying.close()
                left = await projection(catalogue)
                for id in ("lot", "new"):  # an auction is never ahead of its bids, nor the offsets of an auction
                    assert id not in left or left[id][0] == before.get(id, [0])[0] or left[id] == complete[id]
                assert left["offsets"] == before["offsets"] or left == complete
                for _ in range(2):
                    with contextlib.suppress(Overtaken):  # where the offsets were moved before
                        await catalogue.project(SECOND)
                    assert await projection(catalogue) == complete
        if not way.is_cut:
            break
        killed += 1
    assert killed == 7, "so many writes it takes, however many rows"


@pytest.mark.parametrize("written", range(4))
@pytest.mark.parametrize("done", [0, 2])
async def test_a_projection_that_hangs_between_two_writes_undoes_nothing_of_what_came_meanwhile(
    url: str, monkeypatch: pytest.MonkeyPatch, done: int, written: int
) -> None:
    hung, others = await MongoCatalogue.open(url), await MongoCatalogue.open(url)
    hangs, wakes, writes = asyncio.Event(), asyncio.Event(), count()

    def held(name: str) -> Any:
        write = getattr(AsyncCollection, name)

        async def hold(collection: Any, *arguments: Any, **named: Any) -> Any:
            if collection.database.client is hung._client and next(writes) == written:
                hangs.set()
                await wakes.wait()
            return await write(collection, *arguments, **named)

        return hold

    for name in ("insert_many", "bulk_write"):
        monkeypatch.setattr(AsyncCollection, name, held(name))
    every = [FIRST, SECOND, THIRD, FOURTH]
    for changes in every[:done]:
        await others.project(changes)
    late = asyncio.create_task(hung.project(every[done]))
    await hangs.wait()
    for changes in every[done : done + 2]:
        await others.project(changes)
    before = await projection(others)
    wakes.set()
    with pytest.raises(Overtaken):
        await late
    assert await projection(others) == before
    await hung.close()
    await others.close()


async def test_a_projection_that_hung_for_long_writes_no_more(
    url: str, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vendue.catalogue.mongo_project.WITHIN_S", 0.3)
    insert = AsyncCollection.insert_many

    async def hung(collection: Any, *arguments: Any, **named: Any) -> Any:
        done = await insert(collection, *arguments, **named)
        time.sleep(0.5)  # noqa: ASYNC251  # as a process that is stopped
        return done

    monkeypatch.setattr(AsyncCollection, "insert_many", hung)
    with pytest.raises(CatalogueBroken):
        await catalogue.project(FIRST)
    assert await catalogue.get("auctions", "lot") is None and await catalogue.projected_offsets() == {}


CHANGES = {
    "create": lambda catalogue, line: catalogue.create("users", user("bob", role="seller"), line),
    "update": lambda catalogue, line: catalogue.update("users", "ann", {"blocked": True}, audit=line),
    "delete": lambda catalogue, line: catalogue.delete("users", "ann", line),
}


def user(name: str, **more: Any) -> Row:
    return {"documentId": name, "username": name, "email": f"{name}@example.com", **more}


@closed_while_it_connects
@pytest.mark.parametrize("lose_answer", [False, True])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_no_change_is_without_its_line_or_kept_from_who_must_learn_of_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Any, lose_answer: bool
) -> None:
    monkeypatch.setattr(mongo_access, "OVERDUE_MS", -1)
    killed, made = 0, False
    while True:
        with empty("mongodb", tmp_path, request) as url:
            async with opened(url) as catalogue:
                await catalogue.create("users", user("ann", role="seller"))
                await catalogue.create("cars", {"documentId": "car", "make": "Ford", "model": "Ka", "seller": "ann"})
                before, version = (await catalogue.find("users", Query()))[0], await catalogue.access_version()
                async with cut_after(url, killed, lose_answer) as (way, address):
                    dying = await MongoCatalogue.open(address, forward=False)
                    try:
                        await change(dying, {"at": 1, "action": "it"})
                    except CatalogueBroken:
                        assert way.is_cut
                    await dying.close()
                if (await catalogue.find("users", Query()))[0] != before:
                    made = True
                    assert (await catalogue.find("audit_log", Query()))[1] == 1
                    assert await catalogue.access_version() > version
                    assert await catalogue.access_version() == await catalogue.access_version(), "it is said once"
                car = await catalogue.get("cars", "car", Query(populate={"seller": Query()}))
                assert car is not None and (car["seller"] is None) == (await catalogue.get("users", "ann") is None)
        if not way.is_cut:
            break
        killed += 1
    assert made and killed > 3


async def test_of_a_change_that_was_refused_no_line_says_that_it_was_done(catalogue: Catalogue) -> None:
    line = {"at": 1, "action": "it", "outcome": "done"}
    ann, _ = [await catalogue.create("users", user(name)) for name in ("ann", "bob")]
    with pytest.raises(Conflict, match="username is taken"):
        await catalogue.create("users", {**user("ann"), "documentId": "other", "role": "admin"}, line)
    with pytest.raises(Conflict, match="documentId is taken"):
        await catalogue.create("users", {**user("eve"), "documentId": "ann"}, line)
    with pytest.raises(Conflict, match="email is taken"):
        await catalogue.update("users", "ann", {"email": "bob@example.com"}, audit=line)
    assert await catalogue.update("users", "ann", {"username": "eve"}, ann["updatedAt"] - 1, line) is None
    assert not await catalogue.delete("users", "nobody", line)
    lines, _ = await catalogue.find("audit_log", Query(sort=(Order("seq"),)))
    assert [each["outcome"] for each in lines] == ["done", "undone"] * 3, "of what was seen to be refused, none at all"
    assert await catalogue.update("users", "ann", {"username": "eve"}, ann["updatedAt"], line) is not None
    assert (await catalogue.find("audit_log", Query()))[1] == 7


# Several at once


async def test_of_those_who_saw_the_same_row_one_changes_it(catalogue: Catalogue) -> None:
    car = await catalogue.create("cars", {"documentId": "car", "make": "Ford", "model": "Ka"})
    seen = car["updatedAt"]
    changed = await asyncio.gather(*(catalogue.update("cars", "car", {"year": year}, seen) for year in range(20)))
    assert len([row for row in changed if row is not None]) == 1
    later = await asyncio.gather(*(catalogue.update("cars", "car", {"mileage": number}) for number in range(20)))
    assert len({row["updatedAt"] for row in later if row is not None}) == 20, "each change has a time of its own"


async def test_several_begin_create_and_project_at_once(url: str) -> None:
    catalogues = [await each for each in asyncio.as_completed([MongoCatalogue.open(url) for _ in range(3)])]
    made = await asyncio.gather(*(each.create("cars", {"make": "x", "model": "y"}) for each in catalogues * 10))
    assert sorted(row["id"] for row in made) == list(range(1, 31))
    for changes in (FIRST, SECOND):
        told = await asyncio.gather(*(each.project(changes) for each in catalogues * 2), return_exceptions=True)
        assert {type(each) for each in told} <= {type(None), Overtaken}
    lot = await catalogues[0].get("auctions", "lot")
    assert lot is not None and (lot["seq"], lot["price"], lot["status"]) == (7, 7, "live")
    assert (await catalogues[0].find("bids", Query()))[1] == 6
    for each in catalogues:
        await each.close()


# Queries: as SQLite, whatever the client's text


LOOKALIKES = [".*", "%", "_", "a\nb", "a.b", "\\E", "[a]", "(a+)+$", "^", "$ne"]
TEXTS = ["", "a", "A", "ab", "B", "é", "É", "\u017fk", "\u212a", "k", *LOOKALIKES]
"""Among them a long s and a Kelvin sign, which some take for an s and a k."""
NUMBERS = [0, 1, 2, 3]


def random_part(chance: random.Random, content: str, depth: int = 0) -> Any:
    declared = CONTENT_TYPES[content]
    kind = chance.random()
    if depth < 3 and kind < 0.35:
        join = chance.choice(["$and", "$or", "$not"])
        return Group(join, tuple(random_part(chance, content, depth + 1) for _ in range(chance.randint(1, 3))))
    through = [
        relation for relation in declared.relations if relation.name in ("car", "auctions", "seller", "auction", "bids")
    ]
    if depth < 3 and kind < 0.55 and through:
        relation = chance.choice(through)
        return Related((relation.name,), random_part(chance, relation.target, depth + 1))
    fields = {"cars": ("make", "vin", "year"), "auctions": ("title", "price"), "users": ("username",)}
    name = chance.choice(fields.get(content, ("seq", "alias")))
    field = declared.field(name)
    assert field is not None
    values: list[Any] = NUMBERS if field.kind == "integer" else TEXTS
    operator: Any = chance.choice(sorted(OPERATORS - PATTERNS - {"$eqi"} if values is NUMBERS else OPERATORS))
    value: Any = chance.choice(values)
    if operator in ("$in", "$notIn"):
        value = tuple(chance.sample(values, chance.randint(0, 3)))
    return Condition((name,), operator, True if operator in ("$null", "$notNull") else value)


def random_query(chance: random.Random) -> tuple[str, Query]:
    content = chance.choice(["cars", "auctions", "bids"])
    orders = {
        "cars": [
            Order("make"),
            Order("year", True),
            Order("price", True, "auctions"),
            Order("title", False, "auctions"),
        ],
        "auctions": [Order("price"), Order("title", True), Order("year", True, "car"), Order("vin", False, "car")],
        "bids": [Order("alias", True), Order("seq"), Order("title", True, "auction")],
    }
    sort = tuple(chance.sample(orders[content], chance.randint(0, 3)))
    where = random_part(chance, content) if chance.random() < 0.9 else None
    return content, Query(where, sort, chance.choice([0, 0, 1]), chance.choice([2, 25]))


async def test_any_query_is_answered_as_on_sqlite(
    request: pytest.FixtureRequest, tmp_path: Path, catalogue: Catalogue
) -> None:
    chance = random.Random(4)
    with empty("sqlite", tmp_path, request) as embedded:
        async with opened(embedded) as other:
            rows: list[tuple[str, Row]] = [("users", user(f"u{n}", username=text)) for n, text in enumerate("AbÉ")]
            for n, text in enumerate(TEXTS):
                some: Row = {"make": chance.choice([*TEXTS, None]), "year": chance.choice([*NUMBERS, None])}
                links = {"seller": chance.choice(["u0", "u1", None])}
                rows.append(("cars", {"documentId": f"c{n}", "vin": chance.choice([text, None]), **some, **links}))
                links = {"car": chance.choice(["c0", f"c{n}", None]), "seller": chance.choice(["u2", None])}
                more = {"title": text, "price": chance.choice([*NUMBERS, None])}
                rows.append(("auctions", {"documentId": f"l{n}", **more, **links}))
                more = {"alias": chance.choice([text, None]), "seq": chance.choice([*NUMBERS, None])}
                rows.append(("bids", {"documentId": f"b{n}", "auction": chance.choice(["l0", f"l{n}"]), **more}))
            for content, values in rows:
                await other.create(content, values)
                await catalogue.create(content, values)
            found = 0
            for _ in range(600):
                content, query = random_query(chance)
                page, total = await catalogue.find(content, query)
                expected, count = await other.find(content, query)
                assert [row["documentId"] for row in page] == [row["documentId"] for row in expected], query
                assert total == count, query
                found += len(page)
    assert found > 1000, "the queries find something"


@pytest.mark.parametrize("operator", sorted(PATTERNS | {"$eq", "$eqi"}))
@pytest.mark.parametrize("text", [*LOOKALIKES, "$make", "$$ROOT", "{$gt: ''}", "x\0y", "a" * 1000])
async def test_a_text_is_only_a_text(catalogue: Catalogue, operator: Any, text: str) -> None:
    await catalogue.create("cars", {"make": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "model": "y"})
    await catalogue.create("cars", {"documentId": "it", "make": text, "model": "y"})
    rows, _ = await catalogue.find("cars", Query(Condition(("make",), operator, text)))
    assert [row["documentId"] for row in rows] == ["it"]
    rows, _ = await catalogue.find("cars", Query(Group("$not", (Condition(("make",), operator, text),))))
    assert "it" not in [row["documentId"] for row in rows] and len(rows) == 1


@pytest.mark.parametrize("operator", [{"$ne": None}, {"$gt": ""}, {"$regex": ""}, {"$exists": True}])
async def test_what_is_no_text_is_no_operator_either(catalogue: Catalogue, operator: Any) -> None:
    """Nothing hands such over, for the routes check; and still."""
    car = await catalogue.create("cars", {"documentId": "car", "make": "Ford", "model": "Ka"})
    assert await catalogue.get("cars", operator) is None
    assert await catalogue.update("cars", operator, {"make": "Fiat"}) is None
    assert not await catalogue.delete("cars", operator)
    for name in ("$eq", "$lt", "$gte"):
        asked = Query(Condition(("make",), name, operator))  # type: ignore[arg-type]  # they are operators
        assert await catalogue.find("cars", asked) == ([], 0)
    assert await catalogue.get("cars", "car") == car


# What it stands on


@closed_while_it_connects
async def test_a_server_that_is_away_is_named_soon(url: str) -> None:
    started = time.monotonic()
    with pytest.raises(
        CatalogueBroken, match=r"^The catalogue at 127\.0\.0\.1:\d+/x cannot .*see that MongoDB runs"
    ) as it:
        await MongoCatalogue.open(f"mongodb://who:secret@127.0.0.1:{free_port()}/x?retryWrites=false")
    assert time.monotonic() - started < 8
    assert "secret" not in str(it.value) and len(str(it.value)) < 300


@pytest.mark.parametrize("address", ["mongodb://", "mongodb://host:port/"])
async def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(CatalogueBroken, match="VENDUE_CATALOGUE is no address of a MongoDB"):
        await MongoCatalogue.open(address)


@closed_while_it_connects
async def test_a_way_that_breaks_is_no_other_error(url: str) -> None:
    await (await MongoCatalogue.open(url)).close()
    async with cut_after(url, 0) as (_, address):
        catalogue = await MongoCatalogue.open(address, forward=False)
        await catalogue.ping()
        with pytest.raises(CatalogueBroken, match="see that MongoDB runs"):
            await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
        started = time.monotonic()
        with pytest.raises(CatalogueBroken, match="see that MongoDB runs"):
            await catalogue.find("cars", Query())
        assert time.monotonic() - started < 8, "nor does it wait long for a way that stays broken"
        await catalogue.close()


async def test_what_was_not_made_for_this_version_is_left_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CatalogueBroken, match="run `vendue migrate`"):
        await MongoCatalogue.open(url, forward=False)
    await (await MongoCatalogue.open(url)).close()
    await (await MongoCatalogue.open(url, forward=False)).close()
    monkeypatch.setattr(mongo_schema, "fingerprint", lambda: "another")
    with pytest.raises(CatalogueBroken, match="run `vendue migrate`"):
        await MongoCatalogue.open(url, forward=False)


async def test_numbers_go_on_after_the_highest_where_the_counters_are_lost(url: str) -> None:
    async with opened(url) as catalogue:
        await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
    with MongoClient(url) as client:
        client.get_default_database()["counters"].drop()
    async with opened(url) as catalogue:
        assert (await catalogue.create("cars", {"make": "Ford", "model": "Ka"}))["id"] == 2


async def test_every_declared_index_is_there(url: str, catalogue: Catalogue) -> None:
    with MongoClient(url) as client:
        for content in CONTENT_TYPES.values():
            found = client.get_default_database()[content.name].index_information()
            unique = {field.name for field in content.fields if field.unique}
            assert {tuple(name for name, _ in index["key"]) for index in found.values()} == {
                ("_id",),
                ("id",),
                *((name,) for name in unique),
                *content.indexes,
            }
            for name in unique:
                assert found[name]["unique"] and found[name]["sparse"]


async def test_queries_use_the_indexes(url: str, catalogue: Catalogue) -> None:
    with MongoClient(url) as client:
        database = client.get_default_database()
        for pipeline in (
            [{"$match": {"auction": {"$eq": "lot"}}}],
            [{"$match": {"placed_at": {"$gte": 5}}}],
            [{"$match": {"_id": {"$in": ["a", "b"]}}}],
        ):
            explained = {"aggregate": "bids", "pipeline": pipeline, "cursor": {}}
            try:
                plan = database.command("explain", explained)
            except OperationFailure as error:
                pytest.skip(f"the server explains nothing: {error.details['errmsg']}")
            assert "IXSCAN" in str(plan) and "COLLSCAN" not in str(plan)


async def test_what_is_stored_fits_the_validators_or_they_are_said_to_be_missing(
    url: str, catalogue: Catalogue, capsys: pytest.CaptureFixture[str]
) -> None:
    with MongoClient(url) as client:
        cars = client.get_default_database()["cars"]
        if "validator" in cars.options():
            with pytest.raises(OperationFailure, match="validation"):
                cars.insert_one({"_id": "x", "id": 1, "make": 5})
        else:
            async with opened(url):
                assert "catalogue_not_validated" in capsys.readouterr().out
