"""The rostrum: a share's commands from the log are decided by the rules, written as events, then told to the board."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import structlog
from msgspec import DecodeError
from msgspec.json import Encoder

from vendue import traces
from vendue.board.port import Board, BoardUnavailable, Reply, Update
from vendue.engine import metrics
from vendue.engine.delivery import Deliveries, Delivery
from vendue.engine.shelf import Kept, Shelf
from vendue.engine.ticker import Ticker
from vendue.log.partition import partition_of
from vendue.log.port import Log, LogBroken, LogFenced, LogRewound, LogUnavailable, Record, Share
from vendue.rules.auction import Auction
from vendue.rules.commands import Tick, decode, encode
from vendue.rules.decide import step
from vendue.rules.events import Event, Refused
from vendue.rules.receipts import concerned, position, receipt

CHECKPOINT_EVERY_S = 1.0
EPOCH_EVERY_S = 1.0
AT_ONCE = 1_000
"""Commands decided and written in one go."""
RETRY_S = 1.0
REWOUND_S = 0.2
SAVE_WITHIN_S = 4.0
"""At the end; what is not saved then is decided again, and the same."""

_json = Encoder()
_logger = structlog.get_logger()


class Rostrum:
    """Decides every command of one share of the log's partitions. One of it runs on a share."""

    def __init__(self, log: Log, board: Board, share: Share) -> None:
        self._log, self._board, self._share = log, board, share
        self._shelf = Shelf(log, share)
        self._ticker = Ticker(log.now_ms)
        self._deliveries = Deliveries()
        self._part, self._epoch = str(share[0]), secrets.token_hex(8)
        self._lines = _logger.bind()  # so that a line which is not wanted costs next to nothing
        self._missed: set[str] = set()
        self.ready = False
        self.fault: LogRewound | LogUnavailable | None = None
        """Why it is not ready, where it was or tried to be."""

    @property
    def next_offsets(self) -> Mapping[int, int]:
        """Partition -> the command that it decides next; empty before it has the share."""
        return self._shelf.next_offsets

    async def run(self) -> None:
        """Until cancelled. Raises LogBroken where the log cannot go on, LogFenced where another has the share."""
        while True:
            try:
                await self._open()
                await self._work()
            except (LogRewound, LogUnavailable) as error:
                self.ready, self.fault = False, error
                _logger.warning("engine.rewound", share=self._share, reason=str(error))
                await asyncio.sleep(REWOUND_S)

    async def _work(self) -> None:
        """All parts at once, until one of them cannot go on; raises why."""
        parts = (self._consume, self._deliver, self._tick, self._checkpoint, self._keep_epoch)
        # No TaskGroup: in Python 3.11 it forgets that it was cancelled where a part fails at the same time.
        tasks = [asyncio.create_task(part()) for part in parts]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        errors = [end for end in ends if isinstance(end, Exception)]
        raise min(errors, key=lambda error: isinstance(error, LogRewound | LogUnavailable))

    async def save(self) -> None:
        """After run was cancelled: save what changed, so that whoever is next has nothing to decide again."""
        try:
            async with asyncio.timeout(SAVE_WITHIN_S):
                await self._shelf.save()
        except (LogBroken, LogFenced, LogRewound, LogUnavailable, TimeoutError) as error:
            _logger.warning("engine.not_saved", reason=str(error))

    async def _open(self) -> None:
        self._shelf = Shelf(self._log, self._share)
        self._ticker = Ticker(self._log.now_ms)
        self._deliveries = Deliveries()
        deadlines = await self._shelf.open()
        for waiting in deadlines:
            self._ticker.set(waiting.auction, waiting.at)
        with suppress(BoardUnavailable):  # its epoch is missing then, and is looked for
            await self._write_board()
        self.ready, self.fault = True, None
        active, offsets = len(self._shelf.active()), self._shelf.next_offsets
        _logger.info("engine.opened", share=self._share, active=active, waiting=len(deadlines), offsets=offsets)

    async def _consume(self) -> None:
        async for records in self._log.read("bids", self._shelf.next_offsets, committed=False):
            for start in range(0, len(records), AT_ONCE):
                await self._deliveries.room()
                await self._take(records[start : start + AT_ONCE])

    async def _take(self, records: Sequence[Record]) -> None:
        await self._shelf.fetch(dict.fromkeys(record.key for record in records if _is_in_place(record)))
        delivery = Delivery()
        delivery.commands = len(records)
        for record in records:
            self._decide(record, delivery)
        delivery.updates = [
            self._update(auction, bidders, delivery.led.get(auction, ""))
            for auction, bidders in delivery.concerned.items()
        ]
        # With no events this still waits until the commands are durable, as an answer must.
        delivery.durable = self._log.append("auction-events", delivery.events)
        self._deliveries.add(delivery)

    def _decide(self, record: Record, delivery: Delivery) -> None:
        self._shelf.next_offsets[record.partition] = record.offset + 1
        if not _is_in_place(record):
            _logger.error("engine.misplaced", partition=record.partition, offset=record.offset, key=record.key[:100])
            return
        kept = self._shelf.get(record.key)
        if kept is not None and record.offset <= kept.offset:
            return
        try:
            command = decode(record.value)
        except DecodeError as error:
            _logger.error("engine.not_a_command", partition=record.partition, offset=record.offset, error=str(error))
            return
        before = kept.auction if kept else None
        leader_before = before.ladder.leader if before else None
        start_ns, deadline_at = 0, None
        if traces.tracer is not None:  # what changes the auction changes `before` with it
            start_ns, deadline_at = time.time_ns(), before.deadline() if before else None
        auction, events = step(before, command, record.at)
        if auction is not None:
            self._keep(auction, kept, record)
            for event in events:
                self._note(event, leader_before, auction, delivery)
        if isinstance(command, Tick):
            if traces.tracer is not None and deadline_at is not None and events:
                id, now = traces.tick_id(record.key, deadline_at), events[-1].body.standing
                _trace_decided(id, "", record.key, start_ns, events, delivery, seq=now.seq, result=now.status)
            return
        answer = receipt(command, auction, events, record.at)
        metrics.decided(command, answer)
        result = answer.outcome or answer.code
        place = record.partition, record.offset
        self._lines.debug("command.decided", command=command.id, seq=answer.seq, result=result, place=place)
        if command.reply:
            instance, _, number = command.reply.partition(":")
            delivery.replies.append(Reply(instance, number, _json.encode(answer)))
            if traces.tracer is not None:
                id, reply = command.id, command.reply
                _trace_decided(id, reply, record.key, start_ns, events, delivery, seq=answer.seq, result=result)

    def _keep(self, auction: Auction, kept: Kept | None, record: Record) -> None:
        if kept is None:
            kept = Kept(auction, record.partition, record.offset)
        kept.auction, kept.offset = auction, record.offset
        if auction.retired:
            kept.saved_entries = 0
        self._shelf.put(kept)
        self._ticker.set(auction.id, auction.deadline())

    def _note(self, event: Event, leader_before: str | None, auction: Auction, delivery: Delivery) -> None:
        delivery.events.append((auction.id, event.value))
        metrics.happened(event, self._log)
        if type(event.body) is Refused:
            return  # changes no standing that anyone watches
        delivery.concerned.setdefault(auction.id, {}).update(dict.fromkeys(concerned(event, leader_before, auction)))

    def _update(self, auction_id: str, bidders: Iterable[str] | None = None, traceparent: str = "") -> Update:
        """With the positions of these bidders, or of all."""
        kept = self._shelf.get(auction_id)
        assert kept is not None, "what changed is in memory"
        auction = kept.auction
        positions = {
            bidder: _json.encode(position(auction, bidder))
            for bidder in (auction.aliases if bidders is None else bidders)
        }
        live, standing = auction.status == "live", _json.encode(auction.standing)
        return Update(auction.id, auction.seq, live, standing, positions, traceparent)

    async def _deliver(self) -> None:
        while True:
            told = await self._deliveries.durable()
            updates = [update for delivery in told for update in delivery.updates]
            await self._tell(updates, [reply for delivery in told for reply in delivery.replies])
            for delivery in told:
                if delivery.traced:
                    _trace_told(delivery)

    async def _tell(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """Tell the board. Where it is away decisions go on, and it is written anew when it is back."""
        try:
            await self._board.publish(updates, replies)
        except BoardUnavailable as error:
            _logger.warning("engine.board_away", share=self._share, reason=str(error))
            self._missed.update(update.auction for update in updates)
            self._epoch = secrets.token_hex(8)  # so that what the board says is not it

    async def _tick(self) -> None:
        while True:
            auctions = await self._ticker.due()
            traced = self._due_ns(auctions) if traces.tracer is not None else []
            try:
                await self._log.append("bids", [(auction, encode(Tick(auction))) for auction in auctions])
                for auction, deadline_at, due_ns in traced:
                    if traces.tracer is not None:
                        traces.tracer.ticked(auction, deadline_at, due_ns)
            except LogUnavailable as error:
                _logger.warning("engine.tick_failed", reason=str(error))
                await asyncio.sleep(RETRY_S)
                self._ticker.give_back(auctions)

    def _due_ns(self, auctions: Sequence[str]) -> list[tuple[str, int, int]]:
        """Of each its deadline by the log's clock, and the same by this process's, in ns."""
        ahead_ns = time.time_ns() - self._log.now_ms() * 1_000_000
        deadlines = ((auction, self._ticker.deadline_of(auction)) for auction in auctions)
        return [(auction, at, at * 1_000_000 + ahead_ns) for auction, at in deadlines]

    async def _checkpoint(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_EVERY_S)
            try:
                await self._shelf.save()
            except LogUnavailable as error:
                _logger.warning("engine.checkpoint_failed", reason=str(error))

    async def _keep_epoch(self) -> None:
        while True:
            await asyncio.sleep(EPOCH_EVERY_S)
            with suppress(LogUnavailable, BoardUnavailable):
                if await self._board.epoch(self._part) != self._epoch:
                    _logger.warning("engine.board_lost", share=self._share)
                    await self._write_board()

    async def _write_board(self) -> None:
        """Write all standings anew: the board was lost, or away, or another told it last."""
        told = {update.auction for update in await self._board.live() if partition_of(update.auction) in self._share}
        changed = self._missed | told
        await self._shelf.fetch(changed)
        kept = {*(kept.auction.id for kept in self._shelf.active()), *filter(self._shelf.get, changed)}
        updates = [self._update(auction) for auction in sorted(kept)]
        await self._log.append("auction-events", [])  # nothing is shown before it is durable
        # The epoch comes first: a board that is lost between the two is then seen to be lost.
        await self._board.set_epoch(self._part, self._epoch)
        self._missed -= changed
        await self._tell(updates, [])


def _trace_decided(
    id: str,
    reply: str,
    auction: str,
    start_ns: int,
    events: Sequence[Event],
    delivery: Delivery,
    *,
    seq: int | None,
    result: str | None,
) -> None:
    """The command by this id was, where that is traced; so will be what it changed for those who watch."""
    if traces.tracer is None or not traces.tracer.wants(id):
        return
    own, parent = (traces.traceparent(id, reply, step) for step in ("decide", "append"))
    traces.tracer.span("decide", own, parent, start_ns, auction=auction, seq=seq, result=result)
    delivery.traced.append((id, reply, auction, time.time_ns()))
    if any(type(event.body) is not Refused for event in events):
        delivery.led[auction] = traces.traceparent(id, reply, "publish")


def _trace_told(delivery: Delivery) -> None:
    """From the decision until the board was told: most of it is the wait for the disk."""
    if traces.tracer is not None:
        for id, reply, auction, decided_ns in delivery.traced:
            own, parent = (traces.traceparent(id, reply, step) for step in ("publish", "decide"))
            traces.tracer.span("publish", own, parent, decided_ns, auction=auction)


def _is_in_place(record: Record) -> bool:
    """Whether it lies where its auction is decided; others' programs may write elsewhere."""
    return partition_of(record.key) == record.partition
