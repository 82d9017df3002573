"""What the engine counts for Prometheus. Plain counters: a label look-up under a lock is too dear for every bid."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from vendue.rules.commands import Asked, Bid
from vendue.rules.events import Closed, Event
from vendue.rules.receipts import Receipt

_bids: Counter[str] = Counter()
_closed: Counter[str] = Counter()


def decided(command: Asked, answer: Receipt) -> None:
    """A command got its answer."""
    if type(command) is Bid:
        _bids[answer.outcome or answer.code or ""] += 1


def happened(event: Event) -> None:
    """An event was decided."""
    if type(event.body) is Closed:
        _closed[event.body.standing.status] += 1


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
