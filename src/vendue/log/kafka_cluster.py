"""Where Kafka is, and what every client of it is told."""

import logging
import time
import warnings
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from msgspec import Struct

SELDOM_S = 10.0

# A producer that is dropped while Kafka is away may be in the middle of a transaction; the next one's fence ends it.
warnings.filterwarnings("ignore", message="Producer abort_transaction failed during close")


class _Seldom(logging.Filter):
    """A broker that is away is told of by each connection, several times a second: one line of a kind is enough."""

    def __init__(self) -> None:
        super().__init__()
        self._said_s: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind, now_s = record.getMessage().partition(" ")[0], time.monotonic()
        if now_s - self._said_s.get(kind, -SELDOM_S) < SELDOM_S:
            return False
        self._said_s[kind] = now_s
        return True


logger = logging.getLogger("vendue.kafka")
"""Where the client library writes."""
logger.addFilter(_Seldom())

Config = dict[str, Any]
DENIED = frozenset(
    {
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.GROUP_AUTHORIZATION_FAILED,
        KafkaError.CLUSTER_AUTHORIZATION_FAILED,
        KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    }
)
"""A right is missing."""


class BadCluster(Exception):
    """Kafka cannot be used by these settings, and waiting does not mend it; says what to do, and no secret."""


class Cluster(Struct, frozen=True):
    """`brokers`: host:port by comma. `prefix`: before each name of topics, groups and transactions, or "".

    `security`: what the client library is told of TLS and SASL.
    """

    brokers: str
    prefix: str = ""
    security: Mapping[str, str] = {}

    def __repr__(self) -> str:
        """Without `security`, which holds the password."""
        return f"Cluster({self.brokers!r}, {self.prefix!r})"

    def name(self, name: str) -> str:
        """A topic's, group's or transaction's name on this cluster."""
        return f"{self.prefix}.{name}" if self.prefix else name

    def config(self, **more: Any) -> Config:
        """A client's settings; `more` with _ for the dots in their names."""
        common: Config = {
            "bootstrap.servers": self.brokers,
            "client.id": self.name("vendue"),
            "allow.auto.create.topics": False,
            "socket.keepalive.enable": True,
            "socket.nagle.disable": True,
            "reconnect.backoff.ms": 50,
            "reconnect.backoff.max.ms": 1000,
            "logger": logger,
        }
        return {**common, **self.security, **{name.replace("_", "."): value for name, value in more.items()}}


def explain(error: KafkaException | KafkaError) -> str:
    """What went wrong, in the library's words; and where rights are missing, where they are listed."""
    cause = error.args[0] if isinstance(error, KafkaException) else error
    if not isinstance(cause, KafkaError):
        return str(cause)
    rights = "; docs/production.md lists our rights" if cause.code() in DENIED else ""
    return f"{cause.name()}: {cause.str()}{rights}"
