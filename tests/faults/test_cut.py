"""A log that was cut, and everything else on which there is no start: one sentence, and nothing written."""

import asyncio
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.bidders import Bid, Sale
from tests.faults.conftest import House
from tests.faults.history import check_answers, history_of
from tests.faults.process import Vendue, hashed, refused
from tests.faults.shown import settled
from tests.faults.wal import FRAME_HEADER, Wal


class Killed(NamedTuple):
    """A folder on which a sale was running, and what its bidders were told."""

    folder: Path
    bids: list[Bid]
    accounts: dict[str, str]

    def copy(self, to: Path) -> Path:
        """The same folder elsewhere."""
        return Path(shutil.copytree(self.folder, to))


@pytest.fixture(scope="module")
def killed(house: House, tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """To copy: what is left of a sale that was killed."""
    folder = house.copy(tmp_path_factory.mktemp("killed") / "data")

    async def sell() -> list[Bid]:
        async with Vendue(folder) as vendue:
            sale = Sale(vendue, house.accounts, 5)
            await sale.list_some()
            async with asyncio.timeout(10):
                while not _projected(folder):
                    await asyncio.sleep(0.02)
            async with sale.bidding(give_up=True):
                await sale.until(400)
                await vendue.kill()
        assert not sale.strange, sale.strange[:3]
        return sale.bids

    return Killed(folder, asyncio.run(sell()), house.accounts)


def _projected(folder: Path) -> bool:
    """Whether the catalogue saw anything of the log."""
    with closing(sqlite3.connect(f"file:{folder / 'catalogue.db'}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT 1 FROM projected_offsets").fetchall())


async def starts_and_has_all(folder: Path, killed: Killed) -> None:
    """It starts, goes on, and nothing that was told is lost."""
    async with Vendue(folder) as vendue:
        sale = Sale(vendue, killed.accounts, 6)
        sale.auctions = list(history_of(folder).events)
        async with sale.bidding():
            await sale.until(20)
        assert not sale.strange, sale.strange[:3]
        history = await settled(sale)
        await vendue.stop()
    check_answers([*killed.bids, *sale.bids], history)


def _half_a_frame(wal: Wal) -> bytes:
    return wal.content[wal.commits[-1] - wal.frame :][: wal.frame // 2]


def _uncommitted(wal: Wal) -> bytes:
    """Whole frames of the right salts, as of a transaction that was never committed."""
    last = wal.content[wal.commits[-1] - wal.frame : wal.commits[-1]]
    return (last[:4] + bytes(4) + last[8:]) * 3


def _garbage(wal: Wal) -> bytes:
    return random.Random(7).randbytes(3 * wal.frame + 100)


@pytest.mark.parametrize("tail", [_half_a_frame, _uncommitted, _garbage])
async def test_cut_after_the_last_answered_commit(killed: Killed, tmp_path: Path, tail: Callable[[Wal], bytes]) -> None:
    folder = killed.copy(tmp_path / "data")
    wal = Wal(folder)
    wal.write(wal.content[: wal.commits[-1]] + tail(wal))
    await starts_and_has_all(folder, killed)


def _dropped(wal: Wal, last: int) -> bytes:
    return wal.content[:last]


def _torn(wal: Wal, last: int) -> bytes:
    return wal.content[: last + FRAME_HEADER + 100]


def _half(wal: Wal, last: int) -> bytes:
    return wal.content[: wal.commits[len(wal.commits) // 2]]


def _byte_changed(wal: Wal, last: int) -> bytes:
    at = last + FRAME_HEADER + 100
    return wal.content[:at] + bytes([wal.content[at] ^ 1]) + wal.content[at + 1 :]


def _emptied(wal: Wal, last: int) -> bytes:
    return b""


@pytest.mark.parametrize("cut", [_dropped, _torn, _half, _byte_changed, _emptied])
def test_cut_before_the_last_answered_commit(killed: Killed, tmp_path: Path, cut: Callable[[Wal, int], bytes]) -> None:
    folder = killed.copy(tmp_path / "data")
    wal = Wal(folder)
    wal.write(cut(wal, wal.before_the_last_of({bid.id for bid in killed.bids if bid.decisions})))
    before = hashed(folder)
    said = refused(folder)
    assert "was cut" in said, said
    assert hashed(folder) == before, "nothing was written"


@pytest.mark.parametrize("missing", ["log.db-wal", "log.db"])
async def test_a_file_taken_away(killed: Killed, tmp_path: Path, missing: str) -> None:
    folder = killed.copy(tmp_path / "data")
    (folder / missing).rename(tmp_path / missing)
    before = hashed(folder)
    for _ in range(2):
        said = refused(folder)
        assert "was cut" in said, said
        assert hashed(folder) == before, "nothing was written"
    (tmp_path / missing).rename(folder / missing)
    await starts_and_has_all(folder, killed)


def test_an_emptied_log(killed: Killed, tmp_path: Path) -> None:
    folder = killed.copy(tmp_path / "data")
    (folder / "log.db").write_bytes(b"")
    before = hashed(folder)
    said = refused(folder)
    assert "was cut" in said, said
    assert hashed(folder) == before, "nothing was written"


def test_cut_with_no_witness_but_the_catalogue(killed: Killed, tmp_path: Path) -> None:
    folder = killed.copy(tmp_path / "data")
    (folder / "log.witness").unlink()
    wal = Wal(folder)
    wal.write(wal.content[: wal.commits[1]])  # the catalogue saw more than that before anyone bid
    before = hashed(folder)
    said = refused(folder)
    assert "the catalogue saw" in said, said
    after = hashed(folder)
    assert all(after[name] == before[name] for name in ("log.db", "log.db-wal")), "nothing was written"


async def test_held_by_another_process(folder: Path) -> None:
    async with Vendue(folder) as vendue:
        said = refused(folder)
        assert "Another process holds" in said, said
        assert vendue.runs
        await vendue.stop()


def _newer_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


def _not_a_log(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def _not_a_database(path: Path) -> None:
    path.write_bytes(b"This is a letter to the auctioneer. " * 300)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (_newer_schema, "a newer vendue (schema 999"),
        (_not_a_log, "is not a vendue log"),
        (_not_a_database, "cannot be opened as a log"),
    ],
)
def test_not_a_log_of_ours(folder: Path, make: Callable[[Path], None], named: str) -> None:
    make(folder / "log.db")
    before = hashed(folder)
    said = refused(folder)
    assert named in said, said
    assert str(folder / "log.db") in said, said
    assert hashed(folder) == before, "nothing was written"


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a shopping list")
    said = refused(tmp_path / "data")
    assert "set VENDUE_DATA" in said, said
    assert (tmp_path / "data").read_text() == "a shopping list"


def test_a_read_only_disk(disk: Path, house: House) -> None:
    folder = house.copy(disk / "data")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    said = refused(folder)
    assert "cannot be written (Read-only file system)" in said, said
