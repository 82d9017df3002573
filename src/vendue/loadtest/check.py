"""Whether every answer, every frame and the public record tell the same: a load test that only counts proves little."""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct

from vendue.audit.proofs import Proofs
from vendue.loadtest.bidders import Bid
from vendue.loadtest.house import House, Person
from vendue.loadtest.market import OPEN, Market
from vendue.loadtest.proof import Published, judge_log, judge_receipt, read_log, read_signed_with

SETTLES_WITHIN_S = 30.0
LOOK_EVERY_S = 0.1
OVER = ("sold", "unsold", "cancelled")
MARGIN_MS = 1_000
STEP = 100
"""Of the lots that a load test puts up itself."""
Row = dict[str, Any]


class Record(Struct):
    """What the API shows afterwards: each lot's own row and its bids as anybody sees them, and each person's own.

    `logs`: of the lots that are over, where the house publishes them. `proofs`: the keys that it signs with.
    """

    lots: dict[str, Row]
    bids: dict[str, list[Row]]
    own: list[list[Row]]
    logs: dict[str, Published]
    proofs: Proofs


class Verdict(Struct):
    """How much of each was checked; `receipts` and `heads`: signatures.

    `faults`: each disagreement in a sentence; with none of them it all holds.
    """

    auctions: int
    bids: int
    standings: int
    logs: int
    receipts: int
    heads: int
    faults: list[str]


async def read(house: House, people: Sequence[Person], market: Market, bids: Sequence[Bid]) -> Record:
    """The public record of a market's lots, and of each person his own part, once it shows all that anyone was told."""
    newest: dict[str, Bid] = {bid.auction: bid for bid in sorted(bids, key=lambda bid: bid.seq or 0) if bid.seq}
    await _shown(house, people, [*newest.values(), *(bid for bid in bids if bid.status == 202)])
    record = Record({}, {}, [], {}, await read_signed_with(house))
    for lot in market.seen:
        record.lots[lot] = await _lot(house, lot, market)
        record.bids[lot] = await house.rows("/api/bids", f"filters[auction][documentId][$eq]={lot}&sort=seq")
        log = await read_log(house, lot) if record.lots[lot].get("status") in OVER else None
        if log is not None:
            record.logs[lot] = log
    for person in people:
        record.own.append(await _own(house, person))
    return record


async def _shown(house: House, people: Sequence[Person], bids: Sequence[Bid]) -> None:
    """Wait until these are in the catalogue, which comes after the answers, and with them all before; not for ever."""
    until = time.monotonic() + SETTLES_WITHIN_S
    for bid in bids:
        client = house.client(people[bid.person].token)
        while await house.row(f"/api/bids/{bid.id}", client) is None:
            if time.monotonic() > until:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        await client.close()


async def _own(house: House, person: Person) -> list[Row]:
    client = house.client(person.token)
    query = "filters[mine][$eq]=true&sort=placed_at,documentId&populate[auction][fields][0]=documentId"
    try:
        return await house.rows("/api/bids", query, client)
    finally:
        await client.close()


async def _lot(house: House, lot: str, market: Market) -> Row:
    """Its row, once it is of the newest event that anyone knows; as it is where that takes too long."""
    newest, until = max([0, *market.seen[lot], *market.refused[lot]]), time.monotonic() + SETTLES_WITHIN_S
    while True:
        row = await house.row(f"/api/auctions/{lot}")
        if (row is not None and row["seq"] >= newest) or time.monotonic() > until:
            return row or {}
        await asyncio.sleep(LOOK_EVERY_S)


def judge(bids: Sequence[Bid], market: Market, record: Record, *, since_ms: float, ours: bool) -> Verdict:
    """Everything that does not agree. `ours`: the lots are the test's own, and nobody else bid on them.

    `since_ms`: its start by the server's clock; the people may have bid before.
    """
    faults = list(market.faults)
    by_id = {bid.id: bid for bid in bids}
    there = {row["documentId"]: row for rows in record.own for row in rows}
    for number, rows in enumerate(record.own):
        mine = [row for row in rows if row["placed_at"] >= since_ms - MARGIN_MS]
        faults += _judge_own(number, mine, by_id, market)
    faults += [fault for bid in bids if (fault := _judge_answer(bid, there.get(bid.id)))]
    for lot, row in record.lots.items():
        faults += [f"auction {lot}: {said}" for said in _judge_lot(row, record.bids[lot], market, lot)]
        if ours and row:
            faults += [f"auction {lot}: {said}" for said in _judge_count(row, record.bids[lot])]
            made = [bid for bid in bids if bid.auction == lot and bid.id in there]
            faults += [f"auction {lot}: {said}" for said in _judge_price(row, made, there)]
    faults += [fault for bid in bids if (fault := judge_receipt(bid, record.proofs))]
    standings = sum(map(len, (*market.seen.values(), *market.refused.values())))
    for lot, log in record.logs.items():
        his = [bid for bid in bids if bid.auction == lot]
        faults += [f"auction {lot}: {said}" for said in judge_log(lot, log, market, his, record.proofs)]
    receipts = sum(bid.receipt is not None for bid in bids)
    heads = sum(log.head is not None for log in record.logs.values())
    return Verdict(len(record.lots), len(bids), standings, len(record.logs), receipts, heads, faults)


def _judge_own(number: int, rows: list[Row], by_id: dict[str, Bid], market: Market) -> list[str]:
    """Nothing stands in a person's record that he did not ask for."""
    return [
        f"auction {lot}: the record has a bid {row['documentId']} that nobody made"
        for row in rows
        if (lot := (row["auction"] or {}).get("documentId")) in market.seen
        and ((bid := by_id.get(row["documentId"])) is None or bid.person != number)
    ]


def _judge_answer(bid: Bid, row: Row | None) -> str | None:
    """What is wrong with one answer, by the row of that bid as its bidder sees it."""
    where = f"auction {bid.auction}: bid {bid.id} of {bid.amount}"
    if row is None:
        if bid.status in (201, 202, 409):
            return f"{where} was answered {bid.status} and is not in the record"
        return None
    if bid.status not in (0, 201, 202, 409):
        return f"{where} was answered {bid.status}, and the record has it as {row['status']}"
    told: dict[str, Any] = {"maximum": bid.amount}
    if bid.status == 201:
        told |= {"status": "accepted", "seq": bid.seq, "outcome": bid.outcome, "placed_at": bid.at}
    elif bid.status == 409:
        told |= {"status": "refused", "seq": bid.seq, "code": bid.code}
    wrong = {name: (value, row.get(name)) for name, value in told.items() if row.get(name) != value}
    if wrong.get("status") == ("accepted", "void"):  # an auctioneer retracted it since
        del wrong["status"]
    said = "; ".join(f"{name} was told as {value} and is {now}" for name, (value, now) in wrong.items())
    return f"{where}: {said}" if said else None


def _judge_lot(row: Row, bids: list[Row], market: Market, lot: str) -> list[str]:
    """A lot's own row and its public bids, against what watchers were shown."""
    seen = market.seen[lot]
    told = market.refused[lot] | seen
    newest = max(told, default=0)
    if not row or row["seq"] < newest:
        return [f"seq {newest} was told, and the record ends at {row.get('seq')}"]
    found = []
    now = tuple(row[name] for name in _ROW)
    if row["seq"] in told and told[row["seq"]] != now:
        found.append(f"the last standing was told as {told[row['seq']]}, and the record has {now}")
    accepted = [bid for bid in bids if bid["status"] == "accepted"]
    seqs = [bid["seq"] for bid in bids]
    if any(one >= other for one, other in pairwise(seqs)):
        found.append("two of its bids have the same seq")
    if any(one["placed_at"] > other["placed_at"] for one, other in pairwise(bids)):
        found.append("the time of its bids falls back")
    ends = {standing[_STATUS] for standing in seen.values() if standing[_CLOSED] is not None}
    if len({seq for seq, standing in seen.items() if standing[_STATUS] in ("sold", "unsold")}) > 1:
        found.append(f"it was shown to end more than once: {sorted(ends)}")
    if row["closed_at"] is not None:
        late = [bid["documentId"] for bid in accepted if bid["placed_at"] >= row["closed_at"]]
        if late:
            found.append(f"bid {late[0]} was accepted after its end")
        if row["closed_at"] != row["ends_at"]:
            found.append(f"it ended at {row['closed_at']}, and was to end at {row['ends_at']}")
    return found


def _judge_count(row: Row, bids: list[Row]) -> list[str]:
    accepted = sum(bid["status"] == "accepted" for bid in bids)
    if row["bids_count"] != accepted:
        return [f"{row['bids_count']} bids are counted, and {accepted} are shown"]
    return []


def _judge_price(row: Row, made: list[Bid], there: dict[str, Row]) -> list[str]:
    """Who leads at what, from what everyone bid: the highest, the earliest of equals, a step above the next at most."""
    accepted = [there[bid.id] for bid in made if there[bid.id]["status"] == "accepted"]
    if row["bids_count"] != len(accepted):
        return [f"{row['bids_count']} bids are counted, and {len(accepted)} were accepted of those made"]
    if not accepted:
        return [] if row["price"] is None and row["status"] in (*OPEN, "unsold") else [f"sold at {row['price']} unbid"]
    best = max(accepted, key=lambda each: (each["maximum"], -each["seq"]))
    found = []
    if row["leader"] != best["alias"]:
        found.append(f"{row['leader']} leads, and {best['alias']} bid most, {best['maximum']}")
    second = max((each["maximum"] for each in accepted if each["alias"] != best["alias"]), default=0)
    if not second <= row["price"] <= max(row["starting_price"], min(best["maximum"], second + STEP)):
        found.append(f"the price is {row['price']}, between bids of {second} and {best['maximum']}")
    if row["status"] == "sold" and row["hammer_price"] != row["price"]:
        found.append(f"it was sold at {row['hammer_price']} and stood at {row['price']}")
    return found


_ROW = (
    "status",
    "price",
    "minimum_next",
    "bids_count",
    "leader",
    "reserve_met",
    "ends_at",
    "closed_at",
    "hammer_price",
)
"""As market.PUBLIC."""
_STATUS, _CLOSED = 0, 7
