"""All that a record says of one auction, by the seq it speaks of."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from tests.explain.record import (
    Answered,
    Bids,
    Body,
    Decision,
    Frame,
    Looked,
    Page,
    Record,
    Row,
    Sent,
    Terms,
    You,
    text,
)

Key = tuple[str, str]
"""Who asked, and under what key; a request without one has a key of its own."""
OPEN_ENDED = (0, 202)


class Content(NamedTuple):
    """What a repeat must share with the first request of its key."""

    kind: str
    amount: int
    confirm_jump: bool


class Attempt(NamedTuple):
    """One request, and its answer if one came."""

    sent: Sent
    answered: Answered | None
    key: Key
    content: Content

    @property
    def is_open(self) -> bool:
        """Whether it may be in the log, and nobody was told what became of it."""
        return self.answered is None or self.answered.status in OPEN_ENDED

    @property
    def may_count(self) -> bool:
        """Whether it may be in the log at all."""
        return self.is_open or (self.answered is not None and self.answered.decision is not None)

    def __str__(self) -> str:
        return text(self.sent) + (f" {text(self.answered)}" if self.answered else " (no answer)")


class Told(NamedTuple):
    """A decision that somebody was told at a time; `attempt` is None where a bid's page told it."""

    decision: Decision
    key: Key
    at: int
    attempt: Attempt | None
    looked: Looked | None

    @property
    def is_early(self) -> bool:
        """Whether it may be no event: without a key, what a fresh standing shows to be hopeless is refused at once."""
        return self.decision.code is not None and self.attempt is not None and not self.attempt.sent.key

    def __str__(self) -> str:
        return str(self.attempt) if self.attempt else text(self.looked or self.decision)


class Shown(NamedTuple):
    """A standing, and where it was seen."""

    standing: Body
    at: int
    where: Told | Frame | Page

    def __str__(self) -> str:
        return text(self.where) if isinstance(self.where, Struct) else str(self.where)


class Case:
    """Everything about one auction. `highest` is the last seq that anyone was told of."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.attempts: list[Attempt] = []
        self.by_key: dict[Key, list[Attempt]] = defaultdict(list)
        self.told: dict[int, list[Told]] = defaultdict(list)
        self.shown: dict[int, list[Shown]] = defaultdict(list)
        self.yous: dict[int, list[You]] = defaultdict(list)
        self.heard: list[Frame | You] = []
        self.histories: list[Bids] = []
        self.highest = 1

    def first_effect(self, key: Key) -> Told | None:
        """The decision that used this key, as far as it was told."""
        return self._first.get(key)

    def asked(self, told: Told) -> list[Attempt]:
        """What was decided, as its answer says; a bid's page leaves open whether a large jump was confirmed."""
        if told.attempt is not None or told.looked is None:
            return [told.attempt] if told.attempt else []
        shown = (told.looked.kind, told.looked.amount)
        fitting = [each for each in self.by_key[told.key] if (each.content.kind, each.content.amount) == shown]
        return list({each.content: each for each in fitting if each.may_count}.values())

    def known_by(self, seq: int) -> int:
        """When somebody knew for the first time that this event, or a later one, had happened."""
        return self._known[seq].at if seq in self._known else 1 << 62

    def knew(self, seq: int) -> "Shown | You | None":
        """What was seen at known_by."""
        return self._known[seq].what if seq in self._known else None

    def row(self, seq: int) -> Row | None:
        """The bid in the public history."""
        return self._rows.get(seq)

    @property
    def history(self) -> Bids | None:
        """The public history that reaches furthest."""
        return max(self.histories, key=lambda each: each.seq, default=None)

    def close(self) -> None:
        """All is in: work out what is asked for often."""
        self._first: dict[Key, Told] = {}
        for _, tolds in sorted(self.told.items()):
            for told in tolds:
                if told.decision.code != "key_reused":
                    self._first.setdefault(told.key, told)
        self._rows = {row.seq: row for history in self.histories for row in history.rows}
        seqs = [*self.told, *self.shown, *self.yous, *self._rows, *(history.seq for history in self.histories)]
        self.highest = max([1, *seqs])
        self._known: dict[int, _Knew] = {}
        latest: _Knew | None = None
        for seq in range(self.highest, 0, -1):
            seen = [_Knew(each.at, each) for each in self._seen(seq)]
            latest = min([*seen, *([latest] if latest else [])], key=lambda each: each.at, default=None)
            if latest:
                self._known[seq] = latest

    def _seen(self, seq: int) -> "Iterator[Shown | You]":
        yield from self.shown.get(seq, ())
        yield from self.yous.get(seq, ())


class _Knew(NamedTuple):
    at: int
    what: "Shown | You"


def key_of(sent: Sent) -> Key:
    """The key of a request."""
    return sent.bidder, sent.key or f"without, {sent.number}"


def cases(record: Record) -> dict[str, Case]:
    """The record by auction."""
    found = {terms.auction: Case(terms) for terms in record.all(Terms)}
    answers = {answered.number: answered for answered in record.all(Answered)}
    for sent in record.all(Sent):
        case = found[sent.auction]
        content = Content(sent.kind, sent.amount, sent.confirm_jump)
        attempt = Attempt(sent, answers.get(sent.number), key_of(sent), content)
        case.attempts.append(attempt)
        case.by_key[attempt.key].append(attempt)
        if attempt.answered and attempt.answered.decision:
            _tell(case, Told(attempt.answered.decision, attempt.key, attempt.answered.at, attempt, None))
    for seen in record.observations:
        match seen:
            case Looked(decision=Decision() as decision):
                _tell(found[seen.auction], Told(decision, (seen.bidder, seen.key), seen.at, None, seen))
            case Frame() | Page():
                case = found[seen.standing["auction"]]
                case.shown[seen.standing["seq"]].append(Shown(seen.standing, seen.at, seen))
                if isinstance(seen, Frame):
                    case.heard.append(seen)
            case You():
                found[seen.you["auction"]].yous[seen.you["seq"]].append(seen)
                found[seen.you["auction"]].heard.append(seen)
            case Bids():
                found[seen.auction].histories.append(seen)
    for case in found.values():
        case.close()
    return found


def _tell(case: Case, told: Told) -> None:
    case.told[told.decision.seq].append(told)
    case.shown[told.decision.seq].append(Shown(told.decision.standing, told.at, told))
