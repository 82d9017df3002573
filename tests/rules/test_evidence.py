"""The hash chain as an outsider checks it, with a few lines of his own; and what the public part must not tell."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendue.chain import GENESIS
from vendue.rules.events import Event, Placed
from vendue.rules.evidence import read

from .conftest import RUNS
from .match import Match
from .moves import AFTERWARDS, KINDS, MOVES, terms_drawn
from .sale import END, Sale, listed

OUTSIDE = ("hash", "hidden", "salt")


def compact(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def public(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in OUTSIDE}


def chain_holds(values: list[bytes]) -> bool:
    """What an auditor does; what is no JSON, no number or not there is noticed as well."""
    try:
        return every_link_holds(values)
    except (ValueError, KeyError, TypeError):
        return False


def every_link_holds(values: list[bytes]) -> bool:
    """Every hash and commitment computed again."""
    previous = GENESIS
    for number, value in enumerate(values, 1):
        event = json.loads(value)
        opening = bytes.fromhex(event.get("salt", "")) + compact(event["hidden"]) if "hidden" in event else None
        commitment = sha256(opening).hexdigest() if opening is not None else ""
        digest = sha256(compact(public(event))).hexdigest()
        got = (event["seq"], event["prev"], event["commitment"], event["hash"])
        if got != (number, previous, commitment, digest):
            return False
        previous = digest
    return True


def sold() -> Sale:
    sale = listed(reserve_price=4000, seller_ids=("sam",))
    for bidder, amount in [("ann", 3000), ("bob", 1), ("bob", 2000), ("sam", 5000), ("cat", 7000)]:
        sale.bid(bidder, amount, 5)
    sale.retract("ann", 6, reason="élan “∞”")
    sale.tick(END)
    return sale


def values_of(sale: Sale) -> list[bytes]:
    return [event.value for event in sale.events]


@pytest.mark.parametrize("kind", KINDS)
@RUNS
@given(data=st.data())
def test_every_chain_holds_and_reads_back(kind: str, data: st.DataObject) -> None:
    moves = data.draw(MOVES) if kind == "proxy" else data.draw(AFTERWARDS)
    sale = Match(data.draw(terms_drawn(kind))).play(moves).sale
    assert chain_holds(values_of(sale))
    assert sale.now.hash == sale.events[-1].hash
    for event in sale.events:
        assert read(event.value) == event


def test_any_other_event_breaks_the_chain() -> None:
    values = values_of(sold())
    assert chain_holds(values)
    for place in range(len(values) - 1):
        assert not chain_holds(values[:place] + values[place + 1 :]), "one dropped"
        assert not chain_holds([*values[:place], values[place + 1], values[place], *values[place + 2 :]]), "two swapped"
        assert not chain_holds(values[: place + 1] + values[place:]), "one twice"


def changes_of(value: Any) -> Any:
    """A JSON value with one thing in it changed, in every way."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from ({**value, name: changed} for changed in changes_of(each))
            yield {other: kept for other, kept in value.items() if other != name}
    elif isinstance(value, list):
        yield [*value, 1]
    else:
        yield {bool: lambda: not value, int: lambda: value + 1, str: lambda: value + "0"}.get(type(value), lambda: 7)()


def test_any_changed_value_breaks_the_chain() -> None:
    values = values_of(sold())
    tried = 0
    for place, value in enumerate(values):
        for changed in changes_of(json.loads(value)):
            tried += 1
            assert not chain_holds([*values[:place], compact(changed), *values[place + 1 :]]), changed
    assert tried > 300


def test_any_changed_byte_breaks_the_chain() -> None:
    values = values_of(sold())
    for place, value in enumerate(values):
        for at in range(0, len(value), 7):
            flipped = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
            assert not chain_holds([*values[:place], flipped, *values[place + 1 :]]), flipped


# What the public part tells


def public_bytes(events: list[Event]) -> bytes:
    return b"\n".join(compact(public(json.loads(event.value))) for event in events)


def test_ids_and_keys_are_never_public() -> None:
    sale = sold()
    told = public_bytes(sale.events)
    secrets = [b"ann", b"bob", b"cat", b'"sam"', b'"ada"']
    for command, _ in sale.log:
        secrets += [each.encode() for each in (getattr(command, "id", ""), getattr(command, "salt", "")) if each]
    assert [secret for secret in secrets if secret in told] == []
    known = b"".join(values_of(sale))
    assert all(secret in known for secret in secrets), "the auditor sees them"


RESERVE, HIGH, RAISED, REFUSED, OFFER = 7_654_321, 5_432_109, 5_876_543, 1_111_777, 6_543_987


@pytest.mark.parametrize("proxy", [True, False])
def test_reserve_and_maximums_are_hidden_while_they_are_secret(proxy: bool) -> None:
    sale = listed(reserve_price=RESERVE, sale_terms="on_approval", proxy=proxy, seller_ids=("sal",))
    for bidder, amount in [("ann", HIGH), ("ann", RAISED)] if proxy else [("ann", 2000)]:
        sale.bid(bidder, amount, 1)
    assert sale.bid("sal", REFUSED, 2) == "own_auction"
    sale.bid("bob", 3000, 3)
    sale.tick(END)
    assert sale.do("Counter", END + 1, price=OFFER) == "accepted"
    assert sale.do("DeclineOffer", END + 2, by="ann" if proxy else "bob", role="bidder") == "accepted"
    told = public_bytes(sale.events)
    assert [each for each in (RESERVE, HIGH, RAISED, REFUSED, OFFER) if str(each).encode() in told] == []
    known = b"".join(values_of(sale))
    assert all(str(each).encode() in known for each in (RESERVE, REFUSED, OFFER)), "the auditor sees them"


def test_a_maximum_comes_out_only_as_far_as_the_price() -> None:
    sale = listed()
    sale.bid("ann", HIGH, 1)
    sale.bid("bob", 3000, 2)
    first, second = (event.body for event in sale.events if type(event.body) is Placed)
    assert (first.amount, second.amount) == (1000, 3000)  # the leader's at most the price, an outbid one its own


@pytest.mark.parametrize("kind", ["sealed_first_price", "sealed_second_price"])
def test_sealed_amounts_are_hidden_to_the_end_and_the_losers_for_good(kind: str) -> None:
    sale = listed(format=kind, reserve_price=1_234_567)
    for bidder, amount in [("ann", HIGH), ("bob", RAISED), ("cat", REFUSED), ("dan", 7)]:
        sale.bid(bidder, amount, 1)
    sale.retract("cat", 2)
    secrets = [str(each).encode() for each in (HIGH, RAISED, REFUSED, 1_234_567)]
    told = public_bytes(sale.events)
    assert [secret for secret in secrets if secret in told] == []
    sale.tick(END)
    price = {"sealed_first_price": RAISED, "sealed_second_price": HIGH}[kind]
    told = public_bytes(sale.events)
    assert [secret for secret in secrets if secret in told] == [str(price).encode()]


def test_a_refusal_tells_the_public_nothing() -> None:
    sale = listed()
    sale.bid("ann", HIGH, 1)
    sale.bid("ann", HIGH - 1, 2)
    sale.bid("bob", 1, 2)
    one, other = (public(json.loads(event.value)) for event in sale.events[-2:])
    for told in (one, other):
        told.pop("prev"), told.pop("commitment"), told.pop("seq"), told["standing"].pop("seq")
    assert one == other


def test_a_commitment_cannot_be_guessed_without_its_salt() -> None:
    one, other = listed(), listed()
    one.bid("ann", 5000, 1)
    other.tick(1)
    other.bid("ann", 5000, 1, key="key 1")  # the same key: only the salt differs
    first, second = one.events[-1], other.events[-1]
    assert first.hidden == second.hidden
    assert first.body.commitment != second.body.commitment
