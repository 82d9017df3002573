"""The audit log's lines, whether they are a chain that ends as its head says."""

from typing import Any

from vendue.audit.parts import Wrong
from vendue.audit.proofs import Proofs, Signed, check_head
from vendue.catalogue.acts import hash_of
from vendue.chain import GENESIS
from vendue.rules.claims import ACTS


def check_acts(lines: list[dict[str, Any]]) -> None:
    """Raises Wrong, which names the first line that does not hold. They may come from any place on, in order."""
    start = _start_of(lines)
    previous = GENESIS if start == 1 else lines[0].get("prev")
    for number, line in enumerate(lines, start):
        name = _name_of(number, line)
        if line.get("seq") != number:
            raise Wrong(f"{name} has seq {line.get('seq')}: a line is missing, doubled or out of place")
        if line.get("prev") != previous:
            raise Wrong(f"{name} does not follow the line before it: its `prev` is not that one's hash")
        if line.get("hash") != hash_of(line):
            raise Wrong(f"{name} was changed: its hash is not that of what it says")
        previous = line["hash"]


def check_acts_end(lines: list[dict[str, Any]], heads: list[Signed], proofs: Proofs) -> None:
    """Of lines that are a chain: that they end as the file's heads say, and hold what kept ones say. Raises Wrong."""
    start = _start_of(lines)
    last = start + len(lines) - 1
    if not heads:
        raise Wrong(f"line {last + 1} of the audit log or the head is missing: the end was cut off")
    hashes = {start - 1: lines[0].get("prev") if lines else GENESIS} | {line["seq"]: line["hash"] for line in lines}
    for head in [*heads, *proofs.heads_of(ACTS)]:
        proofs.check_signature("audit-head", head)
        check_head(head, hashes, f"line {head.seq} of the audit log")
    for head in heads:
        if head.seq < last:
            added = _name_of(head.seq + 1, lines[head.seq + 1 - start])
            raise Wrong(f"{added} was added after the end: the head is before it")


def _start_of(lines: list[dict[str, Any]]) -> int:
    first = lines[0].get("seq") if lines else None
    return first if isinstance(first, int) and first > 0 else 1


def _name_of(number: int, line: dict[str, Any]) -> str:
    return f"line {number} of the audit log ({line.get('action')})"
