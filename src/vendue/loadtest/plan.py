"""What a load test does: how many of whom, when each event is due, and how hot the hottest auctions are."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Literal

from msgspec import Struct

MOST_EVENTS = 2_000_000

Kind = Literal["lot", "bid"]


class BadPlan(Exception):
    """The test cannot be run so; the message says what to do."""


class Plan(Struct, frozen=True):
    """`rate`: events a second, people, auctions and bids in the proportions of `mix`, Nexmark's unless told otherwise.

    `people`, `lots`: how many instead of those that the mix gives. `skew`: Zipf's exponent, 0 for all alike.
    """

    url: str
    rate: float = 50.0
    seconds: float = 30.0
    mix: tuple[int, int, int] = (1, 3, 46)
    people: int | None = None
    lots: int | None = None
    watchers: int = 50
    skew: float = 1.0
    seed: int = 1

    @property
    def counts(self) -> tuple[int, int, int]:
        """People, lots and bids. Raises BadPlan where these are too many."""
        events, whole = self.rate * self.seconds, sum(self.mix)
        if events > MOST_EVENTS:
            raise BadPlan(
                f"That are {events:,.0f} events, and {MOST_EVENTS:,} are the most; lower --rate or --seconds."
            )
        people, lots, bids = (round(events * each / whole) for each in self.mix)
        return max(2, self.people or people), max(1, self.lots or lots), max(1, bids)


def arrivals(rng: Random, count: int, seconds: float) -> list[float]:
    """When so many are due, in seconds from the start: independent of each other, as people are (a Poisson process)."""
    return sorted(rng.uniform(0, seconds) for _ in range(count))


class Popularity:
    """Which of several things one of the crowd takes: the hottest most often, by Zipf's law."""

    def __init__(self, rng: Random, skew: float) -> None:
        self._rng, self._skew = rng, skew
        self._order: list[str] = []
        """From the hottest on."""
        self._of: Sequence[str] = ()
        self._sorted: list[str] = []
        self._sums: list[float] = []

    def add(self, thing: str) -> None:
        """One more, as hot as it happens to be."""
        self._order.insert(self._rng.randrange(len(self._order) + 1), thing)

    def choose(self, among: Sequence[str]) -> str:
        """One of these, which must have been added. Quick where it is asked again of the same object."""
        if among is not self._of:
            wanted = set(among)
            self._of, self._sorted = among, [thing for thing in self._order if thing in wanted]
            self._sums = list(accumulate(rank**-self._skew for rank in range(1, len(self._sorted) + 1)))
        return self._rng.choices(self._sorted, cum_weights=self._sums)[0]
