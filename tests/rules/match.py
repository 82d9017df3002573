"""The real rules and the oracle side by side: every move is made in both, then all that can be seen is compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import asdict, replace

from vendue.rules.commands import (
    AcceptOffer,
    Amend,
    Approve,
    Asked,
    Bid,
    Cancel,
    Counter,
    Decline,
    DeclineOffer,
    Extend,
    List,
    Retract,
)
from vendue.rules.receipts import Receipt, position

from .moves import Move
from .oracle import BEFORE_THE_END, DONE, Answer, Oracle, OracleTerms
from .oracle_prices import increment, steps_for, without_moot
from .sale import DAY, Sale, terms

NAMES = {"bid": "Bid", "buy_now": "Bid", "accept_offer": "AcceptOffer", "decline_offer": "DeclineOffer"}
ROLES = {"bid": "bidder", "buy_now": "bidder", "accept_offer": "bidder", "decline_offer": "bidder"}
MOST = 10**12


def oracle_terms(given: dict[str, Any]) -> OracleTerms:
    return OracleTerms(**given | ({} if given.get("increments") else {"increments": "cars"}))


class Match:
    """One auction under both. `seen`: what came up, for the statistics of a run."""

    def __init__(self, given: dict[str, Any], listed_at: int = 100) -> None:
        self.given, self.sale = given, Sale()
        self.first: dict[str, tuple[Asked, Receipt, Answer]] = {}
        self.seen: set[str] = set()
        answer = self.sale.ask("List", "sam", "seller", listed_at, terms=terms(**given))
        assert answer.code is None, answer
        self.oracle = Oracle(oracle_terms(given), listed_at)
        command = self.sale.log[0][0]
        assert isinstance(command, Asked)
        self.first[command.id] = (command, answer, DONE)
        self.compare()

    def play(self, moves: Iterable[Move]) -> Match:
        for move in moves:
            stamp = self._stamp(move.when, move.who)
            self.oracle.advance(stamp)  # amounts are chosen by what stands then
            if move.what == "tick":
                self.sale.tick(stamp)
            elif move.what == "repeat":
                self._repeat(move, stamp)
            else:
                self._ask(move, stamp)
            self.compare()
        return self

    # What a move means now

    def _stamp(self, when: str, who: int) -> int:
        oracle, now = self.oracle, self.oracle.now
        every = oracle.terms.decrement_every_ms
        window = oracle.ends_at - (oracle.terms.soft_close or {"window_ms": 0})["window_ms"]
        turn = oracle.starts_at + ((now - oracle.starts_at) // every + 1) * every
        if oracle.terms.format == "dutch":
            window = turn
        lapse = (oracle.closed_at or 0) + oracle.terms.approval_ms
        times = {
            "soon": now + 1 + 17 * who,
            "later": now + 130_000,
            "window": max(now, window),
            "window-1": window - 1 if window > now else now,
            "last": oracle.ends_at - 1,
            "start": oracle.starts_at if oracle.status == "scheduled" else now,
            "start-1": oracle.starts_at - 1 if oracle.status == "scheduled" else now,
            "back": now - 5000,
            "end": oracle.ends_at,
            "end+1": oracle.ends_at + 7,
            "lapse": lapse if oracle.closed_at else now,
            "lapse-1": lapse - 1 if oracle.closed_at else now,
            "day": oracle.settled_at + DAY if oracle.settled_at else now,
            "day-1": oracle.settled_at + DAY - 1 if oracle.settled_at else now,
        }
        return max(0, times.get(when, now))

    def _amount(self, move: Move, by: str) -> int:
        oracle = self.oracle
        stands, start = oracle._standing(), oracle.terms.starting_price
        minimum = oracle.minimum_next or start
        own = max((bid.amount for bid in oracle.accepted if bid.bidder == by and not bid.void), default=minimum)
        percent = oracle.terms.max_jump_percent or 150
        base = {
            "minimum": minimum,
            "maximum": stands.maximum or start,
            "price": oracle.price or start,
            "own": own,
            "reserve": oracle.terms.reserve_price or minimum,
            "start": start,
            "buy_now": oracle.terms.buy_now_price or minimum,
            "jump": max(minimum, own if stands.leader == by else 0) * percent // 100,
            "least": 1,
            "most": MOST,
        }[move.near]
        step = increment(steps_for(oracle.terms.increments, oracle.terms.currency), base)
        off = {"1": 1, "-1": -1, "step": step, "-step": -step, "step+1": step + 1, "step-1": step - 1}
        off |= {"half": step // 2, "double": base, "huge": 20 * base}
        amount = base + off.get(move.off, 0)
        if oracle.terms.format == "dutch" and move.near != "own":
            amount = min(amount, minimum - 1)  # else the first bid ends it
        return min(MOST, max(1, amount))

    def _ask(self, move: Move, stamp: int) -> None:
        what, oracle, by, role = move.what, self.oracle, "ada", move.role
        leader = oracle._shown_leader or "b0"
        content: dict[str, Any] = {}
        if what in ("bid", "buy_now"):
            by = f"b{move.who}"
            price = oracle.terms.buy_now_price
            exact = what == "buy_now" and price is not None and move.off != "1"
            content = {"amount": price if exact else self._amount(move, by), "kind": what, "confirm_jump": move.flag}
        elif what == "retract":
            bidder = oracle._standing().leader if move.near in ("minimum", "maximum") else None
            content = {"bidder": bidder or f"b{move.who}", "allow_rebid": move.flag, "reason": "by mistake"}
        elif what == "cancel":
            content = {"reason": "stolen"}
        elif what == "extend":
            content = {"ends_at": oracle.ends_at + {"0": 0, "1": 1, "-1": -1}.get(move.off, 50_000)}
        elif what in ("amend", "list"):
            self._draft = self.given | ({"sale_terms": "pure", "ends_at": stamp + (0 if move.flag else 400_000)})
            content = {"terms": terms(**self._draft)}
        elif what == "counter":
            near = move.near in ("price", "own", "reserve")
            content = {"price": self._amount(move, by) if near else (oracle.price or 0) + 1}
        elif what.endswith("_offer"):
            by, role = leader if move.near != "own" else f"b{move.who}", None
        if "reason" in content and move.off == "huge":
            content["reason"] = " "
        name = NAMES.get(what, what.capitalize())
        role = role or ROLES.get(what) or ("seller" if move.flag and what != "retract" else "auctioneer")
        self.sale.ask(name, by, role, stamp, **content)
        self._check(stamp)

    def _repeat(self, move: Move, stamp: int) -> None:
        earlier = list(self.first.values())[-1 - 3 * move.who % len(self.first)][0]
        if type(earlier) is Bid and move.near in ("price", "own"):
            earlier = replace(earlier, confirm_jump=not earlier.confirm_jump)
        elif type(earlier) is Bid and move.off in ("1", "-1"):
            earlier = replace(earlier, amount=earlier.amount + 1)
        elif type(earlier) is not Bid and move.off in ("1", "-1"):
            other = Decline if type(earlier) is Approve else Approve
            earlier = other(auction="A", id=earlier.id, by=earlier.by, role="auctioneer", salt=earlier.salt)
        self.sale.send(replace(earlier, salt="ff"), stamp)
        self._check(stamp)

    # What must come of it

    def _check(self, stamp: int) -> None:
        command, answer = self.sale.log[-1][0], self.sale.answer
        assert isinstance(command, Asked) and answer is not None
        earlier = None if self.oracle.over_for_a_day else self.first.get(command.id)
        expected = self._expected(command, stamp, earlier)
        got = answer.outcome or answer.code or "accepted"
        details = {name: each for name, each in asdict(answer.details).items() if each not in (None, ())}
        assert bool(details.pop("faults", ())) == (got == "invalid_terms")
        assert (got, details) == tuple(expected), command
        if earlier is None:
            self.first[command.id] = (command, answer, expected)
            assert answer.at == self.oracle.now
        elif expected.outcome != "key_reused":
            assert answer == earlier[1], "a repeat gets the first answer, whole"
        self.seen |= {
            got,
            f"repeated {got}" if earlier else got,
            *(type(each.body).__name__ for each in self.sale.events),
        }

    def _expected(self, command: Asked, stamp: int, earlier: tuple[Asked, Receipt, Answer] | None) -> Answer:
        oracle, role = self.oracle, command.role
        if earlier is not None and type(command) is not Bid:
            same = replace(earlier[0], salt="ff") == command
            return earlier[2] if same else Answer("key_reused", {})
        match command:
            case Bid():
                more = {"kind": command.kind, "key": command.id, "confirm_jump": command.confirm_jump, "role": role}
                return oracle.bid(command.by, command.amount, stamp, **more)
            case Retract():
                return oracle.retract(command.bidder, stamp, command.reason, command.allow_rebid, role)
            case Extend():
                return oracle.extend(command.ends_at, stamp, role)
            case Cancel():
                return oracle.cancel(stamp, command.reason, role)
            case Counter():
                return oracle.counter(command.price, stamp, role)
            case AcceptOffer():
                return oracle.accept_offer(command.by, stamp)
            case DeclineOffer():
                return oracle.decline_offer(command.by, stamp)
            case Amend():
                answer = oracle.amend(oracle_terms(self._draft), stamp, role)
                self.given = self._draft if answer == DONE else self.given
                return answer
            case List():
                return Answer("already_listed" if role in ("seller", "auctioneer") else "not_allowed", {})
            case _:
                return (oracle.approve if isinstance(command, Approve) else oracle.decline)(stamp, role)

    def compare(self) -> None:
        auction, stands, oracle = self.sale.now, self.sale.standing, self.oracle
        names = ("status", "price", "minimum_next", "bids", "leader", "reserve_met", "ends_at", "closed_at")
        names += ("hammer_price", "starts_at")
        seen = {name: getattr(stands, name) for name in names} | {"winner": auction.winner, "now": auction.now}
        assert seen == {name: getattr(oracle, name) for name in (*names, "winner", "now")}
        buy_now = oracle.terms.buy_now_price if oracle.buy_now_available else None
        assert stands.buy_now_price == auction.buy_now_price == buy_now
        pending = oracle.status in ("pending_approval", "countered")
        assert stands.approval_until == ((oracle.closed_at or 0) + oracle.terms.approval_ms if pending else None)
        assert auction.retired == oracle.over_for_a_day
        if not auction.retired:
            for bidder in {bid.bidder for bid in oracle.accepted}:
                self._compare_position(bidder)

    def _compare_position(self, bidder: str) -> None:
        oracle, stands = self.oracle, self.oracle._standing()
        counted = oracle._valid_bids()
        if not oracle.terms.proxy:
            counted = without_moot(counted)
        valid = [bid.amount for bid in counted if bid.bidder == bidder]
        leads, is_open = stands.leader == bidder, oracle.status in BEFORE_THE_END
        if oracle.settled_at is not None:
            state = "won" if oracle.winner == bidder else "lost"
        elif oracle._sealed and is_open:
            state = "sealed" if valid else "outbid"
        else:
            state = "leading" if leads else "outbid"
        least = oracle.minimum_next if bidder not in oracle.barred else None
        if least is not None and leads and oracle.terms.format == "english":
            if oracle.terms.proxy:
                least = (stands.maximum or 0) + 1
            elif oracle.reserve_met is not False:
                least = None
        most = (valid[-1:] or [None])[0]
        got = position(self.sale.now, bidder)
        assert (got.state, got.your_maximum, got.your_minimum) == (state, most, least)
