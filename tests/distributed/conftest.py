"""Servers that a distributed sale stands on."""

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distributed.market import Market
from tests.servers import kafka, postgresql, redis
from tests.servers.kafka import Broker


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A Kafka of this test's own."""
    with kafka.broker() as started:
        yield started


@pytest.fixture
def board() -> Iterator[redis.Server]:
    """A Redis of this test's own."""
    with redis.Server() as started:
        yield started


@pytest.fixture
def market(tmp_path: Path, broker: Broker, board: redis.Server, postgresql_server: str) -> Iterator[Market]:
    """A sale on PostgreSQL of which nothing runs yet."""
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(postgresql.database(postgresql_server, f"market_{secrets.token_hex(4)}"))
        found = Market(tmp_path, broker.address, board.url, url)
        found.migrate()
        yield found
