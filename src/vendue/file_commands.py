"""The commands that read a file alone and need no running system: audit, replay, why."""

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click
import uvloop
from msgspec.json import encode

from vendue.audit import Verdict, Wrong, event_of, read_lines, read_proofs
from vendue.audit import audit as audit_lines
from vendue.replay import asked_of, read_rows
from vendue.replay import replay as replay_rows
from vendue.rules.claims import ACTS
from vendue.rules.events import Event
from vendue.rules.why import Why, whys
from vendue.what_if import read_changes, read_export, what_if

_A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("file", type=_A_FILE)
@click.option("--keys", type=_A_FILE, help="What GET /.well-known/vendue answered: signatures are checked too.")
@click.option("--receipt", "receipts", type=_A_FILE, multiple=True, help="Answers to bids; may come several times.")
@click.option("--opening", "openings", type=_A_FILE, multiple=True, help="What GET /api/auctions/ID/openings answered.")
@click.option("--head", "heads", type=_A_FILE, multiple=True, help="Heads that were kept; may come several times.")
def audit(
    file: Path, keys: Path | None, receipts: tuple[Path, ...], openings: tuple[Path, ...], heads: tuple[Path, ...]
) -> None:
    """Check an export, a public log or the audit log: the chain, and whatever else the file lets one recompute."""
    with file.open("rb") as lines:
        verdicts = audit_lines(lines, read_proofs(keys, receipts, openings, heads))
    for verdict in verdicts:
        sys.stdout.buffer.write(encode(verdict) + b"\n")
        name = _name_of(verdict)
        if keys is None and (verdict.head or verdict.receipts or verdict.heads):
            click.echo(f"{name}: no signature was checked; give --keys FILE", err=True)
        if verdict.auction == ACTS and not verdict.events:
            click.echo(f"{name}: it has no line yet", err=True)
        if not (verdict.commands or verdict.head or verdict.fault):
            click.echo(f"{name}: no commands in this file, so no winner was recomputed", err=True)
        elif verdict.status in ("scheduled", "live"):
            said = f"{name}: still {verdict.status} after its last event here, {verdict.events}"
            click.echo(f"{said}; if it is over, the end of this file is missing", err=True)
    faults = [f"{_name_of(each)}: {each.fault}" for each in verdicts if each.fault]
    if faults:
        raise Wrong(faults[0])


def _name_of(verdict: Verdict) -> str:
    return "audit log" if verdict.auction == ACTS else f"auction {verdict.auction}"


@click.command()
@click.argument("file", type=_A_FILE)
@click.option("--increments", type=click.Choice(["us", "cars"]), default="us", show_default=True)
@click.option("--direct", is_flag=True, help="Each bid is the price, not the most one will pay.")
@click.option("--seconds", is_flag=True, help="Say on standard error how long it took.")
@click.option(
    "--what-if",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="A term that was another, such as reserve=900000, increments=us or soft_close=null; may come several times. "
    "FILE may then be an export too.",
)
def replay(
    file: Path, increments: Literal["us", "cars"], direct: bool, seconds: bool, changes: tuple[str, ...]
) -> None:
    """Decide a file of bids anew, by the real engine on a fresh log; or under other terms, by the rules."""
    started = time.perf_counter()
    if changes:
        _what_if(file, increments, direct, changes)
        return
    rows = read_rows(file)
    outcomes = uvloop.run(replay_rows(rows, increments, direct))
    for outcome in outcomes:
        sys.stdout.buffer.write(encode(outcome) + b"\n")
    sys.stdout.buffer.flush()
    summary: dict[str, float] = {"auctions": len(outcomes), "bids": len(rows)}
    summary["accepted"] = sum(each.accepted for each in outcomes)
    summary["refused"] = sum(each.refused for each in outcomes)
    if seconds:
        summary["seconds"] = round(time.perf_counter() - started, 2)
    click.echo(encode(summary).decode(), err=True)


def _what_if(file: Path, increments: Literal["us", "cars"], direct: bool, given: tuple[str, ...]) -> None:
    try:
        changes = read_changes(given)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with file.open("rb") as lines:
        exported = lines.read(1) == b"{"
        lines.seek(0)
        asked = read_export(lines) if exported else asked_of(read_rows(file), increments, direct)
    found = [what_if(auction, commands, changes) for auction, commands in asked.items()]
    for each in found:
        sys.stdout.buffer.write(encode(each) + b"\n")
    sys.stdout.buffer.flush()
    summary = {
        "auctions": len(found),
        "another_winner": sum(each.was.winner != each.would_be.winner for each in found),
        "another_price": sum(each.was.price != each.would_be.price for each in found),
    }
    click.echo(encode(summary).decode(), err=True)


@click.command()
@click.argument("file", type=_A_FILE)
@click.option("--bid", help="Of this bid alone, by its documentId.")
@click.option("--at", "at_ms", type=int, metavar="MS", help="Of the last bid decided by this time alone, epoch ms.")
def why(file: Path, bid: str | None, at_ms: int | None) -> None:
    """Say of the bids in an auditor's export why each was accepted, refused, outbid: in words and as data."""
    with file.open("rb") as lines:
        found = [each for each in _explained(lines) if bid in (None, each.bid)]
    if at_ms is not None:
        found = [each for each in found if each.at <= at_ms][-1:]
    for each in found:
        sys.stdout.buffer.write(encode(each) + b"\n")
    if not found:
        raise Wrong("No such bid was decided in this file; without --bid and --at all of them are told.")


def _explained(lines: Iterable[bytes]) -> list[Why]:
    events: dict[str, list[Event]] = {}
    for line in read_lines(lines):
        if line.topic == "auction-events":
            events.setdefault(line.key, []).append(event_of(line))
    return [found for each in events.values() for found in whys(each)]
