"""The light of a place, as what stands in it reflects it."""

from collections.abc import Callable
from typing import NamedTuple

from vendue.demo.pictures.svg import Sheet

HORIZON = 430.0
"""Where every scene's horizon is: at the eye of who stands before the car."""


class Light(NamedTuple):
    """Colours: of the sky above, of the sky near the horizon, of the ground; `tint` lies over all, so strongly."""

    sky: str
    glow: str
    ground: str
    tint: str
    strength: float
    shadow: float = 0.7
    lamps: bool = False
    mirror: float = 0.0


class Scene(NamedTuple):
    """A place: how it is said, its light, and what draws it on 1200 × 800."""

    said: str
    light: Light
    draw: Callable[[Sheet], str]
