"""Load tests of a real `vendue run`: what they measure, and that they notice what is not true."""

import asyncio
import copy
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest
import pytest_asyncio
from click.testing import CliRunner
from msgspec.json import encode
from msgspec.structs import replace

from tests.audit.sold import FORGER
from tests.faults.process import Vendue, environment
from vendue.audit import Proofs
from vendue.audit.proofs import Signed, read_keys
from vendue.loadtest import BadPlan, Plan, run, run_loadtest
from vendue.loadtest.bidders import Bid
from vendue.loadtest.check import Record, judge
from vendue.loadtest.command import loadtest
from vendue.loadtest.house import House, Person, place_of
from vendue.loadtest.market import Market
from vendue.loadtest.page import page_of
from vendue.loadtest.proof import Published
from vendue.loadtest.report import Report

PASSWORD = "the seller's password"
STALL_S = 0.6
DEFAULTS = {"VENDUE_BID_RATE": "20", "VENDUE_BID_BURST": "40"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which a seller has an account."""
    folder = tmp_path_factory.mktemp("loadtest") / "data"
    arguments = ["--username", "seller", "--email", "seller@example.com", "--role", "seller", "--password-stdin"]
    command = [sys.executable, "-m", "vendue.cli", "user", "create", *arguments]
    subprocess.run(command, check=True, env=environment(folder, {}), input=PASSWORD, text=True, capture_output=True)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vendue(folder: Path) -> AsyncIterator[Vendue]:
    async with Vendue(folder, more=DEFAULTS) as running:
        await running.ready()
        yield running


class Seen(NamedTuple):
    """A test's report, and what it was judged by."""

    report: Report
    bids: list[Bid]
    market: Market
    record: Record


async def observed(vendue: Vendue, plan: Plan, show: Callable[[Any], None], *, sells: bool = True) -> Seen:
    found: list[Any] = []

    def judged(*known: Any, **more: Any) -> Any:
        found.extend(known)
        return judge(*known, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "judge", judged)
        seller = Person("seller", PASSWORD) if sells else None
        report = await run_loadtest(plan, None, seller, asyncio.Event(), show, lambda _: None)
    return Seen(report, *found)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen(vendue: Vendue) -> Seen:
    """A test of a server that does nothing for a while in the middle of it."""
    stalling: list[asyncio.Task[None]] = []

    async def stall() -> None:
        await asyncio.sleep(0.7)
        vendue.pause()
        await asyncio.sleep(STALL_S)
        vendue.resume()

    def show(test: run.Run) -> None:
        if test.began and not stalling:
            stalling.append(asyncio.create_task(stall()))

    plan = Plan(_url(vendue), rate=80, seconds=3, people=6, lots=9, watchers=10)
    found = await observed(vendue, plan, show)
    assert stalling and stalling[0].done()
    return found


def _nobody(_: run.Run) -> None:
    """Nobody looks."""


def _url(vendue: Vendue) -> str:
    return f"http://127.0.0.1:{vendue.port}"


def _command(vendue: Vendue, out: Path, *more: str, password: str = PASSWORD) -> tuple[list[str], dict[str, str]]:
    command = [sys.executable, "-m", "vendue.cli", "loadtest", *more, "--out", str(out)]
    return command, environment(vendue.folder, {"VENDUE_LOADTEST_PASSWORD": password})


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_wrong_is_one_sentence(vendue: Vendue, tmp_path: Path) -> None:
    """The first, while there are no lots."""
    url = _url(vendue)
    bidder = House(place_of(url), print)
    ann = (await bidder.register(1))[0]
    await bidder.close()
    cases = [
        (Plan("http://127.0.0.1:1"), None, "Nothing answers at http://127.0.0.1:1"),
        (Plan(url, people=2), None, "Nothing is live there; put lots up"),
        (Plan(url, people=2), Person("seller", "another"), r"seller cannot sign in \(400"),
        (Plan(url, people=2), ann, r"may not put a lot up \(403.*needs the role seller"),
    ]
    for plan, seller, said in cases:
        with pytest.raises(BadPlan, match=said):
            await run_loadtest(plan, None, seller, asyncio.Event(), _nobody, print)
    for arguments, said in (
        ([url, "--seller", "ann"], "put it in VENDUE_LOADTEST_PASSWORD"),
        ([url, "--mix", "1:2"], "1:3:46"),
    ):
        wrong = CliRunner(env={"VENDUE_LOADTEST_PASSWORD": None}).invoke(loadtest, arguments)
        assert wrong.exit_code == 2 and said in wrong.output
    command, known = _command(vendue, tmp_path, "http://127.0.0.1:1")
    done = await asyncio.create_subprocess_exec(*command, env=known, stdout=-1, stderr=-1)
    _, errors = await done.communicate()
    assert (done.returncode, errors.decode().count("vendue: Nothing answers at")) == (1, 1), errors


@pytest.mark.asyncio(loop_scope="module")
async def test_the_report_tells_what_was_measured(vendue: Vendue, seen: Seen) -> None:
    report = seen.report
    assert report.verdict.faults == [] and report.holds and report.verdict.logs == 9
    assert all(bid.receipt for bid in seen.bids if bid.seq), "and each answer's hash is its event's"
    decided = sum(bid.seq is not None for bid in seen.bids)
    assert (report.verdict.receipts, report.verdict.heads) == (decided, 9), "and their signatures were checked"
    assert (report.people, report.lots, report.closing.count) == (6, 9, 9)
    counted = await asyncio.to_thread(_bids_decided, vendue)
    assert sum(report.statuses.values()) == len(seen.bids) == report.verdict.bids == counted
    assert report.latency.count == report.service.count == counted
    parts = report.service.mean + report.sent_late.mean
    assert report.latency.mean == pytest.approx(parts, abs=0.05), "from when a bid was due"
    assert sum(report.outcomes.values()) == counted and sum(each.due for each in report.series) == counted
    for word, count in report.statuses.items():
        assert sum(each.answers.get(word, 0) for each in report.series) == count
    assert sum(each.frames for each in report.series) > 0 and report.fan_out.count > counted
    assert 0 <= report.closing.max < 1_500 and report.clock_doubt_ms is not None and report.clock_doubt_ms < 50
    assert json.loads(json.dumps([each.at for each in report.series])) == list(range(len(report.series)))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_server_that_stalls_is_charged_for_every_bid_that_was_due(seen: Seen) -> None:
    most = [each.latency_p99 for each in seen.report.series if each.latency_p99 is not None]
    assert max(most) > 0.8 * STALL_S * 1000
    told = "a client that waits for its answer would have one late bid a person"
    assert _above(seen.report.service_curve, seen.report.service.count, 100.0) > 2 * seen.report.people, told


def _above(curve: list[tuple[float, float]], count: int, ms: float) -> float:
    """How many took longer than that, at least."""
    within = min((percent for percent, value in curve if value > ms), default=100.0)
    return count * (100 - within) / 100


def _bids_decided(vendue: Vendue) -> int:
    with urlopen(f"{_url(vendue)}/metrics") as response:
        return int(
            sum(map(float, re.findall(r"^vendue_bids_total\{.*\} (\S+)", response.read().decode(), re.MULTILINE)))
        )


@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_holds_it_all_and_asks_nobody(seen: Seen) -> None:
    page = page_of(seen.report)
    assert "<script" not in page and "src=" not in page and "url(" not in page and "@import" not in page
    assert re.findall(r"https?://[^\s<\"]+", page.replace(seen.report.url, "")) == []
    assert page.count("<svg") == 6 and "prefers-color-scheme: dark" in page
    assert f"{seen.report.latency.p99:.2f}" in page and "Every answer agrees" in page


def _a_bid(record: Record, **wanted: Any) -> dict[str, Any]:
    """Of some person, as he sees it."""
    rows = (row for rows in record.own for row in rows)
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def _a_lot(record: Record) -> dict[str, Any]:
    return next(row for row in record.lots.values() if row["status"] == "sold" and row["bids_count"] > 3)


def _change(row: dict[str, Any], **values: Any) -> None:
    row.update(values)


def _drop(record: Record) -> None:
    gone = _a_bid(record, status="accepted")
    for rows in record.own:
        rows[:] = [row for row in rows if row is not gone]


def _public(record: Record) -> list[dict[str, Any]]:
    return record.bids[_a_lot(record)["documentId"]]


def _events(record: Record) -> list[dict[str, Any]]:
    return _log(record).events


def _log(record: Record) -> Published:
    return record.logs[_a_lot(record)["documentId"]]


def _another(record: Record) -> Published:
    """Another lot's log."""
    lot = _a_lot(record)["documentId"]
    return next(log for each, log in record.logs.items() if each != lot)


def _another_log(record: Record) -> None:
    record.logs[_a_lot(record)["documentId"]] = _another(record)


def _forged(signed: Signed) -> Signed:
    """With another signature."""
    return replace(signed, signature=("B" if signed.signature[0] == "A" else "A") + signed.signature[1:])


def _another_head(record: Record, make: Callable[[Signed], Signed | None]) -> None:
    log = _log(record)
    assert log.head is not None
    log.head = make(log.head)


TAMPERED: dict[str, tuple[Callable[[Record], None], str]] = {
    "another amount": (lambda r: _change(_a_bid(r, status="accepted"), maximum=1), "maximum was told"),
    "another place": (lambda r: _change(_a_bid(r, status="accepted"), seq=9_999), "seq was told"),
    "another time": (lambda r: _change(_a_bid(r, status="accepted"), placed_at=2**42), "placed_at was told"),
    "refused after all": (lambda r: _change(_a_bid(r, status="accepted"), status="refused"), "status was told"),
    "accepted after all": (lambda r: _change(_a_bid(r, status="refused"), status="accepted"), "status was told"),
    "a bid that is gone": (_drop, "is not in the record"),
    "a bid of nobody": (lambda r: _change(_a_bid(r, status="accepted"), documentId="f" * 32), "that nobody made"),
    "another price": (lambda r: _change(_a_lot(r), price=1), "the price is 1"),
    "another winner": (lambda r: _change(_a_lot(r), leader="Bidder 99"), "Bidder 99 leads, and"),
    "another hammer price": (lambda r: _change(_a_lot(r), hammer_price=7), "it was sold at 7"),
    "an end moved": (lambda r: _change(_a_lot(r), closed_at=_a_lot(r)["ends_at"] + 1), "and was to end at"),
    "a bid after the end": (lambda r: _change(_public(r)[-1], placed_at=2**42), "was accepted after its end"),
    "a count": (lambda r: _change(_a_lot(r), bids_count=1), "bids are counted"),
    "twice the same place": (lambda r: _change(_public(r)[1], seq=_public(r)[0]["seq"]), "have the same seq"),
    "a log's event changed": (lambda r: _change(_events(r)[3], at=5), "was changed: its hash is not"),
    "a log's event gone": (lambda r: _events(r).pop(2) and None, "an event is missing, doubled or out of place"),
    "a log cut short": (lambda r: _events(r).__delitem__(slice(4, None)), "and its log has None"),
    "another lot's log": (_another_log, "is of another auction"),
    "a log's head forged": (lambda r: _another_head(r, _forged), "is forged: its signature does not hold"),
    "a log's head gone": (lambda r: _another_head(r, lambda _: None), "and its head is missing"),
    "another lot's head": (lambda r: _another_head(r, lambda _: _another(r).head), "and its head is of another event"),
    "keys of another house": (
        lambda r: setattr(r, "proofs", Proofs(read_keys(encode({"keys": FORGER.public_keys()})))),
        "which is none of the house's",
    ),
    "no keys": (lambda r: setattr(r, "proofs", Proofs()), "the house tells no key"),
    "a record that ends early": (lambda r: _change(_a_lot(r), seq=1), "the record ends at 1"),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("what", TAMPERED)
async def test_a_record_that_was_tampered_with_does_not_pass(seen: Seen, what: str) -> None:
    record = copy.deepcopy(seen.record)
    tamper, said = TAMPERED[what]
    tamper(record)
    faults = judge(seen.bids, seen.market, record, since_ms=0, ours=True).faults
    assert any(said in fault for fault in faults), faults
    assert not judge(seen.bids, seen.market, seen.record, since_ms=0, ours=True).faults


@pytest.mark.asyncio(loop_scope="module")
async def test_answers_that_contradict_each_other_do_not_pass(seen: Seen) -> None:
    bids, market = copy.deepcopy(seen.bids), copy.deepcopy(seen.market)
    next(bid for bid in bids if bid.status == 201).status = 503
    lot, shown = next((lot, shown) for lot, shown in market.seen.items() if len(shown) > 3)
    other = dict(market.standings[lot], seq=max(shown), price=1)
    market.note(other)
    faults = judge(bids, market, seen.record, since_ms=0, ours=True).faults
    assert len(faults) == 2 and "two standings that differ in {'price'" in faults[0]
    assert "was answered 503, and the record has it as accepted" in faults[1]


RECEIPTS: dict[str, tuple[Callable[[Signed], Signed | None], str]] = {
    "forged": (_forged, "is forged: its signature does not hold"),
    "missing": (lambda _: None, "was answered without a signed receipt"),
    "of another time": (lambda receipt: replace(receipt, at=5), "is forged"),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("what", RECEIPTS)
async def test_a_receipt_that_is_none_is_named_with_its_bid(seen: Seen, what: str) -> None:
    bids = copy.deepcopy(seen.bids)
    bid = next(bid for bid in bids if bid.status == 201)
    change, said = RECEIPTS[what]
    assert bid.receipt is not None
    bid.receipt = change(bid.receipt)
    faults = judge(bids, seen.market, seen.record, since_ms=0, ours=True).faults
    assert any(bid.id in fault and said in fault for fault in faults), faults


@pytest.mark.asyncio(loop_scope="module")
async def test_a_receipt_of_another_bid_is_named(seen: Seen) -> None:
    bids = copy.deepcopy(seen.bids)
    one, other = [bid for bid in bids if bid.status == 201][:2]
    one.receipt = other.receipt
    faults = judge(bids, seen.market, seen.record, since_ms=0, ours=True).faults
    assert any(one.id in fault and "and its receipt has" in fault for fault in faults), faults


@pytest.mark.asyncio(loop_scope="module")
async def test_bids_over_the_limit_are_told_with_what_to_do(vendue: Vendue, seen: Seen) -> None:
    del seen  # whose bids were counted before
    found = await observed(vendue, Plan(_url(vendue), rate=140, seconds=2, people=2, lots=2, watchers=1), _nobody)
    assert found.report.statuses["429"] > 0 and found.report.holds
    assert any("Raise VENDUE_BID_RATE" in each for each in found.report.remarks)


async def _tamper_and_interrupt(testing: asyncio.subprocess.Process, vendue: Vendue) -> tuple[bytes, bytes, str]:
    """Change one accepted bid in the catalogue while others are made, then Ctrl-C; what it said, and which bid."""
    assert testing.stderr is not None
    started_at = time.time() * 1000
    while b"201" not in await testing.stderr.readline():
        pass
    with closing(sqlite3.connect(vendue.folder / "catalogue.db", timeout=5)) as catalogue, catalogue:
        # Of this load test: those of others before it stand there, too.
        first = "SELECT documentId FROM bids WHERE status = 'accepted' AND placed_at > ? ORDER BY placed_at LIMIT 1"
        while (found := catalogue.execute(first, (started_at,)).fetchone()) is None:
            await asyncio.sleep(0.05)
        (bid,) = found
        catalogue.execute("UPDATE bids SET maximum = maximum + 1 WHERE documentId = ?", (bid,))
    testing.send_signal(signal.SIGINT)
    return *(await testing.communicate()), bid


@pytest.mark.asyncio(loop_scope="module")
async def test_ctrl_c_still_reports_and_a_tampered_catalogue_is_exit_1(vendue: Vendue, tmp_path: Path) -> None:
    more = [_url(vendue), "--seller", "seller", "--rate", "60", "--seconds", "60", "--people", "5", "--lots", "4"]
    command, known = _command(vendue, tmp_path, *more, "--watchers", "2")
    testing = await asyncio.create_subprocess_exec(*command, env=known, stdout=-1, stderr=-1)
    assert testing.stderr is not None
    try:
        output, errors, bid = await asyncio.wait_for(_tamper_and_interrupt(testing, vendue), 30)
    finally:
        if testing.returncode is None:
            testing.kill()
    assert testing.returncode == 1, errors
    assert f"bid {bid} of" in errors.decode().splitlines()[-1] and "maximum was told as" in errors.decode()
    assert "DO NOT ALL AGREE" in output.decode()
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert report["stopped_early"] and report["seconds"] < 30 and not report["holds"]
    assert "Load test of" in (tmp_path / "report.html").read_text()


@pytest.mark.asyncio(loop_scope="module")
async def test_without_a_seller_people_bid_on_what_is_live(vendue: Vendue) -> None:
    house, seller = House(place_of(_url(vendue)), print), Person("seller", PASSWORD)
    await house.sign_in(seller)
    client = house.client(seller.token)
    lot = await house.put_up(client, "Of somebody else", int(time.time() * 1000) + 60_000)
    await client.close()
    await house.close()
    found = await observed(vendue, Plan(_url(vendue), rate=40, seconds=1, people=3, watchers=2), _nobody, sells=False)
    assert found.report.verdict.faults == [] and lot in found.record.lots and found.report.statuses["201"] > 0
    assert any("computed anew" in each for each in found.report.remarks)
