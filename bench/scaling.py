"""Engines beside each other through Kafka: bids a second of 1, 2 and 4 `vendue engine`, each given a fifth of a core.

Two cores are too few for engines, broker and clients to have one each; a quota of the kernel's makes each engine the
limit, so that what is seen is whether the shares of a sale are decided apart.
"""

import os
import signal
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from bench.command import main
from bench.figures import Effort, Figure
from bench.kafka import CLI, settings_of
from bench.kafka_runs import ROOT
from bench.kafka_sale import Sale, Stage, sale, same_as_rules
from bench.machine import SERVER_CORE, folder, on_load_core, pinned
from tests.servers import kafka, redis
from vendue.log.kafka import GROUPS
from vendue.log.port import PARTITIONS

ENGINES = (1, 2, 4)
SHARE = 0.2
"""Of a core, for each engine."""
BIDS_A_SECOND = 5_000
"""That wait for each engine and second of a round: about what it can take."""
AIM = 0.8
"""Of twice and four times the rate of one."""
CGROUPS = Path("/sys/fs/cgroup/cpu")
_PERIOD_US = 10_000
_START_S, _DONE_S, _POLL_S = 60.0, 120.0, 0.05


@contextmanager
def limited(pid: int) -> Iterator[None]:
    """The process gets its share of a core and no more."""
    group = CGROUPS / f"vendue-{pid}"
    group.mkdir()
    (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
    (group / "cpu.cfs_quota_us").write_text(str(int(_PERIOD_US * SHARE)))
    (group / "cgroup.procs").write_text(str(pid))
    try:
        yield
    finally:
        (CGROUPS / "cgroup.procs").write_text(str(pid))
        group.rmdir()


@contextmanager
def engine(stage: Stage, redis_url: str, where: Path) -> Iterator[int]:
    """The process id of one."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **settings_of(redis_url)(stage)}
    with where.open("wb") as output:
        process = subprocess.Popen(pinned(SERVER_CORE, CLI), env=environment, stdout=output, stderr=output)
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


def _shared(stage: Stage, engines: int) -> bool:
    """Whether the group has given each engine its equal part."""
    admin = AdminClient(stage.cluster.config())
    found = admin.describe_consumer_groups([stage.cluster.name(GROUPS["bids"])])
    members = next(iter(found.values())).result(10).members
    parts = [len(each.assignment.topic_partitions) for each in members if each.assignment]
    return parts == [PARTITIONS // engines] * engines


def rate(brokers: str, redis_url: str, engines: int, waiting: Sale, where: Path) -> float:
    """Bids a second, from when all may begin, to the last event by Kafka's stamp."""
    with Stage(brokers) as stage, ExitStack() as opened:
        stage.put(waiting.listings)
        pids = [opened.enter_context(engine(stage, redis_url, where / f"engine-{each}")) for each in range(engines)]
        until = time.monotonic() + _START_S
        while stage.count(stage.events) < 2 * len(waiting.listings) or not _shared(stage, engines):
            assert time.monotonic() < until, f"{engines} engines do not start: see {where}"
            time.sleep(_POLL_S)
        before = stage.count(stage.events)
        for pid in pids:
            opened.enter_context(limited(pid))
            os.kill(pid, signal.SIGSTOP)
        try:
            stage.put(waiting.bids)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        began, until = time.time(), time.monotonic() + _DONE_S
        while stage.count(stage.events) - before < len(waiting.bids):
            assert time.monotonic() < until, f"{engines} engines do not get done: see {where}"
            time.sleep(_POLL_S)
        opened.close()
        events = stage.records(stage.events)
        assert same_as_rules(stage.records(stage.commands), events), "decided otherwise than the rules"
    last = max(at for each in events.values() for _, at, _ in each)
    return len(waiting.bids) / (last / 1000 - began)


def figures(effort: Effort) -> list[Figure]:
    """None where Kafka or Redis cannot be run, or the kernel's quotas are not ours to set."""
    if not os.access(CGROUPS / "cgroup.procs", os.W_OK):
        print(f"left out: {CGROUPS} cannot be written to", flush=True)
        return []
    with ExitStack() as opened:
        opened.enter_context(on_load_core())
        try:
            brokers, url = opened.enter_context(kafka.running()), opened.enter_context(redis.running())
        except pytest.skip.Exception as skipped:
            print(f"left out: {skipped}", flush=True)
            return []
        where = Path(opened.enter_context(folder()))
        seconds = max(2.0, effort.seconds)
        found: dict[int, list[float]] = {each: [] for each in ENGINES}
        waiting = {each: sale(int(BIDS_A_SECOND * seconds * each)) for each in ENGINES}
        for _ in range(effort.rounds):
            for each in ENGINES:
                found[each].append(rate(brokers, url, each, waiting[each], where))
                print(f"  {each}: {found[each][-1]:.0f}/s", flush=True)
    return _figures({each: statistics.median(rates) for each, rates in found.items()})


def _figures(rates: dict[int, float]) -> list[Figure]:
    found = []
    for engines, value in rates.items():
        limit = engines * rates[1]
        aim = f"{AIM} of it" if engines > 1 else ""
        name = f"through Kafka, {engines} × a {1 / SHARE:.0f}th of a core"
        found.append(
            Figure(name, value, "bids/s", limit, f"{engines} × one", aim, value >= AIM * limit if aim else None)
        )
    return found


if __name__ == "__main__":
    main(figures)
