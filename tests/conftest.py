"""What every test may ask for."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.servers import kafka, mongodb, postgresql, redis

ROOT = Path(__file__).parent.parent


def pytest_configure() -> None:
    """A failure shows what was logged, but not each of thousands of commands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data, beside the repository or where `VENDUE_SHARED` says."""
    folder = Path(os.environ.get("VENDUE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; VENDUE_SHARED names another place")
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL on which databases can be made."""
    with postgresql.running() as url:
        yield url


@pytest.fixture(scope="session")
def mongodb_server() -> Iterator[str]:
    """The URL of a server that speaks MongoDB's protocol and keeps databases."""
    with mongodb.running() as url:
        yield url


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[str]:
    """The address of a Kafka on which topics can be made."""
    with kafka.running() as address:
        yield address


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a Redis whose database may be emptied."""
    with redis.running() as url:
        yield url
