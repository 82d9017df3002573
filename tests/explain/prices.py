"""What lies above a price, and how a Dutch one falls."""

from functools import cache

from tests.explain.record import Terms
from tests.rules.oracle_prices import Steps, increment, steps_for


def step_above(terms: Terms, amount: int) -> int:
    """An amount and its increment."""
    return amount + increment(_steps(terms.increments, terms.currency), amount)


@cache
def _steps(increments: str | tuple[tuple[int, int], ...], currency: str) -> Steps:
    return steps_for(increments if isinstance(increments, str) else list(increments), currency)


def falling(terms: Terms, at: int) -> int:
    """A Dutch auction's price."""
    steps = max(0, at - terms.starts_at) // terms.decrement_every_ms
    return max(terms.floor_price, terms.starting_price - terms.decrement * steps)
