"""The projector: events -> catalogue. It follows the log beside the bids and never holds them up."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

import structlog
from msgspec import ValidationError, to_builtins

from vendue.catalogue.models import TERMS
from vendue.catalogue.port import Catalogue, CatalogueBroken, Projected, Row
from vendue.catalogue.query import Condition, Group, Query
from vendue.log.port import PARTITIONS, Log, LogBroken, Record
from vendue.rules.events import Amended, Countered, Event, Hidden, Listed, Placed, Refused, Retracted
from vendue.rules.evidence import read

BATCH_EVENTS = 1000
BATCH_WAIT_S = 0.1
"""How long a batch may grow before it is written: a commit costs the same for one event and for a thousand."""
SLICE_EVENTS = 50
"""Events between two turns of the event loop, about a millisecond's work."""
RETRY_FIRST_S, RETRY_MOST_S = 0.1, 5.0
AUCTIONS_KNOWN = 10_000

T = TypeVar("T")
logger = structlog.get_logger()


class Fold:
    """What a batch of events changes. `known`: auction -> the seq of its last projected event."""

    def __init__(self, known: dict[str, int]) -> None:
        self.known = known
        self.auctions: dict[str, tuple[int, Row]] = {}
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
        body, known = event.body, self.known.get(event.body.auction, 0)
        if body.seq <= known:
            return
        if body.seq != known + 1:
            raise LogBroken(_fault(record, f"event {body.seq} of auction {body.auction} follows event {known}"))
        self.known[body.auction] = body.seq
        values = self.auctions.get(body.auction, (0, {}))[1]
        if type(body) is not Refused:
            values.update(_auction_values(event))
            if body.standing.status == "sold" and body.standing.leader is not None:
                self.sold[body.auction] = body.standing.leader
        self.auctions[body.auction] = (body.seq, values)
        self._add_bids(event)

    def _add_bids(self, event: Event) -> None:
        body, hidden = event.body, event.hidden
        if type(body) is Placed:
            assert hidden is not None, "a bid has a hidden part"
            self.bidders[body.auction, body.alias] = hidden.by
            row = _bid_row(event, hidden, "accepted", body.kind)
            self.bids.append({**row, "alias": body.alias, "outcome": body.outcome})
        elif type(body) is Refused:
            assert hidden is not None, "a refusal has a hidden part"
            if hidden.amount is not None and hidden.code != "key_reused":  # which has the id of the first answer
                kind = hidden.what.partition(":")[0]
                details = to_builtins(hidden.details) if hidden.details else {}
                row = _bid_row(event, hidden, "refused", kind)
                self.bids.append({**row, "code": hidden.code, "details": details})
        elif type(body) is Retracted:
            assert hidden is not None and hidden.bidder is not None, "a retraction names the bidder"
            self.voids.append((body.auction, hidden.bidder, body.seq))
            self.moots[body.auction] = body.moot

    def projected(self, winners: dict[str, str]) -> Projected:
        """The whole, with the winners' ids of the auctions that were sold."""
        for auction, winner in winners.items():
            self.auctions[auction][1]["winner"] = winner
        return Projected(self.auctions, self.bids, self.voids, list(self.moots.items()), self.offsets)


class Projector:
    """Follows `auction-events` and keeps the catalogue's auctions and bids as they were decided."""

    def __init__(self, log: Log, catalogue: Catalogue) -> None:
        self._log, self._catalogue = log, catalogue
        self._known: dict[str, int] = {}

    async def run(self) -> None:
        """Project without end. A catalogue that fails is tried again; raises LogBroken where the log cannot go on."""
        projected = await _insist(self._catalogue.projected_offsets)
        offsets = {partition: projected.get(partition, 0) for partition in range(PARTITIONS)}
        async with aclosing(_batches(self._log.read("auction-events", offsets))) as batches:
            async for records in batches:
                await _insist(self._learn, records)
                fold = Fold(self._known)
                for number, record in enumerate(records, 1):
                    fold.add(record)
                    if number % SLICE_EVENTS == 0:
                        await asyncio.sleep(0)
                await _insist(self._project, fold)

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
        winners = {
            auction: fold.bidders.get((auction, alias)) or await self._bidder(auction, alias)
            for auction, alias in fold.sold.items()
        }
        await self._catalogue.project(fold.projected(winners))

    async def _bidder(self, auction: str, alias: str) -> str:
        """Who an alias is, by a bid that an earlier batch projected."""
        same = (Condition(("auction",), "$eq", auction), Condition(("alias",), "$eq", alias))
        rows, _ = await self._catalogue.find("bids", Query(Group("$and", same), limit=1, fields=("bidder",)))
        assert rows, "who leads has bid before"
        bidder: str = rows[0]["bidder"]
        return bidder


async def check_log(log: Log, catalogue: Catalogue) -> None:
    """Raises LogBroken where the catalogue saw decisions that the log no longer has."""
    ends = log.ends("auction-events")
    for partition, offset in (await catalogue.projected_offsets()).items():
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
            return await attempt(*arguments)
        except CatalogueBroken as error:
            logger.warning("catalogue_unavailable", error=str(error), retry_in_s=wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, RETRY_MOST_S)


async def _batches(reader: AsyncIterator[list[Record]]) -> AsyncGenerator[list[Record], None]:
    """What has arrived and what comes within BATCH_WAIT_S, at most BATCH_EVENTS at once."""
    clock = asyncio.get_running_loop().time
    coming = asyncio.ensure_future(anext(reader))
    try:
        while True:
            batch = list(await coming)
            coming = asyncio.ensure_future(anext(reader))
            until = clock() + BATCH_WAIT_S
            while len(batch) < BATCH_EVENTS:
                arrived, _ = await asyncio.wait({coming}, timeout=max(0.0, until - clock()))
                if not arrived:
                    break
                batch += coming.result()
                coming = asyncio.ensure_future(anext(reader))
            for start in range(0, len(batch), BATCH_EVENTS):
                yield batch[start : start + BATCH_EVENTS]
    finally:
        coming.cancel()


def _auction_values(event: Event) -> Row:
    """What an event that is no refusal makes of its auction's row."""
    body, hidden, standing = event.body, event.hidden, event.body.standing
    values: Row = {}
    if isinstance(body, Listed | Amended):
        assert hidden is not None, "terms have a hidden part"
        terms = to_builtins(body.terms)
        values = {field.name: terms[field.name] for field in TERMS} | {"reserve_price": hidden.reserve_price}
    return values | {
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
        "offer": hidden.amount if hidden is not None and type(body) is Countered else None,
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
        "standing": to_builtins(body.standing),
        "seq": body.seq,
        "placed_at": body.at,
    }


def _fault(record: Record, what: str) -> str:
    return (
        f"The log is not whole at offset {record.offset} of partition {record.partition} of auction-events: {what}. "
        "Restore the log from its latest backup or copy."
    )
