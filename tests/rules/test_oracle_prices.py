"""The increment tables of the oracle, read off the rules by hand."""

from __future__ import annotations

from typing import Any

import pytest

from .oracle_prices import increment, steps_for


@pytest.mark.parametrize(
    ("table", "currency", "price", "step"),
    [
        ("us", "USD", 1, 5),
        ("us", "USD", 99, 5),
        ("us", "USD", 100, 25),
        ("us", "USD", 2_499, 50),
        ("us", "USD", 2_500, 100),
        ("us", "USD", 499_999, 5_000),
        ("us", "USD", 9_000_000, 10_000),
        ("us", "KWD", 999, 50),
        ("us", "KWD", 1_000, 250),
        ("us", "KWD", 5_000_000, 100_000),
        ("cars", "JPY", 1, 1),
        ("cars", "JPY", 39, 5),
        ("cars", "JPY", 40, 10),
        ("cars", "JPY", 100_000, 1_000),
        ("cars", "USD", 99, 100),  # below the table: its first step
        ("cars", "USD", 100_000, 5_000),  # 1 000.00 -> 50.00
        ("cars", "KWD", 24_999_999, 100_000),
        ("cars", "KWD", 25_000_000, 250_000),
        ([(10, 3), (20, 7)], "USD", 5, 3),
        ([(10, 3), (20, 7)], "USD", 20, 7),
    ],
)
def test_increment_tables(table: Any, currency: str, price: int, step: int) -> None:
    assert increment(steps_for(table, currency), price) == step


def test_us_steps_are_refused_where_they_are_not_whole() -> None:
    with pytest.raises(ValueError, match="not whole with 0 decimals"):
        steps_for("us", "JPY")
