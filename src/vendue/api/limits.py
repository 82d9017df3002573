"""Rate limits: token buckets in memory."""

from collections import OrderedDict
from collections.abc import Hashable


class Buckets:
    """A bucket a key: `burst` at once, refilled by `rate_per_s`. Of more than `size` keys the longest unused go."""

    def __init__(self, rate_per_s: float, burst: int, size: int = 100_000) -> None:
        assert rate_per_s > 0 and burst >= 1 and size >= 1
        self._interval, self._size = 1 / rate_per_s, size
        self._slack = (burst - 1) * self._interval
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable, now_s: float) -> float:
        """Take one; 0, or the seconds to wait where the bucket is empty."""
        full_at = max(now_s, self._full_at.get(key, now_s))
        wait = full_at - self._slack - now_s
        if wait > 0:
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._size:
            self._full_at.popitem(last=False)
        return 0.0
