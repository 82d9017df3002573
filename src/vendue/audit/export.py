"""An auditor's export: every event recomputed from the commands, by the rules."""

from collections.abc import Iterable, Iterator

from msgspec import DecodeError, Raw, Struct, ValidationError
from msgspec.json import Decoder, decode

from vendue.audit.parts import Event, Wrong, name_of
from vendue.log.port import Topic
from vendue.rules.auction import Auction
from vendue.rules.commands import Command, Tick
from vendue.rules.commands import decode as decode_command
from vendue.rules.decide import step
from vendue.rules.events import Event as Decided
from vendue.rules.evidence import read


class Line(Struct, frozen=True):
    """A line of an export: a record as the log stamped it, with its JSON value."""

    topic: Topic
    partition: int
    offset: int
    at: int
    key: str
    value: Raw


_decoder = Decoder(Line)


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """Of an export alone. Raises Wrong."""
    for number, text in enumerate(lines, 1):
        try:
            if text.strip():
                yield _decoder.decode(text)
        except (DecodeError, UnicodeDecodeError) as error:  # a ValidationError is the former
            raise Wrong(
                f"line {number} is no record of an export: {error}; make one with `vendue export --auction ID`"
            ) from error


def command_of(line: Line) -> Command:
    """The command of a record of `bids`, which the rules can decide. Raises Wrong."""
    try:
        command = decode_command(bytes(line.value))
        if not isinstance(command, Tick):
            bytes.fromhex(command.salt)  # as it is sealed with
    except (ValidationError, ValueError) as error:
        raise Wrong(f"command at offset {line.offset} is malformed: {error}") from error
    return command


def event_of(line: Line) -> Decided:
    """The event of a record of `auction-events`. Raises Wrong."""
    try:
        return read(bytes(line.value))
    except ValidationError as error:
        raise Wrong(f"event at offset {line.offset} is malformed: {error}") from error


def decide_again(commands: list[Line], events: list[Event]) -> Auction | None:
    """The auction that the commands lead to. Raises Wrong where its events are others."""
    state: Auction | None = None
    count = 0
    for line in commands:
        command = command_of(line)
        state, decided = step(state, command, line.at)
        if command.auction != line.key:
            raise Wrong(f"command at offset {line.offset} is of another auction, {command.auction}")
        for event in decided:
            count += 1
            if count > len(events):
                raise Wrong(f"event {count} ({decode(event.value)['type']}) is missing: the commands lead to it")
            if decode(event.value) != events[count - 1]:
                name = name_of(count, events[count - 1])
                raise Wrong(f"{name} is not what the rules decide of the command at offset {line.offset}")
    if count < len(events):
        raise Wrong(f"{name_of(count + 1, events[count])} follows from no command")
    return state
