"""A Redis of our own on a free port, or the one that VENDUE_TEST_REDIS_URL names."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.machine import HERE, Machine
from tests.servers.port import free_port

START_WAIT_S = 10


class Server:
    """One that a test may kill, stop for a while and start again, empty, on the same port."""

    def __init__(self, *options: str, machine: Machine = HERE) -> None:
        if not shutil.which("redis-server"):
            pytest.skip("Redis is not installed: apt-get install redis-server, or set VENDUE_TEST_REDIS_URL")
        self.folder = Path(tempfile.mkdtemp(prefix="vendue-redis-"))
        self.port = free_port()
        self.url = f"redis://{machine.host}:{self.port}/0"
        self._options, self._machine = options, machine

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.go_on()
        self.kill()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Ready to be asked, from now on."""
        place = ["--port", str(self.port), "--bind", self._machine.host, "--protected-mode", "no"]
        command = [
            *self._machine.inside,
            "redis-server",
            *place,
            "--dir",
            str(self.folder),
            "--save",
            "",
            "--appendonly",
            "no",
            *self._options,
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_WAIT_S
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < until, "redis-server does not start"
            time.sleep(0.02)

    def _answers(self) -> bool:
        with Redis(self._machine.host, self.port) as client, contextlib.suppress(RedisError):
            client.ping()
            return True
        return False

    def empty(self) -> None:
        """As new."""
        with Redis(self._machine.host, self.port) as client:
            client.flushall()

    def kill(self) -> None:
        """As a power cut."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """It answers nothing, and its connections stay."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After stop."""
        self._process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server whose database may be emptied; skips where there is none."""
    named = os.environ.get("VENDUE_TEST_REDIS_URL")
    if named:
        yield named
        return
    with Server() as server:
        yield server.url
