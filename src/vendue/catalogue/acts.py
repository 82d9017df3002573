"""The audit log's hash chain: none of its lines can be changed, dropped, swapped or added between others unseen.

hash = SHA-256, in lower-case hex, of the line's attributes but `hash` as RFC 8785 JSON; they name the line before by
its hash in `prev`. The first has seq 1 and names 64 zeros.
"""

from msgspec.json import decode, encode

from vendue.catalogue.models import AUDIT_LOG
from vendue.catalogue.port import Row
from vendue.chain import digest

_NAMES = [field.name for field in AUDIT_LOG.fields if field.name != "hash"]


def hash_of(line: Row) -> str:
    """Of a line with its seq and prev."""
    return digest({name: line.get(name) for name in _NAMES})


def linked(line: Row, seq: int, prev: str) -> Row:
    """The line as the one after that with this seq and hash; 0 and GENESIS where it is the first."""
    changes = decode(encode(line.get("changes")))  # as it will be read
    placed = {**line, "changes": changes, "seq": seq + 1, "prev": prev}
    return {**placed, "hash": hash_of(placed)}
