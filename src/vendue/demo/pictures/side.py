"""A car from its left side."""

from math import sqrt

from vendue.demo.pictures.bodies import Side
from vendue.demo.pictures.cabin import greenhouse, open_top
from vendue.demo.pictures.flank import ARCH, coat, modelling
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import (
    Point,
    Sheet,
    circle,
    curve,
    ellipse,
    group,
    line,
    number,
    path,
    points_of,
    polygon,
    rect,
    use,
)
from vendue.demo.pictures.wheel import wheel


def car_from_left(sheet: Sheet, side: Side, paint: Paint, light: Light, fine: bool = False) -> str:
    """In centimetres, y upwards: the nose at 0, the ground at 0."""
    body = sheet.shape(_body(side))
    wheels = sheet.once(wheel(sheet, side.radius, side.rim, fine=fine))
    placed = [use(wheels, transform=f"translate({number(x)} {number(side.radius)}) scale(1 -1)") for x in side.wheels]
    inside = open_top(sheet, paint) if not side.glass else ""
    return (
        _underneath(side)
        + inside
        + "".join(placed)
        + use(body, coat(sheet, side, paint))
        + group(modelling(sheet, side, paint, light), clip_path=sheet.clip(use(body, "#000")))
        + (greenhouse(sheet, side, paint, light) if side.glass else "")
        + _fittings(sheet, side, paint, 0.55 if fine else 1)
        + _lamps(sheet, side, light)
    )


def shadow(sheet: Sheet, side: Side, light: Light) -> str:
    """On the ground, in centimetres."""
    soft = sheet.radial((0, "#000", light.shadow), (0.65, "#000", light.shadow * 0.75), (1, "#000", 0))
    close = sheet.radial((0, "#000", 0.95), (0.6, "#000", 0.7), (1, "#000", 0))
    wide = side.length
    return (
        ellipse(wide / 2 + 8, -2, wide * 0.56, 15, soft)
        + ellipse(wide / 2, 1, wide * 0.47, 7, close)
        + "".join(ellipse(x, 0.5, side.radius * 0.8, 3.5, close) for x in side.wheels)
    )


def _body(side: Side) -> str:
    """The outline, closed along the sill, with its arches."""
    d = curve(side.outline)
    reach = side.radius + ARCH
    across = sqrt(reach**2 - (side.radius - side.sill) ** 2)
    for x in reversed(side.wheels):
        d += f"L{x + across:.1f} {side.sill}A{reach} {reach} 0 1 1 {x - across:.1f} {side.sill}"
    return d + "Z"


def _underneath(side: Side) -> str:
    """What is dark between and behind the wheels."""
    wells = "".join(circle(x, side.radius, side.radius + ARCH + 1, "#08090a") for x in side.wheels)
    front, rear = side.wheels
    floor = polygon(
        (front, side.sill + 8), (front, side.sill - 3), (rear + 52, side.sill - 1), (rear + 58, side.sill + 8)
    )
    return path(floor, "#08090a") + rect(front, side.sill * 0.6, rear - front, side.sill, "#060708") + wells


def _fittings(sheet: Sheet, side: Side, paint: Paint, thick: float) -> str:
    """Joints, handles, mirror, rails, intake."""
    joints = sheet.shape("".join(curve(each) for each in side.doors))
    hx, hy = _points(side.headlamp)[2]
    sx, sy = _points(side.screens[0])[0] if side.screens else (146, 85)
    bonnet = curve(f"{hx},{hy + 0.5} {(hx + sx) / 2},{(hy + sy) / 2 + 2} {sx + 2},{sy - 3}")
    rear, low = side.wheels[1] + side.radius + ARCH, side.taillamp.split(",")[1].split("!")[0]
    seam = f"M{rear:.1f} {float(low) - 22:.1f}L{side.length} {float(low) - 17:.1f}"
    nose = side.wheels[0] - side.radius - ARCH
    seam += f"M{nose + 1:.1f} {side.radius + 9}L{nose - 18:.1f} {side.radius + 23}"
    parts = [
        line(bonnet + seam, paint.deep, 0.8 * thick, opacity=0.75),
        use(joints, stroke=paint.deep, stroke_width=thick, opacity=0.9),
        use(joints, stroke=paint.light, stroke_width=0.5 * thick, opacity=0.5, x=0.8),
        path(curve(side.intake, close=True), "#0c0d0f", stroke="#0c0d0f", stroke_width=1.5, stroke_linejoin="round"),
        line(f"M6 {side.sill + 9}l18 1M6 {side.sill + 14}l20 1", "#4b5159", 0.8),
    ]
    for x, y in side.handles:
        parts.append(rect(x - 9, y - 2.6, 19, 4.6, paint.deep, rx=2.3, opacity=0.55))
        parts.append(rect(x - 9, y - 0.8, 19, 3.2, sheet.linear((0, paint.dark), (1, paint.light)), rx=1.6))
    x, y = side.mirror
    grow = 1.25 if side.shoulder > 95 else 1
    shape = "0,0! -5,2 -9,6 -9,11 -6,14.5 4,15 11,13 12,7 9,3 4,0!"
    cap = sheet.linear((0, paint.deep), (0.45, paint.dark), (0.8, paint.mid), (1, paint.light))
    parts.append(
        group(
            path(curve(shape, close=True), cap)
            + line("M-8 11C-4 14 4 14 10 12", "#fff", 0.9, opacity=0.6)
            + path("M-1 1h8l-2 -4h-5z", "#111315"),
            transform=f"translate({number(x)} {number(y)}) scale({grow})",
        )
    )
    if side.rails:
        parts.append(line(curve(side.rails), "#2a2d31", 3, stroke_linejoin="round"))
        parts.append(line(curve(side.rails), "#d7dde2", 1, opacity=0.8, transform="translate(0 0.8)"))
    return "".join(parts)


def _lamps(sheet: Sheet, side: Side, light: Light) -> str:
    head, tail = sheet.shape(curve(side.headlamp, close=True)), sheet.shape(curve(side.taillamp, close=True))
    (hx, hy), (tx, ty) = _middle(side.headlamp), _middle(side.taillamp)
    clear = sheet.linear((0, "#5a6873"), (0.45, "#dfe9ef"), (1, "#ffffff"))
    red = sheet.linear((0, "#5d070f"), (0.5, "#c81d28"), (1, "#ff5f52"))
    size = 3.4 if side.cladding else 2.6
    bulb = "".join(
        circle(hx + dx, hy + dy, size, "#39434b") + circle(hx + dx, hy + dy, size * 0.62, "#f6fbff")
        for dx, dy in ((-1, 0), (9, 2.2))
    )
    inside = bulb + line(f"M{hx - 26} {hy - 4.5}L{hx + 30} {hy + 5.5}", "#9fd0ff", 0.8, opacity=0.8)
    stripe = line(f"M{tx - 40} {ty + 3}L{tx + 40} {ty - 1}", "#fff", 1.1, opacity=0.6)
    stripe += line(f"M{tx - 40} {ty + 8}L{tx + 40} {ty + 4}", "#ff9a8c", 1.6, opacity=0.7)
    parts = [
        use(head, clear),
        group(inside, clip_path=sheet.clip(use(head, "#000"))),
        use(head, stroke="#15181b", stroke_width=1.1, stroke_linejoin="round"),
        use(tail, red),
        group(stripe, clip_path=sheet.clip(use(tail, "#000"))),
        use(tail, stroke="#2c0508", stroke_width=1.1, stroke_linejoin="round"),
    ]
    if light.lamps:
        parts.append(
            circle(hx - 6, hy, 46, sheet.radial((0, "#fff3cf", 0.95), (0.18, "#ffe6ad", 0.5), (1, "#ffdc96", 0)))
        )
        parts.append(circle(tx, ty, 30, sheet.radial((0, "#ff5a4a", 0.8), (0.3, "#ff3a30", 0.35), (1, "#ff2a20", 0))))
    return "".join(parts)


def _points(shape: str) -> list[Point]:
    return [point for point, _ in points_of(shape)]


def _middle(shape: str) -> Point:
    points = _points(shape)
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
