"""What a load test shows while it runs: a table that is drawn anew, or lines where there is no terminal."""

from rich.console import Console
from rich.live import Live
from rich.table import Table

from vendue.loadtest.run import Run

LINE_EVERY_S = 5.0


class View:
    """On standard error. `show` is called twice a second."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._live: Live | None = None
        self._doing, self._line_s = "", 0.0
        self.bidding = False
        """Whether there is something to report."""

    def __enter__(self) -> "View":
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, line: str) -> None:
        """Something that happens once."""
        self._console.print(line, markup=False, soft_wrap=True)

    def show(self, run: Run) -> None:
        """How far it is."""
        self.bidding = bool(run.began)
        if self._live is not None:
            self._live.update(_table(run))
        elif run.doing != self._doing or (run.began and run.passed_s - self._line_s >= LINE_EVERY_S):
            self._line_s = run.passed_s
            figures = " · ".join(f"{name} {value}" for name, value in _rows(run))
            self.say(f"{run.doing}: {figures}" if run.began else run.doing)
        self._doing = run.doing


def _table(run: Run) -> Table:
    table = Table(title=f"{run.plan.url}: {run.doing}", show_header=False, min_width=60)
    for name, value in _rows(run):
        table.add_row(name, value)
    return table


def _rows(run: Run) -> list[tuple[str, str]]:
    if not run.began:
        return [("people", str(run.people_count)), ("lots", str(len(run.market.seen)))]
    measures, passed = run.measures, run.passed_s
    second = int(passed) - 1
    answered = sum(each[second] for each in measures.answers.values())
    statuses = ", ".join(f"{each.total()} × {word}" for word, each in sorted(measures.answers.items()))
    latency, fan_out = measures.latency.whole.summary(), measures.fan_out.whole.summary()
    closing = measures.closing.whole.summary()
    return [
        ("passed", f"{min(passed, run.plan.seconds):.0f} of {run.plan.seconds:.0f} s"),
        ("answers", f"{answered}/s ({statuses}), {run.bidders.unanswered} under way"),
        ("latency", f"p50 {latency.p50:.1f} p99 {latency.p99:.1f} max {latency.max:.1f} ms"),
        ("watchers", f"{run.watchers.open}, {measures.frames[second]} frames/s"),
        ("fan-out", f"p50 {fan_out.p50:.1f} p99 {fan_out.p99:.1f} ms"),
        ("lots", f"{len(run.market.live)} open, {closing.count} ended, at most {closing.max:.0f} ms late"),
    ]
