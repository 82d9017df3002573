"""A load test's parts by themselves: percentiles, who bids on what, addresses, plots."""

import math
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from vendue.loadtest import BadPlan, Plan
from vendue.loadtest.house import place_of
from vendue.loadtest.market import Market
from vendue.loadtest.measures import PERCENTS, Histogram, Measures
from vendue.loadtest.plan import Popularity, arrivals
from vendue.loadtest.plots import Line, nice, plot
from vendue.loadtest.run import read_accounts
from vendue.loadtest.watchers import Clock


@pytest.mark.parametrize("seed", range(5))
def test_percentiles_are_right_to_one_percent(seed: int) -> None:
    rng, histogram = Random(seed), Histogram()
    values = sorted(rng.lognormvariate(1, 2) + 0.02 for _ in range(rng.choice((1, 10, 3_000))))
    for value in values:
        histogram.add(value)
    exact = [values[max(0, math.ceil(len(values) * percent / 100) - 1)] for percent in PERCENTS]
    assert histogram.percentiles(PERCENTS) == pytest.approx(exact, rel=0.01)
    summary = histogram.summary()
    assert (summary.count, summary.max) == (len(values), pytest.approx(values[-1], abs=0.001))
    assert summary.mean == pytest.approx(sum(values) / len(values), abs=0.001)
    assert Histogram().percentiles(PERCENTS) == [0.0] * 4


def test_skew_makes_few_lots_hot_and_none_makes_all_alike() -> None:
    def taken(skew: float) -> list[int]:
        popularity, lots = Popularity(Random(1), skew), [f"lot{number}" for number in range(20)]
        for lot in lots:
            popularity.add(lot)
        return [count for _, count in Counter(popularity.choose(lots) for _ in range(10_000)).most_common()]

    assert taken(0)[0] < 700 and taken(0)[-1] > 300, "500 each, more or less"
    assert 2_500 < taken(1)[0] < 3_100 and 5_900 < taken(2)[0] < 6_700, "1 / (1 + 1/2 + 1/3 + …) of all"


def test_the_mix_says_how_many_and_arrivals_are_spread_over_the_time() -> None:
    assert Plan("http://here", rate=100, seconds=60).counts == (120, 360, 5520)
    assert Plan("http://here", rate=100, seconds=60, people=7, lots=1).counts == (7, 1, 5520)
    with pytest.raises(BadPlan, match="lower --rate"):
        _ = Plan("http://here", rate=100_000, seconds=86_400).counts
    dues = arrivals(Random(1), 10_000, 100)
    assert dues == sorted(dues) and dues[0] >= 0 and dues[-1] <= 100
    assert all(60 < count < 150 for count in Counter(map(int, dues)).values()), "100 a second, more or less"


@pytest.mark.parametrize("url", ["ftp://host", "http://", "http://host:99999", "http://host/admin", ""])
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(BadPlan, match="is no address of a Vendue"):
        place_of(url)


def test_where_it_is() -> None:
    assert (place_of("sale.example:8080/").host, place_of("sale.example:8080/").port) == ("sale.example", 8080)
    assert place_of("https://sale.example").port == 443
    assert place_of("https://sale.example").live == "wss://sale.example/api/live"


def test_accounts_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "bidders.csv"
    file.write_text("username,password\nann,one two three\nbob,four five six\n")
    assert [(each.name, each.password) for each in read_accounts(file)][1] == ("bob", "four five six")
    for text, said in (("name,password\nann,x\n", "the columns username"), ("username,password\nann,x\n", "two")):
        file.write_text(text)
        with pytest.raises(BadPlan, match=said):
            read_accounts(file)


def test_the_quickest_answer_tells_the_servers_clock() -> None:
    clock = Clock()
    clock.compare(1_000.0, 61_010, 1_040.0)
    clock.compare(2_000.0, 62_001, 2_004.0)
    clock.compare(3_000.0, 63_070, 3_100.0)
    assert clock.ahead_ms == pytest.approx(59_999.5) and clock.doubt_ms == pytest.approx(2.5)


def test_a_frame_counts_from_its_event_whichever_of_the_two_is_known_first() -> None:
    measures = Measures.fresh()
    market = Market(measures)
    market.add("lot")
    standing = {"auction": "lot", "closed_at": None}
    market.pushed(standing | {"seq": 2}, 0, 1.0, here_ms=110.0)
    market.placed("lot", 2, 100)
    market.placed("lot", 3, 200)
    market.pushed(standing | {"seq": 3}, 0, 1.0, here_ms=230.0)
    assert (measures.fan_out.whole.count, measures.fan_out.whole.max) == (2, 30.0)
    market.pushed(standing | {"seq": 4, "closed_at": 300}, 304, 2.0, here_ms=320.0)
    market.pushed(standing | {"seq": 4, "closed_at": 300}, 304, 2.0, here_ms=390.0)
    assert (measures.closing.whole.count, measures.closing.whole.max) == (1, 4.0)
    assert (measures.fan_out.whole.count, measures.fan_out.whole.max) == (4, 90.0)


def test_plots_show_every_point_within_their_frame() -> None:
    drawn = plot("<Title>", "s", "ms", [Line("a & b", [(0, 0.0), (1, None), (2, 95.0), (3, 1.0)])])
    assert "&lt;Title&gt;" in drawn and "a &amp; b" in drawn
    assert drawn.count("M") == 2, "the line is broken where nothing was measured"
    assert nice(0, 95)[-1] >= 95 and nice(0, 0.003)[-1] >= 0.003 and len(nice(0, 95)) <= 7
    assert "Nothing was measured" in plot("Title", "s", "ms", [Line("a", [(0, None)])])
