"""Bids a second through Kafka by one process on one core: Vendue's engine, its rules hosted by two peers, the limit.

Every subject finds the same commands waiting in 8 partitions and writes events to a topic; but for the limit's, they
are held against what the rules make of the topic as Kafka stamped it, byte for byte. The broker, Redis, and whoever
feeds and counts have the other core.
"""

import gc
import logging
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from bench.command import main
from bench.figures import Effort, Figure, percentile
from bench.kafka_runs import WARM_S, Subject, Throughput, latencies, throughput
from bench.kafka_sale import Sale, Stage, sale
from bench.machine import SERVER_CORE, on_core, on_load_core
from bench.peers.venv import Missing, python_of
from bench.rules import judge
from tests.servers import kafka, redis
from vendue.rules.auction import Auction
from vendue.rules.commands import Bid
from vendue.rules.decide import step

BIDS_A_SECOND = 24_000
"""Bids that wait for each second a round may take."""
RATES = (500, 2_000)
FED = 0.6
"""Share of a round's seconds that bids are fed at a rate."""
LEAST, TIMES = 0.7, {"quix": 5, "faust": 30}
VENDUE, LIMIT = "vendue", "empty"


def _job(python: str, module: str, variant: str = "") -> Callable[[Stage], list[str]]:
    def command(stage: Stage) -> list[str]:
        return [python, "-m", module, stage.cluster.brokers, stage.commands, stage.events, variant]

    return command


def subjects(redis_url: str | None) -> list[Subject]:
    """All that can be had here; what cannot is told."""
    found = [
        Subject(VENDUE, _job(sys.executable, "bench.peers.engine")),
        Subject(LIMIT, _job(sys.executable, "bench.peers.empty"), events_each=1),
    ]
    peers = {"quix": ("bench.peers.quix", ("state", "bare")), "faust": ("bench.peers.faust_worker", ("table", "bare"))}
    for peer, (module, variants) in peers.items():
        try:
            python = python_of(peer)
        except Missing as missing:
            print(f"{missing}: left out", flush=True)
            continue
        found += [Subject(f"{peer}-{variant}", _job(python, module, variant)) for variant in variants]
    if redis_url is not None:
        found.append(Subject("vendue-redis", lambda _: CLI, settings_of(redis_url)))
    return found


CLI = [sys.executable, "-m", "vendue.cli", "engine"]


def settings_of(redis_url: str) -> Callable[[Stage], dict[str, str]]:
    def settings(stage: Stage) -> dict[str, str]:
        cluster = stage.cluster
        return {
            "VENDUE_LOG": f"kafka://{cluster.brokers}/{cluster.prefix}",
            "VENDUE_BOARD": redis_url,
            "VENDUE_PORT": "0",
            "VENDUE_LOG_LEVEL": "warning",
        }

    return settings


def rules_alone(sale: Sale) -> float:
    """Decisions a second on these very commands: decide, apply and the receipt; decoded before."""
    auctions: dict[str, Auction] = {}
    now = sale.at
    put_up, bids = sale.commands[: len(sale.listings)], sale.commands[len(sale.listings) :]
    for command in put_up:
        after, _ = step(None, command, now)
        assert after is not None
        auctions[command.auction] = after
    gc.collect()
    with on_core(SERVER_CORE):
        start = time.process_time()
        for command in bids:
            assert isinstance(command, Bid)
            judge(auctions[command.auction], command, now)
        return len(bids) / (time.process_time() - start)


class _Found:
    """What the rounds told, by subject."""

    def __init__(self) -> None:
        self.rates: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}
        self.alone: list[float] = []

    def note(self, name: str, found: Throughput) -> None:
        self.rates.setdefault(name, []).append(found.rate)
        self.cpu.setdefault(name, []).append(found.cpu_us)

    def rate(self, name: str) -> float:
        return statistics.median(self.rates[name])

    def cpu_us(self, name: str) -> float:
        return statistics.median(self.cpu[name])


def _round(brokers: str, all_of_them: list[Subject], waiting: Sale, seconds: float, found: _Found) -> None:
    for subject in all_of_them:
        with Stage(brokers) as stage:
            measured = throughput(subject, stage, waiting, seconds)
        found.note(subject.name, measured)
        print(f"  {subject.name}: {measured.rate:.0f}/s, {measured.cpu_us:.0f} µs", flush=True)
    found.alone.append(rules_alone(waiting))


def _rates(found: _Found) -> list[Figure]:
    vendue, empty, alone = found.rate(VENDUE), found.rate(LIMIT), statistics.median(found.alone)
    bound = 1 / (1 / empty + 1 / alone)
    cpu = found.cpu_us(VENDUE)
    least_cpu = found.cpu_us(LIMIT) + 1e6 / alone
    note = f"{cpu:.1f} µs of CPU, empty loop and rules {least_cpu:.1f}; empty {empty:.0f}/s, rules {alone:.0f}/s"
    beside, reached = "empty loop, then rules", vendue >= LEAST * bound
    figures = [
        Figure("through Kafka, one core: vendue", vendue, "bids/s", bound, beside, f"{LEAST} of it", reached, note)
    ]
    for name in found.rates:
        if name == VENDUE:
            continue
        peer = name.partition("-")[0]
        times, rate = TIMES.get(peer), found.rate(name)
        aim = f"vendue {times} × it" if times else ""
        met = vendue >= times * rate if times else None
        label = f"through Kafka, one core: {name}"
        note = f"{found.cpu_us(name):.1f} µs of CPU, {found.cpu_us(name) / cpu:.2g} × vendue's"
        figures.append(Figure(label, rate, "bids/s", vendue, "vendue", aim, met, note))
    return figures


def _latency(brokers: str, all_of_them: list[Subject], feed: Sale, effort: Effort) -> list[Figure]:
    """The median over the rounds of each round's percentiles."""
    found: dict[tuple[int, str], list[list[float]]] = {}
    for _ in range(effort.rounds):
        for rate in RATES:
            for subject in all_of_them:
                with Stage(brokers) as stage:
                    took = latencies(subject, stage, feed, rate, effort.seconds * FED)
                found.setdefault((rate, subject.name), []).append(took)
                p50, p99 = percentile(took, 50), percentile(took, 99)
                print(f"  {subject.name} at {rate}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)
    figures = []
    for (rate, name), rounds in sorted(found.items()):
        p50, p99 = (statistics.median(percentile(each, percent) for each in rounds) for percent in (50, 99))
        aimed = name.startswith(VENDUE) and rate == max(RATES)
        aim = "p50 10 ms, p99 50 ms" if aimed else ""
        met = p50 <= 10 and p99 <= 50 if aimed else None
        figures.append(Figure(f"bid to event at {rate}/s: {name}, p50", p50, "ms", p99, "p99", aim, met))
    return figures


def figures(effort: Effort) -> list[Figure]:
    """None where Kafka cannot be run."""
    logging.getLogger("vendue.kafka").addHandler(logging.NullHandler())
    with ExitStack() as opened:
        opened.enter_context(on_load_core())
        try:
            brokers = opened.enter_context(kafka.running())
        except pytest.skip.Exception as skipped:
            print(f"left out, there is no Kafka: {skipped}", flush=True)
            return []
        redis_url = None
        try:
            redis_url = opened.enter_context(redis.running())
        except pytest.skip.Exception as skipped:
            print(f"left out, there is no Redis: {skipped}", flush=True)
        all_of_them, found = subjects(redis_url), _Found()
        waiting = sale(int(BIDS_A_SECOND * effort.seconds))
        for _ in range(effort.rounds):
            _round(brokers, all_of_them, waiting, effort.seconds, found)
        feed = sale(int(max(RATES) * (effort.seconds * FED + WARM_S)))
        fed = [subject for subject in all_of_them if not subject.name.endswith("-bare")]
        return _rates(found) + _latency(brokers, fed, feed, effort)


if __name__ == "__main__":
    main(figures)
