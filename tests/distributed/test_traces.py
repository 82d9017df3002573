"""Traces across processes: one trace from the request at one api process to the frame that another one shows."""

from __future__ import annotations

import asyncio
import json
import time

from websockets.asyncio.client import ClientConnection, connect

from tests.distributed.market import Market
from tests.faults.bidders import Sale
from tests.faults.collector import Collected, collector
from vendue.loadtest.client import Client
from vendue.traces import tick_id

WITHIN_S = 20.0
STEPS = ["append", "decide", "publish", "push"]


async def test_one_trace_leads_from_a_request_through_the_engine_to_another_process(market: Market) -> None:
    with collector() as (address, told):
        market.settings["VENDUE_TRACES"] = address
        async with market.running(apis=2, engines=2):
            sale = Sale(market.vendue, await market.register(1), 1)
            asks, shows = market.apis
            auction = await sale.list(increments=[[0, 100]])
            ends_at = int(time.time() * 1000) + 3_000
            brief = await sale.list(ends_at=ends_at)
            async with connect(f"ws://127.0.0.1:{shows.port}/api/live") as socket:
                await socket.send(json.dumps({"id": 1, "subscribe": sale.auctions}))
                bidder = Client(lambda: asks.address, sale.client("bidder0").token)
                answer = await bidder.ask("POST", "/api/bids", {"auction": auction, "amount": 20_000}, "first")
                assert answer.status == 201, answer
                await bidder.close()
                await _shown(socket, auction, bids=1)
                await _shown(socket, brief, status="unsold")
            bid = answer.json["data"]["documentId"]
            ended = tick_id(brief, ends_at)
            await _arrived(told, {bid: 5, ended: 4})
    way = told.way(bid)
    assert [span.name for span in way] == ["POST /api/bids", *STEPS]
    services = [told.service_of[span.span_id] for span in way]
    assert services == ["vendue-api", "vendue-api", "vendue-engine", "vendue-engine", "vendue-api"]
    assert [each.value.int_value for each in way[-1].attributes if each.key == "vendue.watchers"] == [1], "the other's"
    way = told.way(ended)
    assert [span.name for span in way] == ["tick", *STEPS[1:]], "nobody asked for it: the clock did"
    assert [told.service_of[span.span_id] for span in way] == [*["vendue-engine"] * 3, "vendue-api"]


async def _shown(socket: ClientConnection, auction: str, **wanted: object) -> None:
    """Wait until its standing is told as this."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            standing = json.loads(await socket.recv()).get("standing", {})
            if standing.get("auction") == auction and wanted.items() <= standing.items():
                return


async def _arrived(told: Collected, counts: dict[str, int]) -> None:
    """Wait until so many spans of each trace came; every process sends its own once a second."""
    async with asyncio.timeout(WITHIN_S):
        while any(len(told.of(trace)) < count for trace, count in counts.items()):
            await asyncio.sleep(0.1)
