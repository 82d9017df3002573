"""Simulated processes, killed and started again: what clients see of them is explained, and of broken ones is not."""

import ast
import re
from pathlib import Path

import pytest

from tests.explain.mutations import MUTATIONS
from tests.simulation.mutations import run_mutated

SEEDS, BROKEN_SEEDS = 25, 60
CHECKER = ("record", "case", "conflicts", "prices", "model", "moments", "views", "fit", "order", "verdict", "check")
ALLOWED = ("tests.explain", "tests.rules.oracle_prices", "msgspec")


def test_what_clients_see_of_processes_that_are_killed_is_explained() -> None:
    ran = run_mutated(None, "-m", "tests.explain", "--seeds", str(SEEDS))
    print(ran.stdout)
    assert ran.returncode == 0, ran.stdout
    assert "undecided" not in ran.stdout, ran.stdout


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_clients_see_of_a_broken_engine_is_not(name: str) -> None:
    ran = run_mutated(MUTATIONS[name], "-m", "tests.explain", "--seeds", str(BROKEN_SEEDS))
    print(ran.stdout)
    assert ran.returncode == 1, f"{name} was explained away in {BROKEN_SEEDS} seeds"
    assert re.search(r"^lot-\d at seq \d+: ", ran.stdout, re.MULTILINE), ran.stdout


@pytest.mark.parametrize("name", CHECKER)
def test_the_checker_knows_nothing_of_what_it_checks(name: str) -> None:
    tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text())
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    for module in (*froms, *plain):
        ours = module.startswith(("tests", "vendue"))
        assert not ours or module.startswith(ALLOWED), f"{name} imports {module}"
        inside = module.removeprefix("tests.explain.")
        assert inside == module or inside in CHECKER, f"{name} imports {module}"
