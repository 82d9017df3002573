"""Which partition a key belongs to: Kafka's default partitioner, so that both logs agree."""

from functools import lru_cache

from vendue.log.port import PARTITIONS

_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """The 32-bit MurmurHash2 that Kafka's Java client uses (seed 0x9747b28c), unsigned."""
    length = len(data)
    h = 0x9747B28C ^ length
    for start in range(0, length - length % 4, 4):
        k = int.from_bytes(data[start : start + 4], "little") * _M & _MASK
        k = (k ^ (k >> 24)) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if tail := data[length - length % 4 :]:
        h = (h ^ int.from_bytes(tail, "little")) * _M & _MASK
    h = (h ^ (h >> 13)) * _M & _MASK
    return h ^ (h >> 15)


@lru_cache(maxsize=65_536)
def partition_of(key: str) -> int:
    """The partition of a key, 0 … PARTITIONS − 1."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS
