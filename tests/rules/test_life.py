"""From listing to settlement, and what a retraction undoes: an example each."""

from __future__ import annotations

from typing import Any

import pytest

from vendue.rules.receipts import position
from vendue.rules.terms import read_terms

from .sale import DAY, DUTCH, END, Sale, listed, terms, told

# Listing


def test_every_fault_of_the_terms_is_named_at_once() -> None:
    sale = Sale()
    wrong = terms(
        format="dutch", currency="XXX", ends_at=4, reserve_price=1, buy_now_price=1, proxy=True, increments="us",
        soft_close={"window_ms": 1, "extend_ms": 1}, max_jump_percent=101, floor_price=2000, version=2,
    )  # fmt: skip
    assert sale.do("List", 5, terms=wrong) == "invalid_terms"
    assert sale.answer is not None and sale.auction is None
    english_only = ["proxy", "increments", "buy_now_price", "soft_close", "max_jump_percent"]
    paths = ["version", "currency", "ends_at", "reserve_price", "reserve_price", *english_only]
    paths += ["decrement", "decrement_every_ms", "floor_price"]
    assert [fault.path for fault in sale.answer.details.faults] == paths


@pytest.mark.parametrize(
    ("path", "wrong", "right"),
    [
        ("reserve_price", {"reserve_price": 999}, {"reserve_price": 1000}),
        ("buy_now_price", {"buy_now_price": 1000}, {"buy_now_price": 1001}),
        (
            "buy_now_price",
            {"buy_now_price": 2000, "reserve_price": 2001},
            {"buy_now_price": 2001, "reserve_price": 2001},
        ),
        ("ends_at", {"ends_at": 5}, {"ends_at": 6}),
        ("ends_at", {"ends_at": 100, "starts_at": 100}, {"ends_at": 101, "starts_at": 100}),
        ("increments", {"increments": [[1001, 1]]}, {"increments": [[1000, 1]]}),
        ("increments", {"increments": [[0, 1], [0, 2]]}, {"increments": [[0, 1], [1, 2]]}),
        ("increments", {"increments": [[0, 0]]}, {"increments": [[0, 1]]}),
        ("increments", {"increments": []}, {"increments": None}),
        ("increments", {"currency": "JPY"}, {"currency": "JPY", "increments": "cars"}),
        ("currency", {"currency": "usd"}, {"currency": "KWD"}),
        ("floor_price", DUTCH | {"floor_price": 1001}, DUTCH | {"floor_price": 1000}),
        ("decrement", DUTCH | {"decrement": None}, DUTCH | {"decrement": 1}),
        ("reserve_price", DUTCH | {"reserve_price": 1000}, DUTCH),
        ("decrement", {"decrement": 1}, {}),
        (
            "proxy",
            {"format": "sealed_first_price", "proxy": False},
            {"format": "sealed_first_price", "reserve_price": 1000},
        ),
    ],
)
def test_terms_are_valid_or_refused(path: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    sale = Sale()
    assert sale.do("List", 5, terms=terms(**wrong)) == "invalid_terms"
    assert sale.answer is not None
    assert [fault.path for fault in sale.answer.details.faults] == [path]
    assert sale.do("List", 5, terms=terms(**right)) == "accepted"


def test_every_malformed_field_is_named_at_once() -> None:
    raw = {"format": "raffle", "currency": "USD", "starts_at": 0, "ends_at": 5, "nope": 1, "decrement_every_ms": 99}
    for amount in (0, -1, 12300.5, "12300", True, 10**12 + 1):
        found, faults = read_terms(raw | {"starting_price": amount, "max_jump_percent": 100}, 0)
        paths = {fault.path for fault in faults}
        assert found is None
        assert paths == {"format", "starting_price", "max_jump_percent", "nope", "decrement_every_ms"}
    found, faults = read_terms({"format": "english", "currency": "USD", "reserve_price": None}, 0)
    assert [fault.path for fault in faults] == ["starts_at", "ends_at", "starting_price"]
    assert read_terms(DUTCH | {"currency": "USD", "starts_at": 0, "ends_at": 9, "starting_price": 5}, 0)[1] == []
    misfit = {
        "format": "dutch",
        "currency": "XXX",
        "starts_at": 9,
        "ends_at": 5,
        "starting_price": 5,
        "floor_price": "5",
    }
    _, faults = read_terms(misfit, 0)
    assert {fault.path for fault in faults} == {"floor_price", "currency", "ends_at", "decrement", "decrement_every_ms"}


def test_only_sellers_and_auctioneers_list_and_an_id_is_listed_once() -> None:
    sale = Sale()
    assert sale.do("List", 5, role="bidder", terms=terms()) == "not_allowed"
    assert sale.do("List", 5, role="seller", terms=terms()) == "accepted"
    sale.tick(END + DAY)
    assert sale.do("List", END + DAY, terms=terms(ends_at=END + 2 * DAY)) == "already_listed"


def test_a_start_in_the_past_becomes_now() -> None:
    sale = listed(7)
    assert (sale.standing.status, sale.standing.starts_at) == ("live", 7)
    late = listed(7, starts_at=8)
    assert (late.standing.status, late.standing.starts_at) == ("scheduled", 8)
    assert late.tick(8).status == "live"


def test_terms_are_amended_whole_while_scheduled() -> None:
    sale = listed(starts_at=100, reserve_price=4000)
    assert sale.do("Amend", 1, terms=terms(ends_at=1)) == "invalid_terms"
    assert sale.do("Amend", 2, terms=terms(starts_at=50, ends_at=60, starting_price=70)) == "accepted"
    shown = sale.standing
    assert (shown.starts_at, shown.ends_at, shown.minimum_next, shown.reserve_met) == (50, 60, 70, None)
    assert sale.do("Amend", 3, terms=terms(starts_at=1)) == "accepted"  # in the past: now
    assert (sale.standing.status, sale.standing.starts_at) == ("live", 3)
    assert sale.do("Amend", 4, terms=terms()) == "terms_fixed"


def test_an_amendment_lets_nobody_bid_who_might_not() -> None:
    sale = listed(starts_at=100, seller_ids=["sam", "sue"])
    amended = {"terms": terms(starts_at=100, seller_ids=["sal"])}
    answer = sale.ask("Amend", "ada", "auctioneer", 1, key="once", **amended)
    assert told(answer) == "accepted"
    assert sale.ask("Amend", "ada", "auctioneer", 2, key="once", **amended) == answer, "a repeat is one"
    for name in ("sam", "sue", "sal"):
        assert sale.bid(name, 2000, 100) == "own_auction"
    assert sale.bid("ann", 2000, 100) == "leading"


def test_who_may_cancel() -> None:
    sale = listed(starts_at=10)
    assert sale.do("Cancel", 1, role="bidder", reason="x") == "not_allowed"
    sale.bid("ann", 1000, 10)
    sale.retract("ann", 11)
    assert sale.do("Cancel", 12, role="seller", reason="x") == "not_allowed"  # a bid was accepted once
    assert sale.do("Cancel", 13, reason="stolen") == "accepted"
    assert (sale.standing.status, sale.standing.closed_at, sale.standing.minimum_next) == ("cancelled", 13, None)
    assert listed().do("Cancel", 1, role="seller", reason="x") == "accepted"


# The end


@pytest.mark.parametrize(
    ("changes", "amount", "status"),
    [
        ({}, None, "unsold"),
        ({}, 1000, "sold"),
        ({"reserve_price": 2000}, 1999, "unsold"),
        ({"reserve_price": 2000}, 2000, "sold"),
        ({"reserve_price": 2000, "sale_terms": "on_approval"}, 1999, "pending_approval"),
        ({"reserve_price": 2000, "sale_terms": "on_approval"}, 2000, "sold"),
        ({"sale_terms": "on_approval"}, 1000, "pending_approval"),
        ({"sale_terms": "on_approval"}, None, "unsold"),
        (
            {"format": "sealed_first_price", "reserve_price": 2000, "sale_terms": "on_approval"},
            1999,
            "pending_approval",
        ),
    ],
)
def test_how_it_ends(changes: dict[str, Any], amount: int | None, status: str) -> None:
    sale = listed(**changes)
    if amount:
        sale.bid("ann", amount, 1)
    ended = sale.tick(END + 9)
    assert (ended.status, ended.closed_at, sale.events[-1].body.at) == (status, END, END)


def pending(**changes: Any) -> Sale:
    sale = listed(**{"reserve_price": 4000, "sale_terms": "on_approval", "approval_ms": 1000} | changes)
    sale.bid("ann", 2000, 1)
    sale.bid("bob", 1500, 2)
    shown = sale.tick(END)
    assert (shown.status, shown.approval_until, sale.now.winner) == ("pending_approval", END + 1000, None)
    return sale


def test_the_seller_approves_or_declines() -> None:
    sale = pending()
    assert sale.standing.price == 1550
    assert sale.do("Approve", END + 1, role="seller") == "accepted"
    assert (sale.standing.status, sale.standing.hammer_price, sale.now.winner) == ("sold", 1550, "ann")
    second = pending(format="sealed_second_price")
    second.do("Approve", END + 1)
    assert second.standing.hammer_price == 1500
    declined = pending()
    assert declined.do("Decline", END + 1) == "accepted"
    assert (declined.standing.status, declined.standing.hammer_price, declined.now.winner) == ("unsold", None, None)


def test_nobody_approves_in_time() -> None:
    assert pending().do("Approve", END + 999) == "accepted"
    sale = pending()
    assert sale.do("Approve", END + 1000) == "wrong_state"
    assert (sale.standing.status, sale.standing.closed_at) == ("unsold", END)
    assert sale.events[-2].body.at == END + 1000
    countered = pending()
    countered.do("Counter", END + 1, price=3000)
    assert countered.do("AcceptOffer", END + 1000, by="ann", role="bidder") == "wrong_state"


def test_a_counter_offer() -> None:
    sale = pending()
    assert sale.do("Counter", END + 1, price=1550) == "invalid_terms"
    assert sale.do("Counter", END + 1, price=4001) == "invalid_terms"
    assert sale.do("Counter", END + 1, price=4000) == "accepted"
    assert (sale.standing.status, sale.standing.price) == ("countered", 1550)
    assert sale.do("Approve", END + 2) == "wrong_state"
    assert sale.do("DeclineOffer", END + 2, by="bob", role="bidder") == "not_allowed"
    assert sale.do("DeclineOffer", END + 2, by="ann", role="bidder") == "accepted"
    assert sale.do("AcceptOffer", END + 3, by="ann", role="bidder") == "wrong_state"
    sale.do("Counter", END + 4, price=3000)
    assert sale.do("AcceptOffer", END + 5, by="ann", role="bidder") == "accepted"
    assert (sale.standing.status, sale.standing.hammer_price, sale.now.winner) == ("sold", 3000, "ann")


# Retraction


def test_a_retraction_prices_the_rest_again_and_keeps_aliases() -> None:
    sale = listed()
    for bidder, amount in [("ann", 2000), ("bob", 5000), ("cat", 4500)]:
        sale.bid(bidder, amount, 1)
    assert (sale.standing.price, sale.standing.leader) == (4600, "Bidder 2")
    assert sale.retract("bob", 2) == "accepted"
    assert (sale.standing.price, sale.standing.leader, sale.standing.bids) == (2050, "Bidder 3", 2)
    assert position(sale.now, "bob").your_maximum is None
    assert sale.bid("bob", 9000, 3) == "not_allowed"
    assert sale.retract("bob", 3) == "wrong_state"  # nothing of his is left to void
    sale.bid("dan", 3000, 4)
    sale.retract("dan", 5, allow_rebid=True)
    assert sale.bid("dan", 9000, 6) == "leading"
    assert sale.standing.leader == "Bidder 4"
    assert sale.retract("ann", END) == "wrong_state"


def test_a_direct_bid_against_oneself_is_moot() -> None:
    sale = listed(proxy=False, reserve_price=9000)
    for bidder, amount in [("ann", 1000), ("bob", 1100), ("ann", 1200), ("ann", 1300)]:
        sale.bid(bidder, amount, 1)
    sale.retract("bob", 2)
    assert sale.events[-1].body.moot == (5,)  # type: ignore[union-attr]  # 1300 was a raise when it was made
    assert (sale.standing.price, sale.standing.bids) == (1300, 3)

    sale = listed(proxy=False)
    for bidder, amount in [("ann", 1000), ("bob", 1100), ("ann", 1200)]:
        sale.bid(bidder, amount, 1)
    sale.retract("bob", 2)
    assert (sale.standing.price, sale.standing.minimum_next, position(sale.now, "ann").your_maximum) == (
        1000,
        1050,
        1000,
    )
    sale.bid("cat", 1050, 3)
    assert position(sale.now, "ann").your_maximum == 1000  # nor later


def test_pricing_again_lets_no_bid_lower_the_price() -> None:
    sale = listed(increments=[[0, 300], [1000, 1]], starting_price=1)
    for bidder, amount in [("bob", 999), ("cat", 1050), ("ann", 5000), ("dan", 1052)]:
        sale.bid(bidder, amount, 1)
    assert sale.standing.price == 1053
    sale.retract("cat", 2)  # now ann overtook bob, at 999 + 300, before dan came
    assert sale.standing.price == 1299


def test_a_retracted_sealed_bid_loses_its_priority() -> None:
    sale = listed(format="sealed_first_price")
    sale.bid("ann", 3000, 1)
    sale.bid("bob", 3000, 2)
    sale.retract("ann", 3, allow_rebid=True)
    assert sale.standing.bids == 1
    sale.bid("ann", 3000, 4)
    sale.tick(END)
    assert (sale.now.winner, sale.standing.bids) == ("bob", 2)
