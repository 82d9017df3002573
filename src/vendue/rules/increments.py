"""Increment tables: how far the next bid must be above the price."""

from bisect import bisect_right
from functools import lru_cache
from typing import Literal

from vendue.rules.money import EXPONENTS

Increments = Literal["us", "cars"] | tuple[tuple[int, int], ...]
"""A named table, or ascending (from_price, step) pairs in minor units; the first step also holds below its price."""

# eBay's published table, in cents.
_US = (
    (0, 5),
    (100, 25),
    (500, 50),
    (2_500, 100),
    (10_000, 250),
    (25_000, 500),
    (50_000, 1_000),
    (100_000, 2_500),
    (250_000, 5_000),
    (500_000, 10_000),
)
# In whole units of the currency.
_CARS = (
    (1, 1),
    (5, 5),
    (40, 10),
    (100, 25),
    (1_000, 50),
    (5_000, 100),
    (25_000, 250),
    (50_000, 500),
    (100_000, 1_000),
)


@lru_cache(maxsize=1024)
def table(increments: Increments, currency: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The (from_prices, steps) of a table in minor units; None where it is not whole in this currency."""
    exponent = EXPONENTS[currency]
    if increments == "cars":
        pairs = tuple((start * 10**exponent, step * 10**exponent) for start, step in _CARS)
    elif increments == "us":
        scaled = tuple((start * 10**exponent, step * 10**exponent) for start, step in _US)
        if any(start % 100 or step % 100 for start, step in scaled):
            return None
        pairs = tuple((start // 100, step // 100) for start, step in scaled)
    else:
        pairs = increments
    return tuple(start for start, _ in pairs), tuple(step for _, step in pairs)


def increment(increments: Increments, currency: str, price: int) -> int:
    """The step above `price`, in minor units."""
    found = table(increments, currency)
    assert found is not None, "terms were validated"
    starts, steps = found
    return steps[max(0, bisect_right(starts, price) - 1)]
