"""The plan of the demo: what is sold, on which terms, and who wants it. The same for the same seed."""

from random import Random
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from vendue.demo.cars import MODELS, example
from vendue.rules.terms import SoftClose, Terms

ROUND = 24
"""Lots in a round."""
SELLERS = tuple(f"demo-seller-{number}" for number in range(1, 6))
VISITOR_SELLS = "demo-seller"
"""The seller whom a visitor may sign in as: the demo never decides for him."""
BIDDERS = tuple(f"demo-bidder-{number}" for number in range(1, 17))
MOST = 1.25
"""Nobody values a car higher than this multiple of its worth; an unmet reserve is above it."""

Style = Literal["keen", "steady", "sniper", "maximum"]
"""keen: bids early and often; steady: with the time; sniper: in the last seconds; maximum: once, all he would."""
_STYLES: tuple[Style, ...] = ("keen", "steady", "steady", "sniper", "maximum")
_MINUTE = 60_000


class Interested(Struct, frozen=True):
    """Someone who wants a lot; `limit` is what it is worth to him, in minor units.

    `patience`: the part of its time that passes before one who names his maximum does.
    """

    name: str
    limit: int
    style: Style
    patience: float


class Lot(Struct, frozen=True):
    """A lot by its number. The times of its terms count from the moment its round is listed."""

    number: int
    title: str
    car: dict[str, Any]
    body: str
    colour: str
    seller: str
    value: int
    terms: Terms
    crowd: tuple[Interested, ...]

    def terms_at(self, start_ms: int, sellers: tuple[str, ...]) -> Terms:
        """The terms of a round listed at `start_ms`."""
        starts_at, ends_at = start_ms + self.terms.starts_at, start_ms + self.terms.ends_at
        return replace(self.terms, starts_at=starts_at, ends_at=ends_at, seller_ids=sellers)


class _Slot(NamedTuple):
    """What is sold how, when it opens and how long it runs."""

    kind: str
    lasts_ms: int
    opens_ms: int = 0


_SLOTS = (
    _Slot("plain", _MINUTE),
    _Slot("direct", 80_000),
    _Slot("second_price", 105_000),
    _Slot("reserve", 135_000),
    _Slot("dutch", 150_000),
    _Slot("unmet", 170_000),
    _Slot("approval", 210_000),
    _Slot("plain", 260_000),
    _Slot("first_price", 320_000),
    _Slot("direct", 380_000),
    _Slot("reserve", 450_000),
    _Slot("plain", 530_000),
    _Slot("buy_now", 10 * _MINUTE),
    _Slot("visitor", 11 * _MINUTE),
    _Slot("plain", 12 * _MINUTE),
    _Slot("buy_now", 15 * _MINUTE),
    _Slot("reserve", 20 * _MINUTE),
    _Slot("direct", 25 * _MINUTE),
    _Slot("second_price", 30 * _MINUTE),
    _Slot("plain", 3 * _MINUTE, opens_ms=30_000),
    _Slot("dutch", 3 * _MINUTE, opens_ms=90_000),
    _Slot("approval", 4 * _MINUTE, opens_ms=2 * _MINUTE),
    _Slot("reserve", 5 * _MINUTE, opens_ms=5 * _MINUTE),
    _Slot("direct", 7 * _MINUTE, opens_ms=9 * _MINUTE),
)
assert len(_SLOTS) == ROUND


def plan(seed: int, number: int) -> list[Lot]:
    """The lots of a round, from 0 on."""
    rng = random(f"{seed}/{number}")
    models = rng.sample(MODELS, ROUND)
    lots = []
    for position, (slot, model) in enumerate(zip(_SLOTS, models, strict=True)):
        car = example(rng, model, number * ROUND + position)
        lots.append(
            Lot(
                number=number * ROUND + position,
                title=f"{car.attributes['year']} {model.make} {model.name}",
                car=car.attributes,
                body=car.body,
                colour=car.colour,
                seller=VISITOR_SELLS if slot.kind == "visitor" else rng.choice(SELLERS),
                value=car.worth,
                terms=_terms(rng, slot, car.worth, car.currency),
                crowd=_crowd(rng, car.worth),
            )
        )
    return lots


def lot_of(seed: int, number: int) -> Lot:
    """One lot by its number."""
    return plan(seed, number // ROUND)[number % ROUND]


def random(seed: str) -> Random:
    """Randomness that may be foreseen: it guards nothing, and the same sale is wanted each time."""
    return Random(seed)  # noqa: S311  # as the docstring says


def nice(amount: float) -> int:
    """A price as people name it: two figures, in minor units of two decimals."""
    step: int = 10 ** max(2, len(str(round(amount))) - 2)
    return int(max(step, round(amount / step) * step))


def _crowd(rng: Random, value: int) -> tuple[Interested, ...]:
    names = rng.sample(BIDDERS, rng.randint(3, 6))
    limits = [min(MOST * value, value * rng.gauss(1.0, 0.1)) for _ in names]
    return tuple(
        Interested(name, round(limit / 5_000) * 5_000, rng.choice(_STYLES), rng.uniform(0.1, 0.9))
        for name, limit in zip(names, limits, strict=True)
    )


def _terms(rng: Random, slot: _Slot, value: int, currency: str) -> Terms:
    opening = nice(value * rng.uniform(0.3, 0.5))
    plain = Terms("english", currency, slot.opens_ms, slot.opens_ms + slot.lasts_ms, opening, increments="cars")
    reset = SoftClose(window_ms=20_000, extend_ms=20_000, mode="reset", max_extension_ms=5 * _MINUTE)
    proxy = replace(plain, proxy=True, soft_close=reset, max_jump_percent=400)
    match slot.kind:
        case "plain":
            return proxy
        case "reserve":
            return replace(proxy, reserve_price=nice(value * rng.uniform(0.75, 0.9)))
        case "unmet":
            return replace(proxy, reserve_price=nice(value * MOST * 1.2))
        case "approval" | "visitor":
            reserve = nice(value * rng.uniform(1.0, 1.15))
            return replace(proxy, reserve_price=reserve, sale_terms="on_approval", approval_ms=5 * _MINUTE)
        case "buy_now":
            price, reserve = nice(value * rng.uniform(1.05, 1.15)), nice(value * 0.85)
            return replace(proxy, buy_now_price=price, reserve_price=reserve)
        case "direct":
            add = SoftClose(window_ms=15_000, extend_ms=15_000, mode="add", max_extension_ms=5 * _MINUTE)
            return replace(plain, proxy=False, soft_close=add)
        case "dutch":
            return _dutch(plain, slot, value)
        case "first_price":
            return replace(plain, format="sealed_first_price", increments=None)
        case "second_price":
            return replace(plain, format="sealed_second_price", increments=None, reserve_price=nice(value * 0.7))
    raise AssertionError(f"there is no kind {slot.kind}")


def _dutch(plain: Terms, slot: _Slot, value: int) -> Terms:
    """From well above its worth to half of it, by tens every two seconds."""
    start, floor, every = nice(value * 1.4), nice(value * 0.5), 2_000
    return replace(
        plain,
        format="dutch",
        increments=None,
        starting_price=start,
        floor_price=floor,
        decrement=max(1_000, (start - floor) * every // slot.lasts_ms // 1_000 * 1_000),
        decrement_every_ms=every,
    )
