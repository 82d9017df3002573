"""A sale on three engines and two api processes: what was told is what was decided, once."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping

import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.distributed.market import Market, records
from tests.faults.bidders import Sale
from tests.faults.history import History, check_answers
from tests.faults.process import Vendue
from tests.faults.shown import settled
from vendue.loadtest.client import Client
from vendue.log.port import PARTITIONS


@pytest.mark.parametrize("catalogue", ["postgresql", pytest.param("mongodb", marks=pytest.mark.soak)], indirect=True)
async def test_a_sale_on_many_processes(market: Market) -> None:
    market.settings["VENDUE_LOG_LEVEL"] = "debug"
    async with market.running():
        sale = Sale(market.vendue, await market.register(8), 1)
        await sale.list_some()
        started = time.monotonic()
        async with sale.bidding():
            await sale.until(1000)
            await sale.until_one_closed()
        seconds = time.monotonic() - started
        assert not sale.strange, sale.strange[:3]
        history = await settled(sale, market.history)
        check_answers(sale.bids, history)
        print(f"{sale.decisions()} decisions in {seconds:.1f} s")
        processes = (*market.apis, *market.engines, *market.projectors)
        followed = [line for process in processes for line in process.said().splitlines() if sale.bids[0].id in line]
        assert {json.loads(line)["event"] for line in followed} == {
            "command.asked",
            "command.decided",
            "bid.projected",
        }, "one id leads from the request to the catalogue"
        await _check_what_operators_see(market, history)


async def _check_what_operators_see(market: Market, history: History) -> None:
    """Each process tells what it has; the groups' offsets tell how far behind engines and projectors are."""
    partitions = [await _metric(engine, "vendue_engine_partitions") for engine in market.engines]
    assert sum(partitions) == 8 and min(partitions) >= 2
    there = await asyncio.to_thread(records, market.kafka, "auction-events")
    events = Counter(record.partition for record in there)
    async with asyncio.timeout(10):
        while await _behind(market, "vendue-engine", "bids", history.ends):
            await asyncio.sleep(0.1)
        while await _behind(market, "vendue-projector", "auction-events", events):
            await asyncio.sleep(0.1)


async def _metric(process: Vendue, name: str) -> float:
    client = Client(lambda: process.address)
    text = (await client.ask("GET", "/metrics")).body.decode()
    await client.close()
    return float(next(line.split(" ")[1] for line in text.splitlines() if line.startswith(name)))


async def _behind(market: Market, group: str, topic: str, ends: Mapping[int, int]) -> bool:
    """Whether a group is not up to these offsets, by what it committed."""

    def ask() -> dict[int, int]:
        consumer = Consumer({"bootstrap.servers": market.kafka, "group.id": group, "log_level": 0})
        places = consumer.committed([TopicPartition(topic, partition) for partition in range(PARTITIONS)], 10)
        consumer.close()
        return {place.partition: place.offset for place in places}

    committed = await asyncio.to_thread(ask)
    return any(committed[partition] < end for partition, end in ends.items())
