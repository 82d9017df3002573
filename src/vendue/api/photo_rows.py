"""A photo as the catalogue's row, as names in the store, and as Strapi shows it."""

from typing import Any

from vendue.catalogue.port import Row
from vendue.files.photos import Photo

UPLOADS = "/uploads/"
"""Where a stored name is served."""


def row_of(photo: Photo) -> Row:
    """What of its row a photo decides. Sizes are bytes; what follows from hash and format is made on reading."""
    return {
        "width": photo.whole.width,
        "height": photo.whole.height,
        "bytes": len(photo.whole.content),
        "hash": photo.hash,
        "ext": photo.ext,
        "mime": photo.media_type,
        "formats": {
            name: {"width": picture.width, "height": picture.height, "bytes": len(picture.content)}
            for name, picture in photo.formats.items()
        },
    }


def contents_of(photo: Photo) -> dict[str, bytes]:
    """Name in the store -> content."""
    smaller = {f"{name}_{photo.hash}{photo.ext}": picture.content for name, picture in photo.formats.items()}
    return {f"{photo.hash}{photo.ext}": photo.whole.content, **smaller}


def names_of(row: Row) -> list[str]:
    """A row's names in the store."""
    whole = f"{row['hash']}{row['ext']}"
    return [whole, *(f"{name}_{whole}" for name in row["formats"] or ())]


def seen_file(row: Row) -> dict[str, Any]:
    """A row's fields as Strapi's upload plugin has them."""
    digest, ext = row["hash"], row["ext"]
    formats = {
        name: {
            "name": f"{name}_{row['name']}",
            "hash": f"{name}_{digest}",
            "ext": ext,
            "mime": row["mime"],
            "path": None,
            "width": each["width"],
            "height": each["height"],
            "size": _kilobytes(each["bytes"]),
            "sizeInBytes": each["bytes"],
            "url": f"{UPLOADS}{name}_{digest}{ext}",
        }
        for name, each in (row["formats"] or {}).items()
    }
    return {
        "name": row["name"],
        "alternativeText": row["alternativeText"],
        "caption": row["caption"],
        "focalPoint": None,
        "width": row["width"],
        "height": row["height"],
        "formats": formats or None,
        "hash": digest,
        "ext": ext,
        "mime": row["mime"],
        "size": _kilobytes(row["bytes"] or 0),
        "url": f"{UPLOADS}{digest}{ext}",
        "previewUrl": None,
        "provider": "local",
        "provider_metadata": None,
        "folderPath": "/",
    }


def _kilobytes(size: int) -> float:
    return round(size / 1000, 2)
