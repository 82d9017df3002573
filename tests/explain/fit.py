"""Whether a state, and the answer that led to it, agree with what was seen of them."""

from typing import NamedTuple

from tests.explain.case import Attempt, Case, Shown, Told
from tests.explain.model import Answer, State, refusal
from tests.explain.prices import falling
from tests.explain.record import Body, Row, You, text
from tests.explain.views import position, standing


class Misfit(NamedTuple):
    """What does not agree, by how much, and which observation that is, where it is one."""

    badness: int
    why: str
    what: str = ""


class Fit:
    """One auction's observations, to hold states against."""

    def __init__(self, case: Case) -> None:
        self.case, self.terms = case, case.terms
        self._ahead = self._next_shown()
        falls = case.terms.format == "dutch"
        self._differ = {
            seq for seq, shown in case.shown.items() if falls or len({frozenset(each.standing) for each in shown}) > 1
        }
        """Where one standing does not stand for all of its seq: they show different parts, or a price that falls."""

    def misfit(self, state: State, answer: Answer, attempt: Attempt | None) -> Misfit | None:
        """Why this cannot be what was seen at the state's seq, or later; `attempt` is what the event decided."""
        case, seq, terms = self.case, state.seq, self.terms
        shown = case.shown.get(seq)
        if shown:
            rules = standing(terms, state)
            for each in shown if seq in self._differ else shown[:1]:
                if misfit := _unequal(rules, each.standing, each):
                    return misfit
                if terms.format == "dutch" and state.status == "live" and not self._on_clock(each.standing):
                    return Misfit(1, f"the clock never shows {each.standing.get('price')}", str(each))
        for you in case.yous.get(seq, ()):
            if you.bidder not in state.best and you.bidder != state.leader:
                return Misfit(3, f"{you.bidder} has no accepted bid and was told where he stands", text(you))
            if misfit := _unequal(position(terms, state, you.bidder), you.you, you):
                return misfit
        if misfit := self._of_row(state, answer, attempt, case.row(seq)):
            return misfit
        return self._ahead_of(state)

    def _on_clock(self, shown: Body) -> bool:
        price, terms = shown.get("price"), self.terms
        steps = (terms.starting_price - (price or 0)) // terms.decrement
        return price is None or price in (
            falling(terms, terms.starts_at + steps * terms.decrement_every_ms),
            terms.floor_price,
        )

    def _of_row(self, state: State, answer: Answer, attempt: Attempt | None, row: Row | None) -> Misfit | None:
        history, accepted = self.case.history, answer.outcome is not None
        if row is None:
            missing = accepted and history is not None and state.seq <= history.seq
            return Misfit(5, "the history has no such bid") if missing else None
        if not accepted or attempt is None:
            return Misfit(10, "the history has a bid there", text(row))
        alias = f"Bidder {state.aliases[attempt.sent.bidder]}"
        if row.alias is not None and row.alias != alias:
            return Misfit(6, f"the rules give {alias}, the history {row.alias}", text(row))
        if row.outcome not in (None, answer.outcome):
            return Misfit(4, f"the rules give {answer.outcome}, the history {row.outcome}", text(row))
        visible = attempt.sent.amount
        if history is not None and history.price is not None:
            visible = min(visible, history.price)
            if row.amount not in (None, visible):
                return Misfit(3, f"the rules give the amount {visible}, the history {row.amount}", text(row))
        return None

    def _ahead_of(self, state: State) -> Misfit | None:
        """Whether the next standing that was seen can still come of it: bids are counted, prices rise."""
        seq, bids, price = self._ahead.get(state.seq, (0, None, None))
        left = seq - state.seq
        if bids is not None and not state.bids <= bids <= state.bids + left:
            return Misfit(30, f"{state.bids} bids do not become {bids} with the {left} events that follow")
        if price is not None and state.price is not None and self.terms.format == "english" and state.price > price:
            return Misfit(30, f"the price {state.price} does not fall to {price}")
        return None

    def _next_shown(self) -> dict[int, tuple[int, int | None, int | None]]:
        found: dict[int, tuple[int, int | None, int | None]] = {}
        ahead: tuple[int, int | None, int | None] | None = None
        for seq in range(self.case.highest, 0, -1):
            shown = self.case.shown.get(seq)
            if shown:
                body = shown[0].standing
                ahead = seq, body.get("bids"), body.get("price")
            if ahead:
                found[seq] = ahead
        return found

    def early(self, state: State, tolds: list[Told]) -> Misfit | None:
        """Why one of these was not to be refused at once where this state stands."""
        for told in tolds:
            said = refusal(self.terms, state, told.attempt.sent, state.now) if told.attempt else None
            if said is None or said.code != told.decision.code:
                return Misfit(20, f"{told.decision.code} was refused early, and the rules would not", str(told))
        return None


def unlike(answer: Answer, told: Told) -> Misfit | None:
    """How an answer differs from what was told."""
    decision = told.decision
    names = ("minimum", "maximum", "price", "late_by_ms")
    details = {name: decision.details[name] for name in names if decision.details.get(name) is not None}
    given, said = answer.outcome or answer.code, decision.outcome or decision.code
    if (given, answer.details) == (said, details):
        return None
    rules, shown = (f"{code} {numbers or ''}".strip() for code, numbers in ((given, answer.details), (said, details)))
    return Misfit(2 if given == said else 10, f"the rules say {rules}, it was told {shown}", str(told))


def _unequal(rules: Body, seen: Body, where: Shown | You) -> Misfit | None:
    """How a standing differs from what was shown."""
    names = [name for name in rules if name in seen and rules[name] != seen[name]]
    if not names:
        return None
    first = names[0]
    what = text(where) if isinstance(where, You) else str(where)
    return Misfit(len(names), f"the rules give {first} {rules[first]}, it was shown {seen[first]}", what)
