"""Figures as bars in an SVG that needs nothing else, light or dark: each before what bounds it."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure, short

WIDTH, PAD, ROW, BAR = 760, 16, 52, 14
FARTHEST = 6.0
"""A bar ends at the edge where what bounds it is more than so many times the greatest value beside it."""
_STYLE = """
.paper { fill: #f6f7f8; } text { font: 13px system-ui, sans-serif; fill: #1a1c1e; } .pale { fill: #5c6369; }
.value { fill: #0b66c3; } .beside { fill: #cfd6dc; } .met { fill: #15803d; } .missed { fill: #b91c1c; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #1a1d20; } text { fill: #e8eaec; } .pale { fill: #9aa3ab; } .value { fill: #6cb2ff; }
  .beside { fill: #3a4147; } .met { fill: #5fd38a; } .missed { fill: #ff8080; }
}
"""


def draw(title: str, figures: Sequence[Figure]) -> str:
    """The whole file. Bars of one unit have one scale."""
    height = PAD + ROW * len(figures)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">',
        f'<style>{_STYLE}</style><rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
    ]
    for number, figure in enumerate(figures):
        longest = _longest([each for each in figures if each.unit == figure.unit])
        parts.append(f'<g transform="translate({PAD} {PAD + ROW * number})">{_row(figure, longest)}</g>')
    return "\n".join(parts) + "\n</svg>\n"


def _longest(alike: Sequence[Figure]) -> float:
    values = [each.value for each in alike]
    besides = [each.beside for each in alike if each.beside is not None]
    return min(max(values + besides), FARTHEST * max(values)) or 1.0


def _row(figure: Figure, longest: float) -> str:
    inside = WIDTH - 2 * PAD

    def bar(name: str, value: float, top: int, height: int) -> str:
        width = max(1.0, min(value / longest, 1.0) * inside)
        return f'<rect class="{name}" y="{top}" width="{width:.1f}" height="{height}" rx="2"/>'

    bars = bar("beside", figure.beside, 17, BAR) if figure.beside else ""
    verdict = {None: "", True: " ✓", False: " ✗"}[figure.met]
    mark = f'<tspan class="{"met" if figure.met else "missed"}">{verdict}</tspan>' if verdict else ""
    beside = f'<tspan class="pale"> · {escape(figure.told_beside())}</tspan>' if bars else ""
    told = f"{short(figure.value)} {escape(figure.unit)}{mark}{beside}"
    bars += bar("value", figure.value, 20, BAR - 6)
    return f'<text y="11">{escape(figure.name)}</text><text x="{inside}" y="11" text-anchor="end">{told}</text>{bars}'
