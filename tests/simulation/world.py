"""The world outside the processes: its time, its chance, its faults, and what people were told in it."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from vendue.board.port import Update
from vendue.engine import delivery, rostrum, shelf
from vendue.log import sqlite as log_module
from vendue.log.port import PARTITIONS, Record
from vendue.rules.commands import Asked
from vendue.rules.events import Refused
from vendue.rules.evidence import read
from vendue.rules.receipts import Receipt
from vendue.rules.standing import Standing

START_S = 1_700_000_000.0


class Killed(SystemExit):
    """The process is gone, here and now. A SystemExit, since asyncio lets nothing else through a task."""


class Found(SystemExit):
    """Something that must hold does not."""


class Attempt(Struct, eq=False):
    """One sending of a command. `answer`: what came back; "refused" is LogUnavailable, "none" that nothing came."""

    command: Asked
    answer: Receipt | str = "none"


class World:
    """Everything that outlives a process. All randomness comes from `chance`."""

    def __init__(self, seed: int, folder: Path, tracing: bool = False) -> None:
        self.seed, self.folder, self.tracing = seed, folder, tracing
        self.chance = random.Random(seed)
        self.elapsed_s = 0.0
        self.wall_s = START_S
        """The wall clock is this far ahead of the monotonic one; faults move it."""
        self.fuses: dict[str, int] = {}
        """Kind of step -> how many of them are left until the process is killed, or asked to stop."""
        self.ask_to_stop: Callable[[], None] | None = None
        """Where a fuse is to end in a graceful stop."""
        self.trouble_every_s = self.chance.choice((0.3, 1.0, 5.0))
        self.pace = self.chance.choice((0.7, 1.0, 1.0, 10.0))
        """How long people wait, by what is usual: where they wait long, only the clock moves auctions."""
        self.slowness = self.chance.choice((0.2, 1.0, 10.0))
        """How slow the disk is, by what is usual."""
        self.repeats = self.chance.choice((0.05, 0.1, 0.5))
        """How often people send again what was answered, or something else under its key."""
        self.fragility = self.chance.choice((0.0, 0.03, 0.3))
        """How often a board that takes its time is lost meanwhile."""
        self.full = False
        """Whether the disk is full."""
        self.calm = False
        """In the last processes nothing fails, so that everything can be expected to end."""
        self.attempts: dict[str, Attempt] = {}
        self.updates: dict[tuple[str, int], Update] = {}
        self.newest: dict[str, Update] = {}
        self.followed = dict.fromkeys(range(PARTITIONS), 0)
        """How far the reader of events is; what it knows of each auction is in the three after this."""
        self.hashes: dict[str, list[str]] = {}
        self.standings: dict[str, Standing] = {}
        self.public: dict[str, int] = {}
        """Auction -> the seq of its newest event that is no refusal."""
        self.counts: dict[str, int] = defaultdict(int)
        self.failure: str | None = None
        self._digest = sha256()
        self._names = 0

    def monotonic(self) -> float:
        """Seconds since the seed began, also while no process runs."""
        return self.elapsed_s

    def wall(self) -> float:
        """The machine's clock, right or wrong."""
        return self.elapsed_s + self.wall_s

    def odds(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.chance.random() < share

    def token_hex(self, size: int = 32) -> str:
        """In place of secrets.token_hex: a new name each time."""
        self._names += 1
        return f"{self.chance.getrandbits(8 * size):0{2 * size}x}"

    def note(self, what: str) -> None:
        """A line of the trace; the same seed writes the same lines."""
        line = f"{self.elapsed_s:10.4f} {what.replace(str(self.folder), '')}"
        self._digest.update(line.encode() + b"\n")
        if self.tracing:
            print(line, flush=True)

    @property
    def trace_hash(self) -> str:
        """The hash of all lines so far."""
        return self._digest.hexdigest()

    def burn(self, fuse: str) -> None:
        """One more step of this kind; kills the process where its fuse ends."""
        left = self.fuses.get(fuse)
        if left is None:
            return
        if left > 0:
            self.fuses[fuse] = left - 1
            return
        if self.ask_to_stop is None:
            self.kill(fuse)
        del self.fuses[fuse]
        self.note(f"asked to stop at a {fuse}")
        self.ask_to_stop()
        self.ask_to_stop = None

    def kill(self, where: str) -> NoReturn:
        """End the process."""
        self.fuses.clear()
        self.counts["crashes"] += 1
        self.note(f"KILLED at a {where}")
        raise Killed

    def fail(self, message: str) -> NoReturn:
        """Something that must hold does not."""
        self.failure = self.failure or message
        self.note(f"FOUND {message}")
        raise Found(message)

    def must(self, holds: object, message: str) -> None:
        """Fails with the message unless it holds."""
        if not holds:
            self.fail(message)

    def follow(self, record: Record) -> None:
        """The reader of events takes the next one: each once or again the same, without gaps."""
        event = read(record.value)
        body, known = event.body, self.hashes.setdefault(record.key, [])
        self.must(record.offset == self.followed[record.partition], "a reader of events skips or repeats a record")
        self.followed[record.partition] = record.offset + 1
        self.must(body.seq <= len(known) + 1, f"a gap before {record.key} {body.seq}")
        if body.seq <= len(known):
            self.must(known[body.seq - 1] == event.hash, f"{record.key} has two events of seq {body.seq}")
            return
        known.append(event.hash)
        self.standings[record.key] = body.standing
        if type(body) is not Refused:
            self.public[record.key] = body.seq

    def saw(self, update: Update) -> None:
        """A watcher was shown a standing: whatever is shown under one seq is the same for good."""
        seen = self.updates.setdefault((update.auction, update.seq), update)
        same = seen.standing == update.standing and seen.live == update.live
        self.must(same, f"{update.auction} was shown with two standings of seq {update.seq}")
        newest = self.newest.get(update.auction)
        if newest is None or newest.seq < update.seq:
            self.newest[update.auction] = update
        self.note(f"seen {update.auction} {update.seq}")
        self.burn("sight")

    def saw_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """A bidder was shown where he stands, just after the standing of the same seq was shown."""
        seen = self.updates[auction, seq]
        self.updates[auction, seq] = seen._replace(positions={**seen.positions, bidder: position})
        self.note(f"{bidder} sees {auction} {seq}")


@contextmanager
def limits(chance: random.Random) -> Iterator[None]:
    """Limits so low that a short run meets them: queues overflow, auctions leave memory, the WAL is trimmed."""
    low = {
        (log_module, "MAX_UNCOMMITTED"): (12, 60, 20_000),
        (log_module, "MAX_TAIL"): (10, 50, 20_000),
        (log_module, "READ_CHUNK"): (3, 20, 1_000),
        (log_module, "WAL_LOOK_BYTES"): (10_000, 50_000, 8 << 20),
        (log_module, "WAL_RESTART_BYTES"): (50_000, 200_000, 64 << 20),
        (shelf, "MAX_OVER"): (0, 2, 2_000),
        (shelf, "SLICE"): (1, 3, 50),
        (rostrum, "AT_ONCE"): (1, 5, 1_000),
        (delivery, "MOST_UNTOLD"): (20, 100, 5_000),
        (rostrum, "CHECKPOINT_EVERY_S"): (0.02, 0.2, 1.0),
        (rostrum, "EPOCH_EVERY_S"): (0.1, 1.0),
    }
    before = {place: getattr(*place) for place in low}
    for (module, name), values in low.items():
        setattr(module, name, chance.choice(values))
    try:
        yield
    finally:
        for (module, name), value in before.items():
            setattr(module, name, value)
