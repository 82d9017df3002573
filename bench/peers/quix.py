"""Quix Streams: a streaming dataframe that hosts Vendue's rules.

Variants: `state`, the winning bid in its state (RocksDB) with a changelog topic; `bare`, without: the fastest we found.
Both are at least once, as it is by default, with a checkpoint every 5 s; the rules' state is a dictionary that dies
with the process.
"""

import sys
import tempfile
from typing import Any

from quixstreams import Application, State

from bench.peers.host import Host, Job, collect_less


def main(job: Job) -> None:
    """Until stopped."""
    collect_less()
    with tempfile.TemporaryDirectory(prefix="vendue-bench-quix-", ignore_cleanup_errors=True) as folder:
        app = Application(
            job.brokers,
            consumer_group=job.events,
            auto_offset_reset="earliest",
            state_dir=folder,
            loglevel="WARNING",
        )
        commands = app.topic(job.commands, key_deserializer="str", value_deserializer="bytes")
        events = app.topic(job.events, key_serializer="str", value_serializer="bytes")
        host, frame = Host(), app.dataframe(commands)

        def judge(command: bytes, auction: str, at: int, headers: Any) -> list[bytes]:  # noqa: ARG001  # its form
            return host.decide(auction, command, at)

        def keep_winning(command: bytes, auction: str, at: int, headers: Any, state: State) -> list[bytes]:  # noqa: ARG001
            made = host.decide(auction, command, at)
            state.set_bytes("winning", host.winning(auction))
            return made

        if job.variant == "state":
            frame = frame.apply(keep_winning, stateful=True, expand=True, metadata=True)
        else:
            frame = frame.apply(judge, expand=True, metadata=True)
        frame.to_topic(events)
        app.run()


if __name__ == "__main__":
    main(Job(*sys.argv[1:]))
