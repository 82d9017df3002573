"""Kafka's time as this machine may know it: it is the brokers that stamp records."""

import time
from collections import deque
from collections.abc import Callable

import structlog

SAMPLES = 50
ALARM_MS = 1000
_logger = structlog.get_logger()


class KafkaClock:
    """Epoch ms, held against the stamps of records just delivered; a wrong one is forgotten with its sample."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._ahead: deque[int] = deque(maxlen=SAMPLES)
        self._ahead_ms = 0
        self._alarmed = False

    def stamped(self, at: int) -> None:
        """A record that was just delivered has this time. It took a while, so the least difference is the nearest."""
        self._ahead.append(int(self._wall() * 1000) - at)
        self._ahead_ms = min(self._ahead)
        if (abs(self._ahead_ms) > ALARM_MS) != self._alarmed:
            self._alarmed = not self._alarmed
            log = _logger.error if self._alarmed else _logger.info
            log("log.clock", ahead_of_kafka_ms=self._ahead_ms, advice="sales end by Kafka's clocks: set all by NTP")

    def now_ms(self) -> int:
        """See the port."""
        return int(self._wall() * 1000) - self._ahead_ms
