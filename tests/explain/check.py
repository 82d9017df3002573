"""The way in: a record, and for each of its auctions whether it can be explained."""

from tests.explain.case import cases
from tests.explain.conflicts import conflicts
from tests.explain.order import Search
from tests.explain.record import Record
from tests.explain.verdict import Verdict


def explain(record: Record) -> list[Verdict]:
    """A verdict for each auction, as the record names them."""
    found = []
    for case in cases(record).values():
        conflict = next(conflicts(case), None)
        found.append(conflict or Search(case).run())
    return found


def check_explained(record: Record) -> list[Verdict]:
    """The verdicts, all of which hold; AssertionError with the first that does not."""
    verdicts = explain(record)
    for verdict in verdicts:
        assert verdict.holds, str(verdict)
    return verdicts
