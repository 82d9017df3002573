"""A Kafka broker of our own on free ports, or the cluster that VENDUE_TEST_KAFKA names (host:port,…)."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.servers.jars import jars
from tests.servers.machine import HERE, Machine
from tests.servers.port import free_port

PROJECT = Path(__file__).parent / "kafka"
START_WAIT_S = 60
CLUSTER = "vendue-tests-cluster-0"
SETTINGS = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
controller.listener.names=CONTROLLER
listeners=CONTROLLER://{host}:{controller},{listeners}
advertised.listeners={listeners}
log.dirs={folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""


class Broker:
    """One in a folder. `address` is where clients find it; stopped and started it has what it had.

    `doors`: names of listeners beside that one, which the settings in `more` describe. `users`: what formats them.
    """

    def __init__(
        self,
        folder: Path,
        jars: Path,
        machine: Machine = HERE,
        doors: Sequence[str] = (),
        more: str = "",
        users: Sequence[str] = (),
    ) -> None:
        self._folder, self._jars, self._machine = folder, jars, machine
        self.port = free_port()
        self.address = f"{machine.host}:{self.port}"
        self.doors = {door: f"{machine.host}:{free_port()}" for door in doors}
        every = {"PLAINTEXT": self.address} | self.doors
        listeners = ",".join(f"{name}://{address}" for name, address in every.items())
        settings = SETTINGS.format(host=machine.host, listeners=listeners, controller=free_port(), folder=folder)
        (folder / "server.properties").write_text(settings + more)
        formatting = ["format", "--cluster-id", CLUSTER, "--config", str(folder / "server.properties"), *users]
        subprocess.run(self._java("kafka.tools.StorageTool", *formatting), check=True, stdout=subprocess.DEVNULL)
        self.start()

    def _java(self, main: str, *arguments: str) -> list[str]:
        options = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Dkafka.logs.dir={self._folder}"]
        java = [*self._machine.inside, "java", *options, "-Dlog4j2.level=ERROR", f"--class-path={self._jars}/*"]
        return [*java, main, *arguments]

    def start(self) -> None:
        """Until it answers."""
        with (self._folder / "output").open("ab") as output:
            command = self._java("kafka.Kafka", str(self._folder / "server.properties"))
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        until = time.monotonic() + START_WAIT_S
        client = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        while True:
            assert self._process.poll() is None, (self._folder / "output").read_text()[-2000:]
            with contextlib.suppress(KafkaException):
                if client.list_topics(timeout=1).brokers:
                    return
            assert time.monotonic() < until, f"Kafka is not ready within {START_WAIT_S} s"

    def stop(self) -> None:
        """As an operator does."""
        self._process.terminate()
        self._process.wait(30)

    def kill(self) -> None:
        """As a power cut does to a process."""
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        """It answers nobody until `resume`."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """After `pause`."""
        self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def broker(
    machine: Machine = HERE, doors: Sequence[str] = (), more: str = "", users: Sequence[str] = ()
) -> Iterator[Broker]:
    """One that the test may stop, start, pause and kill; skips where there is none."""
    found = jars(PROJECT)
    folder = Path(tempfile.mkdtemp(prefix="vendue-kafka-"))
    try:
        started = Broker(folder, found, machine, doors, more, users)
        try:
            yield started
        finally:
            started.kill()
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The address of brokers on which topics can be made; skips where there are none."""
    named = os.environ.get("VENDUE_TEST_KAFKA")
    if named:
        yield named
        return
    with broker() as started:
        yield started.address
