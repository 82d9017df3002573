"""Why a bid was decided so: in words and as data, from what was public and its own amount."""

from tests.rules.sale import END, Sale, listed
from vendue.rules.why import Why, whys


def told(sale: Sale) -> list[Why]:
    return list(whys(sale.events))


def contested() -> Sale:
    sale = listed(reserve_price=4000, soft_close={"window_ms": 10, "extend_ms": 20})
    for bidder, amount, at in [("ann", 3000, 5), ("bob", 1, 6), ("bob", 2000, 7), ("cat", 7000, END - 4)]:
        sale.bid(bidder, amount, at)
    sale.tick(END + 100)
    sale.bid("dan", 9000, END + 101)
    return sale


def test_every_bid_is_told_as_it_was_decided() -> None:
    found = told(contested())
    assert [each.decision for each in found] == ["leading", "too_low", "outbid_by_higher_maximum", "leading", "closed"]
    assert [each.alias for each in found] == ["Bidder 1", None, "Bidder 2", "Bidder 3", None]
    first, low, outbid, last, late = (each.words for each in found)
    assert first.startswith("Accepted: the first bid that counts") and "from nothing to" in first
    assert "Refused: The bid is too low; the minimum is" in low
    assert "Bidder 1 had bid a higher maximum before" in outbid
    assert "Bidder 1 had bid less" in last and "The reserve was met" in last
    assert [each.met_reserve for each in told(contested())] == [False, False, False, True, False]
    assert "0.004 s before the end, which moved by" in last
    assert "Bidding is over (0." in late


def test_what_ended_a_lead_is_told_and_nothing_where_none_did() -> None:
    first, low, outbid, last, _ = told(contested())
    assert first.fate is not None and (first.fate.seq, first.fate.at) == (6, END - 4)
    assert "Bidder 3" in first.fate.words
    assert (first.fate.kind, first.fate.leader, first.fate.status) == ("outbid", "Bidder 3", "live")
    assert last.fate is not None and "led to the end of the bidding: sold" in last.fate.words
    assert (last.fate.kind, last.fate.leader, last.fate.status) == ("ended", "Bidder 3", "sold")
    assert low.fate is outbid.fate is None
    sale = listed()
    sale.bid("ann", 3000, 5)
    assert told(sale)[0].fate is None, "it leads still"


def test_a_retraction_and_a_raise_end_a_lead_too() -> None:
    sale = listed()
    sale.bid("ann", 3000, 5)
    sale.bid("ann", 4000, 6)
    sale.retract("ann", 7, reason="stolen card")
    first, second = told(sale)
    assert first.fate is not None and "later bid of the same bidder" in first.fate.words
    assert second.words.startswith("Accepted: it raised") and second.fate is not None
    assert (first.fate.kind, second.fate.kind, second.fate.reason) == ("raised", "retracted", "stolen card")
    assert second.fate.words == "Void: the auctioneer retracted the bids of Bidder 1. stolen card"


def test_no_other_maximum_is_told() -> None:
    """Two sales that differ in the leader's maximum alone are told alike to whoever was outbid."""
    sales = []
    for maximum in (60_000, 70_000):
        sale = listed()
        sale.bid("ann", maximum, 5)
        sale.bid("bob", 20_000, 6)
        sales.append(told(sale)[1])
    assert sales[0] == sales[1]
