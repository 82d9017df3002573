"""`vendue loadtest`: its options, Ctrl-C, and where the report goes."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import click
import uvloop
from msgspec import json

from vendue.audit import Wrong
from vendue.loadtest.house import Person
from vendue.loadtest.page import page_of
from vendue.loadtest.plan import Plan
from vendue.loadtest.report import Report
from vendue.loadtest.run import read_accounts, run_loadtest
from vendue.loadtest.view import View

PASSWORD = "VENDUE_LOADTEST_PASSWORD"  # noqa: S105  # the variable's name


class _Mix(click.ParamType[tuple[int, ...]]):
    name = "people:lots:bids"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = str(value).split(":")
        if len(parts) != 3 or not all(part.isdecimal() and len(part) < 7 for part in parts) or not int(parts[2]):
            self.fail(f"{value} is not of the form 1:3:46, with some bids.", param, context)
        return tuple(map(int, parts))


@click.command()
@click.argument("url")
@click.option("--rate", type=click.FloatRange(0.1, 100_000), default=50, show_default=True, help="Events a second.")
@click.option("--seconds", type=click.FloatRange(1, 86_400), default=30, show_default=True, help="How long to bid.")
@click.option("--mix", type=_Mix(), default="1:3:46", show_default=True, help="Of the events: people, lots, bids.")
@click.option("--people", type=click.IntRange(2, 100_000), help="So many bidders, instead of those of the mix.")
@click.option("--lots", type=click.IntRange(1, 100_000), help="So many lots, instead of those of the mix.")
@click.option("--watchers", type=click.IntRange(0, 100_000), default=50, show_default=True, help="Live connections.")
@click.option(
    "--skew", type=click.FloatRange(0, 4), default=1, show_default=True, help="How hot the hottest lots are; Zipf's s."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same again makes the same choices.")
@click.option(
    "--accounts",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A CSV file of bidders: username, password. Without it they register.",
)
@click.option(
    "--seller",
    envvar="VENDUE_LOADTEST_SELLER",
    help=f"A seller's account that puts the lots up; its password in {PASSWORD}. Without it: bid on what is live.",
)
@click.option(
    "--seller-password", envvar=PASSWORD, hidden=True, help="From the environment alone: an argument is seen by others."
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default="loadtest", show_default=True, help="A folder."
)
def loadtest(
    url: str, accounts: Path | None, seller: str | None, seller_password: str | None, out: Path, **given: Any
) -> None:
    """Bid and watch at a running Vendue, measure, and hold every answer against its public record.

    Writes report.json and report.html. Exit 1 where something does not agree. Ctrl-C ends the bidding and reports.
    """
    if seller is not None and not seller_password:
        raise click.UsageError(f"The password of {seller} is missing; put it in {PASSWORD}.")
    people = read_accounts(accounts) if accounts is not None else None
    selling = Person(seller, seller_password or "") if seller is not None else None
    out.mkdir(parents=True, exist_ok=True)
    report = uvloop.run(_run(Plan(url, **given), people, selling))
    (out / "report.json").write_bytes(json.format(json.encode(report), indent=1))
    (out / "report.html").write_text(page_of(report))
    click.echo(_last_words(report, out))
    if not report.holds:
        raise Wrong(f"{len(report.verdict.faults)} disagreements; the first: {report.verdict.faults[0]}")


async def _run(plan: Plan, people: list[Person] | None, seller: Person | None) -> Report:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    with View() as view:
        testing = asyncio.ensure_future(run_loadtest(plan, people, seller, stop, view.show, view.say))

        def interrupted() -> None:
            if stop.is_set() or not view.bidding:
                testing.cancel()
            stop.set()

        loop.add_signal_handler(signal.SIGINT, interrupted)
        try:
            return await testing
        except asyncio.CancelledError:
            raise click.Abort from None
        finally:
            loop.remove_signal_handler(signal.SIGINT)


def _last_words(report: Report, out: Path) -> str:
    latency, fan_out, closing = report.latency, report.fan_out, report.closing
    checked = report.verdict
    return "\n".join(
        (
            f"{report.answered_per_second:g} answers/s of {report.offered_per_second:g} asked, "
            f"latency p50 {latency.p50:.1f} p99 {latency.p99:.1f} p99.9 {latency.p99_9:.1f} max {latency.max:.1f} ms",
            f"{report.frames_per_second:g} frames/s to {report.watchers} watchers, fan-out p50 {fan_out.p50:.1f} "
            f"p99 {fan_out.p99:.1f} ms; {closing.count} closings, at most {closing.max:.0f} ms late",
            *report.remarks,
            f"{checked.bids} answers and {checked.standings} standings of {checked.auctions} lots, "
            f"{checked.logs} of them with their logs, {checked.receipts} receipts and {checked.heads} heads signed, "
            f"{'agree with the record' if report.holds else 'DO NOT ALL AGREE with the record'}",
            f"{out / 'report.html'}, {out / 'report.json'}",
        )
    )
