"""The partition of a key is the one that Kafka's own client would choose."""

from collections import Counter

import pytest

from vendue.log.partition import murmur2, partition_of
from vendue.log.port import PARTITIONS

# From Kafka's own tests of its partitioner: key -> hash as a signed 32-bit number.
KNOWN = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}


@pytest.mark.parametrize(("key", "signed"), KNOWN.items())
def test_murmur2_is_kafkas(key: str, signed: int) -> None:
    assert murmur2(key.encode()) == signed % 2**32
    assert partition_of(key) == signed % 2**31 % PARTITIONS


def test_keys_spread_over_all_partitions() -> None:
    counts = Counter(partition_of(f"auction-{number}") for number in range(8_000))
    assert set(counts) == set(range(PARTITIONS))
    assert max(counts.values()) < 1.2 * min(counts.values())
