"""The benchmarks run; what they measure is no test's business."""

from bench.figures import Effort, table
from bench.rules import KINDS, figures


def test_the_rules_bench_gives_a_figure_for_each_format() -> None:
    found = figures(Effort(seconds=0.1, rounds=1))
    assert [figure.name for figure in found] == [f"rules: {kind}" for kind in KINDS]
    assert all(figure.value > 0 and figure.beside for figure in found)
    assert len(table(found).splitlines()) == len(KINDS) + 1
