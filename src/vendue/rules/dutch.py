"""Dutch pricing: the price falls by the clock until someone takes it."""

from vendue.rules.events import Details
from vendue.rules.refusals import Refusal
from vendue.rules.standing import Clock, clock_price
from vendue.rules.terms import Terms


def clock(terms: Terms) -> Clock | None:
    """How the price falls; None in other formats."""
    if terms.format != "dutch":
        return None
    assert terms.decrement and terms.decrement_every_ms and terms.floor_price, "terms were validated"
    return Clock(terms.decrement, terms.decrement_every_ms, terms.floor_price)


def price_at(terms: Terms, now_ms: int) -> int:
    """The price at a time, in minor units."""
    falling = clock(terms)
    assert falling is not None, "only a Dutch auction has a clock"
    return clock_price(falling, terms.starting_price, terms.starts_at, now_ms)


def judge(terms: Terms, now_ms: int, amount: int) -> Refusal | None:
    """Why a bid is refused for its amount, if it is."""
    price = price_at(terms, now_ms)
    return None if amount >= price else Refusal("price_above_amount", Details(price=price))
