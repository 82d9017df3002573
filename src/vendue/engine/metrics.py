"""What the engine counts for Prometheus. Plain counters: a label look-up under a lock is too dear for every bid."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from vendue.log.port import Log
from vendue.metrics import Histogram
from vendue.rules.commands import Asked, Bid
from vendue.rules.events import Closed, Event
from vendue.rules.receipts import Receipt

_bids: Counter[str] = Counter()
_closed: Counter[str] = Counter()
_closing_error = Histogram(
    "vendue_closing_error_seconds",
    "Seconds from the end of an auction's bidding until its closing was decided, by the log's clock",
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 60.0),
)


def decided(command: Asked, answer: Receipt) -> None:
    """A command got its answer."""
    if type(command) is Bid:
        _bids[answer.outcome or answer.code or ""] += 1


def happened(event: Event, log: Log) -> None:
    """An event was decided, by the clock of this log."""
    if type(event.body) is Closed:
        _closed[event.body.standing.status] += 1
        _closing_error.add((log.now_ms() - event.body.at) / 1000)


class _Collected(Collector):
    def collect(self) -> Iterator[CounterMetricFamily]:
        bids = CounterMetricFamily("vendue_bids", "Bids decided, by outcome or refusal code", labels=["result"])
        for result, count in _bids.items():
            bids.add_metric([result], count)
        yield bids
        closed = CounterMetricFamily(
            "vendue_auctions_closed", "Auctions whose bidding ended by the clock, by status", labels=["status"]
        )
        for status, count in _closed.items():
            closed.add_metric([status], count)
        yield closed


REGISTRY.register(_Collected())
