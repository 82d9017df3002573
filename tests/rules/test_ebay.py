"""The rules against 366 real auctions, bid by bid."""

import csv
from itertools import groupby
from pathlib import Path

import pytest

from .sale import listed


def test_343_of_366_ebay_auctions_end_at_the_published_price(shared: Path) -> None:
    source = shared / "data" / "ebay-bids.csv"
    if not source.exists():
        pytest.skip(f"{source} is missing")
    with source.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["auction"])
    exact = total = 0
    for _, bids in groupby(rows, key=lambda row: row["auction"]):
        in_order = sorted(bids, key=lambda row: int(row["placed_at_ms"]))
        end = int(in_order[-1]["placed_at_ms"]) + 1
        sale = listed(ends_at=end, starting_price=int(in_order[0]["opening_bid_cents"]))
        for row in in_order:
            sale.bid(row["bidder"], int(row["amount_cents"]), int(row["placed_at_ms"]))
        exact += sale.tick(end).hammer_price == int(in_order[0]["closing_price_cents"])
        total += 1
    assert (exact, total) == (343, 366)
