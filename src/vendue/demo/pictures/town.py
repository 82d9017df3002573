"""Scenes made by people: a city, a yard, a studio."""

from vendue.demo.pictures.land import KERB, clouds, road, sky
from vendue.demo.pictures.svg import HEIGHT, WIDTH, Sheet, circle, ellipse, line, path, polygon, rect


def city(sheet: Sheet) -> str:
    """Dusk between towers, after rain."""
    rng = sheet.rng
    drawn = _towers(sheet, 340, 92, "#6b4580", "#a5527c", 0.0)
    drawn += _towers(sheet, 270, 104, "#3d2d62", "#5d3866", 0.26)
    drawn += _towers(sheet, 190, 132, "#221b42", "#33234a", 0.36)
    glows, streaks = [], []
    for _ in range(14):
        x, colour = rng.uniform(0, WIDTH), rng.choice(("#ffcf7a", "#ff8f5a", "#ff5a5a", "#8fd3ff", "#ffe6b5"))
        r = rng.uniform(7, 17)
        glows.append(circle(round(x), round(rng.uniform(440, 476)), round(r), colour, opacity=0.6))
        fade = sheet.linear((0, colour, 0.5), (1, colour, 0))
        streaks.append(rect(round(x - r / 2), KERB + 20, round(r), round(rng.uniform(110, 260)), fade))
    lamps = "".join(
        rect(x, 150, 5, 340, "#171330")
        + path(f"M{x + 2} 152q6 -26 64 -24", "none", stroke="#171330", stroke_width=5)
        + circle(x + 66, 130, 70, sheet.radial((0, "#ffe2a6", 0.9), (0.25, "#ffd180", 0.4), (1, "#ffb86b", 0)))
        + ellipse(x + 66, 130, 17, 5, "#fff6dc")
        for x in (90, 850)
    )
    return (
        sky(sheet, (0, "#141b47"), (0.35, "#43307a"), (0.65, "#b4537f"), (0.88, "#f58d68"), (1, "#ffc27d"))
        + clouds(sheet, "#ff8a8a", 6, 80, 280, 0.4)
        + drawn
        + rect(0, 380, WIDTH, 110, sheet.linear((0, "#f08a70", 0), (1, "#f08a70", 0.45)))
        + "".join(glows)
        + lamps
        + rect(0, 484, WIDTH, 18, sheet.linear((0, "#5b4a66"), (1, "#2a2340")))
        + road(sheet, "#4a3d58", "#1b1a2b", "#d9cbe0", "#ff9a7a", 0.4)
        + "".join(streaks)
    )


def _towers(sheet: Sheet, tall: float, step: float, top: str, foot: str, lit: float) -> str:
    """A row of them, with windows where some are lit, and the last light on their left edges."""
    rng, x, walls, edges = sheet.rng, sheet.rng.uniform(-80, 0), "", ""
    while x < WIDTH:
        w, h = round(step * rng.uniform(0.55, 1.15)), round(tall * rng.uniform(0.45, 1.1))
        inset = round(w * rng.choice((0, 0, 0.12, 0.2)))
        walls += f"M{round(x)} 486V{486 - h}h{w}v{h}z"
        edges += f"M{round(x)} 486V{486 - h}h4v{h}z"
        if inset:
            walls += f"M{round(x) + inset} {486 - h}v{-round(h * 0.16)}h{w - 2 * inset}v{round(h * 0.16)}z"
            edges += f"M{round(x) + inset} {486 - h}v{-round(h * 0.16)}h4v{round(h * 0.16)}z"
        if rng.random() < 0.3:
            walls += f"M{round(x + w / 2)} {486 - h}v{-round(h * 0.16) - 34}h3v{34 + round(h * 0.16)}z"
        x += w + rng.uniform(-4, 12)
    drawn = path(walls, sheet.linear((0, top), (1, foot)))
    if lit:
        panes = [f"M{3 + i % 13 * 9} {4 + i // 13 * 11}h5v6h-5z" for i in range(91) if rng.random() < lit]
        windows = sheet.pattern(117, 77, path("".join(panes), "#ffcf85"))
        drawn += path(walls, windows, opacity=0.85)
    return drawn + path(edges, "#ff9a7a", opacity=0.3)


def yard(sheet: Sheet) -> str:
    """Before an old brick works."""
    rng = sheet.rng
    bricks = []
    for row in range(4):
        for column in range(4):
            colour = rng.choice(("#a9573f", "#b4634a", "#9d4d38", "#bb6f53", "#a25a45"))
            bricks.append(rect(column * 30 - 15 * (row % 2) + 1, row * 12 + 1, 28, 10, colour))
            if row % 2 and column == 0:
                bricks.append(rect(106, row * 12 + 1, 28, 10, colour))
    wall = sheet.pattern(120, 48, rect(0, 0, 120, 48, "#7e4234"), *bricks)
    pane = sheet.linear((0, "#dff0fa"), (0.45, "#9cc3d8"), (0.46, "#5f869c"), (1, "#375366"), x2=0.4)
    windows = []
    shift = rng.uniform(-70, 70)
    for x in (-70, 200, 740, 1010):
        x = round(x + shift)
        arch = f"M{x} 380V150q95 -74 190 0V380Z"
        windows.append(path(f"M{x - 12} 392V146q107 -86 214 0V392Z", "#8a4534"))
        windows.append(path(arch, pane))
        bars = "".join(f"M{x + dx} 110V380" for dx in (48, 95, 142)) + "".join(
            f"M{x} {y}h190" for y in (150, 208, 266, 324)
        )
        windows.append(line(bars, "#26343d", 5))
        windows.append(line(arch, "#1d2a32", 7))
        windows.append(rect(x - 18, 380, 226, 14, sheet.linear((0, "#e0cfc0"), (1, "#97857a"))))
    x = round(470 + shift)
    door = (
        rect(x - 14, 130, 228, 360, "#6f382b")
        + rect(x, 146, 200, 344, sheet.linear((0, "#36535a"), (1, "#213439")))
        + line("".join(f"M{x + k} 146V490" for k in range(20, 200, 20)), "#182528", 2)
        + line(f"M{x + 100} 146V490M{x} 300h200", "#4d7078", 4)
        + ellipse(x + 100, 104, 150, 90, sheet.radial((0, "#ffe9b8", 0.7), (1, "#ffe9b8", 0)))
        + path(f"M{x + 78} 100h44l14 18h-72z", "#20282c")
    )
    sun_wedge = path(polygon((0, 0), (820, 0), (260, 500), (0, 500)), "#fff0cf", opacity=0.22)
    ground = sheet.pattern(
        80,
        26,
        rect(0, 0, 80, 26, "#7a7470"),
        *(
            rect(
                i * 20 + 1 - 10 * j, j * 13 + 1, 18, 11, rng.choice(("#8d8782", "#989089", "#827b77", "#a09890")), rx=3
            )
            for j in range(2)
            for i in range(5)
        ),
    )
    return (
        rect(0, 0, WIDTH, 500, wall)
        + rect(0, 0, WIDTH, 500, sheet.linear((0, "#2a1420", 0.45), (0.5, "#2a1420", 0.05), (1, "#2a1420", 0.3)))
        + "".join(windows)
        + door
        + sun_wedge
        + rect(0, 488, WIDTH, 20, sheet.linear((0, "#c9c0b6"), (1, "#77706b")))
        + rect(0, 505, WIDTH, HEIGHT - 505, ground)
        + rect(
            0, 505, WIDTH, HEIGHT - 505, sheet.linear((0, "#1c1a20", 0.5), (0.25, "#fff3da", 0.12), (1, "#16141a", 0.5))
        )
    )


def studio(sheet: Sheet) -> str:
    """A dark room with a box of soft light above."""
    hue, floor = sheet.rng.choice((("#5a6570", "#23282e"), ("#6a5f58", "#2a2522"), ("#50606a", "#1d262b")))
    boxes = sheet.linear((0, "#ffffff"), (1, "#dfe8f0"))
    return (
        rect(0, 0, WIDTH, HEIGHT, "#121416")
        + rect(0, 0, WIDTH, 520, sheet.radial((0, hue), (0.55, floor), (1, "#131517"), cx=0.5, cy=0.75, r=0.75))
        + ellipse(600, 40, 760, 300, sheet.radial((0, "#ffffff", 0.35), (1, "#ffffff", 0)))
        + path(polygon((250, 46), (950, 46), (1060, 128), (140, 128)), boxes)
        + path(polygon((140, 128), (1060, 128), (1060, 134), (140, 134)), "#8d99a5")
        + line("M482 46L446 128M718 46L754 128", "#b8c4cf", 3)
        + line("M250 46V0M950 46V0", "#0b0c0d", 4)
        + "".join(
            path(
                polygon((x, 210), (x + 46 * k, 196), (x + 46 * k, 452), (x, 440)),
                sheet.linear((0, "#fff", 0.9), (1, "#dde6ee", 0.75)),
            )
            + ellipse(x + 23 * k, 325, 130, 220, sheet.radial((0, "#fff", 0.2), (1, "#fff", 0)))
            for x, k in ((60, 1), (1140, -1))
        )
        + rect(0, 500, WIDTH, 300, sheet.linear((0, floor), (0.35, "#34393f"), (1, "#0f1113")))
        + rect(0, 470, WIDTH, 60, sheet.linear((0, floor, 0), (0.5, floor), (1, floor, 0)))
        + ellipse(600, 660, 640, 130, sheet.radial((0, "#ffffff", 0.22), (1, "#ffffff", 0)))
    )
