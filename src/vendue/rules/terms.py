"""The terms of an auction: what was promised when it was listed, and what makes terms valid."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields, replace

from vendue.rules.increments import Increments, table
from vendue.rules.money import EXPONENTS, MAX_AMOUNT

RULES_VERSION = 1
TWO_DAYS_MS = 2 * 24 * 3600 * 1000
MAX_INCREMENT_STEPS = 100

Format = Literal["english", "dutch", "sealed_first_price", "sealed_second_price"]
Amount = Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
Duration = Annotated[int, Meta(ge=1, le=10 * 366 * 24 * 3600 * 1000)]
LAST_MOMENT = 253_402_300_799_999  # of the year 9999: later is a typing error
Moment = Annotated[int, Meta(ge=0, le=LAST_MOMENT)]


class SoftClose(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A late bid moves the end. Times in ms; `reset`: to now + extend_ms, `add`: by extend_ms."""

    window_ms: Duration
    extend_ms: Duration
    mode: Literal["reset", "add"] = "reset"
    max_extension_ms: Duration | None = None


class Terms(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Amounts in minor units of `currency`, times in epoch ms. None: not set, or the format has no such term."""

    format: Format
    currency: str
    starts_at: Moment
    ends_at: Moment
    starting_price: Amount
    reserve_price: Amount | None = None
    buy_now_price: Amount | None = None
    proxy: bool | None = None
    increments: Increments | None = None
    soft_close: SoftClose | None = None
    max_jump_percent: Annotated[int, Meta(ge=101, le=1_000_000)] | None = None
    decrement: Amount | None = None
    decrement_every_ms: Annotated[int, Meta(ge=100, le=10 * 366 * 24 * 3600 * 1000)] | None = None
    floor_price: Amount | None = None
    sale_terms: Literal["pure", "on_approval"] = "pure"
    approval_ms: Duration = TWO_DAYS_MS
    seller_ids: tuple[str, ...] = ()
    version: int = RULES_VERSION


class Fault(Struct, frozen=True, gc=False):
    """One thing wrong with terms: where, and what would be right."""

    path: str
    message: str


_ENGLISH_ONLY = ("proxy", "increments", "buy_now_price", "soft_close", "max_jump_percent")
_DUTCH_ONLY = ("decrement", "decrement_every_ms", "floor_price")


def read_terms(raw: dict[str, Any], now_ms: int) -> tuple[Terms | None, list[Fault]]:
    """Terms from outside, or every fault at once: of each field's form, and of how those that are well formed fit."""
    known = {field.name: field for field in fields(Terms)}
    values: dict[str, Any] = {}
    faults = [Fault(name, f"Invalid key {name}") for name in raw if name not in known]
    for name, field in known.items():
        value = raw.get(name)
        if value is None:
            if field.required:
                faults.append(Fault(name, f"{name} is required"))
            continue
        try:
            values[name] = convert(value, field.type)
        except ValidationError as error:
            faults.append(Fault(name, f"{name}: {error}"))
    if any(field.required and name not in values for name, field in known.items()):
        return None, faults
    terms = Terms(**values)
    if not faults:
        return terms, []
    named = {fault.path for fault in faults}
    return None, faults + [each for each in faults_of(complete(terms, now_ms), now_ms) if each.path not in named]


def complete(terms: Terms, now_ms: int) -> Terms:
    """Terms as they come into force: a start in the past becomes now, English defaults are filled in."""
    terms = replace(terms, starts_at=max(terms.starts_at, now_ms))
    if terms.format != "english":
        return terms
    return replace(
        terms,
        proxy=True if terms.proxy is None else terms.proxy,
        increments="cars" if terms.increments is None else terms.increments,
    )


def faults_of(terms: Terms, now_ms: int) -> list[Fault]:
    """Everything that is wrong with completed terms, or an empty list."""
    faults: list[Fault] = []

    def must(holds: bool, path: str, message: str) -> None:
        if not holds:
            faults.append(Fault(path, message))

    must(terms.version == RULES_VERSION, "version", f"version must be {RULES_VERSION}, the rules in force")
    must(terms.currency in EXPONENTS, "currency", "currency must be an ISO 4217 code such as EUR")
    must(terms.ends_at > now_ms, "ends_at", "ends_at must be in the future")
    must(not now_ms < terms.ends_at <= terms.starts_at, "ends_at", "ends_at must be after starts_at")
    if terms.reserve_price is not None:
        must(terms.format != "dutch", "reserve_price", "a Dutch auction has no reserve_price: use floor_price")
        must(
            terms.reserve_price >= terms.starting_price,
            "reserve_price",
            "reserve_price must be at least starting_price",
        )
    for name in _ENGLISH_ONLY if terms.format != "english" else ():
        must(getattr(terms, name) is None, name, f"{name} belongs to English auctions only")
    for name in _DUTCH_ONLY if terms.format != "dutch" else ():
        must(getattr(terms, name) is None, name, f"{name} belongs to Dutch auctions only")
    if terms.format == "english":
        _check_english(terms, must)
    elif terms.format == "dutch":
        for name in _DUTCH_ONLY:
            must(getattr(terms, name) is not None, name, f"{name} is required in a Dutch auction")
        must(
            terms.floor_price is None or terms.floor_price <= terms.starting_price,
            "floor_price",
            "floor_price must be at most starting_price",
        )
    return faults


def _check_english(terms: Terms, must: Any) -> None:
    if terms.buy_now_price is not None:
        must(
            terms.buy_now_price > terms.starting_price,
            "buy_now_price",
            "buy_now_price must be above starting_price",
        )
        must(
            terms.buy_now_price >= (terms.reserve_price or 0),
            "buy_now_price",
            "buy_now_price must be at least reserve_price",
        )
    steps = terms.increments
    if isinstance(steps, tuple):
        must(1 <= len(steps) <= MAX_INCREMENT_STEPS, "increments", f"increments takes 1 to {MAX_INCREMENT_STEPS} steps")
        starts = [start for start, _ in steps]
        must(
            all(low < high for low, high in pairwise(starts)),
            "increments",
            "increments must ascend strictly by from_price",
        )
        must(
            all(0 <= start <= MAX_AMOUNT and 1 <= step <= MAX_AMOUNT for start, step in steps),
            "increments",
            "each increment needs a from_price of at least 0 and a step of at least 1",
        )
        must(
            not steps or steps[0][0] <= terms.starting_price,
            "increments",
            "the first from_price must be at most starting_price",
        )
    elif steps is not None and terms.currency in EXPONENTS:
        must(
            table(steps, terms.currency) is not None,
            "increments",
            f'the "{steps}" table is not whole in {terms.currency}: use "cars" or a list',
        )
