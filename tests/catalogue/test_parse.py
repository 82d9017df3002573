"""Query strings: what they mean, what is refused, and that none can ask for too much."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendue.catalogue.models import AUCTIONS, BIDS, CARS, CONTENT_TYPES, ContentType
from vendue.catalogue.parse import QueryError, page_meta, parse
from vendue.catalogue.query import Condition, Group, Order, Query


def read(text: str, content: ContentType = CARS, staff: bool = False) -> Query:
    return parse(content, parse_qsl(text, keep_blank_values=True), staff)


def fault(text: str, content: ContentType = CARS) -> str:
    with pytest.raises(QueryError) as error:
        read(text, content)
    return error.value.message


def test_values_have_the_type_of_their_field() -> None:
    assert read("filters[year][$gt]=2001").where == Condition(("year",), "$gt", 2001)
    assert read("filters[make]=7").where == Condition(("make",), "$eq", "7")
    assert read("filters[mileage][$null]=false").where == Condition(("mileage",), "$notNull", True)
    assert read("filters[proxy]=true", AUCTIONS).where == Condition(("proxy",), "$eq", True)
    assert read("filters[year][$in]=1&filters[year][$in]=2").where == Condition(("year",), "$in", (1, 2))
    assert read("filters[year][$in][]=1&filters[year][$in][]=2").where == Condition(("year",), "$in", (1, 2))
    day = Condition(("createdAt",), "$gte", 1_767_225_600_000)
    for text in ("2026-01-01", "2026-01-01T00:00:00.000Z", "2026-01-01T01:00:00%2B01:00", "1767225600000"):
        assert read(f"filters[createdAt][$gte]={text}").where == day


def test_operators_that_are_made_of_others() -> None:
    lowest, highest = Condition(("year",), "$gte", 2000), Condition(("year",), "$lte", 2005)
    both = "filters[year][$between][0]=2000&filters[year][$between][1]=2005"
    assert read(both).where == Group("$and", (lowest, highest))
    assert read("filters[make][$nei]=ford").where == Group("$not", (Condition(("make",), "$eqi", "ford"),))
    contains = Condition(("make",), "$contains", "o")
    assert read("filters[make][$notContains]=o").where == Group("$not", (contains,))
    in_any_case = Condition(("car", "make"), "$containsi", "o")
    assert read("filters[car][make][$notContainsi]=o", AUCTIONS).where == Group("$not", (in_any_case,))
    assert read("filters[car][$nei]=x", AUCTIONS).where == Group("$not", (Condition(("car",), "$eqi", "x"),))


def test_groups_and_relations_nest() -> None:
    found = read("filters[$or][0][car][make]=Ford&filters[$or][1][$not][car]=x&filters[status]=live", AUCTIONS).where
    ford, other = Condition(("car", "make"), "$eq", "Ford"), Condition(("car",), "$eq", "x")
    assert found == Group(
        "$and", (Group("$or", (ford, Group("$not", (other,)))), Condition(("status",), "$eq", "live"))
    )


def test_sort_fields_and_populate() -> None:
    assert read("sort=year:desc,make").sort == (Order("year", True), Order("make"))
    assert read("sort[0]=year:DESC&sort[1]=make").sort == (Order("year", True), Order("make"))
    assert read("sort=auctions.title:desc").sort == (Order("title", True, "auctions"),)
    assert read("fields=make&fields=id").fields == ("make", "id")
    assert read("fields=*").fields is None
    assert read("populate=*").populate.keys() == {"seller", "photos", "auctions"}
    assert read("populate[seller]=true&populate[photos]=false&populate[auctions]=0").populate.keys() == {"seller"}
    deep = read(
        "populate[car][fields]=make&populate[car][populate][auctions][sort]=title&populate[bids]=true", AUCTIONS
    )
    assert deep.populate.keys() == {"car", "bids"}
    assert deep.populate["car"].fields == ("make",)
    assert deep.populate["car"].populate["auctions"].sort == (Order("title"),)


@pytest.mark.parametrize(
    ("text", "start", "limit", "meta"),
    [
        ("", 0, 25, {"page": 1, "pageSize": 25, "pageCount": 3, "total": 60}),
        (
            "pagination[page]=3&pagination[pageSize]=10",
            20,
            10,
            {"page": 3, "pageSize": 10, "pageCount": 6, "total": 60},
        ),
        (
            "pagination[page]=0&pagination[pageSize]=999",
            0,
            100,
            {"page": 1, "pageSize": 100, "pageCount": 1, "total": 60},
        ),
        ("pagination[withCount]=false", 0, 25, {"page": 1, "pageSize": 25}),
        ("pagination[start]=7&pagination[withCount]=false", 7, 25, {"start": 7, "limit": 25}),
        ("pagination[start]=7", 7, 25, {"start": 7, "limit": 25, "total": 60}),
        ("pagination[limit]=-1", 0, 1, {"start": 0, "limit": 1, "total": 60}),
        ("pagination[start]=0&pagination[limit]=5000", 0, 100, {"start": 0, "limit": 100, "total": 60}),
    ],
)
def test_pages(text: str, start: int, limit: int, meta: dict[str, int]) -> None:
    query = read(text)
    assert (query.start, query.limit, page_meta(query, 60)) == (start, limit, meta)


def test_recorded_refusals_are_strapis(shared: Path) -> None:
    """Names, messages and details of every recorded 400 to a query."""
    checked = 0
    for line in (shared / "data" / "strapi-5.52.3-exchanges.jsonl").read_text().splitlines():
        exchange = json.loads(line)
        url, answer = urlsplit(exchange["request"]["path"]), exchange["answer"]
        if url.query and exchange["status"] == 400:
            with pytest.raises(QueryError) as caught:
                read(url.query, CONTENT_TYPES[url.path.removeprefix("/api/")])
            error = caught.value
            assert {"status": 400, "name": error.name, "message": error.message, "details": error.details} == answer[
                "error"
            ]
            checked += 1
    assert checked == 6


def test_what_is_hidden_cannot_be_probed() -> None:
    """A filter or an order on a hidden value tells it, answer by answer."""
    for text in ("filters[winner]=x", "sort=offer", "fields=winner", "filters[bids][maximum][$gt]=1"):
        assert fault(text, AUCTIONS).startswith("Invalid key")
    for text in ("filters[reserve_price][$gt]=1", "sort=reserve_price", "filters[seller][email][$startsWith]=a"):
        assert fault(text, AUCTIONS).startswith("Invalid key")
        assert read(text, AUCTIONS, staff=True)
    assert fault("filters[seller][password_hash][$startsWith]=a", AUCTIONS).startswith("Invalid key")
    for text in ("sort=seller.email", "sort=bids.maximum", "sort=seller.password_hash", "sort=photos.name"):
        assert fault(text, AUCTIONS).startswith("Invalid key")
    assert fault("populate[bids][sort]=maximum", AUCTIONS) == "Invalid key maximum"
    assert fault("filters[auction][reserve_price]=1", BIDS) == "Invalid key reserve_price"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("filters[year][$gt]=abc", "year must be a whole number, not 'abc'"),
        ("filters[year][$gt]=99999999999999999999", "year must be a whole number, not '99999999999999999999'"),
        ("filters[year][$contains]=2", "$contains compares text, which year is not"),
        ("filters[auctions][proxy]=maybe", "auctions.proxy must be true or false, not 'maybe'"),
        ("filters[createdAt][$gt]=soon", "createdAt must be an ISO 8601 time, not 'soon'"),
        ("filters[year][$between]=2000", "$between of year takes two values"),
        ("filters[year][$between][0]=1&filters[year][$between][1]=x", "year must be a whole number, not 'x'"),
        ("filters[year][$notContains]=2", "$contains compares text, which year is not"),
        ("filters=x", "Invalid key x"),
        ("filters[make][$eq][x]=1", "Invalid key x at make"),
        ("filters[make]=1&filters[make][$eq]=2", "Invalid key filters[make][$eq]"),
        ("filters[make", "Invalid key filters[make"),
        ("sort=make:up", "Invalid order up of make: use asc or desc"),
        ("pagination[page]=x", "pagination[page] must be a whole number"),
        ("pagination[size]=1", "Invalid key size"),
        ("pagination=1", "Invalid key pagination"),
        ("populate[auctions][pagination][start]=1", "Invalid key pagination"),
        ("populate[auctions][nope]=1", "Invalid key nope"),
        ("filters[$or][a][make]=1", "Invalid key a"),
    ],
)
def test_faults_name_the_field(text: str, message: str) -> None:
    assert fault(text) == message


def test_nothing_is_unbounded() -> None:
    assert fault("&".join(f"filters[make]={n}" for n in range(201))) == "A query takes at most 200 parameters"
    assert fault("sort=" + ",".join(["make"] * 11)) == "sort takes at most 10 fields"
    assert fault(f"filters[make][$containsi]={'a' * 1001}") == "$containsi takes at most 1000 characters"
    assert fault("&".join(f"filters[year][$in]={n}" for n in range(101))) == "A list in filters takes at most 100 items"
    assert "3 levels" in fault("filters[$not][$not][$not][$not][make]=1")
    assert "3 levels" in fault("populate[auctions][populate][car][populate][auctions][populate]=car")
    assert fault("filters" + "[$not]" * 1000 + "[make]=1").startswith("Invalid key")


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from(
                    ["filters", "sort", "populate", "fields", "pagination", "[", "]", "[0]", "[$or]", "[make]"]
                )
                | st.sampled_from(
                    ["[$in]", "[$not]", "[auctions]", "[car]", "[populate]", "[]", "[page]", "[year]", "x"]
                ),
                max_size=6,
            ).map("".join),
            st.text(max_size=8) | st.sampled_from(["make", "*", "auctions", "2001", "year:desc"]),
        ),
        max_size=5,
    )
)
def test_any_query_is_parsed_or_refused(params: list[tuple[str, str]]) -> None:
    try:
        query = parse(CARS, params)
    except QueryError:
        return
    assert 1 <= query.limit <= 100 and query.start >= 0
