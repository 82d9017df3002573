"""Every figure in one run on one machine: `python -m bench`, or `make bench`."""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec import json

from bench import (
    board,
    closing,
    engine,
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
from bench.figures import Figure, read_effort, table
from bench.machine import describe

PARTS = {
    each.__name__: each.figures
    for each in (
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
        page,
        one_auction,
        restart,
        closing,
    )
}
RESULTS = Path(__file__).with_name("RESULTS.json")


def main() -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in bench/{RESULTS.name}")
    effort, given = read_effort(parser)
    machine, began = describe(), time.monotonic()
    found: list[Figure] = []
    for name, measure in PARTS.items():
        print(f"{name} …", flush=True)
        found += measure(effort)
    print(f"\n{table(found)}\n\n{machine}; {time.monotonic() - began:.0f} s in all")
    if given.write:
        whole = {"at": datetime.now(UTC).isoformat("T", "seconds"), "machine": machine, "figures": found}
        RESULTS.write_bytes(json.format(json.encode(whole), indent=1) + b"\n")


if __name__ == "__main__":
    main()
