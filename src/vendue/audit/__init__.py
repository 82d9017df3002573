"""The audit: whether what the house gave out holds, checked without the house."""

from vendue.audit.export import Line, command_of, event_of, read_lines
from vendue.audit.file import Verdict, audit
from vendue.audit.parts import Wrong
from vendue.audit.proofs import Proofs, read_proofs

__all__ = ["Line", "Proofs", "Verdict", "Wrong", "audit", "command_of", "event_of", "read_lines", "read_proofs"]
