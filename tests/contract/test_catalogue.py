"""What every catalogue must do, whatever database it stands on."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.catalogues import KINDS, empty, opened
from vendue.audit import Wrong
from vendue.audit.acts import check_acts
from vendue.catalogue.models import CONTENT_TYPES
from vendue.catalogue.parse import page_meta, parse
from vendue.catalogue.port import Catalogue, Conflict, Missing, Overtaken, Projected, Row
from vendue.catalogue.query import Condition, Group, Order, Query


@pytest.fixture(params=KINDS)
async def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalogue]:
    with empty(request.param, tmp_path, request) as url:
        async with opened(url) as found:
            yield found


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
    line = {"at": 1, "action": "it"}
    assert not await catalogue.delete("cars", row["documentId"], line, seen)
    assert (await catalogue.find("audit_log", Query()))[1] == 0
    assert await catalogue.delete("cars", row["documentId"], line, found["updatedAt"])


async def test_unique_values_are_taken_once(catalogue: Catalogue) -> None:
    await catalogue.create("users", user("ann", paddle="7"))
    bob = await catalogue.create("users", user("bob"))
    for values in ({"username": "ann"}, {"email": "ann@Example.com"}, {"paddle": "7"}):
        with pytest.raises(Conflict) as error:
            await catalogue.update("users", bob["documentId"], values)
        assert error.value.path in values
    with pytest.raises(Conflict):
        await catalogue.create("users", user("ann", email="other@example.com"))
    await catalogue.create("users", user("eve"))  # no paddle is no value to share


async def test_a_name_is_taken_whatever_its_case(catalogue: Catalogue) -> None:
    told = await asyncio.gather(
        *(catalogue.create("users", user(name, email=f"{n}@x.com")) for n, name in enumerate(("Anna", "anna", "ANNA"))),
        return_exceptions=True,
    )
    assert sorted(str(each) for each in told if isinstance(each, Conflict)) == ["username_fold is taken"] * 2
    ben = (await catalogue.create("users", user("ben")))["documentId"]
    for name in ("aNNa", "\uff21nna"):
        with pytest.raises(Conflict):
            await catalogue.update("users", ben, {"username": name})
    assert await catalogue.update("users", ben, {"username": "BEN"}) is not None, "one's own, written otherwise"
    rows, _ = await catalogue.find("users", where("username_fold", "$eq", "ben"))
    assert [row["documentId"] for row in rows] == [ben]
    await catalogue.update("users", ben, {"username": "Bo"})
    await catalogue.create("users", user("ben", email="ben@x.com"))  # it is free again


async def test_links_lead_somewhere(catalogue: Catalogue) -> None:
    with pytest.raises(Missing) as error:
        await catalogue.create("auctions", {"title": "Lot", "car": "nothing"})
    assert (error.value.path, error.value.id) == ("car", "nothing")
    car = await catalogue.create("cars", {"make": "Ford", "model": "Ka"})
    lot = await catalogue.create("auctions", {"title": "Lot", "car": car["documentId"]})
    await catalogue.delete("cars", car["documentId"])
    assert await catalogue.get("auctions", lot["documentId"], Query(populate={"car": Query()})) == {**lot, "car": None}
    assert (await catalogue.find("auctions", where("car", "$null", True)))[1] == 1


# Users


async def test_secrets_come_only_to_whoever_names_them(catalogue: Catalogue) -> None:
    ann = await catalogue.create("users", user("ann"))
    assert "password_hash" not in ann
    rows, _ = await catalogue.find("users", Query())
    assert "password_hash" not in rows[0]
    named = await catalogue.get("users", ann["documentId"], Query(fields=("password_hash",)))
    assert named == {"id": ann["id"], "documentId": ann["documentId"], "password_hash": "#"}


async def test_the_access_version_grows_with_every_change_of_access(catalogue: Catalogue) -> None:
    versions = [await catalogue.access_version()]

    async def grew() -> bool:
        versions.append(await catalogue.access_version())
        return versions[-1] > versions[-2]

    bidder = await catalogue.create("users", user("bob", role="authenticated"))
    assert not await grew(), "a new bidder may no more than anyone"
    ann = (await catalogue.create("users", user("ann")))["documentId"]
    assert await grew(), "a new seller may more"
    for values in ({"blocked": True}, {"role": "admin"}, {"blocked": False}, {"signed_out_at": 7}):
        await catalogue.update("users", ann, values)
        assert await grew(), values
    await catalogue.update("users", ann, {"confirmed": True, "role": "admin"})
    assert not await grew(), "nothing changed"
    await catalogue.delete("users", ann)
    assert await grew()
    await catalogue.delete("users", bidder["documentId"])
    assert not await grew()
    for content, values, later in (
        ("api_tokens", {"name": "t", "role": "seller"}, {"expires_at": 5}),
        ("roles", {"name": "r", "type": "seller", "actions": ["a"]}, {"actions": ["a", "b"]}),
    ):
        row = await catalogue.create(content, values)
        assert await grew(), content
        await catalogue.update(content, row["documentId"], later)
        assert await grew(), content
    session = (await catalogue.create("sessions", {"user": ann}))["documentId"]
    assert not await grew()
    await catalogue.update("sessions", session, {"ended_at": 1})
    assert await grew()


async def test_numbers_are_plain_whatever_their_size(catalogue: Catalogue) -> None:
    for number in (0, 2**31, 2**53 - 1):
        lot = await catalogue.create("auctions", {"title": "Lot", "ends_at": number})
        row = await catalogue.get("auctions", lot["documentId"])
        assert row is not None and row["ends_at"] == number
        assert {type(row[name]) for name in ("id", "ends_at", "bids_count", "createdAt")} == {int}


async def test_a_new_row_has_its_defaults(catalogue: Catalogue) -> None:
    ann = await catalogue.create("users", {"username": "ann", "email": "ann@example.com"})
    assert (ann["role"], ann["confirmed"], ann["blocked"], ann["paddle"]) == ("authenticated", True, False, None)
    lot = await catalogue.create("auctions", {"title": "Lot", "status": "live"})
    assert (lot["status"], lot["bids_count"]) == ("live", 0)


async def test_a_change_and_its_line_in_the_audit_log_are_there_together(catalogue: Catalogue) -> None:
    def line(action: str) -> Row:
        return {"at": 1, "user": "u", "action": action, "changes": {"make": ["a", "b"]}}

    car = (await catalogue.create("cars", {"make": "Ford", "model": "Ka"}, line("create")))["documentId"]
    await catalogue.update("cars", car, {"make": "Fiat"}, audit=line("update"))
    await catalogue.delete("cars", car, line("delete"))
    lines, total = await catalogue.find("audit_log", Query(sort=(Order("id"),)))
    assert ([each["action"] for each in lines], total) == (["create", "update", "delete"], 3)
    assert lines[0]["changes"] == {"make": ["a", "b"]}


async def test_the_audit_log_is_one_chain_however_many_write_it(catalogue: Catalogue) -> None:
    line = {"at": 1, "user": "é", "action": "it", "changes": {"increments": [None, [[0, 10]]], "list": ("a",)}}
    cars = [(await catalogue.create("cars", {"make": "Ford", "model": "Ka"}))["documentId"] for _ in range(6)]
    await asyncio.gather(
        *(catalogue.update("cars", car, {"year": 2001}, audit=line) for car in cars),
        *(catalogue.create("audit_log", line) for _ in range(6)),
    )
    lines, total = await catalogue.find("audit_log", Query(sort=(Order("seq"),)))
    assert (total, [each["seq"] for each in lines]) == (12, list(range(1, 13)))
    check_acts(lines)
    with pytest.raises(Wrong, match=r"line 3 .* was changed"):
        check_acts([*lines[:2], {**lines[2], "user": "other"}, *lines[3:]])
    with pytest.raises(AssertionError):
        await catalogue.update("audit_log", lines[0]["documentId"], {"user": "other"})


# Lists that a row keeps


async def test_a_list_keeps_its_order_and_forgets_what_is_gone(catalogue: Catalogue) -> None:
    files = [await catalogue.create("files", {"name": name, "documentId": name}) for name in "abc"]
    assert [row["formats"] for row in files] == [None] * 3
    car = await catalogue.create("cars", {"make": "Ford", "model": "Ka", "photos": ["c", "a", "b"]})
    assert "photos" not in car
    wanted = Query(fields=("make",), populate={"photos": Query(fields=("name",))})
    row = await catalogue.get("cars", car["documentId"], wanted)
    assert row is not None and [photo["name"] for photo in row["photos"]] == ["c", "a", "b"]
    await catalogue.delete("files", "a")
    assert await catalogue.update("cars", car["documentId"], {"year": 2001}) is not None
    row = await catalogue.get("cars", car["documentId"], wanted)
    assert row is not None and [photo["name"] for photo in row["photos"]] == ["c", "b"]
    with pytest.raises(Missing) as error:
        await catalogue.update("cars", car["documentId"], {"photos": ["b", "none"]})
    assert (error.value.path, error.value.id) == ("photos", "none")
    bare = await catalogue.create("cars", {"make": "Fiat", "model": "Panda"})
    row = await catalogue.get("cars", bare["documentId"], wanted)
    assert row is not None and row["photos"] == []


async def test_recorded_queries_are_answered_as_strapi_does(catalogue: Catalogue, shared: Path) -> None:
    """Every recorded list that uses only what the parser knows: same rows in the same order, same paging."""
    await cars(catalogue)
    checked = 0
    for line in (shared / "data" / "strapi-5.52.3-exchanges.jsonl").read_text().splitlines():
        exchange = json.loads(line)
        url, answer = urlsplit(exchange["request"]["path"]), exchange["answer"]
        if not url.query or exchange["status"] != 200:
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


# Queries


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
        (Query(sort=(Order("year"),)), "Fiat Ford BMW Volvo Audi a"),
        (Query(sort=(Order("year", True),)), "a Audi Volvo BMW Ford Fiat"),
        (Query(sort=(Order("title", through="auctions"),)), "Ford BMW Fiat Audi Volvo a"),
        (Query(sort=(Order("title", True, "auctions"), Order("make"))), "Audi Fiat Volvo a BMW Ford"),
        (
            Query(sort=(Order("title", False, "auctions", Condition(("title",), "$ne", "Lot 1")),)),
            "BMW Ford Fiat Audi Volvo a",
        ),
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
    last = Query(sort=(Order("seq", True),), limit=2, fields=("seq",))
    found, _ = await catalogue.find("auctions", Query(populate={"bids": last}))
    assert [[row["seq"] for row in auction["bids"]] for auction in found] == [[5, 4], [5, 4]]


# Projection


async def test_projection_is_guarded_by_seq_and_leaves_alone_what_people_wrote(catalogue: Catalogue) -> None:
    car = (await catalogue.create("cars", {"make": "Ford", "model": "Ka"}))["documentId"]
    draft = await catalogue.create("auctions", {"documentId": "lot", "title": "Mine", "car": car})
    newer = {"status": "live", "price": 500, "increments": [[0, 5]], "soft_close": {"window_ms": 1}, "title": "No"}
    await catalogue.project(changes(auctions={"lot": (2, newer)}, offsets={3: (0, 2)}))
    await catalogue.project(
        changes(auctions={"lot": (2, {"price": 1}), "other": (1, {"status": "live"})}, offsets={4: (0, 1)})
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
    first = changes(bids=rows, voids=[("lot", "2", 5)], moots=[("lot", 5, (4,))])
    for _ in range(2):  # the same again changes nothing
        await catalogue.project(first)
        assert [await status(catalogue, id) for id in "abcd"] == [
            ("accepted", False),
            ("void", False),
            ("accepted", True),
            ("accepted", False),
        ]
    await catalogue.project(
        changes(bids=[bid("a", "lot", "1", 9, status="refused", code="closed")], moots=[("lot", 8, ())])
    )
    kept = await catalogue.get("bids", "a")
    assert kept is not None and (kept["status"], kept["seq"], kept["standing"]) == ("accepted", 2, {"seq": 2})
    assert await status(catalogue, "c") == ("accepted", False)


async def test_many_rows_are_projected_at_once(catalogue: Catalogue) -> None:
    rows = [bid(f"bid{seq}", f"lot{seq % 20}", "1", seq, details={"minimum": seq}) for seq in range(1, 151)]
    auctions = {f"lot{number}": (150, {"price": number, "reserve_met": number % 2 == 0}) for number in range(20)}
    for start in (0, 150):  # the same again changes nothing
        await catalogue.project(changes(auctions=auctions, bids=rows, offsets=dict.fromkeys(range(8), (start, 150))))
        found, total = await catalogue.find("bids", Query(sort=(Order("seq"),), limit=200))
        assert total == 150
        assert [(row["documentId"], row["details"]["minimum"]) for row in found] == [
            (f"bid{seq}", seq) for seq in range(1, 151)
        ]
        lots, _ = await catalogue.find("auctions", Query(sort=(Order("price"),)))
        assert [(row["price"], row["reserve_met"]) for row in lots] == [(n, n % 2 == 0) for n in range(20)]


async def test_events_are_kept_once_each_and_forgotten(catalogue: Catalogue) -> None:
    events = [
        {
            "documentId": f"hash {seq}",
            "auction": "lot",
            "seq": seq,
            "by": "ann" if seq % 2 else None,
            "value": f"“{seq}”",
        }
        for seq in range(1, 21)
    ]
    await catalogue.project(changes(events=events[:15], offsets={3: (0, 15)}))
    await catalogue.project(changes(events=events[5:], offsets={3: (15, 20)}))  # some are there already
    where = Group("$and", (Condition(("auction",), "$eq", "lot"), Condition(("by",), "$eq", "ann")))
    rows, total = await catalogue.find("events", Query(where, (Order("seq", True),), limit=2))
    assert total == 10
    assert [(row["documentId"], row["seq"], row["value"]) for row in rows] == [
        ("hash 19", 19, "“19”"),
        ("hash 17", 17, "“17”"),
    ]
    assert (await catalogue.find("events", Query(limit=1)))[1] == 20
    await catalogue.forget_projected()
    assert (await catalogue.find("events", Query()))[1] == 0


async def test_who_projects_late_is_told_and_undoes_nothing(catalogue: Catalogue) -> None:
    rows = [bid("a", "lot", "1", 2), bid("b", "lot", "2", 3), bid("c", "lot", "1", 4), bid("d", "lot", "3", 5)]
    first = changes(
        auctions={"lot": (6, {"price": 1})},
        bids=rows,
        voids=[("lot", "2", 6)],
        moots=[("lot", 6, (4,))],
        offsets={3: (0, 6), 5: (0, 1)},
    )
    second = changes(
        auctions={"lot": (8, {"price": 2})},
        voids=[("lot", "1", 7)],
        moots=[("lot", 7, (4, 5)), ("lot", 8, (5,))],
        offsets={3: (6, 8)},
    )
    await catalogue.project(first)
    await catalogue.project(second)

    async def everything() -> Any:
        bids, _ = await catalogue.find("bids", Query(sort=(Order("id"),)))
        return bids, await catalogue.get("auctions", "lot"), await catalogue.projected_offsets()

    before = await everything()
    assert [(row["status"], row["moot"]) for row in before[0]] == [
        ("void", False),
        ("void", False),
        ("void", False),
        ("accepted", True),
    ]
    for late in (first, second, first._replace(offsets={3: (0, 6)}), second._replace(offsets={3: (6, 7)})):
        with pytest.raises(Overtaken):
            await catalogue.project(late)
        assert await everything() == before
    await catalogue.forget_projected()
    with pytest.raises(Overtaken):
        await catalogue.project(second)
    assert await catalogue.projected_offsets() == {}
    lot = await catalogue.get("auctions", "lot")
    assert lot is not None and lot["seq"] is None


async def test_of_those_who_project_the_same_at_once_each_is_done_or_told(catalogue: Catalogue) -> None:
    same = changes(auctions={"lot": (1, {"price": 1})}, bids=[bid("a", "lot", "1", 1)], offsets={3: (0, 1), 4: (0, 2)})
    told = await asyncio.gather(*(catalogue.project(same) for _ in range(5)), return_exceptions=True)
    failed = [type(each) for each in told if each is not None]
    assert failed in ([Overtaken] * 4, [Overtaken] * 5), (
        "where each partition moves by itself, nobody may have moved both"
    )
    assert await catalogue.projected_offsets() == {3: 1, 4: 2}


async def test_it_answers(catalogue: Catalogue) -> None:
    await catalogue.ping()
    assert await catalogue.projected_offsets() == {}
