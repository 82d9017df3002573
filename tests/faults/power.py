"""A disk that loses power: unsynced.c keeps what was synced, and from that the data folder is made anew."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = 4096
SOURCE = Path(__file__).with_name("unsynced.c")


def compile_layer(to: Path) -> Path:
    """The library to preload; skips where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler, which unsynced.c needs; apt install gcc libc6-dev")
    library = to / "unsynced.so"
    flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra"]
    subprocess.run([compiler, *flags, "-o", str(library), str(SOURCE), "-ldl", "-lpthread"], check=True)
    return library


class Power:
    """The current under a data folder; cut, it leaves another folder. `chance`: see `cut`."""

    def __init__(self, library: Path, folder: Path, chance: random.Random | None = None) -> None:
        self.folder, self._image, self._chance = folder, folder.with_name(folder.name + ".image"), chance
        (self._image / "inodes").mkdir(parents=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "UNSYNCED_FOLDER": str(folder),
            "UNSYNCED_IMAGE": str(self._image),
        }

    def fail(self, fails: bool) -> None:
        """Whether syncs fail from now on."""
        if fails:
            (self._image / "fail").touch()
        else:
            (self._image / "fail").unlink()

    def cut(self, to: Path) -> None:
        """What a disk holds once the process is gone: all that was synced.

        With `chance` also some of what was not, page by page in no order, as disks may have written it already.
        """
        to.mkdir()
        synced = dict(reversed(line.split(" ", 1)) for line in (self._image / "names").read_text().splitlines())
        for name in sorted(set(synced) | {path.name for path in self.folder.iterdir() if path.is_file()}):
            if name.endswith("-shm"):
                continue  # memory
            kept = self._image / "inodes" / synced.get(name, "none")
            there = self.folder / name
            durable = kept.read_bytes() if kept.exists() else b""
            content = durable if name in synced else None
            is_same = there.exists() and there.stat().st_ino == int(synced.get(name, there.stat().st_ino))
            if self._chance and is_same and (name in synced or self._chance.random() < 0.5):
                content = self._some_of(durable, there.read_bytes(), self._chance)
            if content is not None:
                (to / name).write_bytes(content)

    @staticmethod
    def _some_of(durable: bytes, written: bytes, chance: random.Random) -> bytes:
        length = len(chance.choice((durable, written)))
        pages = []
        for start in range(0, length, PAGE):
            page = chance.choice((durable, written))[start : start + PAGE]
            pages.append(page.ljust(min(PAGE, length - start), b"\0")[: length - start])
        return b"".join(pages)
