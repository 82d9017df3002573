"""What the REST API shows once it has settled, against the log, and as part of what clients saw."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.explain.record import Bids, Page, Record
from tests.explain.translate import listed_rows, published_row
from tests.faults.bidders import Sale
from tests.faults.history import History, history_of
from tests.faults.process import Vendue
from vendue.loadtest.client import Client

SETTLES_WITHIN_S, LOOK_EVERY_S = 90.0, 0.5
"""Each look takes the processor from what is to settle."""
STANDING = (
    "seq",
    "status",
    "price",
    "minimum_next",
    "leader",
    "reserve_met",
    "hammer_price",
    "closed_at",
    "starts_at",
    "ends_at",
)


async def settled(sale: Sale, read: Callable[[], History] | None = None) -> History:
    """The log, once nothing more is being decided and the catalogue shows all of it.

    `read` reads it where it is not in the process's data folder.
    """
    if read is None:
        assert isinstance(sale.vendue, Vendue)
        folder = sale.vendue.folder
        read = partial(history_of, folder)
    client = sale.client("bidder0")
    try:
        until = time.monotonic() + SETTLES_WITHIN_S
        while True:
            history = await asyncio.to_thread(read)
            seqs = {auction: len(events) for auction, events in history.events.items()}
            shown = {id: row["seq"] for id, row in (await _rows(client, "auctions")).items()}
            if shown == seqs and not history.undecided:
                break
            assert time.monotonic() < until, f"{history.undecided} undecided; shown {shown} of {seqs}"
            await asyncio.sleep(LOOK_EVERY_S)
        await _check_auctions(client, history)
        await _check_bids(client, sale, history)
        await _check_pending(client, sale, history)
    finally:
        await client.close()
    return history


async def seen(sale: Sale) -> Record:
    """All that clients saw: what was noted while they bid, and what anyone can read now that it has settled."""
    client = sale.client("bidder0")
    try:
        auctions, bids = await _rows(client, "auctions"), await _rows(client, "bids", "&populate=auction")
    finally:
        await client.close()
    record, at = Record(sale.record.observations), time.monotonic_ns()
    for id, row in auctions.items():
        own = [bid for bid in bids.values() if bid["auction"]["documentId"] == id]
        record.note(published_row(row, knows_reserve=False))
        record.note(Page(at, {"auction": id, "bids": row["bids_count"]} | {name: row[name] for name in STANDING}))
        record.note(Bids(at, id, row["seq"], listed_rows(own), row["price"]))
    return record


async def _rows(client: Client, content: str, more: str = "") -> dict[str, dict[str, Any]]:
    """Every row that the client may see, by id."""
    rows: dict[str, dict[str, Any]] = {}
    page, pages = 1, 1
    while page <= pages:
        query = f"pagination[page]={page}&pagination[pageSize]=100&sort=documentId{more}"
        answer = await client.ask("GET", f"/api/{content}?{query}")
        assert answer.status == 200, answer
        found = answer.json
        rows |= {row["documentId"]: row for row in found["data"]}
        page, pages = page + 1, found["meta"]["pagination"]["pageCount"]
    return rows


async def _check_auctions(client: Client, history: History) -> None:
    rows = await _rows(client, "auctions")
    assert rows.keys() == history.auctions.keys()
    for id, auction in history.auctions.items():
        answer = await client.ask("GET", f"/api/auctions/{id}")
        standing = history.events[id][-1]["standing"]
        assert (standing["price"], standing["leader"]) == (auction.standing.price, auction.standing.leader)
        for row in (rows[id], answer.json["data"]):
            assert {name: row[name] for name in STANDING} == {name: standing[name] for name in STANDING}
            assert row["bids_count"] == standing["bids"]


async def _check_bids(client: Client, sale: Sale, history: History) -> None:
    """Every accepted bid, and this bidder's refused ones."""
    own = sale.accounts["bidder0"]
    expected = {}
    for id, event in history.decided.items():
        if event["type"] == "bid" or (event["type"] == "refused" and event["hidden"]["by"] == own):
            status = "accepted" if event["type"] == "bid" else "refused"
            expected[id] = (status, event["seq"], event["at"], event.get("outcome"), event.get("alias"))
    names = ("status", "seq", "placed_at", "outcome", "alias")
    rows = await _rows(client, "bids")
    assert {id: tuple(row[name] for name in names) for id, row in rows.items()} == expected


async def _check_pending(client: Client, sale: Sale, history: History) -> None:
    """What was answered with 202, and a few others: their own page shows the decision."""
    own = [bid for bid in sale.bids if bid.bidder == sale.accounts["bidder0"] and bid.id in history.decided]
    for bid in [bid for bid in own if bid.pending] + own[:: len(own) // 20 or 1]:
        answer = await client.ask("GET", f"/api/bids/{bid.id}")
        event = history.decided[bid.id]
        shown = answer.json["data"]
        assert (answer.status, shown["seq"], shown["amount"]) == (200, event["seq"], bid.amount), answer
        assert shown["standing"] == event["standing"]
