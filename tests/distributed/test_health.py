"""What each process says of itself while what it stands on is stopped: which part, and what to do."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg

from tests.distributed.market import Market
from tests.faults.process import Vendue
from tests.servers import redis
from tests.servers.kafka import Broker
from tests.servers.port import free_port
from vendue.loadtest.client import Client

WITHIN_S = 40.0


async def test_what_is_stopped_is_named_with_what_to_do(
    market: Market, broker: Broker, board: redis.Server, catalogue: str
) -> None:
    market.settings["VENDUE_MAIL"] = f"smtp://127.0.0.1:{free_port()}"
    async with market.running(apis=1, engines=1):
        [api], [engine], [projector] = market.apis, market.engines, market.projectors
        await _down(api, {"mail": "VENDUE_MAIL"}, {"log", "board", "catalogue", "files"})
        await _down(engine, {}, {"log", "board", "engine"})
        await _down(projector, {}, {"log", "catalogue"})
        (api.folder / "files").rmdir()
        (api.folder / "files").write_text("in its way")
        await _down(api, {"files": "VENDUE_DATA"}, {"log", "board", "catalogue"})
        board.kill()
        for process in (api, engine):
            await _down(process, {"board": "VENDUE_BOARD"}, {"log"})
        name = catalogue.rpartition("/")[2]
        with psycopg.connect(catalogue.removesuffix(name) + "postgres", autocommit=True) as others:
            others.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            others.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        for process in (api, projector):
            await _down(process, {"catalogue": "VENDUE_CATALOGUE"}, {"log"})
        await asyncio.to_thread(broker.kill)
        for process in (api, engine, projector):
            await _down(process, {"log": "VENDUE_LOG"}, set())


async def _down(process: Vendue, advice: dict[str, str], up: set[str]) -> None:
    """Wait until these parts are down, each with a reason and this word in its advice, and those are up."""
    told: dict[str, Any] = {}
    client = Client(lambda: process.address)
    try:
        async with asyncio.timeout(WITHIN_S):
            while not advice.keys() <= told.get("faults", {}).keys() or not told:
                told = (await client.ask("GET", "/health")).json
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{advice.keys()} should be down: {told}") from None
    finally:
        await client.close()
    assert up <= {name for name, state in told["parts"].items() if state == "up"}, told
    for name, word in advice.items():
        fault = told["faults"][name]
        assert told["parts"][name] == "down" and fault["detail"] and word in fault["advice"], fault
