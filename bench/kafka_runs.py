"""One engine at work on Kafka: how many bids a second it takes where they wait for it, how soon where they come."""

import math
import os
import signal
import subprocess
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from confluent_kafka import Consumer, Producer
from msgspec import Struct

from bench.kafka_sale import Sale, Stage, same_as_rules
from bench.machine import SERVER_CORE, pinned
from vendue.log.partition import partition_of

ROOT = Path(__file__).parent.parent
START_S, STOP_S, POLL_S, QUIET_S = 60.0, 15.0, 0.05, 0.5
WARM_S, LATE_S = 1.0, 5.0


class Subject(Struct, frozen=True):
    """What does the job. `events_each`: how many events a listing leads to; a bid leads to one."""

    name: str
    command: Callable[[Stage], list[str]]
    environment: Callable[[Stage], Mapping[str, str]] = lambda _: {}
    events_each: int = 2


class Process(NamedTuple):
    """A subject at work."""

    pid: int

    def cpu_s(self) -> float:
        """Seconds of CPU so far, by all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Throughput(NamedTuple):
    """Bids a second, and µs of CPU for each."""

    rate: float
    cpu_us: float


@contextmanager
def at_work(subject: Subject, stage: Stage, sale: Sale) -> Iterator[Process]:
    """The subject on its core; the sale's auctions are put up, and it has seen that."""
    stage.put(sale.listings)
    more = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", **subject.environment(stage)}
    with tempfile.TemporaryFile() as output:
        command = pinned(SERVER_CORE, subject.command(stage))
        process = subprocess.Popen(command, env=os.environ | more, stdout=output, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + START_S
            while stage.count(stage.events) < len(sale.listings) * subject.events_each:
                assert process.poll() is None and time.monotonic() < until, f"{subject.name} does not start"
                time.sleep(POLL_S)
            time.sleep(QUIET_S)
            yield Process(process.pid)
            assert process.poll() is None, f"{subject.name}: exit {process.poll()}"
        except AssertionError as error:
            output.seek(0)
            error.add_note(output.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def throughput(subject: Subject, stage: Stage, sale: Sale, seconds: float) -> Throughput:
    """From when it may begin, all bids waiting, to its last event by Kafka's stamp; as many as it takes in `seconds`.

    It is held by SIGSTOP while bids are written: so all of its clients are warm, and nothing is decided before.
    """
    with at_work(subject, stage, sale) as process:
        os.kill(process.pid, signal.SIGSTOP)
        try:
            stage.put(sale.bids)
            before, cpu = stage.count(stage.events), process.cpu_s()
        finally:
            os.kill(process.pid, signal.SIGCONT)
        began, until, done = time.time(), time.monotonic() + seconds, 0
        while done < len(sale.bids) and time.monotonic() < until:
            time.sleep(POLL_S)
            done = stage.count(stage.events) - before
        cpu = process.cpu_s() - cpu
    assert done > 0, f"{subject.name} decided nothing in {seconds} s"
    events = stage.records(stage.events)
    if subject.events_each > 1:  # the limit decides nothing
        assert same_as_rules(stage.records(stage.commands), events), f"{subject.name} decided otherwise than the rules"
    stamps = [at for each in events.values() for _, at, _ in each]
    return Throughput((len(stamps) - before) / (max(stamps) / 1000 - began), cpu / done * 1e6)


def latencies(subject: Subject, stage: Stage, sale: Sale, rate: int, seconds: float) -> list[float]:
    """Milliseconds from handing a bid to a producer until its event was read, at a fixed rate.

    The first second is left out; an event that does not come within LATE_S after the last bid is infinitely late.
    """
    with at_work(subject, stage, sale), stage.reading(stage.events, stage.ends(stage.events)) as consumer:
        consumer.poll(QUIET_S)
        return _feed(stage, consumer, sale, rate, seconds)


def _feed(stage: Stage, consumer: Consumer, sale: Sale, rate: int, seconds: float) -> list[float]:
    sent: dict[bytes, deque[float]] = defaultdict(deque)
    found: list[float] = []
    bids = sale.bids[: int(rate * (seconds + WARM_S))]

    def listen() -> None:
        until = time.monotonic() + seconds + WARM_S + LATE_S
        while len(found) < len(bids) and time.monotonic() < until:
            first = consumer.poll(0.1)  # consume alone waits until it has as many as asked for
            for message in [] if first is None else [first, *consumer.consume(1_000, 0)]:
                assert message.error() is None, message.error()
                found.append((time.perf_counter() - sent[message.key() or b""].popleft()) * 1000)

    producer = Producer(stage.cluster.config(enable_idempotence=True, acks="all", linger_ms=0))
    listening = Thread(target=listen)
    listening.start()
    start = time.perf_counter()
    for number, (key, value) in enumerate(bids):
        ahead = start + number / rate - time.perf_counter()
        if ahead > 0:
            producer.poll(0)
            time.sleep(ahead)
        sent[key.encode()].append(time.perf_counter())
        producer.produce(stage.commands, value, key, partition_of(key))
    producer.flush(START_S)
    listening.join()
    never = [math.inf] * (len(bids) - len(found))
    return (found + never)[int(rate * WARM_S) :]
