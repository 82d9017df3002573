"""Token buckets."""

from vendue.api.limits import Buckets


def test_a_burst_passes_and_the_next_waits_for_the_refill() -> None:
    buckets = Buckets(rate_per_s=2, burst=3)
    assert [buckets.take("a", 10.0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", 10.0) == 0.5
    assert buckets.take("a", 10.25) == 0.25
    assert buckets.take("a", 10.5) == 0
    assert buckets.take("b", 10.5) == 0


def test_a_bucket_fills_up_to_its_burst_and_no_further() -> None:
    buckets = Buckets(rate_per_s=1, burst=2)
    buckets.take("a", 0.0)
    assert [buckets.take("a", 1000.0) for _ in range(3)] == [0, 0, 1]


def test_the_longest_unused_keys_go_first() -> None:
    buckets = Buckets(rate_per_s=1, burst=1, size=2)
    for key in ("a", "b"):
        buckets.take(key, 0.0)
    assert buckets.take("a", 1.0) == 0
    buckets.take("c", 1.0)
    assert buckets.take("a", 1.0) > 0
    assert buckets.take("b", 1.0) == 0
