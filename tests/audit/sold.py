"""A finished sale as the house gives it out, and a house that makes its log anew."""

import json
from collections.abc import Iterable
from typing import Any

from msgspec.json import decode, encode

from tests.rules.sale import END, Sale, listed
from vendue.api.signing import Signer
from vendue.audit.proofs import Signed, read_keys
from vendue.chain import digest
from vendue.rules.claims import Claim
from vendue.rules.evidence import opening, published

HOUSE = Signer("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
FORGER = Signer("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=")
KEYS = read_keys(encode({"keys": HOUSE.public_keys()}))


def sold() -> Sale:
    """Nine events: listed, opened, bids of which one is refused, a retraction, closed, a bid too late."""
    sale = listed(reserve_price=4000)
    for bidder, amount in [("ann", 3000), ("bob", 1), ("bob", 2000), ("cat", 7000)]:
        sale.bid(bidder, amount, 5)
    sale.retract("ann", 6, reason="élan “∞” \x1f\t\u2028")
    sale.tick(END)
    sale.bid("dan", 9000, END + 1)
    return sale


def public(sale: Sale) -> list[dict[str, Any]]:
    """The download, line by line, its head last."""
    last = sale.events[-1]
    head = HOUSE.sign("head", Claim("A", last.body.seq, END + 9, last.hash))
    return [json.loads(published(event.value)) for event in sale.events] + [decode(encode({"head": head}))]


def lines(values: Iterable[Any]) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


def made_anew(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events chained and the head signed by the house itself, after it changed what it liked."""
    prev, found = "0" * 64, list[dict[str, Any]]()
    for seq, value in enumerate(values[:-1], 1):
        event = {**value, "seq": seq, "prev": prev, "standing": {**value["standing"], "seq": seq}}
        del event["hash"]
        prev = digest(event)
        found.append({**event, "hash": prev})
    head = HOUSE.sign("head", Claim("A", len(found), END + 9, prev))
    return [*found, decode(encode({"head": head}))]


def receipt_of(sale: Sale, place: int, signer: Signer = HOUSE) -> Signed:
    """Of the event at this place."""
    event = sale.events[place]
    made = signer.sign("receipt", Claim("A", event.body.seq, event.body.at, event.hash))
    return decode(encode(made), type=Signed)


def openings_of(sale: Sale, by: str) -> bytes:
    """What `by` is given of his own events."""
    found = [opening(event) for event in sale.events if event.hidden is not None and event.hidden.by == by]
    return b"\n".join(encode(each) for each in found if each is not None)
