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

    def admit_ms(self) -> int:
        """The time now, for what must not be let in at a wrong one.

        Raises LogUnavailable where the wall clock jumped ahead: its time would close sales for good.
        """
        seconds, jump_s = self._look()
        if jump_s:
            said = f"The machine's clock jumped {jump_s:.1f} s ahead"
            advice = "Set the machine's clock right, by a time service that slews; if it is right now, restart vendue."
            raise LogUnavailable(f"{said}; set it right, or restart vendue if it is right now.", advice=advice)
        return self._raise_to(seconds)

    def now_ms(self) -> int:
        """The time now, never lower than before and never following a jump ahead."""
        return self._raise_to(self._look()[0])

    def _look(self) -> tuple[float, float]:
        """Epoch seconds without a jump ahead, and how far the wall clock is ahead by one."""
        monotonic = self._monotonic()
        ahead_s = self._wall() - monotonic
        drift_s = ahead_s - self._ahead_s
        if -MAX_JUMP_S < drift_s < MAX_JUMP_S:
            self._ahead_s = ahead_s  # a slewed clock drifts slowly and is followed
            drift_s = 0.0
        return monotonic + (self._ahead_s if drift_s > 0 else ahead_s), max(0.0, drift_s)

    def _raise_to(self, seconds: float) -> int:
        # A float may lose the last bit of a whole ms: hence the microsecond.
        at_ms = int(seconds * 1000 + 0.001)
        if at_ms > self._highest_ms:
            self._highest_ms = at_ms
        return self._highest_ms
