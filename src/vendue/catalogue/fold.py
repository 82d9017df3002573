"""Texts as equal as people take them for: whatever the case and the width of their letters."""

from unicodedata import normalize

from vendue.catalogue.models import ContentType
from vendue.catalogue.port import Row

ALIKE = "usernames_alike"
ALIKE_ADVICE = "they differ from another's only in case: each signs in by the exact name or the email; rename them"


def folded(text: str) -> str:
    """The same of all that differ in case alone, or in how the same letter is encoded."""
    return normalize("NFKC", normalize("NFKC", text).casefold())


def with_folds(content: ContentType, values: Row, before: Row | None = None) -> Row:
    """The values, and what follows from them. What is as it was `before` keeps its fold, which may be none."""
    made = dict(values)
    for field in content.fields:
        of = field.fold_of
        if of is None or of not in values:
            continue
        if before is not None and before[of] == values[of]:
            made.pop(field.name, None)
        else:
            made[field.name] = folded(values[of])
    return made
