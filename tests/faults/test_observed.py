"""What a real `vendue run` tells of itself: its metrics, and a trace from the request to what watchers are shown."""

import asyncio
import json
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import ClientConnection, connect

from tests.faults.bidders import Sale
from tests.faults.collector import collector
from tests.faults.conftest import House
from tests.faults.process import SECRET, Vendue
from vendue.api.tokens import Tokens
from vendue.rules.commands import command_id
from vendue.traces import tick_id

WITHIN_S = 10.0
SENDER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_a_bid_is_one_trace_from_the_request_to_the_frame_and_counted(folder: Path, house: House) -> None:
    with collector() as (address, told):
        async with Vendue(folder, more={"VENDUE_TRACES": address}) as vendue:
            sale = Sale(vendue, house.accounts, 1)
            auction = await sale.list(increments=[[0, 100]])
            ends_at = int(time.time() * 1000) + 700
            brief = await sale.list(ends_at=ends_at)  # it closes meanwhile
            tokens = Tokens(SECRET)
            token = tokens.issue({"documentId": house.accounts["bidder0"], "role": "authenticated"})
            async with connect(f"ws://127.0.0.1:{vendue.port}/api/live") as socket:
                await socket.send(json.dumps({"id": 1, "subscribe": sale.auctions}))
                accepted = await asyncio.to_thread(_bid, vendue, token, auction, 20_000)
                refused = await asyncio.to_thread(_bid, vendue, token, auction, 1)
                await socket.send(json.dumps({"id": 2, "auth": token}))
                await socket.send(json.dumps({"id": 3, "bid": {"auction": auction, "amount": 30_000}}))
                on_socket = await _receipt(socket)
                while (await _next(socket)).get("standing", {}).get("status") != "unsold":
                    pass
            counted = await asyncio.to_thread(_metrics, vendue)
            await vendue.stop()  # which sends what waits
    rest = ["append", "decide", "publish", "push"]
    way = told.way(accepted["data"]["documentId"])
    assert [span.name for span in way] == ["POST /api/bids", *rest]
    (link,) = way[0].links
    assert f"00-{link.trace_id.hex()}-{link.span_id.hex()}-01" == SENDER, "whoever sent it finds it from his own trace"
    low = command_id(auction, house.accounts["bidder0"], "1")
    assert refused["error"]["name"] == "BidRefusedError"
    assert [span.name for span in told.way(low)] == ["POST /api/bids", *rest[:-1]], "nobody is shown a refusal"
    assert [span.name for span in told.way(on_socket["data"]["documentId"])] == ["bid on /api/live", *rest]
    ended = told.way(tick_id(brief, ends_at))
    assert [span.name for span in ended] == ["tick", *rest[1:]], "nobody asked for it: the clock did"
    assert ended[0].start_time_unix_nano == pytest.approx(ends_at * 1_000_000, abs=5_000_000), "when it was due"
    asked = len({span.trace_id for span in told.spans}) - 1
    assert asked == 5, "two lots were listed and three bids made"
    assert counted["vendue_decision_seconds_count"] == asked and 0 < counted["vendue_decision_seconds_sum"] < 5
    assert counted["vendue_closing_error_seconds_count"] == 1
    assert 0 <= counted["vendue_closing_error_seconds_sum"] < 1
    assert counted["vendue_commit_records_sum"] >= 2 * asked and counted["vendue_commit_seconds_count"] >= asked
    assert counted["vendue_engine_lag_commands"] == 0


def _bid(vendue: Vendue, token: str, auction: str, amount: int) -> dict[str, Any]:
    """By a sender that traces too."""
    connection = HTTPConnection(*vendue.address, timeout=WITHIN_S)
    headers = {"Authorization": f"Bearer {token}", "traceparent": SENDER, "Idempotency-Key": str(amount)}
    body = json.dumps({"data": {"auction": auction, "amount": amount}})
    with closing(connection):
        connection.request("POST", "/api/bids", body, headers)
        found: dict[str, Any] = json.loads(connection.getresponse().read())
    return found


def _metrics(vendue: Vendue) -> dict[str, float]:
    """Those that have no label."""
    with urlopen(f"http://127.0.0.1:{vendue.port}/metrics") as response:
        families = list(text_string_to_metric_families(response.read().decode()))
    return {sample.name: sample.value for each in families for sample in each.samples if not sample.labels}


async def _next(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(WITHIN_S):
        found: dict[str, Any] = json.loads(await socket.recv())
    return found


async def _receipt(socket: ClientConnection) -> dict[str, Any]:
    while "receipt" not in (message := await _next(socket)):
        pass
    found: dict[str, Any] = message["receipt"]
    return found
