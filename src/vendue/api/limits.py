"""Limits in memory: token buckets, and places for what takes long."""

from collections import OrderedDict
from collections.abc import Hashable

from litestar.types import ASGIApp, Receive, Scope, Send

from vendue.api.errors import ApiError


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


class Places:
    """For `what` there are `most` places at once, of which one client address may have `most_each`."""

    def __init__(self, what: str, most: int, most_each: int) -> None:
        self._what, self._most, self._most_each = what, most, most_each
        self._taken, self._by_address = 0, dict[str, int]()

    def take(self, address: str) -> None:
        """One, until it is given back. Raises ApiError where there is none."""
        full = self._taken >= self._most
        if full or self._by_address.get(address, 0) >= self._most_each:
            where = "" if full else " from this address"
            raise ApiError(503, f"Too many {self._what}{where}; try again.", headers={"Retry-After": "5"})
        self._taken += 1
        self._by_address[address] = self._by_address.get(address, 0) + 1

    def give_back(self, address: str) -> None:
        """One that was taken."""
        self._taken -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def around(self, app: ASGIApp) -> ASGIApp:
        """As a middleware: whoever asks has a place until he has taken it all."""

        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            address = (scope.get("client") or ("", 0))[0]
            self.take(address)
            try:
                await app(scope, receive, send)
            finally:
                self.give_back(address)

        return limited
