"""Faust (faust-streaming): an agent, as the original system had it, that hosts Vendue's rules.

Variants: `table`, the winning bid in a Table with its changelog topic; `bare`, none of it, and records taken by the
batch: the fastest we found. Both are at least once, Faust's offsets committed behind the records; the rules' state is
a dictionary that dies with the worker.
"""

import sys
import tempfile

import faust
from mode.loop import use

from bench.peers.host import Host, Job, collect_less

PARTITIONS = 8
BATCH, WITHIN_S = 1_000, 0.005


def main(job: Job) -> None:
    """Until stopped."""
    collect_less()
    use("uvloop")
    with tempfile.TemporaryDirectory(prefix="vendue-bench-faust-", ignore_cleanup_errors=True) as folder:
        faust.Worker(app_of(job, folder), loglevel="WARN").execute_from_commandline()


def app_of(job: Job, folder: str) -> faust.App:
    """The application, with the agent of the variant."""
    app = faust.App(
        job.events,
        broker=f"kafka://{job.brokers}",
        store="memory://",
        datadir=folder,
        topic_partitions=PARTITIONS,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
    )
    raw = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
    commands, events, host = app.topic(job.commands, **raw), app.topic(job.events, **raw), Host()

    async def judge(event: faust.Event) -> None:
        key, partition = event.key, event.message.partition
        for made in host.decide(key.decode(), event.value, round(event.message.timestamp * 1000)):
            await events.send(key=key, value=made, partition=partition)

    if job.variant == "table":
        winning = app.Table("winning", partitions=PARTITIONS, key_type=bytes, value_type=bytes)

        @app.agent(commands)
        async def keep_winning(stream: faust.Stream) -> None:
            async for event in stream.events():
                await judge(event)
                winning[event.key] = host.winning(event.key.decode())

    else:

        @app.agent(commands)
        async def only_judge(stream: faust.Stream) -> None:
            async for batch in stream.take_events(BATCH, within=WITHIN_S):
                for event in batch:
                    await judge(event)

    return app


if __name__ == "__main__":
    main(Job(*sys.argv[1:]))
