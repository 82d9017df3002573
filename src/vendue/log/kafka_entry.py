"""Into Kafka: whether it lets us in, and where it does not, which setting is to be mended."""

import logging
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from vendue.log.kafka_cluster import BadCluster, Cluster, explain
from vendue.log.port import LogUnavailable

WAIT_S, TRY_S = 15.0, 0.5
SURE_S = 2.0
"""So long a Kafka that just starts may hang up, or not know us yet."""
_ADVICE = {
    "mechanism handshake failed": "its listener there has no such sign-in: set VENDUE_KAFKA_SECURITY and "
    "VENDUE_KAFKA_SASL as Kafka has them",
    "SASL": "see that VENDUE_KAFKA_USER, VENDUE_KAFKA_PASSWORD and VENDUE_KAFKA_SASL are as Kafka has them",
    "certificate verify failed": "see that VENDUE_KAFKA_CA signed its certificate, and VENDUE_LOG has the name in it",
    "SSL alert": "see that VENDUE_KAFKA_CERT and VENDUE_KAFKA_KEY are a certificate that it trusts",
    "PLAINTEXT broker": "its listener there has no TLS: set another port in VENDUE_LOG, or VENDUE_KAFKA_SECURITY to "
    "plaintext or sasl_plaintext",
    "Disconnected": "it hangs up: see that VENDUE_KAFKA_SECURITY is what its listener there has",
}
"""What the library says where waiting does not help, and what to do; the first that fits."""


class _Ear(logging.Handler):
    """What a client says: why a connection failed it tells in its log, and not in its errors."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, without which thread said it; the same within half a minute is not said again."""
        self.said.append(record.getMessage().rpartition("]: ")[2])


def enter(cluster: Cluster) -> AdminClient:
    """A client that was let in; blocks. Raises BadCluster, LogUnavailable."""
    ear, logger = _Ear(), logging.Logger("vendue.kafka.entry")  # noqa: LOG001  # each hears itself alone
    logger.addHandler(ear)
    try:
        admin = AdminClient(cluster.config(logger=logger))
    except KafkaException as error:
        advice = (
            "see that VENDUE_KAFKA_CA, VENDUE_KAFKA_CERT and VENDUE_KAFKA_KEY are PEM files, the key without password"
        )
        raise BadCluster(f"Kafka's client takes no such settings ({explain(error)}): {advice}.") from None
    started_s = time.monotonic()
    while True:
        try:
            admin.list_topics(timeout=TRY_S)
        except KafkaException as error:
            admin.poll(0)
            waited_s, said = time.monotonic() - started_s, ear.said[-1] if ear.said else explain(error)
            if waited_s > SURE_S:
                _judge(cluster.brokers, ear.said)
            if waited_s > WAIT_S:
                told = f"Kafka at {cluster.brokers} cannot be used ({said}); is VENDUE_LOG right?"
                raise LogUnavailable(told) from error
        else:
            return admin
        time.sleep(0.1)


def _judge(brokers: str, lines: list[str]) -> None:
    """Raises BadCluster where one of the lines says what is wrong."""
    for words, advice in _ADVICE.items():
        for said in lines:
            if words in said:
                raise BadCluster(f"Kafka at {brokers} does not let us in ({said}): {advice}.")
