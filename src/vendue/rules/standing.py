"""The standing: what everyone may see of an auction, whole, after each change."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Status = Literal["scheduled", "live", "sold", "unsold", "pending_approval", "countered", "cancelled"]


class Clock(Struct, frozen=True, gc=False):
    """How a Dutch price falls: `decrement` minor units each `every_ms` from `opening` down to `floor`."""

    decrement: int
    every_ms: int
    floor: int


class Standing(Struct, frozen=True, gc=False):
    """Prices in minor units, times in epoch ms. `seq` is the auction's last event; the highest seq is the newest."""

    auction: str
    seq: int
    status: Status
    price: int | None
    opening: int
    minimum_next: int | None
    buy_now_price: int | None
    currency: str
    bids: int
    leader: str | None
    reserve_met: bool | None
    starts_at: int
    ends_at: int
    closed_at: int | None
    approval_until: int | None
    hammer_price: int | None
    clock: Clock | None = None


def at_time(standing: Standing, now_ms: int) -> Standing:
    """The standing as read at `now_ms`: in a live Dutch auction the price falls between events."""
    if standing.clock is None or standing.status != "live":
        return standing
    price = clock_price(standing.clock, standing.opening, standing.starts_at, now_ms)
    return replace(standing, price=price, minimum_next=price)


def clock_price(clock: Clock, opening: int, starts_at: int, now_ms: int) -> int:
    """A Dutch auction's price at a time."""
    steps = max(0, now_ms - starts_at) // clock.every_ms
    return max(clock.floor, opening - clock.decrement * steps)
