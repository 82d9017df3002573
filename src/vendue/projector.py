"""The projector: events -> catalogue. It follows the log beside the bids and never holds them up."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import structlog
from msgspec import Struct, ValidationError, to_builtins

from vendue.catalogue.models import TERMS
from vendue.catalogue.port import Catalogue, CatalogueBroken, Projected, Row
from vendue.catalogue.query import Condition, Group, Query
from vendue.log.port import Log, LogBroken, Record
from vendue.rules.events import Amended, Cancelled, Countered, Event, Hidden, Listed, Placed, Refused, Retracted
from vendue.rules.evidence import read

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

T = TypeVar("T")
logger = structlog.get_logger()


class _Changed(Struct):
    """What a batch changes of an auction: its last event that is no refusal, and the last that told terms."""

    seq: int = 0
    last: Event | None = None
    terms: Event | None = None

    def values(self) -> Row:
        terms = _terms_values(self.terms) if self.terms else {}
        return terms | _standing_values(self.last) if self.last else terms


class Fold:
    """What a batch of events changes. `known`: auction -> the seq of its last projected event."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known
        self.auctions: dict[str, _Changed] = {}
        self.bids: list[Row] = []
        self.voids: list[tuple[str, str, int]] = []
        self.moots: dict[str, tuple[int, ...]] = {}
        self.offsets: dict[int, int] = {}
        self.sold: dict[str, str] = {}
        self.bidders: dict[tuple[str, str], str] = {}

    def add(self, record: Record) -> None:
        """Take the next record of its partition in; a repeated event changes nothing. Raises LogBroken at a gap."""
        try:
            event = read(record.value)
        except ValidationError as error:
            raise LogBroken(_fault(record, f"it is no event ({error})")) from error
        self.offsets[record.partition] = record.offset + 1
        body = event.body
        auction, seq, known = body.auction, body.seq, self.known.get(body.auction, 0)
        if seq <= known:
            return
        if seq != known + 1:
            raise LogBroken(_fault(record, f"event {seq} of auction {auction} follows event {known}"))
        changed = self.auctions.setdefault(auction, _Changed())
        changed.seq = self.known[auction] = seq
        if type(body) is not Refused:
            changed.last = event
            if type(body) is Listed or type(body) is Amended:
                changed.terms = event
            if body.standing.status == "sold" and body.standing.leader is not None:
                self.sold[auction] = body.standing.leader
        self._add_bids(event)

    def _add_bids(self, event: Event) -> None:
        body, hidden = event.body, event.hidden
        if type(body) is Placed:
            assert hidden is not None, "a bid has a hidden part"
            self.bidders[body.auction, body.alias] = hidden.by
            row = _bid_row(event, hidden, "accepted", body.kind)
            row["alias"], row["outcome"] = body.alias, body.outcome
            self.bids.append(row)
        elif type(body) is Refused:
            assert hidden is not None, "a refusal has a hidden part"
            if hidden.amount is not None and hidden.code != "key_reused":  # which has the id of the first answer
                row = _bid_row(event, hidden, "refused", hidden.what.partition(":")[0])
                row["code"], row["details"] = hidden.code, hidden.details or {}
                self.bids.append(row)
        elif type(body) is Retracted:
            assert hidden is not None and hidden.bidder is not None, "a retraction names the bidder"
            self.voids.append((body.auction, hidden.bidder, body.seq))
            self.moots[body.auction] = body.moot

    def projected(self, winners: dict[str, str]) -> Projected:
        """The whole, with the winners' ids of the auctions that were sold."""
        auctions = {id: (changed.seq, changed.values()) for id, changed in self.auctions.items()}
        for id, winner in winners.items():
            auctions[id][1]["winner"] = winner
        return Projected(auctions, self.bids, self.voids, list(self.moots.items()), self.offsets)


class Projector:
    """Follows `auction-events` and keeps the catalogue's auctions and bids as they were decided."""

    def __init__(self, log: Log, catalogue: Catalogue) -> None:
        self._log, self._catalogue = log, catalogue
        self._lines = logger.bind()  # so that a line which is not wanted costs next to nothing
        self._known: dict[str, int] = {}

    async def rebuild(self, told: Callable[[int], None]) -> None:
        """Project the whole log anew, up to its present end; `told` how many events each batch had."""
        await self._catalogue.forget_projected()
        self._known.clear()
        ends = {partition: end for partition, end in (await self._log.ends("auction-events")).items() if end}
        missing = sum(ends.values())
        reader = self._log.read("auction-events", dict.fromkeys(ends, 0))
        while missing > 0:
            records = await anext(reader)
            for start in range(0, len(records), BATCH_EVENTS):
                await self._take(records[start : start + BATCH_EVENTS])
            missing -= len(records)
            told(len(records))

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
        clock = asyncio.get_running_loop().time
        self._known.clear()  # others may have gone on with what was ours
        projected = await _insist(self._catalogue.projected_offsets)
        offsets = {partition: projected.get(partition, 0) for partition in own}
        async with aclosing(_batches(self._log.read("auction-events", offsets))) as batches:
            async for records in batches:
                started = clock()
                await self._take(records)
                if len(records) > LITTLE_EVENTS:
                    await asyncio.sleep(min(REST * (clock() - started), REST_MOST_S))

    async def _take(self, records: list[Record]) -> None:
        """Project a batch."""
        await _insist(self._learn, records)
        fold = Fold(self._known)
        for number, record in enumerate(records, 1):
            fold.add(record)
            if number % SLICE_EVENTS == 0:
                await asyncio.sleep(0)
        await _insist(self._project, fold)
        self._log.passed("auction-events", fold.offsets)

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


def _terms_values(event: Event) -> Row:
    """What a listing or an amendment makes of its auction's row, beside the standing."""
    body, hidden = event.body, event.hidden
    assert isinstance(body, Listed | Amended) and hidden is not None, "terms have a hidden part"
    terms = to_builtins(body.terms) | {"reserve_price": hidden.reserve_price}
    return {field.name: terms[field.name] for field in TERMS}


def _standing_values(event: Event) -> Row:
    """What any event that is no refusal makes of its auction's row."""
    hidden, standing = event.hidden, event.body.standing
    return {
        "status": standing.status,
        "price": standing.price,
        "minimum_next": standing.minimum_next,
        "bids_count": standing.bids,
        "leader": standing.leader,
        "reserve_met": standing.reserve_met,
        "hammer_price": standing.hammer_price,
        "closed_at": standing.closed_at,
        "starts_at": standing.starts_at,
        "ends_at": standing.ends_at,
        "approval_until": standing.approval_until,
        "cancel_reason": event.body.reason if type(event.body) is Cancelled else None,
        "offer": hidden.amount if hidden is not None and type(event.body) is Countered else None,
    }


def _bid_row(event: Event, hidden: Hidden, status: str, kind: str) -> Row:
    body = event.body
    return {
        "documentId": hidden.command,
        "auction": body.auction,
        "bidder": hidden.by,
        "maximum": hidden.amount,
        "kind": kind,
        "status": status,
        "standing": body.standing,
        "seq": body.seq,
        "placed_at": body.at,
    }


def _fault(record: Record, what: str) -> str:
    place = f"offset {record.offset} of partition {record.partition} of auction-events"
    return f"The log is not whole at {place}: {what}. Restore the log from its latest backup or copy."
