"""The command of one file of `bench/` alone, and of all: how much is asked for, what is printed, what is kept."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from bench.figures import QUICK, Effort, Figure, table
from bench.machine import describe
from bench.report import Part, keep


def main(measure: Callable[[Effort], list[Figure]]) -> None:
    """Run one file's figures alone."""
    run([sys.modules[measure.__module__]])


def run(parts: Sequence[ModuleType]) -> None:
    """Run `figures(effort)` of each; what is to be kept is, as soon as it is there."""
    effort, write = _arguments()
    machine, began = describe(), time.monotonic()
    found: list[Figure] = []
    for module in parts:
        name, (about, _, _) = Path(module.__file__ or "").stem, (module.__doc__ or "").partition("\n")
        print(f"{name} …", flush=True)
        at = datetime.now(UTC).isoformat("T", "minutes")
        figures: list[Figure] = module.figures(effort)
        if write:
            keep(Part(name, about, at, machine, figures))
        found += figures
    print(f"\n{table(found)}\n\n{machine}; {time.monotonic() - began:.0f} s in all")


def _arguments() -> tuple[Effort, bool]:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it all: to see that it runs")
    parser.add_argument("--seconds", type=float, help="seconds a round")
    parser.add_argument("--rounds", type=int, help="rounds in turns")
    parser.add_argument(
        "--write", action="store_true", help="keep what is found, in bench/RESULTS.json and docs/measured.md"
    )
    given = parser.parse_args()
    effort = QUICK if given.quick else Effort()
    return Effort(given.seconds or effort.seconds, given.rounds or effort.rounds, effort.scale), given.write
