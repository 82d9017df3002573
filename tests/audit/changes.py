"""What may be done to a log, and how that is told: for the command and for the page alike."""

import json
from collections.abc import Callable
from typing import Any

from msgspec.json import encode
from msgspec.structs import replace

from tests.audit.sold import FORGER, HOUSE, made_anew, sold
from tests.rules.sale import END
from vendue.api.signing import Signer
from vendue.rules.claims import Claim
from vendue.rules.events import Placed

Value = dict[str, Any]
Change = Callable[[list[Value]], list[Value]]
SALE = sold()
BIDS = [place for place, event in enumerate(SALE.events) if type(event.body) is Placed]


def changed(place: int, **values: Any) -> Change:
    """Other values in the event at this place."""
    return lambda log: [*log[:place], {**log[place], **values}, *log[place + 1 :]]


def _head(log: list[Value], signer: Signer = HOUSE, **more: Any) -> Value:
    head = log[-1]["head"]
    claim = Claim(**{name: head[name] for name in ("auction", "seq", "at", "hash")})
    return dict(json.loads(encode({"head": signer.sign("head", replace(claim, **more))})))


def _late(log: list[Value]) -> list[Value]:
    """A bid of before, once more, after the end."""
    return [*log[:-1], {**log[BIDS[-1]], "at": END + 5, "standing": log[-2]["standing"]}, log[-1]]


def _cheaper(log: list[Value]) -> list[Value]:
    """A refusal that changes the price."""
    return changed(3, standing={**log[3]["standing"], "price": 1})(log)


CHANGED: list[tuple[Change, str]] = [
    (changed(2, amount=1), "event 3 (bid) was changed"),
    (changed(3, commitment="0" * 64), "event 4 (refused) was changed"),
    (lambda log: log[:3] + log[4:], "event 4 (bid) has seq 5"),
    (lambda log: [*log[:3], log[4], log[3], *log[5:]], "event 4 (bid) has seq 5"),
    (lambda log: [*log[:3], log[2], *log[3:]], "event 4 (bid) has seq 3"),
    (lambda log: [*log[:-2], log[-1]], "event 9 is missing: the head is of event"),
    (lambda log: log[:-2], "event 9 or the head is missing"),
    (
        lambda log: [*made_anew([*log[:-1], log[-2], log[-1]])[:-1], log[-1]],
        "event 10 (refused) was added after the end",
    ),
    (lambda log: [*made_anew(log[:3] + log[4:])[:-1], log[-2], log[-1]], "event 9 (refused) does not follow"),
    (lambda log: [*log[:-1], _head(log, hash="0" * 64)], "event 9 (refused) is not the one of the head"),
    (lambda log: [*log[:-1], {"head": {**log[-1]["head"], "at": 1}}], "the head of event 9 is forged"),
    (lambda log: [*log[:-1], _head(log, FORGER)], "the head of event 9 is signed with the key"),
]
"""A change to the download, and what is said of it."""

MADE_ANEW: list[tuple[Change, str]] = [
    (_late, "event 10 (bid) cannot be: the sale was sold then"),
    (changed(BIDS[-1], at=END), f"event {BIDS[-1] + 1} (bid) is of {END}, and bids were taken from 0 to {END}"),
    (changed(7, at=END - 5), f"event 8 (closed) is of {END - 5}, and was due at {END}"),
    (lambda log: log[1:], "event 1 (opened) cannot be: the sale was not listed then"),
    (_cheaper, "event 4 (refused) changes the standing"),
]
"""The same of a house that chains and signs anew whatever it changed."""
