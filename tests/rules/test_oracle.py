"""The oracle against examples worked by hand from the rules, and against eBay."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from .oracle import Oracle, OracleTerms
from .oracle_prices import DAY_MS

END = 1_000_000


def listed(**changes: Any) -> Oracle:
    """An auction open from 0 to END, in dollars, starting at 10.00."""
    terms: dict[str, Any] = {
        "format": "english",
        "currency": "USD",
        "starts_at": 0,
        "ends_at": END,
        "starting_price": 1000,
    }
    return Oracle(OracleTerms(**terms | changes), listed_at_ms=0)


# English, proxy


def test_proxy_duel() -> None:
    sale = listed()
    assert (sale.price, sale.minimum_next, sale.leader) == (None, 1000, None)
    assert sale.bid("ann", 999, 1) == ("too_low", {"minimum": 1000})
    assert sale.bid("ann", 5000, 2) == ("leading", {})
    assert (sale.price, sale.minimum_next) == (1000, 1050)
    assert sale.bid("bob", 2000, 3) == ("outbid_by_higher_maximum", {})
    assert (sale.price, sale.leader) == (2050, "Bidder 1")  # 2000 + 50
    assert sale.bid("bob", 2099, 4) == ("too_low", {"minimum": 2100})
    assert sale.bid("bob", 6000, 5) == ("leading", {})
    assert (sale.price, sale.leader) == (5100, "Bidder 2")  # ann's 5000 + 100
    assert sale.bid("ann", 5950, 6).outcome == "outbid_by_higher_maximum"
    assert sale.price == 6000  # 5950 + 100, but no more than bob's 6000
    sale.advance(END)
    assert (sale.status, sale.hammer_price, sale.winner) == ("sold", 6000, "bob")
    assert (sale.bids, sale.closed_at, sale.minimum_next) == (4, END, None)


def test_of_equal_bids_the_earlier_leads_at_that_amount() -> None:
    sale = listed()
    sale.bid("ann", 5000, 1)
    assert sale.bid("bob", 5000, 2) == ("outbid_by_earlier_equal", {})
    assert (sale.price, sale.leader, sale.minimum_next) == (5000, "Bidder 1", 5100)


def test_the_leader_raises() -> None:
    sale = listed()
    sale.bid("ann", 4000, 1)
    assert sale.bid("ann", 4000, 2) == ("not_above_own_maximum", {"minimum": 4001})
    assert sale.bid("ann", 5000, 3) == ("leading", {})
    assert sale.price == 1000  # nobody else, so nothing to go above
    sale.bid("bob", 5000, 4)
    assert sale.price == 5000  # held at his own maximum
    sale.bid("ann", 5060, 5)
    assert sale.price == 5060  # up to a full step over bob, 5100
    sale.bid("ann", 9000, 6)
    assert sale.price == 5100
    sale.bid("ann", 9500, 7)
    assert (sale.price, sale.bids) == (5100, 6)


def test_the_reserve_lifts_the_price_once_it_is_reached() -> None:
    sale = listed(reserve_price=4000)
    sale.bid("ann", 3000, 1)
    assert (sale.price, sale.reserve_met) == (1000, False)
    sale.bid("bob", 3500, 2)
    assert (sale.price, sale.reserve_met) == (3100, False)
    sale.bid("ann", 4000, 3)  # 3500 + 100 = 3600, lifted
    assert (sale.price, sale.reserve_met) == (4000, True)
    assert sale.bid("bob", 4050, 4) == ("too_low", {"minimum": 4100})

    alone = listed(reserve_price=4000)
    alone.bid("ann", 3999, 1)
    alone.bid("ann", 9000, 2)
    assert alone.price == 4000
    alone.bid("bob", 4100, 3)
    assert alone.price == 4200


def test_max_jump() -> None:
    sale = listed(max_jump_percent=150)
    assert sale.bid("ann", 1501, 1) == ("jump_too_large", {"maximum": 1500})
    assert sale.bid("ann", 1500, 2).outcome == "leading"
    # Minimum 1050 for bob, so 1575; ann may go to 150 % of her own 1500.
    assert sale.bid("bob", 1576, 3) == ("jump_too_large", {"maximum": 1575})
    assert sale.bid("ann", 2251, 4) == ("jump_too_large", {"maximum": 2250})
    assert sale.bid("bob", 1049, 5, confirm_jump=True).outcome == "too_low"
    assert sale.bid("bob", 9000, 6, confirm_jump=True).outcome == "leading"


# English, direct


def test_direct_bids_are_the_price() -> None:
    sale = listed(proxy=False, reserve_price=2000)
    assert sale.bid("ann", 1500, 1).outcome == "leading"
    assert sale.bid("ann", 1549, 2) == ("too_low", {"minimum": 1550})
    assert sale.bid("ann", 1600, 3).outcome == "leading"  # reserve unmet
    assert sale.bid("bob", 2000, 4).outcome == "leading"
    assert (sale.price, sale.reserve_met) == (2000, True)
    assert sale.bid("bob", 9000, 5) == ("already_leading", {})


def test_direct_retraction_makes_bids_against_oneself_moot() -> None:
    sale = listed(proxy=False)
    sale.bid("ann", 1000, 1)
    sale.bid("bob", 1100, 2)
    sale.bid("ann", 1200, 3)
    sale.retract("bob", 4, "by mistake")
    assert (sale.price, sale.leader, sale.bids) == (1000, "Bidder 1", 2)

    raised = listed(proxy=False, reserve_price=9000)
    raised.bid("ann", 1000, 1)
    raised.bid("bob", 1100, 2)
    raised.bid("ann", 1200, 3)  # moot once bob is gone
    raised.bid("ann", 1300, 4)  # made while leading: it stays a raise
    raised.retract("bob", 5, "by mistake")
    assert raised.price == 1300


# Retraction


def test_retraction_prices_the_rest_again() -> None:
    sale = listed(reserve_price=4000, buy_now_price=9000)
    sale.bid("ann", 2000, 1)
    assert sale.buy_now_available
    sale.bid("bob", 5000, 2)
    assert (sale.price, sale.reserve_met, sale.buy_now_available) == (4000, True, False)
    sale.bid("cat", 4500, 3)
    assert sale.price == 4600
    assert sale.retract("bob", 4, "x", role="seller") == ("not_allowed", {})
    assert sale.retract("bob", 4, " ") == ("reason_missing", {})
    assert sale.retract("bob", 4, "forged identity").outcome == "accepted"
    # ann 2000 at 1000; cat 4500: 2100, lifted to the reserve.
    assert (sale.price, sale.leader, sale.bids) == (4000, "Bidder 3", 2)
    assert sale.retract("bob", 5, "again") == ("wrong_state", {})
    assert sale.bid("bob", 6000, 6) == ("not_allowed", {})
    sale.retract("cat", 7, "asked to", allow_rebid=True)
    assert (sale.price, sale.leader, sale.reserve_met) == (1000, "Bidder 1", False)
    assert sale.bid("dan", 9000, 8, kind="buy_now") == ("buy_now_gone", {})
    assert sale.bid("cat", 3000, 9).outcome == "leading"
    assert (sale.price, sale.leader) == (2050, "Bidder 3")


# Soft close


def test_soft_close_reset_with_a_cap() -> None:
    soft = {"window_ms": 120_000, "extend_ms": 120_000, "mode": "reset"}
    sale = listed(soft_close=soft | {"max_extension_ms": 150_000})
    sale.bid("ann", 5000, 879_999)
    sale.bid("bob", 2000, 880_000)  # in the window, yet 880 000 + 120 000 is the end
    assert sale.ends_at == 1_000_000
    sale.bid("bob", 3000, 940_000)
    assert sale.ends_at == 1_060_000
    sale.bid("bob", 1000, 1_059_999)  # refused
    sale.bid("ann", 5500, 1_059_999)  # hidden
    assert sale.ends_at == 1_060_000
    sale.bid("bob", 4000, 1_059_999)
    assert sale.ends_at == 1_150_000  # not 1 179 999
    assert sale.extend(1_150_000, 1_060_000) == ("invalid_terms", {})
    sale.extend(1_160_000, 1_060_000)
    sale.retract("bob", 1_100_000, "unable to pay")  # price falls to 1000
    assert sale.ends_at == 1_220_000
    late = sale.bid("cat", 9000, 1_220_000)
    assert (late, sale.closed_at) == (("closed", {"late_by_ms": 0}), 1_220_000)


def test_soft_close_add() -> None:
    soft = {"window_ms": 60_000, "extend_ms": 30_000, "mode": "add"}
    sale = listed(soft_close=soft | {"max_extension_ms": None})
    sale.bid("ann", 5000, 939_999)
    assert sale.ends_at == 1_000_000
    sale.bid("bob", 2000, 940_000)
    assert sale.ends_at == 1_030_000
    sale.bid("bob", 2200, 970_000)
    assert sale.ends_at == 1_060_000


# Buy now


def test_buy_now() -> None:
    sale = listed(buy_now_price=8000, sale_terms="on_approval")
    changed = sale.bid("ann", 7000, 5, kind="buy_now")
    assert changed == ("buy_now_changed", {"price": 8000})
    assert sale.bid("ann", 8000, 6, kind="buy_now") == ("bought", {})
    assert (sale.status, sale.closed_at, sale.ends_at) == ("sold", 6, END)
    assert (sale.price, sale.winner, sale.bids) == (8000, "ann", 1)
    assert sale.bid("bob", 9000, 10) == ("closed", {"late_by_ms": 4})

    withdrawn = listed(buy_now_price=8000)
    withdrawn.bid("ann", 9000, 1)  # a bid never buys
    assert (withdrawn.status, withdrawn.price) == ("live", 1000)
    assert withdrawn.bid("bob", 1, 2, kind="buy_now") == ("buy_now_gone", {})


# Dutch


def test_dutch_steps() -> None:
    dutch = {"decrement": 300, "decrement_every_ms": 1000, "floor_price": 200}
    sale = listed(format="dutch", starts_at=500, **dutch)
    assert (sale.status, sale.price) == ("scheduled", 1000)
    assert sale.bid("ann", 1000, 499) == ("not_open", {})
    for at, price in [(500, 1000), (1499, 1000), (1500, 700), (2500, 400), (3500, 200)]:
        sale.advance(at)
        assert (sale.price, sale.minimum_next) == (price, price)

    sale = listed(format="dutch", starts_at=500, **dutch)
    assert sale.bid("ann", 699, 1500) == ("price_above_amount", {"price": 700})
    assert sale.bid("bob", 900, 2499) == ("bought", {})
    assert (sale.price, sale.winner, sale.leader) == (700, "bob", "Bidder 1")
    assert (sale.closed_at, sale.bids, sale.minimum_next) == (2499, 1, None)

    unsold = listed(format="dutch", **dutch)
    unsold.advance(END)
    assert (unsold.status, unsold.price) == ("unsold", None)


# Sealed


def test_sealed_priority_and_replacement() -> None:
    sale = listed(format="sealed_first_price")
    assert sale.bid("ann", 999, 1) == ("too_low", {"minimum": 1000})
    for at, (bidder, amount) in enumerate([("ann", 3000), ("bob", 3000), ("ann", 4000), ("ann", 3000), ("bob", 3000)]):
        assert sale.bid(bidder, amount, 10 + at) == ("sealed", {})
    assert (sale.price, sale.leader, sale.reserve_met) == (None, None, None)
    assert (sale.minimum_next, sale.bids) == (1000, 2)
    sale.advance(END)
    # ann came back to 3000 after bob, who only repeated his.
    assert (sale.winner, sale.leader, sale.price) == ("bob", "Bidder 2", 3000)


def test_sealed_second_price() -> None:
    def sold_at(reserve: int | None, *amounts: int) -> tuple[str, int | None]:
        sale = listed(format="sealed_second_price", reserve_price=reserve)
        for place, amount in enumerate(amounts):
            sale.bid(f"bidder {place}", amount, place)
        sale.advance(END)
        return sale.status, sale.price

    assert sold_at(None, 3000) == ("sold", 1000)
    assert sold_at(None, 3000, 2000, 2500) == ("sold", 2500)
    assert sold_at(2000, 3000) == ("sold", 2000)
    assert sold_at(2000, 3000, 1500) == ("sold", 2000)
    assert sold_at(2000, 3000, 2900) == ("sold", 2900)
    assert sold_at(3001, 3000, 2900) == ("unsold", None)
    assert sold_at(None) == ("unsold", None)

    pending = listed(format="sealed_second_price", reserve_price=4000, sale_terms="on_approval")
    pending.bid("ann", 3000, 1)
    pending.bid("bob", 2000, 2)
    assert pending.accept_offer("ann", 3) == ("not_allowed", {})  # tells nothing
    pending.advance(END)
    assert (pending.status, pending.price) == ("pending_approval", 2000)
    pending.approve(END, "auctioneer")
    assert (pending.hammer_price, pending.winner) == (2000, "ann")
    assert pending.reserve_met is False


# Life


def test_on_approval() -> None:
    def pending() -> Oracle:
        sale = listed(reserve_price=4000, sale_terms="on_approval", approval_ms=1000)
        sale.bid("ann", 2000, 1)
        sale.bid("bob", 1500, 2)
        sale.advance(END + 1)
        assert (sale.status, sale.closed_at) == ("pending_approval", END)
        assert (sale.price, sale.winner) == (1550, None)
        return sale

    sale = pending()
    assert sale.approve(END + 2, "bidder") == ("not_allowed", {})
    assert sale.counter(1550, END + 2, "seller") == ("invalid_terms", {})
    assert sale.counter(4001, END + 2, "seller") == ("invalid_terms", {})
    assert sale.counter(4000, END + 2, "seller").outcome == "accepted"
    assert sale.approve(END + 3, "seller") == ("wrong_state", {})
    assert sale.decline_offer("bob", END + 3) == ("not_allowed", {})
    assert sale.decline_offer("ann", END + 3).outcome == "accepted"
    assert sale.accept_offer("ann", END + 4) == ("wrong_state", {})
    sale.counter(3000, END + 5, "auctioneer")
    sale.accept_offer("ann", END + 999)
    assert (sale.status, sale.hammer_price, sale.winner) == ("sold", 3000, "ann")

    sale = pending()
    sale.approve(END + 2, "seller")
    assert (sale.status, sale.hammer_price) == ("sold", 1550)

    sale = pending()
    sale.decline(END + 2, "seller")
    assert sale.status == "unsold"

    sale = pending()
    sale.counter(3000, END + 2, "seller")
    assert sale.accept_offer("ann", END + 1000) == ("wrong_state", {})
    assert (sale.status, sale.closed_at) == ("unsold", END)


def test_who_may_cancel() -> None:
    sale = listed(starts_at=10)
    assert sale.cancel(1, "", "seller") == ("reason_missing", {})
    sale.bid("ann", 5000, 10)
    assert sale.cancel(11, "changed my mind", "seller") == ("not_allowed", {})
    sale.retract("ann", 12, "by mistake")  # it was accepted once, all the same
    assert sale.cancel(13, "changed my mind", "seller") == ("not_allowed", {})
    sale.bid("bob", 3000, 14)
    assert sale.cancel(15, "stolen", "auctioneer").outcome == "accepted"
    assert (sale.status, sale.price, sale.minimum_next) == ("cancelled", 1000, None)
    assert sale.bid("ann", 9000, END + 1) == ("not_allowed", {})
    assert sale.bid("cat", 9000, END + 1) == ("cancelled", {})
    assert sale.extend(END + 5, END + 1) == ("wrong_state", {})


def test_refusals_come_in_order() -> None:
    sale = listed(starts_at=10, seller_ids=("sam",), proxy=False, max_jump_percent=200)
    assert sale.bid("sam", 1, 1, role="admin") == ("not_allowed", {})
    assert sale.bid("sam", 1, 1) == ("own_auction", {})
    assert sale.bid("ann", 1, 1) == ("not_open", {})
    assert sale.bid("ann", 1, 10, kind="buy_now") == ("buy_now_gone", {})
    sale.bid("ann", 1000, 11)
    assert sale.bid("ann", 1, 12) == ("already_leading", {})
    assert sale.bid("bob", 1049, 12) == ("too_low", {"minimum": 1050})
    assert sale.bid("bob", 2101, 12) == ("jump_too_large", {"maximum": 2100})
    assert sale.bid("sam", 1, END + 7) == ("own_auction", {})
    assert sale.bid("ann", 1, END + 7) == ("closed", {"late_by_ms": 7})


def test_a_key_gives_the_first_answer() -> None:
    sale = listed()
    assert sale.bid("ann", 500, 1, key="k") == ("too_low", {"minimum": 1000})
    assert sale.bid("bob", 5000, 2, key="k").outcome == "leading"
    sale.bid("ann", 6000, 3, key="l")
    assert sale.bid("bob", 5000, END + 1, key="k") == ("leading", {})
    assert sale.bids == 2
    assert sale.bid("ann", 500, END + 1, key="k") == ("too_low", {"minimum": 1000})
    for changed in ({"amount": 501}, {"kind": "buy_now"}, {"confirm_jump": True}):
        again: dict[str, Any] = {"amount": 500, "key": "k"} | changed
        assert sale.bid("ann", now=END + 1, **again) == ("key_reused", {})
    late = sale.bid("ann", 501, END + DAY_MS, key="k")
    assert late == ("closed", {"late_by_ms": DAY_MS})


def test_time_never_runs_back() -> None:
    sale = listed(starts_at=100)
    sale.bid("ann", 1000, 50)
    assert sale.bid("ann", 1000, 100).outcome == "leading"
    assert sale.bid("bob", 9000, 99).outcome == "leading"  # counts as 100
    assert sale.bid("cat", 9000, END + 3) == ("closed", {"late_by_ms": 3})
    assert sale.bid("cat", 9000, 200) == ("closed", {"late_by_ms": 3})
    assert (sale.closed_at, sale.winner, sale.hammer_price) == (END, "bob", 1050)

    past = Oracle(OracleTerms("english", "USD", -50, END, 1000), listed_at_ms=7)
    assert (past.status, past.starts_at) == ("live", 7)


# Real auctions


def test_343_of_366_ebay_auctions_end_at_the_published_price(shared: Path) -> None:
    source = shared / "data" / "ebay-bids.csv"
    if not source.exists():
        pytest.skip(f"{source} is missing")
    with source.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["auction"])
    exact = []
    for auction, bids in groupby(rows, key=lambda row: row["auction"]):
        in_order = sorted(bids, key=lambda row: int(row["placed_at_ms"]))
        first, last = in_order[0], in_order[-1]
        sale = listed(
            ends_at=int(last["placed_at_ms"]) + 1,
            starting_price=int(first["opening_bid_cents"]),
        )
        for row in in_order:
            sale.bid(row["bidder"], int(row["amount_cents"]), int(row["placed_at_ms"]))
        sale.advance(sale.ends_at)
        if sale.hammer_price == int(first["closing_price_cents"]):
            exact.append(auction)
    assert len({row["auction"] for row in rows}) == 366
    assert len(exact) == 343
