"""The file of the embedded log: SQLite in WAL mode, every commit synced. Blocking; sqlite.py calls it from threads."""

import fcntl
import os
import shutil
import sqlite3
import struct
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import Any

from msgspec import msgpack

from vendue.log.history import each_once
from vendue.log.port import PARTITIONS, Checkpoint, Deadline, LogBroken, LogUnavailable, Record, Topic

APPLICATION_ID = 0x76656E64
SCHEMA_VERSION = 2
MIN_FREE_BYTES, FULL_BYTES = 16 << 20, 1 << 20
WAL_RESTART_BYTES = 8 << 20
BUSY_WAIT_S = 5
RESTART_WAIT_MS = 50
NEVER = 1 << 62

_ROWS_AT_ONCE = (256, 32, 4, 1)  # few sizes, so that their statements stay prepared
_COLUMNS: dict[Topic, str] = {"bids": "commands", "auction-events": "events"}
# A row a commit, at the end of one table: a commit writes few pages, however many partitions it touches.
_SCHEMA = f"""
CREATE TABLE commits (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, ends BLOB NOT NULL, commands BLOB, events BLOB);
CREATE TABLE auctions (auction TEXT PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    deadline_at INTEGER, active INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX auctions_waiting ON auctions (partition, auction, deadline_at, active) WHERE deadline_at IS NOT NULL;
CREATE TABLE auction_parts (auction TEXT NOT NULL, part TEXT NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (auction, part));
CREATE TABLE offsets (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""
_ENDS = struct.Struct(f"<{2 * PARTITIONS}q")
_records_encoder = msgpack.Encoder()
_records_decoder = msgpack.Decoder(list[Record])

Records = dict[Topic, list[Record]]
Ends = dict[Topic, dict[int, int]]
"""Topic -> partition -> the offset that its next record gets."""


def records_of(column: bytes | None) -> list[Record]:
    """What a row's `commands` or `events` holds."""
    return [] if column is None else _records_decoder.decode(column)


def _pack(ends: Ends) -> bytes:
    return _ENDS.pack(*(ends[topic][partition] for topic in _COLUMNS for partition in range(PARTITIONS)))


def _unpack(packed: bytes) -> Ends:
    flat = iter(_ENDS.unpack(packed))
    return {topic: {partition: next(flat) for partition in range(PARTITIONS)} for topic in _COLUMNS}


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
            self.last_at, packed = self._last_commit()
            self.ends = _unpack(packed)
            self._check_witness(packed)
            self._witness = os.open(self._witness_path, os.O_RDWR | os.O_CREAT, 0o600)
            self._handles.append(self._witness)
            self._bear_witness(packed)  # from now on it is overwritten in place and needs no room
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
            self._check_witness(bytes(_ENDS.size))  # now: SQLite deletes a WAL that stands beside an empty file
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
        if tables and version < SCHEMA_VERSION:
            raise LogBroken(
                f"{self.path} was written by an unreleased vendue (schema {version}, this one knows {SCHEMA_VERSION}); "
                "move it away or choose another data folder."
            )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=0")  # checkpoint_wal does it, off the commits' way
        if not tables:
            connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        if fresh:
            _sync_folder(self.path.parent)
        return connection

    def _last_commit(self) -> tuple[int, bytes]:
        """The highest time in the log, and the ends after it, packed."""
        last = self._writer.execute("SELECT at, ends FROM commits ORDER BY number DESC LIMIT 1").fetchone()
        return last or (0, bytes(_ENDS.size))

    def _check_witness(self, ends: bytes) -> None:
        """SQLite drops a torn tail of its WAL without a word; the witness knows what had been committed."""
        seen = self._witness_path.read_bytes() if self._witness_path.exists() else b""
        if len(seen) != _ENDS.size:
            return
        for witnessed, end in zip(_ENDS.unpack(seen), _ENDS.unpack(ends), strict=True):
            if witnessed > end:
                raise LogBroken(
                    f"{self.path} was cut: {witnessed - end} record(s) or more that were answered are missing. Restore "
                    "log.db with its log.db-wal from where they are whole; removing log.witness would accept the loss."
                )

    def insert(self, records: Records, ends: Ends) -> None:
        """Begin a commit with these records, in memory; `ends` are all of them after it. Raises as commit does."""
        self._unchanged = False
        at = max(each[-1].at for each in records.values() if each)
        columns = (_records_encoder.encode(records[topic]) if records[topic] else None for topic in _COLUMNS)
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            self._writer.execute("INSERT INTO commits VALUES (NULL,?,?,?,?)", (at, _pack(ends), *columns))
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def commit(self, ends: Ends) -> None:
        """Sync what was inserted; `ends` are all of them after it.

        Raises LogUnavailable (nothing was written) or LogBroken (unknown).
        """
        try:
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from error
        self.ends = ends
        try:
            self._bear_witness(_pack(ends))
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

    def _bear_witness(self, ends: bytes) -> None:
        os.pwrite(self._witness, ends, 0)

    def _failed(self, error: sqlite3.Error | OSError) -> LogUnavailable | LogBroken:
        found = self._fault(error)
        if isinstance(found, LogUnavailable) and self._writer.in_transaction:
            self._writer.execute("ROLLBACK")
        return found

    def _fault(self, error: sqlite3.Error | OSError) -> LogUnavailable | LogBroken:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            return LogBroken(f"{self.path} failed ({error}); check the disk, then start vendue again.")
        return _full()

    def check_room(self) -> None:
        """Raises LogUnavailable where the disk is as good as full, be it that nobody has met it yet."""
        if shutil.disk_usage(self.path.parent).free < FULL_BYTES:
            raise _full()

    def _select(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._reader.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._fault(error) from error

    def read(self, topic: Topic, offsets: Mapping[int, int], limit: int) -> list[Record]:
        """Committed records of these partitions from these offsets on, in the log's order.

        Those of whole commits, until there are `limit` of them.
        """
        first, found = self._first_commit(topic, offsets), []
        statement = f"SELECT {_COLUMNS[topic]} FROM commits WHERE number >= ? ORDER BY number"
        try:
            with closing(self._reader.execute(statement, (first,))) as rows:
                for (column,) in rows:
                    found += [each for each in records_of(column) if each.offset >= offsets.get(each.partition, NEVER)]
                    if len(found) >= limit:
                        break
        except sqlite3.Error as error:
            raise self._fault(error) from error
        return found

    def _first_commit(self, topic: Topic, offsets: Mapping[int, int]) -> int:
        """The number of the first commit after which one of these partitions goes beyond its offset."""
        ((last,),) = self._select("SELECT coalesce(max(number), 0) FROM commits")
        return bisect_left(range(last + 1), True, lo=1, key=lambda number: self._goes_beyond(number, topic, offsets))

    def _goes_beyond(self, number: int, topic: Topic, offsets: Mapping[int, int]) -> bool:
        ((packed,),) = self._select("SELECT ends FROM commits WHERE number = ?", (number,))
        ends = _unpack(packed)[topic]
        return any(ends[partition] > offset for partition, offset in offsets.items())

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
    path = folder / "log.db"
    if not path.exists():
        raise LogBroken(f"There is no log at {path}; set VENDUE_DATA to the data folder.")
    found: Records = {"bids": [], "auction-events": []}
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for commands, events in connection.execute("SELECT commands, events FROM commits ORDER BY number"):
                found["bids"] += [record for record in records_of(commands) if record.key == auction]
                found["auction-events"] += [record for record in records_of(events) if record.key == auction]
    except sqlite3.Error as error:
        raise LogBroken(f"{path} cannot be read as a log ({error}).") from error
    return found["bids"], each_once(found["auction-events"])


def _full() -> LogUnavailable:
    advice = "Free some room on the disk that holds VENDUE_DATA; it goes on by itself, and nothing answered is lost."
    return LogUnavailable("The log's disk is full; nothing is taken until there is room.", 5, advice)


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
