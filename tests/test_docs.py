"""What the documentation says is so: its links and paths, the rules' tables, the figures, the examples of the log."""

import json
import re
from math import ceil
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import to_builtins

from tests.conftest import ROOT
from tests.rules.sale import Sale, listed, told
from vendue.audit import audit
from vendue.rules.commands import Command
from vendue.rules.events import Body, Outcome
from vendue.rules.refusals import Code

DOCS = ROOT / "docs"
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")), *sorted(DOCS.rglob("*.md"))]
EXPORT = DOCS / "example-export.jsonl"
BEFORE_A_BID = get_args(Code)[:14]

# Only what looks like a file of the repository: `docs/rules.md`, `rules/decide.py`, `cli.py`.
_PATH = re.compile(r"`((?:\.?[\w-]+/)*[\w.-]+\.(?:py|md|toml|lua|jsonl|html)|(?:[\w-]+/)+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def _page(name: str) -> str:
    return (DOCS / name).read_text()


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", page.read_text())):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    for path in _PATH.findall(_FENCED.sub("", page.read_text())):
        places = [ROOT / path, ROOT / "src/vendue" / path, *ROOT.glob(f"src/vendue/*/{path}"), page.parent / path]
        assert any(place.exists() for place in places), path


def _examples() -> list[Any]:
    """(terms, column names, rows) of the tables in rules.md that follow a comment with terms."""
    found = []
    for terms, table in re.findall(r"<!-- terms: (.+) -->\n((?:\|.+\n)+)", _page("rules.md")):
        header, _, *rows = table.splitlines()
        found.append(pytest.param(json.loads(terms), _cells(header), [_cells(row) for row in rows], id=terms[:60]))
    return found


@pytest.mark.parametrize(("terms", "columns", "rows"), _examples())
def test_the_rules_tables_are_what_the_rules_do(terms: dict[str, Any], columns: list[str], rows: list[Any]) -> None:
    sale = listed(**terms)
    for row in rows:
        at, who, asks, *_ = row
        answer = _do(sale, round(float(at.removesuffix(" s")) * 1000), who, *asks.split())
        standing = to_builtins(sale.standing)
        shown = [_shown(name, standing[name]) for name in columns[4:]]
        assert row == [at, who, asks, answer, *shown]


def _do(sale: Sale, at: int, who: str, verb: str, *words: str) -> str:
    if verb == "tick":
        sale.tick(at)
        return "–"
    content: dict[str, Any] = {}
    key = next((word.removeprefix("key=") for word in words if word.startswith("key=")), None)
    match verb:
        case "bid":
            content = {"amount": int(words[0]), "confirm_jump": "confirm_jump" in words}
        case "buy":
            verb, content = "bid", {"amount": int(words[0]), "kind": "buy_now"}
        case "counter":
            content = {"price": int(words[0])}
        case "retract":
            content = {"bidder": words[0], "reason": "a mistake"}
    role = who if who in ("seller", "auctioneer") else "bidder"
    return told(sale.ask(verb.title().replace("_", ""), who, role, at, key, **content))


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "–"
    return f"{value / 1000:g} s" if name == "ends_at" else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_rules_name_every_code_in_its_order() -> None:
    first_cells = re.findall(r"^\| `(\w+)` \|", _page("rules.md"), re.MULTILINE)
    assert [name for name in first_cells if name in BEFORE_A_BID] == list(BEFORE_A_BID)
    assert set(get_args(Code)) <= set(first_cells)
    assert set(get_args(Outcome)) <= set(first_cells)


def test_the_capacity_table_is_what_the_formula_makes() -> None:
    page = _page("capacity.md")
    units = {cells[0]: cells[2] for cells in map(_cells, page.splitlines()) if len(cells) == 4}
    rows = {cells[0].strip("*"): [_numbers(cell) for cell in cells[1:]] for cells in map(_cells, page.splitlines())}
    bid, engine, process = (_numbers(units[name])[0] for name in "bep")
    frame, read, watcher, wire = (_numbers(units[name])[0] for name in "frms")
    for size in range(3):
        (watchers,) = rows["watchers W, a tenth of them on the list"][size]
        of_all, of_one = rows["changes of all lots C, of one's own lot c"][size]
        bids, lists = rows["bids B"][size][0], rows["lists read R, one a watcher in 30 s"][size][0]
        frames = watchers / 10 * of_all + watchers * 9 / 10 * of_one
        cores = bids * bid / 1e6 + frames / frame + lists / read
        processes = ceil(cores / 0.6)
        expected = {
            "frames F": frames,
            "cores of the api": cores,
            "api processes": processes,
            "memory of the api": processes * process + watchers * watcher / 1e6,
            "network out": frames * wire * 8 / 1e9,
            "cores of the engines": bids * engine / 1e6,
        }
        for name, value in expected.items():
            assert rows[name][size][0] == pytest.approx(value, rel=0.06), (name, size)


def _numbers(cell: str) -> list[float]:
    return [float(found.replace(" ", "")) for found in re.findall(r"\d[\d ]*(?:\.\d+)?", cell.replace(",", " , "))]


def test_the_example_export_holds_and_has_every_type() -> None:
    lines = EXPORT.read_bytes().splitlines()
    verdicts = audit(lines)
    assert [verdict.fault for verdict in verdicts] == [None] * len(verdicts)
    there = {(line["topic"], line["value"]["type"]) for line in map(json.loads, lines)}
    wanted = [("bids", each) for each in get_args(Command)] + [("auction-events", each) for each in get_args(Body)]
    assert there == {(topic, each.__struct_config__.tag) for topic, each in wanted}


def test_the_examples_of_the_log_stand_in_that_export() -> None:
    values = [json.loads(line)["value"] for line in EXPORT.read_text().splitlines()]
    shown = [json.loads(line) for line in re.findall(r'^\{"type".*\}$', _page("log.md"), re.MULTILINE)]
    for example in shown:
        assert any(example.items() <= value.items() for value in values), example
    assert {example["type"] for example in shown} >= {value["type"] for value in values}


def test_ten_lines_of_python_verify_an_export(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    (program,) = re.findall(r"^```python\n(import json.*?)^```", _page("architecture.md"), re.DOTALL | re.MULTILINE)
    export = EXPORT.read_text()
    monkeypatch.setattr("sys.stdin", export.splitlines())
    exec(program, {})
    said = capsys.readouterr().out
    assert said in _page("architecture.md")
    assert len(said.splitlines()) == len(audit(export.encode().splitlines()))
    changed = export.replace('"alias":"Bidder 2"', '"alias":"Bidder 1"')
    monkeypatch.setattr("sys.stdin", changed.splitlines())
    with pytest.raises(AssertionError):
        exec(program, {})
