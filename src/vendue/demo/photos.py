"""The demo's photos: its cars' pictures in the store, in the catalogue, and on their cars."""

import asyncio
from hashlib import sha256

from vendue.api.photo_rows import contents_of, row_of
from vendue.catalogue.port import Catalogue
from vendue.catalogue.query import Condition, Group, Query
from vendue.demo.pictures import Drawing, gallery
from vendue.demo.pictures.svg import HEIGHT, WIDTH
from vendue.demo.plan import Lot
from vendue.files.photos import Photo, Picture
from vendue.files.port import FileStore

_SHOWN = Query(fields=("documentId",), populate={"photos": Query(fields=("documentId",))})


class Photos:
    """One car after the other, drawn in a thread, so that the sale goes on meanwhile."""

    def __init__(self, catalogue: Catalogue, files: FileStore) -> None:
        self._catalogue, self._files = catalogue, files
        self._turn = asyncio.Lock()

    async def show(self, car: str, lot: Lot, owner: str) -> None:
        """Give the car its pictures, unless it has some or is no more. Raises CatalogueBroken, FilesBroken."""
        async with self._turn:
            row = await self._catalogue.get("cars", car, _SHOWN)
            if row is None or row["photos"]:
                return
            drawn = await asyncio.to_thread(gallery, lot.body, lot.colour, lot.number, lot.terms.currency == "AUD")
            photos = [await self._keep(drawing, owner) for drawing in drawn]
            await self._catalogue.update("cars", car, {"photos": photos})

    async def _keep(self, drawing: Drawing, owner: str) -> str:
        """The id of its row; the same picture of the same owner has one."""
        content = drawing.svg.encode()
        photo = Photo(sha256(content).hexdigest(), ".svg", Picture(content, WIDTH, HEIGHT), {})
        same = (Condition(("hash",), "$eq", photo.hash), Condition(("owner",), "$eq", owner))
        rows, _ = await self._catalogue.find("files", Query(Group("$and", same), limit=1, fields=(), counted=False))
        if rows:
            return str(rows[0]["documentId"])
        for name, kept in contents_of(photo).items():
            await self._files.put(name, kept)
        values = {"name": drawing.name, "alternativeText": drawing.said, **row_of(photo), "owner": owner}
        return str((await self._catalogue.create("files", values))["documentId"])
