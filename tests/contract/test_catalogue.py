"""What every catalogue must do, whatever database it stands on."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.parse import page_meta, parse
from vendue.catalogue.port import Catalogue, Conflict, Missing, Projected, Row
from vendue.catalogue.query import Condition, Group, Query
from vendue.catalogue.sql import SqlCatalogue


@pytest.fixture(params=["sqlite"])
async def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalogue]:
    found = await SqlCatalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    yield found
    await found.close()


def where(path: str, operator: Any, value: Any) -> Query:
    return Query(Condition(tuple(path.split(".")), operator, value))


async def cars(catalogue: Catalogue) -> list[Row]:
    """The cars of the recorded Strapi exchanges; the first two have an auction."""
    made = [
        {"make": "Ford", "model": "Ka", "year": 2001, "mileage": 120000},
        {"make": "BMW", "model": "330i", "year": 2004, "mileage": 90000},
        {"make": "Fiat", "model": "Panda", "year": 1999, "mileage": 150000},
        {"make": "Audi", "model": "A4", "year": 2011},
        {"make": "Volvo", "model": "V70", "year": 2006, "mileage": 210000},
        {"make": "a", "model": "b", "vin": "V1"},
    ]
    rows = [await catalogue.create("cars", {**car, "documentId": f"doc{n}"}) for n, car in enumerate(made, 2)]
    await catalogue.create("auctions", {"documentId": "doc8", "title": "Lot 1", "car": "doc2"})
    await catalogue.create("auctions", {"documentId": "doc9", "title": "Lot 2", "car": "doc3"})
    return rows


def user(name: str, **more: Any) -> Row:
    return {"username": name, "email": f"{name}@Example.com", "password_hash": "#", "role": "seller", **more}


def bid(id: str, auction: str, bidder: str, seq: int, **more: Any) -> Row:
    return {
        "documentId": id,
        "auction": auction,
        "bidder": bidder,
        "alias": f"Bidder {bidder}",
        "maximum": 100 * seq,
        "kind": "bid",
        "status": "accepted",
        "outcome": "leading",
        "standing": {"seq": seq},
        "seq": seq,
        "placed_at": 1000 + seq,
        **more,
    }


def changes(**parts: Any) -> Projected:
    return Projected(**{"auctions": {}, "bids": [], "voids": [], "moots": [], "offsets": {}, **parts})


async def status(catalogue: Catalogue, id: str) -> tuple[str, bool]:
    row = await catalogue.get("bids", id)
    assert row is not None
    return row["status"], row["moot"]


# Rows by hand


async def test_a_row_is_made_changed_and_deleted(catalogue: Catalogue) -> None:
    row = await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
    assert re.fullmatch("[a-z][a-z0-9]{23}", row["documentId"])
    assert row["createdAt"] == row["updatedAt"] == row["publishedAt"] > 1_700_000_000_000
    assert row["vin"] is None and "seller" not in row
    changed = await catalogue.update("cars", row["documentId"], {"year": 2001})
    assert changed == {**row, "year": 2001, "updatedAt": changed["updatedAt"]}
    assert changed["updatedAt"] > row["updatedAt"], "however fast the changes follow"
    assert await catalogue.get("cars", row["documentId"]) == changed
    assert await catalogue.delete("cars", row["documentId"])
    assert not await catalogue.delete("cars", row["documentId"])
    assert await catalogue.get("cars", row["documentId"]) is None
    assert await catalogue.update("cars", row["documentId"], {"year": 2001}) is None


async def test_a_change_of_something_newer_is_not_made(catalogue: Catalogue) -> None:
    row = await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
    seen = row["updatedAt"]
    assert await catalogue.update("cars", row["documentId"], {"year": 2001}, seen) is not None
    assert await catalogue.update("cars", row["documentId"], {"year": 2002}, seen) is None
    found = await catalogue.get("cars", row["documentId"])
    assert found is not None and found["year"] == 2001


async def test_unique_values_are_taken_once(catalogue: Catalogue) -> None:
    await catalogue.create("users", user("ann", paddle="7"))
    bob = await catalogue.create("users", user("bob"))
    for values in ({"username": "ann"}, {"email": "ANN@example.com"}, {"paddle": "7"}):
        with pytest.raises(Conflict) as error:
            await catalogue.update("users", bob["documentId"], values)
        assert error.value.path in values
    with pytest.raises(Conflict):
        await catalogue.create("users", user("ann", email="other@example.com"))
    await catalogue.create("users", user("eve"))  # no paddle is no value to share


async def test_links_lead_somewhere(catalogue: Catalogue) -> None:
    with pytest.raises(Missing) as error:
        await catalogue.create("auctions", {"title": "Lot", "car": "nothing"})
    assert (error.value.path, error.value.id) == ("car", "nothing")
    car = await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
    lot = await catalogue.create("auctions", {"title": "Lot", "car": car["documentId"]})
    await catalogue.delete("cars", car["documentId"])
    assert await catalogue.get("auctions", lot["documentId"], Query(populate={"car": Query()})) == {**lot, "car": None}


# Users


async def test_sign_in_is_by_name_or_address(catalogue: Catalogue) -> None:
    ann = await catalogue.create("users", user("ann"))
    assert "password_hash" not in ann
    await catalogue.create("users", user("thief", username="ann@example.com"))
    for identifier in ("ann", "ann@example.com", "ANN@EXAMPLE.COM"):
        row = await catalogue.sign_in_row(identifier)
        assert row is not None and row["documentId"] == ann["documentId"] and row["password_hash"] == "#"
    assert await catalogue.sign_in_row("Ann") is None
    found, _ = await catalogue.find("users", Query())
    assert all("password_hash" not in row for row in found)


async def test_the_access_version_grows_with_every_change_of_access(catalogue: Catalogue) -> None:
    ann = (await catalogue.create("users", user("ann")))["documentId"]
    versions = [await catalogue.access_version()]
    for values in ({"blocked": True}, {"role": "admin"}, {"blocked": False}):
        await catalogue.update("users", ann, values)
        versions.append(await catalogue.access_version())
        assert await catalogue.blocked_users() == ({ann} if values != {"blocked": False} else set())
    await catalogue.update("users", ann, {"confirmed": True, "role": "admin"})
    assert await catalogue.access_version() == versions[-1]
    await catalogue.delete("users", ann)
    versions.append(await catalogue.access_version())
    assert versions == sorted(set(versions))


# Queries


async def test_recorded_queries_are_answered_as_strapi_does(catalogue: Catalogue, shared: Path) -> None:
    """Every recorded list that uses only what the parser knows: same rows in the same order, same paging."""
    await cars(catalogue)
    left_out = "auctions.title"
    checked = 0
    for line in (shared / "data" / "strapi-5.52.3-exchanges.jsonl").read_text().splitlines():
        exchange = json.loads(line)
        url, answer = urlsplit(exchange["request"]["path"]), exchange["answer"]
        if not url.query or exchange["status"] != 200 or left_out in url.query:
            continue
        content = url.path.removeprefix("/api/")
        query = parse(CONTENT_TYPES[content], parse_qsl(url.query))
        rows, total = await catalogue.find(content, query)
        assert [row["documentId"] for row in rows] == [row["documentId"] for row in answer["data"]], url.query
        assert page_meta(query, total) == answer["meta"]["pagination"], url.query
        for row, expected in zip(rows, answer["data"], strict=True):
            assert row.keys() >= expected.keys(), url.query
            for name in ("auctions", "car"):
                assert _ids(row.get(name)) == _ids(expected.get(name)), url.query
        checked += 1
    assert checked > 30


def _ids(related: Any) -> Any:
    if isinstance(related, list):
        return [row["documentId"] for row in related]
    return related and related["documentId"]


@pytest.mark.parametrize(
    ("query", "makes"),
    [
        (where("make", "$eqi", "FORD"), "Ford"),
        (where("make", "$contains", "F"), "Ford Fiat"),
        (where("make", "$contains", "%"), ""),
        (where("make", "$containsi", "F"), "Ford Fiat"),
        (where("make", "$containsi", "_"), ""),
        (where("make", "$startsWith", "f"), ""),
        (where("make", "$startsWithi", "f"), "Ford Fiat"),
        (where("make", "$endsWith", "O"), ""),
        (where("make", "$endsWith", "o"), "Volvo"),
        (where("make", "$endsWithi", "O"), "Volvo"),
        (where("make", "$endsWith", "_"), ""),
        (Query(Group("$not", (Condition(("vin",), "$contains", "V"),))), ""),
        (where("year", "$ne", 2001), "BMW Fiat Audi Volvo"),
        (where("year", "$in", (2001, 2004)), "Ford BMW"),
        (where("year", "$in", ()), ""),
        (where("year", "$notIn", (2001, 2004)), "Fiat Audi Volvo"),
        (where("year", "$null", True), "a"),
        (where("auctions.title", "$eq", "Lot 2"), "BMW"),
        (Query(Group("$not", (Condition(("auctions", "title"), "$eq", "Lot 2"),))), "Ford Fiat Audi Volvo a"),
        (Query(sort=(("year", False),)), "Fiat Ford BMW Volvo Audi a"),
        (Query(sort=(("year", True),)), "a Audi Volvo BMW Ford Fiat"),
        (Query(start=1, limit=2), "BMW Fiat"),
    ],
)
async def test_filters_order_and_pages(catalogue: Catalogue, query: Query, makes: str) -> None:
    await cars(catalogue)
    rows, total = await catalogue.find("cars", query)
    assert [row["make"] for row in rows] == makes.split()
    assert total == (6 if query.where is None else len(rows))


async def test_an_uncounted_page_needs_no_count(catalogue: Catalogue) -> None:
    await cars(catalogue)
    rows, total = await catalogue.find("cars", Query(start=2, limit=2, counted=False))
    assert [row["make"] for row in rows] == ["Fiat", "Audi"]
    assert total == 4


async def test_links_compare_by_id_and_are_populated_both_ways(catalogue: Catalogue) -> None:
    await cars(catalogue)
    for path in ("car", "car.documentId"):
        assert (await catalogue.find("auctions", where(path, "$eq", "doc3")))[0][0]["title"] == "Lot 2"
    deep = Query(fields=("title",), populate={"car": Query(fields=("make",), populate={"auctions": Query(fields=())})})
    rows, _ = await catalogue.find("auctions", deep)
    assert rows[0] == {
        "id": 1,
        "documentId": "doc8",
        "title": "Lot 1",
        "car": {"id": 1, "documentId": "doc2", "make": "Ford", "auctions": [{"id": 1, "documentId": "doc8"}]},
    }


async def test_a_populated_list_is_limited_row_by_row(catalogue: Catalogue) -> None:
    for auction in ("one", "two"):
        rows = [bid(f"{auction}{seq}", auction, "1", seq) for seq in range(1, 6)]
        await catalogue.project(changes(auctions={auction: (5, {})}, bids=rows))
    last = Query(sort=(("seq", True),), limit=2, fields=("seq",))
    found, _ = await catalogue.find("auctions", Query(populate={"bids": last}))
    assert [[row["seq"] for row in auction["bids"]] for auction in found] == [[5, 4], [5, 4]]


# Projection


async def test_projection_is_guarded_by_seq_and_leaves_alone_what_people_wrote(catalogue: Catalogue) -> None:
    car = (await catalogue.create("cars", {"make": "Ford", "model": "Ka"}))["documentId"]
    draft = await catalogue.create("auctions", {"documentId": "lot", "title": "Mine", "car": car})
    newer = {"status": "live", "price": 500, "increments": [[0, 5]], "soft_close": {"window_ms": 1}, "title": "No"}
    await catalogue.project(changes(auctions={"lot": (2, newer)}, offsets={3: 2}))
    await catalogue.project(
        changes(auctions={"lot": (2, {"price": 1}), "other": (1, {"status": "live"})}, offsets={4: 1})
    )
    row = await catalogue.get("auctions", "lot", Query(populate={"car": Query()}))
    assert row is not None and (row["title"], row["price"], row["seq"]) == ("Mine", 500, 2)
    assert row["car"]["documentId"] == car and row["id"] == draft["id"] and row["createdAt"] == draft["createdAt"]
    assert row["updatedAt"] > draft["updatedAt"]
    assert row["increments"] == [[0, 5]] and row["soft_close"] == {"window_ms": 1}
    made = await catalogue.get("auctions", "other")
    assert made is not None and (made["title"], made["status"]) == ("other", "live")
    assert await catalogue.projected_offsets() == {3: 2, 4: 1}


async def test_bids_are_kept_once_voided_up_to_a_seq_and_moot_as_told(catalogue: Catalogue) -> None:
    rows = [bid("a", "lot", "1", 2), bid("b", "lot", "2", 3), bid("c", "lot", "1", 4), bid("d", "lot", "2", 6)]
    first = changes(bids=rows, voids=[("lot", "2", 5)], moots=[("lot", (4,))])
    for _ in range(2):  # the same again changes nothing
        await catalogue.project(first)
        assert [await status(catalogue, id) for id in "abcd"] == [
            ("accepted", False),
            ("void", False),
            ("accepted", True),
            ("accepted", False),
        ]
    await catalogue.project(
        changes(bids=[bid("a", "lot", "1", 9, status="refused", code="closed")], moots=[("lot", ())])
    )
    kept = await catalogue.get("bids", "a")
    assert kept is not None and (kept["status"], kept["seq"], kept["standing"]) == ("accepted", 2, {"seq": 2})
    assert await status(catalogue, "c") == ("accepted", False)


async def test_many_rows_are_projected_at_once(catalogue: Catalogue) -> None:
    rows = [bid(f"bid{seq}", f"lot{seq % 20}", "1", seq, details={"minimum": seq}) for seq in range(1, 151)]
    auctions = {f"lot{number}": (150, {"price": number, "reserve_met": number % 2 == 0}) for number in range(20)}
    for _ in range(2):  # the same again changes nothing
        await catalogue.project(changes(auctions=auctions, bids=rows, offsets=dict.fromkeys(range(8), 150)))
        found, total = await catalogue.find("bids", Query(sort=(("seq", False),), limit=200))
        assert total == 150
        assert [(row["documentId"], row["details"]["minimum"]) for row in found] == [
            (f"bid{seq}", seq) for seq in range(1, 151)
        ]
        lots, _ = await catalogue.find("auctions", Query(sort=(("price", False),)))
        assert [(row["price"], row["reserve_met"]) for row in lots] == [(n, n % 2 == 0) for n in range(20)]


async def test_it_answers(catalogue: Catalogue) -> None:
    await catalogue.ping()
    assert await catalogue.projected_offsets() == {}
