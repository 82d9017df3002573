"""Where Kafka is, and what every client of it is told."""

import logging
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from msgspec import Struct

logger = logging.getLogger("vendue.kafka")
"""Where the client library writes; what it says of itself is seldom an operator's affair."""

Config = dict[str, Any]


class Cluster(Struct, frozen=True):
    """`brokers`: host:port by comma. `prefix`: before each name of topics, groups and transactions, or "".

    `security`: what the client library is told of TLS and SASL.
    """

    brokers: str
    prefix: str = ""
    security: Mapping[str, str] = {}

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
    """What went wrong, in the library's words."""
    cause = error.args[0] if isinstance(error, KafkaException) else error
    return f"{cause.name()}: {cause.str()}" if isinstance(cause, KafkaError) else str(cause)
