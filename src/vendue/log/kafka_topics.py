"""The topics: made where they are not there, and held against what the log needs where they are."""

import time
from collections.abc import Mapping

import structlog
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its documented face, which its types do not export
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from vendue.log.kafka_cluster import DENIED, BadCluster, Cluster, explain
from vendue.log.kafka_entry import WAIT_S, enter
from vendue.log.port import PARTITIONS, LogBroken, LogUnavailable

CHECKPOINTS = "auctions"
MAX_CHECKPOINT_BYTES = 8 << 20
MOST_LAG_MS = 3_600_000
_FOR_GOOD = {"retention.ms": "-1", "retention.bytes": "-1"}
_RECORDS = {"cleanup.policy": "delete", "message.timestamp.type": "LogAppendTime"}
_SAFE = {"unclean.leader.election.enable": "false"}
_COMPACTED = {"cleanup.policy": "compact", **_SAFE}
_MADE: dict[str, dict[str, str]] = {
    "bids": {**_RECORDS, **_SAFE, **_FOR_GOOD},
    "auction-events": {**_RECORDS, **_SAFE, **_FOR_GOOD},
    CHECKPOINTS: {
        **_COMPACTED,
        "max.compaction.lag.ms": "600000",
        "segment.ms": "600000",
        "segment.bytes": str(64 << 20),
        "min.cleanable.dirty.ratio": "0.1",
        "max.message.bytes": str(MAX_CHECKPOINT_BYTES),
    },
}
_NEEDED = {"bids": {**_RECORDS, **_SAFE}, "auction-events": {**_RECORDS, **_SAFE}, CHECKPOINTS: _COMPACTED}
_logger = structlog.get_logger()


def ensure_topics(cluster: Cluster) -> None:
    """Make what is missing, with the brokers' replication; blocks. Raises LogUnavailable, LogBroken, BadCluster.

    What is there and wrong is never changed: it is the owner's.
    """
    admin = enter(cluster)
    try:
        known = admin.list_topics(timeout=WAIT_S).topics
        missing = [name for name in _MADE if cluster.name(name) not in known]
        wanted = [NewTopic(cluster.name(name), PARTITIONS, -1, config=_MADE[name]) for name in missing]
        for made in (admin.create_topics(wanted, operation_timeout=WAIT_S) if wanted else {}).values():
            _ignore_existing(made.exception(WAIT_S))
        settings = _settings(admin, [cluster.name(name) for name in _MADE])
    except (KafkaException, TimeoutError) as error:
        if isinstance(error, KafkaException) and error.args[0].code() in DENIED:
            topics = ", ".join(cluster.name(name) for name in _MADE)
            said = f"Kafka at {cluster.brokers} does not let us make or see one of the topics {topics}"
            raise BadCluster(f"{said} ({explain(error)}).") from error
        said = explain(error) if isinstance(error, KafkaException) else f"no answer in {WAIT_S:.0f} s"
        raise LogUnavailable(f"Kafka at {cluster.brokers} cannot be used ({said}); is VENDUE_LOG right?") from error
    for name in _MADE:
        partitions, told = settings[cluster.name(name)]
        _check(name, cluster.name(name), partitions, told)


def _settings(admin: AdminClient, topics: list[str]) -> dict[str, tuple[int, Mapping[str, str | None]]]:
    """Of each topic how many partitions it has, and its settings; what was just made may not be known everywhere."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            told = admin.describe_configs(
                [ConfigResource(ResourceType.TOPIC, topic) for topic in topics], request_timeout=WAIT_S
            )
            known = admin.list_topics(timeout=WAIT_S).topics
            partitions = {topic: known[topic].partitions for topic in topics}
            if not any(each.leader < 0 for topic in topics for each in partitions[topic].values()):
                return {
                    resource.name: (
                        len(partitions[resource.name]),
                        {entry.name: entry.value for entry in each.result(WAIT_S).values()},
                    )
                    for resource, each in told.items()
                }
        except (KafkaException, KeyError) as error:
            if not isinstance(error, KeyError) and error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
                raise
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.1)


def _ignore_existing(error: BaseException | None) -> None:
    if error is None:
        return
    cause = error.args[0] if isinstance(error, KafkaException) else None
    if not (isinstance(cause, KafkaError) and cause.code() == KafkaError.TOPIC_ALREADY_EXISTS):
        raise error  # otherwise another process was faster


def _check(name: str, full: str, partitions: int, settings: Mapping[str, str | None]) -> None:
    wrong = [
        f"{setting} is {settings.get(setting)} and must be {value}"
        for setting, value in _NEEDED[name].items()
        if settings.get(setting) != value
    ]
    if partitions != PARTITIONS:
        wrong.append(f"it has {partitions} partitions and must have {PARTITIONS}")
    if name == CHECKPOINTS:
        if int(settings.get("max.message.bytes") or 0) < MAX_CHECKPOINT_BYTES:
            wrong.append(f"max.message.bytes must be at least {MAX_CHECKPOINT_BYTES}")
        if int(settings.get("max.compaction.lag.ms") or 0) > MOST_LAG_MS:
            wrong.append(f"max.compaction.lag.ms must be at most {MOST_LAG_MS}, or taking over reads gigabytes")
    if wrong:
        raise LogBroken(
            f"The Kafka topic {full} is not as the log needs it: {'; '.join(wrong)}. "
            "Alter it, or name another prefix in VENDUE_LOG."
        )
    if name != CHECKPOINTS and any(settings.get(setting) != value for setting, value in _FOR_GOOD.items()):
        _logger.warning("log.retention", topic=full, advice="archive each auction's records before they go")
