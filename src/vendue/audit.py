"""The audit: whether an export holds: every hash and commitment, and every event recomputed from the commands."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from msgspec import DecodeError, Raw, Struct, ValidationError
from msgspec.json import Decoder, decode

from vendue.log.port import Topic
from vendue.rules.auction import Auction
from vendue.rules.commands import decode as decode_command
from vendue.rules.decide import step
from vendue.rules.evidence import GENESIS, canonical

_SECRET = ("hash", "hidden", "salt")


class Line(Struct, frozen=True):
    """A line of an export: a record as the log stamped it, with its JSON value."""

    topic: Topic
    partition: int
    offset: int
    at: int
    key: str
    value: Raw


class Verdict(Struct, frozen=True):
    """What the audit of one auction found. `fault` names the first wrong event, None where all holds."""

    auction: str
    events: int
    commands: int
    status: str | None
    winner: str | None
    price: int | None
    fault: str | None


class Wrong(Exception):
    """Something does not hold; the message says where and what."""


_lines = Decoder(Line)


def audit(lines: Iterable[bytes]) -> list[Verdict]:
    """A verdict for each auction in an export's lines. Raises Wrong where it is no export."""
    commands: dict[str, list[Line]] = {}
    events: dict[str, list[dict[str, Any]]] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _lines.decode(text)
            if line.topic == "bids":
                commands.setdefault(line.key, []).append(line)
            else:
                events.setdefault(line.key, []).append(decode(line.value, type=dict[str, Any]))
        except (DecodeError, UnicodeDecodeError) as error:
            raise Wrong(f"line {number} is no record of an export: {error}") from error
    if not commands and not events:
        raise Wrong("the file holds no records; make one with `vendue export --auction ID`")
    auctions = dict.fromkeys([*events, *commands])
    return [_judge(auction, commands.get(auction, []), events.get(auction, [])) for auction in auctions]


def _judge(auction: str, commands: list[Line], events: list[dict[str, Any]]) -> Verdict:
    state: Auction | None = None
    fault = None
    try:
        _check_chain(auction, events)
        state = _decide_again(commands, events) if commands else None
    except Wrong as wrong:
        fault = str(wrong)
    return Verdict(
        auction,
        len(events),
        len(commands),
        state.status if state else None,
        state.winner if state else None,
        state.hammer_price if state else None,
        fault,
    )


def _check_chain(auction: str, events: list[dict[str, Any]]) -> None:
    previous = GENESIS
    for number, event in enumerate(events, 1):
        name = f"event {number} ({event.get('type')})"
        public = {key: value for key, value in event.items() if key not in _SECRET}
        if event.get("auction") != auction:
            raise Wrong(f"{name} is of another auction, {event.get('auction')}")
        if event.get("seq") != number:
            raise Wrong(f"{name} has seq {event.get('seq')}: an event is missing, doubled or out of place")
        if event.get("prev") != previous:
            raise Wrong(f"{name} does not follow the event before it: its `prev` is not that one's hash")
        if event.get("hash") != sha256(canonical(public)).hexdigest():
            raise Wrong(f"{name} was changed: its hash is not that of its public part")
        if "hidden" in event and event.get("commitment") != _commitment(event):
            raise Wrong(f"{name} was changed: its commitment is not that of its hidden part")
        previous = event["hash"]


def _commitment(event: dict[str, Any]) -> str | None:
    try:
        salt = bytes.fromhex(event.get("salt", ""))
    except (ValueError, TypeError):
        return None
    return sha256(salt + canonical(event["hidden"])).hexdigest()


def _decide_again(commands: list[Line], events: list[dict[str, Any]]) -> Auction | None:
    state: Auction | None = None
    count = 0
    for line in commands:
        try:
            command = decode_command(bytes(line.value))
            state, decided = step(state, command, line.at)
        except (ValidationError, ValueError) as error:  # the latter where a salt is no hex
            raise Wrong(f"command at offset {line.offset} is malformed: {error}") from error
        if command.auction != line.key:
            raise Wrong(f"command at offset {line.offset} is of another auction, {command.auction}")
        for event in decided:
            count += 1
            if count > len(events):
                raise Wrong(f"event {count} ({decode(event.value)['type']}) is missing: the commands lead to it")
            if decode(event.value) != events[count - 1]:
                raise Wrong(
                    f"event {count} ({events[count - 1].get('type')}) is not what the rules decide "
                    f"of the command at offset {line.offset}"
                )
    if count < len(events):
        raise Wrong(f"event {count + 1} ({events[count].get('type')}) follows from no command")
    return state
