"""What the house signed and publishes: receipts are its own, and a finished lot's log holds what everyone was told."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, ValidationError, convert
from msgspec.json import decode

from vendue.audit.chain import check_chain
from vendue.audit.parts import Event, Wrong
from vendue.audit.proofs import Proofs, Signed, read_keys
from vendue.loadtest.bidders import Bid
from vendue.loadtest.house import House
from vendue.loadtest.market import Market, public

WITHIN_S = 10.0
LOOK_EVERY_S = 0.2
TYPES = {201: "bid", 409: "refused"}


class Published(Struct):
    """A finished lot's log: its events without what is hidden, and its head, where it ends with one."""

    events: list[Event]
    head: Signed | None


async def read_signed_with(house: House) -> Proofs:
    """The house's public keys; with none, where it tells none, no signature can be checked."""
    answer = await house.get("/.well-known/vendue")
    try:
        return Proofs(read_keys(answer.body)) if answer.status == 200 else Proofs()
    except Wrong:
        return Proofs()


async def read_log(house: House, lot: str) -> Published | None:
    """None where there is no log to be had."""
    until = time.monotonic() + WITHIN_S
    while True:
        answer = await house.get(f"/api/auctions/{lot}/log")
        if answer.status == 200:
            return _published(answer.body)
        if answer.status != 409 or time.monotonic() > until:  # it may be a moment behind
            return None
        await asyncio.sleep(LOOK_EVERY_S)


def _published(body: bytes) -> Published:
    lines = [decode(line) for line in body.splitlines()]
    heads = [line["head"] for line in lines if "head" in line]
    try:
        head = convert(heads[-1], Signed) if heads else None
    except ValidationError:
        head = None
    return Published([line for line in lines if "head" not in line], head)


def judge_receipt(bid: Bid, proofs: Proofs) -> str | None:
    """What is wrong with the receipt that came with an answer; None also where none had to come."""
    where = f"auction {bid.auction}: bid {bid.id} of {bid.amount}"
    receipt = bid.receipt
    if receipt is None:
        return f"{where} was answered without a signed receipt" if bid.status == 201 else None
    if not proofs.keys:
        return f"{where} has a receipt, and the house tells no key to check it with"
    try:
        proofs.check_signature("receipt", receipt)
    except Wrong as error:
        return f"{where}: {error}"
    told = {"auction": bid.auction, "seq": bid.seq} | ({} if bid.at is None else {"at": bid.at})
    wrong = {name: (value, now) for name, value in told.items() if (now := getattr(receipt, name)) != value}
    said = "; ".join(f"{name} was told as {value} and its receipt has {now}" for name, (value, now) in wrong.items())
    return f"{where}: {said}" if said else None


def judge_log(lot: str, log: Published, market: Market, bids: Sequence[Bid], proofs: Proofs) -> list[str]:
    """Whatever of this lot was told otherwise than its log has it. `bids`: those on this lot."""
    events = log.events
    try:
        check_chain(lot, events)
        if log.head is not None:
            proofs.check_signature("head", log.head)
    except Wrong as error:
        return [f"its log: {error}"]
    found = []
    last = (lot, len(events), events[-1]["hash"]) if events else None
    if log.head is None or (log.head.auction, log.head.seq, log.head.hash) != last:
        said = f"is of another event, {log.head.seq} of {log.head.auction}" if log.head else "is missing"
        found.append(f"its log ends with event {len(events)}, and its head {said}")
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
    told: dict[str, Any] = {"type": TYPES[bid.status]}
    if bid.receipt is not None:
        told |= {"hash": bid.receipt.hash, "at": bid.receipt.at}
    return [
        f"bid {bid.id} was told {name} {value}, and its log has {event.get(name)}"
        for name, value in told.items()
        if event.get(name) != value
    ]
