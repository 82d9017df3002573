"""The command line of the simulation."""

import argparse
import gc
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from functools import partial

from tests.simulation import mutations
from tests.simulation.run import MEMORY, Outcome, run

MAX_FAILURES = 20


def main() -> int:
    """Exit status 1 where a seed failed, or a mutation was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many seeds to run")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first seed")
    parser.add_argument("--seed", type=int, help="run this seed alone")
    parser.add_argument("--trace", action="store_true", help="print what happens (with --seed)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes to run seeds in")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at the first failure")
    parser.add_argument("--mutations", nargs="*", metavar="NAME", help="break the code on purpose, and find it")
    options = parser.parse_args()
    if options.mutations is not None:
        return mutations.hunt(options.mutations, options.seeds, options.jobs)
    if options.seed is not None:
        outcome = run(options.seed, options.trace)
        print(outcome.failure or "all held", outcome.trace_hash, dict(sorted(outcome.counts.items())))
        return 1 if outcome.failure else 0
    return _many(range(options.first, options.first + options.seeds), options.jobs, options.keep_going)


def _many(seeds: range, jobs: int, keep_going: bool) -> int:
    gc.freeze()  # what the imports made needs no look after each seed
    began, failed, done, total = time.monotonic(), 0, 0, Counter[str]()
    for outcome in _outcomes(seeds, jobs):
        done += 1
        total.update(outcome.counts)
        if outcome.failure:
            failed += 1
            print(f"seed {outcome.seed}: {outcome.failure[:600]}")
            print(f"  again: python -m tests.simulation --seed {outcome.seed} --trace", flush=True)
            if not keep_going or failed == MAX_FAILURES:
                break
        if done % 1000 == 0:
            print(f"{done} seeds, {failed} failed, {done / (time.monotonic() - began):.1f}/s", flush=True)
    took_s = time.monotonic() - began
    what = ", ".join(f"{count} {name}" for name, count in sorted(total.items()))
    print(f"{done} seeds in {took_s:.1f} s ({done / took_s:.1f}/s), {failed} failed: {what}")
    return 1 if failed else 0


def _outcomes(seeds: range, jobs: int) -> Iterable[Outcome]:
    with tempfile.TemporaryDirectory(prefix="vendue-sim-", dir=MEMORY if MEMORY.is_dir() else None) as home:
        if jobs == 1:
            yield from (run(seed, home=home) for seed in seeds)
            return
        pool = multiprocessing.Pool(jobs)
        try:
            yield from pool.imap(partial(run, home=home), seeds, chunksize=4)
        finally:
            pool.terminate()
            pool.join()  # or a worker would still write where all is being removed


if __name__ == "__main__":
    sys.exit(main())
