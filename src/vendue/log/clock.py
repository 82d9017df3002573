"""The log's clock: epoch ms that never fall, and an alarm when the machine's clock jumps ahead."""

import time
from collections.abc import Callable

from vendue.log.port import LogUnavailable

MAX_JUMP_S = 1.0


class LogClock:
    """Wall time held against monotonic time. `floor_ms`: the highest time the log ever gave."""

    def __init__(
        self,
        floor_ms: int,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._highest_ms = floor_ms
        self._ahead_s = wall() - monotonic()

    @property
    def jump_s(self) -> float:
        """How far the wall clock has run ahead of the monotonic one since they last agreed."""
        difference = self._wall() - self._monotonic()
        if abs(difference - self._ahead_s) < MAX_JUMP_S:
            self._ahead_s = difference  # a slewed clock drifts slowly and is followed
        return difference - self._ahead_s

    def check(self) -> None:
        """Raises LogUnavailable where the wall clock jumped ahead: its time would close sales for good."""
        if (jump := self.jump_s) >= MAX_JUMP_S:
            raise LogUnavailable(
                f"The machine's clock jumped {jump:.1f} s ahead; set it right, or restart vendue if it is right now."
            )

    def now_ms(self) -> int:
        """The time now, never lower than before and never following a jump ahead."""
        if self.jump_s >= MAX_JUMP_S:
            seconds = self._monotonic() + self._ahead_s
        else:
            seconds = self._wall()
        self._highest_ms = max(
            self._highest_ms, int(seconds * 1000 + 0.001)
        )  # a whole ms may lose its last bit as a float
        return self._highest_ms
