"""An honest record with one thing changed by hand: it is refused, and what was changed is named."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.explain.check import check_explained, explain
from tests.explain.crowd import START_MS, Crowd, Habits
from tests.explain.record import (
    Answered,
    Bids,
    Body,
    Decision,
    Frame,
    Looked,
    Observation,
    Page,
    Record,
    Row,
    Sent,
    You,
    text,
)
from tests.explain.test_honest import PROXY
from tests.explain.verdict import Verdict

SEED = 1
LOSSES = Habits(lost=0.3, repeated=0.2, without_key=0.0)


@pytest.fixture
def honest() -> Record:
    """Some bids and their refusals, with answers that were lost, keys sent again, and an end."""
    record = Crowd(SEED, requests=80, terms=PROXY | {"ends_at": START_MS + 6_000}, habits=LOSSES).play()
    check_explained(record)
    print(f"seed {SEED}: {len(record.observations)} observations")
    return record


def with_changed(record: Record, old: Observation, *new: Observation) -> Record:
    """The record with something else in the place of one observation."""
    at = next(place for place, each in enumerate(record.observations) if each is old)
    return Record([*record.observations[:at], *new, *record.observations[at + 1 :]])


def refused(record: Record, seq: int, *named: Observation) -> Verdict:
    """The verdict, which must be that this seq has no explanation, and must show one of these at least."""
    (verdict,) = explain(record)
    print(verdict)
    assert verdict.holds is False, "it was explained"
    assert verdict.seq == seq, verdict
    assert any(text(each) in (verdict.first + verdict.second) for each in named), verdict
    return verdict


def answers(record: Record, fits: Callable[[Decision], Any]) -> list[Answered]:
    """Answers with such a decision, one of each event, by seq."""
    found = {each.decision.seq: each for each in record.all(Answered) if each.decision and fits(each.decision)}
    return [found[seq] for seq in sorted(found)]


def decided(answer: Answered) -> Decision:
    assert answer.decision is not None
    return answer.decision


def changed(answer: Answered, standing: Body | None = None, **more: Any) -> Answered:
    """The answer with another decision."""
    decision = decided(answer)
    return replace(answer, decision=replace(decision, standing=decision.standing | (standing or {}), **more))


def accepted(record: Record) -> list[Answered]:
    return answers(record, lambda decision: decision.outcome)


def without_others_of(record: Record, answer: Answered) -> Record:
    """Nobody else saw this event's standing, so that only the rules contradict a change of it."""
    seq = decided(answer).seq
    kept = []
    for each in record.observations:
        shown = each.decision.standing if isinstance(each, Answered) and each.decision else None
        shown = each.standing if isinstance(each, Frame | Page) else shown
        if shown is None or shown["seq"] != seq or each is answer:
            kept.append(each)
    return Record(kept)


def told_of(record: Record, answer: Answered) -> list[Answered | Looked]:
    """Whatever told the same decision."""
    told = [*record.all(Answered), *record.all(Looked)]
    return [each for each in told if each.decision and each.decision.seq == decided(answer).seq]


def first_sent(record: Record, answer: Answered) -> Sent:
    """The first request that its decision may be of."""
    asked = next(sent for sent in record.all(Sent) if sent.number == answer.number)
    return min((sent for sent in record.all(Sent) if sent.key == asked.key), key=lambda sent: sent.at)


def test_two_answers_whose_seqs_were_swapped(honest: Record) -> None:
    one, other = accepted(honest)[2:4]
    record = with_changed(honest, one, changed(one, seq=decided(other).seq))
    refused(record, decided(other).seq, changed(one, seq=decided(other).seq))


def test_two_answers_that_were_swapped_whole(honest: Record) -> None:
    one, other = accepted(honest)[2:4]
    first, second = (replace(one, decision=other.decision), replace(other, decision=one.decision))
    record = with_changed(with_changed(honest, one, first), other, second)
    (verdict,) = explain(record)
    print(verdict)
    assert verdict.holds is False
    assert text(first) in verdict.first + verdict.second or text(second) in verdict.first + verdict.second


def test_a_price_that_was_raised(honest: Record) -> None:
    answer = accepted(honest)[3]
    price = decided(answer).standing["price"] + 1
    raised = changed(answer, {"price": price})
    record = with_changed(without_others_of(honest, answer), answer, raised)
    verdict = refused(record, decided(answer).seq, raised)
    assert f"it was shown {price}" in verdict.why


def test_two_leaders_for_one_seq(honest: Record) -> None:
    answer = next(each for each in accepted(honest) if decided(each).standing["leader"] == "Bidder 1")
    shown = decided(answer).standing
    frame = Frame(answer.at + 1, "another socket", shown | {"leader": "Bidder 2"})
    verdict = refused(Record([*honest.observations, frame]), shown["seq"], frame)
    assert "two of leader" in verdict.why


def test_an_accepted_bid_that_is_not_in_the_history(honest: Record) -> None:
    answer, history = accepted(honest)[1], next(honest.all(Bids))
    seq = decided(answer).seq
    left = replace(history, rows=[row for row in history.rows if row.seq != seq])
    verdict = refused(with_changed(honest, history, left), seq, *told_of(honest, answer))
    assert verdict.why == "an accepted bid is not in the history"


def test_an_accepted_bid_that_was_lost(honest: Record) -> None:
    """As if the log had begun anew before it: what came after was given its number."""
    *_, answer, later = accepted(honest)
    earlier = changed(later, {"seq": decided(answer).seq}, seq=decided(answer).seq)
    refused(with_changed(honest, later, earlier), decided(answer).seq, earlier)


def test_a_later_standing_that_an_answer_contradicts(honest: Record) -> None:
    answer = accepted(honest)[3]
    record = without_others_of(honest, answer)
    record = Record(each for each in record.observations if not (isinstance(each, Bids) or each is answer))
    number = answer.number
    told_otherwise = changed(
        answer, {"leader": "Bidder 5" if decided(answer).standing["leader"] != "Bidder 5" else "Bidder 4"}
    )
    record.note(told_otherwise)
    verdict = refused(record, decided(answer).seq, told_otherwise)
    assert f'"number":{number}' in verdict.first


def test_a_bid_that_was_accepted_after_the_end(honest: Record) -> None:
    late = next(each for each in answers(honest, lambda each: each.code == "closed") if len(told_of(honest, each)) == 1)
    bought = replace(late, status=201, decision=replace(decided(late), code=None, outcome="leading", details={}))
    verdict = refused(with_changed(honest, late, bought), decided(late).seq, bought)
    assert verdict.why == "a bid was accepted after the end"


def test_a_repeated_key_with_two_effects(honest: Record) -> None:
    first, next_one = accepted(honest)[1], accepted(honest)[2]
    asked = next(sent for sent in honest.all(Sent) if sent.number == first.number)
    again = replace(asked, number=9_999, at=first.at + 1)
    second = Answered(9_999, next_one.at + 1, 201, next_one.decision)
    verdict = refused(Record([*honest.observations, again, second]), decided(next_one).seq, second)
    assert verdict.why == "one key had two answers"


def test_a_frame_from_the_future(honest: Record) -> None:
    answer = accepted(honest)[2]
    asked = first_sent(honest, answer)
    frame = Frame(asked.at - 1, "another socket", decided(answer).standing)
    verdict = refused(Record([*honest.observations, frame]), decided(answer).seq, frame)
    assert "before its request was sent" in verdict.why


def test_a_frame_of_what_never_became_durable(honest: Record) -> None:
    page = next(honest.all(Page))
    seq = page.standing["seq"] + 1
    frame = Frame(page.at, "another socket", page.standing | {"seq": seq, "bids": page.standing["bids"] + 1})
    refused(Record([*honest.observations, frame]), seq, frame)


def test_a_socket_that_goes_back(honest: Record) -> None:
    frames = [frame for frame in honest.all(Frame) if frame.socket == "socket-1"]
    old = replace(frames[1], at=frames[-1].at + 1)
    verdict = refused(Record([*honest.observations, old]), old.standing["seq"], old)
    assert "went back" in verdict.why


def test_a_loser_who_was_told_that_he_won(honest: Record) -> None:
    page = next(honest.all(Page))
    winner = page.standing["leader"]
    loser = next(you for you in honest.all(You) if you.you["state"] == "lost")
    won = replace(loser, you=loser.you | {"state": "won"})
    print(f"{winner} won")
    refused(with_changed(honest, loser, won), loser.you["seq"], won)


def test_two_who_were_told_that_they_won(honest: Record) -> None:
    lost = next(you for you in honest.all(You) if you.you["state"] == "lost")
    one = replace(lost, you=lost.you | {"state": "won"})
    other = replace(one, bidder="bidder99", socket="of bidder99")
    verdict = refused(with_changed(honest, lost, one, other), lost.you["seq"], other)
    assert verdict.why == "two bidders were told that they won"


def test_two_requests_with_one_decision(honest: Record) -> None:
    answer = accepted(honest)[2]
    sent = replace(first_sent(honest, answer), number=9_999, key="another key")
    other = replace(answer, number=9_999)
    verdict = refused(Record([*honest.observations, sent, other]), decided(answer).seq, other)
    assert verdict.why == "two requests were told the same seq"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"alias": "Bidder 99"}, "the history Bidder 99"),
        ({"amount": 1}, "the history 1"),
        ({"outcome": "sealed"}, "the history has another outcome"),
        ({"placed_at": START_MS}, "the history has another time"),
    ],
)
def test_a_row_of_the_history_that_is_otherwise(honest: Record, change: Body, why: str) -> None:
    seq, history = decided(accepted(honest)[0]).seq, next(honest.all(Bids))
    rows = [replace(row, **change) if row.seq == seq else row for row in history.rows]
    wrong = next(row for row in rows if row.seq == seq)
    (verdict,) = explain(with_changed(honest, history, replace(history, rows=rows)))
    print(verdict)
    assert verdict.holds is False
    assert (verdict.seq, text(wrong) in verdict.first + verdict.second) == (seq, True)
    assert why in verdict.why


def test_a_request_that_was_never_taken_and_counts(honest: Record) -> None:
    told = {each.decision.seq for each in [*honest.all(Answered), *honest.all(Looked)] if each.decision}
    (verdict,) = check_explained(honest)
    history = next(honest.all(Bids))
    row = next(row for row in history.rows if row.seq not in told)
    what = verdict.order[row.seq - 1]
    asked = [sent for sent in honest.all(Sent) if what.startswith(f"bid {sent.amount} of {sent.bidder}:")]
    kept = [
        each for each in honest.observations if not isinstance(each, Answered) or each.number not in _numbers(asked)
    ]
    unavailable = [Answered(sent.number, sent.at + 1, 503) for sent in asked]
    refused(Record([*kept, *unavailable]), row.seq, row if _is_only(honest, row) else _shown(honest, row.seq))


def _numbers(asked: list[Sent]) -> set[int]:
    return {sent.number for sent in asked}


def _is_only(record: Record, row: Row) -> bool:
    return not any(frame.standing["seq"] == row.seq for frame in record.all(Frame))


def _shown(record: Record, seq: int) -> Frame:
    return next(frame for frame in record.all(Frame) if frame.standing["seq"] == seq)


def test_the_time_of_the_log_falls(honest: Record) -> None:
    answer = accepted(honest)[3]
    history = next(honest.all(Bids))
    record = Record(each for each in honest.observations if each is not history)
    early = changed(answer, placed_at=START_MS - 1)
    refused(with_changed(record, answer, early), decided(answer).seq, early)


def test_it_closes_twice(honest: Record) -> None:
    page = next(honest.all(Page))
    again = Page(page.at + 1, page.standing | {"seq": page.standing["seq"] + 1, "status": "live"})
    verdict = refused(Record([*honest.observations, again]), page.standing["seq"] + 1, again)
    assert "it was over, and then live" in verdict.why


def test_an_outcome_that_the_rules_do_not_give(honest: Record) -> None:
    outbid = answers(honest, lambda decision: decision.outcome == "outbid_by_higher_maximum")
    answer = next(each for each in outbid if len(told_of(honest, each)) == 1)
    record = Record(each for each in honest.observations if not isinstance(each, Bids))
    told = changed(answer, outcome="leading")
    verdict = refused(with_changed(record, answer, told), decided(answer).seq, told)
    assert "the rules say outbid_by_higher_maximum" in verdict.why


def test_a_minimum_that_the_rules_do_not_give(honest: Record) -> None:
    low = answers(honest, lambda decision: decision.code == "too_low")
    answer = next(each for each in low if len(told_of(honest, each)) == 1)
    told = changed(answer, details={"minimum": decided(answer).details["minimum"] + 1})
    refused(with_changed(honest, answer, told), decided(answer).seq, told)


def test_an_early_refusal_that_the_rules_would_not_give(honest: Record) -> None:
    """Without a key, what a fresh standing shows to be hopeless may be refused before the log; nothing else."""
    answer = next(each for each in accepted(honest) if decided(each).standing["status"] == "live")
    standing = decided(answer).standing
    for amount, holds in ((standing["minimum_next"] - 1, True), (standing["minimum_next"], False)):
        sent = Sent(9_999, answer.at + 1, "bidder99", "lot-1", amount)
        early = Answered(9_999, answer.at + 2, 409, Decision(standing["seq"], standing, code="too_low"))
        (verdict,) = explain(Record([*honest.observations, sent, early]))
        assert verdict.holds is holds, verdict
