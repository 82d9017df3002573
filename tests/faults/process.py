"""A `vendue run` as an operator has it: started on a folder, killed, stopped, refused."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from signal import SIGCONT, SIGSTOP, SIGTERM

from tests.servers.machine import HERE, Machine
from vendue.loadtest.client import Address, Client

SECRET = "the secret of the fault tests, 32+"
STARTS_WITHIN_S = 30.0
SETTINGS = {
    "VENDUE_PORT": "0",
    "VENDUE_SECRET": SECRET,
    "VENDUE_SIGNING_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "VENDUE_LOG_LEVEL": "warning",
    "VENDUE_BID_RATE": "100000",
    "VENDUE_BID_BURST": "100000",
    "VENDUE_ACTION_RATE": "1000",
    "VENDUE_ACTION_BURST": "1000",
}
COMMAND = ("-m", "vendue.cli", "run")


def environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """What a process on this data folder is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VENDUE_")}
    return kept | SETTINGS | {"VENDUE_DATA": str(folder)} | dict(more)


def hashed(folder: Path) -> dict[str, str]:
    """Every file's digest; without SQLite's shared memory and a WAL that is empty, in which nothing is kept."""
    contents = {name: (folder / name).read_bytes() for name in os.listdir(folder) if not name.endswith("-shm")}
    kept = {name: content for name, content in contents.items() if content or not name.endswith("-wal")}
    return {name: sha256(content).hexdigest() for name, content in kept.items()}


def refused(folder: Path) -> str:
    """What a start that does not succeed says: exit 1, one sentence on stderr, nothing on stdout."""
    done = subprocess.run(
        [sys.executable, *COMMAND],
        check=False,
        env=environment(folder, {}),
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN_S,
    )
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("vendue: "), done.stderr
    assert done.stderr.count("\n") == 1, f"one sentence, not {done.stderr}"
    return done.stderr


class Vendue:
    """A process that runs, or did. `command`: other arguments for Python; `more`: other environment variables."""

    def __init__(
        self,
        folder: Path,
        command: tuple[str, ...] = COMMAND,
        more: Mapping[str, str] | None = None,
        machine: Machine = HERE,
    ) -> None:
        self.folder, self.more, self.machine, self.port = folder, more or {}, machine, 0
        self.starts, self.started_at, self.paused = 0, 0.0, False
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and wait until it listens."""
        process = await self._spawn()
        assert process.stdout is not None
        line = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STARTS_WITHIN_S):
                line = (await process.stdout.readline()).decode()
        if not line.startswith("vendue: http://"):
            await self.kill()
            raise AssertionError(f"it does not start; {line} {self.said()}")
        self.port = int(line.rpartition(":")[2])
        self.starts += 1

    async def ready(self, within_s: float = 30.0) -> None:
        """Until it takes work, or runs no more."""
        until = time.monotonic() + within_s
        client = Client(lambda: self.address)
        while self.runs and (await client.ask("GET", "/health/ready", bare=True)).status != 200:
            assert time.monotonic() < until, f"not ready: {self.said()[-2000:]}"
            await asyncio.sleep(0.05)
        await client.close()

    async def start_and_kill(self, after_s: float) -> None:
        """`kill -9` while it starts."""
        await self._spawn()
        await asyncio.sleep(after_s)
        await self.kill()

    async def _spawn(self) -> asyncio.subprocess.Process:
        assert self._process is None, "it runs already"
        self.started_at = time.monotonic()
        with self._said.open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                *self.machine.inside,
                sys.executable,
                *self._command,
                env=environment(self.folder, {"VENDUE_HOST": self.machine.host, **self.more}),
                stdout=asyncio.subprocess.PIPE,
                stderr=said,
            )
        return self._process

    @property
    def address(self) -> Address:
        """Where it listens."""
        return self.machine.host, self.port

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def _said(self) -> Path:
        return self.folder.with_name(self.folder.name + ".stderr")

    def said(self) -> str:
        """What it wrote on stderr since its last start."""
        return self._said.read_text()

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._gone()

    def pause(self) -> None:
        """SIGSTOP: it does nothing, and its connections stay."""
        assert self._process is not None
        self._process.send_signal(SIGSTOP)
        self.paused = True

    def resume(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        self._process.send_signal(SIGCONT)
        self.paused = False

    async def stop(self) -> float:
        """SIGTERM; returns the seconds until it was gone."""
        assert self._process is not None
        asked_at = time.monotonic()
        self._process.send_signal(SIGTERM)
        code = await self._gone()
        assert code == 0, f"exit {code}: {self.said()}"
        return time.monotonic() - asked_at

    async def ended(self, within_s: float) -> int | None:
        """The exit code of a process that ended by itself, None while it runs."""
        assert self._process is not None
        try:
            async with asyncio.timeout(within_s):
                return await self._gone()
        except TimeoutError:
            return None

    async def _gone(self) -> int:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        await process.stdout.read()  # to its end, so that the pipe is closed too
        code = await process.wait()
        self._process = None
        return code

    async def __aenter__(self) -> "Vendue":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
