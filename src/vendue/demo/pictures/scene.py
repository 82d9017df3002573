"""The places where cars are shown, in the order in which lots come to them."""

from random import Random

from vendue.demo.pictures.country import alps, coast, desert, forest, hills
from vendue.demo.pictures.light import HORIZON, Light, Scene
from vendue.demo.pictures.svg import Sheet, group, number
from vendue.demo.pictures.town import city, studio, yard

SCENES = (
    Scene("on a coast road in the evening", Light("#8a6aa8", "#ffb27a", "#5a3f55", "#ff8a5c", 0.13, lamps=True), coast),
    Scene("on an alpine pass", Light("#9fd0f2", "#f2fbff", "#6f7f63", "#cfe6ff", 0.05), alps),
    Scene("in a studio", Light("#ffffff", "#cdd8e2", "#24282c", "#9fb2c4", 0.05, 0.85, mirror=0.3), studio),
    Scene("on a forest road in autumn", Light("#ffe2a6", "#fff0c8", "#7d5330", "#ffae54", 0.1), forest),
    Scene("in a city at dusk", Light("#6a5aa8", "#ff9c86", "#2b2440", "#8a4f9c", 0.14, lamps=True, mirror=0.2), city),
    Scene("on a desert road in the morning", Light("#a9cfe8", "#fff0d0", "#b98a5c", "#ffd9a0", 0.08), desert),
    Scene("before an old brick works", Light("#dbeaf2", "#fff0d8", "#6e645e", "#ffe0b8", 0.06), yard),
    Scene("among vineyards", Light("#b9dcec", "#fff3d0", "#77703c", "#ffe3a0", 0.07), hills),
)


VARIANTS = 3 * len(SCENES)
"""Each is drawn in three ways, so that no two lots of a round look the same, and what a long sale keeps has an end."""


def scene_of(lot: int) -> Scene:
    """Neighbours in a round are shown in different places."""
    return SCENES[lot % len(SCENES)]


def sheet_of(lot: int) -> Sheet:
    """What a lot's pictures are drawn on; the same lot, the same picture."""
    return Sheet(Random(lot % VARIANTS))  # noqa: S311  # it guards nothing


def backdrop(sheet: Sheet, scene: Scene, zoom: float = 1, blur: float = 0, shift: float = 0) -> str:
    """The place, nearer, out of focus and aside as wanted; its horizon stays where it is."""
    drawn = scene.draw(sheet)
    if zoom == 1:
        return drawn
    x, y = 600 * (1 - zoom) + shift, HORIZON * (1 - zoom)
    placed = group(drawn, transform=f"translate({number(x)} {number(y)}) scale({number(zoom)})")
    return group(placed, filter=sheet.blur(blur)) if blur else placed
