"""When a bid may have taken effect whose time nobody was told."""

from bisect import bisect
from collections.abc import Iterable, Sequence

from tests.explain.model import Hints, State
from tests.explain.record import Body, Terms


def moments(terms: Terms, state: State, latest: int | None, hints: Hints, told: Iterable[Body]) -> Sequence[int]:
    """Times to try for a bid that took effect now and whose stamp nobody was told.

    The earliest, unless more hangs on it: where the end moves with it, those at which it moves to where it was seen
    or as far as may be; in a Dutch auction, those at which the price is one that was told.
    """
    earliest = state.now
    tried = {earliest, *hints.closings}
    for details in told:
        if "late_by_ms" in details and state.closed_at is not None:
            tried.add(state.closed_at + details["late_by_ms"])
    if state.status == "live" and terms.soft_close is not None:
        extend, window = terms.soft_close["extend_ms"], terms.soft_close["window_ms"]
        tried |= {
            state.ends_at - window,
            *(end - extend for end in hints.ends[bisect(hints.ends, state.ends_at) :][:1]),
        }
        if latest is not None:
            tried |= {latest, latest + window - extend}
    if state.status == "live" and terms.format == "dutch":
        for price in {details.get("price") for details in told} | set(hints.prices):
            if price is not None:
                steps = -((price - terms.starting_price) // terms.decrement)
                tried.add(terms.starts_at + steps * terms.decrement_every_ms)
    before = {"scheduled": terms.starts_at, "live": state.ends_at}.get(state.status, 1 << 62)
    last = before - 1 if latest is None else min(latest, before - 1)
    return sorted(at for at in tried if earliest <= at <= last)
