"""A zombie: an engine that hung longer than its session, whose partitions others decide, and that wakes up.

With the fence it harms nothing. Without it, it saves over what its successor saved, and the next who takes over decides
from that: the same test without the fence shows what it is for, in the log and in what clients saw.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import pytest

from tests.distributed.market import Market
from tests.explain.check import explain
from tests.faults.bidders import Sale
from tests.faults.history import check_answers
from tests.faults.shown import seen, settled

UNFENCED = """
import os, sys
from confluent_kafka import Producer
from vendue.log import kafka_state

class Unfenced(Producer):
    def __init__(self, config):
        super().__init__({**config, "transactional.id": f"{config['transactional.id']}-{os.getpid()}"})

kafka_state.Producer = Unfenced
from vendue.cli import main
sys.argv = ["vendue", "engine"]
main()
"""
LOTS, BIDDERS, PAUSE_S = 8, 8, 0.02
WAKES_FOR_S = 2.5
"""Time enough for a checkpoint of whoever woke up, if anyone lets it."""


class Haunted(NamedTuple):
    """What is wrong with the log, and with what clients saw; None where nothing is."""

    log: str | None
    clients: str | None


async def _haunted(market: Market, fenced: bool) -> Haunted:
    """After a sale whose first engine hung and woke up, and where then somebody had to begin from what was saved."""
    if not fenced:
        market.commands["engine"] = ("-c", UNFENCED)
    async with market.running(apis=1, engines=2):
        sale = Sale(market.vendue, await market.register(BIDDERS), 1, BIDDERS, PAUSE_S)
        for _ in range(LOTS):
            await sale.list(increments=[[0, 100]])
        zombie, other = market.engines
        async with sale.bidding():
            await sale.until(500)
            zombie.pause()
            await sale.until(1000, within_s=40)
        await asyncio.sleep(WAKES_FOR_S)  # until its successor has saved the last of it
        zombie.resume()
        await asyncio.sleep(WAKES_FOR_S)
        await asyncio.gather(zombie.kill(), other.kill())
        await other.start()
        async with sale.bidding():
            await sale.until(300, within_s=30)
        assert not sale.strange, sale.strange[:3]
        log = None
        try:
            check_answers(sale.bids, await settled(sale, market.history))
        except AssertionError as error:
            log = str(error)
        verdicts = explain(await seen(sale))
    return Haunted(log, next((str(verdict) for verdict in verdicts if not verdict.holds), None))


@pytest.mark.soak
async def test_a_zombie_harms_nothing(market: Market) -> None:
    assert await _haunted(market, fenced=True) == (None, None)
    assert '"lost": [[' in market.engines[0].said()


@pytest.mark.soak
async def test_without_the_fence_it_does(market: Market) -> None:
    harm = await _haunted(market, fenced=False)
    print(f"without the fence: {harm.log!s:.200}; of what clients saw: {harm.clients!s:.300}")
    assert harm.log is not None and harm.clients is not None
