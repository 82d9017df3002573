"""A car from behind."""

from vendue.demo.pictures.ends import coat, extent, ground, heads, mirrors, pane, tyres, whole
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import (
    Sheet,
    circle,
    curve,
    ellipse,
    group,
    line,
    mirrored,
    path,
    points_of,
    rect,
    use,
)
from vendue.demo.pictures.tails import Rear
from vendue.demo.pictures.wheel import wheel


def car_from_behind(sheet: Sheet, rear: Rear, paint: Paint, light: Light) -> str:
    """In centimetres, y upwards: the middle and the ground at 0."""
    (_, low), (half, _) = extent(rear.outline)
    (_, belt), _ = extent(rear.screen)
    body, shape = coat(sheet, rear.outline, paint, light, belt - 6)
    inside = [_flank(sheet, rear, paint, light), _glass(sheet, rear, paint, light, belt)]
    inside += [_joints(rear, paint), _bumper(sheet, rear, paint), _lamps(sheet, rear)]
    return (
        ground(sheet, half, light)
        + tyres(sheet, half, rear.radius, low)
        + (mirrored(line(curve(rear.low), "#23262a", 4.4, stroke_linecap="round")) if rear.low else "")
        + (_open(sheet, rear, paint, belt) if rear.style == "open" else "")
        + mirrors(sheet, rear.mirror, paint, sheet.linear((0, light.ground), (1, light.sky)))
        + body
        + "".join(inside)
        + use(shape, light.tint, opacity=light.strength)
        + (_spare(sheet) if rear.style == "spare" else "")
        + _glow(sheet, rear, light)
    )


def _flank(sheet: Sheet, rear: Rear, paint: Paint, light: Light) -> str:
    """The upper half catches the sky, the lower the ground; between them a crease."""
    lid = extent(rear.lid)
    crease, bottom = rear.plate + 12 if rear.plate else 104, lid[0][1]
    wide = lid[1][0] - 2
    shine = sheet.linear(
        (0, paint.dark, 0.55),
        (0.55, paint.dark, 0.1),
        (1, paint.light, 0.1),
        x1=0,
        y1=bottom,
        x2=0,
        y2=crease,
        box=False,
    )
    sky = sheet.linear(
        (0, light.sky, 0), (1, light.sky, 0.55), x1=0, y1=crease, x2=0, y2=lid[1][1] if rear.plate else 122, box=False
    )
    edge = f"M{-wide} {crease - 2}Q0 {crease + 2.5} {wide} {crease - 2}"
    return (
        path(f"{edge}L{wide - 8} {bottom}H{-wide + 8}Z", shine)
        + (
            path(f"{edge}V{crease + 12}H{-wide}Z", sky, opacity=round(paint.gleam * 0.6, 2))
            if rear.style in ("", "wing", "lip", "open")
            else ""
        )
        + line(edge, "#fff", 0.9, opacity=0.5)
        + line(edge, paint.deep, 1, opacity=0.45, transform="translate(0 -1.4)")
    )


def _glass(sheet: Sheet, rear: Rear, paint: Paint, light: Light, belt: float) -> str:
    seats = heads(belt + 1, "#262b30", "#3a4149", 36)
    if rear.style == "open":
        return ""
    if rear.style == "doors":
        doors = sheet.shape(curve(rear.screen, close=True))
        fill = sheet.linear((0, light.sky), (0.5, "#2a343c"), (1, "#0c1014"), x1=0, y1=180, x2=0, y2=118, box=False)
        leaf = use(doors, fill, stroke="#0a0b0d", stroke_width=3.4, stroke_linejoin="round")
        leaf += path("M22 122l18 0 30 54h-16z", "#fff", opacity=0.12)
        return mirrored(leaf) + line("M30 122q8 12 22 20", "#050607", 1.4)
    _, (wide, high) = extent(rear.screen)
    wiper = (
        ""
        if rear.style in ("", "wing", "bed") and not rear.low
        else line(f"M0 {belt + 2}Q18 {belt + 8} 34 {belt + 5}", "#050607", 1.6)
    )
    lines = line(
        "".join(f"M{-wide + 10} {belt + 8 + k * 5}H{wide - 10}" for k in range(3)), "#8a5a3a", 0.4, opacity=0.5
    )
    brake = rect(-14, high + 1.5, 28, 2, "#b3202b", rx=1)
    return (
        pane(sheet, rear.screen, light, seats, paint.gleam)
        + lines
        + wiper
        + ("" if rear.style in ("wing", "bed") else brake)
    )


def _joints(rear: Rear, paint: Paint) -> str:
    lid = curve(rear.lid)
    drawn = mirrored(
        line(lid, paint.deep, 1.1, opacity=0.9) + line(lid, "#fff", 0.5, opacity=0.35, transform="translate(0.9 0.9)")
    )
    if rear.style == "wing":
        drawn += path("M-72 93Q0 101 72 93L66 88Q0 95 -66 88Z", paint.mid, stroke=paint.deep, stroke_width=0.8)
        drawn += line("M-70 93Q0 100.5 70 93", "#fff", 1, opacity=0.6)
    if rear.style == "lip":
        drawn += path("M-57 141Q0 150 57 141L53 137Q0 144 -53 137Z", paint.dark) + line(
            "M-56 141Q0 149.5 56 141", "#fff", 1, opacity=0.6
        )
    if rear.style == "doors":
        drawn += line("M0 45V192", paint.deep, 1.6) + rect(3, 88, 5, 14, "#17191c", rx=2)
        drawn += "".join(rect(x, y, 5, 8, paint.dark, rx=1) for x in (-86, 81) for y in (56, 104, 150))
    if rear.style == "bed":
        drawn += rect(-74, 117, 148, 4, paint.dark, rx=1.5) + rect(-74, 119.4, 148, 1, "#fff", opacity=0.5)
        drawn += rect(-13, 104, 26, 7, "#17191c", rx=2.5) + path("M-58 98H58L52 80H-52Z", paint.deep, opacity=0.22)
    return drawn


def _bumper(sheet: Sheet, rear: Rear, paint: Paint) -> str:
    (_, low), (half, _) = extent(rear.outline)
    parts = []
    if rear.inset:
        parts.append(path(whole(rear.inset), paint.deep, opacity=0.5))
        _, (wide, top) = extent(rear.inset)
        parts.append(rect(-wide * 0.8, top - 1, wide * 1.6, 1.8, sheet.linear((0, "#7d858d"), (1, "#f1f4f6"))))
    at = rear.plate or 46
    parts.append(rect(-26, at - 5.4, 52, 10.8, "#0d0e10", rx=1.4))
    parts.append(rect(-25, at - 4.4, 50, 8.8, sheet.linear((0, "#c9ced3"), (1, "#f4f6f7")), rx=1))
    seam = f"M{-half + 3} {rear.seam + 5}Q0 {rear.seam - 4} {half - 3} {rear.seam + 5}"
    parts.append(
        line(seam, paint.deep, 1, opacity=0.7) + line(seam, "#fff", 1.1, opacity=0.45, transform="translate(0 -1.6)")
    )
    if rear.style in ("bed", "spare"):
        chrome = sheet.linear((0, "#565d65"), (0.5, "#aeb6bd"), (1, "#f4f7f9")) if rear.style == "bed" else "#1b1d20"
        parts.append(rect(-half + 6, low + 5, 2 * half - 12, rear.seam - low - 8, chrome, rx=5))
        parts.append(rect(-26, at - 5.4, 52, 10.8, sheet.linear((0, "#c9ced3"), (1, "#f4f6f7")), rx=1.4))
    else:
        parts.append(path(whole(rear.diffuser), "#141619"))
        _, (wide, top) = extent(rear.diffuser)
        fins = "".join(f"M{x} {low + 2}V{top - 4}" for x in (-30, -15, 0, 15, 30))
        parts.append(line(fins, "#33383e", 1.4))
    parts.append(
        mirrored(rect(half - 26, low + 16, 16, 3.4, "#c4202a", rx=1.2) + rect(half - 26, low + 18, 16, 0.8, "#ff8d80"))
    )
    if rear.pipes > 0:
        pipe = ellipse(rear.pipes, low + 4, 6.4, 4.2, sheet.linear((0, "#5b626a"), (1, "#f4f7f9"))) + ellipse(
            rear.pipes, low + 4, 4.8, 3, "#050506"
        )
        parts.append(mirrored(pipe) if rear.style in ("", "wing", "open") and not rear.low else pipe)
    return "".join(parts)


def _lamps(sheet: Sheet, rear: Rear) -> str:
    shape = sheet.shape(curve(rear.lamp, close=True))
    (left, bottom), (right, top) = extent(rear.lamp)
    tall = top - bottom > right - left
    red = sheet.linear((0, "#7d0a13"), (0.55, "#cf1f2a"), (1, "#ff5b4e"))
    if tall:
        parts = "".join(
            rect(left - 2, bottom + (top - bottom) * k, right - left + 4, (top - bottom) * 0.16, fill, opacity=0.9)
            for k, fill in ((0.12, "#e8edf0"), (0.42, "#ffb27d"), (0.72, "#ff8478"))
        )
    else:
        mid = (bottom + top) / 2
        parts = line(
            f"M{left - 4} {mid - 3}Q{(left + right) / 2} {mid - 1} {right + 4} {mid + 4}", "#ff9c90", 2.4, opacity=0.85
        )
        parts += line(
            f"M{left - 4} {mid + 3}Q{(left + right) / 2} {mid + 5} {right + 4} {mid + 9}", "#fff", 1, opacity=0.7
        )
        parts += rect(
            left + (right - left) * 0.1, bottom, (right - left) * 0.2, (top - bottom) * 0.42, "#f0e6e2", opacity=0.8
        )
    seen = use(shape, red) + group(parts, clip_path=sheet.clip(use(shape, "#000")))
    return mirrored(seen + use(shape, stroke="#22060a", stroke_width=1.3, stroke_linejoin="round"))


def _glow(sheet: Sheet, rear: Rear, light: Light) -> str:
    if not light.lamps:
        return ""
    points = [point for point, _ in points_of(rear.lamp)]
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    return mirrored(circle(x, y, 40, sheet.radial((0, "#ff6a5a", 0.85), (0.3, "#ff3a30", 0.35), (1, "#ff2a20", 0))))


def _spare(sheet: Sheet) -> str:
    """The spare wheel on the tailgate."""
    spare = group(wheel(sheet, 35, "six"), transform="translate(0 96) scale(1 -1)")
    return ellipse(2, 91, 37, 37, "#000", opacity=0.4) + spare


def _open(sheet: Sheet, rear: Rear, paint: Paint, belt: float) -> str:
    """The windscreen's frame far ahead, seats, and hoops before it."""
    leather = sheet.linear((0, "#5e3721"), (1, "#a56d43"))
    shape = sheet.shape(whole(rear.screen))
    hoops = mirrored(line(f"M20 {belt}V{belt + 19}q0 7 7 7h18q7 0 7 -7V{belt}", "#c9d0d6", 3.2))
    return (
        use(shape, "#dfeef6", opacity=0.25)
        + use(shape, stroke="#0c0d0f", stroke_width=5)
        + use(shape, stroke=paint.mid, stroke_width=3)
        + rect(-9, 108, 18, 6, "#101214", rx=2)
        + heads(belt - 5, leather, "#43261a", 36)
        + hoops
    )
