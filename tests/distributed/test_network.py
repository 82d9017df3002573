"""A network that fails, under twenty bidders and fifty watchers: each machine of a sale has an address of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distributed.crowd import crowd
from tests.distributed.market import Market
from tests.distributed.net import CUT, WELL, Network, network
from tests.servers import kafka, postgresql, redis

MACHINES = ("kafka", "redis", "database", "engine0", "engine1", "engine2", "projector0", "api0", "api1")
FLOWS_AGAIN_WITHIN_S = 15.0
LONGER_THAN_A_SESSION_S = 8.0


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Network]:
    """The machines of a sale."""
    with network(tmp_path, MACHINES) as found:
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


async def test_an_engine_is_cut_off_from_kafka(market: Market, net: Network) -> None:
    async def cut() -> None:
        net.between(["engine0"], ["kafka"], CUT)

    async def mend() -> None:
        await asyncio.sleep(LONGER_THAN_A_SESSION_S)
        net.everywhere(WELL)

    async with crowd(market) as all_of_them:
        await all_of_them.through("engine0 and Kafka cut", cut, FLOWS_AGAIN_WITHIN_S, mend)
