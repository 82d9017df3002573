"""Every figure on one machine, one after the other: `python -m bench`, or `make bench`."""

from bench import (
    board,
    closing,
    engine,
    first_load,
    http_bids,
    kafka,
    memory,
    one_auction,
    page,
    reads,
    restart,
    rules,
    scaling,
    take_over,
    watchers,
)
from bench.command import run

PARTS = (
    rules,
    engine,
    board,
    kafka,
    scaling,
    take_over,
    http_bids,
    reads,
    watchers,
    memory,
    first_load,
    page,
    one_auction,
    restart,
    closing,
)

if __name__ == "__main__":
    run(PARTS)
