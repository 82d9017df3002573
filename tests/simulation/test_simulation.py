"""Some hundreds of seeds, the same seed twice, and bugs that were put in to be found."""

import os
import subprocess
import sys

import pytest

from tests.simulation.mutations import ROOT, find

SEEDS = 300


def simulate(*arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, which it needs: it replaces what its processes run on."""
    command = [sys.executable, "-m", "tests.simulation", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_every_answer_agrees_with_the_final_history() -> None:
    ran = simulate("--seeds", str(SEEDS))
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("seed", [3, 14])
def test_a_seed_takes_the_same_course_again(seed: int) -> None:
    first, second = (simulate("--seed", str(seed), "--trace", hash_seed=hash_seed) for hash_seed in ("1", "2"))
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.splitlines() == second.stdout.splitlines()


@pytest.mark.parametrize(
    "name",
    ["answer-before-durable", "checkpoint-without-barrier", "events-of-the-dropped", "late-offsets", "time-falls"],
)
def test_a_bug_put_in_is_found(name: str) -> None:
    assert find(name, seeds=100, jobs=2), f"{name} was not found"
