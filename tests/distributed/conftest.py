"""Servers that a distributed sale stands on."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distributed.market import Market
from tests.servers import kafka, mongodb, postgresql, redis
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
def catalogue(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database: PostgreSQL's, or of the kind that a test is parametrized by."""
    kind = getattr(request, "param", "postgresql")
    database = {"postgresql": postgresql.database, "mongodb": mongodb.database}[kind]
    with database(request.getfixturevalue(f"{kind}_server"), f"market_{secrets.token_hex(4)}") as url:
        yield url


@pytest.fixture
def market(tmp_path: Path, broker: Broker, board: redis.Server, catalogue: str) -> Market:
    """A sale of which nothing runs yet."""
    found = Market(tmp_path, broker.address, board.url, catalogue)
    found.migrate()
    return found
