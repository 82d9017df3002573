"""What other terms would have made of the same bids."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules.sale import END, Sale, listed
from vendue.audit import Line, Wrong, command_of, event_of, read_lines
from vendue.what_if import WhatIf, read_changes, what_if


def bids() -> Sale:
    sale = listed(reserve_price=9000)
    sale.bid("ann", 3000, 5)
    sale.bid("bob", 8000, 6)
    sale.tick(END)
    return sale


def would_be(sale: Sale, *changes: str) -> WhatIf:
    return what_if("A", [(at, command) for command, at in sale.log], read_changes(changes))


def test_without_its_reserve_it_would_have_been_sold() -> None:
    found = would_be(bids(), "reserve=null")
    assert (found.was.status, found.was.winner) == ("unsold", None)
    assert (found.would_be.status, found.would_be.winner, found.would_be.price) == ("sold", "bob", 3100)
    assert found.was.accepted == found.would_be.accepted == 2


def test_coarser_increments_refuse_more_and_raise_the_price() -> None:
    found = would_be(bids(), "reserve=null", "increments=[[0, 6000]]")
    assert (found.would_be.winner, found.would_be.accepted) == ("bob", 2)
    assert found.would_be.price == 8000


def test_what_is_unchanged_is_as_it_was() -> None:
    found = would_be(bids(), "reserve=9000")
    assert found.was == found.would_be


def test_a_sale_that_would_end_later_is_decided_to_its_end() -> None:
    found = would_be(bids(), f"ends_at={END + 50}", "reserve=null")
    assert (found.would_be.status, found.would_be.ends_at) == ("sold", END + 50)


@pytest.mark.parametrize(("change", "said"), [("reserve=5", "reserve_price must be"), ("nope=5", "Invalid key nope")])
def test_terms_that_could_not_have_been_are_named(change: str, said: str) -> None:
    with pytest.raises(Wrong, match=said):
        would_be(bids(), change)


_BID = {"type": "bid", "auction": "A", "id": "i", "by": "ann", "role": "bidder", "salt": "00", "amount": 5}


@pytest.mark.parametrize(
    ("topic", "read", "value"),
    [
        ("bids", command_of, {"type": "nope"}),
        ("bids", command_of, {**_BID, "salt": "no hex"}),
        ("auction-events", event_of, {"type": "nope"}),
    ],
)
def test_a_record_that_is_malformed_is_named(topic: str, read: Callable[[Line], object], value: object) -> None:
    text = {"topic": topic, "partition": 0, "offset": 3, "at": 1, "key": "A", "value": value}
    (line,) = read_lines([json.dumps(text).encode()])
    with pytest.raises(Wrong, match="offset 3 is malformed"):
        read(line)


def test_a_record_that_is_sound_is_read() -> None:
    text = {"topic": "bids", "partition": 0, "offset": 3, "at": 1, "key": "A", "value": _BID}
    assert [command_of(line).auction for line in read_lines([json.dumps(text).encode()])] == ["A"]


def test_the_command_tells_both(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(
        "auction,opening_bid_cents,bidder,amount_cents,placed_at_ms\na,1000,ann,5000,10\na,1000,bob,5050,20\n"
    )

    def vendue(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "vendue.cli", *arguments], capture_output=True, text=True, check=False
        )

    done = vendue("replay", str(file), "--what-if", "proxy=false", "--what-if", "increments=us")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["was"]["winner"], told["was"]["price"]) == ("bob", 5050)
    assert (told["would_be"]["winner"], told["would_be"]["refused"]) == ("ann", 1)
    assert json.loads(done.stderr)["another_winner"] == 1
    wrong = vendue("replay", str(file), "--what-if", "reserve")
    assert wrong.returncode == 2 and "NAME=VALUE" in wrong.stderr
