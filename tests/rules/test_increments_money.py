"""Increment tables at every boundary, amounts and currencies."""

from __future__ import annotations

import pytest

from vendue.rules.events import Details
from vendue.rules.increments import increment, table
from vendue.rules.money import EXPONENTS, MAX_AMOUNT, is_amount, show
from vendue.rules.refusals import sentence

from .oracle_prices import exponent_of

US = [(0, 5), (100, 25), (500, 50), (2_500, 100), (10_000, 250), (25_000, 500), (50_000, 1_000), (100_000, 2_500)]
US += [(250_000, 5_000), (500_000, 10_000)]
CARS = [(1, 1), (5, 5), (40, 10), (100, 25), (1_000, 50), (5_000, 100), (25_000, 250), (50_000, 500), (100_000, 1_000)]
OWN = ((100, 7), (200, 3), (1000, 11))


def check_boundaries(steps: list[tuple[int, int]], name: object, currency: str) -> None:
    for place, (start, step) in enumerate(steps):
        before = steps[max(0, place - 1)][1]
        assert increment(name, currency, max(0, start - 1)) == (before if start else step)
        assert increment(name, currency, start) == step
        assert increment(name, currency, start + 1) == step or steps[place + 1][0] == start + 1
    assert increment(name, currency, MAX_AMOUNT) == steps[-1][1]


@pytest.mark.parametrize(("currency", "factor"), [("USD", 1), ("KWD", 10), ("CLF", 100)])
def test_us_steps_at_every_boundary(currency: str, factor: int) -> None:
    check_boundaries([(start * factor, step * factor) for start, step in US], "us", currency)


@pytest.mark.parametrize(("currency", "factor"), [("JPY", 1), ("EUR", 100), ("KWD", 1_000), ("UYW", 10_000)])
def test_cars_steps_at_every_boundary(currency: str, factor: int) -> None:
    check_boundaries([(start * factor, step * factor) for start, step in CARS], "cars", currency)
    assert increment("cars", currency, 0) == factor  # the first step also below the table


def test_a_list_of_steps_at_every_boundary() -> None:
    check_boundaries(list(OWN), OWN, "JPY")
    assert increment(OWN, "USD", 1) == 7


def test_us_steps_are_not_whole_without_decimals() -> None:
    for currency in EXPONENTS:
        assert (table("us", currency) is None) == (exponent_of(currency) == 0)
        assert table("cars", currency) is not None


def test_exponents() -> None:
    assert {EXPONENTS[currency] for currency in EXPONENTS} == {0, 2, 3, 4}
    assert {currency: exponent_of(currency) for currency in EXPONENTS} == EXPONENTS
    assert [EXPONENTS[currency] for currency in ("JPY", "ISK", "EUR", "HUF", "TND", "CLF")] == [0, 0, 2, 2, 3, 4]


@pytest.mark.parametrize("value", [1, 12300, 10**12])
def test_amounts(value: object) -> None:
    assert is_amount(value)


@pytest.mark.parametrize("value", [0, -1, 12300.5, 12300.0, "12300", True, None, 10**12 + 1])
def test_what_is_no_amount(value: object) -> None:
    assert not is_amount(value)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (1_234_500, "USD", "USD 12,345.00"),
        (5, "EUR", "EUR 0.05"),
        (1_234_567, "JPY", "JPY 1,234,567"),
        (1_234_567, "KWD", "KWD 1,234.567"),
        (1_234_567, "CLF", "CLF 123.4567"),
    ],
)
def test_amounts_for_people(amount: int, currency: str, shown: str) -> None:
    assert show(amount, currency) == shown


def test_refusals_for_people() -> None:
    assert sentence("too_low", Details(minimum=12_500), "USD") == "The bid is too low; the minimum is USD 125.00."
    assert sentence("too_low", Details(minimum=12_500)) == "The bid is too low; the minimum is 12500."
    assert sentence("closed", Details(late_by_ms=1_250)) == "Bidding is over (1.250 s ago)."
    assert sentence("already_leading", Details()) == "You already lead."
