"""A car from the front."""

from vendue.demo.pictures.ends import both, coat, extent, ground, heads, mirrors, pane, tyres, whole
from vendue.demo.pictures.faces import Front
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import Sheet, circle, curve, group, line, mirrored, path, points_of, rect, use


def car_from_front(
    sheet: Sheet, front: Front, paint: Paint, light: Light, open_top: bool = False, right_hand: bool = False
) -> str:
    """In centimetres, y upwards: the middle and the ground at 0."""
    (_, low), (half, _) = extent(front.outline)
    (_, belt), _ = extent(front.screen)
    body, _ = coat(sheet, front.outline, paint, light, belt)
    return (
        ground(sheet, half, light)
        + tyres(sheet, half, front.radius, low)
        + (_open(sheet, front, paint, light, -36 if right_hand else 36) if open_top else "")
        + (mirrored(line(curve(front.low), "#23262a", 4.4, stroke_linecap="round")) if front.low else "")
        + body
        + (
            ""
            if open_top
            else pane(sheet, front.screen, light, heads(belt + 4, "#2c3137", "#454c54"), paint.gleam)
            + _wipers(front, belt)
        )
        + _bonnet(sheet, front, paint, light)
        + _nose(sheet, front, paint, light)
        + _lamps(sheet, front, light)
        + mirrors(sheet, front.mirror, paint)
        + _tint(front, light)
    )


def _tint(front: Front, light: Light) -> str:
    return path(whole(front.outline), light.tint, opacity=light.strength)


def _wipers(front: Front, belt: float) -> str:
    _, (wide, high) = extent(front.screen)
    return (
        line(
            f"M{-wide * 0.78:.1f} {belt + 3}Q{-wide * 0.4:.1f} {belt + 7} {-wide * 0.06:.1f} {belt + 5}", "#050607", 1.5
        )
        + line(
            f"M{wide * 0.1:.1f} {belt + 3}Q{wide * 0.45:.1f} {belt + 7.5} {wide * 0.76:.1f} {belt + 5}", "#050607", 1.5
        )
        + rect(-8, high - 11, 16, 6, "#0b0c0e", rx=2.5)
    )


def _bonnet(sheet: Sheet, front: Front, paint: Paint, light: Light) -> str:
    (_, low), (wide, high) = extent(front.bonnet)
    shape = sheet.shape(whole(front.bonnet))
    fill = sheet.linear(
        (0, paint.mid), (0.25, paint.light), (0.65, paint.mid), (1, paint.dark), x1=0, y1=low, x2=0, y2=high, box=False
    )
    sky = sheet.radial(
        (0, light.sky, 0.85),
        (0.5, light.sky, 0.3),
        (1, light.sky, 0),
        cx=0,
        cy=low + (high - low) * 0.45,
        r=wide * 0.8,
        box=False,
    )
    creases = curve(front.creases)
    return (
        use(shape, fill)
        + use(shape, sky, opacity=round(0.25 + paint.gleam * 0.45, 2))
        + mirrored(
            line(creases, paint.dark, 1.6, opacity=0.55)
            + line(creases, "#fff", 0.7, opacity=0.5, transform="translate(1.3 0)")
        )
        + use(shape, stroke=paint.deep, stroke_width=1, opacity=0.85)
        + line(_front_edge(front.bonnet), "#fff", 0.9, opacity=0.55, transform="translate(0 1.2)")
    )


def _front_edge(bonnet: str) -> str:
    """From one lamp to the other."""
    points = bonnet.split()
    last = max(i for i, each in enumerate(points) if each.endswith("!"))
    edge = both(" ".join(points[last:]))
    return curve(" ".join(edge))


def _nose(sheet: Sheet, front: Front, paint: Paint, light: Light) -> str:
    """Grille, intakes, plate, bumper."""
    (_, low), (half, _) = extent(front.outline)
    dark = sheet.linear((0, "#1e2125"), (1, "#050607"), x1=0, y1=low, x2=0, y2=low + 60, box=False)
    parts = []
    if front.grille:
        parts.append(_grille(sheet, front, dark))
    if front.intake:
        shape = sheet.shape(whole(front.intake))
        (_, bottom), (wide, top) = extent(front.intake)
        mesh = "".join(f"M{-wide} {y:.1f}H{wide}" for y in (bottom + (top - bottom) * k for k in (0.28, 0.52, 0.76)))
        parts.append(use(shape, dark, stroke=paint.deep, stroke_width=1.6))
        parts.append(group(line(mesh, "#3b4047", 1.1), clip_path=sheet.clip(use(shape, "#000"))))
    vent = curve(front.vent, close=True)
    (left, bottom), (right, top) = extent(front.vent)
    x, y = left + (right - left) * 0.48, bottom + (top - bottom) * 0.48
    fog = circle(x, y, 4.6, "#2b3036") + circle(x, y, 3.5, "#dfe7ec") + circle(x, y + 1.2, 1.6, "#fff")
    parts.append(mirrored(path(vent, dark, stroke=paint.deep, stroke_width=1.2, stroke_linejoin="round") + fog))
    plate = extent(front.intake or front.grille)[1][1] + (-1 if front.intake else -9)
    parts.append(
        rect(-26, plate, 52, 10.5, "#0d0e10", rx=1.4)
        + rect(-25, plate + 1, 50, 8.5, sheet.linear((0, "#c9ced3"), (1, "#f4f6f7")), rx=1)
    )
    lip = f"M{-half + 14} {low + 3}Q0 {low - 2} {half - 14} {low + 3}"
    parts.append(line(lip, "#16181b", 4) + line(lip, light.glow, 0.8, opacity=0.45, transform="translate(0 2.4)"))
    return "".join(parts)


def _grille(sheet: Sheet, front: Front, dark: str) -> str:
    shape = sheet.shape(whole(front.grille))
    (_, bottom), (wide, top) = extent(front.grille)
    tall = top - bottom
    chrome = sheet.linear((0, "#6f7780"), (0.5, "#f5f8fa"), (1, "#aab2ba"))
    if front.bars == "upright":
        bars = line("".join(f"M{x} {bottom}V{top}" for x in range(-44, 45, 4)), "#9aa2aa", 1.2)
    elif front.bars == "broad":
        bars = "".join(rect(-wide, bottom + tall * k, 2 * wide, tall * 0.13, chrome) for k in (0.2, 0.46, 0.72))
        bars += line(f"M-14 {bottom}V{top}M14 {bottom}V{top}", "#3c434a", 2)
    elif front.bars == "mesh":
        slope = "".join(f"M{x} {bottom}l{tall} {tall}M{x} {top}l{tall} {-tall}" for x in range(-74, 50, 6))
        bars = line(slope, "#555c64", 0.9)
    else:
        count = max(2, round(tall / 5))
        bars = line(
            "".join(f"M{-wide} {bottom + tall * (k + 0.5) / count:.1f}H{wide}" for k in range(count)), "#aab2ba", 1.5
        )
    rim = 2.6 if front.bars == "broad" else 1.7
    return (
        use(shape, dark)
        + group(bars, clip_path=sheet.clip(use(shape, "#000")))
        + use(shape, stroke=chrome, stroke_width=rim)
    )


def _lamps(sheet: Sheet, front: Front, light: Light) -> str:
    shape = sheet.shape(curve(front.lamp, close=True))
    points = [point for point, _ in points_of(front.lamp)]
    x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    r = front.round_lamp
    glass = sheet.linear((0, "#4d5963"), (0.5, "#a9b8c2"), (1, "#eef5f9"))
    bowl = sheet.radial((0, "#ffffff"), (0.35, "#eef6fb"), (0.7, "#8d9ba6"), (1, "#39434b"))
    eye = circle(x, y, r, "#20262b") + circle(x, y, r * 0.86, bowl) + circle(x, y, r * 0.4, "#fff")
    if r < 9:
        far = x + r * 2.1
        eye += circle(far, y + 1.5, r * 0.75, "#20262b") + circle(far, y + 1.5, r * 0.62, bowl)
    (left, bottom), (right, _) = extent(front.lamp)
    day = line(f"M{left + 3} {bottom + 2.5}Q{x} {bottom + 1} {right - 3} {bottom + 6}", "#f3fbff", 1.3, opacity=0.9)
    seen = use(shape, glass) + group(eye + day, clip_path=sheet.clip(use(shape, "#000")))
    seen += use(shape, stroke="#0e1012", stroke_width=1.4, stroke_linejoin="round")
    if light.lamps:
        seen += circle(x, y, 34, sheet.radial((0, "#fffbe9", 1), (0.2, "#fff0c6", 0.65), (1, "#ffe3a2", 0)))
    return mirrored(seen)


def _open(sheet: Sheet, front: Front, paint: Paint, light: Light, driver: float) -> str:
    """Seats and hoops behind the windscreen, and its frame."""
    (_, belt), _ = extent(front.screen)
    leather = sheet.linear((0, "#6b3f26"), (1, "#b4794c"))
    hoops = mirrored(line(f"M20 {belt}V{belt + 20}q0 7 7 7h18q7 0 7 -7V{belt}", "#c9d0d6", 3))
    glass = sheet.linear((0, light.glow, 0.12), (1, light.sky, 0.4))
    shape = sheet.shape(whole(front.screen))
    rim = circle(driver, belt + 6, 15, "none", stroke="#15171a", stroke_width=3)
    return (
        group(hoops, heads(belt - 6, leather, "#4a2a18", 36), rim)
        + use(shape, glass)
        + use(shape, stroke="#0c0d0f", stroke_width=5)
        + use(shape, stroke=paint.mid, stroke_width=3)
    )
