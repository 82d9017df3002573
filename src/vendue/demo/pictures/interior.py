"""A car from inside: dashboard, wheel and console, and the place through the windscreen."""

from typing import NamedTuple

from vendue.demo.pictures.controls import console, dials, gear, screen, steering, vent
from vendue.demo.pictures.light import Light
from vendue.demo.pictures.paint import Paint
from vendue.demo.pictures.svg import HEIGHT, WIDTH, Sheet, ellipse, group, line, mirrored, path, rect


class Trim(NamedTuple):
    """Leather or cloth, and the strip across the dashboard: light, mid, dark of each."""

    hide: tuple[str, str, str]
    strip: tuple[str, str, str]


TRIMS = (
    Trim(("#c98a55", "#9a5f33", "#4f2d17"), ("#8a5a34", "#5c3519", "#321a0b")),
    Trim(("#5a5f66", "#2f3338", "#131518"), ("#d8dde1", "#9ba3ab", "#5b626a")),
    Trim(("#e4d6bd", "#b9a686", "#6e5f48"), ("#7a4a26", "#4b2810", "#2a1508")),
    Trim(("#8d949c", "#5d646c", "#2d3238"), ("#3a3e44", "#1c1f23", "#08090b")),
    Trim(("#8f3a35", "#5e1c1d", "#2d0b0d"), ("#c3c8cd", "#8b929a", "#4e555d")),
)


def inside(sheet: Sheet, body: str, paint: Paint, light: Light, view: str, right_hand: bool = False) -> str:
    """In pixels; `view` is what is seen outside."""
    trim = sheet.rng.choice(TRIMS)
    high = {"van": -26, "SUV": -14, "pickup": -16, "coupe": 16, "roadster": 20}.get(body, 0)
    open_top = body == "roadster"
    parts = (
        _bonnet(sheet, paint, light, 318 + high),
        _doors(sheet, trim, paint, light),
        _frame(sheet, paint, light, open_top),
        _dashboard(sheet, trim, light, high, body),
        _cushions(sheet, trim),
        console(sheet, trim.hide, trim.strip, body),
        gear(sheet, trim.hide),
    )
    drawn = "".join(parts)
    wheel = steering(sheet, trim.hide[2], 4 if body in ("van", "estate", "pickup") else 3)
    drawn += group(wheel, transform=f"translate(318 {532 + high})")
    shade = rect(
        0,
        0,
        WIDTH,
        HEIGHT,
        sheet.radial((0, "#000", 0), (0.7, "#000", 0.08), (1, "#000", 0.6), cx=0.5, cy=0.42, r=0.78),
    )
    warm = rect(0, 0, WIDTH, HEIGHT, light.tint, opacity=light.strength * 0.7)
    return view + (group(drawn, transform=f"matrix(-1 0 0 1 {WIDTH} 0)") if right_hand else drawn) + warm + shade


def _bonnet(sheet: Sheet, paint: Paint, light: Light, y: float) -> str:
    """The car's own, beyond the windscreen."""
    shape = f"M60 {y + 90}C90 {y + 20} 220 {y - 2} 600 {y - 6}S1110 {y + 20} 1140 {y + 90}Z"
    fill = sheet.linear((0, paint.light), (0.3, paint.mid), (1, paint.dark))
    crease = f"M330 {y + 60}C350 {y + 20} 380 {y + 6} 400 {y + 1}M870 {y + 60}C850 {y + 20} 820 {y + 6} 800 {y + 1}"
    sky = sheet.linear((0, light.sky, 0.8), (1, light.sky, 0))
    return (
        path(shape, fill)
        + ellipse(600, y + 16, 330, 22, sky, opacity=paint.gleam)
        + line(crease, paint.dark, 4, opacity=0.5)
        + line(crease, "#fff", 1.6, opacity=0.6, transform="translate(3 0)")
    )


def _frame(sheet: Sheet, paint: Paint, light: Light, open_top: bool) -> str:
    """Pillars, roof lining, visors, mirror."""
    lining = sheet.linear((0, "#3c4046"), (1, "#15171a"))
    glare = path("M470 44L640 44 470 330 330 330Z", "#fff", opacity=0.07) + path(
        "M670 44L700 44 530 330 506 330Z", "#fff", opacity=0.06
    )
    mirror = (
        rect(590, 30, 20, 46, "#0d0f11")
        + path("M486 74q114 -16 228 0q10 30 -8 48q-106 12 -212 0q-18 -18 -8 -48z", "#121417")
        + path(
            "M495 81q105 -13 210 0q6 22 -5 34q-100 9 -200 0q-11 -12 -5 -34z",
            sheet.linear((0, light.sky), (0.55, light.glow), (1, light.ground)),
        )
        + path("M560 78l60 -1 -44 42h-50z", "#fff", opacity=0.2)
    )
    pillar = path("M46 -10H100L192 330 150 376Z" if not open_top else "M96 -10H128L192 330 166 360Z", lining)
    edge = line("M102 -10L193 332" if not open_top else "M129 -10L193 332", light.glow, 2.5, opacity=0.5)
    if open_top:
        bar = path("M60 -4H1140V30Q600 10 60 30Z", sheet.linear((0, paint.dark), (1, "#15171a")))
        return glare + mirrored(pillar + edge, 600) + bar + mirror
    roof = path("M-10 -10H1210V70Q1100 34 1000 34H200Q100 34 -10 70Z", lining)
    visors = path(
        "M170 26H500q8 0 8 10l-6 26q-2 8 -12 8L196 74q-12 0 -16 -10z", sheet.linear((0, "#565b62"), (1, "#2d3136"))
    )
    return glare + mirrored(pillar + edge, 600) + roof + mirrored(visors, 600) + mirror


def _doors(sheet: Sheet, trim: Trim, paint: Paint, light: Light) -> str:
    """At both sides: the window's sill, a panel of hide, its mirror outside."""
    glass = path("M-10 -10H60L150 372 -10 380Z", "#1a2228", opacity=0.35)
    cap = path(
        "M18 372C10 320 20 296 50 292 86 288 108 300 110 330L104 366Z",
        sheet.linear((0, paint.light), (0.4, paint.mid), (1, paint.dark)),
    )
    cap += path(
        "M30 366C24 326 32 306 54 303 80 300 96 308 98 332L94 362Z",
        sheet.linear((0, light.sky), (0.55, light.glow), (1, light.ground)),
    )
    card = path("M-10 356L120 336 176 400 150 640 96 810H-10Z", sheet.linear((0, "#2c3035"), (1, "#0f1113")))
    panel = path(
        "M-10 420L112 404Q140 420 132 470L108 560Q60 590 -10 600Z", sheet.linear((0, trim.hide[0]), (1, trim.hide[2]))
    )
    seam = line(
        "M-10 432L108 416Q126 428 120 468L98 550Q56 578 -10 588", trim.hide[0], 2, stroke_dasharray="7 5", opacity=0.7
    )
    pull = path("M-10 470L84 452q12 0 8 14l-4 10L-10 500Z", "#0e1012") + line(
        "M-10 470L84 452", "#c9d0d6", 3, opacity=0.8
    )
    sill = line("M-10 356L120 336", light.glow, 4, opacity=0.45)
    return mirrored(glass + cap + card + panel + seam + pull + sill, 600)


def _dashboard(sheet: Sheet, trim: Trim, light: Light, high: float, body: str) -> str:
    top = 352 + high
    pad = f"M96 {top + 46}C130 {top + 6} 240 {top - 6} 420 {top - 4}H780"
    pad += f"C960 {top - 6} 1070 {top + 6} 1104 {top + 46}L1120 {top + 110}H80Z"
    face = f"M80 {top + 78}Q600 {top + 52} 1120 {top + 78}L1136 {top + 150} 1090 700H110L64 {top + 150}Z"
    strip = f"M84 {top + 92}Q600 {top + 66} 1116 {top + 92}L1124 {top + 136}Q600 {top + 112} 76 {top + 136}Z"
    light_on = sheet.linear((0, light.glow, 0.55), (1, light.glow, 0))
    fill = sheet.linear((0, trim.strip[0]), (0.45, trim.strip[1]), (1, trim.strip[2]))
    grain = ""
    if trim.strip[0].startswith(("#8a", "#7a")):
        waves = "".join(
            f"M76 {top + y}Q380 {top + y - 30} 600 {top + y - 22}T1124 {top + y}" for y in (100, 112, 121, 131)
        )
        grain = line(waves, trim.strip[2], 3, opacity=0.45)
    hood = f"M176 {top + 70}C190 {top - 26} 250 {top - 44} 318 {top - 44}S446 {top - 26} 460 {top + 70}Z"
    cowl = path(hood, sheet.linear((0, "#43484e"), (0.25, "#24272b"), (1, "#0c0d0f")))
    cowl += line(
        f"M182 {top + 50}C198 {top - 24} 252 {top - 42} 318 {top - 42}S438 {top - 24} 454 {top + 50}",
        light.glow,
        2.4,
        opacity=0.5,
    )
    glove = f"M770 {top + 170}Q930 {top + 158} 1070 {top + 172}L1050 {top + 268}Q920 {top + 282} 776 {top + 272}Z"
    box = path(glove, sheet.linear((0, trim.hide[1]), (1, trim.hide[2]))) + line(glove, "#08090a", 3)
    box += line(
        f"M790 {top + 182}Q930 {top + 172} 1056 {top + 184}", trim.hide[0], 2, stroke_dasharray="7 5", opacity=0.7
    )
    stitch = line(
        f"M104 {top + 52}Q600 {top + 22} 1096 {top + 52}", trim.hide[0], 2, stroke_dasharray="8 6", opacity=0.6
    )
    big = body not in ("van", "pickup", "roadster", "coupe")
    return (
        path(face, sheet.linear((0, "#2b2f34"), (0.5, "#1a1c20"), (1, "#0b0c0e")))
        + path(pad, sheet.linear((0, "#4a4f56"), (0.35, "#2b2f33"), (1, "#141619")))
        + path(pad, light_on, opacity=0.55)
        + stitch
        + path(strip, fill)
        + grain
        + line(f"M84 {top + 92}Q600 {top + 66} 1116 {top + 92}", "#fff", 1.6, opacity=0.45)
        + box
        + cowl
        + dials(sheet, 318, top + 28)
        + vent(sheet, 104, top + 96, 62)
        + vent(sheet, 1034, top + 96, 62)
        + screen(sheet, top, big, light)
    )


def _cushions(sheet: Sheet, trim: Trim) -> str:
    """The front seats' cushions, on both sides of the console."""
    light, mid, dark = trim.hide
    shape = "M120 810C126 716 160 668 220 656 300 644 380 648 424 668 466 690 478 740 480 810Z"
    fill = sheet.linear((0, light), (0.3, mid), (1, dark))
    pipes = "".join(
        f"M{x} 676Q{x - 8 + k * 3} 730 {x - 12 + k * 5} 810" for k, x in enumerate((222, 262, 302, 342, 382))
    )
    seat = (
        path(shape, fill)
        + line(pipes, dark, 5, opacity=0.7)
        + line(pipes, light, 1.6, opacity=0.6, transform="translate(4 0)")
    )
    seat += line("M176 700C200 674 300 660 404 682", light, 2, stroke_dasharray="7 5")
    return mirrored(seat, 600)
