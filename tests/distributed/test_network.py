"""A network that fails, under twenty bidders and fifty watchers: each machine of a sale has an address of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest

from tests.distributed.crowd import Crowd, crowd
from tests.distributed.market import Market
from tests.distributed.net import CUT, WELL, Network, Way, network
from tests.servers import kafka, postgresql, redis

ENGINES, APIS = ("engine0", "engine1", "engine2"), ("api0", "api1")
SERVERS = ("kafka", "redis", "database")
FLOWS_AGAIN_WITHIN_S = 15.0
SESSION_S = 6.0
"""Whom Kafka's group did not hear of for so long has lost its partitions."""


class Faults:
    """What the network does to a crowd's market."""

    def __init__(self, on: Crowd, net: Network) -> None:
        self._on, self._net = on, net

    async def endured(self, name: str, way: Way, ones: Sequence[str], others: Sequence[str], lasts_s: float) -> None:
        """Decisions of all lots flow again while it lasts, which is at least so long."""
        began_at = 0.0

        async def begin() -> None:
            nonlocal began_at
            began_at = time.monotonic()
            self._net.between(ones, others, way)

        async def end() -> None:
            await asyncio.sleep(began_at + lasts_s - time.monotonic())
            self._net.everywhere(WELL)

        await self._on.through(f"{name}, at least {lasts_s:.0f} s", begin, FLOWS_AGAIN_WITHIN_S, end)

    async def over(self, name: str, way: Way, ones: Sequence[str], others: Sequence[str], lasts_s: float) -> None:
        """Decisions of all lots flow again once it is over."""

        async def fault() -> None:
            self._net.between(ones, others, way)
            await asyncio.sleep(lasts_s)
            self._net.everywhere(WELL)

        await self._on.through(f"{name}, {lasts_s:.0f} s", fault, FLOWS_AGAIN_WITHIN_S)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    """The machines of a sale."""
    with network(tmp_path, (*SERVERS, *ENGINES, *APIS, "projector0")) as found:
        yield found


@pytest.fixture
def market(tmp_path: Path, net: Network) -> Iterator[Market]:
    """A sale on that network, of which nothing but the servers runs."""
    machines = net.machines
    with (
        kafka.broker(machines["kafka"]) as broker,
        redis.Server(machine=machines["redis"]) as board,
        postgresql.server(machines["database"]) as database,
    ):
        found = Market(tmp_path, broker.address, board.url, database, machines)
        found.migrate()
        yield found


@pytest.fixture
async def all_of_them(market: Market) -> AsyncIterator[Crowd]:
    """Who bids and watches."""
    async with crowd(market) as found:
        yield found


@pytest.fixture
def faults(all_of_them: Crowd, net: Network) -> Faults:
    """What they go through."""
    return Faults(all_of_them, net)


@pytest.mark.soak
async def test_an_engine_is_cut_off_from_kafka(faults: Faults) -> None:
    await faults.endured("engine0 and Kafka cut", CUT, ["engine0"], ["kafka"], SESSION_S + 2)


@pytest.mark.soak
async def test_an_engine_hears_kafka_and_is_not_heard(all_of_them: Crowd, net: Network, faults: Faults) -> None:
    async def end() -> None:
        net.everywhere(WELL)

    async def begin() -> None:
        net.one_way("engine0", "kafka", CUT)

    await all_of_them.through("engine0 to Kafka cut, not back", begin, FLOWS_AGAIN_WITHIN_S, end)


@pytest.mark.soak
async def test_the_engines_are_cut_off_from_redis(faults: Faults) -> None:
    await faults.over("engines and Redis cut", CUT, ENGINES, ["redis"], 5)


@pytest.mark.soak
async def test_the_apis_are_cut_off_from_kafka(all_of_them: Crowd, faults: Faults) -> None:
    await faults.over("apis and Kafka cut", CUT, APIS, ["kafka"], 5)
    bids = all_of_them.sale.bids
    assert sum(bid.unavailable + bid.pending for bid in bids), "nobody was told to come again"


@pytest.mark.soak
async def test_the_apis_are_cut_off_from_redis(all_of_them: Crowd, faults: Faults) -> None:
    await faults.over("apis and Redis cut", CUT, APIS, ["redis"], 5)
    assert sum(bid.pending for bid in all_of_them.sale.bids), "nobody was told where his bid's decision will be"


@pytest.mark.soak
async def test_the_projector_is_cut_off_from_the_database(faults: Faults) -> None:
    await faults.endured("projector and database cut", CUT, ["projector0"], ["database"], 5)


@pytest.mark.soak
async def test_the_apis_are_cut_off_from_the_database(faults: Faults) -> None:
    await faults.endured("apis and database cut", CUT, APIS, ["database"], 5)


@pytest.mark.soak
async def test_everything_is_slow(faults: Faults, net: Network) -> None:
    slow = Way(delay_ms=100, jitter_ms=100)
    await faults.endured("everything delayed by 100 to 200 ms", slow, net.ends, net.ends, 10)


@pytest.mark.soak
async def test_everything_is_lossy(faults: Faults, net: Network) -> None:
    for lost in (0.05, 0.1):
        await faults.endured(f"{lost:.0%} of everything lost", Way(lost=lost), net.ends, net.ends, 10)
