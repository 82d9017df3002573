"""What becomes of a photo, and what is no photo. Every picture here is a real one, made by Pillow or byte by byte."""

import random
import struct
import subprocess
import sys
import zipfile
import zlib
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from tests.conftest import ROOT
from tests.files.pictures import BLUE, GREEN, RED, SECRET, encoded, halves, located, noise, png
from vendue.files.photos import LONGEST, BadPhoto, Photo, read

MANY = 50_000_000
KINDS = ["JPEG", "PNG", "WEBP"]


def shown(photo: Photo) -> Image.Image:
    image = Image.open(BytesIO(photo.whole.content))
    image.load()
    return image


def close_to(pixel: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, wanted, strict=False))


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_keeps_its_type_and_loses_all_metadata(kind: str) -> None:
    more: dict[str, Any] = {"exif": located(), "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"}
    if kind == "JPEG":
        more["comment"] = SECRET
    if kind == "PNG":
        del more["xmp"]
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_itxt("Author", SECRET.decode(), zip=False)
        more["pnginfo"].add_text("XML:com.adobe.xmp", SECRET.decode())
    sent = encoded(halves(), kind, **more) + SECRET  # and something behind its end
    assert SECRET in sent and Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    photo = read(sent, MANY)
    for picture in (photo.whole, *photo.formats.values()):
        image = Image.open(BytesIO(picture.content))
        assert image.format == kind and image.size == (picture.width, picture.height)
        assert SECRET not in picture.content and b"Exif" not in picture.content and b"xmp" not in picture.content
        assert not image.getexif() and image.info.keys().isdisjoint({"exif", "xmp", "comment", "icc_profile", "dpi"})
    assert photo.hash == sha256(photo.whole.content).hexdigest()
    assert (photo.ext, photo.media_type) == {
        "JPEG": (".jpg", "image/jpeg"),
        "PNG": (".png", "image/png"),
        "WEBP": (".webp", "image/webp"),
    }[kind]
    assert close_to(shown(photo).convert("RGB").getpixel((10, 10)), RED)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("orientation", "corner"),
    # Where, of left/right × top/bottom, the stored top left corner is seen.
    [(1, "lt"), (2, "rt"), (3, "rb"), (4, "lb"), (5, "lt"), (6, "rt"), (7, "rb"), (8, "lb")],
)
def test_a_photo_stands_upright(kind: str, orientation: int, corner: str) -> None:
    image = Image.new("RGB", (300, 200), BLUE)
    image.paste(RED, (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = read(encoded(image, kind, exif=exif), MANY)
    width, height = (300, 200) if orientation < 5 else (200, 300)
    assert (photo.whole.width, photo.whole.height) == (width, height)
    whole = shown(photo).convert("RGB")
    for seen in ("lt", "rt", "lb", "rb"):
        at = (20 if seen[0] == "l" else width - 20, 20 if seen[1] == "t" else height - 20)
        assert close_to(whole.getpixel(at), RED if seen == corner else BLUE), (seen, whole.getpixel(at))


def test_sizes_are_those_of_strapi_and_only_smaller_ones_are_made() -> None:
    photo = read(encoded(noise((4000, 3000)), "JPEG", quality=50), MANY)
    assert (photo.whole.width, photo.whole.height) == (LONGEST, 1920)
    sizes = {name: (each.width, each.height) for name, each in photo.formats.items()}
    assert sizes == {"large": (1000, 750), "medium": (750, 562), "small": (500, 375), "thumbnail": (208, 156)}
    for picture in (photo.whole, *photo.formats.values()):
        assert Image.open(BytesIO(picture.content)).size == (picture.width, picture.height)
    assert read(encoded(halves((600, 100)), "PNG"), MANY).formats.keys() == {"small", "thumbnail"}
    assert read(encoded(halves((245, 156)), "WEBP"), MANY).formats == {}
    line = read(encoded(halves((9000, 1)), "PNG"), MANY)
    assert (line.whole.width, line.whole.height, line.formats["thumbnail"].height) == (LONGEST, 1, 1)
    assert b"\xff\xc2" in photo.whole.content, "a JPEG is progressive"


def test_the_same_photo_is_the_same_bytes() -> None:
    sent = encoded(noise((700, 500)), "JPEG")
    assert read(sent, MANY) == read(sent, MANY)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_can_be_seen_through_stays_so(kind: str, mode: str) -> None:
    image = Image.new("RGBA", (40, 30), (0, 255, 0, 255))
    image.paste((0, 0, 0, 0), (20, 0, 40, 30))
    if mode == "P" and kind == "WEBP":
        mode = "RGBA"
    photo = read(encoded(image.quantize() if mode == "P" else image.convert(mode), kind), MANY)
    whole = shown(photo)
    assert whole.mode == "RGBA"
    assert [whole.getpixel((at, 15))[3] for at in (5, 35)] == [255, 0]  # type: ignore[index]  # of an RGBA picture


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG")]
)
def test_every_mode_becomes_ordinary_colours(mode: str, kind: str) -> None:
    grey = 0x8080 if mode == "I;16" else 0x80
    image = Image.new(mode, (60, 40), grey) if mode in ("L", "I;16") else Image.new("RGB", (60, 40), (128,) * 3)
    whole = shown(read(encoded(image if image.mode == mode else image.convert(mode), kind), MANY))
    assert whole.mode == "RGB"
    if mode != "1":
        assert close_to(whole.getpixel((30, 20)), (128, 128, 128)), whole.getpixel((30, 20))


@pytest.mark.parametrize("kind", KINDS)
def test_colours_of_another_space_are_brought_to_srgb(kind: str) -> None:
    """A profile whose red and green are exchanged: who heeds it sees green."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = bytearray(plain)
    for tag, other in ((b"rXYZ", b"gXYZ"), (b"gXYZ", b"rXYZ")):
        at, of = exchanged.find(tag, 128), plain.find(other, 128)
        exchanged[at + 4 : at + 12] = plain[of + 4 : of + 12]
    sent = encoded(Image.new("RGB", (60, 40), RED), kind, icc_profile=bytes(exchanged))
    assert close_to(shown(read(sent, MANY)).convert("RGB").getpixel((30, 20)), GREEN)
    broken = encoded(Image.new("RGB", (60, 40), RED), kind, icc_profile=b"no profile" * 20)
    assert close_to(shown(read(broken, MANY)).convert("RGB").getpixel((30, 20)), RED)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, GREEN, BLUE)]
    sent = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert getattr(Image.open(BytesIO(sent)), "n_frames", 1) == 3
    whole = shown(read(sent, MANY))
    assert getattr(whole, "n_frames", 1) == 1
    assert close_to(whole.convert("RGB").getpixel((30, 20)), RED)


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg() -> None:
    sent = encoded(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (300, 200), GREEN)])
    photo = read(sent, MANY)
    assert photo.ext == ".jpg" and close_to(shown(photo).getpixel((10, 10)), RED)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        encoded(halves(), "GIF"),
        encoded(halves(), "TIFF"),
        encoded(halves(), "BMP"),
        encoded(halves(), "ICO"),
        encoded(halves(), "PPM"),
        encoded(halves(), "PDF"),
        encoded(halves(), "AVIF"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_nothing_but_jpeg_png_and_webp_is_taken(content: bytes) -> None:
    with pytest.raises(BadPhoto, match=r"^is (no JPEG, PNG or WebP picture|damaged or cut off)"):
        read(content, MANY)


def test_a_picture_that_is_also_a_page_or_an_archive_comes_out_as_a_picture() -> None:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr("bomb", bytes(10_000_000))
    script = b"<script>alert(1)</script>"
    for kind in KINDS:
        photo = read(encoded(halves(), kind) + script + archive.getvalue(), MANY)
        assert script not in photo.whole.content and b"PK" not in photo.whole.content


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_picture_is_refused(kind: str) -> None:
    whole = encoded(noise((300, 200)), kind)
    for part in (0.9, 0.5, 0.1):
        with pytest.raises(BadPhoto, match=r"^is (damaged or cut off|no JPEG)"):
            read(whole[: int(len(whole) * part)], MANY)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_picture_is_read_or_refused_and_nothing_else(kind: str) -> None:
    exif = located()
    exif[0x0112] = 6
    whole = encoded(
        halves((80, 60)),
        kind,
        exif=exif,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    chance, refused = random.Random(7), 0
    for _ in range(400):
        spoilt = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            spoilt[chance.randrange(min(len(spoilt), 1500))] = chance.randrange(256)
        try:
            read(bytes(spoilt), MANY)
        except BadPhoto:
            refused += 1
    assert 0 < refused < 400


def test_pixels_are_counted_before_they_are_decoded() -> None:
    sent = encoded(halves((100, 100)), "PNG")
    assert read(sent, 10_000).whole.width == 100
    with pytest.raises(BadPhoto, match=r"^has 100 × 100 pixels; at most 0.009999 million are taken$"):
        read(sent, 9_999)


def _webp(width: int, height: int) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    frame = encoded(halves((10, 10)), "WEBP")[12:]
    chunks = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sizes + frame
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _jpeg(width: int, height: int) -> bytes:
    whole = bytearray(encoded(halves((10, 10)), "JPEG"))
    at = whole.find(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(whole)


def _squeezed(side: int) -> bytes:
    """Every pixel is there, in a thousandth of the bytes."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + 3 * side)
    data = b"".join([*(squeeze.compress(row) for _ in range(side)), squeeze.flush()])
    return png(side, side, (b"IDAT", data))


BOMBS = {
    "png-header": lambda: png(50_000, 50_000, (b"IDAT", zlib.compress(b"\0" * 100))),
    "png-squeezed": lambda: _squeezed(20_000),
    "png-text": lambda: png(
        10, 10, (b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000))), (b"IDAT", zlib.compress(bytes(310)))
    ),
    "png-text-behind": lambda: png(
        10, 10, (b"IDAT", zlib.compress(bytes(310))), (b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(200_000_000)))
    ),
    "png-profile": lambda: png(
        10, 10, (b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000))), (b"IDAT", zlib.compress(bytes(310)))
    ),
    "jpeg-header": lambda: _jpeg(65_500, 65_500),
    "webp-header": lambda: _webp(16_384, 16_384),
    "webp-largest": lambda: _webp(1 << 24, 255),
}
_TRY = """
import re, sys, time
from pathlib import Path
from vendue.files.photos import BadPhoto, read
content = sys.stdin.buffer.read()
def most():  # kilobytes at most until now, of this program alone
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before, began = most(), time.perf_counter()
try:
    read(content, 50_000_000)
    said = "taken"
except BadPhoto as bad:
    said = str(bad)
took = time.perf_counter() - began
print(most() - before, took, said)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name: str) -> None:
    """In a process of its own, whose memory can be measured: at most 60 MB more, and two seconds."""
    trying = [sys.executable, "-c", _TRY]
    run = subprocess.run(trying, input=BOMBS[name](), cwd=ROOT / "src", capture_output=True, check=True, timeout=60)
    kilobytes, took, said = run.stdout.decode().split(" ", 2)
    assert int(kilobytes) < 60_000, run.stdout
    assert float(took) < 2, run.stdout
    if name not in ("png-profile", "png-text-behind"):  # what is only said beside a picture may be left out instead
        assert said.startswith(("has ", "is damaged")), said


def test_the_largest_that_is_taken_needs_twenty_bytes_a_pixel() -> None:
    sent = encoded(Image.new("RGBA", (7_000, 7_000)), "WEBP", lossless=True, method=0)
    run = subprocess.run([sys.executable, "-c", _TRY], input=sent, cwd=ROOT / "src", capture_output=True, check=True)
    kilobytes, _, said = run.stdout.decode().split(" ", 2)
    assert said.strip() == "taken"
    assert int(kilobytes) * 1024 < 20 * 49_000_000
