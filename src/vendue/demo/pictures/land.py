"""What scenes are made of: ridges, trees, clouds, road."""

from random import Random

from vendue.demo.pictures.svg import HEIGHT, WIDTH, Point, Sheet, element, ellipse, path, rect, use

KERB = 500.0
"""Where the road's far edge is."""


def sky(sheet: Sheet, *stops: tuple[float, str]) -> str:
    """From the top to below the horizon."""
    return rect(0, 0, WIDTH, 470, sheet.linear(*stops))


def ridge(rng: Random, y: float, rough: float, steps: int = 24, lean: float = 0) -> str:
    """A hill's line from the left to the right, closed far below; `lean` is how much higher its right end is."""
    heights = [y - lean * i / steps + rng.uniform(-rough, rough) for i in range(steps + 1)]
    smooth = [sum(heights[max(0, i - 1) : i + 2]) / len(heights[max(0, i - 1) : i + 2]) for i in range(steps + 1)]
    step, at = round(WIDTH / steps), round(smooth[0])
    d = f"M0 {at}"
    for i in range(1, steps + 1):
        middle = round((smooth[i - 1] + smooth[i]) / 2)
        d += f"q{step // 2 if i > 1 else 0} {round(smooth[i - 1]) - at} {step} {middle - at}"
        at = middle
    return d + f"H{WIDTH}V{HEIGHT}H0Z"


def pines(sheet: Sheet, y: float, tall: float, step: float, fill: str) -> str:
    """A row of conifers: three, over and over at different heights."""
    rng, drawn, x = sheet.rng, [], 0.0
    kinds = [sheet.shape(_pine(w)) for w in (17, 22)]
    while x < 400:
        h = tall * rng.uniform(0.6, 1.15)
        place = f"matrix({h / 100:.2f} 0 0 {h / 100:.2f} {round(x)} {round(y + rng.uniform(-4, 6))})"
        drawn.append(element("use", href=f"#{rng.choice(kinds)}", transform=place))
        x += step * rng.uniform(0.6, 1.3)
    row = sheet.once("".join(drawn))
    return "".join(use(row, fill, x=at) for at in (-30, round(x) - 30, round(2 * x) - 30, round(3 * x) - 30))


def _pine(wide: float) -> str:
    """A hundred tall, its foot at 0,0."""
    half = [(wide, 0), (wide * 0.42, -40), (wide * 0.66, -39), (wide * 0.2, -70), (wide * 0.36, -69)]
    right = "".join(f"L{x:.0f} {y}" for x, y in half)
    left = "".join(f"L{-x:.0f} {y}" for x, y in reversed(half))
    return f"M0 10{right}L0 -100{left}Z"


def blobs(rng: Random, places: list[Point], size: float) -> str:
    """Foliage: round heaps as one path."""
    d = []
    for x, y in places:
        r = round(size * rng.uniform(0.5, 1.2))
        d.append(f"M{round(x)} {round(y - r * 0.8)}a{r} {round(r * 0.8)} 0 1 1 -1 0z")
    return "".join(d)


def clouds(sheet: Sheet, colour: str, count: int, low: float, high: float, opacity: float = 0.5) -> str:
    """Long thin ones."""
    fill = sheet.radial((0, colour, opacity), (0.6, colour, opacity * 0.5), (1, colour, 0))
    drawn = []
    for _ in range(count):
        x, y = sheet.rng.uniform(0, WIDTH), sheet.rng.uniform(low, high)
        wide = sheet.rng.uniform(140, 330)
        drawn.append(ellipse(round(x), round(y), round(wide), round(wide * 0.07), fill))
        drawn.append(ellipse(round(x + wide * 0.25), round(y - 9), round(wide * 0.55), round(wide * 0.06), fill))
    return "".join(drawn)


def sun(sheet: Sheet, x: float, y: float, r: float, core: str, glow: str, reach: float) -> str:
    """A disc and its glow."""
    halo = sheet.radial((0, glow, 0.95), (0.25, glow, 0.45), (1, glow, 0))
    return ellipse(x, y, reach, reach, halo) + ellipse(x, y, r, r, core)


def road(sheet: Sheet, far: str, near: str, paint: str, sheen: str, opacity: float = 0.8) -> str:
    """Asphalt across the picture: an edge line behind the car, dashes before it, light along it, grain."""
    grain = sheet.pattern(64, 22, _specks(sheet.rng, 9, "#000", 0.22), _specks(sheet.rng, 7, "#fff", 0.12))
    tall = HEIGHT - KERB
    dashes = "".join(f"M{x} 752h170l-8 12h-176z" for x in range(-120, 1200, 400))
    return (
        rect(0, KERB, WIDTH, tall, sheet.linear((0, far), (0.4, near), (1, near)))
        + rect(0, KERB, WIDTH, tall, grain)
        + rect(0, KERB, WIDTH, 120, sheet.linear((0, sheen, 0.4), (1, sheen, 0)))
        + rect(0, 522, WIDTH, 5, paint, opacity=opacity)
        + path(dashes, paint, opacity=opacity)
        + rect(0, 690, WIDTH, 110, sheet.linear((0, "#000", 0), (1, "#000", 0.35)))
    )


def _specks(rng: Random, count: int, colour: str, opacity: float) -> str:
    d = "".join(f"M{rng.randint(0, 60)} {rng.randint(0, 20)}h3v1h-3z" for _ in range(count))
    return path(d, colour, opacity=opacity)


def guard_rail(sheet: Sheet, light: str, mid: str, dark: str, y: float = 462) -> str:
    """Steel along the road's far edge."""
    posts = path("".join(f"M{x} {y}h9v42h-9z" for x in range(30, 1200, 150)), dark)
    steel = sheet.linear((0, light), (0.3, mid), (0.45, dark), (0.55, mid), (0.75, light), (1, dark))
    return posts + rect(0, y - 2, WIDTH, 24, steel)


def verge(sheet: Sheet, top: str, bottom: str, y: float, rough: float = 4) -> str:
    """The strip of ground before the road."""
    return path(ridge(sheet.rng, y, rough, 16), sheet.linear((0, top), (0.25, bottom), (1, bottom)))


def tufts(sheet: Sheet, y: float, colour: str, count: int, tall: float) -> str:
    """Grass, or scrub: a stretch of it, four times."""
    d, rng = [], sheet.rng
    for _ in range(max(3, count // 4)):
        x, h = round(rng.uniform(0, 300)), tall * rng.uniform(0.5, 1.2)
        d.append(f"M{x} {round(y)}l{round(-h * 0.4)} {round(-h * 0.8)}M{x} {round(y)}v{round(-h)}")
        d.append(f"M{x} {round(y)}l{round(h * 0.45)} {round(-h * 0.75)}")
    some = sheet.shape("".join(d))
    return "".join(use(some, stroke=colour, stroke_width=2.2, x=at) for at in (0, 307, 598, 905))
