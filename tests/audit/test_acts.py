"""The audit log as a chain with a signed head: the first wrong line is named, and so is an end that was cut off."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.json import decode, encode
from msgspec.structs import replace

from tests.audit.sold import FORGER, HOUSE, KEYS
from vendue.api.signing import Signer
from vendue.audit import Proofs, Verdict, audit
from vendue.audit.proofs import Signed, read_heads
from vendue.catalogue.acts import linked
from vendue.chain import GENESIS
from vendue.rules.claims import ACTS, Claim

Lines = list[dict[str, Any]]


def acts() -> Lines:
    """Five lines, as `vendue export --audit-log` tells them, without the head."""
    made: Lines = []
    for number in range(5):
        last = (made[-1]["seq"], made[-1]["hash"]) if made else (0, GENESIS)
        line = {"at": 100 + number, "user": "ada", "role": "admin", "action": "update", "reason": "“é”"}
        line |= {"subject": "users", "subject_id": "u", "changes": {"blocked": [False, True]}, "outcome": "done"}
        made.append({"id": number + 1, "documentId": f"d{number}", **linked(line, *last)})
    return made


def head_of(lines: Lines, signer: Signer = HOUSE) -> Signed:
    """As of the last of these lines."""
    last = lines[-1] if lines else {"seq": 0, "hash": GENESIS}
    return decode(encode(signer.sign("audit-head", Claim(ACTS, last["seq"], 900, last["hash"]))), type=Signed)


def found(lines: Lines, *heads: Signed, kept: tuple[Signed, ...] = ()) -> Verdict:
    """What the audit says of them, ended by the head of five good lines where no other is given."""
    told = [*lines, *({"head": decode(encode(each))} for each in heads or [head_of(acts())])]
    [verdict] = audit((json.dumps(line).encode() for line in told), Proofs(KEYS, heads=kept))
    return verdict


def test_a_good_log_holds_whole_and_from_any_line_on() -> None:
    assert found(acts()) == Verdict("audit-log", 5, 0, None, None, None, None, head=True)
    assert found(acts()[2:], kept=(head_of(acts()[:2]),)).fault is None


def test_a_log_without_a_line_is_one() -> None:
    verdict = found([], head_of([]))
    assert (verdict.auction, verdict.events, verdict.fault) == ("audit-log", 0, None)
    assert "line 5 of the audit log, of which there is a head, is missing" in (found([]).fault or "")


@pytest.mark.parametrize("left", [0, 3, 4])
def test_an_end_that_was_cut_off_is_named(left: int) -> None:
    assert "the end was cut off" in (found(acts()[:left]).fault or "")
    [verdict] = audit([json.dumps(line).encode() for line in acts()[: left or 1]])
    assert "or the head is missing: the end was cut off" in (verdict.fault or ""), "with the head itself"
    signed_anew = head_of(acts()[:left])
    assert found(acts()[:left], signed_anew).fault is None, "the house can"
    kept = found(acts()[:left], signed_anew, kept=(head_of(acts()),))
    assert "line 5 of the audit log, of which there is a head, is missing" in (kept.fault or ""), (
        "but not from who kept"
    )


def test_a_kept_head_shows_a_log_that_was_made_anew() -> None:
    kept = (head_of(acts()[:2]), head_of(acts()[:4]))
    assert (found(acts(), kept=kept).fault, found(acts(), kept=kept).heads) == (None, 2)
    anew: Lines = []
    for line in acts():
        last = (anew[-1]["seq"], anew[-1]["hash"]) if anew else (0, GENESIS)
        anew.append(linked({**line, "user": "eve"} if line["seq"] == 3 else line, *last))
    assert found(anew, head_of(anew)).fault is None, "which nothing else would"
    assert "line 4 of the audit log is not the one of the head" in (found(anew, head_of(anew), kept=kept).fault or "")
    early = found(acts()[3:], kept=kept).fault or ""
    assert "line 2 of the audit log, of which there is a head, is before the first in this file" in early


def test_a_line_after_the_head_is_named() -> None:
    assert "line 4 of the audit log (update) was added after the end" in (
        found(acts(), head_of(acts()[:3])).fault or ""
    )


@pytest.mark.parametrize(
    ("forged", "named"),
    [
        (replace(head_of(acts()), at=7), "the head of line 5 of the audit log is forged"),
        (head_of(acts(), FORGER), "which is none of the house's"),
        (decode(encode(HOUSE.sign("head", Claim(ACTS, 5, 900, acts()[4]["hash"]))), type=Signed), "is forged"),
    ],
)
def test_a_forged_head_is_named(forged: Signed, named: str) -> None:
    assert named in (found(acts(), forged).fault or "")
    assert named in (found(acts(), kept=(forged,)).fault or "")


def test_a_head_is_read_from_an_answer_and_from_a_log() -> None:
    head = head_of(acts())
    for told in ({"data": head, "meta": {}}, {"head": head}, head):
        assert read_heads(encode(told)) == (head,)


@pytest.mark.parametrize(
    "name", ["at", "user", "role", "action", "subject", "subject_id", "changes", "reason", "outcome"]
)
def test_any_changed_attribute_is_named(name: str) -> None:
    lines = acts()
    lines[2][name] = "other"
    assert "line 3 of the audit log (" in (fault := found(lines).fault or "") and "was changed" in fault


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
    assert re.search(named, found(change(acts())).fault or "")
