"""The desk: puts commands in the log and waits for their receipts."""

import asyncio
import secrets
import time
from asyncio import Future, Task
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import structlog
from msgspec.json import Decoder
from msgspec.structs import replace
from prometheus_client import Counter

from vendue import traces
from vendue.board.port import Board, BoardUnavailable, Reply, Update
from vendue.log.port import Log, LogBroken, LogUnavailable
from vendue.metrics import Histogram
from vendue.rules.commands import Asked, encode
from vendue.rules.receipts import Receipt

ANSWER_WITHIN_S = 2.0
SWEEP_EVERY_S = 0.1
PENDING_S = 3600
"""How long every process knows of a command that nobody told the decision of."""
DECIDED_S = 600
"""And how long once it is decided: until it is projected, another process would know nothing of it."""
MAX_ASKED = 50_000
SALT_BYTES = 16
SALTS_AT_ONCE = 64  # one call into the kernel for many

Told = Callable[[Receipt | Exception | None], None]
"""Hears once what became of a command: its receipt, None where it is not decided yet, or what `ask` would raise."""

_decision = Histogram(
    "vendue_decision_seconds",
    "Seconds from putting a command in the log until its decision is here, of those that were told in time",
    (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
)
_undecided = Counter("vendue_undecided_total", "Commands answered as not decided yet: 202")
_receipts = Decoder(Receipt)
_logger = structlog.get_logger()


class Desk:
    """One an api process; its `instance` is where receipts find it."""

    def __init__(self, log: Log, board: Board) -> None:
        self._log, self._board = log, board
        self.instance = secrets.token_hex(8)
        self._lines = _logger.bind()  # so that a line which is not wanted costs next to nothing
        self._salts: list[str] = []
        self._count = 0
        self._waiting: dict[str, tuple[str, Told, float]] = {}
        """By the number in its reply's address a command's id, who waits, and since when in monotonic seconds."""
        self._timeouts: deque[tuple[float, str]] = deque()
        self._asked: OrderedDict[str, None] = OrderedDict()
        self._doubted: OrderedDict[str, None] = OrderedDict()
        """Those that were answered as not decided yet."""
        self._notes: dict[str, int] = {}
        """What the board shall know of them, and how long."""
        self._noting: Task[None] | None = None
        self._closed = False

    async def open(self) -> None:
        """Hear receipts from now on."""
        await self._board.listen(self.instance, self)

    async def run(self) -> None:
        """Until cancelled: lets those go who waited long enough."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            now = asyncio.get_running_loop().time()
            late = []
            while self._timeouts and self._timeouts[0][0] <= now:
                late.append(self._timeouts.popleft()[1])
            await self._let_go(late)

    async def close(self) -> None:
        """Nothing is decided any more: let everyone go, and nobody wait from now on."""
        self._closed = True
        await self._let_go(list(self._waiting))

    async def _let_go(self, numbers: Sequence[str]) -> None:
        """Tell those who still wait that there is no decision yet, once every process knows of it if it can."""
        for number in numbers:
            if number in self._waiting:
                self._doubt(self._waiting[number][0])
        await self._note()
        for number in numbers:
            _undecided.inc()
            self._tell(number, None)

    def _doubt(self, id: str) -> None:
        """Whoever asked for this is told to come back, and may come to another process."""
        self._doubted[id] = None
        if len(self._doubted) > MAX_ASKED:
            self._doubted.popitem(last=False)
        self._have_noted(id, PENDING_S)

    def _settle(self, id: str, for_s: int) -> None:
        """Its decision is there, or none will ever be: whoever was told to come back finds it, or nothing."""
        if id in self._doubted:
            del self._doubted[id]
            self._have_noted(id, for_s)

    def _have_noted(self, id: str, for_s: int) -> None:
        if len(self._notes) < MAX_ASKED or id in self._notes:
            self._notes[id] = for_s
        if self._closed and (self._noting is None or self._noting.done()):  # `run` is over
            self._noting = asyncio.create_task(self._note())

    async def _note(self) -> None:
        with suppress(BoardUnavailable):  # then again
            while self._notes:
                for_s = next(iter(self._notes.values()))
                noting = [id for id, each in self._notes.items() if each == for_s]
                await self._board.note_pending(noting, for_s)
                for id in noting:
                    if self._notes.get(id) == for_s:
                        del self._notes[id]

    def now_ms(self) -> int:
        """The log's time."""
        return self._log.now_ms()

    def new_salt(self) -> str:
        """A salt for a command: 128 random bits in hex."""
        if not self._salts:
            drawn = secrets.token_hex(SALT_BYTES * SALTS_AT_ONCE)
            self._salts = [drawn[at : at + 2 * SALT_BYTES] for at in range(0, len(drawn), 2 * SALT_BYTES)]
        return self._salts.pop()

    async def is_pending(self, id: str) -> bool:
        """Whether a command by this id was lately put in the log: if it is decided, it is not projected yet."""
        if id in self._asked:
            return True
        with suppress(BoardUnavailable):
            return await self._board.is_pending(id)
        return False

    async def ask(self, command: Asked) -> Receipt | None:
        """The decision, or None where it is not there in ANSWER_WITHIN_S.

        Raises LogUnavailable where the command is certainly not in the log.
        """
        waiter: Future[Receipt | None] = asyncio.get_running_loop().create_future()

        def told(answer: Receipt | Exception | None) -> None:
            if waiter.done():
                return
            if isinstance(answer, Exception):
                waiter.set_exception(answer)
            else:
                waiter.set_result(answer)

        self.put(command, told)
        return await waiter

    def put(self, command: Asked, told: Told) -> None:
        """As ask, without a task that waits. Where this raises, `told` is not called."""
        self._count += 1
        number = str(self._count)
        addressed = replace(command, reply=f"{self.instance}:{number}")
        failed = partial(self._failed, number, command.id)
        try:
            if traces.tracer is not None and traces.tracer.wants(command.id):
                self._append_traced(addressed, failed)
            else:
                self._log.put(command.auction, encode(addressed), failed)
        except LogBroken:
            self._asked[command.id] = None
            self._doubt(command.id)
            raise
        self._lines.debug("command.asked", command=command.id, auction=command.auction, reply=addressed.reply)
        self._asked[command.id] = None
        if len(self._asked) > MAX_ASKED:
            self._asked.popitem(last=False)
        self._waiting[number] = command.id, told, time.monotonic()
        self._timeouts.append((asyncio.get_running_loop().time() + ANSWER_WITHIN_S, number))
        if self._closed:
            self._doubt(command.id)
            self._tell(number, None)

    def _append_traced(self, command: Asked, failed: Callable[[Exception], None]) -> None:
        """As the log's put, and tells when the command is durable."""
        start_ns, reply = time.time_ns(), command.reply
        traces.Request.asks(command.id, reply, command.auction)

        def settled(done: Future[None]) -> None:
            if done.cancelled():
                return
            if traces.tracer is not None:
                own, parent = (traces.traceparent(command.id, reply, step) for step in ("append", "request"))
                traces.tracer.span("append", own, parent, start_ns, auction=command.auction)
            error = done.exception()
            if isinstance(error, Exception):
                failed(error)

        self._log.append("bids", [(command.auction, encode(command))]).add_done_callback(settled)

    def _failed(self, number: str, id: str, error: Exception) -> None:
        if isinstance(error, LogUnavailable):
            self._asked.pop(id, None)
            self._settle(id, 0)
        else:
            self._doubt(id)
        self._tell(number, error)

    def _tell(self, number: str, answer: Receipt | Exception | None) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return
        if isinstance(answer, Receipt):
            _decision.add(time.monotonic() - waiting[2])
        try:
            waiting[1](answer)
        except Exception:
            # Whoever tells is the log or the engine, and they go on.
            _logger.exception("desk.not_told")

    def on_reply(self, reply: Reply) -> None:
        """A receipt from the board."""
        receipt = _receipts.decode(reply.receipt)
        if receipt.seq is None:  # of an auction that does not exist: nothing will ever be projected
            self._asked.pop(receipt.id, None)
        self._settle(receipt.id, 0 if receipt.seq is None else DECIDED_S)
        self._tell(reply.id, receipt)

    def on_update(self, update: Update) -> None:
        """Standings are the live feed's; none is watched here."""

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """Nor any bidder."""
