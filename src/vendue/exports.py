"""What the house gives an auditor, as JSON lines: an auction's commands and events, or what those in charge did."""

import time
from collections.abc import AsyncIterator

from msgspec import Raw
from msgspec.json import encode

from vendue.assemble import catalogue_of, records_of_auction, signer_of
from vendue.audit import Line, Wrong
from vendue.catalogue.port import Row
from vendue.catalogue.query import Condition, Order, Query
from vendue.chain import GENESIS
from vendue.rules.claims import ACTS, Claim
from vendue.rules.evidence import read
from vendue.settings import Settings

LINES_AT_ONCE = 1000


async def export_lines(settings: Settings, auction: str, also_open: bool) -> AsyncIterator[bytes]:
    """An auction's commands, then its events, as JSON lines; also while the system runs.

    Raises LogBroken, LogUnavailable, Wrong.
    """
    commands, events = await records_of_auction(settings, auction)
    if not events:
        raise Wrong(f"There is no auction {auction} in the log; was it listed?")
    if not also_open and read(events[-1].value).body.standing.status in ("scheduled", "live"):
        raise Wrong(f"Auction {auction} is still open, and its export holds hidden maximums; add --open to have it.")
    for record in commands:
        yield encode(Line("bids", *record[:4], Raw(record.value)))
    for record in events:
        yield encode(Line("auction-events", *record[:4], Raw(record.value)))


async def act_lines(settings: Settings) -> AsyncIterator[bytes]:
    """The audit log as JSON lines, in order, then its signed head. Raises BadSetting, CatalogueBroken."""
    signer = signer_of(settings, make=settings.catalogue == "sqlite")  # another's catalogue has another's key
    last: Row = {"seq": 0, "hash": GENESIS}
    async with catalogue_of(settings) as catalogue:
        while True:
            since = Condition(("seq",), "$gt", last["seq"])
            rows, _ = await catalogue.find(
                "audit_log", Query(since, (Order("seq"),), limit=LINES_AT_ONCE, counted=False)
            )
            for row in rows:
                yield encode(row)
                last = row
            if len(rows) < LINES_AT_ONCE:
                break
    head = Claim(ACTS, last["seq"], int(time.time() * 1000), last["hash"])
    yield encode({"head": signer.sign("audit-head", head)})
