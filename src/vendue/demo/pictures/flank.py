"""A car's flank: what makes it look round and glossy."""

from vendue.demo.pictures.bodies import Side
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import Point, Sheet, circle, curve, line, path, points_of, polygon, rect, use

ARCH = 4.5
"""How much wider than its wheel an arch is, in cm."""


def coat(sheet: Sheet, side: Side, paint: Paint) -> str:
    """The base coat: lit from above, darker where it turns under."""
    top = max(y for (_, y), _ in points_of(side.outline))
    low = side.sill

    def offset(y: float) -> float:
        return round((y - low) / (top - low), 2)

    return _upright(
        sheet, low, top,
        (0, paint.deep), (offset(low + 7), paint.dark), (offset(side.shoulder * 0.62), paint.mid),
        (offset(side.shoulder - 8), paint.mid), (offset(side.shoulder + 1), paint.light),
        (offset(side.shoulder + 12), paint.mid), (1, paint.light),
    )  # fmt: skip


def modelling(sheet: Sheet, side: Side, paint: Paint, light: Light) -> str:
    """All that lies within the outline: the sky above the crease, the land below it, ends that turn away."""
    return (
        _reflections(sheet, side, paint, light)
        + _edges(sheet, side, paint, light)
        + _arches(side, paint)
        + _skirts(side, paint, light)
        + rect(-5, 0, side.length + 10, 220, light.tint, opacity=light.strength)
    )


def _reflections(sheet: Sheet, side: Side, paint: Paint, light: Light) -> str:
    low, shoulder, gleam = side.sill, side.shoulder, paint.gleam
    crease = [point for point, _ in points_of(side.crease)]
    crease = [(-5, crease[0][1]), *crease, (side.length + 5, crease[-1][1])]
    drop = shoulder * 0.27
    wavy = [(x, y - drop + (3 if i % 2 else -2)) for i, (x, y) in enumerate(crease)]
    below, land, band = (
        _down(sheet, side, points) for points in (crease, wavy, [(x, y + shoulder * 0.045) for x, y in crease])
    )
    turned = _upright(sheet, low, shoulder, (0, light.ground, 0.25), (0.5, paint.dark, 0.1), (1, paint.dark, 0.55))
    between = _upright(sheet, shoulder - drop - 2, shoulder, (0, light.glow, round(gleam * 0.3, 2)), (1, light.glow, 0))
    earth = _upright(
        sheet, low + 4, shoulder - drop, (0, light.ground, 0.5), (0.35, paint.dark, 0.35), (1, paint.deep, 0.62)
    )
    return (
        use(below, turned)
        + use(below, between)
        + use(land, earth)
        + use(land, stroke=light.glow, stroke_width=1.1, opacity=round(gleam * 0.55, 2))
        + use(below, stroke=paint.light, stroke_width=1.3, opacity=0.75)
        + use(below, stroke=paint.deep, stroke_width=1.2, opacity=0.5, y=-1.7)
        + use(band, stroke=light.sky, stroke_width=shoulder * 0.05, opacity=round(gleam * 0.45, 2))
        + use(band, stroke="#fff", stroke_width=shoulder * 0.012, opacity=round(gleam * 0.6, 2))
    )


def _edges(sheet: Sheet, side: Side, paint: Paint, light: Light) -> str:
    """Light along the roof; both ends, which face away."""
    outline = sheet.shape(curve(side.outline))
    turn = sheet.linear(
        (0, paint.deep, 0.75), (0.05, paint.deep, 0.28), (0.14, paint.deep, 0),
        (0.88, paint.deep, 0), (0.96, paint.deep, 0.35), (1, paint.deep, 0.8), x2=1, y2=0,
    )  # fmt: skip
    return (
        use(outline, stroke=light.glow, stroke_width=3.2, opacity=round(paint.gleam * 0.55, 2))
        + use(outline, stroke="#fff", stroke_width=1.2, opacity=round(paint.gleam * 0.6, 2))
        + rect(-2, 0, side.length + 4, side.shoulder + 14, turn)
    )


def _arches(side: Side, paint: Paint) -> str:
    parts = []
    for x in side.wheels:
        y, reach = side.radius, side.radius + ARCH
        parts.append(circle(x, y, reach + 2.2, "none", stroke=paint.light, stroke_width=1, opacity=0.4))
        parts.append(circle(x, y, reach + 0.6, "none", stroke=paint.deep, stroke_width=2.2, opacity=0.8))
        if side.cladding:
            parts.append(circle(x, y, reach + 3, "none", stroke="#1d1f22", stroke_width=7))
            parts.append(circle(x, y, reach + 6, "none", stroke="#6b7077", stroke_width=0.7, opacity=0.7))
    return "".join(parts)


def _skirts(side: Side, paint: Paint, light: Light) -> str:
    """The sill, and what of grille and bumpers is seen from the side."""
    length, low = side.length, side.sill
    high = low + (12 if side.cladding else 5)
    x, y = points_of(side.headlamp)[0][0]
    grille = polygon((x - 6, y - 2), (x + 3, y - 2.5), (x + 1, y - 14), (x - 7, y - 15))
    tail = polygon((length + 2, low), (length + 2, low + 14), (length - 24, low + 12), (length - 34, low))
    return (
        rect(-5, low - 8, length + 10, high - low + 8, "#1b1d20" if side.cladding else paint.deep, opacity=0.9)
        + rect(-5, high, length + 10, 0.7, light.glow, opacity=0.25)
        + path(grille + tail, "#101214")
        + line(f"M{length - 20} {low + 17}h16", "#c4202a", 2.6)
    )


def _down(sheet: Sheet, side: Side, points: list[Point]) -> str:
    """The id of a shape from a line down to below the car."""
    text = " ".join(f"{x},{y:.1f}" for x, y in points)
    return sheet.shape(f"{curve(text)}L{side.length + 5} {side.sill - 10}L-5 {side.sill - 10}Z")


def _upright(sheet: Sheet, low: float, high: float, *stops: tuple[float, str] | tuple[float, str, float]) -> str:
    return sheet.linear(*stops, y1=round(low, 1), y2=round(high, 1), box=False)
