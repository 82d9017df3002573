"""What may fail in a distributed sale, under twenty bidders and fifty watchers, one thing after the other."""

from __future__ import annotations

import asyncio

import pytest

from tests.distributed.crowd import crowd
from tests.distributed.market import Market
from tests.faults.bidders import Sale
from tests.faults.process import Vendue
from tests.servers import redis
from tests.servers.kafka import Broker

FLOWS_AGAIN_WITHIN_S, AT_ONCE_S = 15.0, 2.0
ZOMBIE_S = 8.0
"""Longer than a session of the engines' group lasts."""
SILENT_S, STOPS_WITHIN_S = 3.0, 12.0
"""Requests have 2 s to end, and what then still waits for Kafka 8 s."""


@pytest.mark.soak
async def test_one_of_each_dies_and_the_board_is_lost(market: Market, board: redis.Server) -> None:
    async def flushed() -> None:
        board.empty()

    async with crowd(market) as all_of_them:
        engine, api = market.engines[0], market.apis[0]
        await all_of_them.through("kill -9 of an engine", engine.kill, FLOWS_AGAIN_WITHIN_S, engine.start)
        await all_of_them.through("kill -9 of an api process", api.kill, FLOWS_AGAIN_WITHIN_S, api.start)
        await all_of_them.through("Redis flushed", flushed, AT_ONCE_S)


@pytest.mark.soak
async def test_processes_are_killed(market: Market) -> None:
    async with crowd(market) as all_of_them:
        for process in (*market.engines[:2], market.apis[0], market.projectors[0]):
            name = f"kill -9 of {process.folder.name}"
            await all_of_them.through(name, process.kill, FLOWS_AGAIN_WITHIN_S, process.start)


@pytest.mark.soak
async def test_processes_are_stopped_in_order(market: Market) -> None:
    async with crowd(market) as all_of_them:
        for process in (market.engines[0], market.apis[0], market.projectors[0]):

            async def stop(process: Vendue = process) -> None:
                print(f"{process.folder.name} stopped after {await process.stop():.2f} s")

            await all_of_them.through(f"SIGTERM of {process.folder.name}", stop, FLOWS_AGAIN_WITHIN_S, process.start)


@pytest.mark.soak
async def test_processes_hang_and_come_back(market: Market) -> None:
    async with crowd(market) as all_of_them:
        for process in (*market.engines[:2], market.apis[0], market.projectors[0]):

            async def hang(process: Vendue = process) -> None:
                process.pause()
                await asyncio.sleep(ZOMBIE_S)
                process.resume()

            await all_of_them.through(f"SIGSTOP of {process.folder.name}", hang, FLOWS_AGAIN_WITHIN_S)


@pytest.mark.soak
async def test_the_board_is_lost(market: Market, board: redis.Server) -> None:
    async def restarted() -> None:
        board.kill()
        board.start()

    async def hung() -> None:
        board.stop()
        await asyncio.sleep(10)
        board.go_on()

    async def flushed() -> None:
        board.empty()

    async with crowd(market) as all_of_them:
        await all_of_them.through("Redis flushed", flushed, AT_ONCE_S)
        await all_of_them.through("Redis restarted, empty", restarted, FLOWS_AGAIN_WITHIN_S)
        await all_of_them.through("Redis stopped for 10 s", hung, FLOWS_AGAIN_WITHIN_S)


@pytest.mark.soak
async def test_kafka_restarts(market: Market, broker: Broker) -> None:
    async def restart() -> None:
        await asyncio.to_thread(broker.stop)
        await asyncio.to_thread(broker.start)

    async def killed() -> None:
        await asyncio.to_thread(broker.kill)
        await asyncio.to_thread(broker.start)

    async with crowd(market) as all_of_them:
        await all_of_them.through("Kafka restarted", restart, 2 * FLOWS_AGAIN_WITHIN_S)
        await all_of_them.through("Kafka killed and started", killed, 2 * FLOWS_AGAIN_WITHIN_S)


@pytest.mark.soak
async def test_processes_stop_while_kafka_is_silent(market: Market, broker: Broker) -> None:
    async with market.running(apis=1, engines=1):
        sale = Sale(market.vendue, await market.register(4), 1, 4, 0.01)
        await sale.list(increments=[[0, 100]])
        async with sale.bidding(give_up=True):
            await sale.until(200)
            broker.pause()
            try:
                await asyncio.sleep(SILENT_S)
                processes = (*market.engines, *market.projectors, *market.apis)
                stopped = await asyncio.gather(*(process.stop() for process in processes))
            finally:
                broker.resume()
        for process, seconds in zip(processes, stopped, strict=True):
            print(f"{process.folder.name} stopped after {seconds:.2f} s while Kafka was silent")
        assert max(stopped) < STOPS_WITHIN_S
