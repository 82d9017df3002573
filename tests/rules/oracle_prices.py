"""What a list of accepted bids adds up to, from the text of the rules alone.

Each function starts at the first bid and knows nothing of any earlier result. Amounts
are minor units, times epoch milliseconds; the list holds no void bid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

DAY_MS = 24 * 60 * 60 * 1000

Steps = list[tuple[int, int]]

# From which price, which step, as the rules print them.
US_CENTS = """0 5, 100 25, 500 50, 2500 100, 10000 250, 25000 500, 50000 1000,
    100000 2500, 250000 5000, 500000 10000"""
CARS_WHOLE_UNITS = """1 1, 5 5, 40 10, 100 25, 1000 50, 5000 100, 25000 250,
    50000 500, 100000 1000"""

# ISO 4217: every currency that does not have two decimals.
NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
FOUR_DECIMALS = "CLF UYW"


def exponent_of(currency: str) -> int:
    """Decimals of a currency's minor unit."""
    exceptions = {0: NO_DECIMALS, 3: THREE_DECIMALS, 4: FOUR_DECIMALS}
    return next((n for n, codes in exceptions.items() if currency in codes.split()), 2)


def steps_for(increments: str | Steps, currency: str) -> Steps:
    """The increment table in minor units; ValueError where one would not be whole."""
    if isinstance(increments, str):
        return named_steps(increments, exponent_of(currency))
    return [(start, step) for start, step in increments]


@cache
def named_steps(name: str, exponent: int) -> Steps:
    table, decimals = {"us": (US_CENTS, 2), "cars": (CARS_WHOLE_UNITS, 0)}[name]
    numbers = [int(n) * 10**exponent for n in re.findall(r"\d+", table)]
    if any(n % 10**decimals for n in numbers):
        raise ValueError(f"increments {name} are not whole with {exponent} decimals")
    numbers = [n // 10**decimals for n in numbers]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def increment(steps: Steps, price: int) -> int:
    """The step at a price; the first step holds below the table too."""
    found = steps[0][1]
    for start, step in steps:
        if start <= price:
            found = step
    return found


@dataclass
class OracleTerms:
    format: str
    currency: str
    starts_at: int
    ends_at: int
    starting_price: int
    reserve_price: int | None = None
    buy_now_price: int | None = None
    proxy: bool = True
    increments: str | Steps = "us"
    soft_close: dict[str, Any] | None = None
    max_jump_percent: int | None = None
    decrement: int = 1
    decrement_every_ms: int = 1000
    floor_price: int = 1
    sale_terms: str = "pure"
    approval_ms: int = 2 * DAY_MS
    seller_ids: tuple[str, ...] = ()


@dataclass
class Accepted:
    bidder: str
    amount: int
    kind: str
    while_leading: bool
    void: bool = False


class Standing(NamedTuple):
    """What the bids add up to, hidden parts included."""

    price: int | None
    leader: str | None
    maximum: int | None


def standing(terms: OracleTerms, bids: list[Accepted]) -> Standing:
    if not bids:
        return Standing(None, None, None)
    last = bids[-1]
    if terms.format == "dutch" or last.kind == "buy_now":
        return Standing(last.amount, last.bidder, last.amount)
    if terms.format != "english":
        return sealed(terms, bids)
    return proxy(terms, bids) if terms.proxy else direct(bids)


def proxy(terms: OracleTerms, bids: list[Accepted]) -> Standing:
    leader, maximum = bids[0].bidder, bids[0].amount
    price = at_reserve(terms, terms.starting_price, maximum)
    for i, bid in enumerate(bids[1:], start=1):
        if bid.bidder == leader:
            maximum = max(maximum, bid.amount)
            others = [b.amount for b in bids[:i] if b.bidder != leader]
            if others:
                price = max(price, min(maximum, one_step_above(terms, max(others))))
        elif bid.amount > maximum:
            price = max(price, min(bid.amount, one_step_above(terms, maximum)))
            leader, maximum = bid.bidder, bid.amount
        else:
            price = max(price, min(maximum, one_step_above(terms, bid.amount)))
        price = at_reserve(terms, price, maximum)
    return Standing(price, leader, maximum)


def one_step_above(terms: OracleTerms, amount: int) -> int:
    return amount + increment(steps_for(terms.increments, terms.currency), amount)


def at_reserve(terms: OracleTerms, price: int, maximum: int) -> int:
    """The price, lifted to the reserve once the highest maximum reaches that."""
    if terms.reserve_price is not None and maximum >= terms.reserve_price:
        return max(price, terms.reserve_price)
    return price


def direct(bids: list[Accepted]) -> Standing:
    last = without_moot(bids)[-1]
    return Standing(last.amount, last.bidder, last.amount)


def without_moot(bids: list[Accepted]) -> list[Accepted]:
    """Direct bids without those that a retraction has turned against their own bidder."""
    counted = bids[:1]
    for bid in bids[1:]:
        if bid.bidder != counted[-1].bidder or bid.while_leading or bid.kind == "buy_now":
            counted.append(bid)
    return counted


def sealed(terms: OracleTerms, bids: list[Accepted]) -> Standing:
    held: dict[str, tuple[int, int]] = {}  # bidder -> amount, its place in the log
    for place, bid in enumerate(bids):
        if bid.bidder not in held or held[bid.bidder][0] != bid.amount:
            held[bid.bidder] = (bid.amount, place)
    order = sorted(held, key=lambda bidder: (-held[bidder][0], held[bidder][1]))
    best = held[order[0]][0]
    if terms.format == "sealed_first_price":
        return Standing(best, order[0], best)
    price = at_reserve(terms, terms.starting_price, best)
    if len(order) > 1:
        price = max(price, held[order[1]][0])
    return Standing(price, order[0], best)


def clock(terms: OracleTerms, starts_at: int, at: int) -> int:
    """The Dutch price at a time; the starting price before the start."""
    steps = max(0, at - starts_at) // terms.decrement_every_ms
    return max(terms.floor_price, terms.starting_price - terms.decrement * steps)


def later_end(soft: dict[str, Any] | None, ends_at: int, set_end: int, now: int) -> int:
    """The end after the leader or the price changed before it; `set_end`: as last set by listing or extension."""
    if soft is None or now < ends_at - soft["window_ms"]:
        return ends_at
    end = max(ends_at, now + soft["extend_ms"]) if soft["mode"] == "reset" else ends_at + soft["extend_ms"]
    if soft.get("max_extension_ms") is not None:
        end = min(end, set_end + soft["max_extension_ms"])
    return end
