"""`python -m tests.explain --seeds 20`: simulate, and explain what clients saw; or explain a saved record."""

import argparse
import sys
from pathlib import Path

from tests.explain.check import explain
from tests.explain.record import Record
from tests.explain.simulated import simulate


def main() -> int:
    """Exit status 1 at the first record that nothing explains."""
    parser = argparse.ArgumentParser(prog="python -m tests.explain", description=__doc__)
    parser.add_argument("record", nargs="?", type=Path, help="a record as JSON lines")
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds to simulate")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first seed")
    options = parser.parse_args()
    if options.record is not None:
        return _tell(str(options.record), Record.load(options.record))
    for seed in range(options.first, options.first + options.seeds):
        if _tell(f"seed {seed}", simulate(seed)):
            return 1
    return 0


def _tell(name: str, record: Record) -> int:
    verdicts = explain(record)
    events = sum(len(verdict.order) for verdict in verdicts)
    print(f"{name}: {len(record.observations)} observations, {events} events", flush=True)
    for verdict in verdicts:
        if not verdict.holds:
            print(verdict, flush=True)
    return 1 if any(verdict.holds is False for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
