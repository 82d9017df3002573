"""The search for an order: event by event, all states that agree with everything seen so far.

Where an answer tells its seq there is nothing to choose. An event that nobody was told of is a deadline's, or the
effect of a request without an answer that had been sent by the time somebody knew of that event. States are kept
side by side, equal ones once, so that a choice that made no difference costs nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tests.explain.case import Attempt, Case, Content, Key, Told
from tests.explain.fit import Fit, Misfit, unlike
from tests.explain.model import Answer, Hints, State, accept, clockwork, listed, refusal
from tests.explain.moments import moments
from tests.explain.record import text
from tests.explain.verdict import Verdict

MOST_STATES = 300
"""Kept side by side. Where more are possible the rest is dropped: an order may still be found, or nothing is proven."""
DISTINCT_EVERY = 20
"""Events after which states are compared where they have not become more: some have become the same."""
HOPELESS = ("too_low", "not_above_own_maximum", "closed", "buy_now_gone", "key_reused")
"""What was refused so stays so: of such requests without an answer it is all one which of them an event was."""

NEVER = 1 << 62


class Way(NamedTuple):
    """How it can have gone so far: `used` are the requests without an answer that were events, by number.

    `firsts` are those of them that used their key; the others found it used.
    """

    state: State
    used: frozenset[int]
    firsts: frozenset[int]
    before: "Way | None"
    what: str

    def order(self) -> tuple[str, ...]:
        """What each event was."""
        found, way = list[str](), self
        while way.before is not None:
            found.append(way.what)
            way = way.before
        return (way.what, *reversed(found))


class _Need(NamedTuple):
    """From which event on a key must be used, and by none of which contents."""

    seq: int
    by: tuple[Content, ...]


_NO_NEED = _Need(NEVER, ())


class Search:
    """One auction's. `run` decides."""

    def __init__(self, case: Case) -> None:
        self.case, self.terms = case, case.terms
        bodies = [shown[0].standing for shown in case.shown.values()]
        self.hints = Hints(
            sorted({body["price"] for body in bodies if body.get("price") is not None}),
            sorted({body["ends_at"] for body in bodies if body.get("ends_at") is not None}),
            sorted({body["closed_at"] for body in bodies if body.get("closed_at") is not None}),
        )
        self.open = sorted((each for each in case.attempts if self._may_be_event(each)), key=lambda each: each.sent.at)
        self._by_number = {each.sent.number: each for each in self.open}
        self._needy = self._used_by_something()
        self._latest = self._stamps()
        self._fit = Fit(case)
        self._misfit = Misfit(NEVER, "")

    def run(self) -> Verdict:
        """Whether an order explains everything."""
        case = self.case
        ways = [Way(listed(self.terms), frozenset(), frozenset(), None, "listed")]
        if misfit := self._fit.misfit(ways[0].state, Answer(), None):
            return self._contradiction(1, misfit)
        dropped = 0
        for seq in range(2, case.highest + 1):
            self._misfit = Misfit(NEVER, "no request that was under way, and no deadline, explains it")
            before, ways = len(ways), [after for way in ways for after in self._next(way, seq)]
            if len(ways) > before or seq % DISTINCT_EVERY == 0:
                ways = self._distinct(ways)
            if not ways and dropped:
                why = f"undecided: {dropped} states were possible here, and {MOST_STATES} of them lead to nothing"
                return Verdict(self.terms.auction, None, seq, why)
            if not ways:
                return self._contradiction(seq, self._misfit)
            dropped = max(dropped, len(ways) if len(ways) > MOST_STATES else 0)
            ways = ways[:MOST_STATES]
        return Verdict(self.terms.auction, True, order=ways[0].order())

    def _may_be_event(self, attempt: Attempt) -> bool:
        """Whether it has no answer, and is not a repeat of what was told."""
        effect = self.case.first_effect(attempt.key)
        return attempt.is_open and (effect is None or self._contents(effect) != {attempt.content})

    def _contents(self, told: Told) -> set[Content]:
        return {each.content for each in self.case.asked(told)}

    # What an event can have been

    def _next(self, way: Way, seq: int) -> Iterator[Way]:
        told = self.case.told.get(seq, [])
        own = [each for each in told if not each.is_early]
        if own:
            yield from self._as_told(way, seq, own[0], told)
            return
        for state in clockwork(self.terms, way.state, self.hints):
            if self._agrees(state, Answer(), None, told):
                yield Way(state, way.used, way.firsts, way, f"{state.status} by the clock")
        in_time = [each for each in told if each.attempt and each.attempt.sent.at <= self.case.known_by(seq)]
        itself = [after for each in in_time for after in self._as_told(way, seq, each, told)]
        yield from itself
        yield from self._unknown(way, seq, told, bool(itself))

    def _as_told(self, way: Way, seq: int, told: Told, all_told: list[Told]) -> Iterator[Way]:
        """The event is the one that this answer names."""
        early = [each for each in all_told if each.is_early and each is not told]
        for attempt in self.case.asked(told):
            for state, answer in self._decide(way, attempt, seq, told):
                if misfit := unlike(answer, told):
                    self._note(misfit)
                elif self._agrees(state, answer, attempt, early):
                    yield Way(state, way.used, way.firsts, way, _say(attempt, answer))
                    if answer.code is not None:
                        break  # a later time would be no other, but leave less room

    def _unknown(self, way: Way, seq: int, told: list[Told], is_explained: bool) -> Iterator[Way]:
        """The event is of a request that nobody was told of.

        Of those that are hopeless one is tried, since they can all stand for each other here and later: the one whose
        key is soonest needed as used. Only where that would spoil a chance of another request of its key are both
        tried. Where the event is explained already, such a need is the only reason to try.
        """
        known_by = self.case.known_by(seq)
        hopeless: list[tuple[int, int, Way]] = []
        tried: set[tuple[Key, Content]] = set()
        for attempt in self.open:
            if attempt.sent.at > known_by:
                break
            if attempt.sent.number in way.used or (attempt.key, attempt.content) in tried:
                continue
            tried.add((attempt.key, attempt.content))
            for state, answer in self._decide(way, attempt, seq, None):
                number = frozenset((attempt.sent.number,))
                uses_key = answer.code != "key_reused"
                firsts = way.firsts | number if uses_key else way.firsts
                need = self._needy.get(attempt.key, _NO_NEED) if uses_key else _NO_NEED
                if attempt.content in need.by or (is_explained and need is _NO_NEED):
                    continue
                if not self._agrees(state, answer, attempt, told):
                    continue
                after = Way(state, way.used | number, firsts, way, _say(attempt, answer) + ", nobody was told")
                if answer.code not in HOPELESS or (uses_key and self._spoils(attempt, need)):
                    yield after
                else:
                    hopeless.append((need.seq, attempt.sent.number, after))
        if hopeless:
            yield min(hopeless)[2]

    def _spoils(self, attempt: Attempt, need: "_Need") -> bool:
        """Whether another request of the key, which this would make void, may have been something."""
        others = (each for each in self.case.by_key[attempt.key] if each.is_open and each.content != attempt.content)
        return any(each.content not in need.by for each in others)

    def _used_by_something(self) -> dict[Key, "_Need"]:
        """Keys that were told to be used, by a request of which nobody was told, and not by these contents."""
        needs: dict[Key, _Need] = {}
        for seq, tolds in sorted(self.case.told.items()):
            for told in tolds:
                if told.decision.code == "key_reused" and self.case.first_effect(told.key) is None:
                    before = needs.get(told.key, _Need(seq, ()))
                    needs[told.key] = _Need(before.seq, (*before.by, *(each.content for each in self.case.asked(told))))
        return needs

    def _decide(self, way: Way, attempt: Attempt, seq: int, told: Told | None) -> Iterator[tuple[State, Answer]]:
        """What the rules say of a request here; nothing where it would be a repeat, which is no event."""
        state, row = way.state, self.case.row(seq)
        first = self._first_content(way, attempt, seq)
        stamp = told.decision.placed_at if told else None
        stamp = row.placed_at if stamp is None and row else stamp
        details = [told.decision.details] if told else []
        times = [stamp] if stamp is not None else moments(self.terms, state, self._latest.get(seq), self.hints, details)
        for at in times:
            if not _in_time(self.terms.starts_at, state, at):
                self._note(Misfit(50, f"at {at} the auction is not {state.status} with its end at {state.ends_at}"))
                continue
            if first is not None:
                refused = Answer(code="key_reused") if first != attempt.content else None
            else:
                refused = refusal(self.terms, state, attempt.sent, at)
            if refused is not None:
                yield state._replace(seq=seq, now=at), refused
                if told is None:
                    return  # at any other time it is the same
            elif first is None:
                yield from accept(self.terms, state, attempt.sent, at, self.hints)

    def _first_content(self, way: Way, attempt: Attempt, seq: int) -> Content | None:
        """What used this key before."""
        effect = self.case.first_effect(attempt.key)
        if effect is not None and effect.decision.seq < seq:
            others = self._contents(effect) - {attempt.content}
            return min(others, default=attempt.content)  # where its page leaves open what it was, this is no repeat
        for each in self.case.by_key[attempt.key]:
            if each.sent.number in way.firsts:
                return each.content
        later = effect is not None and effect.decision.seq > seq
        return attempt.content if later else None  # the key's effect is told to be a later event, so this is none

    # Which states are the same

    def _distinct(self, ways: list[Way]) -> list[Way]:
        return ways if len(ways) < 2 else list({self._identity(way): way for way in ways}.values())

    def _identity(self, way: Way) -> object:
        """All that the future of a state depends on."""
        state = way.state
        best: object = tuple(sorted(state.best.items()))
        if self.terms.format == "english" and not self.case.yous:
            best = max((amount for bidder, amount in state.best.items() if bidder != state.leader), default=0)
        scalars = tuple(each for each in state if not isinstance(each, dict))
        mappings = (tuple(sorted(state.since.items())), tuple(sorted(state.aliases.items())))
        matters = frozenset(each for each in way.used if not self._is_spent(way, each))
        return scalars, best, mappings, matters, way.firsts & matters, len(way.used)

    def _is_spent(self, way: Way, number: int) -> bool:
        """Whether a request without an answer could only be refused from now on, and nothing hangs on its key."""
        attempt = self._by_number[number]
        if attempt.key in self._needy and number in way.firsts:
            return False
        if number in way.firsts and any(each.content != attempt.content for each in self.case.by_key[attempt.key]):
            return False
        answer = refusal(self.terms, way.state, attempt.sent, way.state.now)
        return number not in way.firsts or (answer is not None and answer.code in HOPELESS)

    def _stamps(self) -> dict[int, int]:
        """Seq -> the latest that its time can be."""
        known: dict[int, int] = {}
        for seq, tolds in self.case.told.items():
            stamps = [told.decision.placed_at for told in tolds if told.decision.placed_at is not None]
            if stamps:
                known[seq] = stamps[0]
        for history in self.case.histories:
            known |= {row.seq: row.placed_at for row in history.rows if row.placed_at is not None}
        latest, found = None, {}
        for seq in range(self.case.highest, 0, -1):
            latest = known.get(seq, latest)
            if latest is not None:
                found[seq] = latest
        return found

    # What to say where nothing agrees

    def _agrees(self, state: State, answer: Answer, attempt: Attempt | None, early: list[Told]) -> bool:
        misfit = self._fit.misfit(state, answer, attempt) or self._fit.early(state, early)
        self._note(misfit)
        return misfit is None

    def _note(self, misfit: Misfit | None) -> None:
        if misfit is not None and misfit.badness < self._misfit.badness:
            self._misfit = misfit

    def _contradiction(self, seq: int, misfit: Misfit) -> Verdict:
        later = (self._seen_at(each) for each in range(seq + 1, self.case.highest + 1))
        first = misfit.what or self._seen_at(seq) or next((f"seen later: {seen}" for seen in later if seen), "")
        earlier = (self._seen_at(each) for each in range(seq - 1, 0, -1))
        before = next((seen for seen in earlier if seen), text(self.terms))
        return Verdict(self.terms.auction, False, seq, misfit.why, first, before)

    def _seen_at(self, seq: int) -> str:
        case = self.case
        for told in case.told.get(seq, ()):
            return str(told)
        for shown in case.shown.get(seq, ()):
            return str(shown)
        for you in case.yous.get(seq, ()):
            return text(you)
        row = case.row(seq)
        return text(row) if row else ""


def _in_time(starts_at: int, state: State, at: int) -> bool:
    """Whether at this time nothing was due that has not happened."""
    due = {"scheduled": starts_at, "live": state.ends_at, "pending_approval": state.approval_until}.get(state.status)
    return state.now <= at and (due is None or at < due)


def _say(attempt: Attempt, answer: Answer) -> str:
    sent = attempt.sent
    return f"{sent.kind} {sent.amount} of {sent.bidder}: {answer.outcome or answer.code}"
