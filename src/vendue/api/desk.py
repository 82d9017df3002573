"""The desk: puts commands in the log and waits for their receipts."""

import asyncio
import secrets
from asyncio import Future
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from msgspec.json import Decoder
from msgspec.structs import replace

from vendue.board.port import Board, BoardUnavailable, Reply, Update
from vendue.log.port import Log, LogUnavailable
from vendue.rules.commands import Asked, encode
from vendue.rules.receipts import Receipt

ANSWER_WITHIN_S = 2.0
SWEEP_EVERY_S = 0.1
MAX_ASKED = 50_000
SALT_BYTES = 16
SALTS_AT_ONCE = 64  # one call into the kernel for many

Told = Callable[[Receipt | Exception | None], None]
"""Hears once what became of a command: its receipt, None where it is not decided yet, or what `ask` would raise."""

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
        self._waiting: dict[str, Told] = {}
        self._timeouts: deque[tuple[float, str, str]] = deque()
        self._unnoted: dict[str, None] = {}
        self._asked: OrderedDict[str, None] = OrderedDict()
        self._closed = False

    async def open(self) -> None:
        """Hear receipts from now on."""
        await self._board.listen(self.instance, self)

    async def run(self) -> None:
        """Until cancelled: lets those go who waited long enough."""
        while True:
            await asyncio.sleep(SWEEP_EVERY_S)
            now = asyncio.get_running_loop().time()
            while self._timeouts and self._timeouts[0][0] <= now:
                _, number, id = self._timeouts.popleft()
                if number in self._waiting:
                    if len(self._unnoted) < MAX_ASKED:
                        self._unnoted[id] = None
                    self._tell(number, None)
            await self._note()

    async def _note(self) -> None:
        """Whoever was told to come back may come to another process."""
        if self._unnoted:
            with suppress(BoardUnavailable):  # then again
                noting = list(self._unnoted)
                await self._board.note_pending(noting)
                for id in noting:
                    del self._unnoted[id]

    def close(self) -> None:
        """Nothing is decided any more: let everyone go, and nobody wait from now on."""
        self._closed = True
        for number in list(self._waiting):
            self._tell(number, None)

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
        self._log.put(command.auction, encode(addressed), partial(self._failed, number, command.id))
        self._lines.debug("command.asked", command=command.id, auction=command.auction, reply=addressed.reply)
        self._asked[command.id] = None
        if len(self._asked) > MAX_ASKED:
            self._asked.popitem(last=False)
        self._waiting[number] = told
        self._timeouts.append((asyncio.get_running_loop().time() + ANSWER_WITHIN_S, number, command.id))
        if self._closed:
            self._tell(number, None)

    def _failed(self, number: str, id: str, error: Exception) -> None:
        if isinstance(error, LogUnavailable):
            self._asked.pop(id, None)
        self._tell(number, error)

    def _tell(self, number: str, answer: Receipt | Exception | None) -> None:
        told = self._waiting.pop(number, None)
        if told is None:
            return
        try:
            told(answer)
        except Exception:
            # Whoever tells is the log or the engine, and they go on.
            _logger.exception("desk.not_told")

    def on_reply(self, reply: Reply) -> None:
        """A receipt from the board."""
        receipt = _receipts.decode(reply.receipt)
        if receipt.seq is None:  # of an auction that does not exist: nothing will ever be projected
            self._asked.pop(receipt.id, None)
        self._tell(reply.id, receipt)

    def on_update(self, update: Update) -> None:
        """Standings are the live feed's; none is watched here."""

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """Nor any bidder."""
