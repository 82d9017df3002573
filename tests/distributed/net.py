"""A network of machines: network namespaces on one switch, every way of which may be cut, lossy or slow.

The switch is a process of its own (switch.c) between tap devices: a kernel need not have netem, and what it does is the
same everywhere. The tests themselves are on the network too, as PEOPLE.
"""

from __future__ import annotations

import contextlib
import os
import random
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.servers.machine import Machine

PEOPLE = "people"
SOURCE = Path(__file__).with_name("switch.c")


class Way(NamedTuple):
    """What happens from one end to another: of what is sent `lost` (0 to 1) goes, and the rest takes time."""

    lost: float = 0.0
    delay_ms: int = 0
    jitter_ms: int = 0


WELL, CUT = Way(), Way(lost=1.0)


class Network:
    """`machines`: by name, each with an address of its own; `ends`: their names, and PEOPLE."""

    def __init__(self, names: Sequence[str], switch: subprocess.Popen[str], subnet: str, tag: str) -> None:
        self.ends, self._switch = (PEOPLE, *names), switch
        self.machines = {
            name: Machine(f"{subnet}.{end + 1}", ("ip", "netns", "exec", f"{tag}{end}"))
            for end, name in enumerate(self.ends)
            if end
        }

    def between(self, ones: Iterable[str], others: Iterable[str], way: Way) -> None:
        """Both ways between each of these and each of those, from now on."""
        others = list(others)
        for one in ones:
            for other in others:
                self.one_way(one, other, way)
                self.one_way(other, one, way)

    def one_way(self, one: str, other: str, way: Way) -> None:
        """From one to the other, and not back."""
        assert self._switch.stdin is not None
        places = self.ends.index(one), self.ends.index(other)
        print(*places, round(1000 * way.lost), way.delay_ms, way.jitter_ms, file=self._switch.stdin, flush=True)

    def everywhere(self, way: Way) -> None:
        """Between any two."""
        self.between(self.ends, self.ends, way)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def _compiled(folder: Path) -> Path:
    """The switch; skips where none can be made."""
    if os.getuid() != 0:
        pytest.skip("only root may make network namespaces")
    if shutil.which("ip") is None:
        pytest.skip("no `ip`, which makes network namespaces; apt install iproute2")
    if not Path("/dev/net/tun").exists():
        pytest.skip("no /dev/net/tun, through which switch.c sees what is sent")
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler, which switch.c needs; apt install gcc libc6-dev")
    program = folder / "switch"
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-o", str(program), str(SOURCE)], check=True)
    return program


@contextlib.contextmanager
def network(folder: Path, names: Sequence[str]) -> Iterator[Network]:
    """Machines of these names, and PEOPLE; skips where this machine cannot have them."""
    program, tag = _compiled(folder), f"vendue{secrets.token_hex(3)}n"
    subnet = f"198.{random.randrange(18, 20)}.{random.randrange(256)}"  # set aside for tests (RFC 2544)
    devices = [f"{tag}{end}" for end in range(len(names) + 1)]
    with contextlib.ExitStack() as stack:
        switch = stack.enter_context(
            subprocess.Popen([program, *devices], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        stack.callback(switch.kill)
        assert switch.stdout is not None
        if switch.stdout.readline() != "ready\n":
            pytest.skip("this machine makes no tap devices: see what switch.c said")
        for end, device in enumerate(devices):
            _ip("link", "set", device, "address", f"02:00:00:00:00:{end:02x}")
            there: tuple[str, ...] = ()
            if end:
                subprocess.run(["ip", "netns", "add", device], check=True)
                stack.callback(_ip, "netns", "del", device)
                _ip("link", "set", device, "netns", device)
                there = ("-n", device)
            _ip(*there, "address", "add", f"{subnet}.{end + 1}/24", "dev", device)
            _ip(*there, "link", "set", device, "up")
            _ip(*there, "link", "set", "lo", "up")
        yield Network(names, switch, subnet, tag)
