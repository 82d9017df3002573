"""The documentation's site as it is built: it asks nobody else, and its references are what the code describes."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from docs.hooks import asyncapi, settings_table
from tests.conftest import ROOT
from vendue.api.openapi import describe

FETCHED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "object": "data",
}
ELSEWHERE = re.compile(r"^(https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; any warning fails."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder


class Fetched(HTMLParser):
    """What a browser fetches for a page by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(FETCHED.get(tag, ""))
        if address and dict(attrs).get("rel") not in ("canonical", "next", "prev"):
            self.found.append(address)


def test_a_reader_asks_nobody_else(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 25
    for page in pages:
        fetched = Fetched(page.read_text()).found
        assert fetched, page
        assert [each for each in fetched if ELSEWHERE.match(each)] == [], page
        assert [
            each for each in fetched if not each.startswith(("data:", "#")) and not _there(site, page, each)
        ] == [], page
    for style in site.rglob("*.css"):
        imported = re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", style.read_text())
        assert [each for each in imported if ELSEWHERE.match(each)] == [], style


def _there(site: Path, page: Path, address: str) -> bool:
    path = re.split(r"[?#]", address)[0]
    return (site / path[1:] if path.startswith("/") else page.parent / path).exists()


def test_every_route_is_in_the_reference(site: Path) -> None:
    description = describe()
    assert json.loads((site / "openapi.json").read_text()) == json.loads(json.dumps(description))
    page = (site / "rest.html").read_text()
    for path, methods in description["paths"].items():
        for method in methods:
            assert f'<span class="method">{method.upper()}</span> <code>{path}</code>' in page


def test_every_message_is_in_the_reference(site: Path) -> None:
    page = (site / "asyncapi.html").read_text()
    for message in asyncapi.document()["components"]["messages"].values():
        assert f"<summary><code>{message['title']}</code>" in page


def test_what_is_made_from_the_code_is_as_the_code_makes_it_now() -> None:
    page = settings_table.PAGE.read_text()
    assert settings_table.page_with_table(page) == page, "run make docs"
    assert asyncapi.PAGE.read_text() == asyncapi.text(), "run make docs"


def test_every_setting_has_its_row() -> None:
    assert re.search(
        r"^\| `port` \| 0 takes .{20,} \| 1337 \| from 0 to 65 535 \|$", settings_table.PAGE.read_text(), re.MULTILINE
    )


def test_the_clients_stand_in_their_page(site: Path) -> None:
    shown = unescape(re.sub(r"<[^>]+>", "", (site / "clients.html").read_text()))
    for client in ("python/vendue_client.py", "typescript/vendue.ts"):
        for line in (ROOT / "clients" / client).read_text().splitlines():
            assert line.rstrip() in shown, line


def test_the_index_of_decisions_has_all_of_them() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text()
    for decision in sorted((ROOT / "docs/decisions").glob("[0-9]*.md")):
        title = decision.read_text().partition("\n")[0].removeprefix("# ")[5:].strip()
        assert f"| [{decision.name[:4]}]({decision.name}) | {title} |" in index
