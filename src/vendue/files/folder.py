"""Files in a folder of this machine."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from vendue.files.port import CHUNK_BYTES, NAME, FilesBroken, Stored

THREADS = 4

T = TypeVar("T")


class FolderFiles:
    """A file a name; `folder` is made where it is missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = ThreadPoolExecutor(THREADS, "files")

    async def put(self, name: str, content: bytes) -> None:
        """Keep it."""
        path = self._path(name)
        await self._run(lambda: _write(path, content))

    async def get(self, name: str) -> Stored | None:
        """What is kept under that name."""
        path = self._path(name)
        size = await self._run(lambda: _size(path))
        return None if size is None else Stored(size, self._chunks(path))

    async def delete(self, name: str) -> None:
        """Keep it no longer."""
        path = self._path(name)
        await self._run(lambda: path.unlink(missing_ok=True))

    async def ping(self) -> None:
        """Whether the folder can be written."""
        await self._run(lambda: _check(self._folder))

    async def close(self) -> None:
        """Finish what was begun."""
        self._threads.shutdown()

    def _path(self, name: str) -> Path:
        assert NAME.fullmatch(name), f"{name!r} is no name of ours"
        return self._folder / name

    async def _chunks(self, path: Path) -> AsyncIterator[bytes]:
        file = await self._run(lambda: path.open("rb"))
        try:
            while chunk := await self._run(lambda: file.read(CHUNK_BYTES)):
                yield chunk
        finally:
            file.close()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except OSError as error:
            raise FilesBroken(
                f"The folder of files {self._folder} cannot be used ({error.strerror}): "
                "see that it is there, can be written and has space."
            ) from error


def _write(path: Path, content: bytes) -> None:
    """Under a name of its own first, so that the right name never has half of it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with new.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.rename(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A name is durable when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _check(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied")
