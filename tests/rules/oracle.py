"""One auction, judged slowly and plainly from the text of the rules alone.

Nothing here is clever: the oracle keeps every command with its time and every
accepted bid, and works out price and leader again from the first bid whenever it is
asked. It exists to be compared with the real rules, so it shares no code with them.

Amounts are minor units, times epoch milliseconds. Terms are taken as valid and
amounts as well formed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from .oracle_prices import DAY_MS, Accepted, OracleTerms, Standing, clock, later_end, one_step_above, standing

__all__ = ["Accepted", "Answer", "Oracle", "OracleTerms"]

BEFORE_THE_END = ("scheduled", "live")


class Answer(NamedTuple):
    """A bid's outcome or a refusal's code; `accepted` for other commands that took."""

    outcome: str
    details: dict[str, int]


DONE = Answer("accepted", {})


def first_of(**faults: bool) -> Answer | None:
    """The first refusal that applies, in the order given."""
    return next((Answer(code, {}) for code, holds in faults.items() if holds), None)


class Oracle:
    def __init__(self, terms: OracleTerms, listed_at_ms: int) -> None:
        self.terms = terms
        self.starts_at = max(terms.starts_at, listed_at_ms)
        self.ends_at = terms.ends_at
        self.set_end = terms.ends_at  # as last set by listing or extend
        self.status = "scheduled"
        self.closed_at: int | None = None
        self.settled_at: int | None = None  # when it became final
        self.revealed = False  # a sealed auction's leader and price
        self.hammer_price: int | None = None
        self.counter_price: int | None = None
        self.now = listed_at_ms
        self.commands: list[tuple[Any, ...]] = []  # to print when a comparison fails
        self.accepted: list[Accepted] = []
        self.barred: set[str] = set()
        self.buy_now_withdrawn = False
        self.keys: dict[tuple[str, str], tuple[tuple[str, int, bool], Answer]] = {}
        self.advance(listed_at_ms)

    # Time

    def advance(self, now: int) -> None:
        """Apply whatever is due, each stamped with its own due time."""
        self.now = max(self.now, now)
        if self.status == "scheduled" and self.starts_at <= self.now:
            self.status = "live"
        if self.status == "live" and self.ends_at <= self.now:
            self._close_at_the_end()
        if self.status in ("pending_approval", "countered"):
            assert self.closed_at is not None
            lapses_at = self.closed_at + self.terms.approval_ms
            if lapses_at <= self.now:
                self._settle("unsold", lapses_at)

    @property
    def over_for_a_day(self) -> bool:
        """Then keys are forgotten, and only a stub is left."""
        return self.settled_at is not None and self.now >= self.settled_at + DAY_MS

    def _receive(self, now: int, *command: Any) -> None:
        self.advance(now)
        self.commands.append((self.now, *command))

    def _close_at_the_end(self) -> None:
        self.closed_at = self.ends_at
        highest = self._standing().maximum
        on_approval = self.terms.sale_terms == "on_approval"
        reserve = self.terms.reserve_price
        if highest is None or (reserve is not None and highest < reserve and not on_approval):
            self._settle("unsold", self.ends_at)
        elif on_approval and (reserve is None or highest < reserve):
            self.status, self.revealed = "pending_approval", True
        else:
            self._sell(self._standing().price, self.ends_at)

    def _settle(self, status: str, at: int) -> Answer:
        self.status, self.settled_at = status, at
        return DONE

    def _sell(self, price: int | None, at: int) -> Answer:
        assert price is not None
        self.hammer_price, self.revealed = price, True
        return self._settle("sold", at)

    # What the bids add up to

    @property
    def _sealed(self) -> bool:
        return self.terms.format in ("sealed_first_price", "sealed_second_price")

    def _valid_bids(self) -> list[Accepted]:
        return [bid for bid in self.accepted if not bid.void]

    def _standing(self) -> Standing:
        return standing(self.terms, self._valid_bids())

    def _clock(self, at: int) -> int:
        return clock(self.terms, self.starts_at, at)

    # Public facts

    @property
    def price(self) -> int | None:
        if self.status == "sold" and self.counter_price is None:
            return self.hammer_price
        if self.terms.format == "dutch":
            if self.status in BEFORE_THE_END:
                return self._clock(self.now)
            if self.status == "cancelled":
                assert self.closed_at is not None
                return self._clock(self.closed_at)
            return None
        if self._sealed and not self.revealed:
            return None
        return self._standing().price

    @property
    def minimum_next(self) -> int | None:
        if self.status not in BEFORE_THE_END:
            return None
        if self.terms.format == "dutch":
            return self._clock(self.now)
        price = self._standing().price
        if self._sealed or price is None:
            return self.terms.starting_price
        return one_step_above(self.terms, price)

    @property
    def bids(self) -> int:
        """Bids that count; bidders in sealed formats."""
        if self._sealed:
            return len({bid.bidder for bid in self._valid_bids()})
        return len(self._valid_bids())

    @property
    def _shown_leader(self) -> str | None:
        if self._sealed and not self.revealed:
            return None
        return self._standing().leader

    @property
    def leader(self) -> str | None:
        if self._shown_leader is None:
            return None
        order = list(dict.fromkeys(bid.bidder for bid in self.accepted))
        return f"Bidder {order.index(self._shown_leader) + 1}"

    @property
    def winner(self) -> str | None:
        return self._shown_leader if self.status == "sold" else None

    @property
    def reserve_met(self) -> bool | None:
        if self.terms.reserve_price is None:
            return None
        if self._sealed and self.status in ("scheduled", "live", "cancelled"):
            return None
        maximum = self._standing().maximum
        return maximum is not None and maximum >= self.terms.reserve_price

    @property
    def buy_now_available(self) -> bool:
        if self.status not in BEFORE_THE_END:
            return False
        return self.terms.buy_now_price is not None and not self.buy_now_withdrawn

    # Bids

    def bid(
        self,
        bidder: str,
        amount: int,
        now: int,
        *,
        kind: str = "bid",
        key: str | None = None,
        confirm_jump: bool = False,
        role: str = "bidder",
    ) -> Answer:
        self._receive(now, kind, bidder, amount, key, confirm_jump, role)
        content = (kind, amount, confirm_jump)
        if key is not None and not self.over_for_a_day and (bidder, key) in self.keys:
            first_content, first_answer = self.keys[bidder, key]
            if content != first_content:
                return Answer("key_reused", {})
            return first_answer
        answer = self._refusal(bidder, amount, kind, confirm_jump, role)
        if answer is None:
            answer = self._accept(bidder, amount, kind)
        if key is not None:
            self.keys.setdefault((bidder, key), (content, answer))
        return answer

    def _refusal(self, bidder: str, amount: int, kind: str, confirm_jump: bool, role: str) -> Answer | None:
        """The first reason that applies, in the order of the rules."""
        if self.over_for_a_day:
            return self._closed()
        refusal = first_of(
            not_allowed=role != "bidder" or bidder in self.barred,
            own_auction=bidder in self.terms.seller_ids,
            cancelled=self.status == "cancelled",
            not_open=self.status == "scheduled",
        )
        if refusal:
            return refusal
        if self.status != "live":
            return self._closed()

        if kind == "buy_now":
            price = self.terms.buy_now_price
            if price is None or not self.buy_now_available:
                return Answer("buy_now_gone", {})
            if amount != price:
                return Answer("buy_now_changed", {"price": price})
            return None
        if self.terms.format == "dutch":
            price = self._clock(self.now)
            if amount < price:
                return Answer("price_above_amount", {"price": price})
            return None

        minimum = self.minimum_next
        assert minimum is not None
        if self._sealed:
            return Answer("too_low", {"minimum": minimum}) if amount < minimum else None

        now_standing = self._standing()
        leads = now_standing.leader == bidder
        if leads and not self.terms.proxy and self.reserve_met is not False:
            return Answer("already_leading", {})
        own_maximum = 0
        if leads and self.terms.proxy:
            assert now_standing.maximum is not None
            own_maximum = now_standing.maximum
            if amount <= own_maximum:
                return Answer("not_above_own_maximum", {"minimum": own_maximum + 1})
        elif amount < minimum:
            return Answer("too_low", {"minimum": minimum})
        if self.terms.max_jump_percent is not None and not confirm_jump:
            base = max(minimum, own_maximum)
            maximum = base * self.terms.max_jump_percent // 100
            if amount > maximum:
                return Answer("jump_too_large", {"maximum": maximum})
        return None

    def _closed(self) -> Answer:
        assert self.closed_at is not None
        return Answer("closed", {"late_by_ms": self.now - self.closed_at})

    def _accept(self, bidder: str, amount: int, kind: str) -> Answer:
        if kind == "buy_now" or self.terms.format == "dutch":
            price = amount if kind == "buy_now" else self._clock(self.now)
            self.accepted.append(Accepted(bidder, price, kind, while_leading=False))
            self.closed_at = self.now
            self._sell(price, self.now)
            return Answer("bought", {})

        before = self._standing()
        leads = before.leader == bidder
        self.accepted.append(Accepted(bidder, amount, kind, while_leading=leads))
        if self._sealed:
            return Answer("sealed", {})

        after = self._standing()
        self._soft_close(before, after)
        if self.terms.reserve_price is None or self.reserve_met:
            self.buy_now_withdrawn = True
        if after.leader == bidder:
            return Answer("leading", {})
        if after.maximum == amount:
            return Answer("outbid_by_earlier_equal", {})
        return Answer("outbid_by_higher_maximum", {})

    def _soft_close(self, before: Standing, after: Standing) -> None:
        if (before.leader, before.price) != (after.leader, after.price):
            self.ends_at = later_end(self.terms.soft_close, self.ends_at, self.set_end, self.now)

    # Other commands

    def retract(
        self, bidder: str, now: int, reason: str, allow_rebid: bool = False, role: str = "auctioneer"
    ) -> Answer:
        self._receive(now, "retract", bidder, reason, allow_rebid, role)
        theirs = [bid for bid in self._valid_bids() if bid.bidder == bidder]
        refusal = first_of(
            not_allowed=role != "auctioneer",
            wrong_state=self.status != "live" or not theirs,
            reason_missing=not reason.strip(),
        )
        if refusal:
            return refusal
        before = self._standing()
        for bid in theirs:
            bid.void = True
        if not allow_rebid:
            self.barred.add(bidder)
        self._soft_close(before, self._standing())
        return DONE

    def amend(self, terms: OracleTerms, now: int, role: str) -> Answer:
        self._receive(now, "amend", terms, role)
        refusal = first_of(
            not_allowed=role not in ("seller", "auctioneer"),
            terms_fixed=self.status != "scheduled",
            invalid_terms=terms.ends_at <= max(self.now, terms.starts_at),
        )
        if not refusal:
            terms = replace(terms, seller_ids=tuple({*self.terms.seller_ids, *terms.seller_ids}))
            self.terms, self.starts_at = terms, max(terms.starts_at, self.now)
            self.ends_at = self.set_end = terms.ends_at
            self.advance(self.now)
        return refusal or DONE

    def extend(self, new_end: int, now: int, role: str = "auctioneer") -> Answer:
        self._receive(now, "extend", new_end, role)
        refusal = first_of(
            not_allowed=role != "auctioneer",
            wrong_state=self.status not in BEFORE_THE_END,
            invalid_terms=new_end <= self.ends_at,
        )
        if not refusal:
            self.ends_at = self.set_end = new_end
        return refusal or DONE

    def cancel(self, now: int, reason: str, role: str) -> Answer:
        self._receive(now, "cancel", reason, role)
        seller_may = role == "seller" and not self.accepted
        refusal = first_of(
            not_allowed=role != "auctioneer" and not seller_may,
            wrong_state=self.status not in BEFORE_THE_END,
            reason_missing=not reason.strip(),
        )
        if not refusal:
            self.closed_at = self.now
            self._settle("cancelled", self.now)
        return refusal or DONE

    def approve(self, now: int, role: str) -> Answer:
        self._receive(now, "approve", role)
        return self._not_theirs_to_settle(role) or self._sell(self.price, self.now)

    def decline(self, now: int, role: str) -> Answer:
        self._receive(now, "decline", role)
        refusal = self._not_theirs_to_settle(role)
        if not refusal:
            self._settle("unsold", self.now)
        return refusal or DONE

    def counter(self, price: int, now: int, role: str) -> Answer:
        self._receive(now, "counter", price, role)
        refusal = self._not_theirs_to_settle(role)
        if refusal:
            return refusal
        high_bid, reserve = self.price, self.terms.reserve_price
        assert high_bid is not None
        if price <= high_bid or (reserve is not None and price > reserve):
            return Answer("invalid_terms", {})
        self.status, self.counter_price = "countered", price
        return DONE

    def accept_offer(self, by: str, now: int) -> Answer:
        self._receive(now, "accept_offer", by)
        return self._not_theirs_to_answer(by) or self._sell(self.counter_price, self.now)

    def decline_offer(self, by: str, now: int) -> Answer:
        self._receive(now, "decline_offer", by)
        refusal = self._not_theirs_to_answer(by)
        if not refusal:
            self.status, self.counter_price = "pending_approval", None
        return refusal or DONE

    def _not_theirs_to_settle(self, role: str) -> Answer | None:
        return first_of(
            not_allowed=role not in ("seller", "auctioneer"),
            wrong_state=self.status != "pending_approval",
        )

    def _not_theirs_to_answer(self, by: str) -> Answer | None:
        # The leader as shown: before a sealed end nobody may learn that he leads.
        return first_of(
            not_allowed=by != self._shown_leader,
            wrong_state=self.status != "countered",
        )
