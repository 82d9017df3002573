"""Standings a second through the Redis board, from publish to a listener, in one process; a Redis of its own beside it.

The limit is redis-py alone: SET and PUBLISH of the same bytes, pipelined, to a subscriber that only counts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import uvloop
from msgspec.json import encode
from redis.asyncio import Redis

from bench.command import main
from bench.figures import Effort, Figure, in_turns
from tests.servers.redis import Server
from vendue.board.port import Reply, Update
from vendue.board.redis import RedisBoard
from vendue.rules.receipts import Position
from vendue.rules.standing import Standing

AUCTIONS = 200
BATCH = 100
"""Updates at once, as an engine under load has them; each with the positions of two bidders."""
STANDING = encode(
    Standing(
        "a" * 24, 1_000, "live", 12_300, 10_000, 12_500, None, "EUR", 40, "Bidder 3", True, 1, 10**13, None, None, None
    )
)
POSITION = encode(Position("a" * 24, 1_000, "outbid", 12_000, 12_500))


class Counter:
    """A listener."""

    def __init__(self) -> None:
        self.count = 0

    def on_update(self, update: Update) -> None:  # noqa: ARG002  # see Listener
        """See Listener."""
        self.count += 1

    def on_position(self, *_: object) -> None:
        """See Listener."""

    def on_reply(self, reply: Reply) -> None:
        """See Listener."""


def updates(seq: int) -> Sequence[Update]:
    """A batch of `seq`."""
    positions = {"b" * 23 + str(number): POSITION for number in range(2)}
    return [
        Update(f"auction-{(seq * BATCH + number) % AUCTIONS}", seq, True, STANDING, positions)
        for number in range(BATCH)
    ]


async def through_board(url: str, seconds: float) -> float:
    """Standings a second that a listener was told."""
    board, counter = await RedisBoard.open(url), Counter()
    await board.listen("bench", counter)
    await board.watch("bench", [f"auction-{number}" for number in range(AUCTIONS)])

    async def publish(seq: int) -> None:
        await board.publish(updates(seq), [])

    try:
        return await _rate(publish, counter, seconds)
    finally:
        await board.close()


async def bare(url: str, seconds: float) -> float:
    """The same bytes by redis-py alone."""
    client, counter = Redis.from_url(url), Counter()
    subscriber = client.pubsub(ignore_subscribe_messages=True)
    await subscriber.subscribe("bench")

    async def count() -> None:
        async for _ in subscriber.listen():
            counter.count += 1

    async def publish(seq: int) -> None:
        pipeline = client.pipeline(transaction=False)
        for update in updates(seq):
            pipeline.set(update.auction, update.standing)
            pipeline.publish("bench", update.standing)
        await pipeline.execute()

    counting = asyncio.create_task(count())
    try:
        return await _rate(publish, counter, seconds)
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
        await subscriber.aclose()  # type: ignore[no-untyped-call]
        await client.aclose()


async def _rate(publish: Callable[[int], Awaitable[None]], counter: Counter, seconds: float) -> float:
    time = asyncio.get_running_loop().time
    start, sent = time(), 0
    while time() < start + seconds:
        sent += 1
        await publish(sent)
    while counter.count < sent * BATCH:  # noqa: ASYNC110  # a listener that only counts costs the least
        await asyncio.sleep(0.001)
    return counter.count / (time() - start)


def figures(effort: Effort) -> list[Figure]:
    """One figure."""
    with Server() as server:

        def subject() -> float:
            server.empty()
            return uvloop.run(through_board(server.url, effort.seconds))

        def limit() -> float:
            return uvloop.run(bare(server.url, effort.seconds))

        value, beside = in_turns(effort.rounds, subject, limit)
    note = f"batches of {BATCH}, two positions each; publisher and listener share a core"
    return [Figure("Redis board, publish to listener", value, "standings/s", beside, "bare SET + PUBLISH", note=note)]


if __name__ == "__main__":
    main(figures)
