"""A sale on three engines and two api processes: what was told is what was decided, once."""

from __future__ import annotations

import json
import time

from tests.distributed.market import Market
from tests.faults.bidders import Sale
from tests.faults.history import check_answers
from tests.faults.shown import settled


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
