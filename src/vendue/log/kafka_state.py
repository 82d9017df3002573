"""Checkpoints in Kafka: the compacted topic `auctions`, written in transactions that fence whoever wrote before."""

import contextlib
from collections.abc import Iterable
from threading import Lock

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from msgspec import DecodeError, Struct
from msgspec.json import Decoder, encode

from vendue.log.kafka_cluster import Cluster, explain
from vendue.log.kafka_read import bounds
from vendue.log.kafka_topics import CHECKPOINTS, MAX_CHECKPOINT_BYTES
from vendue.log.port import Checkpoint, Deadline, LogFenced, LogUnavailable, ShareRefused

WAIT_S = 10.0
COMMIT_TRIES = 3
READ_AT_ONCE = 10_000
OFFSET_KEY = b"offset"
"""No auction's part: those have a slash."""
_FENCED = frozenset({KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH})


class Part(Struct, tag="part", tag_field="type", frozen=True):
    """A checkpoint's part, under the key `auction/part`; the rest is the checkpoint's, as the port has it."""

    auction: str
    part: str
    offset: int
    deadline_at: int | None
    active: bool
    state: bytes


class Offset(Struct, tag="offset", tag_field="type", frozen=True):
    """Up to which command all states of a partition are saved. `rules`: the version that decided them."""

    next: int
    rules: int


_decoder = Decoder(Part | Offset)


class _Saved(Struct):
    """The latest checkpoint of an auction."""

    offset: int
    deadline_at: int | None
    active: bool
    parts: dict[str, bytes]


class States:
    """One partition's checkpoints, from when it is taken. Everything here blocks.

    `rules`: the version of what decides; states of a later one are refused, since it may decide otherwise.
    """

    def __init__(self, cluster: Cluster, partition: int, rules: int) -> None:
        self._partition, self._rules = partition, rules
        self._topic, self._commands = cluster.name(CHECKPOINTS), cluster.name("bids")
        self._saved: dict[str, _Saved] = {}
        self._saved_rules = 0
        self._using = Lock()
        self._producer = Producer(
            cluster.config(
                transactional_id=cluster.name(f"vendue-engine-{partition}"),
                transaction_timeout_ms=60_000,
                message_max_bytes=MAX_CHECKPOINT_BYTES,
                linger_ms=0,
            )
        )
        self._reader = cluster.config(
            group_id=cluster.name("vendue-reader"),
            enable_auto_commit=False,
            auto_offset_reset="error",
            isolation_level="read_committed",
            enable_partition_eof=True,
            fetch_wait_max_ms=10,  # the end is told after a fetch that found nothing
            fetch_message_max_bytes=MAX_CHECKPOINT_BYTES,
        )

    def take(self) -> int:
        """Fence whoever had the partition, then read what he saved; the next command's offset.

        Before anything is decided by rules that nobody had before, their version is saved: whoever has older ones
        must not decide the same again. Raises LogUnavailable, LogFenced, ShareRefused.
        """
        with self._using:
            try:
                self._producer.init_transactions(WAIT_S)
                reader = Consumer(self._reader)
                try:
                    next_offset = self._checked(reader, self._read(reader))
                finally:
                    reader.close()
            except KafkaException as error:
                raise LogUnavailable(f"Partition {self._partition} cannot be taken ({explain(error)}).") from error
            if self._saved_rules < self._rules:
                self._save([], next_offset)
            return next_offset

    def _read(self, reader: Consumer) -> int | None:
        """All that is saved, to the end; the offset where there is one."""
        next_offset = None
        low, end = bounds(reader, self._topic, self._partition)
        reader.assign([TopicPartition(self._topic, self._partition, low)])
        while True:
            first = reader.poll(WAIT_S)
            if first is None:
                raise LogUnavailable(f"{self._topic} does not answer.")
            for message in [first, *reader.consume(READ_AT_ONCE, 0)]:
                error = message.error()
                if error is not None:
                    if error.code() != KafkaError._PARTITION_EOF:
                        raise KafkaException(error)
                    if (message.offset() or 0) < end:
                        place = f"{self._topic} {self._partition}"
                        raise LogUnavailable(f"{place} ended at {message.offset()}, and {end} was there before.")
                    return next_offset
                key, value = message.key() or b"", message.value()
                try:
                    if key == OFFSET_KEY and value is not None:
                        next_offset = self._offset(value)
                    else:
                        self._note(key.decode(), value)
                except DecodeError as error:
                    raise ShareRefused(
                        f"{self._topic} {self._partition} cannot be read at offset {message.offset()} ({error}): a "
                        "newer vendue wrote it, which is to be installed here too, or it is damaged."
                    ) from error

    def _offset(self, value: bytes) -> int:
        found = _decoder.decode(value)
        assert isinstance(found, Offset), "the key says so"
        if found.rules > self._rules:
            raise ShareRefused(
                f"Partition {self._partition} was decided by version {found.rules} of the rules, and this engine has "
                f"version {self._rules}: install the newer vendue here too."
            )
        self._saved_rules = found.rules
        return found.next

    def _note(self, key: str, value: bytes | None) -> None:
        auction, _, name = key.partition("/")
        if value is None:
            if auction in self._saved:
                self._saved[auction].parts.pop(name, None)
            return
        found = _decoder.decode(value)
        assert isinstance(found, Part), "the key says so"
        self._saved.setdefault(auction, _Saved(0, None, False, {})).parts[name] = found.state
        if found.offset >= self._saved[auction].offset:
            saved = self._saved[auction]
            saved.offset, saved.deadline_at, saved.active = found.offset, found.deadline_at, found.active

    def _checked(self, reader: Consumer, next_offset: int | None) -> int:
        low, high = bounds(reader, self._commands, self._partition)
        if next_offset is None and low == 0:
            return 0  # never saved, or only states yet, which say themselves what they hold
        if next_offset is None:
            raise ShareRefused(
                f"{self._topic} has no offset for partition {self._partition}, and the beginning of "
                f"{self._commands} is gone: restore the topic from its latest copy."
            )
        if not low <= next_offset <= high:
            raise ShareRefused(
                f"Partition {self._partition} was decided up to command {next_offset}, and {self._commands} holds "
                f"{low} to {high}: restore the topic from its latest copy."
            )
        return next_offset

    def save(self, checkpoints: Iterable[Checkpoint], next_offset: int | None) -> None:
        """In one transaction. Raises LogFenced, LogUnavailable.

        Who called and was cancelled goes on while this does; a transaction that has begun ends before another begins.
        """
        checkpoints = list(checkpoints)
        with self._using:
            self._save(checkpoints, next_offset)
            for checkpoint in checkpoints:
                self._remember(checkpoint)

    def _save(self, checkpoints: list[Checkpoint], next_offset: int | None) -> None:
        try:
            self._producer.begin_transaction()
            for checkpoint in checkpoints:
                self._send(checkpoint)
            if next_offset is not None:
                self._produce(OFFSET_KEY, encode(Offset(next_offset, self._rules)))
            self._commit()
        except (KafkaException, BufferError) as error:
            self._abort(error)

    def _commit(self) -> None:
        for left in reversed(range(COMMIT_TRIES)):
            try:
                self._producer.commit_transaction(WAIT_S)
            except KafkaException as error:
                if not left or not error.args[0].retriable():
                    raise
            else:
                return

    def _send(self, checkpoint: Checkpoint) -> None:
        auction = checkpoint.auction
        if checkpoint.whole and auction in self._saved:
            for name in self._saved[auction].parts.keys() - checkpoint.parts.keys():
                self._produce(f"{auction}/{name}".encode(), None)
        for name, state in checkpoint.parts.items():
            part = Part(auction, name, checkpoint.offset, checkpoint.deadline_at, checkpoint.active, state)
            self._produce(f"{auction}/{name}".encode(), encode(part))

    def _produce(self, key: bytes, value: bytes | None) -> None:
        self._producer.produce(self._topic, value, key, self._partition)

    def _remember(self, checkpoint: Checkpoint) -> None:
        before = self._saved.get(checkpoint.auction)
        parts = {} if before is None or checkpoint.whole else before.parts
        state = _Saved(checkpoint.offset, checkpoint.deadline_at, checkpoint.active, {**parts, **checkpoint.parts})
        self._saved[checkpoint.auction] = state

    def _abort(self, error: KafkaException | BufferError) -> None:
        """Nothing of it is saved; raises what to tell."""
        cause = error.args[0] if isinstance(error, KafkaException) else None
        if isinstance(cause, KafkaError) and (cause.code() in _FENCED or cause.fatal()):
            raise LogFenced(f"Partition {self._partition} is another's ({explain(cause)}).") from error
        said = explain(error) if isinstance(error, KafkaException) else str(error)
        try:
            self._producer.abort_transaction(WAIT_S)
        except KafkaException as worse:  # what state it is in nobody knows: begin anew
            raise LogFenced(f"Partition {self._partition} cannot be saved ({said}; {explain(worse)}).") from worse
        raise LogUnavailable(f"Partition {self._partition} was not saved ({said}).") from error

    def deadlines(self) -> list[Deadline]:
        """What needs the clock."""
        return [
            Deadline(auction, saved.deadline_at, saved.active)
            for auction, saved in self._saved.items()
            if saved.deadline_at is not None
        ]

    def load(self, auction: str) -> Checkpoint | None:
        """An auction's latest."""
        saved = self._saved.get(auction)
        if saved is None or not saved.parts:
            return None
        place = self._partition, saved.offset, saved.deadline_at, saved.active
        return Checkpoint(auction, *place, saved.parts)

    def close(self) -> None:
        """Let go."""
        with self._using, contextlib.suppress(KafkaException):
            self._producer.close()
