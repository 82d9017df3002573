"""How the demo's people behave: when they look, whether they bid, and how much."""

from random import Random

from msgspec import Struct

from vendue.catalogue.port import Row
from vendue.demo.plan import Interested, Lot
from vendue.rules.increments import increment

SNIPE_MS = 8_000
"""A sniper bids when less than this is left."""
FAR_MS, NEAR_MS = 60_000, 15_000


class Look(Struct, frozen=True):
    """What the crowd sees of a lot: times in ms, amounts in minor units. `leader`: a username, None if not ours."""

    left_ms: int
    part: float
    minimum: int
    leader: str | None
    buy_now: bool
    stale_minimum: int | None


def look(row: Row, now_ms: int, leader: str | None, stale_minimum: int | None) -> Look:
    """A live auction's row as the crowd sees it; `part` of its time is over."""
    lasts = row["ends_at"] - row["starts_at"]
    part = (now_ms - row["starts_at"]) / lasts
    return Look(
        left_ms=row["ends_at"] - now_ms,
        part=min(1.0, part),
        minimum=row["minimum_next"],
        leader=leader,
        buy_now=row["reserve_met"] is False,
        stale_minimum=stale_minimum,
    )


def pause_s(rng: Random, left_ms: int, contested: bool) -> float:
    """How long until somebody looks again: soon near the end, and where two want it."""
    if left_ms < NEAR_MS:
        mean = 1.2
    elif left_ms < FAR_MS:
        mean = 3.0
    elif contested and rng.random() < 0.4:
        mean = 1.5
    else:
        mean = 3.5
    return min(0.3 + rng.expovariate(1 / mean), max(0.3, (left_ms - SNIPE_MS / 2) / 1000))


def english(rng: Random, lot: Lot, who: Interested, seen: Look) -> int | None:
    """The bid, or None: he leads, hesitates, or it is dearer than he would go for now."""
    if who.name == seen.leader or rng.random() < 0.15:
        return None
    most = who.limit * appetite(who, seen)
    if rng.random() < 0.04 and seen.stale_minimum is not None:
        return seen.stale_minimum  # he looked a while ago; likely too low by now
    if seen.minimum > most:
        return None
    if who.style == "maximum" and lot.terms.proxy:
        return who.limit
    step = increment("cars", lot.terms.currency, seen.minimum)
    wanted = seen.minimum + (most - seen.minimum) * rng.choice((0, 0, 0, 0, 0.05, 0.15, 0.4))
    return max(seen.minimum, int(wanted) // step * step)


def appetite(who: Interested, seen: Look) -> float:
    """How much of his limit someone would go for now: less while there is time for a bargain."""
    match who.style:
        case "sniper":
            return 1.0 if seen.left_ms < SNIPE_MS else 0.0
        case "keen":
            return 0.7 + 0.3 * min(1.0, seen.part * 1.5)
        case "steady":
            return 0.55 + 0.45 * seen.part
        case "maximum":
            return 1.0 if seen.part > who.patience else 0.0


def sealed(rng: Random, lot: Lot, who: Interested) -> int | None:
    """The envelope: second price is what it is worth to him, first price less. Few think twice."""
    shade = 1.0 if lot.terms.format == "sealed_second_price" else rng.uniform(0.85, 0.96)
    amount = int(who.limit * shade) // 5_000 * 5_000
    return amount if amount >= lot.terms.starting_price else None


def takes_buy_now(rng: Random, lot: Lot, who: Interested, seen: Look) -> bool:
    """Whether someone who can afford it buys at once; the demo's offers are gone when the reserve is met."""
    price = lot.terms.buy_now_price
    return price is not None and seen.buy_now and who.limit >= price and rng.random() < 0.1
