"""The file of the embedded log: SQLite in WAL mode, every commit synced. Blocking; sqlite.py calls it from threads."""

import fcntl
import os
import shutil
import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import Any

from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Checkpoint, Deadline, LogBroken, LogUnavailable, Record, Topic

APPLICATION_ID = 0x76656E64
SCHEMA_VERSION = 1
MIN_FREE_BYTES = 16 << 20
WAL_RESTART_BYTES = 64 << 20
BUSY_WAIT_S = 5
RESTART_WAIT_MS = 50

_ROWS_AT_ONCE = (256, 32, 4, 1)  # few sizes, so that their statements stay prepared
_SHIFT = 40  # position = partition << 40 | offset: one B-tree a topic with an append point a partition
_TABLES: dict[Topic, str] = {"bids": "bids", "auction-events": "auction_events"}
_SCHEMA = f"""
CREATE TABLE bids (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE auction_events (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE auctions (auction TEXT PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    deadline_at INTEGER, active INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX auctions_waiting ON auctions (partition, auction, deadline_at, active) WHERE deadline_at IS NOT NULL;
CREATE TABLE auction_parts (auction TEXT NOT NULL, part TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (auction, part));
CREATE TABLE offsets (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""
_WITNESS = struct.Struct(f"<{2 * PARTITIONS}q")

Rows = dict[Topic, list[tuple[int, int, str, bytes]]]
"""Topic -> (position, at, key, value)."""
Ends = dict[Topic, dict[int, int]]
"""Topic -> partition -> the offset that its next record gets."""


def position(partition: int, offset: int) -> int:
    """Where a record stands in its table."""
    return partition << _SHIFT | offset


class LogFile:
    """`log.db` in a folder, held by this process alone.

    Raises LogBroken with what to do, before anything is written.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self._witness_path = folder / "log.db", folder / "log.witness"
        _check_room(folder)
        self._handles = [_hold(folder / "log.lock")]
        self._connections: list[sqlite3.Connection] = []
        self._unchanged = True
        try:
            self._writer = self._open()
            self._reader = self._connect()
            self.ends: Ends = {topic: self._ends(topic) for topic in _TABLES}
            self.last_at = max(self._last_at(topic) for topic in _TABLES)
            self._check_witness(self._all_ends())
            self._witness = os.open(self._witness_path, os.O_RDWR | os.O_CREAT, 0o600)
            self._handles.append(self._witness)
            self._bear_witness()  # from now on it is overwritten in place and needs no room
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise self._unusable(error) from error
        except LogBroken:
            self.close()
            raise

    def _unusable(self, error: sqlite3.Error | OSError) -> LogBroken:
        if isinstance(error, OSError):
            path = error.filename or self._witness_path
            return LogBroken(f"{path} cannot be used ({error.strerror}); check who owns the data folder.")
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return LogBroken(f"The disk that holds {self.path} is full; free some room.")
        return LogBroken(f"{self.path} cannot be opened as a log ({error}); restore it from a backup.")

    def _open(self) -> sqlite3.Connection:
        fresh = not self.path.exists() or not self.path.stat().st_size
        if fresh:
            self._check_witness([0] * 2 * PARTITIONS)  # now: SQLite deletes a WAL that stands beside an empty file
        connection = self._connect()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != APPLICATION_ID and tables:
            raise LogBroken(f"{self.path} is not a vendue log; move it away or choose another data folder.")
        if version > SCHEMA_VERSION:
            raise LogBroken(
                f"{self.path} was written by a newer vendue (schema {version}, this one knows {SCHEMA_VERSION}); "
                "start that version."
            )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=0")  # checkpoint_wal does it, off the commits' way
        if not tables:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        if fresh:
            _sync_folder(self.path.parent)
        return connection

    def _ends(self, topic: Topic) -> dict[int, int]:
        ends = {}
        for partition in range(PARTITIONS):
            (last,) = self._writer.execute(
                f"SELECT max(position) FROM {_TABLES[topic]} WHERE position >= ? AND position < ?",
                (position(partition, 0), position(partition + 1, 0)),
            ).fetchone()
            ends[partition] = 0 if last is None else last - position(partition, 0) + 1
        return ends

    def _last_at(self, topic: Topic) -> int:
        lasts = [position(partition, end - 1) for partition, end in self.ends[topic].items() if end]
        marks = ",".join("?" * len(lasts))
        (at,) = self._writer.execute(
            f"SELECT max(at) FROM {_TABLES[topic]} WHERE position IN ({marks})", lasts
        ).fetchone()
        return at or 0

    def _check_witness(self, ends: Iterable[int]) -> None:
        """SQLite drops a torn tail of its WAL without a word; the witness knows what had been committed."""
        seen = self._witness_path.read_bytes() if self._witness_path.exists() else b""
        if len(seen) != _WITNESS.size:
            return
        for witnessed, end in zip(_WITNESS.unpack(seen), ends, strict=True):
            if witnessed > end:
                raise LogBroken(
                    f"{self.path} was cut: {witnessed - end} record(s) or more that were answered are missing. Restore "
                    "log.db with its log.db-wal from where they are whole; removing log.witness would accept the loss."
                )

    def _all_ends(self) -> list[int]:
        return [self.ends[topic][partition] for topic in _TABLES for partition in range(PARTITIONS)]

    def insert(self, rows: Rows) -> None:
        """Begin a commit with these records, in memory. Raises as commit does."""
        self._unchanged = False
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for topic, table in _TABLES.items():
                self._insert(f"INSERT INTO {table}", rows[topic])
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def commit(self, ends: Ends) -> None:
        """Sync what was inserted; `ends` are those of the partitions it went to, after it.

        Raises LogUnavailable (nothing was written) or LogBroken (unknown).
        """
        try:
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from error
        for topic in _TABLES:
            self.ends[topic].update(ends[topic])
        try:
            self._bear_witness()
        except OSError as error:
            raise self._failed(error) from error

    def _insert(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Many rows a statement: each statement lets the interpreter's lock go and has to win it back."""
        start = 0
        for size in _ROWS_AT_ONCE:
            while len(rows) - start >= size:
                chunk = rows[start : start + size]
                marks = f"({','.join('?' * len(chunk[0]))})"
                self._writer.execute(f"{statement} VALUES {','.join([marks] * size)}", list(chain.from_iterable(chunk)))
                start += size

    def _bear_witness(self) -> None:
        os.pwrite(self._witness, _WITNESS.pack(*self._all_ends()), 0)

    def _failed(self, error: sqlite3.Error | OSError) -> LogUnavailable | LogBroken:
        found = self._fault(error)
        if isinstance(found, LogUnavailable) and self._writer.in_transaction:
            self._writer.execute("ROLLBACK")
        return found

    def _fault(self, error: sqlite3.Error | OSError) -> LogUnavailable | LogBroken:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            return LogBroken(f"{self.path} failed ({error}); check the disk, then start vendue again.")
        return LogUnavailable("The log's disk is full; nothing is taken until there is room.", retry_after_s=5)

    def _select(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._reader.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def read(self, topic: Topic, partition: int, offset: int, limit: int) -> list[Record]:
        """At most `limit` committed records of one partition from an offset on."""
        rows = self._select(
            f"SELECT position, at, key, value FROM {_TABLES[topic]} WHERE position >= ? AND position < ? "
            "ORDER BY position LIMIT ?",
            (position(partition, offset), position(partition + 1, 0), limit),
        )
        start = position(partition, 0)
        return [Record(partition, at - start, stamp, key, value) for at, stamp, key, value in rows]

    def save(self, checkpoints: Sequence[Checkpoint], offsets: Mapping[int, int]) -> None:
        """Commit checkpoints and offsets together. Raises as commit does."""
        states = [(c.auction, c.partition, c.offset, c.deadline_at, c.active) for c in checkpoints]
        parts = [(c.auction, part, value) for c in checkpoints for part, value in c.parts.items()]
        self._unchanged = False
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for saved in checkpoints:
                if saved.whole:
                    self._writer.execute("DELETE FROM auction_parts WHERE auction = ?", (saved.auction,))
            self._insert("INSERT OR REPLACE INTO auctions", states)
            self._insert("INSERT OR REPLACE INTO auction_parts", parts)
            self._insert("INSERT OR REPLACE INTO offsets", list(offsets.items()))
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def saved_offsets(self) -> dict[int, int]:
        """Partition -> the offset saved last."""
        saved = dict(self._select("SELECT partition, offset FROM offsets"))
        return {partition: saved.get(partition, 0) for partition in range(PARTITIONS)}

    def deadlines(self, partitions: Iterable[int]) -> list[Deadline]:
        """The auctions that still need the clock."""
        return [
            Deadline(auction, at, bool(active))
            for partition in partitions
            for auction, at, active in self._select(
                "SELECT auction, deadline_at, active FROM auctions WHERE partition = ? AND deadline_at IS NOT NULL",
                (partition,),
            )
        ]

    def load(self, auctions: Sequence[str]) -> list[Checkpoint]:
        """Saved states, those there are."""
        found = []
        for auction in auctions:
            for partition, offset, deadline_at, active in self._select(
                "SELECT partition, offset, deadline_at, active FROM auctions WHERE auction = ?", (auction,)
            ):
                parts = dict(self._select("SELECT part, value FROM auction_parts WHERE auction = ?", (auction,)))
                found.append(Checkpoint(auction, partition, offset, deadline_at, bool(active), parts))
        return found

    def checkpoint_wal(self, restart: bool) -> int:
        """Move the WAL into the database file; with `restart` from the writer, so that the WAL begins anew.

        Returns the WAL's size in bytes before. Raises as commit does; nothing is lost then.
        """
        wal = self.path.with_name("log.db-wal")
        size = wal.stat().st_size if wal.exists() else 0
        try:
            if restart:
                # Somebody who reads the file from outside may hold it up; no bid shall wait for him.
                self._writer.execute(f"PRAGMA busy_timeout = {RESTART_WAIT_MS}")
                self._writer.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
                self._writer.execute(f"PRAGMA busy_timeout = {BUSY_WAIT_S * 1000}")
            else:
                self._reader.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from error
        return size

    def close(self) -> None:
        """Let go of the file; one that nothing was written to is left as it was found."""
        last = None
        if self._unchanged and self._connections:
            # Whoever closes last moves the WAL into the database and deletes it, unless he may only read.
            last = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
            with suppress(sqlite3.Error):  # which is no database: then it has no WAL
                last.execute("PRAGMA user_version").fetchone()
        for connection in reversed(self._connections):
            connection.close()
        if last is not None:
            last.close()
        for handle in reversed(self._handles):
            os.close(handle)

    def _connect(self) -> sqlite3.Connection:
        # Threads take turns on a connection: sqlite.py gives each its own executor of one thread.
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=BUSY_WAIT_S)
        self._connections.append(connection)
        connection.execute("PRAGMA cache_size=-65536")
        return connection


def read_auction(folder: Path, auction: str) -> tuple[list[Record], list[Record]]:
    """An auction's commands and events, each event once, without holding the log. Raises LogBroken."""
    path, partition = folder / "log.db", partition_of(auction)
    if not path.exists():
        raise LogBroken(f"There is no log at {path}; set VENDUE_DATA to the data folder.")
    found: dict[Topic, list[Record]] = {}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for topic, table in _TABLES.items():
                rows = connection.execute(
                    f"SELECT position, at, key, value FROM {table} WHERE position >= ? AND position < ? AND key = ? "
                    "ORDER BY position",
                    (position(partition, 0), position(partition + 1, 0), auction),
                )
                start = position(partition, 0)
                found[topic] = [Record(partition, at - start, stamp, key, value) for at, stamp, key, value in rows]
    except sqlite3.Error as error:
        raise LogBroken(f"{path} cannot be read as a log ({error}).") from error
    return found["bids"], list({record.value: record for record in reversed(found["auction-events"])}.values())[::-1]


def _check_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise LogBroken(f"The data folder {folder} cannot be used ({error.strerror}); set VENDUE_DATA.") from error
    if free < MIN_FREE_BYTES:
        raise LogBroken(f"Only {free >> 20} MB are free where {folder} is; free at least {MIN_FREE_BYTES >> 20} MB.")


def _hold(path: Path) -> int:
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LogBroken(f"{path} cannot be written ({error.strerror}); check who owns the data folder.") from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise LogBroken(f"Another process holds {path}; stop it, or choose another data folder.") from error
    return held


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
