"""What the engine counts for Prometheus."""

from prometheus_client import Counter

from vendue.rules.commands import Asked, Bid
from vendue.rules.events import Closed, Event
from vendue.rules.receipts import Receipt

_bids = Counter("vendue_bids_total", "Bids decided, by outcome or refusal code", ["result"])
_events = Counter("vendue_auctions_closed_total", "Auctions whose bidding ended by the clock")


def decided(command: Asked, answer: Receipt) -> None:
    """A command got its answer."""
    if type(command) is Bid:
        _bids.labels(answer.outcome or answer.code or "").inc()


def happened(event: Event) -> None:
    """An event was decided."""
    if type(event.body) is Closed:
        _events.inc()
