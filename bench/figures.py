"""What every figure shares: rounds, medians, and how it is printed beside its limit."""

import math
import statistics
from collections.abc import Callable, Sequence

from msgspec import Struct


class Effort(Struct, frozen=True):
    """How long to measure: `seconds` a round, `rounds` of subject and limit in turns, `scale` of what is built."""

    seconds: float = 5.0
    rounds: int = 3
    scale: float = 1.0


QUICK = Effort(seconds=1.0, rounds=1, scale=0.1)


class Figure(Struct, frozen=True):
    """A measured value and, in the same unit, what bounds it. `aim` is in words; `met` None where there is none."""

    name: str
    value: float
    unit: str
    beside: float | None = None
    beside_is: str = ""
    aim: str = ""
    met: bool | None = None
    note: str = ""

    def told_beside(self) -> str:
        """What bounds it and how much of that it is: "0.18 of 44 800 fixed body", or "5.6 × 0.64 one fdatasync"."""
        if not self.beside:
            return ""
        share = self.value / self.beside
        return f"{share:.2g} {'×' if share > 1 else 'of'} {short(self.beside)} {self.beside_is}"


def in_turns(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure over rounds of A B A B, since what disturbs a machine comes and goes."""
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for values, measure in zip(found, measures, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in found]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of them do not exceed; nan of none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def short(value: float | None) -> str:
    """A number in about three digits."""
    if value is None:
        return "–"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns."""
    rows = [("figure", "", "", "of what is beside it", "aim", "")]
    for each in figures:
        met = {None: "", True: "met: ", False: "NOT MET: "}[each.met]
        rows.append((each.name, short(each.value), each.unit, each.told_beside(), met + each.aim, each.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    right = (1,)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
