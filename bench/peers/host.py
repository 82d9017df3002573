"""What a peer hosts: Vendue's own rules, over auctions kept in a dictionary. Needs msgspec alone."""

import gc
from typing import NamedTuple

from msgspec.json import Encoder

from vendue.rules.auction import Auction
from vendue.rules.commands import decode
from vendue.rules.decide import step

_json = Encoder()
COLLECT = (5_000, 5, 1 << 30)
"""As `vendue engine` has it (cli.py): what bids leave behind holds no cycles."""


class Job(NamedTuple):
    """What a peer is told: brokers, topic of commands, topic of events, which variant of itself it is."""

    brokers: str
    commands: str
    events: str
    variant: str


def collect_less() -> None:
    """As Vendue's processes do."""
    gc.freeze()
    gc.set_threshold(*COLLECT)


class Host:
    """Auctions, decided record by record. Nothing of it outlives the process."""

    def __init__(self) -> None:
        self._auctions: dict[str, Auction] = {}

    def decide(self, auction: str, command: bytes, at: int) -> list[bytes]:
        """The events, as they stand in a log, of a command that the log stamped `at` (epoch ms)."""
        after, events = step(self._auctions.get(auction), decode(command), at)
        if after is not None:
            self._auctions[auction] = after
        return [event.value for event in events]

    def winning(self, auction: str) -> bytes:
        """The standing, with the winning bid."""
        return _json.encode(self._auctions[auction].standing)
