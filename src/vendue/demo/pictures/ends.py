"""What a car has alike at both ends: its shape, coat, tyres, glass and shadow."""

from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import (
    Point,
    Sheet,
    curve,
    ellipse,
    group,
    line,
    mirrored,
    number,
    path,
    points_of,
    polygon,
    rect,
    use,
)


def whole(half: str) -> str:
    """A closed path of a half that begins and ends in the middle, where it is smooth."""
    points = both(half)
    first = next((i for i, each in enumerate(points) if each.endswith("!")), 0)
    return curve(" ".join(points[first:] + points[:first]), close=True)


def both(half: str) -> list[str]:
    """A half's points, and those of the other side backwards."""
    right = [each.rstrip("!") if each.startswith("0,") else each for each in half.split()]
    left = [f"-{each}" for each in reversed(right) if not each.startswith("0,")]
    return right + left


def extent(shape: str) -> tuple[Point, Point]:
    """Its lowest and highest x and y."""
    xs, ys = zip(*(point for point, _ in points_of(shape)), strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))


def ground(sheet: Sheet, half: float, light: Light) -> str:
    """Its shadow."""
    soft = sheet.radial((0, "#000", light.shadow), (0.7, "#000", light.shadow * 0.6), (1, "#000", 0))
    close = sheet.radial((0, "#000", 0.95), (0.75, "#000", 0.75), (1, "#000", 0))
    return ellipse(0, -1, half * 1.3, 15, soft) + ellipse(0, 2, half * 1.04, 8, close)


def tyres(sheet: Sheet, half: float, radius: float, low: float) -> str:
    """Two, and the dark between them."""
    rubber = sheet.linear(
        (0, "#050607"), (0.2, "#26282c"), (0.5, "#1b1d20"), (0.85, "#2d3034"), (1, "#08090a"), x2=1, y2=0
    )
    wide = 23 if radius < 38 else 27
    grooves = "".join(f"M{half - wide + wide * k:.1f} 1V{low + 12}" for k in (0.3, 0.5, 0.7))
    tyre = rect(half - wide - 2, 0, wide, radius * 1.7, rubber, rx=6) + line(grooves, "#050607", 1.1)
    blocks = "".join(f"M{half - wide} {y}h{wide - 4}" for y in range(3, int(low) + 10, 4))
    return rect(-half + 20, low * 0.55, 2 * half - 40, low + 10, "#060708") + mirrored(
        tyre + line(blocks, "#0a0b0c", 0.7)
    )


def coat(sheet: Sheet, outline: str, paint: Paint, light: Light, belt: float) -> tuple[str, str]:
    """The body with its base coat, and the id of its shape."""
    (_, low), (half, top) = extent(outline)
    shape = sheet.shape(whole(outline))

    def at(y: float) -> float:
        return round((y - low) / (top - low), 3)

    base = sheet.linear(
        (0, paint.deep),
        (at(low + 10), paint.dark),
        (at(low + (belt - low) * 0.42), paint.mid),
        (at(belt - 8), paint.mid),
        (at(belt), paint.light),
        (at(belt + 10), paint.mid),
        (1, paint.light),
        x1=0, y1=low, x2=0, y2=top, box=False,
    )  # fmt: skip
    turn = sheet.linear(
        (0, paint.deep, 0.85), (0.05, paint.deep, 0.4), (0.16, paint.deep, 0),
        (0.84, paint.deep, 0), (0.95, paint.deep, 0.4), (1, paint.deep, 0.85), x2=1, y2=0,
    )  # fmt: skip
    inside = rect(-half, 0, 2 * half, belt + 4, turn) + mirrored(
        path(
            f"M{half - 9} {low + 6}C{half - 3} {low + 30} {half - 4} {belt - 30} {half - 10} {belt}l2 1"
            f"C{half - 1} {belt - 28} {half - 1} {low + 30} {half - 7} {low + 6}Z",
            light.glow,
            opacity=round(paint.gleam * 0.4, 2),
        )
    )
    inside += use(shape, stroke=light.glow, stroke_width=2.4, opacity=0.5)
    return use(shape, base) + group(inside, clip_path=sheet.clip(use(shape, "#000"))), shape


def pane(sheet: Sheet, half: str, light: Light, seats: str, gleam: float) -> str:
    """Glass across: dark, the sky in its upper part, streaks; `seats` are seen behind it."""
    (_, low), (wide, high) = extent(half)
    shape = sheet.shape(whole(half))
    tone = sheet.linear((0, "#0c1014"), (1, "#1d252b"))
    sky = sheet.linear(
        (0, light.glow, 0.1), (0.4, light.glow, 0.4), (1, light.sky, 0.95), x1=0, y1=low, x2=0, y2=high, box=False
    )
    tall = high - low
    hill = f"M{-wide} {low + tall * 0.5}C{-wide * 0.5} {low + tall * 0.3} {-wide * 0.2} {low + tall * 0.62}"
    hill += f" {wide * 0.2} {low + tall * 0.42}"
    hill += f"S{wide * 0.8} {low + tall * 0.3} {wide} {low + tall * 0.46}V{high + 4}H{-wide}Z"
    streaks = "".join(
        polygon((x, low), (x + w, low), (x + w + tall * 0.6, high), (x + tall * 0.6, high))
        for x, w in ((-wide * 0.75, 20), (-wide * 0.75 + 26, 6))
    )
    return (
        use(shape, "#0a0b0d", stroke="#0a0b0d", stroke_width=3.4, stroke_linejoin="round")
        + group(
            use(shape, tone), seats, path(hill, sky, opacity=round(0.3 + gleam * 0.35, 2)),
            path(streaks, "#fff", opacity=0.14),
            clip_path=sheet.clip(use(shape, "#000")),
        )
    )  # fmt: skip


def heads(low: float, fill: str, edge: str, across_: float = 34) -> str:
    """Backrests and headrests, from the front or from the rear."""
    seat = path(f"M{across_ - 22} {low - 6}c0 14 2 24 8 27h28c6 -3 8 -13 8 -27z", fill, stroke=edge, stroke_width=0.7)
    rest = path(f"M{across_ - 9} {low + 20}c-2 8 0 13 4 14h10c4 -1 6 -6 4 -14z", fill, stroke=edge, stroke_width=0.7)
    return mirrored(seat + rest)


def mirrors(sheet: Sheet, at: tuple[float, float], paint: Paint, glass: str = "") -> str:
    """One on each side; from behind their glass is seen."""
    x, y = at
    cap = sheet.linear((0, paint.deep), (0.4, paint.mid), (1, paint.light))
    shape = curve("0,0! 8,-3 20,-1 24,5 23,12 15,15 4,12 0,6!", close=True)
    seen = path(shape, cap) + line("M4 11C10 14.6 18 14.4 21 12", "#fff", 0.8, opacity=0.6)
    if glass:
        seen += path(curve("3,2! 9,-0.5 18,1 21,5 20,10 14,12 5,10!", close=True), glass)
    arm = path("M-6 -1l8 1v4l-8 -1z", "#101214")
    return mirrored(group(arm + seen, transform=f"translate({number(x)} {number(y)}) scale(.78)"))
