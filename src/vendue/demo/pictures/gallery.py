"""The pictures of one car, in the order in which they are shown."""

from collections.abc import Callable
from typing import NamedTuple

from vendue.demo.pictures.bodies import SIDES
from vendue.demo.pictures.faces import FRONTS
from vendue.demo.pictures.front import car_from_front
from vendue.demo.pictures.interior import inside
from vendue.demo.pictures.paint import PAINTS
from vendue.demo.pictures.rear import car_from_behind
from vendue.demo.pictures.scene import backdrop, scene_of, sheet_of
from vendue.demo.pictures.side import car_from_left, shadow
from vendue.demo.pictures.svg import HEIGHT, WIDTH, Sheet, group, number, rect, use
from vendue.demo.pictures.tails import REARS

GROUND, NEAR = 655.0, 708.0
"""Where wheels stand: in the picture from the side, and nearer."""


class Drawing(NamedTuple):
    """A picture: what it is called, what is on it for who cannot see it, and itself."""

    name: str
    said: str
    svg: str


class Car(NamedTuple):
    """What is drawn: a lot's car."""

    body: str
    colour: str
    lot: int
    right_hand: bool = False


def gallery(body: str, colour: str, lot: int, right_hand: bool = False) -> tuple[Drawing, ...]:
    """Five of a car: from the left, the front, the rear, near its front wheel, inside. The same for the same car."""
    car, place = Car(body, colour, lot, right_hand), scene_of(lot).said
    name = f"{colour} {body}"
    one = f"{'an' if colour[0] in 'aeiou' else 'a'} {name}"
    views: tuple[tuple[str, str, Callable[[Car], str]], ...] = (
        ("side", f"{one} from the left, {place}", side),
        ("front", f"{one} from the front, {place}", front),
        ("rear", f"{one} from behind, {place}", rear),
        ("wheel", f"the front wheel and headlamp of {one}, {place}", wheel),
        ("interior", f"the dashboard of {one}, and the view {place}", interior),
    )
    return tuple(
        Drawing(f"{colour}-{body.lower()}-{view}.svg", said[0].upper() + said[1:], draw(car))
        for view, said, draw in views
    )


def side(car: Car) -> str:
    """From the left."""
    shape, scene, sheet = SIDES[car.body], scene_of(car.lot), sheet_of(car.lot)
    left = (WIDTH - shape.length * shape.scale) / 2
    view = backdrop(sheet, scene)
    drawn = sheet.once(car_from_left(sheet, shape, PAINTS[car.colour], scene.light))
    standing = group(
        shadow(sheet, shape, scene.light), use(drawn), transform=_placed(left, GROUND, shape.scale, -shape.scale)
    )
    floor = _mirrored(sheet, drawn, _placed(left, GROUND, shape.scale, shape.scale), scene.light.mirror)
    return sheet.picture(view, floor, standing)


def front(car: Car) -> str:
    """From the front, nearer."""
    shape, scene, sheet = FRONTS[car.body], scene_of(car.lot), sheet_of(car.lot)
    view = backdrop(sheet, scene, 1.35, 2.2)
    drawn = car_from_front(sheet, shape, PAINTS[car.colour], scene.light, car.body == "roadster", car.right_hand)
    return sheet.picture(view, group(drawn, transform=_placed(WIDTH / 2, NEAR, shape.scale, -shape.scale)))


def rear(car: Car) -> str:
    """From behind, nearer."""
    shape, scene, sheet = REARS[car.body], scene_of(car.lot), sheet_of(car.lot)
    view = backdrop(sheet, scene, 1.35, 2.2, shift=-150)
    drawn = car_from_behind(sheet, shape, PAINTS[car.colour], scene.light)
    return sheet.picture(view, group(drawn, transform=_placed(WIDTH / 2, NEAR, shape.scale, -shape.scale)))


def wheel(car: Car) -> str:
    """The front wheel and what is around it."""
    shape, scene, sheet = SIDES[car.body], scene_of(car.lot), sheet_of(car.lot)
    scale = 196 / shape.radius
    view = backdrop(sheet, scene, 1.9, 5, shift=120)
    drawn = shadow(sheet, shape, scene.light)
    drawn += car_from_left(sheet, shape, PAINTS[car.colour], scene.light, fine=True)
    return sheet.picture(view, group(drawn, transform=_placed(560 - shape.wheels[0] * scale, 716, scale, -scale)))


def interior(car: Car) -> str:
    """From between the front seats."""
    scene, sheet = scene_of(car.lot), sheet_of(car.lot)
    view = group(backdrop(sheet, scene, 1.3, 2, shift=60), transform="translate(0 -140)")
    drawn = inside(sheet, car.body, PAINTS[car.colour], scene.light, view, car.right_hand)
    return sheet.picture(rect(0, 0, WIDTH, HEIGHT, "#15171a"), drawn)


def _mirrored(sheet: Sheet, car: str, placed: str, strength: float) -> str:
    """The car again, upside down on a floor that shines."""
    if not strength:
        return ""
    fade = sheet.linear((0, "#fff", strength), (1, "#fff", 0))
    return group(use(car, transform=placed), mask=sheet.mask(rect(0, GROUND, WIDTH, 120, fade)))


def _placed(x: float, y: float, across: float, up: float) -> str:
    return f"translate({number(x)} {number(y)}) scale({number(across)} {number(up)})"
