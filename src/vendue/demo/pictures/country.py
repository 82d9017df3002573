"""Scenes outside: coast, mountains, forest, desert, hills."""

from vendue.demo.pictures.land import (
    KERB,
    blobs,
    clouds,
    guard_rail,
    pines,
    ridge,
    road,
    sky,
    sun,
    tufts,
    verge,
)
from vendue.demo.pictures.light import HORIZON
from vendue.demo.pictures.svg import WIDTH, Point, Sheet, line, path, polygon, rect


def coast(sheet: Sheet) -> str:
    """Evening by the sea."""
    rng = sheet.rng
    at = rng.uniform(180, 420)
    glitter = []
    for i in range(34):
        y = HORIZON + 2 + (i / 34) ** 1.3 * 70
        spread = 20 + (y - HORIZON) * 2.4
        x, wide = at + rng.uniform(-spread, spread), rng.uniform(10, 46)
        glitter.append(f"M{round(x - wide / 2)} {round(y)}h{round(wide)}")
    far = path("M560 440C640 402 700 408 760 384S880 352 960 360S1120 318 1200 326V440Z", "#a3627f", opacity=0.75)
    near = path(
        "M820 440C850 400 880 398 905 372C930 350 960 352 985 320"
        "C1020 290 1060 300 1090 268C1130 240 1160 250 1200 226V460H820Z",
        sheet.linear((0, "#46305f"), (1, "#6b4268")),
    )
    return (
        sky(sheet, (0, "#27285c"), (0.35, "#6d4588"), (0.6, "#d2687a"), (0.8, "#ff9f66"), (0.93, "#ffdf9a"))
        + clouds(sheet, "#ff8f7d", 6, 90, 300, 0.55)
        + clouds(sheet, "#ffd9a3", 4, 280, 390, 0.5)
        + sun(sheet, at, 396, 44, "#fff6d8", "#ffcf86", 430)
        + far
        + path(f"M0 {HORIZON}H{WIDTH}V500H0Z", sheet.linear((0, "#f3a673"), (0.25, "#a76684"), (1, "#3a3768")))
        + line("".join(glitter), "#ffe9b8", 2.6, stroke_linecap="round", opacity=0.85)
        + near
        + verge(sheet, "#6a4a55", "#3a2a3d", 482)
        + tufts(sheet, 490, "#2f2338", 34, 18)
        + guard_rail(sheet, "#ffd2a6", "#a77d86", "#4a3a52")
        + road(sheet, "#6e5a66", "#322c3a", "#ffe6c4", "#ffb27a")
    )


def alps(sheet: Sheet) -> str:
    """A pass in the mountains."""
    rng = sheet.rng
    shift = round(rng.uniform(-120, 120))
    peaks = []
    for x, top, half in ((120, 150, 300), (980, 120, 340), (560, 205, 300), (1240, 210, 240), (330, 265, 180)):
        x += shift
        foot = HORIZON + 20
        lit, shade = ("#f7fbff", "#86a6c8") if top < 240 else ("#dce9f4", "#7d9cbd")
        crest = [
            (x + dx * half, top + dy * (foot - top)) for dx, dy in ((0.02, 0.2), (-0.03, 0.36), (0.05, 0.55), (0, 1))
        ]
        slope = [(x - half * k + rng.uniform(-8, 8), top + (foot - top) * k) for k in (0.22, 0.4, 0.62, 0.8)]
        fall = [(x + half * k + rng.uniform(-8, 8), top + (foot - top) * k) for k in (0.8, 0.62, 0.45, 0.25)]
        peaks.append(path(polygon((x, top), *slope, (x - half, foot), (x + half, foot), *fall), lit))
        peaks.append(path(polygon((x, top), *crest, (x + half, foot), *fall), shade))
        rock = [(x - half * 0.95, foot), (x - half * 0.5, top + (foot - top) * 0.62)]
        rock += [(x - half * 0.4, foot - 60), (x - half * 0.22, foot - 96), (x - half * 0.1, foot - 40), (x, foot)]
        peaks.append(path(polygon(*rock), "#a9bfd2"))
        ledge = [(x + half * 0.1, top + (foot - top) * 0.3), (x + half * 0.3, top + (foot - top) * 0.48)]
        ledge += [(x + half * 0.2, top + (foot - top) * 0.6), (x + half * 0.14, top + (foot - top) * 0.45)]
        peaks.append(path(polygon(*ledge), "#c3d5e6"))
    haze = rect(0, 250, WIDTH, 220, sheet.linear((0, "#dcecf5", 0), (1, "#e6f1f4", 0.9)))
    stones = "".join(f"M{x} 468l5 -3h8l4 4v36h-17z" for x in range(70, 1200, 190))
    return (
        sky(sheet, (0, "#2f7cc4"), (0.5, "#7fbbe4"), (0.9, "#d8edf5"))
        + clouds(sheet, "#ffffff", 6, 50, 220, 0.85)
        + "".join(peaks)
        + haze
        + path(ridge(rng, 418, 14, 16), sheet.linear((0, "#6f9a83"), (0.3, "#5b8a6b")))
        + pines(sheet, 436, 62, 24, "#456f5c")
        + pines(sheet, 458, 88, 48, "#264d3e")
        + verge(sheet, "#8fb45c", "#5d8a3f", 466)
        + tufts(sheet, 496, "#47732f", 50, 17)
        + tufts(sheet, 498, "#a9c56a", 30, 12)
        + path(
            stones,
            sheet.linear(
                (0, "#fafafa"), (0.3, "#fafafa"), (0.31, "#c8503f"), (0.5, "#c8503f"), (0.51, "#eee"), (1, "#bbb")
            ),
        )
        + road(sheet, "#8d949a", "#51565c", "#ffffff", "#cfe4ef")
    )


def forest(sheet: Sheet) -> str:
    """A road through an autumn wood."""
    rng = sheet.rng
    layers = []
    for foot, size, bark, colours, count in (
        (455, 34, "#c9a276", ("#e3b25f", "#eec77b"), 15),
        (462, 42, "#7a5136", ("#cf7a2c", "#e8a844"), 11),
        (470, 52, "#3d2719", ("#9c3f1b", "#c05a20", "#dd7f2b"), 8),
    ):
        xs = [i * WIDTH / count + rng.uniform(-40, 70) for i in range(count)]
        trunks = ""
        for x in xs:
            w = size * rng.uniform(0.2, 0.32)
            trunks += f"M{round(x)} 0h{round(w * 0.5)}l{round(w * 0.5)} {foot}h{round(-w * 1.6)}z"
            trunks += f"M{round(x)} 250l{round(-size * 1.5)} -140 5 -2 {round(size * 1.7)} 120z"
        layers.append(path(trunks, bark))
        for k, colour in enumerate(colours):
            high = 215 - size * 2.2 - k * 24
            places = [
                (x + rng.gauss(0, size), high + rng.gauss(0, 40)) for x in xs for _ in range(2 if size < 50 else 3)
            ]
            layers.append(path(blobs(rng, places, size * (1.15 - 0.2 * k)), colour))
        layers.append(rect(0, 0, WIDTH, 480, sheet.linear((0, "#ffdf9b", 0.05), (1, "#ffe9b8", 0.42))))
    rays = "".join(
        polygon((x, -10), (x + w, -10), (x + w * 2 + 300, 500), (x + 210, 500))
        for x, w in ((60, 40), (170, 90), (390, 30), (560, 100), (820, 50))
    )
    bushes = blobs(rng, [(x + rng.uniform(-20, 20), 462) for x in range(-20, 1240, 62)], 40)
    leaves = ["", "", ""]
    for i in range(60):
        y = KERB + 4 + (i / 60) ** 1.4 * 290
        x, w = rng.uniform(0, WIDTH), 2.5 + (y - KERB) * 0.022
        leaves[i % 3] += f"M{round(x)} {round(y)}q{round(w)} {round(-w)} {round(2 * w)} 0l{round(-w)} {round(w * 0.6)}z"
    return (
        sky(sheet, (0, "#f7dc9c"), (1, "#fff1cd"))
        + "".join(layers)
        + path(rays, sheet.linear((0, "#fff4c9", 0.34), (1, "#fff4c9", 0)))
        + path(bushes, sheet.linear((0, "#a8672a"), (1, "#5c3a1e")))
        + verge(sheet, "#b9762f", "#7c4a22", 474)
        + tufts(sheet, 498, "#5c3a1c", 40, 16)
        + road(sheet, "#8a7565", "#4a403b", "#f6e7c6", "#ffdc9a", 0.55)
        + path(leaves[0], "#e08a2d")
        + path(leaves[1], "#c4561f")
        + path(leaves[2], "#f0b649")
    )


def desert(sheet: Sheet) -> str:
    """A plain in the morning."""
    rng = sheet.rng
    mesas = []
    for x, wide, top, lit, shade in (
        (140, 190, 330, "#d9a08a", "#b98292"),
        (700, 150, 350, "#d8a48f", "#b88796"),
        (960, 270, 285, "#d9825a", "#a55f62"),
        (380, 90, 300, "#dd8a60", "#a96463"),
    ):
        x += round(rng.uniform(-60, 60))
        foot = round(HORIZON) + 12
        wall = round(top + (foot - top) * 0.55)
        body: list[Point] = [
            (x - wide * 0.5, top + 6),
            (x - wide * 0.2, top),
            (x + wide * 0.25, top + 3),
            (x + wide * 0.5, top),
        ]
        body += [(x + wide * 0.55, wall), (x + wide * 0.95, foot), (x - wide * 0.95, foot), (x - wide * 0.54, wall)]
        mesas.append(path(polygon(*body), sheet.linear((0, lit), (1, "#e9b48c"))))
        dark: list[Point] = [
            (x + wide * 0.12, top + 2),
            (x + wide * 0.5, top),
            (x + wide * 0.55, wall),
            (x + wide * 0.95, foot),
        ]
        mesas.append(path(polygon(*dark, (x + wide * 0.3, foot), (x + wide * 0.2, wall)), shade, opacity=0.75))
        bands = "".join(f"M{round(x - wide * 0.5)} {round(top + k)}h{round(wide * 1.02)}" for k in (16, 30, 50))
        mesas.append(line(bands, "#8f4a44", 3, opacity=0.25))
    scrub = blobs(rng, [(rng.uniform(0, WIDTH), rng.uniform(446, 486)) for _ in range(26)], 13)
    return (
        sky(sheet, (0, "#5f9bd0"), (0.45, "#a9cbe0"), (0.75, "#f6d9b4"), (0.93, "#ffe9c6"))
        + sun(sheet, 240, 300, 30, "#fffbe8", "#fff0c4", 360)
        + clouds(sheet, "#fff3e0", 5, 80, 260, 0.7)
        + path(ridge(rng, 415, 14, 14), "#c9a6ac", opacity=0.8)
        + "".join(mesas)
        + path(ridge(rng, HORIZON + 8, 5, 20), sheet.linear((0, "#ecc08d"), (0.25, "#d59a63")))
        + path(scrub, sheet.linear((0, "#a59a63"), (1, "#6f6b45")))
        + verge(sheet, "#dba670", "#c48a55", 482)
        + tufts(sheet, 496, "#8b7a45", 40, 18)
        + road(sheet, "#b0998a", "#6d6060", "#fff0d2", "#ffe0b0", 0.7)
    )


def hills(sheet: Sheet) -> str:
    """Vineyards and cypresses in the late afternoon."""
    rng = sheet.rng
    cypresses = []
    for _ in range(22):
        x, h = rng.uniform(0, WIDTH), rng.uniform(60, 130)
        y = 470 - h * 0.1
        w = h * 0.1
        cypresses.append(
            f"M{round(x)} {round(y - h)}q{round(w * 1.5)} {round(h * 0.6)} {round(w * 0.5)} {round(h)}h{round(-w)}"
            f"q{round(-w)} {round(-h * 0.4)} {round(w * 0.5)} {round(-h)}"
        )
    house = rng.uniform(760, 980)
    rows = "".join(
        line(f"M{x} 430Q{x * 0.9 + 40} 450 {x * 1.2 - 130} 500", "#4f6b2a", 7, opacity=0.5)
        for x in range(-60, 1300, 52)
    )
    villa = (
        path(polygon((house, 372), (house + 120, 372), (house + 120, 318), (house, 318)), "#e6c39a")
        + path(polygon((house + 70, 372), (house + 120, 372), (house + 120, 318), (house + 70, 318)), "#c29468")
        + path(polygon((house - 8, 320), (house + 35, 296), (house + 128, 296), (house + 128, 320)), "#a9573a")
        + path("".join(f"M{round(house + dx)} 334h9v15h-9z" for dx in (14, 40, 82, 102)), "#5d4434")
    )
    return (
        sky(sheet, (0, "#4d8fc4"), (0.5, "#a6cfe0"), (0.8, "#fbe3b6"), (1, "#ffedc8"))
        + sun(sheet, 210, 240, 34, "#fffdf0", "#fff3c8", 400)
        + clouds(sheet, "#fffaf0", 6, 60, 240, 0.8)
        + path(ridge(rng, 335, 34, 10), sheet.linear((0, "#a9bcb4"), (0.3, "#c5c9a8")))
        + path(ridge(rng, 372, 26, 10), sheet.linear((0, "#a3b27a"), (0.3, "#c3bb75")))
        + villa
        + path(ridge(rng, 392, 18, 10), sheet.linear((0, "#8ba653"), (0.3, "#6f8f3e")))
        + path("".join(cypresses), sheet.linear((0, "#3f5a34"), (1, "#243a24")))
        + path(ridge(rng, 430, 6, 16), sheet.linear((0, "#a3b14f"), (0.25, "#7a9140")))
        + rows
        + verge(sheet, "#c2b560", "#8f8a42", 480)
        + tufts(sheet, 498, "#6f7a33", 46, 18)
        + road(sheet, "#a3978a", "#5d5853", "#fff4dc", "#ffe7b5", 0.75)
    )
