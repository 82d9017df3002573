"""What an export takes of a log in which events were written again."""

from vendue.log.history import each_once
from vendue.log.port import Record


def test_events_that_were_written_again_count_once_and_stay_in_order() -> None:
    written = [Record(0, offset, 1000 + offset, "a", value) for offset, value in enumerate((b"1", b"2", b"3", b"2"))]
    assert each_once(written) == written[:3]
