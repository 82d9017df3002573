"""Observations that contradict each other by themselves, before any rule of bidding is asked.

Since every decision tells its seq, most of the order is given: what remains is that it is one order, of one effect a
key, that agrees with the clock of the clients and with the stamps of the log.
"""

from collections.abc import Iterator
from itertools import pairwise

from tests.explain.case import Case, Shown, Told
from tests.explain.record import Bids, Body, Decision, Frame, Row, You, text
from tests.explain.verdict import Verdict

OVER = ("sold", "unsold", "pending_approval")
MOVING = ("price", "minimum_next")
"""In an open Dutch auction these fall between events."""


def conflicts(case: Case) -> Iterator[Verdict]:
    """Every pair that cannot both be true, the plainest kinds first."""
    for find in (_sockets, _keys, _places, _standings, _winners, _real_time, _stamps, _ends, _history):
        yield from find(case)


def _refuse(case: Case, seq: int, why: str, first: object, second: object) -> Verdict:
    return Verdict(case.terms.auction, False, seq, why, str(first), str(second))


def _sockets(case: Case) -> Iterator[Verdict]:
    """On one socket, seqs never go back."""
    newest: dict[tuple[str, type], tuple[int, Frame | You]] = {}
    for frame in sorted(case.heard, key=lambda each: each.at):
        seq = frame.standing["seq"] if isinstance(frame, Frame) else frame.you["seq"]
        before = newest.get((frame.socket, type(frame)), (0, frame))
        if seq < before[0]:
            why = f"socket {frame.socket} went back from {before[0]} to {seq}"
            yield _refuse(case, seq, why, text(before[1]), text(frame))
        newest[frame.socket, type(frame)] = (seq, frame)


def _keys(case: Case) -> Iterator[Verdict]:
    """A key has one effect and one answer; what came under it with another content was refused, each by itself."""
    firsts: dict[object, Told] = {}
    for told in _all_told(case):
        if told.decision.code == "key_reused":
            continue
        first = firsts.setdefault(told.key, told)
        if not {each.content for each in case.asked(first)} & {each.content for each in case.asked(told)}:
            yield _refuse(case, told.decision.seq, "one key had two effects", first, told)
        elif not _same(first.decision, told.decision):
            yield _refuse(case, told.decision.seq, "one key had two answers", first, told)


def _same(one: Decision, other: Decision) -> bool:
    """An answer to a refusal does not tell its time, a bid's page does."""
    stamps = {one.placed_at, other.placed_at} - {None}
    told = ((each.seq, each.outcome, each.code, each.details) for each in (one, other))
    return len(set(stamps)) <= 1 and next(told) == next(told)


def _places(case: Case) -> Iterator[Verdict]:
    """An event is the decision of one request."""
    for seq, tolds in sorted(case.told.items()):
        own = [told for told in tolds if not told.is_early]
        for told in own[1:]:
            reused = told.decision.code == "key_reused" and told.attempt != own[0].attempt
            if told.key != own[0].key or (reused and told.attempt and own[0].attempt):
                yield _refuse(case, seq, "two requests were told the same seq", own[0], told)
        for told in tolds:
            if told.decision.standing.get("seq", seq) != seq:
                why = f"an answer of seq {seq} shows a standing of another"
                yield _refuse(case, seq, why, told, "")


def _standings(case: Case) -> Iterator[Verdict]:
    """The same seq never stands for two standings."""
    for seq, shown in sorted(case.shown.items()):
        for each in shown[1:]:
            if names := different(case, shown[0].standing, each.standing):
                yield _refuse(case, seq, f"one seq was shown with two of {', '.join(names)}", shown[0], each)


def different(case: Case, one: Body, other: Body) -> list[str]:
    """The names by which two standings of one seq differ, as far as both have them."""
    falls = case.terms.format == "dutch" and one.get("status") in ("scheduled", "live")
    skipped = MOVING if falls else ()
    return [name for name in one if name in other and one[name] != other[name] and name not in skipped]


def _winners(case: Case) -> Iterator[Verdict]:
    """One wins."""
    won = [you for yous in case.yous.values() for you in yous if you.you["state"] == "won"]
    for you in won[1:]:
        if you.bidder != won[0].bidder:
            yield _refuse(case, you.you["seq"], "two bidders were told that they won", text(won[0]), text(you))


def _real_time(case: Case) -> Iterator[Verdict]:
    """What somebody knew of had been sent before: so who was answered before another asked comes first."""
    for told in _all_told(case):
        if told.is_early:
            continue
        asked = case.asked(told)
        if told.decision.code != "key_reused":  # any of the requests that were alike can be the one that took effect
            contents = [each.content for each in asked]
            asked = [each for each in case.by_key[told.key] if each.content in contents]
        sent = [each for each in asked if each.may_count]
        first = min(sent, key=lambda each: each.sent.at, default=None)
        seq, knew = told.decision.seq, case.knew(told.decision.seq)
        if first is None:
            yield _refuse(case, seq, "a decision of what was never taken", told, "")
        elif first.sent.at > case.known_by(seq):
            later = text(knew) if isinstance(knew, You) else str(knew)
            yield _refuse(case, seq, f"event {seq} was known of before its request was sent", first, later)


def _stamps(case: Case) -> Iterator[Verdict]:
    """The log's time never falls."""
    stamps = [(told.decision.seq, told.decision.placed_at, str(told)) for told in _all_told(case)]
    history = case.history
    stamps += [(row.seq, row.placed_at, text(row)) for row in (history.rows if history else ())]
    known = sorted((seq, at, which) for seq, at, which in stamps if at is not None)
    for (_, earlier, one), (seq, later, other) in pairwise(known):
        if later < earlier:
            yield _refuse(case, seq, f"the log's time falls from {earlier} to {later}", one, other)


def _ends(case: Case) -> Iterator[Verdict]:
    """What is over stays so, and nothing is accepted any more."""
    over: Shown | None = None
    for seq, shown in sorted(case.shown.items()):
        status = shown[0].standing.get("status")
        for told in case.told.get(seq, ()):
            if status in OVER and told.decision.outcome not in (None, "bought"):
                yield _refuse(case, seq, "a bid was accepted after the end", told, over or "")
        if over is not None:
            for told in case.told.get(seq, ()):
                if told.decision.outcome is not None:
                    yield _refuse(case, seq, "a bid was accepted after the end", over, told)
            if status not in (*OVER, None):
                yield _refuse(case, seq, f"it was over, and then {status}", over, shown[0])
        elif status in OVER:
            over = shown[0]


def _history(case: Case) -> Iterator[Verdict]:
    """The public history has every bid that was accepted, as it was told, and no other."""
    for history in case.histories:
        rows: dict[int, Row] = {}
        for row in history.rows:
            if rows.setdefault(row.seq, row) is not row:
                yield _refuse(case, row.seq, "two bids of the history have one seq", text(rows[row.seq]), text(row))
        for told in _all_told(case):
            seq, decision = told.decision.seq, told.decision
            listed = rows.get(seq)
            if decision.outcome is not None and listed is None and seq <= history.seq:
                yield _refuse(case, seq, "an accepted bid is not in the history", told, _without_rows(history))
            elif listed is not None and not told.is_early and decision.outcome != listed.outcome:
                yield _refuse(case, seq, "the history has another outcome", told, text(listed))
            elif listed is not None and decision.placed_at not in (None, listed.placed_at) and listed.placed_at:
                yield _refuse(case, seq, "the history has another time", told, text(listed))


def _without_rows(history: Bids) -> str:
    return f"the public history up to seq {history.seq} has bids of seq {[row.seq for row in history.rows]}"


def _all_told(case: Case) -> Iterator[Told]:
    for _, tolds in sorted(case.told.items()):
        yield from tolds
