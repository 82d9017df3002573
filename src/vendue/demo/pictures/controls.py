"""What hands and eyes are for in a car: steering wheel, dials, screen, vents, console. In pixels."""

from math import cos, pi, sin

from vendue.demo.pictures.light import Light
from vendue.demo.pictures.svg import Sheet, circle, element, ellipse, group, line, number, path, rect


def steering(sheet: Sheet, hide: str, spokes: int) -> str:
    """Around 0,0; 170 from there to the middle of its rim."""
    leather = sheet.linear((0, "#5a6068"), (0.25, "#2c3035"), (0.7, "#16181b"), (1, "#0a0b0c"))
    metal = sheet.linear((0, "#e7ecf0"), (0.5, "#9aa2aa"), (1, "#4c535b"))
    arms = "M-150 -22C-100 -14 -70 -12 -40 -30L-40 34C-80 30 -110 26 -156 34Z"
    lower = (
        "M-22 40L-30 160H30L22 40Z" if spokes == 3 else "M-46 34L-112 122 -84 146 -14 52ZM46 34L112 122 84 146 14 52Z"
    )
    arm = path(arms, "#17191c") + path("M-144 -8C-104 -2 -74 -2 -46 -12V14C-80 14 -110 12 -148 20Z", metal)
    keys = "".join(rect(x, 0, 20, 9, "#0b0c0d", rx=3) for x in (-124, -98))
    both = arm + keys
    shade = circle(4, 10, 170, "none", stroke="#000", stroke_width=36, opacity=0.35)
    rim = circle(0, 0, 170, "none", stroke=leather, stroke_width=32)
    gloss = path(_arc(178, -2.6, -0.54), stroke="#fff", stroke_width=4, opacity=0.28, stroke_linecap="round")
    seam = circle(0, 0, 157, "none", stroke=hide, stroke_width=2, stroke_dasharray="5 6")
    boss = path(
        "M-58 -40Q0 -58 58 -40Q70 0 50 48Q0 70 -50 48Q-70 0 -58 -40Z",
        sheet.radial((0, "#484d54"), (1, "#131518"), cy=0.25, r=0.8),
    )
    ring = circle(0, 0, 20, "#202327", stroke=metal, stroke_width=3)
    return (
        shade + path(lower, metal) + both + group(both, transform="matrix(-1 0 0 1 0 0)") + rim + seam + gloss + boss
        + line("M-50 -36Q0 -52 50 -36", "#fff", 2, opacity=0.3) + ring
    )  # fmt: skip


def dials(sheet: Sheet, x: float, y: float) -> str:
    """Two large and two small, lit; their needles stand where the car stands: at nothing."""
    face = sheet.radial((0, "#2a3036"), (0.8, "#0d1013"), (1, "#050607"))
    ring = sheet.linear((0, "#f2f5f7"), (0.5, "#6d757d"), (1, "#c6ccd2"))
    drawn = []
    for dx, r, needle in ((-62, 46, -2.2), (62, 46, -2.2), (0, 19, -0.9)):
        ticks = "".join(_tick(r * 0.82, r * (0.7 if i % 2 else 0.64), pi * (0.75 + 1.5 * i / 16)) for i in range(17))
        at_x, at_y = r * 0.7 * sin(needle), -r * 0.7 * cos(needle)
        drawn.append(
            group(
                circle(0, 0, r, face, stroke=ring, stroke_width=3.4)
                + line(ticks, "#e8f2f8", 1.7)
                + path(_arc(r * 0.82, 0.35, 0.78), stroke="#ff4a3d", stroke_width=3)
                + line(
                    f"M0 0L{number(round(at_x, 1))} {number(round(at_y, 1))}", "#ff5a45", 2.6, stroke_linecap="round"
                )
                + circle(0, 0, r * 0.13, "#3c4147"),
                transform=f"translate({number(x + dx)} {number(y + (14 if r < 30 else 0))})",
            )
        )
    return "".join(drawn)


def screen(sheet: Sheet, top: float, big: bool, light: Light) -> str:
    """In the middle: a large screen with a map, or vents above a radio."""
    if not big:
        radio = rect(512, top + 96, 176, 66, sheet.linear((0, "#2a2e33"), (1, "#101215")), rx=8)
        radio += rect(548, top + 108, 104, 34, sheet.linear((0, "#2f6f8a"), (1, "#123a4e")), rx=4)
        radio += path(f"M548 {top + 108}h60l-26 34h-34z", "#fff", opacity=0.12)
        radio += "".join(knob(sheet, x, top + 128, 13) for x in (530, 670))
        radio += "".join(rect(552 + 20 * k, top + 148, 15, 7, "#3a3f45", rx=2) for k in range(5))
        return vent(sheet, 512, top + 36, 84) + vent(sheet, 604, top + 36, 84) + radio
    x, y, w, h = 496.0, top + 8, 208.0, 124.0
    streets = f"M{x} {y + 84}L{x + 90} {y + 60} {x + w} {y + 92}M{x + 60} {y}L{x + 84} {y + h}"
    streets += f"M{x + 130} {y}Q{x + 118} {y + 60} {x + 156} {y + h}M{x} {y + 36}L{x + w} {y + 24}"
    way = f"M{x + 76} {y + h - 6}L{x + 70} {y + 66} {x + 122} {y + 70} {x + 126} {y + 30}"
    return (
        rect(x - 9, y - 9, w + 18, h + 18, "#08090a", rx=12)
        + rect(x, y, w, h, sheet.linear((0, "#24404d"), (1, "#142730")), rx=5)
        + path(f"M{x + 134} {y}h{w - 139}q5 0 5 5v34l-66 12z", "#2f6a58")
        + line(streets, "#51707f", 4)
        + line(way, "#4fc3ff", 5, stroke_linejoin="round", stroke_linecap="round")
        + circle(x + 126, y + 30, 6, "#fff")
        + path(f"M{x} {y}h120l-70 {h}h-50z", light.glow, opacity=0.1)
        + vent(sheet, 500, top + 146, 94)
        + vent(sheet, 606, top + 146, 94)
    )


def vent(sheet: Sheet, x: float, y: float, wide: float) -> str:
    """An outlet of air."""
    slats = "".join(f"M5 {k}h{number(wide - 10)}" for k in (9, 17, 25))
    frame = sheet.linear((0, "#dfe4e8"), (1, "#5d646c"))
    drawn = rect(0, 0, wide, 34, "#060708", rx=8, stroke=frame, stroke_width=2.4) + line(slats, "#41474e", 4)
    drawn += rect(wide / 2 - 3, 9, 6, 16, "#9aa2aa", rx=2)
    return element("use", href=f"#{sheet.once(drawn)}", x=x, y=y)


def knob(sheet: Sheet, x: float, y: float, r: float) -> str:
    """To turn."""
    rim = sheet.linear((0, "#f1f4f6"), (1, "#585f67"))
    drawn = circle(0, 0, r, rim) + circle(0, 0, r * 0.78, sheet.linear((0, "#4a5057"), (1, "#17191c")))
    drawn += line(f"M0 {number(-r * 0.3)}v{number(-r * 0.38)}", "#fff", 2)
    return element("use", href=f"#{sheet.once(drawn)}", x=x, y=y)


def console(sheet: Sheet, hide: tuple[str, str, str], strip: tuple[str, str, str], body: str) -> str:
    """Between the seats, up to the dashboard: knobs of the heating, a row of keys, cup holders, armrest."""
    side = sheet.linear(
        (0, "#2a2e33"),
        (0.08, "#43484f"),
        (0.2, "#1e2125"),
        (0.8, "#1e2125"),
        (0.92, "#3a3f45"),
        (1, "#1b1d20"),
        x2=1,
        y2=0,
    )
    plate = sheet.linear((0, strip[0]), (0.5, strip[1]), (1, strip[2]))
    keys = "".join(rect(524 + 26 * k, 586, 21, 10, "#3d4249", rx=3) for k in range(6))
    cups = "".join(ellipse(x, 770, 30, 17, "#08090a", stroke="#8d959d", stroke_width=2.5) for x in (566, 634))
    return (
        path("M484 530H716L726 610 700 660 704 810H496L500 660 474 610Z", side)
        + path("M514 640H686L690 810H510Z", plate)
        + line("M514 640H686", "#fff", 2, opacity=0.5)
        + "".join(knob(sheet, x, 560, 19) for x in (534, 600, 666))
        + keys
        + (cups if body != "roadster" else path("M520 752H680L684 810H516Z", hide[1]))
    )


def gear(sheet: Sheet, hide: tuple[str, str, str]) -> str:
    """The lever, in its boot."""
    boot = path(
        "M556 722Q566 676 590 660H610Q634 676 644 722Q600 738 556 722Z", sheet.linear((0, hide[1]), (1, hide[2]))
    )
    folds = line("M572 716Q582 686 592 666M628 716Q618 686 608 666M600 724V668", hide[2], 3, opacity=0.8)
    ring = path("M550 722Q600 744 650 722", stroke="#dfe4e8", stroke_width=3)
    stick = rect(594, 622, 12, 46, sheet.linear((0, "#7d858d"), (0.4, "#f4f7f9"), (1, "#6d757d"), x2=1, y2=0))
    top = ellipse(
        600, 612, 24, 27, sheet.radial((0, "#6b7179"), (0.5, "#2b2f34"), (1, "#0b0c0e"), cx=0.38, cy=0.3, r=0.75)
    )
    return boot + folds + ring + stick + top + ellipse(592, 602, 8, 7, "#fff", opacity=0.35)


def _arc(r: float, start: float, end: float) -> str:
    return f"M{r * cos(start):.1f} {r * sin(start):.1f}A{r:.1f} {r:.1f} 0 0 1 {r * cos(end):.1f} {r * sin(end):.1f}"


def _tick(outer: float, inner: float, angle: float) -> str:
    x, y = cos(angle), sin(angle)
    return f"M{outer * x:.1f} {outer * y:.1f}L{inner * x:.1f} {inner * y:.1f}"
