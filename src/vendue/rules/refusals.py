"""Refusals: a stable code and a sentence for people."""

from typing import Literal, NamedTuple

from vendue.rules.events import Details
from vendue.rules.money import show

Code = Literal[
    "unknown_auction",
    "key_reused",
    "not_allowed",
    "own_auction",
    "cancelled",
    "not_open",
    "closed",
    "buy_now_gone",
    "buy_now_changed",
    "already_leading",
    "not_above_own_maximum",
    "too_low",
    "jump_too_large",
    "price_above_amount",
    "wrong_state",
    "terms_fixed",
    "invalid_terms",
    "already_listed",
    "reason_missing",
]


class Refusal(NamedTuple):
    """Why something is refused."""

    code: Code
    details: Details = Details()


_SENTENCES: dict[Code, str] = {
    "unknown_auction": "There is no such auction.",
    "key_reused": "This idempotency key was used for something else on this auction; use a new one.",
    "not_allowed": "You may not do this on this auction.",
    "own_auction": "Sellers may not bid on their own auction.",
    "cancelled": "The auction was cancelled.",
    "not_open": "Bidding has not started yet.",
    "closed": "Bidding is over{late}.",
    "buy_now_gone": "Buy now is not available; place a bid instead.",
    "buy_now_changed": "The buy-now price is {price}; send that amount to buy.",
    "already_leading": "You already lead.",
    "not_above_own_maximum": "Your maximum is already as high; a new one must be at least {minimum}.",
    "too_low": "The bid is too low; the minimum is {minimum}.",
    "jump_too_large": "The bid is far above what is needed (at most {maximum} without asking); "
    "send it again with a new key and confirm_jump if you mean it.",
    "price_above_amount": "The price is still {price}.",
    "wrong_state": "This cannot be done in the auction's present state.",
    "terms_fixed": "The terms are fixed once bidding starts; extend or cancel instead.",
    "invalid_terms": "The terms are not valid.",
    "already_listed": "This auction is already listed; amend it while it is scheduled.",
    "reason_missing": "A reason is required.",
}


def sentence(code: Code, details: Details, currency: str = "") -> str:
    """What to tell people, with amounts in the auction's currency."""

    def amount(value: int | None) -> str:
        return "" if value is None else show(value, currency) if currency else str(value)

    late = "" if details.late_by_ms is None else f" ({details.late_by_ms / 1000:.3f} s ago)"
    return _SENTENCES[code].format(
        minimum=amount(details.minimum), maximum=amount(details.maximum), price=amount(details.price), late=late
    )
