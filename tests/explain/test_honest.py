"""Whatever honest clients can have seen is explained."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.explain.check import check_explained, explain
from tests.explain.crowd import START_MS, Crowd, Habits
from tests.explain.record import Record, Sent

PROXY: dict[str, Any] = {
    "format": "english",
    "proxy": True,
    "increments": "us",
    "buy_now_price": None,
    "max_jump_percent": None,
    "decrement": None,
    "decrement_every_ms": None,
    "floor_price": None,
    "starts_at": START_MS,
    "ends_at": START_MS + 24 * 3600 * 1000,
}
DIRECT = {**PROXY, "proxy": False}
MUCH_LOST = Habits(lost=0.5, given_up=0.8, unavailable=0.1, reused=0.1)
MANY_S = 20.0


@pytest.mark.parametrize(
    ("name", "seeds", "more"),
    [
        ("any terms", range(300), {}),
        ("without the history", range(300, 600), {"shows_history": False}),
        ("direct", range(600, 800), {"terms": {**DIRECT, "ends_at": START_MS + 5_000}, "shows_history": False}),
        ("half of it lost", range(800, 860), {"habits": MUCH_LOST, "requests": 80}),
    ],
)
def test_what_the_rules_decide_is_explained(name: str, seeds: range, more: dict[str, Any]) -> None:
    events = unknown = 0
    for seed in seeds:
        record = Crowd(seed, **more).play()
        for verdict in explain(record):
            assert verdict.holds, f"seed {seed}: {verdict}"
            events += len(verdict.order)
            unknown += sum("nobody was told" in what for what in verdict.order)
    print(f"{name}: seeds {seeds}, {events} events, {unknown} of which nobody was told")
    assert unknown, "answers were lost on the way"


def test_what_the_order_says_is_what_was_decided() -> None:
    crowd = Crowd(7, terms=PROXY, habits=Habits(lost=0.3))
    (verdict,) = check_explained(crowd.play())
    for event, what in zip(crowd.events, verdict.order, strict=False):
        hidden = event.hidden
        outcome = getattr(event.body, "outcome", None)
        if hidden is not None and outcome is not None:
            assert what.startswith(f"bid {hidden.amount} of {hidden.by}: {outcome}"), f"{event.body.seq} is not {what}"
        elif hidden is not None and "nobody was told" not in what:
            assert hidden.code is None or hidden.code in what, f"event {event.body.seq} is not {what}"


def test_thousands_of_requests_in_seconds() -> None:
    record = Crowd(5, requests=5_000, bidders=50, terms=PROXY, habits=Habits(lost=0.05, unavailable=0.02)).play()
    began = time.perf_counter()
    check_explained(record)
    took_s = time.perf_counter() - began
    requests = sum(1 for _ in record.all(Sent))
    print(f"seed 5: {requests} requests, {len(record.observations)} observations explained in {took_s:.1f} s")
    assert requests >= 5_000
    assert took_s < MANY_S, took_s


def test_more_than_can_be_tried_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    record = Crowd(1, terms=PROXY | {"ends_at": START_MS + 5_000}, habits=MUCH_LOST, shows_history=False).play()
    check_explained(record)
    monkeypatch.setattr("tests.explain.order.MOST_STATES", 0)
    (verdict,) = explain(record)
    assert verdict.holds is None, verdict
    assert "undecided" in verdict.why


def test_a_record_is_the_same_from_its_file(tmp_path: Path) -> None:
    record = Crowd(3).play()
    record.save(tmp_path / "record.jsonl")
    assert Record.load(tmp_path / "record.jsonl").observations == record.observations
