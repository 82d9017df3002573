"""The audit log as a chain: the first wrong line is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from vendue.audit import Wrong, audit
from vendue.catalogue.acts import GENESIS, linked

Lines = list[dict[str, Any]]


def acts() -> Lines:
    """Five lines, as GET /api/audit-log or `vendue export --audit-log` tell them."""
    found: Lines = []
    for number in range(5):
        last = (found[-1]["seq"], found[-1]["hash"]) if found else (0, GENESIS)
        line = {"at": 100 + number, "user": "ada", "role": "admin", "action": "update", "reason": "“é”"}
        line |= {"subject": "users", "subject_id": "u", "changes": {"blocked": [False, True]}, "outcome": "done"}
        found.append({"id": number + 1, "documentId": f"d{number}", **linked(line, *last)})
    return found


def check(lines: Lines) -> None:
    assert audit(json.dumps(line).encode() for line in lines) == []


def test_a_good_log_holds_whole_and_from_any_line_on() -> None:
    check(acts())
    check(acts()[2:])


@pytest.mark.parametrize(
    "name", ["at", "user", "role", "action", "subject", "subject_id", "changes", "reason", "outcome"]
)
def test_any_changed_attribute_is_named(name: str) -> None:
    lines = acts()
    lines[2][name] = "other"
    with pytest.raises(Wrong, match=r"line 3 of the audit log .* was changed"):
        check(lines)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda log: log[:2] + log[3:], r"line 3 of the audit log .* has seq 4"),
        (lambda log: [*log[:1], log[2], log[1], *log[3:]], r"line 2 of the audit log .* has seq 3"),
        (lambda log: [*log[:2], log[1], *log[2:]], r"line 3 of the audit log .* has seq 2"),
        (lambda log: [*log[:2], {**linked(log[2], 2, "1" * 64)}, *log[3:]], r"line 3 .* does not follow"),
        (lambda log: [*log[:2], linked({**log[2], "user": "eve"}, 2, log[1]["hash"]), *log[3:]], r"line 4 .* follow"),
        (lambda log: [linked(log[0], 0, "1" * 64), *log[1:]], r"line 1 .* does not follow"),
        (lambda log: [{**log[0], "seq": None}, *log[1:]], r"line 1 .* has seq None"),
    ],
)
def test_a_dropped_swapped_or_added_line_is_named(change: Callable[[Lines], Lines], named: str) -> None:
    with pytest.raises(Wrong, match=named):
        check(change(acts()))
