"""A hook of mkdocs: pages that lie outside docs/ stand in the site too, and links to them lead there."""

import re
from pathlib import Path
from posixpath import normpath, relpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index.md",  # who is in the site needs no second front page
    "bench/README.md": "benchmarks.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "SECURITY.md": "security.md",
}
ADDED = ("bench/README.md", "CONTRIBUTING.md", "CHANGELOG.md")

_LINK = re.compile(r"\[([^]]*)\]\(([^)\s]+)\)")
_FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them."""
    for outside in ADDED:
        files.append(File.generated(config, PAGES[outside], content=(ROOT / outside).read_text()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to where their files are in the site; of a file that is not there only the name stays."""
    here = page.file.src_uri
    origin = next((outside for outside in ADDED if PAGES[outside] == here), f"docs/{here}")
    parts = _FENCED.split(markdown)
    parts[::2] = [_LINK.sub(lambda link: _led(link, origin, here), part) for part in parts[::2]]
    return "".join(parts)


def _led(link: re.Match[str], origin: str, here: str) -> str:
    words, address = link.groups()
    path, mark, anchor = address.partition("#")
    if not path or "://" in address or address.startswith("mailto:"):
        return link[0]
    target = normpath(f"{Path(origin).parent.as_posix()}/{path}")
    inside = PAGES.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
    if inside is None:
        return words if "`" in words else f"{words} (`{target}`)"
    if (ROOT / "docs" / inside).is_dir():
        inside = f"{inside}/README.md" if (ROOT / "docs" / inside / "README.md").exists() else "index.md"
    return f"[{words}]({relpath(inside, Path(here).parent.as_posix() or '.')}{mark}{anchor})"
