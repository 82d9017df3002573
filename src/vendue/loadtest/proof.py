"""The finished lots' own logs, as the house publishes them: the chain is sound, and holds what everyone was told."""

import asyncio
import time
from collections.abc import Sequence

from msgspec.json import decode

from vendue.audit.chain import check_chain
from vendue.audit.parts import Event, Wrong
from vendue.loadtest.bidders import Bid
from vendue.loadtest.house import House
from vendue.loadtest.market import Market, public

WITHIN_S = 10.0
LOOK_EVERY_S = 0.2
TYPES = {201: "bid", 409: "refused"}


async def read_log(house: House, lot: str) -> list[Event] | None:
    """A finished lot's events without what is hidden; None where there is no log to be had."""
    until = time.monotonic() + WITHIN_S
    while True:
        answer = await house.get(f"/api/auctions/{lot}/log")
        if answer.status == 200:
            lines = [decode(line) for line in answer.body.splitlines()]
            return [line for line in lines if "head" not in line]
        if answer.status != 409 or time.monotonic() > until:  # it may be a moment behind
            return None
        await asyncio.sleep(LOOK_EVERY_S)


def judge_log(lot: str, events: list[Event], market: Market, bids: Sequence[Bid]) -> list[str]:
    """Whatever of this lot was told otherwise than its log has it. `bids`: those on this lot."""
    try:
        check_chain(lot, events)
    except Wrong as error:
        return [f"its log: {error}"]
    found = []
    closings = [event["seq"] for event in events if event["type"] == "closed"]
    if len(closings) > 1:
        found.append(f"its log closes it {len(closings)} times, at {closings}")
    for seq, told in (market.refused[lot] | market.seen[lot]).items():
        if seq > len(events) or public(events[seq - 1]["standing"]) != told:
            now = public(events[seq - 1]["standing"]) if seq <= len(events) else None
            found.append(f"seq {seq} was told as {told}, and its log has {now}")
    for bid in bids:
        if bid.seq is not None and bid.seq <= len(events) and bid.status in TYPES:
            found += _judge_answer(bid, events[bid.seq - 1])
    return found


def _judge_answer(bid: Bid, event: Event) -> list[str]:
    told = {"type": TYPES[bid.status]}
    if bid.hash is not None:
        told["hash"] = bid.hash
    return [
        f"bid {bid.id} was told {name} {value}, and its log has {event.get(name)}"
        for name, value in told.items()
        if event.get(name) != value
    ]
