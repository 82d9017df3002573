"""The rules against the oracle, at random: whatever people do, both say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from .conftest import RUNS
from .match import Match
from .moves import AFTERWARDS, KINDS, MOVES, Move, terms_drawn


def play(terms: dict[str, Any], moves: list[Move]) -> None:
    for each in sorted(Match(terms).play(moves).seen):
        event(each)


@pytest.mark.parametrize("kind", KINDS)
@RUNS
@given(data=st.data())
def test_the_rules_and_the_oracle_agree(kind: str, data: st.DataObject) -> None:
    play(data.draw(terms_drawn(kind), "terms"), data.draw(MOVES, "moves"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "dutch"])
@RUNS
@given(data=st.data())
def test_they_agree_on_what_a_seller_may_do_afterwards(kind: str, data: st.DataObject) -> None:
    terms = data.draw(terms_drawn(kind), "terms") | {"sale_terms": "on_approval"}
    play(terms, data.draw(AFTERWARDS, "moves"))
