"""Random terms: every format, short, and now and then not valid."""

import random

from vendue.rules.terms import SoftClose, Terms


def random_terms(chance: random.Random, now_ms: int, pace: float) -> Terms:
    """Terms of an auction of a few seconds, or of more where people are slow."""
    starts_at = now_ms + chance.choice((-1000, 0, chance.randrange(3_000)))
    ends_at = max(now_ms, starts_at) + chance.randrange(200, 8_000) * max(1, int(pace / 3))
    start = chance.choice((1_000, 5_000))
    reserve = chance.choice((None, None, start, start + chance.randrange(2_000)))
    common = {
        "currency": "EUR",
        "starts_at": starts_at,
        "ends_at": now_ms if chance.random() < 0.03 else ends_at,
        "starting_price": start,
        "sale_terms": chance.choice(("pure", "pure", "on_approval")),
        "approval_ms": chance.randrange(500, 5_000),
        "seller_ids": ("seller1",),
    }
    match chance.choice(("english", "english", "english", "dutch", "sealed_first_price", "sealed_second_price")):
        case "english":
            return Terms(
                format="english",
                reserve_price=reserve,
                buy_now_price=chance.choice((None, None, start * 5)),
                proxy=chance.choice((True, True, False, None)),
                increments=chance.choice(("us", ((0, 100),), ((0, 50), (2_000, 250)))),
                soft_close=chance.choice((None, None, _soft_close(chance))),
                max_jump_percent=chance.choice((None, None, 300)),
                **common,
            )
        case "dutch":
            every_ms = chance.choice((100, 500))
            return Terms(format="dutch", decrement=50, decrement_every_ms=every_ms, floor_price=start // 2, **common)
        case sealed:
            return Terms(format=sealed, reserve_price=reserve, **common)


def _soft_close(chance: random.Random) -> SoftClose:
    return SoftClose(
        window_ms=chance.randrange(100, 2_000),
        extend_ms=chance.randrange(100, 2_000),
        mode=chance.choice(("reset", "add")),
        max_extension_ms=chance.choice((None, 3_000)),
    )
