"""The log's clock against a machine's that jumps, falls back, drifts and stands still."""

import pytest

from vendue.log.clock import LogClock
from vendue.log.port import LogUnavailable


class Machine:
    """A wall clock and a monotonic one, in seconds."""

    def __init__(self, wall: float = 1_700_000_000.0) -> None:
        self.wall, self.monotonic = wall, 5_000.0

    def clock(self, floor_ms: int = 0) -> LogClock:
        return LogClock(floor_ms, lambda: self.wall, lambda: self.monotonic)

    def go(self, seconds: float, drift: float = 0.0) -> None:
        """Time passes; the wall clock gains `drift`."""
        self.monotonic += seconds
        self.wall += seconds + drift


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_follows_the_wall_in_ms(machine: Machine) -> None:
    clock = machine.clock()
    assert clock.now_ms() == clock.admit_ms() == 1_700_000_000_000
    machine.go(1.2345)
    assert clock.admit_ms() == 1_700_000_001_234


def test_it_never_falls_below_the_highest_that_the_log_gave(machine: Machine) -> None:
    clock = machine.clock(floor_ms=1_700_000_003_000)
    assert clock.admit_ms() == 1_700_000_003_000
    machine.go(2)
    assert clock.now_ms() == 1_700_000_003_000
    machine.go(2)
    assert clock.now_ms() == 1_700_000_004_000


@pytest.mark.parametrize("back_s", [0.001, 0.5, 2, 3600])
def test_a_clock_set_back_holds_until_it_is_where_it_was(machine: Machine, back_s: float) -> None:
    clock = machine.clock()
    before = clock.admit_ms()
    machine.wall -= back_s
    assert clock.admit_ms() == clock.now_ms() == before
    machine.go(back_s + 1)
    assert clock.admit_ms() == before + 1000


@pytest.mark.parametrize("jump_s", [1.01, 60, 365 * 24 * 3600])
def test_a_jump_ahead_lets_no_command_in_until_it_is_set_right(machine: Machine, jump_s: float) -> None:
    clock = machine.clock()
    before = clock.now_ms()
    machine.go(0.1, drift=jump_s)
    for _ in range(3):
        with pytest.raises(LogUnavailable, match=f"{jump_s:.1f} s ahead"):
            clock.admit_ms()
        machine.go(1)
    assert clock.now_ms() == before + 3_100, "events and ticks go on by the time without the jump"
    machine.wall -= jump_s
    assert clock.admit_ms() == before + 3_100


def test_after_a_step_back_as_large_a_step_ahead_is_a_jump_no_more_than_the_difference(machine: Machine) -> None:
    clock = machine.clock()
    before = clock.now_ms()
    machine.wall -= 10
    clock.now_ms()
    machine.wall += 10.5
    assert clock.admit_ms() == before + 500


def test_a_restart_accepts_the_clock_as_it_is(machine: Machine) -> None:
    machine.clock()
    machine.wall += 60
    assert machine.clock().admit_ms() == 1_700_000_060_000


@pytest.mark.parametrize("drift", [0.0005, -0.0005, 0.09])
def test_a_slewed_clock_is_followed(machine: Machine, drift: float) -> None:
    clock = machine.clock()
    highest = 0
    for _ in range(10_000):
        machine.go(0.1, drift)
        at = clock.admit_ms()
        assert at >= highest
        highest = at
    assert highest == pytest.approx(machine.wall * 1000, abs=1)


def test_a_suspended_machine_counts_as_a_jump(machine: Machine) -> None:
    clock = machine.clock()
    machine.wall += 300  # the monotonic clock stood still meanwhile
    with pytest.raises(LogUnavailable):
        clock.admit_ms()
