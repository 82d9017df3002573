"""Lines of the audit log: what those in charge did, written with the change."""

from typing import Any

from vendue.api.permissions import Viewer
from vendue.catalogue.port import Row


def line(viewer: Viewer, action: str, subject: str, id: str, now_ms: int, **more: Any) -> Row:
    """A row for the audit log; `changes` and `reason` may come with it."""
    whole = {"at": now_ms, "user": viewer.user, "role": viewer.role, "action": action, "outcome": "done"}
    return {**whole, "subject": subject, "subject_id": id, "changes": None, "reason": None, **more}


def changed(before: Row, values: Row) -> dict[str, Any]:
    """Each attribute that becomes another, from what and to what."""
    return {name: [before.get(name), value] for name, value in values.items() if before.get(name) != value}
