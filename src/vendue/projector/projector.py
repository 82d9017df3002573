"""It follows the log beside the bids and never holds them up."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from typing import Any, TypeVar

import structlog

from vendue.catalogue.port import Catalogue, CatalogueBroken, Overtaken
from vendue.catalogue.query import Condition, Group, Query
from vendue.log.port import PARTITIONS, Handover, Log, LogBroken, Record
from vendue.projector.fold import Fold

BATCH_EVENTS = 1000
BATCH_WAIT_S = 0.1
"""How long a batch may grow before it is written: a commit costs the same for one event and for a thousand."""
BATCH_PAUSE_S = 0.002  # so long nothing comes when the reader has handed over all that it had gathered
REST, REST_MOST_S, LITTLE_EVENTS = 9, 2.0, BATCH_EVENTS // 10
"""After a batch of more than a little it rests so many times as long as that took, and bids have the processors.
What it has not yet taken waits in the log's file. The limit is for a disk that was slow and not we."""
SLICE_EVENTS = 50
"""Events between two turns of the event loop, about a millisecond's work."""
RETRY_FIRST_S, RETRY_MOST_S = 0.1, 5.0
FINISH_S = 5.0
AUCTIONS_KNOWN = 10_000
ALONE_WITHIN_S = 20.0
"""Longer than the group waits for a projector that was killed."""

T = TypeVar("T")
logger = structlog.get_logger()


class NotAlone(Exception):
    """Another projector takes part, and the catalogue cannot be made anew; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("Another projector runs: stop all of them, and start the rebuild again.")


class Projector:
    """Follows `auction-events` and keeps the catalogue's auctions and bids as they were decided."""

    def __init__(self, log: Log, catalogue: Catalogue) -> None:
        self._log, self._catalogue = log, catalogue
        self._lines = logger.bind()  # so that a line which is not wanted costs next to nothing
        self._known: dict[str, int] = {}
        self._places: dict[int, int] = {}

    async def rebuild(self, told: Callable[[int], None]) -> None:
        """Project the whole log anew, up to its present end; `told` how many events each batch had. Raises NotAlone."""
        handovers = self._log.handovers("auction-events")
        await _alone(handovers)
        another = asyncio.ensure_future(anext(handovers))  # as soon as one takes part, some is to be handed over
        try:
            await self._catalogue.forget_projected()
            ends = {partition: end for partition, end in (await self._log.ends("auction-events")).items() if end}
            while not another.done():
                with suppress(Overtaken):  # by another one, or by ourselves in a call that seemed to fail
                    return await self._catch_up(ends, told)
            raise NotAlone
        finally:
            another.cancel()

    async def _catch_up(self, ends: Mapping[int, int], told: Callable[[int], None]) -> None:
        """Project what is missing up to these offsets. Raises Overtaken."""
        await self._begin(ends)
        async with aclosing(self._log.read("auction-events", self._places.copy())) as reader:
            while any(self._places[partition] < end for partition, end in ends.items()):
                records = await anext(reader)
                for start in range(0, len(records), BATCH_EVENTS):
                    await self._take(records[start : start + BATCH_EVENTS])
                told(len(records))

    async def _begin(self, own: Iterable[int]) -> None:
        """Find out how far these partitions were projected, since others may have gone on with what was ours."""
        self._known.clear()
        projected = await _insist(self._catalogue.projected_offsets)
        self._places = {partition: projected.get(partition, 0) for partition in own}

    async def run(self) -> None:
        """Project without end what the log hands over. A catalogue that fails is tried again.

        Raises LogBroken where the log cannot go on.
        """
        handovers, own = self._log.handovers("auction-events"), set[int]()
        coming = asyncio.ensure_future(anext(handovers))
        while True:
            following: asyncio.Future[Any] = asyncio.create_task(self._follow(own)) if own else coming  # nothing to do
            try:
                await asyncio.wait([coming, following], return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                coming.cancel()
                raise
            finally:
                following.cancel()
                ends = await asyncio.gather(following, return_exceptions=True)
            if isinstance(ends[0], Exception):
                coming.cancel()
                raise ends[0]
            handover = coming.result()
            own = own.difference(*handover.lost).union(*handover.gained)
            handover.done()
            coming = asyncio.ensure_future(anext(handovers))

    async def _follow(self, own: set[int]) -> None:
        """Project these partitions, until cancelled."""
        while True:
            await self._begin(own)
            try:
                await self._go_on()
            except Overtaken:
                logger.warning("projector.overtaken", partitions=sorted(own))

    async def _go_on(self) -> None:
        """Project from what was projected. Raises Overtaken."""
        clock = asyncio.get_running_loop().time
        async with aclosing(_batches(self._log.read("auction-events", self._places.copy()))) as batches:
            async for records in batches:
                started = clock()
                await self._take(records)
                if len(records) > LITTLE_EVENTS:
                    await asyncio.sleep(min(REST * (clock() - started), REST_MOST_S))

    async def _take(self, records: list[Record]) -> None:
        """Project a batch."""
        await _insist(self._learn, records)
        fold = Fold(self._known, self._places)
        for number, record in enumerate(records, 1):
            fold.add(record)
            if number % SLICE_EVENTS == 0:
                await asyncio.sleep(0)
        await _insist(self._project, fold)
        passed = {partition: end for partition, (_, end) in fold.offsets.items()}
        self._places |= passed
        self._log.passed("auction-events", passed)

    async def _learn(self, records: list[Record]) -> None:
        """Find out how far the auctions of these records were projected, where it is not known."""
        if len(self._known) > AUCTIONS_KNOWN:
            self._known.clear()
        ids = tuple({record.key for record in records} - self._known.keys())
        if ids:
            query = Query(Condition(("documentId",), "$in", ids), limit=len(ids), fields=("seq",))
            rows, _ = await self._catalogue.find("auctions", query)
            self._known |= dict.fromkeys(ids, 0) | {row["documentId"]: row["seq"] or 0 for row in rows}

    async def _project(self, fold: Fold) -> None:
        for bid in fold.bids:
            self._lines.debug("bid.projected", command=bid["documentId"], auction=bid["auction"], seq=bid["seq"])
        sold, known = fold.sold.items(), fold.bidders
        winners = {id: known.get((id, alias)) or await self._bidder(id, alias) for id, alias in sold}
        await self._catalogue.project(fold.projected(winners))

    async def _bidder(self, auction: str, alias: str) -> str:
        """Who an alias is, by a bid that an earlier batch projected."""
        same = (Condition(("auction",), "$eq", auction), Condition(("alias",), "$eq", alias))
        rows, _ = await self._catalogue.find("bids", Query(Group("$and", same), limit=1, fields=("bidder",)))
        assert rows, "who leads has bid before"
        return str(rows[0]["bidder"])


async def _alone(handovers: AsyncIterator[Handover]) -> None:
    """Wait until everything is this process's to project. Raises NotAlone where others have their share."""
    try:
        async with asyncio.timeout(ALONE_WITHIN_S):
            handover = await anext(handovers)
    except TimeoutError:
        raise NotAlone from None
    if sum(map(len, handover.gained)) < PARTITIONS:
        raise NotAlone


async def check_log(log: Log, catalogue: Catalogue) -> None:
    """Raises LogBroken where the catalogue saw decisions that the log no longer has."""
    projected = await catalogue.projected_offsets()  # before the ends: another projector may go on meanwhile
    ends = await log.ends("auction-events")
    if any(ends.values()) and not projected:
        logger.warning(
            "catalogue_empty", advice="it is made anew from the log, but accounts and drafts are only in a backup"
        )
    for partition, offset in projected.items():
        if offset > ends.get(partition, 0):
            raise LogBroken(
                f"The log was cut: the catalogue saw partition {partition} up to decision {offset}, and the log "
                f"goes only up to {ends.get(partition, 0)}. Restore the log from its latest backup or copy; "
                "to start without what is missing would undo what bidders were told."
            )


async def _insist(attempt: Callable[..., Awaitable[T]], *arguments: object) -> T:
    """Do it until the catalogue lets it be done."""
    wait_s = RETRY_FIRST_S
    while True:
        try:
            return await _finished(attempt(*arguments))
        except CatalogueBroken as error:
            logger.warning("catalogue_unavailable", error=str(error), retry_in_s=wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MOST_S)


async def _finished(call: Awaitable[T]) -> T:
    """What has begun in the catalogue ends before its caller is gone: nothing lands after another's."""
    running = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running], timeout=FINISH_S)
        raise


async def _batches(reader: AsyncIterator[list[Record]]) -> AsyncGenerator[list[Record], None]:
    """What has arrived and what comes within BATCH_WAIT_S, at most BATCH_EVENTS at once."""
    coming = asyncio.ensure_future(anext(reader))
    try:
        while True:
            batch = list(await coming)
            coming = asyncio.ensure_future(anext(reader))
            if len(batch) < BATCH_EVENTS:
                await asyncio.sleep(BATCH_WAIT_S)  # the reader gathers meanwhile, and we are not woken at each commit
            while len(batch) < BATCH_EVENTS:
                arrived, _ = await asyncio.wait({coming}, timeout=BATCH_PAUSE_S)
                if not arrived:
                    break
                batch += coming.result()
                coming = asyncio.ensure_future(anext(reader))
            for start in range(0, len(batch), BATCH_EVENTS):
                yield batch[start : start + BATCH_EVENTS]
    finally:
        coming.cancel()
