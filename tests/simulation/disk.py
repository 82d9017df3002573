"""The disk as the log's file sees it: the real SQLite and the real files, which a fault can fill and a kill can leave.

Between any two statements the process can die or be held up. What was committed stays, what was not is gone; that
SQLite keeps its word on a real disk is tested with real processes elsewhere.
"""

import os
import sqlite3
from typing import Any

from tests.simulation.loop import Loop
from tests.simulation.world import World

NO_LIMIT = 1 << 30


class Disk:
    """Stands in for the modules `sqlite3` and `os` in vendue.log.sqlite_file, for one process."""

    def __init__(self, world: World, loop: Loop) -> None:
        self.world, self._loop = world, loop
        self.connections: list[Connection] = []
        self.handles: list[int] = []
        self.sqlite3 = _Module(sqlite3, connect=self._connect)
        self.os = _Module(os, open=self._open, pwrite=self._pwrite, close=self._close)

    def point(self, what: str) -> None:
        """Between two writes."""
        if self._loop.dead:
            raise sqlite3.OperationalError("the process is gone")
        self.world.burn("write")
        for executor in self._loop.executors:
            if executor.is_current():
                executor.hold_up()
        self.world.note(what)

    def leave(self) -> None:
        """The process is gone: the system rolls back and closes for it."""
        for connection in self.connections:
            sqlite3.Connection.close(connection)
        for handle in self.handles:
            os.close(handle)
        self.connections, self.handles = [], []

    def _connect(self, path: Any, **named: Any) -> "Connection":
        connection = sqlite3.connect(path, factory=Connection, **named)
        connection.disk = self
        self.connections.append(connection)
        return connection

    def _open(self, *arguments: Any) -> int:
        handle = os.open(*arguments)
        self.handles.append(handle)
        return handle

    def _close(self, handle: int) -> None:
        if handle in self.handles:
            self.handles.remove(handle)
            os.close(handle)

    def _pwrite(self, *arguments: Any) -> int:
        self.point("witness")
        return os.pwrite(*arguments)


class _Module:
    """A module with some of its names replaced."""

    def __init__(self, module: Any, **replaced: Any) -> None:
        self._module = module
        self.__dict__ |= replaced

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class Connection(sqlite3.Connection):
    """A connection on a disk that may be full. In WAL mode a full disk shows at a commit, or where pages are needed."""

    disk: Disk | None = None
    _limited = False

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        """As ever, if nothing comes between."""
        disk = self.disk
        if disk is None:
            return super().execute(sql, *arguments)
        writes = sql[:6] in ("BEGIN ", "INSERT", "COMMIT", "DELETE")
        disk.point(sql[:24] if writes else "read")
        if writes:
            self._limit(disk.world)
        if disk.world.full and (sql == "COMMIT" or sql.startswith("PRAGMA wal")) and disk.world.odds(0.7):
            raise _full()
        done = super().execute(sql, *arguments)
        if sql == "COMMIT":
            disk.point("committed")
        return done

    def executescript(self, sql: str) -> sqlite3.Cursor:
        """The schema, in one transaction."""
        if self.disk is not None:
            self.disk.point("schema")
        return super().executescript(sql)

    def _limit(self, world: World) -> None:
        if world.full != self._limited:
            self._limited = world.full
            # SQLite raises a limit below the present size to it: from now on no page can be added.
            super().execute(f"PRAGMA max_page_count = {1 if world.full else NO_LIMIT}").fetchall()


def _full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error
