"""Terms and moves to play at random. Amounts and times are drawn near the places where the rules change their mind."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from .sale import DAY, END


class Move(NamedTuple):
    """One command, told by where its amount and its time stand to the auction's, since those are not known yet."""

    what: str
    who: int
    near: str
    off: str
    when: str
    role: str | None
    flag: bool


BIDS = ["bid"] * 24 + ["buy_now", "retract", "retract", "repeat", "repeat", "tick", "extend"]
ALL = ["bid"] * 4 + ["buy_now", "retract", "repeat", "repeat", "tick", "extend", "cancel", "amend", "list"]
SETTLE = ["approve", "decline", "counter", "counter", "accept_offer", "accept_offer", "decline_offer", "decline_offer"]
NEAR = ["minimum"] * 9 + ["maximum"] * 6 + ["price", "own", "own", "reserve", "reserve", "start", "buy_now", "buy_now"]
NEAR += ["jump", "jump", "least", "most"]
OFF = ["0"] * 8 + ["1"] * 5 + ["-1"] * 4 + ["step", "step", "-step", "step+1", "step-1"]
OFF += ["half", "double", "huge"] * 3
SOON = ["same"] * 12 + ["soon"] * 12 + ["later", "window", "window-1", "last", "back"]
LATE = ["end", "end", "lapse-1", "lapse", "day-1", "day", "end+1"]
START = ["start-1", "start", "start", "same"]
ANY = [None] * 4 + ["auctioneer", "seller", "bidder", "none"]


def _moves(what: list[str], when: list[str], roles: list[str | None], least: int, most: int) -> Any:
    who = [0, 1, 2, 3] * 3 + [4]
    move = st.builds(Move, *map(st.sampled_from, (what, who, NEAR, OFF, when, roles, [False, True])))
    return st.lists(move, min_size=least, max_size=most)


def _phases(*phases: st.SearchStrategy[list[Move]]) -> st.SearchStrategy[list[Move]]:
    return st.tuples(*phases).map(lambda each: [move for moves in each for move in moves])


MOVES = _phases(
    _moves(ALL + ["amend"] * 8, START, ANY, 0, 3),
    _moves(["tick"], ["start"], [None], 1, 1),
    _moves(BIDS, SOON, [None], 8, 30),
    _moves(ALL, SOON, ANY, 0, 5),
    _moves(BIDS, ["same", "soon", "window", "last", "end"], [None], 0, 8),
    _moves(ALL + SETTLE * 8, ["same", "same", "soon", *LATE], ANY, 0, 12),
)

AFTERWARDS = _phases(
    _moves(["tick"], ["start"], [None], 1, 1),
    _moves(["bid"], ["same", "soon"], [None], 1, 5),
    _moves(["tick", "bid"], ["end"], [None], 1, 1),
    _moves([*SETTLE, *SETTLE, "repeat", "bid"], ["same", "same", "same", "soon", "lapse-1", "lapse"], [None], 1, 12),
)
KINDS = ["proxy", "direct", "dutch", "sealed_first_price", "sealed_second_price"]
_AMOUNT = st.sampled_from([1, 99, 100, 480, 1000, 1000, 2450, 9_990])


@st.composite
def _increments(draw: st.DrawFn, start: int) -> Any:
    named = draw(st.sampled_from(["us", "us", "cars", None, "list", "list"]))
    if named != "list":
        return named
    starts = draw(st.sets(st.integers(0, 4 * start), min_size=1, max_size=4))
    first = draw(st.integers(0, start))
    steps = st.sampled_from([1, 5, 20, 60, 300])
    return tuple((each, draw(steps)) for each in sorted({first} | {each for each in starts if each > first}))


@st.composite
def terms_drawn(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Valid terms of a kind of auction, as keywords."""
    start = draw(_AMOUNT)

    def maybe(value: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | value)

    found: dict[str, Any] = {
        "format": "english" if kind in ("proxy", "direct") else kind,
        "currency": draw(st.sampled_from(["USD", "EUR", "KWD"])),
        "starts_at": draw(st.sampled_from([0, 500])),
        "ends_at": END,
        "starting_price": start,
        "sale_terms": draw(st.sampled_from(["pure", "on_approval"])),
        "approval_ms": draw(st.sampled_from([1000, 2 * DAY])),
        "seller_ids": draw(st.sampled_from([("b4",), ("b4",), ("b4", "b3"), ("b4", "b2")])),
    }
    reserve = None
    if kind != "dutch":
        reserve = found["reserve_price"] = maybe(st.integers(0, 2 * start).map(lambda more: start + more))
    if found["format"] == "english":
        found["proxy"] = kind == "proxy"
        found["increments"] = draw(_increments(start))
        least = max(start + 1, reserve or 0)
        found["buy_now_price"] = maybe(st.integers(0, start).map(lambda more: least + more))
        found["max_jump_percent"] = draw(st.sampled_from([None, None, None, 101, 133, 150, 300]))
        found["soft_close"] = maybe(
            st.fixed_dictionaries(
                {
                    "window_ms": st.sampled_from([1, 60_000, 2 * END]),
                    "extend_ms": st.sampled_from([1, 30_000, 60_000, 90_000]),
                    "mode": st.sampled_from(["reset", "add"]),
                    "max_extension_ms": st.sampled_from([None, 1, 75_000, 200_000]),
                }
            )
        )
    elif kind == "dutch":
        found["decrement"] = draw(st.sampled_from([1, 7, 100, start]))
        found["decrement_every_ms"] = draw(st.sampled_from([100, 60_000, 300_000]))
        found["floor_price"] = draw(st.integers(1, start))
    return found
