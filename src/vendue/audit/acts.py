"""The audit log's lines, whether they are a chain."""

from typing import Any

from vendue.audit.parts import Wrong
from vendue.catalogue.acts import GENESIS, hash_of


def check_acts(lines: list[dict[str, Any]]) -> None:
    """Raises Wrong, which names the first line that does not hold. They may come from any place on, in order."""
    first = lines[0].get("seq")
    start = first if isinstance(first, int) and first > 0 else 1
    previous = GENESIS if start == 1 else lines[0].get("prev")
    for number, line in enumerate(lines, start):
        name = f"line {number} of the audit log ({line.get('action')})"
        if line.get("seq") != number:
            raise Wrong(f"{name} has seq {line.get('seq')}: a line is missing, doubled or out of place")
        if line.get("prev") != previous:
            raise Wrong(f"{name} does not follow the line before it: its `prev` is not that one's hash")
        if line.get("hash") != hash_of(line):
            raise Wrong(f"{name} was changed: its hash is not that of what it says")
        previous = line["hash"]
