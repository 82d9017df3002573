"""A hook of mkdocs: a picture in the light look, `-light.webp`, has its dark one beside it; the reader's look picks."""

import re
from typing import Any

_PICTURE = re.compile(r"!\[([^]]*)\]\((\S+)-light\.webp\)(\{[^}]*\})?")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Both pictures in place of the one."""
    return _PICTURE.sub(_both, markdown)


def _both(found: re.Match[str]) -> str:
    shows, path, attributes = found.group(1, 2, 3)
    return "\n".join(f"![{shows}]({path}-{look}.webp#only-{look}){attributes or ''}" for look in ("light", "dark"))
