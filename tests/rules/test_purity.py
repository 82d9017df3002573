"""Deciding changes nothing, the log alone decides, and state survives both its events and its checkpoints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendue.rules.auction import Auction, apply
from vendue.rules.checkpoint import parts_since, restore
from vendue.rules.commands import Command, decode, encode
from vendue.rules.decide import decide, step
from vendue.rules.evidence import read

from .conftest import SOME_RUNS
from .match import Match
from .moves import AFTERWARDS, KINDS, MOVES, terms_drawn

Log = list[tuple[Command, int]]


def a_log(data: st.DataObject, kind: str) -> Log:
    """The log of an auction played at random."""
    return Match(data.draw(terms_drawn(kind))).play(data.draw(MOVES | AFTERWARDS)).sale.log


def copy_of(auction: Auction | None) -> Auction | None:
    return None if auction is None else restore(parts_since(auction, 0))


def run(log: Log, auction: Auction | None = None) -> tuple[Auction | None, list[bytes]]:
    values = []
    for command, at in log:
        auction, events = step(auction, command, at)
        values += [event.value for event in events]
    return auction, values


@pytest.mark.parametrize("kind", KINDS)
@SOME_RUNS
@given(data=st.data())
def test_deciding_changes_nothing_and_asks_nothing_but_the_log(kind: str, data: st.DataObject) -> None:
    auction: Auction | None = None
    for command, at in a_log(data, kind):
        before = copy_of(auction)
        assert auction == before
        first, second = decide(auction, command, at), decide(auction, command, at)
        assert auction == before, "decide changed the auction"
        assert first == second
        assert first == decide(before, decode(encode(command)), at)
        auction, stepped = step(auction, command, at)
        assert stepped == first


@pytest.mark.parametrize("kind", KINDS)
@SOME_RUNS
@given(data=st.data())
def test_events_read_back_and_applied_give_the_same_state(kind: str, data: st.DataObject) -> None:
    stepped: Auction | None = None
    applied: Auction | None = None
    for command, at in a_log(data, kind):
        stepped, events = step(stepped, command, at)
        for event in events:
            applied = apply(applied, read(event.value))
        assert stepped is not None and applied is not None
        # Records without an event of their own move time, and time alone retires: neither is in the events.
        applied.now = stepped.now
        if stepped.retired and not applied.retired:
            applied.retire()
        assert applied == stepped


@pytest.mark.parametrize("kind", KINDS)
@SOME_RUNS
@given(data=st.data())
def test_a_restored_auction_goes_on_as_if_never_saved(kind: str, data: st.DataObject) -> None:
    log = a_log(data, kind)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(log)), min_size=1, max_size=4), "saved after"))
    whole, values = run(log)
    parts: dict[str, bytes] = {}
    saved = 0
    auction: Auction | None = None
    for start, end in zip([0, *cuts[:-1]], cuts, strict=True):
        auction, _ = run(log[start:end], auction)
        assert auction is not None
        if auction.retired:
            parts, saved = {}, 0
        parts |= parts_since(auction, saved)
        saved = len(auction.entries)
        assert restore(parts) == auction
    restored, rest = run(log[cuts[-1] :], restore(parts))
    assert restored == whole
    assert rest == values[len(values) - len(rest) :]


def test_a_checkpoint_writes_each_entry_once() -> None:
    match = Match({"format": "english", "currency": "USD", "starts_at": 0, "ends_at": 10**6, "starting_price": 100})
    for amount in range(100, 5_000, 100):
        match.sale.bid(f"b{amount % 3}", amount, 200)
    auction = match.sale.now
    assert set(parts_since(auction, len(auction.entries))) == {"head"}
    last = parts_since(auction, len(auction.entries) - 1)
    assert len(last) == 2
    assert sum(map(len, last.values())) < sum(map(len, parts_since(auction, 0).values())) / 5
