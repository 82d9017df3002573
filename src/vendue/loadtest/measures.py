"""What was measured: histograms of constant relative error, whole and by the second."""

import math
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

STEP = math.log(1.01)
"""Buckets grow by one percent: that is the error of every percentile, as in an HDR histogram of two digits."""
SMALLEST_MS = 0.01
PERCENTS = (50.0, 90.0, 99.0, 99.9)


class Summary(Struct, frozen=True):
    """Percentiles in ms; all 0 of nothing."""

    count: int
    mean: float
    p50: float
    p90: float
    p99: float
    p99_9: float
    max: float


class Histogram:
    """Values in ms."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self.count, self._sum, self.max = 0, 0.0, 0.0

    def add(self, ms: float) -> None:
        """Count a value; one below SMALLEST_MS counts as that."""
        ms = max(ms, SMALLEST_MS)
        self._counts[round(math.log(ms / SMALLEST_MS) / STEP)] += 1
        self.count += 1
        self._sum += ms
        self.max = max(self.max, ms)

    def percentiles(self, percents: Sequence[float]) -> list[float]:
        """The values that these shares of all do not exceed, to one percent."""
        found, seen = list[float](), 0
        wanted = iter(sorted(percents))
        percent = next(wanted, None)
        for bucket in sorted(self._counts):
            seen += self._counts[bucket]
            while percent is not None and seen >= math.ceil(self.count * percent / 100):
                found.append(min(self.max, SMALLEST_MS * math.exp(bucket * STEP)))
                percent = next(wanted, None)
        return found or [0.0 for _ in percents]

    def summary(self) -> Summary:
        """Its percentiles."""
        if not self.count:
            return Summary(0, 0, 0, 0, 0, 0, 0)
        p50, p90, p99, p99_9 = (round(each, 3) for each in self.percentiles(PERCENTS))
        return Summary(self.count, round(self._sum / self.count, 3), p50, p90, p99, p99_9, round(self.max, 3))


class Series:
    """A histogram of all, and one of each second of the test."""

    def __init__(self) -> None:
        self.whole = Histogram()
        self.by_second: dict[int, Histogram] = {}

    def add(self, at_s: float, ms: float) -> None:
        """A value that came so many seconds after the start."""
        self.whole.add(ms)
        second = max(0, int(at_s))
        if second not in self.by_second:
            self.by_second[second] = Histogram()
        self.by_second[second].add(ms)


class Measures(Struct):
    """`latency`: from when a bid was due until its answer; `service`: from when it was sent; `late`: how late that was.

    `fan_out`: from an event's stamp until a watcher has it, on the server's clock; `closing`: from an auction's end
    until the frame that says so was made, on the same. `frames`, `answers`: by the second, answers also by status.
    """

    latency: Series
    service: Series
    late: Series
    fan_out: Series
    closing: Series
    listing: Series
    answers: dict[str, Counter[int]]
    frames: Counter[int]

    @classmethod
    def fresh(cls) -> "Measures":
        """Nothing yet."""
        return cls(Series(), Series(), Series(), Series(), Series(), Series(), {}, Counter())
