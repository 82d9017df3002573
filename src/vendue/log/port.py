"""The log port: append, read in order, and keep checkpoints. It carries bytes and knows nothing of auctions' rules."""

from asyncio import Future
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

PARTITIONS = 8
Topic = Literal["bids", "auction-events"]
"""Commands and events; both have PARTITIONS partitions, chosen by the key (the auction's id)."""

Share = tuple[int, ...]
"""Partitions that one reader decides together."""


class Record(NamedTuple):
    """One record as the log stamped it: `offset` counts from 0 in its partition, `at` is epoch ms, never falling."""

    partition: int
    offset: int
    at: int
    key: str
    value: bytes


class Checkpoint(NamedTuple):
    """What the engine keeps of one auction. `parts`: name -> bytes; a part saved again replaces the one before.

    `offset`: the command up to which this state holds. `deadline_at`: when the auction next needs the clock (epoch
    ms), None when never. `active`: not over yet, so a new owner wants it at once. `whole`: other parts are forgotten.
    """

    auction: str
    partition: int
    offset: int
    deadline_at: int | None
    active: bool
    parts: Mapping[str, bytes]
    whole: bool = False


class Deadline(NamedTuple):
    """A saved auction that still needs the clock."""

    auction: str
    at: int
    active: bool


class Handover(NamedTuple):
    """From now on this process looks after the shares `gained`, and no longer after those `lost`.

    `saved`: whether what came of the lost ones may still be saved, before `done` is called; nothing of them may be
    decided after that. `done` is always called, once, when that is so.
    """

    gained: Sequence[Share]
    lost: Sequence[Share]
    saved: bool
    done: Callable[[], None]


class LogUnavailable(Exception):
    """The log cannot take the record now; it is certainly not in it. `retry_after_s` says when to try again.

    `advice`: what whoever runs it may do, where that is known better here than from the settings.
    """

    def __init__(self, message: str, retry_after_s: int = 1, advice: str = "") -> None:
        super().__init__(message)
        self.retry_after_s, self.advice = retry_after_s, advice


class LogBroken(Exception):
    """The log cannot go on, or cannot be trusted; the message says what to do. Whether a record is in it is unknown."""


class ShareRefused(LogBroken):
    """What was saved of one share cannot be gone on from here: it is of newer rules, or does not fit. Others can."""


class LogRewound(Exception):
    """Records that were handed out early did not become durable: start again from what was saved.

    Until a share is taken again, `append` to auction-events raises it too: what came of such records must not stay.
    `advice` as of LogUnavailable.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class LogFenced(Exception):
    """Another process has taken the share: drop it, and take it again only when it is handed over anew."""


class Log(Protocol):
    """One interface for the embedded log (sqlite.py) and the distributed one."""

    def now_ms(self) -> int:
        """Not later than what a record appended from now on will get; not earlier than what was told durable."""
        ...

    def append(self, topic: Topic, items: Sequence[tuple[str, bytes]]) -> Future[None]:
        """Add (key, value) records in this order; done when they are durable. Events are of shares that were taken.

        What was appended to the same topic later is durable later, and events later than the commands that any reader
        has. Raises LogUnavailable or LogBroken, at once or in the future; for events also LogRewound or LogFenced.
        """
        ...

    def put(self, key: str, command: bytes, failed: Callable[[Exception], None]) -> None:
        """Append one command whose writer hears of it otherwise: only that it failed is told, as append would raise.

        `failed` hears LogUnavailable where the command is certainly not in the log, LogBroken where that is unknown.
        Raises at once as append does; then `failed` is not called.
        """
        ...

    def read(
        self, topic: Topic, offsets: Mapping[int, int], *, committed: bool = True
    ) -> AsyncGenerator[list[Record], None]:
        """Records of these partitions from these offsets on, in order within a partition, without end.

        With `committed` False a record may come before it is durable, though never before its place and time are
        fixed: for a reader who tells only through this log, since what he appends becomes durable after what he read.
        Raises LogRewound to such a reader where it did not become durable after all.
        """
        ...

    async def ends(self, topic: Topic) -> dict[int, int]:
        """Partition -> the offset that its next record will get."""
        ...

    def handovers(self, topic: Topic, /) -> AsyncIterator[Handover]:
        """Which partitions of this topic this process looks after: the engine commands, the projector events.

        Without end; closing it gives all of them back.
        """
        ...

    def passed(self, topic: Topic, offsets: Mapping[int, int]) -> None:
        """How far these partitions are dealt with, for whoever looks after the system; the log itself forgets it."""
        ...

    async def take(self, share: Share) -> dict[int, int]:
        """Become the one who saves these partitions; partition -> the offset saved last, 0 where none was.

        Raises ShareRefused where what was saved does not fit the log, or is of newer rules than ours.
        """
        ...

    async def save(self, checkpoints: Iterable[Checkpoint], offsets: Mapping[int, int]) -> None:
        """Keep the state of these auctions and the next command offset of these partitions, all or nothing.

        They are all of one share that was taken. Raises LogFenced, LogUnavailable, LogBroken.
        """
        ...

    async def deadlines(self, share: Share) -> list[Deadline]:
        """Every saved auction of a share that was taken that still needs the clock."""
        ...

    async def load(self, auctions: Sequence[str]) -> list[Checkpoint]:
        """The saved states of those of these auctions that have one; of shares that were taken."""
        ...

    async def ping(self) -> None:
        """Raises LogUnavailable or LogBroken where nothing can be appended."""
        ...

    async def close(self) -> None:
        """Finish what was appended and let go of the log."""
        ...
