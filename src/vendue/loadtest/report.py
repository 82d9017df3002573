"""The report: what was asked of the server, what it did, and whether all of it agrees. The page is made of it."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from vendue import __version__
from vendue.loadtest.check import Verdict
from vendue.loadtest.measures import Histogram, Series, Summary
from vendue.loadtest.plan import Plan

if TYPE_CHECKING:
    from vendue.loadtest.run import Run

MOST_FAULTS = 100
CURVE = (0.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.99)
LATE_MS = 50.0
"""A generator that sends one in a hundred bids so late measures itself."""
METHOD = (
    "Open loop: each bid had its time before the test began, and was sent then whether or not others were answered. "
    "Latency counts from that time, so that a server which stalls is charged for every bid that was due meanwhile "
    "(no coordinated omission). Service time counts from when a bid was really sent."
)


class Second(Struct, frozen=True):
    """One second: bids that were due, answers by status, frames, and percentiles in ms, null where nothing came."""

    at: int
    due: int
    answers: dict[str, int]
    frames: int
    latency_p50: float | None
    latency_p99: float | None
    fan_out_p50: float | None
    fan_out_p99: float | None
    closing_max: float | None


class Report(Struct, frozen=True):
    """Rates a second, times in ms. `outcomes`: accepted bids by where they stood, refused ones by code."""

    vendue: str
    url: str
    started_at: str
    seconds: float
    stopped_early: bool
    method: str
    plan: Plan
    people: int
    lots: int
    watchers: int
    watchers_lost: dict[str, str]
    offered_per_second: float
    answered_per_second: float
    frames_per_second: float
    statuses: dict[str, int]
    outcomes: dict[str, int]
    unsent: dict[str, int]
    latency: Summary
    service: Summary
    sent_late: Summary
    listing: Summary
    fan_out: Summary
    closing: Summary
    clock_doubt_ms: float | None
    latency_curve: list[tuple[float, float]]
    service_curve: list[tuple[float, float]]
    hottest: list[tuple[str, int]]
    remarks: list[str]
    verdict: Verdict
    holds: bool
    series: list[Second]


def report_of(run: "Run", verdict: Verdict, started_ms: float, seconds: float, *, stopped: bool) -> Report:
    """Of a test that is over."""
    measures, bids = run.measures, run.bidders.bids
    answered = sum(bid.status != 0 for bid in bids)
    shown = replace(verdict, faults=verdict.faults[:MOST_FAULTS])
    clock = run.watchers.clock
    return Report(
        vendue=__version__,
        url=run.plan.url,
        started_at=datetime.fromtimestamp(started_ms / 1000, UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        stopped_early=stopped,
        method=METHOD,
        plan=run.plan,
        people=len(run.bidders.people),
        lots=len(run.market.seen),
        watchers=run.plan.watchers,
        watchers_lost=dict(list(run.watchers.lost.items())[:MOST_FAULTS]),
        offered_per_second=round((len(bids) + run.bidders.unsent.total()) / max(seconds, 0.1), 1),
        answered_per_second=round(answered / max(seconds, 0.1), 1),
        frames_per_second=round(sum(measures.frames[at] for at in range(int(seconds))) / max(int(seconds), 1), 1),
        statuses={word: each.total() for word, each in sorted(measures.answers.items())},
        outcomes=dict(Counter(bid.outcome or bid.code or "" for bid in bids if bid.seq is not None).most_common()),
        unsent=dict(run.bidders.unsent),
        latency=measures.latency.whole.summary(),
        service=measures.service.whole.summary(),
        sent_late=measures.late.whole.summary(),
        listing=measures.listing.whole.summary(),
        fan_out=measures.fan_out.whole.summary(),
        closing=measures.closing.whole.summary(),
        clock_doubt_ms=round(clock.doubt_ms, 2) if clock.doubt_ms < float("inf") else None,
        latency_curve=_curve(measures.latency.whole),
        service_curve=_curve(measures.service.whole),
        hottest=Counter(bid.auction for bid in bids).most_common(10),
        remarks=_remarks(run),
        verdict=shown,
        holds=not verdict.faults,
        series=_series(run, seconds),
    )


def _curve(histogram: Histogram) -> list[tuple[float, float]]:
    """Pairs of a percentage and the ms that it does not exceed; only as far as there are values to tell."""
    if not histogram.count:
        return []
    told = [percent for percent in CURVE if histogram.count * (100 - percent) >= 100]
    values = histogram.percentiles(told)
    return [*((percent, round(ms, 3)) for percent, ms in zip(told, values, strict=True)), (100.0, histogram.max)]


def _remarks(run: "Run") -> list[str]:
    """What whoever reads the figures should know of them."""
    found, statuses = [], {word: each.total() for word, each in run.measures.answers.items()}
    late = run.measures.late.whole.summary()
    if late.p99 > LATE_MS:
        found.append(
            f"This client sent 1 % of its bids more than {late.p99:.0f} ms late: it was at its own limit, and latency "
            "and fan-out are at least in part its own. Run several, or ask for less."
        )
    elif late.max > run.measures.latency.whole.max / 2:
        found.append(f"The longest delays are in part this client's own: it sent a bid {late.max:.0f} ms late.")
    if statuses.get("429"):
        found.append(
            f"{statuses['429']} bids were answered 429, over the limit of an account. Raise VENDUE_BID_RATE and "
            "VENDUE_BID_BURST there for the test, or let more people bid (--people)."
        )
    if statuses.get("503"):
        found.append(
            f"{statuses['503']} bids were answered 503: the server was at its limit, or a part of it was down."
        )
    if statuses.get("401") or statuses.get("403"):
        found.append("Some bids were answered 401 or 403: these accounts may not bid there.")
    found += [f"{count} bids were not sent: {why}." for why, count in run.bidders.unsent.items()]
    if run.watchers.lost:
        found.append(f"{len(run.watchers.lost)} watchers were cut off.")
    if not run.ours:
        found.append("The lots were others': who wins at which price was not computed anew.")
    return found


def _series(run: "Run", seconds: float) -> list[Second]:
    measures = run.measures
    due = Counter(int(bid.due_s) for bid in run.bidders.bids)
    last = int(max([seconds, *measures.latency.by_second, *measures.closing.by_second]))
    return [
        Second(
            at,
            due[at],
            {word: each[at] for word, each in measures.answers.items() if each[at]},
            measures.frames[at],
            *_percentiles(measures.latency, at),
            *_percentiles(measures.fan_out, at),
            round(measures.closing.by_second[at].max, 1) if at in measures.closing.by_second else None,
        )
        for at in range(last + 1)
    ]


def _percentiles(series: Series, at: int) -> tuple[float | None, float | None]:
    if at not in series.by_second:
        return None, None
    p50, p99 = series.by_second[at].percentiles((50.0, 99.0))
    return round(p50, 2), round(p99, 2)
