"""The report as one page that needs nothing else: no script, nothing from elsewhere, light or dark."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from vendue.loadtest.measures import Summary
from vendue.loadtest.plots import Line, plot
from vendue.loadtest.report import Report, Second

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c1e; --pale: #5c6369; --rule: #dfe3e6; --card: #f6f7f8;
  --s0: #0b66c3; --s1: #c2410c; --s2: #15803d; --s3: #7e22ce; --good: #15803d; --bad: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --paper: #121416; --ink: #e8eaec; --pale: #9aa3ab; --rule: #2c3135;
  --card: #1a1d20; --s0: #6cb2ff; --s1: #ff9d66; --s2: #5fd38a; --s3: #c99bff; --good: #5fd38a; --bad: #ff8080; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1100px; padding: 24px 16px 48px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
p { margin: 4px 0; max-width: 78ch; } .pale, small, .none { color: var(--pale); font-weight: 400; }
.verdict { border-left: 5px solid var(--good); background: var(--card); padding: 10px 14px; margin: 16px 0; }
.verdict.bad { border-color: var(--bad); } .verdict b { color: var(--good); } .verdict.bad b { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 10px; padding: 0;
  list-style: none; margin: 16px 0; }
.figures li { background: var(--card); padding: 10px 14px; border-radius: 6px; }
.figures b { display: block; font-size: 22px; font-variant-numeric: tabular-nums; line-height: 1.3; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 16px; }
figure { margin: 0; background: var(--card); border-radius: 6px; padding: 12px; min-width: 0; }
figcaption { font-weight: 600; } svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--rule); } .tick, .axis { fill: var(--pale); font-size: 12px; }
path { fill: none; stroke-width: 2; stroke-linejoin: round; }
path.s0 { stroke: var(--s0); } path.s1 { stroke: var(--s1); }
path.s2 { stroke: var(--s2); } path.s3 { stroke: var(--s3); }
circle.s0 { fill: var(--s0); } circle.s1 { fill: var(--s1); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 4px 0 0; padding: 0;
  font-size: 13px; }
.legend li::before { content: ""; display: inline-block; width: 14px; height: 3px; margin-right: 6px;
  vertical-align: middle; background: var(--s0); }
.legend .s1::before { background: var(--s1); } .legend .s2::before { background: var(--s2); }
.legend .s3::before { background: var(--s3); }
.wide { overflow-x: auto; margin: 0 0 14px; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } thead th { color: var(--pale); font-weight: 500; }
td.long { white-space: normal; text-align: left; overflow-wrap: anywhere; }
"""
_PERCENT_WORDS = {0.0: "0", 50.0: "50", 90.0: "90", 99.0: "99", 99.9: "99.9", 99.99: "99.99"}


def page_of(report: Report) -> str:
    """The whole page."""
    early = ", stopped early" if report.stopped_early else ""
    body = [
        f"<h1>Load test of {escape(report.url)}</h1>",
        f"<p class=pale>{escape(report.started_at)}, {report.seconds:g} s{early}"
        f" · {report.people} people, {report.lots} lots, {report.watchers} watchers, skew {report.plan.skew:g}"
        f" · vendue {escape(report.vendue)}</p>",
        _verdict(report),
        _figures(report),
        *(f"<p>⚠ {escape(each)}</p>" for each in report.remarks),
        f"<div class=plots>{''.join(_plots(report))}</div>",
        "<h2>Times in ms</h2>",
        _times(report),
        f"<p class=pale>{escape(report.method)}</p>",
        f"<p class=pale>Fan-out: from the stamp that the log gave a bid, or from a lot’s end, until the frame was in a "
        f"watcher’s hands, on the server’s clock{_doubt(report)}. Closing: from a lot’s end until the frame that says "
        "so was made, both by the server. Percentiles are exact to 1 %.</p>",
        "<h2>Answers</h2>",
        _counts({_WORDS.get(word, word): count for word, count in report.statuses.items()}, "HTTP status"),
        _counts(report.outcomes, "Where an accepted bid stood, or why one was refused"),
        "<h2>The hottest lots</h2>",
        _counts(dict(report.hottest), "Lot", sum(report.statuses.values())),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    title = f"<title>Load test of {escape(report.url)}</title>"
    return f'<!doctype html><html lang="en">{head}{title}<style>{_STYLE}</style><body>{"".join(body)}</body></html>\n'


_WORDS = {
    "201": "201 accepted",
    "202": "202 not decided yet",
    "409": "409 refused by the rules",
    "429": "429 over an account's limit",
    "503": "503 overloaded or down",
}


def _doubt(report: Report) -> str:
    return f", which is known to ±{report.clock_doubt_ms:g} ms" if report.clock_doubt_ms is not None else ""


def _verdict(report: Report) -> str:
    checked = report.verdict
    what = f"{checked.bids} answers and {checked.standings} standings of {checked.auctions} lots"
    if report.holds:
        told = (
            f"{what} were held against each other, against the bids and standings that the API shows afterwards, "
            f"against the published logs of {checked.logs} lots and their chains of hashes, and against the rules for "
            f"leader, price and end. The signatures of {checked.receipts} receipts and {checked.heads} heads hold."
        )
        return f"<div class=verdict><b>Every answer agrees with the public record.</b> {told}</div>"
    faults = "".join(f"<li>{escape(each)}</li>" for each in checked.faults)
    return f'<div class="verdict bad"><b>{what} do not agree:</b><ol>{faults}</ol></div>'


def _figures(report: Report) -> str:
    latency, fan_out, closing = report.latency, report.fan_out, report.closing
    cards = [
        (f"{report.answered_per_second:g}/s", f"answers, of {report.offered_per_second:g}/s asked"),
        (f"{latency.p50:.1f} ms", "latency, half of all"),
        (f"{latency.p99:.1f} ms", f"latency, 99 %; most {latency.max:.1f}"),
        (f"{report.frames_per_second:g}/s", "frames to watchers"),
        (f"{fan_out.p99:.1f} ms", f"fan-out, 99 %; half {fan_out.p50:.1f}"),
        (f"{closing.max:.0f} ms", f"latest of {closing.count} closings"),
    ]
    return f"<ul class=figures>{''.join(f'<li><b>{value}</b>{escape(what)}</li>' for value, what in cards)}</ul>"


def _plots(report: Report) -> list[str]:
    series = report.series
    bidding = [each for each in series if each.at + 1 <= report.seconds] or series
    return [
        plot("Throughput", "s from the start", "a second", _throughput(bidding)),
        _over_time(
            "Latency", "from when a bid was due", [(each.at, each.latency_p99, each.latency_p50) for each in series]
        ),
        _curves(report),
        _over_time(
            "Fan-out", "from the event to a watcher", [(each.at, each.fan_out_p99, each.fan_out_p50) for each in series]
        ),
        plot(
            "Closings",
            "s from the start",
            "ms late, the latest of each second",
            [Line("closing error", [(each.at, each.closing_max) for each in series], dots=True)],
        ),
        plot(
            "Frames to watchers",
            "s from the start",
            "a second",
            [Line("frames", [(each.at, each.frames) for each in bidding])],
        ),
    ]


def _over_time(what: str, since: str, seconds: Sequence[tuple[int, float | None, float | None]]) -> str:
    """Of each second what 99 % and half of all took."""
    high = Line("99 %", [(at, p99) for at, p99, _ in seconds])
    half = Line("half", [(at, p50) for at, _, p50 in seconds])
    return plot(f"{what} over time", "s from the start", f"ms, {since}", [high, half])


def _throughput(series: Sequence[Second]) -> list[Line]:
    def lines(name: str, *statuses: str) -> Line:
        return Line(name, [(each.at, sum(each.answers.get(word, 0) for word in statuses)) for each in series])

    others = {word for each in series for word in each.answers} - {"201", "409"}
    found = [Line("due", [(each.at, each.due) for each in series]), lines("accepted", "201"), lines("refused", "409")]
    return [*found, lines("others", *others)] if others else found


def _curves(report: Report) -> str:
    """Percentiles, each further nine as far as the one before."""

    def along(percent: float, ms: float, count: int) -> tuple[float, float]:
        return -math.log10(max(1 - percent / 100, 1 / max(2, count))), ms

    latency = [along(*each, report.latency.count) for each in report.latency_curve]
    service = [along(*each, report.service.count) for each in report.service_curve]
    last = max((x for x, _ in latency), default=1.0)
    ticks = [(-math.log10(1 - percent / 100), word) for percent, word in _PERCENT_WORDS.items()]
    lines = [Line("latency, from when a bid was due", latency), Line("service time, from when it was sent", service)]
    return plot("Latency by percentile", "% of all bids", "ms", lines, [each for each in ticks if each[0] <= last])


def _times(report: Report) -> str:
    rows: list[tuple[str, Summary]] = [
        ("latency", report.latency),
        ("service time", report.service),
        ("sent late by", report.sent_late),
        ("listing a lot", report.listing),
        ("fan-out", report.fan_out),
        ("closing", report.closing),
    ]
    cells = "".join(
        f"<tr><th scope=row>{name}</th>"
        + "".join(f"<td>{value:.2f}</td>" for value in (s.p50, s.p90, s.p99, s.p99_9, s.max, s.mean))
        + f"<td>{s.count}</td></tr>"
        for name, s in rows
        if s.count
    )
    names = "".join(f"<th>{name}</th>" for name in ("p50", "p90", "p99", "p99.9", "max", "mean", "count"))
    return f"<div class=wide><table><thead><tr><th></th>{names}</tr></thead><tbody>{cells}</tbody></table></div>"


def _counts(counts: Mapping[str, int], what: str, of: int = 0) -> str:
    """With their parts of `of`, or of their sum."""
    whole = of or sum(counts.values()) or 1
    rows = "".join(
        f"<tr><td>{escape(word.replace('_', ' '))}</td><td>{count}</td><td>{100 * count / whole:.1f} %</td></tr>"
        for word, count in counts.items()
    )
    return f"<div class=wide><table><thead><tr><th>{what}</th><th>bids</th><th></th></tr></thead>{rows}</table></div>"
