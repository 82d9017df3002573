"""The limit: confluent-kafka alone. As many records in, as many of an event's size out; nothing is decided or kept."""

import sys

from confluent_kafka import Consumer, Producer, TopicPartition

from bench.peers.host import Job
from vendue.log.kafka_cluster import Cluster
from vendue.log.kafka_read import MOST_AT_ONCE

PARTITIONS = 8
EVENT = b"e" * 870
"""As long as a bid's event."""


def main(job: Job) -> None:
    """Until stopped. Both clients are set as Vendue's are."""
    cluster = Cluster(job.brokers)
    consumer = Consumer(
        cluster.config(
            group_id=job.events,
            enable_auto_commit=False,
            fetch_wait_max_ms=100,
            fetch_queue_backoff_ms=10,
            queued_min_messages=20_000,
        )
    )
    producer = Producer(cluster.config(enable_idempotence=True, acks="all", linger_ms=0))
    consumer.assign([TopicPartition(job.commands, partition, 0) for partition in range(PARTITIONS)])
    while True:
        first = consumer.poll(0.02)
        for message in [] if first is None else [first, *consumer.consume(MOST_AT_ONCE, 0)]:
            assert message.error() is None, message.error()
            while True:
                try:
                    producer.produce(job.events, EVENT, message.key(), message.partition() or 0)
                except BufferError:
                    producer.poll(0.01)
                else:
                    break
        producer.poll(0)


if __name__ == "__main__":
    main(Job(*sys.argv[1:]))
