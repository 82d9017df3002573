"""Line plots as SVG in a page: colours are its style's, so that they are right in the light and in the dark."""

import math
from collections.abc import Callable, Sequence
from html import escape

from msgspec import Struct

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 34
TICKS = 5

Point = tuple[float, float | None]


class Line(Struct, frozen=True):
    """`points`: x and y; y None where there is nothing. `dots`: each by itself. The colour goes by its place."""

    name: str
    points: Sequence[Point]
    dots: bool = False


def plot(title: str, x_name: str, y_name: str, lines: Sequence[Line], x_ticks: Sequence[tuple[float, str]] = ()) -> str:
    """A figure with its legend. `x_ticks`: places and words, otherwise the numbers that fit. y starts at 0."""
    shown = [line for line in lines if any(y is not None for _, y in line.points)]
    if not shown:
        return f"<figure><figcaption>{escape(title)}</figcaption><p class=none>Nothing was measured.</p></figure>"
    xs = [x for line in shown for x, _ in line.points] + [x for x, _ in x_ticks]
    top = max(y for line in shown for _, y in line.points if y is not None)
    y_ticks = nice(0.0, top or 1.0)
    places = x_ticks or [(each, f"{each:g}") for each in nice(min(xs), max(xs)) if each <= max(xs)]
    across = _scale(min(xs), max(xs), LEFT, WIDTH - RIGHT)
    up = _scale(0.0, y_ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    for y in y_ticks:
        parts.append(f'<line class=grid x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(y):.1f}" y2="{up(y):.1f}"/>')
        parts.append(f'<text class=tick x="{LEFT - 6}" y="{up(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x, word in places:
        parts.append(f'<text class=tick x="{across(x):.1f}" y="{HEIGHT - 18}" text-anchor="middle">{word}</text>')
    parts.append(f'<text class=axis x="{WIDTH - RIGHT}" y="{HEIGHT - 3}" text-anchor="end">{escape(x_name)}</text>')
    parts += [_drawn(line, number, across, up) for number, line in enumerate(shown)]
    legend = "".join(f'<li class="s{number}">{escape(line.name)}</li>' for number, line in enumerate(shown))
    caption = f"<figcaption>{escape(title)} <small>{escape(y_name)}</small></figcaption>"
    return f"<figure>{caption}{''.join(parts)}</svg><ul class=legend>{legend}</ul></figure>"


def nice(low: float, high: float) -> list[float]:
    """Round numbers from at most `low` to at least `high`."""
    raw = (high - low) / TICKS or 1.0
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * each for each in (1, 2, 5, 10) if size * each >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * each, 9) for each in range(first, last + 1)]


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    return lambda value: start + (value - low) / ((high - low) or 1.0) * (end - start)


def _drawn(line: Line, number: int, across: Callable[[float], float], up: Callable[[float], float]) -> str:
    if line.dots:
        there = [(x, y) for x, y in line.points if y is not None]
        return "".join(f'<circle class="s{number}" cx="{across(x):.1f}" cy="{up(y):.1f}" r="3"/>' for x, y in there)
    path, pen_down = [], False
    for x, y in line.points:
        if y is not None:
            path.append(f"{'L' if pen_down else 'M'}{across(x):.1f} {up(y):.1f}")
        pen_down = y is not None
    return f'<path class="s{number}" d="{" ".join(path)}"/>'
