"""SVG as text: elements, paths through points, and the sheet that names gradients and clips."""

from itertools import pairwise
from math import hypot
from random import Random

WIDTH, HEIGHT = 1200, 800
"""Of every picture, in pixels."""

Value = str | float
Point = tuple[float, float]
Stop = tuple[float, str] | tuple[float, str, float]
"""Offset, colour, and opacity where it is not 1."""


def number(value: Value) -> str:
    """As short as it may be; strings stay as they are."""
    if isinstance(value, str):
        return value
    text = f"{round(value, 2):g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def element(name: str, *inside: str, **attributes: Value) -> str:
    """One; `stroke_width` is written stroke-width."""
    said = "".join(f' {key.strip("_").replace("_", "-")}="{number(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def path(d: str, fill: str = "none", **more: Value) -> str:
    """A path."""
    return element("path", d=d, fill=fill, **more)


def line(d: str, stroke: str, stroke_width: float, **more: Value) -> str:
    """A path that is drawn, not filled."""
    return element("path", d=d, fill="none", stroke=stroke, stroke_width=stroke_width, **more)


def circle(cx: float, cy: float, r: float, fill: str, **more: Value) -> str:
    """A circle."""
    return element("circle", cx=cx, cy=cy, r=r, fill=fill, **more)


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, **more: Value) -> str:
    """An ellipse."""
    return element("ellipse", cx=cx, cy=cy, rx=rx, ry=ry, fill=fill, **more)


def rect(x: float, y: float, width: float, height: float, fill: str, **more: Value) -> str:
    """A rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, fill=fill, **more)


def group(*inside: str, **attributes: Value) -> str:
    """What shares a transform, clip or opacity."""
    return element("g", "".join(inside), **attributes)


def use(id: str, fill: str = "none", **more: Value) -> str:
    """A shape or drawing of the sheet's."""
    return element("use", href=f"#{id}", fill=fill, **more)


def mirrored(inside: str, about: float = 0) -> str:
    """It, and its mirror image about a vertical."""
    return inside + group(inside, transform=f"matrix(-1 0 0 1 {number(2 * about)} 0)")


def points_of(text: str) -> list[tuple[Point, bool]]:
    """`"0,1 2,3! …"` as points, and whether each is a corner."""
    found = []
    for each in text.split():
        x, _, y = each.rstrip("!").partition(",")
        found.append(((float(x), float(y)), each.endswith("!")))
    return found


def curve(text: str, start: str = "M", close: bool = False) -> str:
    """A path through the points: smooth, but for its ends and where a point is a corner ("3,4!")."""
    points = points_of(text)
    if close and points[0] != points[-1]:
        points.append(points[0])
    last = len(points) - 1
    d = [f"{start}{_pair(points[0][0])}"]
    begin = 0
    for index in range(1, last + 1):
        if points[index][1] or index == last:
            d.append(_run([(round(x, 1), round(y, 1)) for (x, y), _ in points[begin : index + 1]]))
            begin = index
    return "".join(d) + ("Z" if close else "")


def polygon(*points: Point) -> str:
    """Straight from point to point, and closed."""
    return "M" + "L".join(_close(point) for point in points) + "Z"


def _pair(point: Point) -> str:
    return f"{number(round(point[0], 1))} {number(round(point[1], 1))}"


def _run(points: list[Point]) -> str:
    """Between two corners. A tangent is that of the circle through a point and its neighbours."""
    if len(points) == 2:
        return f"L{_pair(points[1])}"
    ways = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    lengths = [hypot(*way) or 1e-6 for way in ways]
    units = [(x / length, y / length) for (x, y), length in zip(ways, lengths, strict=True)]
    tangents = []
    for i in range(1, len(ways)):
        (ax, ay), (bx, by) = units[i - 1], units[i]
        x, y = ax * lengths[i] + bx * lengths[i - 1], ay * lengths[i] + by * lengths[i - 1]
        size = hypot(x, y) or 1
        tangents.append((x / size, y / size))
    tangents = [_reflected(tangents[0], units[0]), *tangents, _reflected(tangents[-1], units[-1])]
    d = []
    for i, length in enumerate(lengths):
        (ax, ay), (bx, by), third = points[i], points[i + 1], length / 3
        first = ax + tangents[i][0] * third, ay + tangents[i][1] * third
        second = bx - tangents[i + 1][0] * third, by - tangents[i + 1][1] * third
        d.append("c" + _close(*((x - ax, y - ay) for x, y in (first, second, (bx, by)))))
    return "".join(d)


def _close(*points: Point) -> str:
    """Numbers with no more between them than is needed."""
    return " ".join(map(_pair, points)).replace(" -", "-")


def _reflected(tangent: Point, unit: Point) -> Point:
    dot = 2 * (tangent[0] * unit[0] + tangent[1] * unit[1])
    return dot * unit[0] - tangent[0], dot * unit[1] - tangent[1]


class Sheet:
    """The definitions of one picture. What is defined twice is there once; ids are unique within the sheet."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._ids: dict[str, str] = {}

    def linear(self, *stops: Stop, x1: float = 0, y1: float = 0, x2: float = 0, y2: float = 1, box: bool = True) -> str:
        """A gradient from one point to the other; not `box`: in the units of what is painted."""
        return self._gradient("linearGradient", stops, box, x1=x1, y1=y1, x2=x2, y2=y2)

    def radial(self, *stops: Stop, cx: float = 0.5, cy: float = 0.5, r: float = 0.5, box: bool = True) -> str:
        """A gradient from a point outwards."""
        return self._gradient("radialGradient", stops, box, cx=cx, cy=cy, r=r)

    def clip(self, *shapes: str) -> str:
        """What is drawn inside of these shapes only."""
        return self.define("clipPath", *shapes)

    def mask(self, *shapes: str) -> str:
        """What is drawn as far as these shapes are light."""
        return self.define("mask", *shapes)

    def blur(self, deviation: float) -> str:
        """Out of focus by so many units."""
        inside = element("feGaussianBlur", stdDeviation=deviation)
        return self.define("filter", inside, x="-10%", y="-10%", width="120%", height="120%")

    def pattern(self, width: float, height: float, *inside: str, transform: str = "") -> str:
        """A tile, over and over."""
        more = {"patternTransform": transform} if transform else {}
        return self.define("pattern", *inside, width=width, height=height, patternUnits="userSpaceOnUse", **more)

    def define(self, name: str, *inside: str, **attributes: Value) -> str:
        """Anything else that is referred to, as url(#id)."""
        text = element(name, *inside, **attributes)
        if text not in self._ids:
            self._ids[text] = f"d{len(self._ids)}"
        return f"url(#{self._ids[text]})"

    def shape(self, d: str) -> str:
        """The id of a path that is drawn more than once: use(id, …)."""
        return self.define("path", d=d)[5:-1]

    def once(self, drawn: str) -> str:
        """The id of a drawing that is used more than once."""
        return self.define("g", drawn)[5:-1]

    def picture(self, *inside: str) -> str:
        """The whole of it."""
        defined = [
            text.replace(" ", f' id="{id}" ', 1) if " " in text.split(">")[0] else text.replace(">", f' id="{id}">', 1)
            for text, id in self._ids.items()
        ]
        return element(
            "svg",
            element("defs", *defined),
            *inside,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            width=WIDTH,
            height=HEIGHT,
        )

    def _gradient(self, name: str, stops: tuple[Stop, ...], box: bool, **where: Value) -> str:
        inside = [
            element(
                "stop",
                **({"offset": stop[0]} if stop[0] else {}),
                stop_color=stop[1],
                **({"stop_opacity": stop[2]} if len(stop) > 2 else {}),
            )
            for stop in stops
        ]
        units: dict[str, Value] = {} if box else {"gradientUnits": "userSpaceOnUse"}
        return self.define(name, *inside, **where, **units)
