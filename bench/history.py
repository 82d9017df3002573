"""A data folder with a past: finished and live auctions, decided by the real rules into the real log and catalogue."""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode

import vendue
from bench.sale import DAY_MS, OPENING, bid, listing, now_ms
from bench.server import People, settle
from vendue.catalogue.sql import SqlCatalogue
from vendue.engine.shelf import Kept
from vendue.log.partition import partition_of
from vendue.log.port import PARTITIONS, Record, Topic
from vendue.log.sqlite_file import Ends, LogFile, Records
from vendue.projector.fold import Fold
from vendue.rules.commands import Command, Tick
from vendue.rules.commands import encode as encode_command
from vendue.rules.decide import step

PREFIX = "vendue-bench-history-"
KEPT_S = 6 * 3600
HOUR_MS = 3600 * 1000
FINISHED_BIDS, LIVE_BIDS, BIDDERS = 2, 20, 50
RECENT = 0.05
"""Share of the finished auctions that ended within the last day, so that the engine still has to forget them."""
BATCH = 5000


class Past(Struct, frozen=True):
    """A data folder, those who may bid in it, and some auctions that are live in it."""

    folder: Path
    people: People
    live: list[str]


def past(finished: int, live: int) -> Past:
    """Made once for each version of what writes it; made anew after KEPT_S."""
    root = Path(tempfile.gettempdir())
    name = f"{PREFIX}{finished}-{live}-"
    folder = root / f"{name}{_version()}"
    note = folder / "past.json"
    if note.exists() and time.time() - note.stat().st_mtime < KEPT_S:
        return decode(note.read_bytes(), type=Past, dec_hook=lambda kind, value: kind(value))
    for old in root.glob(f"{name}*"):
        shutil.rmtree(old)
    print(f"making {finished} finished and {live} live auctions, once …", flush=True)
    people = settle(folder / "data")
    made = Past(folder / "data", people, asyncio.run(_make(folder / "data", finished, live)))
    note.write_bytes(encode(made, enc_hook=str))
    return made


def _version() -> str:
    source = Path(vendue.__file__).parent
    files = [*sorted(source.glob("*/*.py")), Path(__file__)]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def story(auction: str, listed_at: int, end: int, bids: int, chance: random.Random) -> Iterator[tuple[int, Command]]:
    """What happens to an auction by itself and by people, each with its time."""
    now = now_ms()
    yield listed_at, listing(auction, listed_at, end)
    yield listed_at + 1, Tick(auction)
    for number in range(bids):
        at = listed_at + 1000 * (number + 1)
        yield at, bid(auction, f"bidder-{chance.randrange(BIDDERS)}", number, OPENING + 10 * number)
    for due in (end, end + DAY_MS):
        if due < now:
            yield due, Tick(auction)


async def _make(folder: Path, finished: int, live: int) -> list[str]:
    chance, now = random.Random(1), now_ms()
    moments: list[tuple[int, Command]] = []
    for number in range(finished):
        ago = chance.uniform(1, 24 - KEPT_S / 3600) if number < finished * RECENT else chance.uniform(25, 72)
        end = now - int(ago * HOUR_MS)
        moments += story(f"finished-{number}", end - HOUR_MS, end, FINISHED_BIDS, chance)
    lives = [f"live-{number}" for number in range(live)]
    for name in lives:
        moments += story(name, now - HOUR_MS, now + 30 * DAY_MS, LIVE_BIDS, chance)
    moments.sort(key=lambda each: each[0])
    writer = _Writer(folder, await SqlCatalogue.open(f"sqlite:///{folder / 'catalogue.db'}"))
    for start in range(0, len(moments), BATCH):
        await writer.write(moments[start : start + BATCH])
    await writer.close()
    return lives


class _Writer:
    """What engine and projector would have written, without their waiting for each other."""

    def __init__(self, folder: Path, catalogue: SqlCatalogue) -> None:
        self._file, self._catalogue = LogFile(folder), catalogue
        self._auctions: dict[str, Kept] = {}
        self._known: dict[str, int] = {}

    async def write(self, moments: list[tuple[int, Command]]) -> None:
        """Decide these in their order and commit them."""
        records: Records = {"bids": [], "auction-events": []}
        ends: Ends = {topic: dict(each) for topic, each in self._file.ends.items()}
        fold = Fold(self._known, dict(self._file.ends["auction-events"]))

        def append(topic: Topic, at: int, key: str, value: bytes) -> Record:
            partition = partition_of(key)
            record = Record(partition, ends[topic][partition], at, key, value)
            ends[topic][partition] += 1
            records[topic].append(record)
            return record

        for at, command in moments:
            kept = self._auctions.get(command.auction)
            record = append("bids", at, command.auction, encode_command(command))
            auction, events = step(kept.auction if kept else None, command, at)
            assert auction is not None
            self._auctions[auction.id] = Kept(auction, record.partition, record.offset)
            for event in events:
                fold.add(append("auction-events", at, auction.id, event.value))
        self._file.insert(records, ends)
        self._file.commit(ends)
        winners = {id: self._auctions[id].auction.winner or "" for id in fold.sold}
        await self._catalogue.project(fold.projected(winners))

    async def close(self) -> None:
        """Save every auction's state."""
        states, offsets = list(self._auctions.values()), self._file.ends["bids"]
        assert len(offsets) == PARTITIONS
        for start in range(0, len(states), BATCH):
            self._file.save([kept.checkpoint() for kept in states[start : start + BATCH]], offsets)
        self._file.close()
        await self._catalogue.close()
