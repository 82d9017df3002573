"""One listener's connection to Redis: kept, made again when it is lost, and then caught up from what is stored."""

import asyncio
import math
import random
from asyncio import Future, Task
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable

import structlog
from msgspec.msgpack import Decoder
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from vendue.board.port import ALL, Listener, Reply, Update
from vendue.board.redis_store import ANSWER_WITHIN_S, CONNECT_WITHIN_S, Store, Told, told_from, updates_from

CHANNELS_AT_ONCE = 500
FIRST_RETRY_S, LAST_RETRY_S = 0.05, 2.0
MOST_REMEMBERED = 200_000

_replies_from = Decoder(Reply).decode
_logger = structlog.get_logger()


class Ear:
    """Hears the channels of what is watched."""

    def __init__(self, store: Store, instance: str, listener: Listener) -> None:
        self._store, self._listener = store, listener
        self._prefix = store.prefix.encode()
        self._auctions: set[str] = set()
        self._bidders: set[str] = set()
        self._live: set[str] = set()
        """Told as open while ALL is watched: one that ends while nothing is heard is looked up."""
        self._newest = _Newest()
        self._wanted = {f"{store.prefix}to:{instance}"}
        self._pending: set[str] = set()
        """Channels that may be wanted and not subscribed to, or the other way round."""
        self._waiting: list[Future[None]] = []
        self._asked: list[Future[None]] = []
        """Those whose channels Redis was asked for and has not confirmed yet."""
        self._wake, self._pong = asyncio.Event(), asyncio.Event()
        self._connected = False
        self._tried = asyncio.Event()
        self._tasks: list[Task[None]] = []
        self._heard_s = 0.0
        self._running = asyncio.create_task(self._run())

    async def opened(self) -> None:
        """Wait until it hears, or could not the first time."""
        await self._tried.wait()

    async def watch(self, auctions: Iterable[str], bidders: Iterable[str]) -> None:
        """Hear these too; where there is no connection now, once there is."""
        channels = self._channels(auctions, bidders)
        self._auctions.update(auctions)
        self._bidders.update(bidders)
        self._wanted |= channels
        self._pending |= channels
        await self._settled()

    async def unwatch(self, auctions: Iterable[str], bidders: Iterable[str]) -> None:
        """Hear them no longer."""
        channels = self._channels(auctions, bidders)
        self._auctions.difference_update(auctions)
        self._bidders.difference_update(bidders)
        if ALL not in self._auctions:
            self._live.clear()
        self._wanted -= channels
        self._pending |= channels
        await self._settled()

    def drop_silent(self, since_s: float) -> None:
        """Make a new connection where nothing was heard since then, in the event loop's time."""
        if self._connected and self._heard_s < since_s:
            for task in self._tasks:
                task.cancel()

    async def close(self) -> None:
        """Hear no more."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    def _channels(self, auctions: Iterable[str], bidders: Iterable[str]) -> set[str]:
        prefix = self._store.prefix
        named = {f"{prefix}auction:{each}" if each != ALL else f"{prefix}live" for each in auctions}
        return named | {f"{prefix}bidder:{each}" for each in bidders}

    async def _run(self) -> None:
        retry_s = FIRST_RETRY_S
        while True:
            retry_s = FIRST_RETRY_S if await self._hear() else min(2 * retry_s, LAST_RETRY_S)
            self._tried.set()
            await asyncio.sleep(retry_s * random.uniform(0.5, 1.0))  # noqa: S311  # they shall not all come at once

    async def _hear(self) -> bool:
        """Until the connection is lost; whether it ever was a good one."""
        connection = self._store.connection()
        catching_up = None
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                await connection.connect()  # type: ignore[no-untyped-call]  # redis-py's
            self._connected, self._heard_s = True, asyncio.get_running_loop().time()
            self._pending = set(self._wanted)
            catching_up = asyncio.create_task(self._catch_up())
            reading, subscribing = self._read(connection), self._subscribe(connection)
            self._tasks = [asyncio.create_task(reading), asyncio.create_task(subscribing), catching_up]
            ended, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
            failed = [task.exception() for task in ended if not task.cancelled()]
            reasons = [type(error).__name__ for error in failed if error is not None]
            _logger.warning("board.connection_lost", reasons=reasons or ["silence"])
        except (RedisError, OSError, TimeoutError) as error:
            _logger.debug("board.not_heard", reason=type(error).__name__)
        finally:
            self._connected = False
            await _end(self._tasks)
            self._tasks = []
            _let_go(self._waiting + self._asked)
            self._waiting, self._asked = [], []
            await connection.disconnect(nowait=True)
        return catching_up is not None and not catching_up.cancelled() and catching_up.exception() is None

    async def _read(self, connection: AbstractConnection) -> None:
        time = asyncio.get_running_loop().time
        while True:
            kind, *rest = await connection.read_response(timeout=math.inf)
            self._heard_s = time()
            if kind == b"message":
                self._take(*rest)
            elif kind == b"pong":
                self._pong.set()

    async def _subscribe(self, connection: AbstractConnection) -> None:
        """The one that changes what the connection hears, so that changes of a channel come in their order."""
        subscribed: set[str] = set()
        while True:
            pending, self._pending = self._pending, set()
            self._asked, self._waiting = self._waiting, []
            more = {each for each in pending if each in self._wanted and each not in subscribed}
            less = {each for each in pending if each in subscribed and each not in self._wanted}
            subscribed -= less
            subscribed |= more
            for verb, channels in (("SUBSCRIBE", list(more)), ("UNSUBSCRIBE", list(less))):
                for at in range(0, len(channels), CHANNELS_AT_ONCE):
                    await connection.send_command(verb, *channels[at : at + CHANNELS_AT_ONCE])
                    await self._answered(connection)
            _let_go(self._asked)
            if not self._pending and not self._waiting:
                self._wake.clear()
                await self._wake.wait()

    async def _answered(self, connection: AbstractConnection) -> None:
        """Wait until all that was asked so far is done."""
        self._pong.clear()
        await connection.send_command("PING")
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self._pong.wait()

    async def _settled(self) -> None:
        """Wait until the connection hears what is wanted now, or is lost."""
        if self._connected:
            waiter: Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            self._wake.set()
            await waiter

    async def _catch_up(self) -> None:
        """Tell what is watched as it is stored."""
        await self._settled()
        stored = await self._store.read((self._auctions | self._live) - {ALL})
        if ALL in self._auctions:
            stored += await self._store.live()
        for update in stored:
            self._tell(update)
        for told in await self._store.changed(list(self._bidders)):
            self._tell_position(told)
        self._tried.set()

    def _take(self, channel: bytes, message: bytes) -> None:
        kind = channel.removeprefix(self._prefix).partition(b":")[0]
        if kind in (b"auction", b"live"):
            self._tell(updates_from(message))
        elif kind == b"bidder":
            self._tell_position(told_from(message))
        elif message:  # else a sign of life
            _safely(self._listener.on_reply, _replies_from(message))

    def _tell(self, update: Update) -> None:
        everything = ALL in self._auctions
        if everything:
            (self._live.add if update.live else self._live.discard)(update.auction)
        # What was stored a moment ago and what is heard now may overlap, and so may a channel and that of all.
        if (everything or update.auction in self._auctions) and self._newest.admits(update.auction, update.seq):
            _safely(self._listener.on_update, update)

    def _tell_position(self, told: Told) -> None:
        if told.bidder in self._bidders and self._newest.admits((told.auction, told.bidder), told.seq):
            _safely(self._listener.on_position, *told)


class _Newest:
    """The highest seq that was told of each key; of too many the ones told longest ago are forgotten."""

    def __init__(self) -> None:
        self._seqs: OrderedDict[Hashable, int] = OrderedDict()

    def admits(self, key: Hashable, seq: int) -> bool:
        """Whether this is newer; then it is told."""
        if self._seqs.get(key, -1) >= seq:
            return False
        self._seqs[key] = seq
        self._seqs.move_to_end(key)
        if len(self._seqs) > MOST_REMEMBERED:
            self._seqs.popitem(last=False)
        return True


def _safely(tell: Callable[..., None], *what: object) -> None:
    try:
        tell(*what)
    except Exception:
        # One message that cannot be taken shall not end hearing.
        _logger.exception("board.listener_failed")


def _let_go(waiting: Iterable[Future[None]]) -> None:
    for each in waiting:
        if not each.done():
            each.set_result(None)


async def _end(tasks: Iterable[Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
