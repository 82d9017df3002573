"""The rules of bidding, an example each: dollars in cents, from 0 to END, starting at 10.00 unless the test says so."""

from __future__ import annotations

from typing import Any

import pytest

from vendue.rules.receipts import concerned, position

from .sale import DAY, DUTCH, END, Sale, listed

# Refusals, in their order


def test_of_all_refusals_the_first_that_applies_is_given() -> None:
    soon: dict[str, Any] = {"starts_at": 10, "seller_ids": ("sam",), "proxy": False, "max_jump_percent": 200}
    assert Sale().bid("ann", 1, 0) == "unknown_auction"
    sale = listed(**soon)
    assert sale.bid("sam", 1, 1, role="none", key="k") == "not_allowed"
    assert sale.bid("sam", 2, 1, role="none", key="k") == "key_reused"  # before not_allowed
    assert sale.bid("sam", 1, 1, role="auctioneer") == "not_allowed"  # before own_auction
    assert sale.bid("sam", 1, 1) == "own_auction"  # before not_open
    assert sale.bid("ann", 1, 1) == "not_open"  # before too_low
    assert sale.buy("ann", 1, 10) == "buy_now_gone"
    assert sale.bid("ann", 1000, 11) == "leading"
    assert sale.bid("ann", 1, 12) == "already_leading"  # before too_low
    assert sale.bid("bob", 1049, 12) == "too_low 1050"
    assert sale.bid("bob", 2101, 12) == "jump_too_large 2100"
    assert sale.bid("sam", 1, END + 7) == "own_auction"  # before closed
    assert sale.bid("ann", 1, END) == "closed 7"  # its time does not fall back

    called_off = listed(**soon)
    called_off.do("Cancel", 1, reason="stolen")
    assert called_off.bid("sam", 1, END + 7) == "own_auction"  # before cancelled
    assert called_off.bid("ann", 1, END + 7) == "cancelled"  # before not_open and closed

    bought = listed(buy_now_price=8000)
    assert bought.buy("ann", 7999, 1) == "buy_now_changed 8000"
    assert bought.buy("ann", 8000, 2) == "bought"
    assert bought.buy("bob", 8000, 5) == "closed 3"  # before buy_now_gone
    assert listed().bid("ann", 9000, END) == "closed 0"

    falling = listed(**DUTCH)
    assert falling.bid("ann", 699, 1000) == "price_above_amount 700"


def test_a_refusal_is_an_event_but_not_where_there_is_no_auction() -> None:
    sale = listed()
    before = sale.standing.seq
    sale.bid("ann", 1, 1)
    assert sale.standing.seq == before + 1 == sale.answer.seq
    nothing = Sale()
    nothing.bid("ann", 1, 1)
    assert (nothing.auction, nothing.events) == (None, [])


def test_other_commands_are_refused_in_order_too() -> None:
    sale = listed()
    assert sale.do("Amend", 1, role="bidder", terms=sale.now.terms) == "not_allowed"
    assert sale.do("Amend", 1, terms=sale.now.terms) == "terms_fixed"
    assert sale.do("List", 1, role="bidder", terms=sale.now.terms) == "not_allowed"
    assert sale.do("List", 1, terms=sale.now.terms) == "already_listed"
    assert sale.do("Approve", 1, role="bidder") == "not_allowed"
    assert sale.do("Approve", 1) == "wrong_state"
    assert sale.retract("ann", 1, role="seller", reason=" ") == "not_allowed"
    assert sale.retract("ann", 1, reason=" ") == "wrong_state"  # he has no bid
    sale.bid("ann", 1000, 2)
    assert sale.retract("ann", 3, reason=" ") == "reason_missing"
    assert sale.do("Cancel", 3, reason="") == "reason_missing"
    assert sale.do("Cancel", END, reason="") == "wrong_state"


# Idempotency


def test_a_key_gives_the_first_answer_whole() -> None:
    sale = listed()
    sale.bid("ann", 5000, 1, key="k")
    first = sale.answer
    sale.bid("bob", 9000, 2, key="k")  # another bidder's key is another key
    after = sale.now.seq
    assert sale.bid("ann", 5000, 3, key="k", confirm_jump=False) == "leading"
    assert sale.answer == first
    assert sale.now.seq == after
    assert sale.bid("ann", 5001, 4, key="k") == "key_reused"
    assert sale.bid("ann", 5000, 4, key="k", confirm_jump=True) == "key_reused"
    assert sale.buy("ann", 5000, 4, key="k") == "key_reused"
    assert sale.bid("ann", 5000, 4, key="k") == "leading"  # still the first answer
    assert sale.do("Cancel", 5, by="ann", key="k", reason="x") == "key_reused"  # a key is one for all commands


def test_keys_live_a_day_past_the_end_then_only_a_stub_is_left() -> None:
    sale = listed()
    sale.bid("ann", 5000, 1, key="k")
    assert sale.bid("ann", 5000, END + DAY - 1, key="k") == "leading"
    assert not sale.now.retired
    assert sale.bid("ann", 5000, END + DAY, key="k") == f"closed {DAY}"
    assert sale.bid("ann", 9, END + DAY, role="none") == f"closed {DAY}"  # nobody is known any more
    assert (sale.now.retired, sale.now.entries, sale.standing.status) == (True, [], "sold")

    pending = listed(reserve_price=4000, sale_terms="on_approval")  # two days to approve
    pending.bid("ann", 2000, 1, key="k")
    assert pending.bid("ann", 2000, END + 2 * DAY - 1, key="k") == "leading"
    assert pending.bid("ann", 2000, END + 3 * DAY - 1, key="k") == "leading"
    assert pending.bid("ann", 2000, END + 3 * DAY, key="k") == f"closed {3 * DAY}"


# English


def test_proxy_bids_lead_up_to_their_maximum() -> None:
    sale = listed()
    assert sale.bid("ann", 999, 1) == "too_low 1000"
    assert sale.bid("ann", 5000, 2) == "leading"
    assert (sale.standing.price, sale.standing.minimum_next) == (1000, 1050)
    assert sale.bid("bob", 2000, 3) == "outbid_by_higher_maximum"
    assert (sale.standing.price, sale.standing.leader) == (2050, "Bidder 1")
    assert sale.bid("bob", 5000, 4) == "outbid_by_earlier_equal"
    assert (sale.standing.price, sale.standing.leader) == (5000, "Bidder 1")
    assert sale.bid("ann", 5000, 5) == "not_above_own_maximum 5001"
    assert sale.bid("ann", 5001, 5) == "leading"
    assert sale.standing.price == 5001  # a leader held at his own maximum goes up towards 5000 + 100
    assert sale.bid("bob", 9000, 6) == "leading"
    assert (sale.standing.price, sale.standing.leader, sale.standing.bids) == (5101, "Bidder 2", 5)
    assert (position(sale.now, "bob").your_maximum, position(sale.now, "bob").your_minimum) == (9000, 9001)
    assert (position(sale.now, "ann").state, position(sale.now, "ann").your_minimum) == ("outbid", 5201)


def test_the_reserve_lifts_the_price_once_it_is_reached() -> None:
    sale = listed(reserve_price=4000)
    sale.bid("ann", 3999, 1)
    assert (sale.standing.price, sale.standing.reserve_met) == (1000, False)
    sale.bid("ann", 4000, 2)
    assert (sale.standing.price, sale.standing.reserve_met) == (4000, True)


def test_direct_bids_are_the_price() -> None:
    sale = listed(proxy=False, reserve_price=2000)
    sale.bid("ann", 1500, 1)
    assert (sale.standing.price, sale.standing.minimum_next) == (1500, 1550)
    assert sale.bid("ann", 1549, 2) == "too_low 1550"
    assert sale.bid("ann", 2000, 3) == "leading"  # the reserve was unmet
    assert sale.bid("ann", 9000, 4) == "already_leading"


def test_a_jump_must_be_confirmed_but_not_a_purchase() -> None:
    sale = listed(max_jump_percent=150, buy_now_price=90_000)
    assert sale.bid("ann", 1501, 1) == "jump_too_large 1500"
    assert sale.bid("ann", 1501, 1, confirm_jump=True) == "leading"
    assert sale.bid("ann", 2252, 2) == "jump_too_large 2251"  # 150 % of his own 1501
    assert sale.bid("bob", 1576, 2) == "jump_too_large 1575"
    assert listed(max_jump_percent=150, buy_now_price=90_000).buy("ann", 90_000, 1) == "bought"


# Soft close

BRING_A_TRAILER = {"window_ms": 120_000, "extend_ms": 120_000}


def test_bring_a_trailer_resets_to_two_minutes() -> None:
    sale = listed(soft_close=BRING_A_TRAILER)
    sale.bid("ann", 5000, END - 120_001)
    assert sale.standing.ends_at == END
    sale.bid("bob", 2000, END - 30_000)
    assert sale.standing.ends_at == END + 90_000
    sale.bid("bob", 1, END)  # refused
    sale.bid("ann", 6000, END)  # a hidden raise
    assert sale.standing.ends_at == END + 90_000
    sale.bid("bob", 2200, END + 89_999)
    assert sale.standing.ends_at == END + 209_999
    assert sale.bid("bob", 9000, END + 209_999) == "closed 0"
    assert sale.standing.closed_at == END + 209_999


def test_soft_close_adds_up_to_a_cap_that_extension_moves() -> None:
    sale = listed(soft_close={"window_ms": 60_000, "extend_ms": 30_000, "mode": "add", "max_extension_ms": 40_000})
    sale.bid("ann", 5000, END - 60_000)
    assert sale.standing.ends_at == END + 30_000
    sale.bid("bob", 2000, END - 30_000)
    assert sale.standing.ends_at == END + 40_000
    sale.bid("bob", 2200, END)
    assert sale.standing.ends_at == END + 40_000
    assert sale.do("Extend", END, ends_at=END + 40_000) == "invalid_terms"
    assert sale.do("Extend", END, role="seller", ends_at=END + 50_000) == "not_allowed"
    assert sale.do("Extend", END, ends_at=END + 50_000) == "accepted"
    sale.retract("bob", END + 49_999)  # the price falls: that moves the end as well
    assert (sale.standing.price, sale.standing.ends_at) == (1000, END + 80_000)


# Buy now


def test_buy_now_ends_the_auction() -> None:
    sale = listed(buy_now_price=8000, sale_terms="on_approval")
    assert sale.standing.buy_now_price == 8000
    assert sale.buy("ann", 8000, 6) == "bought"
    shown = sale.standing
    assert (shown.status, shown.price, shown.hammer_price, shown.closed_at) == ("sold", 8000, 8000, 6)
    assert (shown.leader, sale.now.winner, shown.minimum_next, shown.buy_now_price) == ("Bidder 1", "ann", None, None)
    assert (shown.ends_at, position(sale.now, "ann").state) == (END, "won")


def test_buy_now_goes_at_the_first_bid_or_once_the_reserve_is_met_for_good() -> None:
    sale = listed(buy_now_price=8000)
    assert sale.bid("ann", 9000, 1) == "leading"  # a bid never buys
    assert sale.buy("bob", 8000, 2) == "buy_now_gone"
    sale.retract("ann", 3)
    assert (sale.standing.bids, sale.standing.buy_now_price) == (0, None)

    sale = listed(buy_now_price=8000, reserve_price=4000)
    sale.bid("ann", 3999, 1)
    assert sale.standing.buy_now_price == 8000
    sale.bid("bob", 4000, 2)
    assert sale.standing.buy_now_price is None
    sale.retract("bob", 3)
    assert (sale.standing.reserve_met, sale.standing.price) == (False, 1000)
    assert sale.buy("ann", 8000, 4) == "buy_now_gone"


# Dutch


@pytest.mark.parametrize(
    ("at", "price"), [(500, 1000), (1499, 1000), (1500, 700), (2500, 400), (3500, 200), (9999, 200)]
)
def test_a_dutch_price_falls_by_the_clock(at: int, price: int) -> None:
    sale = listed(starts_at=500, **DUTCH)
    assert sale.bid("ann", 1000, 499) == "not_open"
    shown = sale.tick(at)
    assert (shown.price, shown.minimum_next) == (price, price)
    assert sale.bid("ann", price - 1, at) == f"price_above_amount {price}"
    assert sale.bid("ann", price + 99, at) == "bought"
    assert (sale.standing.hammer_price, sale.standing.closed_at, sale.now.winner) == (price, at, "ann")


def test_a_dutch_price_stands_still_when_called_off_and_is_none_when_unsold() -> None:
    sale = listed(**DUTCH)
    sale.do("Cancel", 1500, reason="stolen")
    assert (sale.standing.price, sale.tick(9000).price) == (700, 700)
    assert listed(**DUTCH).tick(END).price is None


# Sealed


def test_sealed_bids_tell_nothing_before_the_end() -> None:
    sale = listed(format="sealed_second_price", reserve_price=2000)
    assert sale.bid("ann", 999, 1) == "too_low 1000"
    for bidder, amount in [("ann", 3000), ("bob", 1000), ("ann", 1500), ("ann", 3000)]:
        assert sale.bid(bidder, amount, 2) == "sealed"
        shown = sale.standing
        assert (shown.price, shown.leader, shown.reserve_met, shown.minimum_next) == (None, None, None, 1000)
    assert shown.bids == 2
    ended = sale.tick(END)
    assert (ended.status, ended.price, ended.leader, ended.reserve_met) == ("sold", 2000, "Bidder 1", True)


def test_of_equal_sealed_bids_the_one_set_first_wins() -> None:
    sale = listed(format="sealed_first_price")
    for bidder, amount in [("ann", 3000), ("bob", 3000), ("ann", 4000), ("ann", 3000), ("bob", 3000)]:
        sale.bid(bidder, amount, 1)
    sale.tick(END)  # ann left her 3000 and came back to it; bob only repeated his
    assert (sale.now.winner, sale.standing.price) == ("bob", 3000)


def test_a_sealed_reserve_unmet_leaves_envelopes_shut() -> None:
    sale = listed(format="sealed_first_price", reserve_price=5000)
    sale.bid("ann", 4999, 1)
    ended = sale.tick(END)
    assert (ended.status, ended.price, ended.leader, ended.reserve_met) == ("unsold", None, None, False)


# Who is told


def test_who_is_told_of_an_event() -> None:
    sale = listed()

    def told(bidder: str, amount: int) -> list[str]:
        before = sale.now.ladder.leader
        sale.bid(bidder, amount, 1)
        return concerned(sale.events[-1], before, sale.now)

    assert told("ann", 2000) == ["ann"]
    assert told("bob", 1) == []  # refused: the answer tells him
    assert told("bob", 1500) == ["bob", "ann"]
    assert told("cat", 5000) == ["cat", "ann"]
    assert told("cat", 6000) == ["cat"]
    sale.tick(END)
    assert concerned(sale.events[-1], "cat", sale.now) == ["ann", "bob", "cat"]
    bought = listed(buy_now_price=8000, reserve_price=7000)
    bought.bid("ann", 2000, 1)
    bought.buy("bob", 8000, 2)
    assert concerned(bought.events[-1], "ann", bought.now) == ["ann", "bob"]
