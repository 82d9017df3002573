"""The benchmarks run; what they measure is no test's business."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.json import decode

from bench import kafka
from bench.figures import Effort, Figure, table
from bench.kafka_sale import AUCTIONS, Records, Sale, sale, same_as_rules
from bench.peers.host import Host
from bench.report import Part, keep
from bench.rules import KINDS, figures
from tests.servers import kafka as server
from vendue.log.partition import partition_of
from vendue.rules.evidence import read

PEERS = Path(kafka.__file__).with_name("peers")


def test_the_rules_bench_gives_a_figure_for_each_format() -> None:
    found = figures(Effort(seconds=0.1, rounds=1))
    assert [figure.name for figure in found] == [f"rules: {kind}" for kind in KINDS]
    assert all(figure.value > 0 and figure.beside for figure in found)
    assert len(table(found).splitlines()) == len(KINDS) + 1


def test_what_is_kept_stands_in_the_place_of_what_was_found_before(tmp_path: Path) -> None:
    results, page = tmp_path / "RESULTS.json", tmp_path / "measured.md"

    def keep_one(name: str, value: float, *, met: bool | None = None) -> None:
        figure = Figure("bids & more", value, "bids/s", 400.0, "fixed", "half", met)
        keep(Part(name, "About it.", "2026-01-01T00:00+00:00", "a machine", [figure]), results, page)

    keep_one("one", 100.0, met=False)
    keep_one("two", 300.0)
    keep_one("one", 200.0, met=True)
    kept = decode(results.read_bytes(), type=list[Part])
    assert [(part.name, part.figures[0].value) for part in kept] == [("one", 200.0), ("two", 300.0)]
    shown = page.read_text()
    assert shown.index("0.5 of 400 fixed") < shown.index("0.75 of 400 fixed")
    assert "met: half" in shown and "missed" not in shown
    plot = ElementTree.parse(tmp_path / "measured" / "one.svg")
    widths = {each.get("class"): float(each.get("width", "")) for each in plot.findall(".//{*}rect")}
    assert widths["value"] * 2 == pytest.approx(widths["beside"])


def test_a_part_that_cannot_be_measured_is_named(tmp_path: Path) -> None:
    page = tmp_path / "measured.md"
    keep(Part("kafka", "Through Kafka.", "2026-01-01T00:00+00:00", "a machine", []), tmp_path / "R.json", page)
    assert "## kafka" in page.read_text() and "Not measured" in page.read_text()


def test_without_a_kafka_its_bench_says_so_and_gives_no_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def nothing() -> Iterator[str]:
        pytest.skip("there is no Java")
        yield ""

    monkeypatch.setattr(server, "running", nothing)
    assert kafka.figures(Effort()) == []
    assert "there is no Java" in capsys.readouterr().out


def in_log(commands: Sale, at: int) -> Records:
    found: Records = {partition: [] for partition in range(8)}
    for key, value in commands.listings + commands.bids:
        found[partition_of(key)].append((key, at, value))
    return found


def test_a_host_of_the_rules_makes_an_event_a_bid_and_some_are_refused() -> None:
    waiting = sale(1_000)
    host, at = Host(), waiting.at
    events = [made for key, value in waiting.listings + waiting.bids for made in host.decide(key, value, at)]
    types = [type(read(event).body).__name__ for event in events]
    assert len(events) == 2 * AUCTIONS + 1_000
    assert 0.2 < types.count("Refused") / 1_000 < 0.4
    assert types.count("Placed") + types.count("Refused") == 1_000


def test_events_of_another_order_or_another_decision_are_told_from_what_the_rules_make() -> None:
    waiting = sale(200)
    commands, host = in_log(waiting, waiting.at), Host()
    events: Records = {
        partition: [(key, at, made) for key, at, value in records for made in host.decide(key, value, at)]
        for partition, records in commands.items()
    }
    assert same_as_rules(commands, events)
    assert same_as_rules(commands, {partition: each[:5] for partition, each in events.items()})
    for wrong in (events[3][::-1], events[3][1:], events[3] + events[3][-1:], [(*events[3][0][:2], b"{}")]):
        assert not same_as_rules(commands, {**events, 3: wrong})


@pytest.mark.parametrize("peer", ["faust", "quix"])
def test_a_peers_lock_names_hashes_and_no_registry(peer: str) -> None:
    lock = (PEERS / f"{peer}.lock").read_text()
    assert lock.count("--hash=sha256:") >= len(re.findall("==", lock)) > 10
    assert "://" not in lock
