"""Keeps figures: `RESULTS.json` for programs, a page of the documentation with plots for people."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, json

from bench.figures import Figure, short
from bench.plots import draw

RESULTS = Path(__file__).with_name("RESULTS.json")
PAGE = Path(__file__).parents[1] / "docs" / "measured.md"
_HEAD = """\
# Measured

<!-- Written by `make bench ARGS=--write`. -->
What `make bench ARGS=--write` found, which anyone can repeat. The dark bar is what was measured, the pale one behind it
what bounds it, from the same run: a bare server, an empty loop, the disk's syncs, bare sockets; or, where its words say
so, a peer, or the same with less to do. How each is measured and what it means: [benchmarks](../bench/README.md).
"""


class Part(Struct, frozen=True):
    """What one file of `bench/` found: its first line, when (UTC), on which machine, and the figures."""

    name: str
    about: str
    at: str
    machine: str
    figures: Sequence[Figure]


def keep(part: Part, results: Path = RESULTS, page: Path = PAGE) -> None:
    """Put it in the place of what was found before, in the file, on the page, and its plot beside that."""
    parts = {each.name: each for each in json.decode(results.read_bytes(), type=list[Part])} if results.exists() else {}
    parts[part.name] = part
    results.write_bytes(json.format(json.encode(list(parts.values())), indent=1) + b"\n")
    plots = page.with_suffix("")
    plots.mkdir(exist_ok=True)
    if part.figures:
        (plots / f"{part.name}.svg").write_text(draw(part.about, part.figures))
    page.write_text("\n".join([_HEAD, *(line for each in parts.values() for line in _shown(each))]))


def _shown(part: Part) -> list[str]:
    lines = [f"## {part.name}", "", part.about, ""]
    if part.figures:
        lines += [f"![{part.about}](measured/{part.name}.svg)", "", *_rows(part.figures), ""]
    else:
        lines += ["Not measured: something that it needs was not there.", ""]
    return [*lines, f"{part.at}, {part.machine}.", ""]


def _rows(figures: Sequence[Figure]) -> list[str]:
    rows: list[Mapping[str, str]] = [
        {
            "figure": each.name,
            "": f"{short(each.value)} {each.unit}",
            "of what is beside it": each.told_beside(),
            "aim": {None: "", True: "met: ", False: "**missed**: "}[each.met] + each.aim,
            "note": each.note,
        }
        for each in figures
    ]
    names = [name for name in rows[0] if name == "" or any(row[name] for row in rows)]
    head = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return head + ["| " + " | ".join(row[name].replace("|", "\\|") for name in names) + " |" for row in rows]
