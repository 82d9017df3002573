"""A wheel: tyre, brake and rim. Centred on 0,0; spokes point up first; light falls from above."""

from math import cos, pi, sin

from vendue.demo.pictures.svg import Point, Sheet, circle, ellipse, group, path, polygon, use

_SPOKES = {"five": (5, 0.2, 0.12), "six": (6, 0.24, 0.2), "ten": (10, 0.085, 0.07), "steel": (10, 0.17, 0.2)}
"""Style -> how many, and how wide they are inside and outside, as parts of the rim's radius."""


def wheel(sheet: Sheet, radius: float, style: str, caliper: str = "#4a4f57", fine: bool = False) -> str:
    """`fine`: with what is seen from near."""
    rim = radius * (0.64 if style in ("steel", "six") else 0.71)
    metal = sheet.linear(
        (0, "#f8fafb"),
        (0.4, "#c3c9cf"),
        (0.75, "#868d96"),
        (1, "#5a616b"),
        x1=-rim * 0.3,
        y1=-rim,
        x2=rim * 0.3,
        y2=rim,
        box=False,
    )
    lip = sheet.linear(
        (0, "#ffffff"), (0.5, "#9aa1a9"), (1, "#4d545d"), x1=-rim * 0.3, y1=-rim, x2=rim * 0.3, y2=rim, box=False
    )
    rubber = sheet.radial((0.7, "#17181a"), (0.86, "#2b2d31"), (0.93, "#1b1c1f"), (1, "#0a0b0c"))
    parts = [
        circle(0, 0, radius, rubber),
        circle(0, 0, radius * 0.93, "none", stroke="#3a3d42", stroke_width=radius * 0.008),
        circle(0, 0, radius * 0.8, "none", stroke="#34373b", stroke_width=radius * 0.008),
        path(_arc(radius * 0.985, -2.5, -0.65), stroke="#6a7078", stroke_width=radius * 0.018, stroke_linecap="round"),
        circle(0, 0, rim + radius * 0.02, "#060708"),
        circle(0, 0, rim * 0.97, sheet.radial((0, "#14161a"), (0.75, "#1d2025"), (1, "#33383f"))),
        _brake(sheet, rim, caliper, fine),
    ]
    shape = sheet.shape("".join(_spokes(style, rim)))
    parts.append(use(shape, "#000", opacity=0.45, transform=f"translate({rim * 0.02:.2f} {rim * 0.045:.2f})"))
    parts.append(use(shape, metal))
    if fine:
        parts.append(use(shape, stroke="#fff", stroke_width=rim * 0.008, opacity=0.5))
    parts.append(circle(0, 0, rim * 0.955, "none", stroke=lip, stroke_width=rim * 0.075))
    parts.append(circle(0, 0, rim * 0.905, "none", stroke="#3c4249", stroke_width=rim * 0.012))
    parts.append(_hub(sheet, rim, 6 if style == "six" else 5, metal))
    return group(*parts)


def _arc(r: float, start: float, end: float) -> str:
    (x1, y1), (x2, y2) = _at(r, start), _at(r, end)
    return f"M{x1:.1f} {y1:.1f}A{r:.1f} {r:.1f} 0 0 1 {x2:.1f} {y2:.1f}"


def _at(r: float, angle: float) -> Point:
    return r * cos(angle), r * sin(angle)


def _brake(sheet: Sheet, rim: float, caliper: str, fine: bool) -> str:
    disc = sheet.linear((0, "#8e959d"), (0.5, "#5c636b"), (1, "#3b4047"), x2=1)
    holes = ""
    if fine:
        rings = (
            circle(
                0,
                0,
                rim * r,
                "none",
                stroke="#202328",
                stroke_width=rim * 0.033,
                stroke_linecap="round",
                stroke_dasharray=f".01 {rim * r * pi / 9:.2f}",
            )
            for r in (0.46, 0.55, 0.64)
        )
        holes = "".join(rings)
    grip = path(_arc(rim * 0.61, -0.75, 0.55), stroke=caliper, stroke_width=rim * 0.24)
    edge = path(_arc(rim * 0.7, -0.7, 0.5), stroke="#fff", stroke_width=rim * 0.02, opacity=0.35)
    return circle(0, 0, rim * 0.72, disc) + holes + circle(0, 0, rim * 0.36, "#2a2d32") + grip + edge


def _spokes(style: str, rim: float) -> list[str]:
    if style == "twin":
        return [shape for i in range(5) for shape in _pair(rim, -pi / 2 + i * 2 * pi / 5)]
    count, inner, outer = _SPOKES[style]
    return [_spoke(rim, -pi / 2 + i * 2 * pi / count, count, inner, outer) for i in range(count)]


def _spoke(rim: float, angle: float, count: int, inner: float, outer: float) -> str:
    """From the hub to the lip, waisted in between."""
    across = angle + pi / 2

    def point(r: float, half: float) -> Point:
        (x, y), (dx, dy) = _at(r * rim, angle), _at(half * rim, across)
        return x + dx, y + dy

    waist = min(inner, outer) * 0.9
    edge = [(0.12, inner), (0.5, waist), (0.8, outer), (0.93, min(outer * 1.7, 2.6 / count))]
    return polygon(*(point(r, h) for r, h in edge), *(point(r, -h) for r, h in reversed(edge)))


def _pair(rim: float, angle: float) -> list[str]:
    """Two thin spokes that part towards the lip."""
    shapes = []
    for side in (-1, 1):
        a, b = angle + side * 0.13, angle + side * 0.235
        inner, outer = _at(rim * 0.16, angle + side * 0.7), _at(rim * 0.96, b)
        across = _at(rim * 0.062, (a + b) / 2 + pi / 2)
        wide = (across[0] * 1.25, across[1] * 1.25)
        shapes.append(
            polygon(
                (inner[0] + across[0], inner[1] + across[1]),
                (outer[0] + wide[0], outer[1] + wide[1]),
                (outer[0] - wide[0], outer[1] - wide[1]),
                (inner[0] - across[0], inner[1] - across[1]),
            )
        )
    return shapes


def _hub(sheet: Sheet, rim: float, bolts: int, metal: str) -> str:
    spots = [_at(rim * 0.15, -pi / 2 + pi / bolts + i * 2 * pi / bolts) for i in range(bolts)]
    return (
        circle(0, 0, rim * 0.22, metal)
        + "".join(circle(x, y, rim * 0.032, "#22252a") for x, y in spots)
        + circle(0, 0, rim * 0.095, sheet.radial((0, "#5d646c"), (1, "#1d2024"), cy=0.3))
        + ellipse(0, -rim * 0.04, rim * 0.05, rim * 0.025, "#fff", opacity=0.4)
    )
