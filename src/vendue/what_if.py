"""What other terms would have made of the same bids: an auction's commands decided twice, by the rules alone.

It does not tell what people would have bid had they known these terms.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import DecodeError, Struct, to_builtins
from msgspec.json import decode
from msgspec.structs import replace

from vendue.audit import Wrong, command_of, read_lines
from vendue.rules.auction import Auction
from vendue.rules.commands import Amend, Bid, Command, List, Tick
from vendue.rules.decide import step
from vendue.rules.events import Placed, Refused
from vendue.rules.terms import complete, faults_of, read_terms

SHORT = {"reserve": "reserve_price", "buy_now": "buy_now_price"}

Asked = tuple[int, Command]
"""A command with the log's stamp, epoch ms."""


class Outcome(Struct, frozen=True):
    """How an auction ended, or stands; `price` in minor units, `ends_at` in epoch ms; `winner` is an account's id."""

    status: str
    winner: str | None
    price: int | None
    ends_at: int
    accepted: int
    refused: int


class WhatIf(Struct, frozen=True):
    """One auction under its own terms and under the others."""

    auction: str
    was: Outcome
    would_be: Outcome


def read_export(lines: Iterable[bytes]) -> dict[str, list[Asked]]:
    """The commands of an auditor's export by auction. Raises Wrong."""
    found: dict[str, list[Asked]] = {}
    for line in read_lines(lines):
        if line.topic == "bids":
            found.setdefault(line.key, []).append((line.at, command_of(line)))
    return found


def read_changes(given: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE of terms, the value as JSON where it is some: null takes a term away. Raises ValueError."""
    changes: dict[str, Any] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not (name and equals):
            raise ValueError(f"{each!r} is no NAME=VALUE, such as reserve=900000 or increments=us")
        try:
            changes[SHORT.get(name, name)] = decode(text)
        except DecodeError:
            changes[SHORT.get(name, name)] = text
    return changes


def what_if(auction: str, asked: Sequence[Asked], changes: Mapping[str, Any]) -> WhatIf:
    """The auction's commands in their order, decided as they were and with changed terms. Raises Wrong."""
    return WhatIf(auction, _run(auction, asked), _run(auction, ((at, _changed(at, it, changes)) for at, it in asked)))


def _changed(at: int, command: Command, changes: Mapping[str, Any]) -> Command:
    if not isinstance(command, List | Amend):
        return command
    given = {name: value for name, value in to_builtins(command.terms).items() if value is not None}
    terms, faults = read_terms(given | dict(changes), at)
    if terms is not None:
        faults = faults_of(complete(terms, at), at)
    if terms is None or faults:
        said = "; ".join(dict.fromkeys(fault.message for fault in faults))
        raise Wrong(f"auction {command.auction} could not have had these terms: {said}")
    return replace(command, terms=terms)


def _run(auction: str, asked: Iterable[Asked]) -> Outcome:
    state: Auction | None = None
    accepted = refused = 0
    for at, command in asked:
        state, events = step(state, command, at)
        accepted += sum(type(event.body) is Placed for event in events)
        refused += type(command) is Bid and any(type(event.body) is Refused for event in events)
    if state is None:
        raise Wrong(f"the file holds no listing of auction {auction}: nothing can be decided again")
    while state.status in ("scheduled", "live"):  # to its end, which other terms may have moved
        due = state.deadline()
        assert due is not None, "an auction that is not over has one"
        state, _ = step(state, Tick(auction), due)
        assert state is not None
    standing = state.standing
    price = standing.hammer_price if standing.status == "sold" else standing.price
    return Outcome(standing.status, state.winner, price, standing.ends_at, accepted, refused)
