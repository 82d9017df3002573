"""From what someone sent to pictures that are safe and quick to show. Pure: bytes in, bytes out."""

import struct
import warnings
import zlib
from hashlib import sha256
from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageCms, UnidentifiedImageError

from vendue.files.port import MEDIA_TYPES

LONGEST = 2560
"""Pixels of the longer side of what is kept."""
QUALITY = 85
SIZES = {"large": (1000, 1000), "medium": (750, 750), "small": (500, 500), "thumbnail": (245, 156)}
"""Format -> the box it fits in, as Strapi's; made only of what is larger."""
MAX_PROFILE_BYTES = 1 << 20

_EXTENSIONS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_SAVING = {
    "JPEG": {"quality": QUALITY, "progressive": True, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": QUALITY},
}
_UNTURNED = 1
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF's orientation -> what puts the picture upright."""
_ORIENTATION = 0x0112
_SCALABLE = ("L", "RGB", "RGBA", "CMYK")
"""Modes whose pixels can be averaged as they are."""

# Where Pillow would only warn of very many pixels it is an error here; read() asks for fewer than that anyway.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # of metadata, which is thrown away
_TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What decoders raise on what is no picture, or half of one."""


class BadPhoto(Exception):
    """Not a photo that can be taken; the message goes on from the file's name."""


class Picture(Struct, frozen=True):
    """An encoded picture, and its pixels."""

    content: bytes
    width: int
    height: int


class Photo(Struct, frozen=True):
    """A photo at its largest, and smaller: format -> picture. `hash` is that of the largest, `ext` that of all."""

    hash: str
    ext: str
    whole: Picture
    formats: dict[str, Picture]

    @property
    def media_type(self) -> str:
        """Of all its pictures."""
        return MEDIA_TYPES[self.ext]


def read(content: bytes, max_pixels: int) -> Photo:
    """The photo, upright, in sRGB and without any metadata, encoded anew in its own type. Raises BadPhoto.

    What type it is its content says. The pixels are counted before any is decoded; of an animation the first frame
    is taken. It takes up to 20 bytes a pixel while it runs.
    """
    try:
        opened = Image.open(BytesIO(content), formats=tuple(_EXTENSIONS))
        with opened:
            kind = "JPEG" if opened.format == "MPO" else opened.format  # a JPEG with more behind it, as of some phones
            _check_size(opened.width, opened.height, max_pixels)
            image = _upright(opened)
    except _TOO_MANY:
        raise _too_large(max_pixels) from None
    except UnidentifiedImageError:
        raise BadPhoto("is no JPEG, PNG or WebP picture") from None
    except _DAMAGED as error:
        raise BadPhoto(f"is damaged or cut off ({error!s:.100})") from error
    assert kind in _EXTENSIONS, f"{kind} was not asked for"
    image = image.convert("RGBA" if image.has_transparency_data and kind != "JPEG" else "RGB")
    image.info = {}
    whole = _encode(image, kind)
    smaller = {name: box for name, box in SIZES.items() if image.width > box[0] or image.height > box[1]}
    formats = {name: _encode(_fitted(image, box), kind) for name, box in smaller.items()}
    return Photo(sha256(whole.content).hexdigest(), _EXTENSIONS[kind], whole, formats)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise BadPhoto("has no pixels")
    if width * height > max_pixels:
        raise _too_large(max_pixels, f"{width} × {height}")


def _too_large(max_pixels: int, size: str = "too many") -> BadPhoto:
    return BadPhoto(f"has {size} pixels; at most {max_pixels / 1e6:g} million are taken")


def _upright(opened: Image.Image) -> Image.Image:
    """The first frame, decoded, no larger than LONGEST, turned as its camera was held, its colours those of sRGB."""
    opened.draft(None, (LONGEST, LONGEST))  # a JPEG can be decoded at a fraction of its size
    opened.load()
    turn, profile = _TURNS.get(_orientation(opened)), opened.info.get("icc_profile")
    image: Image.Image = opened
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in _SCALABLE:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image = _in_srgb(_fitted(image, (LONGEST, LONGEST)), profile)
    return image if turn is None else image.transpose(turn)


def _orientation(opened: Image.Image) -> int:
    try:
        found = opened.getexif().get(_ORIENTATION, _UNTURNED)
    except _DAMAGED:  # the picture may be whole all the same
        return _UNTURNED
    return found if isinstance(found, int) else _UNTURNED


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Colours as everyone's screen shows them; those of an unusable profile stay as they are."""
    if not isinstance(profile, bytes) or len(profile) > MAX_PROFILE_BYTES:
        return image
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    except (ImageCms.PyCMSError, *_DAMAGED):
        return image


def _fitted(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Scaled down to fit the box; itself where it does."""
    scale = min(box[0] / image.width, box[1] / image.height)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encode(image: Image.Image, kind: str) -> Picture:
    out = BytesIO()
    image.save(out, kind, **_SAVING[kind])
    return Picture(out.getvalue(), image.width, image.height)
