"""SQLite's write-ahead log as it stands in a file (https://sqlite.org/fileformat2.html#walformat)."""

import json
import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from vendue.log.sqlite_file import records_of

HEADER, FRAME_HEADER = 32, 24


class Wal:
    """The frames of `log.db-wal` in a folder. `commits`: where in the file each transaction ends."""

    def __init__(self, folder: Path) -> None:
        self.path, self._folder = folder / "log.db-wal", folder
        self.content = self.path.read_bytes()
        (page,) = struct.unpack_from(">I", self.content, 8)
        self.frame = FRAME_HEADER + page
        salts = self.content[16:24]
        self.commits = []
        for start in range(HEADER, len(self.content) - self.frame + 1, self.frame):
            if self.content[start + 8 : start + 16] != salts:
                break  # left over from before the log began anew
            (pages_after_commit,) = struct.unpack_from(">I", self.content, start + 4)
            if pages_after_commit:
                self.commits.append(start + self.frame)

    def write(self, content: bytes) -> None:
        """Put this in its place."""
        self.path.write_bytes(content)

    def decided_up_to(self, end: int) -> set[str]:
        """The commands that are decided if the file ends there."""
        with TemporaryDirectory() as name:
            copy = Path(name)
            shutil.copy(self._folder / "log.db", copy)
            (copy / "log.db-wal").write_bytes(self.content[:end])
            with closing(sqlite3.connect(copy / "log.db")) as connection:
                rows = connection.execute("SELECT events FROM commits").fetchall()
        values = [record.value for (events,) in rows for record in records_of(events)]
        return {json.loads(value).get("hidden", {}).get("command") for value in values}

    def before_the_last_of(self, answered: set[str]) -> int:
        """The end of the last commit by which not all of these were decided."""
        return next(end for end in reversed(self.commits) if not answered <= self.decided_up_to(end))
