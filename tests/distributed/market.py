"""A distributed sale as operators have it: Kafka, Redis, a database, and processes of each kind that may be killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, TopicPartition

from tests.faults.bidders import Accounts
from tests.faults.history import History
from tests.faults.process import Vendue, environment
from tests.servers.machine import HERE, Machine
from vendue.loadtest.client import Address, Client
from vendue.log.port import PARTITIONS, Record

READ_WITHIN_S = 10.0


def records(address: str, topic: str) -> list[Record]:
    """All that a topic holds now, partition by partition, without any code of ours that reads it."""
    settings = {"bootstrap.servers": address, "group.id": "tests", "enable.auto.commit": False}
    reader = Consumer({**settings, "enable.partition.eof": True, "fetch.wait.max.ms": 20, "log_level": 0})
    found: list[Record] = []
    try:
        reader.assign([TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
        ended: set[int] = set()
        while len(ended) < PARTITIONS:
            first = reader.poll(READ_WITHIN_S)  # to consume so many would wait for so many
            assert first is not None, f"{topic} cannot be read"
            for message in [first, *reader.consume(2000, 0)]:
                error = message.error()
                if error is None:
                    place = message.partition(), message.offset(), message.timestamp()[1]
                    found.append(Record(*place, message.key().decode(), message.value()))
                else:
                    assert error.code() == KafkaError._PARTITION_EOF, error
                    ended.add(message.partition())
    finally:
        reader.close()
    return sorted(found)


class Apis:
    """All api processes, as bidders see them: a connection goes to the next one that runs."""

    def __init__(self, processes: list[Vendue]) -> None:
        self._processes = processes
        self._turn = 0

    @property
    def address(self) -> Address:
        """Of the next one."""
        running = [each for each in self._processes if each.runs and each.port and not each.paused]
        self._turn += 1
        return running[self._turn % len(running)].address if running else ("127.0.0.1", 1)

    @property
    def runs(self) -> bool:
        """Whether any does."""
        return any(each.runs and not each.paused for each in self._processes)

    @property
    def starts(self) -> int:
        """Of all."""
        return sum(each.starts for each in self._processes)

    @property
    def started_at(self) -> float:
        """When the last one did."""
        return max(each.started_at for each in self._processes)


class Market:
    """Its processes by kind. `kafka`, `redis` and `catalogue` say where those are; `machines`, what runs elsewhere."""

    def __init__(
        self, folder: Path, kafka: str, redis: str, catalogue: str, machines: Mapping[str, Machine] = {}
    ) -> None:
        self.folder, self.kafka, self._machines = folder, kafka, machines
        self.settings = {
            "VENDUE_LOG": f"kafka://{kafka}",
            "VENDUE_BOARD": redis,
            "VENDUE_CATALOGUE": catalogue,
            "VENDUE_LOG_LEVEL": "info",
        }
        self.apis: list[Vendue] = []
        self.engines: list[Vendue] = []
        self.projectors: list[Vendue] = []
        self.vendue = Apis(self.apis)
        self.commands = {kind: ("-m", "vendue.cli", kind) for kind in ("api", "engine", "projector")}

    def migrate(self) -> None:
        """Make the catalogue's tables."""
        command = [sys.executable, "-m", "vendue.cli", "migrate"]
        subprocess.run(command, check=True, env=environment(self.folder, self.settings))

    def process(self, kind: str) -> Vendue:
        """One more of a kind, not started."""
        processes = {"api": self.apis, "engine": self.engines, "projector": self.projectors}[kind]
        folder = self.folder / f"{kind}{len(processes)}"
        folder.mkdir(parents=True)
        machine = self._machines.get(folder.name, HERE)
        processes.append(Vendue(folder, self.commands[kind], self.settings, machine))
        return processes[-1]

    @contextlib.asynccontextmanager
    async def running(self, apis: int = 2, engines: int = 3, projectors: int = 1) -> AsyncIterator[Market]:
        """All of them."""
        kinds = ["engine"] * engines + ["projector"] * projectors + ["api"] * apis
        processes = [self.process(kind) for kind in kinds]
        try:
            async with asyncio.TaskGroup() as starts:
                for process in processes:
                    starts.create_task(process.start())
            await self.ready()
            yield self
        finally:
            await asyncio.gather(*(process.kill() for process in processes))

    async def ready(self, within_s: float = 30.0) -> None:
        """Until all that run take work."""
        until = time.monotonic() + within_s
        for process in (*self.apis, *self.engines, *self.projectors):
            await process.ready(until - time.monotonic())

    async def register(self, bidders: int) -> Accounts:
        """A seller and so many bidders."""
        arguments = ["--username", "seller", "--email", "seller@example.com", "--role", "seller", "--password-stdin"]
        created = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "vendue.cli", "user", "create", *arguments),
            env=environment(self.folder, self.settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        output, _ = await created.communicate(b"the seller's password")
        assert created.returncode == 0
        accounts = {"seller": output.decode().strip()}
        client = Client(lambda: self.vendue.address)
        for number in range(bidders):
            name = f"bidder{number}"
            body = {"username": name, "email": f"{name}@example.com", "password": f"{name}'s password"}
            answer = await client.ask("POST", "/api/auth/local/register", body, bare=True)
            assert answer.status == 200, answer
            accounts[name] = answer.json["user"]["documentId"]
        await client.close()
        return accounts

    def audited(self, auction: str) -> dict[str, Any]:
        """What the audit of an auction's export says, as an auditor makes both."""
        export = self.folder / f"{auction}.jsonl"
        vendue, known = [sys.executable, "-m", "vendue.cli"], environment(self.folder, self.settings)
        with export.open("wb") as lines:
            subprocess.run([*vendue, "export", "--auction", auction], check=True, env=known, stdout=lines)
        told = subprocess.run([*vendue, "audit", str(export)], check=True, env=known, stdout=subprocess.PIPE)
        verdict: dict[str, Any] = json.loads(told.stdout)
        return verdict

    def history(self) -> History:
        """What Kafka holds, events first: every event's command is there then."""
        events = records(self.kafka, "auction-events")
        return History(records(self.kafka, "bids"), events)
