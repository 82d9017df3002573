"""Where a process runs: on this machine, or on one of a network that a test made."""

from typing import NamedTuple


class Machine(NamedTuple):
    """`host`: where others find what listens there; `inside`: what a command begins with, to run there."""

    host: str = "127.0.0.1"
    inside: tuple[str, ...] = ()


HERE = Machine()
