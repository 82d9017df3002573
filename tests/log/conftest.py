"""What tests of the logs may ask for."""

import secrets

import pytest

from vendue.log.kafka_cluster import Cluster


@pytest.fixture
def cluster(kafka_server: str) -> Cluster:
    """A log of this test's own, not made yet."""
    return Cluster(kafka_server, prefix=f"test-{secrets.token_hex(4)}")
