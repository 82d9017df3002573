"""A finished sale's public log, with receipts and openings: what is wrong is named, and nobody is told more."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import encode
from msgspec.structs import replace

from tests.audit.changes import BIDS, CHANGED, MADE_ANEW, SALE, Change, Value, changed
from tests.audit.sold import FORGER, HOUSE, KEYS, lines, made_anew, openings_of, public, receipt_of
from tests.rules.conftest import RUNS
from tests.rules.match import Match
from tests.rules.moves import AFTERWARDS, KINDS, MOVES, terms_drawn
from tests.rules.sale import END, Sale, listed
from vendue.audit import Proofs, Wrong, audit
from vendue.audit.proofs import read_heads, read_keys, read_openings, read_receipts
from vendue.chain import canonical
from vendue.rules.claims import Claim


def fault(values: list[Value], **proofs: Any) -> str | None:
    [verdict] = audit(lines(values), Proofs(**{"keys": KEYS, **proofs}))
    return verdict.fault


def test_a_good_log_holds_with_everything_that_is_proved_of_it() -> None:
    receipts = tuple(receipt_of(SALE, place) for place in range(1, len(SALE.events)))
    openings = read_openings(openings_of(SALE, "cat"))
    [verdict] = audit(lines(public(SALE)), Proofs(KEYS, receipts, openings))
    assert verdict.fault is None
    assert (verdict.events, verdict.head, verdict.receipts, verdict.openings) == (len(SALE.events), True, 8, 1)
    assert (verdict.status, verdict.winner, verdict.price) == ("sold", "Bidder 3", SALE.standing.hammer_price)


@pytest.mark.parametrize("kind", KINDS)
@RUNS
@given(data=st.data())
def test_no_sale_by_the_rules_is_found_wanting(kind: str, data: st.DataObject) -> None:
    moves = data.draw(MOVES) if kind == "proxy" else data.draw(AFTERWARDS)
    sale = Match(data.draw(terms_drawn(kind))).play(moves).sale
    assert fault(public(sale)) is None


@pytest.mark.parametrize(("change", "named"), CHANGED)
def test_the_first_wrong_event_is_named(change: Change, named: str) -> None:
    found = fault(change(public(SALE)))
    assert found is not None and named in found, found


@pytest.mark.parametrize(("change", "named"), MADE_ANEW)
def test_a_house_that_makes_its_log_anew_cannot_sell_what_is_sold(change: Change, named: str) -> None:
    found = fault(made_anew(change(public(SALE))))
    assert found is not None and named in found, found
    assert fault(made_anew(public(SALE))) is None, "only the change is at fault"


# Receipts and openings


def test_a_receipt_shows_a_log_that_was_made_anew() -> None:
    receipt = receipt_of(SALE, BIDS[0])
    anew = made_anew(changed(BIDS[0], amount=1)(public(SALE)))
    assert fault(anew) is None, "which nothing else would"
    assert "event 3 (bid) is not the one of the receipt" in (fault(anew, receipts=(receipt,)) or "")


def test_a_receipt_shows_an_end_that_was_cut_off() -> None:
    short = made_anew([*public(SALE)[:-2], public(SALE)[-1]])
    assert fault(short) is None
    receipts = (receipt_of(SALE, len(SALE.events) - 1),)
    assert "event 9, of which there is a receipt, is missing" in (fault(short, receipts=receipts) or "")


@pytest.mark.parametrize(
    ("forged", "named"),
    [
        (replace(receipt_of(SALE, 2), hash="0" * 64), "the receipt of event 3 is forged"),
        (replace(receipt_of(SALE, 2), at=7), "the receipt of event 3 is forged"),
        (replace(receipt_of(SALE, 2), seq=4), "the receipt of event 4 is forged"),
        (replace(receipt_of(SALE, 2), signature="no"), "the receipt of event 3 is forged"),
        (receipt_of(SALE, 2, FORGER), "which is none of the house's"),
    ],
)
def test_a_forged_receipt_is_named(forged: Any, named: str) -> None:
    assert named in (fault(public(SALE), receipts=(forged,)) or "")


def test_a_kept_head_shows_a_log_that_was_made_anew() -> None:
    head = read_heads(encode(public(SALE)[-1]))
    assert fault(public(SALE), heads=head) is None
    anew = made_anew(changed(BIDS[0], amount=1)(public(SALE)))
    assert "event 9 is not the one of the head" in (fault(anew, heads=head) or "")
    short = made_anew([*public(SALE)[:-2], public(SALE)[-1]])
    assert "event 9, of which there is a head, is missing" in (fault(short, heads=head) or "")
    assert "the head of event 9 is forged" in (fault(public(SALE), heads=(replace(head[0], at=7),)) or "")


def test_a_head_is_no_receipt() -> None:
    head = read_receipts(encode(public(SALE)[-1]["head"]))
    assert "the receipt of event 9 is forged" in (fault(public(SALE), receipts=head) or "")


def test_an_answer_to_a_bid_is_a_receipt_as_it_came() -> None:
    evidence = HOUSE.sign("receipt", Claim("A", 3, 5, SALE.events[2].hash))
    told = {"data": {"documentId": "x", "evidence": evidence}, "meta": {}}
    refused = {"data": None, "error": {"status": 409, "details": {"evidence": evidence}}}
    for answer in (told, refused, {"id": 4, "receipt": told}, evidence):
        assert read_receipts(encode(answer)) == (receipt_of(SALE, 2),)
    assert len(read_receipts(encode(told) + b"\n" + encode(refused))) == 2


def test_an_opening_proves_what_was_bid_and_nothing_else_opens() -> None:
    [opening] = read_openings(openings_of(SALE, "cat"))
    assert opening.hidden["amount"] == 7000
    lie = replace(opening, hidden={**opening.hidden, "amount": 6999})
    elsewhere = replace(opening, seq=3)
    assert "event 6 (bid) is not what the opening says" in (fault(public(SALE), openings=(lie,)) or "")
    assert "event 3 (bid) is not what the opening says" in (fault(public(SALE), openings=(elsewhere,)) or "")


def test_what_names_others_is_not_opened() -> None:
    assert openings_of(SALE, "ada") == b"", "who retracted: it names the bidder"
    sale = listed(seller_ids=("ada", "sal"))
    assert openings_of(sale, sale.events[0].hidden.by) == b"", "who listed: it names who may not bid with him"
    alone = listed(reserve_price=4000)
    assert b'"reserve_price":4000' in openings_of(alone, alone.events[0].hidden.by)


@pytest.mark.parametrize("text", [b"", b"{}", b'{"keys": []}', b'{"keys": [{"crv": "Ed25519", "x": "AA"}]}', b"[1]"])
def test_what_are_no_keys_is_said(text: bytes) -> None:
    with pytest.raises(Wrong, match="well-known"):
        read_keys(text)


@pytest.mark.parametrize(
    "text", [b"no", b"[]", b'{"auction": "A"}', b'{"auction": "A", "seq": 1, "at": 1, "hash": "0"}']
)
def test_what_is_no_receipt_is_said(text: bytes) -> None:
    with pytest.raises(Wrong, match="The file of receipts"):
        read_receipts(text)


@pytest.mark.parametrize("value", [{}, {"head": 1}, {"auction": 1}, {"topic": "bids"}, [], {"auction": "A"}])
def test_any_other_line_is_named_and_nothing_breaks(value: Any) -> None:
    values = [*public(SALE)[:-1], value, public(SALE)[-1]]
    if value == {"auction": "A"}:
        assert "event 10 (None) has seq None" in (fault(values) or "")
        return
    with pytest.raises(Wrong, match="line 10 is no record"):
        audit(lines(values))


# Blinding


def _differences(one: list[Value], other: list[Value]) -> set[str]:
    """The attributes in which two downloads differ."""
    assert len(one) == len(other)
    return {
        name for a, b in zip(one[:-1], other[:-1], strict=True) for name in a.keys() | b if a.get(name) != b.get(name)
    }


PEOPLE = st.lists(st.text("ghijklmnop", min_size=24, max_size=24), min_size=3, max_size=3, unique=True)


def _maximum(people: list[str], hidden: int) -> Sale:
    sale = listed(reserve_price=90_000_000 + hidden, seller_ids=(people[2],))
    sale.bid(people[0], 5_000_000 + hidden, 1)
    sale.bid(people[1], 3000, 2)
    sale.bid(people[1], 1 + hidden % 900, 3)
    sale.tick(END)
    return sale


def _sealed(people: list[str], hidden: int) -> Sale:
    sale = listed(format="sealed_first_price", reserve_price=90_000_000 + hidden)
    for bidder, amount in zip(people, (5_000_000, 6_000_000, 4_000_000), strict=True):
        sale.bid(bidder, amount + hidden, 1)
    sale.tick(END)
    return sale


@pytest.mark.parametrize("play", [_maximum, _sealed])
@RUNS
@given(one=PEOPLE, other=PEOPLE, hidden=st.tuples(st.integers(0, 999), st.integers(0, 999)))
def test_the_public_log_tells_no_maximum_no_envelope_and_nobody(
    play: Callable[[list[str], int], Sale], one: list[str], other: list[str], hidden: tuple[int, int]
) -> None:
    sales = play(one, hidden[0]), play(other, hidden[1])
    downloads = [public(sale) for sale in sales]
    assert _differences(*downloads) <= {"commitment", "prev", "hash"}
    text = b"".join(lines(downloads[0])).decode()
    assert not any(person in text for person in one)


@pytest.mark.parametrize("play", [_maximum, _sealed])
def test_no_amount_can_be_guessed_without_its_salt(play: Callable[[list[str], int], Sale]) -> None:
    people = ["ann", "bob", "cat"]
    sale = play(people, 321)
    told = {line.get("commitment") for line in public(sale)}
    found, opened = 0, 0
    for event in sale.events:
        if event.hidden is None or event.hidden.amount is None:
            continue
        hidden = json.loads(canonical(event.hidden))
        for amount in range(hidden["amount"] - 400, hidden["amount"] + 400):
            guess = canonical({**hidden, "amount": amount, "what": f"bid:{amount}"})  # all but the salt is known
            for salt in (b"", bytes(16), b"A", hidden["by"].encode()):
                found += sha256(salt + guess).hexdigest() in told
            opened += sha256(bytes.fromhex(event.salt) + guess).hexdigest() in told
    assert (found, opened) == (0, 3), "with the salt it can, once each"
