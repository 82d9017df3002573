"""Photos in, and what is said of them, as Strapi's upload plugin: bare bodies without `data`."""

import time

from litestar import route
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct
from msgspec.structs import replace

from vendue.api.audit_log import changed, line
from vendue.api.auth import Door
from vendue.api.bodies import answer, read_params
from vendue.api.content import BINDING, Content
from vendue.api.darkroom import Darkroom
from vendue.api.errors import Answer, AnyRequest, ApiError, fault, invalid, rate_limited
from vendue.api.file_info import check_fields, infos_of, target_of
from vendue.api.forms import Form, read_form
from vendue.api.limits import Buckets
from vendue.api.links import find_by_id, owner_of
from vendue.api.permissions import Viewer
from vendue.api.photo_rows import names_of, row_of
from vendue.api.turns import Turns
from vendue.api.visibility import present, widen
from vendue.catalogue.clock import now_ms
from vendue.catalogue.models import FILES
from vendue.catalogue.parse import MAX_PAGE_SIZE, parse, parse_bare
from vendue.catalogue.port import Catalogue, Row, count
from vendue.catalogue.query import Condition, Group, Query
from vendue.files.photos import Photo

PLUGIN = "plugin::upload.content-api"
SHOWN = "A car that is or was sold shows this photo: it stays as it is; ask an auctioneer"
_WHOLE = Query()
_OWNED = Query(populate={"owner": Query(fields=("documentId",))})
_PHOTOS = Query(fields=("documentId",), populate={"photos": Query(fields=("documentId",))})


class UploadLimits(Struct, frozen=True):
    """`request_bytes` of a body, `file_bytes` of each file in it, `files_per_user` that one may own."""

    request_bytes: int = 20 << 20
    file_bytes: int = 15 << 20
    files_per_user: int = 2000


class Uploads:
    """The routes of files. Of one account, one request after the other is read and developed."""

    def __init__(
        self,
        catalogue: Catalogue,
        darkroom: Darkroom,
        door: Door,
        turns: Turns,
        cars: Content,
        by_account: Buckets,
        limits: UploadLimits,
    ) -> None:
        self._catalogue, self._darkroom, self._door, self._turns = catalogue, darkroom, door, turns
        self._cars, self._by_account, self._limits = cars, by_account, limits

    def routes(self) -> list[HTTPRouteHandler]:
        """For the application."""
        whole = self._limits.request_bytes
        return [
            route("/api/upload", http_method="POST", status_code=201, request_max_body_size=whole)(self.upload),
            route("/api/upload/files", http_method=["GET", "HEAD"], status_code=200)(self.find),
            route("/api/upload/files/{id:str}", http_method=["GET", "HEAD"], status_code=200)(self.find_one),
            route("/api/upload/files/{id:str}", http_method="DELETE", status_code=200)(self.delete),
        ]

    async def find(self, request: AnyRequest) -> Answer:
        """A bare list."""
        viewer, params = self._door.admit(request, f"{PLUGIN}.find"), read_params(request)
        query = parse_bare(FILES, params, viewer.is_staff)
        rows, _ = await self._catalogue.find("files", replace(widen(FILES, query, viewer), counted=False))
        return answer([present(FILES, row, query, viewer, 0) for row in rows])

    async def find_one(self, request: AnyRequest, id: str) -> Answer:
        """A file by its id or documentId."""
        viewer = self._door.admit(request, f"{PLUGIN}.findOne")
        query = parse(FILES, read_params(request), viewer.is_staff)
        row = await find_by_id(self._catalogue, "files", id, replace(widen(FILES, query, viewer), where=None))
        if row is None:
            raise ApiError(404)
        return answer(present(FILES, row, query, viewer, 0))

    async def upload(self, request: AnyRequest) -> Answer:
        """New files, as a list; with `?id=` one that changes."""
        id = dict(read_params(request)).get("id")
        viewer = self._door.admit(request, f"{PLUGIN}.update" if id else f"{PLUGIN}.upload")
        assert viewer.user is not None, "only those signed in are admitted"
        self._take(viewer)
        async with self._turns.of(viewer.user):
            with self._darkroom.place():
                form = await read_form(request, "files", self._limits.file_bytes)
                check_fields(form)
                if id:
                    return await self._change(id, viewer, form)
                return await self._add(request, viewer, form)

    async def delete(self, request: AnyRequest, id: str) -> Answer:
        """Remove a file; the answer is what it was."""
        viewer = self._door.admit(request, f"{PLUGIN}.destroy")
        self._take(viewer)
        file = (await self._own(id, viewer))["documentId"]
        async with self._turns.of(file):
            row = await self._own(file, viewer)
            async with self._turns.of(row["hash"]):
                if not await self._catalogue.delete("files", file, _line(viewer, "destroy", row, {})):
                    raise ApiError(404)
                await self._forget(row)
        return answer(present(FILES, row, _WHOLE, viewer, 0))

    async def _add(self, request: AnyRequest, viewer: Viewer, form: Form) -> Answer:
        if not form.files:
            raise ApiError(400, "Files are empty")
        infos = infos_of(form, len(form.files))
        await self._check_room(viewer, len(form.files))
        target = target_of(form)
        car = None if target is None else await self._car(request, target, viewer)
        photos = [await self._darkroom.develop(sent) for sent in form.files]
        rows = []
        for sent, info, photo in zip(form.files, infos, photos, strict=True):
            values = {"name": sent.name, **info, **row_of(photo), "owner": viewer.user}
            async with self._turns.of(photo.hash):
                await self._darkroom.keep(photo)
                rows.append(await self._catalogue.create("files", values))
                await self._darkroom.keep_still(photo)
        if car is not None:
            links = {"connect": [row["documentId"] for row in rows]}
            await self._cars.change(request, car, viewer, {"photos": links})
        return answer([present(FILES, row, _WHOLE, viewer, 0) for row in rows], 201)

    async def _change(self, id: str, viewer: Viewer, form: Form) -> Answer:
        if len(form.files) > 1:
            raise ApiError(400, "Cannot replace a file with multiple ones")
        (values,) = infos_of(form, 1)
        file = (await self._own(id, viewer))["documentId"]
        photo = await self._darkroom.develop(form.files[0]) if form.files else None
        async with self._turns.of(file):
            before = await self._own(file, viewer)
            if photo is None:
                row = await self._catalogue.update("files", file, values, audit=_line(viewer, "update", before, values))
            else:
                values = {"name": form.files[0].name, **values, **row_of(photo)}
                row = await self._replace(before, values, photo, _line(viewer, "update", before, values))
        if row is None:
            raise ApiError(404)
        return answer(present(FILES, row, _WHOLE, viewer, 0))

    async def _replace(self, before: Row, values: Row, photo: Photo, audit: Row | None) -> Row | None:
        async with self._turns.of(photo.hash):
            await self._darkroom.keep(photo)
            row = await self._catalogue.update("files", before["documentId"], values, audit=audit)
            await (self._forget(values) if row is None else self._darkroom.keep_still(photo))
        async with self._turns.of(before["hash"]):
            await self._forget(before)
        return row

    def _take(self, viewer: Viewer) -> None:
        wait = self._by_account.take(viewer.user, time.monotonic())
        if wait:
            raise rate_limited(wait)

    async def _check_room(self, viewer: Viewer, more: int) -> None:
        own = await count(self._catalogue, "files", Condition(("owner",), "$eq", viewer.user))
        most = self._limits.files_per_user
        if own + more > most:
            raise ApiError(409, f"You have {own} files, and at most {most} may be kept: delete some")

    async def _car(self, request: AnyRequest, target: str, viewer: Viewer) -> str:
        """The documentId of the car that the files are for, which the viewer may change."""
        self._door.admit(request, "api::car.car.update")
        car = await find_by_id(self._catalogue, "cars", target, Query(fields=("documentId",)))
        if car is None:
            raise invalid([fault("refId", f"refId: there is no car {target:.100}")])
        id: str = car["documentId"]
        await self._cars.to_change(request, id, viewer)
        return id

    async def _own(self, id: str, viewer: Viewer) -> Row:
        """The file that the viewer is about to change; else 403, 404 or 409."""
        row = await find_by_id(self._catalogue, "files", id, _OWNED)
        if row is None:
            raise ApiError(404)
        if not viewer.is_staff:
            if owner_of(row) != viewer.user:
                raise ApiError(403)
            if await self._is_shown(row["documentId"], viewer):
                raise ApiError(409, SHOWN)
        return row

    async def _is_shown(self, file: str, viewer: Viewer) -> bool:
        """Whether a car shows it that the viewer sells or sold. Lists cannot be searched, so these cars are read."""
        sold = (Condition(("seller",), "$eq", viewer.user), Condition(("auctions", "status"), "$in", BINDING))
        start = 0
        while True:
            page = replace(_PHOTOS, where=Group("$and", sold), start=start, limit=MAX_PAGE_SIZE, counted=False)
            cars, _ = await self._catalogue.find("cars", page)
            if any(photo["documentId"] == file for car in cars for photo in car["photos"]):
                return True
            if len(cars) < MAX_PAGE_SIZE:
                return False
            start += len(cars)

    async def _forget(self, row: Row) -> None:
        """The bytes of a row that is no more, where no other row has the same."""
        same = Query(Condition(("hash",), "$eq", row["hash"]), limit=1, fields=(), counted=False)
        others, _ = await self._catalogue.find("files", same)
        if not others:
            await self._darkroom.discard(names_of(row))


def _line(viewer: Viewer, what: str, before: Row, values: Row) -> Row | None:
    """For the audit log, which tells what staff did to what is not theirs."""
    if not viewer.is_staff or (before["owner"] or {}).get("documentId") == viewer.user:
        return None
    names = ("name", "alternativeText", "caption", "hash")
    changes = changed(before, {name: values[name] for name in names if name in values})
    return line(viewer, f"{PLUGIN}.{what}", "files", before["documentId"], now_ms(), changes=changes)
