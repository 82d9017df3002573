"""What is above the belt line: windows and what is seen through them, or an open top."""

from vendue.demo.pictures.bodies import Side
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import Sheet, curve, ellipse, group, line, number, path, polygon, use


def seat(x: float, y: float, scale: float, fill: str, edge: str) -> str:
    """A backrest with its headrest, facing left; its foot at x, y."""
    shape = "-6,-14! -4,2 4,16 8,19 14,17 15,8 12,-14!"
    head = "6,21 5.5,26 8,28.5 13,28.5 15.5,26 15,21"
    return group(
        path(curve(head, close=True) + "M7 16h2v5h-2zM11 16h2v5h-2z", edge) + path(curve(shape, close=True), fill),
        transform=f"translate({number(x)} {number(y)}) scale({number(scale)})",
    )


def greenhouse(sheet: Sheet, side: Side, paint: Paint, light: Light) -> str:
    """Windows: dark below, the sky above, a streak across; seats behind them."""
    points = [tuple(map(float, each.rstrip("!").split(","))) for each in side.glass.split()]
    low, high = min(y for _, y in points), max(y for _, y in points)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    glass = sheet.shape(curve(side.glass, close=True))
    tone = sheet.linear((0, "#1a2127"), (0.45, "#10161b"), (1, "#0a0e12"), x1=0, y1=high, x2=0, y2=low, box=False)
    sheen = sheet.linear(
        (0, light.sky, 0.85), (0.5, light.glow, 0.35), (1, light.glow, 0.05), x1=0, y1=high, x2=0, y2=low, box=False
    )
    grow = (high - low) / 38
    chair = sheet.once(seat(0, low + 4, min(1.25, grow), "#2b3137", "#2f363c"))
    seats = "".join(use(chair, x=x) for x, _ in side.seats)
    wheel_rim = line(f"M{left + 46 * grow:.1f} {low - 4}q-3 10 3 {14 * grow:.1f}", "#3b4148", 2, stroke_linecap="round")
    tall = high - low
    streaks = "".join(
        polygon((x, low - 2), (x + w, low - 2), (x + w + tall * 0.75, high + 2), (x + tall * 0.75, high + 2))
        for x, w in (
            (left + (right - left) * 0.26, 26),
            (left + (right - left) * 0.26 + 32, 7),
            (left + (right - left) * 0.66, 34),
        )
    )
    horizon = f"M{left} {low}C{left + 60} {low + tall * 0.36}"
    horizon += f" {left + 120} {low + tall * 0.22} {(left + right) / 2} {low + tall * 0.34}"
    horizon += f"S{right - 50} {low + tall * 0.22} {right} {low + tall * 0.4}V{high + 3}H{left}Z"
    inside = (
        use(glass, tone),
        group(seats, wheel_rim, opacity=0.8),
        path(horizon, sheen, opacity=round(0.35 + paint.gleam * 0.3, 2)),
        path(streaks, "#fff", opacity=0.13),
        "".join(path(curve(each, close=True), "#0d0f11") for each in side.pillars),
        use(glass, stroke="#000", stroke_width=3, opacity=0.55),
    )
    screens = "".join(
        path(
            curve(each, close=True),
            sheet.linear((0, light.sky, 1), (1, "#1a2228", 1), x1=0, y1=high, x2=0, y2=low, box=False),
        )
        for each in side.screens
    )
    return (
        use(glass, "#0b0c0e", stroke="#0b0c0e", stroke_width=3.2, stroke_linejoin="round")
        + screens
        + group(*inside, clip_path=sheet.clip(use(glass, "#000")))
        + line(curve(_belt(side.glass)), "#e6ebef", 1.1, opacity=0.8)
    )


def _belt(glass: str) -> str:
    """The lower edge of the windows: what comes after the last corner but one."""
    points = glass.split()
    corners = [i for i, each in enumerate(points) if each.endswith("!")]
    return " ".join(points[corners[-2] :])


def open_top(sheet: Sheet, paint: Paint) -> str:
    """The roadster's seats, hoops, and windscreen, behind its flank."""
    leather = sheet.linear((0, "#6b3f26"), (1, "#b4794c"))
    far = sheet.linear((0, "#3e2415"), (1, "#75492c"))
    hoop = line("M262 82V98q0 8 8 8t8 -8V84", "#c9d0d6", 2.6) + line("M256 82V96q0 8 8 8t8 -8V84", "#7d858d", 2)
    glass = "146,84! 160,98 176,110 187,116! 191,115 182,104 170,92 164,84!"
    frame = "144,84! 160,99.5 176,111.5 188,118.5 194,118.5!"
    rim = ellipse(194, 89, 2.6, 13, "none", stroke="#14161a", stroke_width=2.6, transform="rotate(-24 194 89)")
    return (
        seat(222, 82, 0.95, far, "#5a361f")
        + hoop
        + seat(230, 80, 1.05, leather, "#94622f")
        + rim
        + path(curve(glass, close=True), sheet.linear((0, "#cfe3ee", 0.25), (1, "#e9f5fb", 0.75)))
        + line(curve(frame), "#0d0e10", 4.4, stroke_linejoin="round")
        + line(curve(frame), paint.mid, 2.6, stroke_linejoin="round")
        + line("M164 84L180 106", "#15171a", 1.6)
    )
