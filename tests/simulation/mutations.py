"""Bugs put in on purpose, in a copy of the source: a simulation that does not find them finds nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Mutation(NamedTuple):
    """In `file` of the package, `old` becomes `new`."""

    file: str
    old: str
    new: str


MUTATIONS = {
    "answer-before-durable": Mutation(
        "engine/rostrum.py",
        'delivery.durable = self._log.append("auction-events", delivery.events)',
        'self._log.append("auction-events", delivery.events)\n'
        "        delivery.durable = asyncio.ensure_future(asyncio.sleep(0))",
    ),
    "checkpoint-without-barrier": Mutation(
        "engine/shelf.py", 'await self._log.append("auction-events", [])\n', "await asyncio.sleep(0)\n"
    ),
    "decide-again": Mutation(
        "engine/rostrum.py", "if kept is not None and record.offset <= kept.offset:", "if record.offset < 0:"
    ),
    "late-offsets": Mutation(
        "engine/shelf.py",
        "self._save_slice([], offsets)",
        "self._save_slice([], dict(self.next_offsets))",
    ),
    "cancelled-save-forgets": Mutation("engine/shelf.py", "self._changed = changed | self._changed", "pass"),
    "forgotten-is-none": Mutation("engine/shelf.py", "while missing :=", "if missing :="),
    "board-before-durable": Mutation(
        "engine/rostrum.py", 'await self._log.append("auction-events", [])', "await asyncio.sleep(0)"
    ),
    "late-epoch": Mutation(
        "engine/rostrum.py",
        "        await self._board.set_epoch(self._part, self._epoch)\n"
        "        self._missed -= changed\n        await self._tell(updates, [])\n",
        "        self._missed -= changed\n        await self._tell(updates, [])\n"
        "        await self._board.set_epoch(self._part, self._epoch)\n",
    ),
    "events-of-the-dropped": Mutation("log/sqlite.py", "elif self._rewound is not None:", "elif False:"),
    "drop-half": Mutation(
        "log/sqlite.py", "for batch in (self._committing, self._next) if", "for batch in (self._committing,) if"
    ),
    "lock-given-back": Mutation("log/sqlite.py", "await asyncio.shield(saving)", "await saving"),
    "time-falls": Mutation("log/clock.py", "if at_ms > self._highest_ms:", "if at_ms:"),
    "tick-once": Mutation("engine/rostrum.py", "self._ticker.give_back(auctions)", "pass"),
    "no-deadlines-loaded": Mutation("engine/rostrum.py", "self._ticker.set(waiting.auction, waiting.at)", "pass"),
    "offset-skips": Mutation("engine/rostrum.py", "= record.offset + 1\n", "= record.offset + 2\n"),
    "read-twice": Mutation("log/sqlite.py", "if record.offset >= at[record.partition]]", "]"),
}


def hunt(names: Sequence[str], seeds: int, jobs: int) -> int:
    """Look for each of these (all of them where none is named); exit status 1 where one was not found."""
    missed = 0
    for name in names or MUTATIONS:
        told = find(name, seeds, jobs)
        missed += told is None
        print(f"{name}: {told or f'NOT FOUND in {seeds} seeds'}", flush=True)
    return 1 if missed else 0


def find(name: str, seeds: int, jobs: int = 1) -> str | None:
    """What the simulation says of the mutated code, or None where it says nothing."""
    ran = run_mutated(MUTATIONS[name], "-m", "tests.simulation", "--seeds", str(seeds), "--jobs", str(jobs))
    return ran.stdout.splitlines()[0][:300] if ran.returncode else None


def run_mutated(mutation: Mutation | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments on a copy of the source, changed or as it is; exit status 1 is a finding."""
    with tempfile.TemporaryDirectory(prefix="vendue-mutant-") as folder:
        shutil.copytree(ROOT / "src", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        if mutation is not None:
            path = Path(folder, "vendue", mutation.file)
            text = path.read_text()
            assert text.count(mutation.old) == 1, f"{mutation.file} has changed: write {mutation} anew"
            path.write_text(text.replace(mutation.old, mutation.new))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((folder, str(ROOT)))}
        command = [sys.executable, *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1) and "Traceback" not in ran.stderr, ran.stderr
    return ran
