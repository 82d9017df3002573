"""Vendue's engine and Kafka log as in `vendue engine`, on a memory board; what is decided stays if it is killed."""

import asyncio
import logging
import signal
import sys

import structlog
import uvloop

from bench.peers.host import Job, collect_less
from vendue.board.memory import MemoryBoard
from vendue.cli import SWITCH_INTERVAL_S
from vendue.engine import Engine
from vendue.log.kafka import KafkaLog
from vendue.log.kafka_cluster import Cluster
from vendue.rules.terms import RULES_VERSION


async def decide(job: Job) -> None:
    """Until stopped."""
    log = await KafkaLog.open(Cluster(job.brokers, job.commands.removesuffix(".bids")), RULES_VERSION)
    collect_less()
    engine = Engine(log, MemoryBoard())
    running = asyncio.create_task(engine.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        await engine.stop()
    finally:
        await log.close()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    uvloop.run(decide(Job(*sys.argv[1:])))
