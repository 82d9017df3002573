"""From what was sent to photos in the store: developed in a thread, never more than a few requests at once."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from vendue.api.errors import ApiError, fault, invalid
from vendue.api.forms import Sent
from vendue.api.photo_rows import contents_of
from vendue.files.photos import BadPhoto, Photo, read
from vendue.files.port import FilesBroken, FileStore

_log = structlog.get_logger()


class Darkroom:
    """`at_once` photos are developed in parallel. `places` requests may send, wait or be developed; beyond that 503."""

    def __init__(self, store: FileStore, max_pixels: int, at_once: int = 1, places: int = 16) -> None:
        self._store, self._max_pixels = store, max_pixels
        self._threads = ThreadPoolExecutor(at_once, "photos")
        self._free = places

    @contextmanager
    def place(self) -> Iterator[None]:
        """Held from before a body is read, since bodies take memory too."""
        if self._free == 0:
            raise ApiError(503, "Too many uploads at once, please try again.", headers={"Retry-After": "5"})
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def develop(self, sent: Sent) -> Photo:
        """The photo that was sent; 400 names the file and says what is wrong with it."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, read, sent.content, self._max_pixels)
        except BadPhoto as bad:
            raise invalid([fault("files", f"{sent.name} {bad}")]) from None

    async def keep(self, photo: Photo) -> None:
        """All its pictures in the store."""
        for name, content in contents_of(photo).items():
            await self._store.put(name, content)

    async def keep_still(self, photo: Photo) -> None:
        """Again, where another process dropped the last row of the same photo before ours was there."""
        stored = [await self._store.get(name) for name in contents_of(photo)]
        if None in stored:
            await self.keep(photo)

    async def discard(self, names: Iterable[str]) -> None:
        """Pictures that no row refers to any more; what cannot be deleted now only takes room."""
        for name in names:
            try:
                await self._store.delete(name)
            except FilesBroken as error:
                _log.warning("file_left", name=name, error=str(error))
