"""What is watched: the table of metrics, the dashboard and the alerts name what the code has, and all of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import vendue.cli  # noqa: F401  # with all that counts something

ROOT = Path(__file__).parent.parent
MONITORING = ROOT / "deploy/monitoring"
SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}


def _families() -> dict[str, tuple[str, str]]:
    """Name as in the table -> kind and help, of our own metrics."""
    found = [each for each in REGISTRY.collect() if each.name.startswith("vendue_")]
    return {
        each.name + SUFFIXES[each.type][0].replace("_bucket", ""): (each.type, each.documentation) for each in found
    }


def _series() -> set[str]:
    return {
        each.name + suffix
        for each in REGISTRY.collect()
        if each.name.startswith("vendue_")
        for suffix in SUFFIXES[each.type]
    }


def test_the_operators_page_has_every_metric_with_its_words() -> None:
    page = (ROOT / "docs/operators.md").read_text()
    rows = re.findall(r"^\| `(vendue_\w+)(?:\{\w+\})?` \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    assert {name: (kind, said) for name, kind, said in rows} == _families()


def test_names_say_their_units() -> None:
    for name, (kind, said) in _families().items():
        assert kind != "counter" or name.endswith("_total")
        assert kind != "histogram" or name.endswith(("_seconds", "_records")), name
        assert "_ms" not in name and len(said) > 10
        assert said.startswith("Seconds ") == name.endswith("_seconds"), name


def _expressions() -> list[str]:
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    alerts = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]
    return [target["expr"] for panel in panels for target in panel["targets"]] + [alert["expr"] for alert in alerts]


@pytest.mark.parametrize("expression", _expressions())
def test_what_is_asked_for_is_there(expression: str) -> None:
    names = set(re.findall(r"\b(?:vendue|process)_\w+", expression.replace('job=~"vendue', "")))
    standard = {"process_cpu_seconds_total", "process_resident_memory_bytes"}
    assert names <= _series() | standard and (names or expression.startswith("up{"))
    for opening, closing in ("()", "{}", "[]"):
        assert expression.count(opening) == expression.count(closing)
    if "histogram_quantile" in expression:
        assert "_bucket" in expression and re.search(r"by \(le[,)]", expression)
    elif "_total" in expression:
        assert "rate(" in expression or "increase(" in expression


def test_the_dashboard_shows_every_metric_of_ours() -> None:
    shown = " ".join(_expressions())
    assert [name for name in _families() if name not in shown] == []


def test_the_dashboards_panels_lie_beside_each_other() -> None:
    dashboard: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    places = [(x, y) for panel in panels for x, y in [(panel["gridPos"]["x"], panel["gridPos"]["y"])]]
    assert len(set(places)) == len(panels) and all(panel["description"] for panel in panels)


def test_every_alert_says_what_to_do() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in ("critical", "warning") and re.fullmatch(r"\d+[sm]", rule["for"])
        assert rule["annotations"]["summary"] and rule["annotations"]["description"].endswith(".")
