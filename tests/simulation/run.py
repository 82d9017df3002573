"""One seed from its first process to the check of its history."""

import gc
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tests.simulation.check import check
from tests.simulation.people import Person
from tests.simulation.process import Process, quiet_logs
from tests.simulation.world import START_S, Found, World, limits

LASTS_S = 9.0
MAX_PROCESSES = 40
A_DAY_S = 25 * 3600.0
MEMORY = Path("/dev/shm")


class Outcome(Struct):
    """What a seed came to. `failure`: what did not hold, or None."""

    seed: int
    failure: str | None
    trace_hash: str
    counts: Mapping[str, int]


def run(seed: int, tracing: bool = False, home: str | None = None) -> Outcome:
    """Play a seed in a folder of its own in `home` and check it. It takes the same course in any process."""
    folder = Path(tempfile.mkdtemp(prefix="vendue-sim-", dir=home or (MEMORY if MEMORY.is_dir() else None)))
    world = World(seed, folder, tracing)
    collecting = gc.isenabled()
    gc.disable()  # what is in a cycle is dropped at the same point in every run
    try:
        quiet_logs(world)
        with limits(world.chance):
            _play(world)
            check(world)
    except Found as found:
        world.failure = world.failure or str(found)
    except Exception as error:  # any error is a finding
        world.failure = f"{type(error).__name__}: {error}"
        if tracing:
            raise
    finally:
        gc.collect()
        if collecting:
            gc.enable()
        shutil.rmtree(folder)
    return Outcome(seed, world.failure, world.trace_hash, dict(world.counts))


def _play(world: World) -> None:
    people = _people(world)
    rough(world, people, LASTS_S * max(1.0, world.pace / 3))
    calm(world, people)
    if world.odds(0.25):
        # A day later keys are forgotten and auctions are stubs, which come from the log the second time.
        world.elapsed_s += A_DAY_S
        rough(world, people, 2.0)
        calm(world, people)


def rough(world: World, people: list[Person], lasts_s: float) -> None:
    """Processes with everything that can go wrong."""
    ends_s = world.elapsed_s + lasts_s
    world.calm = False
    for _ in range(MAX_PROCESSES):
        Process(world, people).run()
        if world.elapsed_s > ends_s:
            break
        world.elapsed_s += world.chance.choice((0.0, 0.05, 1.0)) * world.chance.random()


def calm(world: World, people: list[Person]) -> None:
    """A last process where nothing goes wrong; the clock may have been wrong for good."""
    world.calm, world.full, world.fuses = True, False, {}
    if world.odds(0.5):
        world.wall_s = START_S
    world.note("calm")
    Process(world, people).run()


def _people(world: World) -> list[Person]:
    auctions = [f"lot-{number}" for number in range(1, world.chance.randrange(3, 8))]
    bidders = [Person(world, f"bidder{number}", "bidder", auctions) for number in range(1, 5)]
    return [
        *bidders,
        Person(world, "seller1", "seller", auctions),
        Person(world, "auctioneer1", "auctioneer", auctions),
    ]
