"""What the board keeps in Redis, and the connections that write and read it.

Under `vendue:DB:`, or `vendue:OF.DB:` for the system whose log has the prefix OF (msgpack where nothing else is said):
  auction:ID   hash: `seq`, `update` (an Update without positions), and `of:BIDDER` (a Told) of each bidder there
  live         set of the ids of open auctions
  changed:ID   sorted set of the auctions in which a bidder's position changed in the last KEEP_S, by epoch second
  pending:ID   there for as long as the command by this id counts as not decided yet
  watchers     set of the instances that noted who watches
  watchers:ID  what the instance noted: auction -> connections; there as long as it says
  epochs       hash: part -> epoch
  run          the run_id of the server that holds all this
Channels: `auction:ID` and `live` carry an Update, `bidder:ID` a Told, `to:INSTANCE` a Reply, or b"" as a sign of life.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha1
from ssl import SSLCertVerificationError
from typing import Any, NamedTuple

import structlog
from msgspec.msgpack import Decoder, encode
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    NoScriptError,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeout

from vendue.board.port import BoardUnavailable, Reply, Update

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 2.0, 1.0
"""To connect takes four ways there and back, to ask takes one: a Redis that is far away is not one that is gone."""
KEEP_S = 24 * 3600
CONNECTIONS = 16
MOST_ARGUMENTS = 2_000
"""Of one call of the script: Redis does nothing else meanwhile."""
MOST_COMMANDS = 500
"""In one pipeline."""

# A server that was restarted may have loaded an old file, and a replica that took over may lack the last writes: both
# would show what is no longer true. So what another run of a server wrote is dropped before anyone reads it.
_BEGIN = """
local was = redis.call('GET', ARGV[1] .. 'run')
if was and was ~= ARGV[2] then
  for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('UNLINK', key) end
end
redis.call('SET', ARGV[1] .. 'run', ARGV[2])
"""

_PUBLISH = """
local prefix, keep, count, at = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), 4
local now = tonumber(redis.call('TIME')[1])
for _ = 1, count do
  local auction, seq, live, update = ARGV[at], ARGV[at + 1], ARGV[at + 2] == '1', ARGV[at + 3]
  local first = at + 5
  at = first + 2 * tonumber(ARGV[at + 4])
  local key = prefix .. 'auction:' .. auction
  local stored = redis.call('HGET', key, 'seq')
  local newer = not stored or tonumber(seq) > tonumber(stored)
  if newer then
    redis.call('HSET', key, 'seq', seq, 'update', update)
    local was_live
    if live then
      redis.call('PERSIST', key)
      redis.call('SADD', prefix .. 'live', auction)
    else
      redis.call('EXPIRE', key, keep)
      was_live = redis.call('SREM', prefix .. 'live', auction) == 1
    end
    redis.call('PUBLISH', prefix .. 'auction:' .. auction, update)
    if live or was_live or not stored then redis.call('PUBLISH', prefix .. 'live', update) end
  end
  if newer or tonumber(seq) == tonumber(stored) then
    for of = first, at - 1, 2 do
      local bidder, told = ARGV[of], ARGV[of + 1]
      local changed = prefix .. 'changed:' .. bidder
      redis.call('HSET', key, 'of:' .. bidder, told)
      if redis.call('ZADD', changed, now, auction) == 1 then
        redis.call('ZREMRANGEBYSCORE', changed, '-inf', now - keep)
      end
      redis.call('EXPIRE', changed, keep)
      redis.call('PUBLISH', prefix .. 'bidder:' .. bidder, told)
    end
  end
end
for to = at, #ARGV, 2 do redis.call('PUBLISH', prefix .. 'to:' .. ARGV[to], ARGV[to + 1]) end
"""
_PUBLISH_SHA = sha1(_PUBLISH.encode(), usedforsecurity=False).hexdigest()

_logger = structlog.get_logger()


class BadBoard(Exception):
    """What stands at the address cannot be used as a board, and waiting does not mend it; says what to do."""


class Told(NamedTuple):
    """A bidder's position after the auction's event `seq`."""

    auction: str
    bidder: str
    seq: int
    position: bytes


updates_from = Decoder(Update).decode
told_from = Decoder(Told).decode
counts_from = Decoder(dict[str, int]).decode


class Store:
    """Redis as it answers now. After a failure it is not asked before `beat` found it well: nobody waits twice."""

    def __init__(self, url: str, of: str = "") -> None:
        """Connects to nothing yet. `of`: the system, "" or a word without `*?[`. Raises BadBoard for no address."""
        try:
            database = int(parse_url(url).get("db", 0))
            pool = BlockingConnectionPool.from_url(
                url,
                max_connections=CONNECTIONS,
                timeout=ANSWER_WITHIN_S,
                # Whoever asks has a timeout around it all. redis-py's own would use wait_for, and until Python 3.12
                # that may swallow the cancellation of whoever waits.
                socket_timeout=None,
                socket_connect_timeout=None,
                retry=Retry(NoBackoff(), 0),
                protocol=2,
                redis_connect_func=self._greet,
            )
        except (ValueError, TypeError):  # its text may quote a part of the password
            raise BadBoard(
                "it is no address of a Redis; write redis://user:password@host:6379/0, with %40 for @"
            ) from None
        # With the number, since a channel is heard in every database; a dot, so that no prefix begins another.
        self.prefix = f"vendue:{of}.{database}:" if of else f"vendue:{database}:"
        self._client: Redis = Redis.from_pool(pool)
        self._pool = pool
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._away: str | None = None

    def connection(self) -> AbstractConnection:
        """A new one, not connected, for whoever listens."""
        return self._pool.connection_class(**self._pool.connection_kwargs)

    async def check(self) -> None:
        """Raises BadBoard where waiting would not help, BoardUnavailable where it may."""
        try:
            await self.beat(())
        except BoardUnavailable:
            if self._away in _ADVICE:
                raise BadBoard(_ADVICE[self._away]) from None
            raise

    async def beat(self, instances: Iterable[str]) -> None:
        """See that Redis takes writes, and give listeners a sign of life."""
        if self._away is not None:
            await self._hang_up()
        signs = [("PUBLISH", f"{self.prefix}to:{instance}", b"") for instance in instances]
        await self._ask([("SET", f"{self.prefix}beat", 1, "EX", 60), *signs])
        if self._away is not None:
            _logger.info("board.back")
            self._away = None

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """As the port says."""
        for arguments in _calls(updates, replies):
            whole = (self.prefix, KEEP_S, *arguments)
            try:
                await self._answers([("EVALSHA", _PUBLISH_SHA, 0, *whole)])
            except NoScriptError:
                await self._answers([("EVAL", _PUBLISH, 0, *whole)])

    async def read(self, auctions: Iterable[str]) -> list[Update]:
        """The stored standings of those that are known."""
        keys = [f"{self.prefix}auction:{auction}" for auction in auctions]
        found = await self._answers([("HGET", key, "update") for key in keys])
        return [updates_from(each) for each in found if each is not None]

    async def live(self) -> list[Update]:
        """The stored standings of open auctions."""
        (ids,) = await self._answers([("SMEMBERS", f"{self.prefix}live")])
        return [update for update in await self.read(id.decode() for id in ids) if update.live]

    async def position(self, auction: str, bidder: str) -> bytes | None:
        """A bidder's stored position."""
        (found,) = await self._answers([("HGET", f"{self.prefix}auction:{auction}", f"of:{bidder}")])
        return None if found is None else told_from(found).position

    async def changed(self, bidders: Sequence[str]) -> list[Told]:
        """The stored positions of these bidders that changed in the last KEEP_S."""
        auctions = await self._answers([("ZRANGE", f"{self.prefix}changed:{each}", 0, -1) for each in bidders])
        asked = [
            ("HGET", f"{self.prefix}auction:{auction.decode()}", f"of:{bidder}")
            for bidder, his in zip(bidders, auctions, strict=True)
            for auction in his
        ]
        return [told_from(each) for each in await self._answers(asked) if each is not None]

    async def note_pending(self, ids: Sequence[str], for_s: int) -> None:
        """As the port says."""
        keys = [f"{self.prefix}pending:{id}" for id in ids]
        await self._answers([("SET", key, 1, "EX", for_s) if for_s else ("DEL", key) for key in keys])

    async def is_pending(self, id: str) -> bool:
        """As the port says."""
        (found,) = await self._answers([("EXISTS", f"{self.prefix}pending:{id}")])
        return bool(found)

    async def note_watchers(self, instance: str, counts: Mapping[str, int], for_s: int) -> None:
        """As the port says."""
        noted = ("SET", f"{self.prefix}watchers:{instance}", encode(counts), "EX", for_s)
        await self._answers([noted, ("SADD", f"{self.prefix}watchers", instance)])

    async def watchers(self) -> dict[str, int]:
        """As the port says."""
        (instances,) = await self._answers([("SMEMBERS", f"{self.prefix}watchers")])
        found = await self._answers([("GET", f"{self.prefix}watchers:{each.decode()}") for each in instances])
        gone = [each for each, noted in zip(instances, found, strict=True) if noted is None]
        if gone:
            await self._answers([("SREM", f"{self.prefix}watchers", *gone)])
        return dict(sum((Counter(counts_from(each)) for each in found if each is not None), Counter[str]()))

    async def epoch(self, part: str) -> str | None:
        """As the port says."""
        (found,) = await self._answers([("HGET", f"{self.prefix}epochs", part)])
        return None if found is None else found.decode()

    async def set_epoch(self, part: str, epoch: str) -> None:
        """As the port says."""
        await self._answers([("HSET", f"{self.prefix}epochs", part, epoch)])

    async def ping(self) -> None:
        """As the port says."""
        await self._answers([("PING",)])

    async def close(self) -> None:
        """Let go of it."""
        await self._hang_up()
        await self._client.aclose()

    async def _hang_up(self) -> None:
        # A server that does not answer may not say goodbye either.
        with suppress(RedisError, OSError):
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._pool.disconnect()

    async def _answers(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The answers to these, in pipelines. Raises BoardUnavailable, and NoScriptError where that is one."""
        found: list[Any] = []
        for at in range(0, len(commands), MOST_COMMANDS):
            async with self._turns:
                if self._away is not None:
                    raise BoardUnavailable(self._away)
                found += await self._ask(commands[at : at + MOST_COMMANDS])
        return found

    async def _ask(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S) as left:
                pipeline.connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py's
                left.reschedule(asyncio.get_running_loop().time() + ANSWER_WITHIN_S)
                answers: list[Any] = await pipeline.execute(raise_on_error=False)
                for answer in answers:
                    if isinstance(answer, Exception):
                        raise answer
                return answers
        except NoScriptError:
            raise
        except (RedisError, OSError, TimeoutError) as error:
            why = _why(error)
            if self._away is None:
                _logger.warning("board.away", reason=why)
            self._away = why
            raise BoardUnavailable(why) from None

    async def _greet(self, connection: AbstractConnection) -> None:
        """Before anything else is asked on a connection."""
        await connection.on_connect()
        await connection.send_command("INFO", "server")
        server = dict(
            line.split(":", 1) for line in (await connection.read_response()).decode().splitlines() if ":" in line
        )
        if server.get("redis_mode") == "cluster":
            raise ResponseError("CLUSTER mode")
        await connection.send_command("EVAL", _BEGIN, 0, self.prefix, server["run_id"])
        await connection.read_response()


_ADVICE = {
    "WRONGPASS": "the Redis refuses user or password; correct them in the address",
    "NOAUTH": "the Redis asks for a password; write it in the address, redis://user:password@host:6379/0",
    "NOPERM": "the Redis does not let this user do what a board needs; give it the rights of the operators' page",
    "certificate": "the Redis has a certificate that is not trusted here; name its authority, ?ssl_ca_certs=FILE",
    "CLUSTER": "a Redis Cluster cannot be the board; name a single Redis, replicated or not",
}


def _why(error: Exception) -> str:
    """A word that holds no secret: what a server says of a command may quote it."""
    if isinstance(error, AuthenticationError):  # redis-py takes the server's code off
        return "NOAUTH" if "required" in str(error) else "WRONGPASS"
    if isinstance(error, NoPermissionError):
        return "NOPERM"
    if isinstance(error, ResponseError):
        return str(error).partition(" ")[0]
    if isinstance(error.__context__, SSLCertVerificationError):
        return "certificate"
    return "no answer" if isinstance(error, TimeoutError | RedisTimeout) else "no connection"


def _calls(updates: Sequence[Update], replies: Sequence[Reply]) -> Iterator[list[Any]]:
    """The script's arguments for all of it, a call after the other, standings before replies."""
    arguments: list[Any] = [0]
    for update in updates:
        auction, seq, live, _, positions, traceparent = update
        public = update._replace(positions={})
        arguments[0] += 1
        # A process of a version that knows of no traces reads what has none.
        arguments += (auction, seq, int(live), encode(public if traceparent else public[:-1]), len(positions))
        for bidder, position in positions.items():
            arguments += (bidder, encode(Told(auction, bidder, seq, position)))
        if len(arguments) > MOST_ARGUMENTS:
            yield arguments
            arguments = [0]
    for reply in replies:
        arguments += (reply.instance, encode(reply))
        if len(arguments) > MOST_ARGUMENTS:
            yield arguments
            arguments = [0]
    if len(arguments) > 1:
        yield arguments
