"""What the public sees of a bid's amount, as the rules say."""

from __future__ import annotations

import pytest

from vendue.catalogue.visible import visible_amount


@pytest.mark.parametrize(
    ("format", "status", "maximum", "price", "shown"),
    [
        ("english", "accepted", 900, 500, 500),  # the leader's: the price
        ("english", "accepted", 450, 500, 450),  # outbid: its own
        ("english", "refused", 450, 500, None),
        ("english", "void", 900, 500, None),
        ("dutch", "accepted", 900, 700, 700),
        ("sealed_first_price", "accepted", 900, None, None),
        ("sealed_first_price", "accepted", 900, 900, None),  # nor after the end
        ("sealed_second_price", "accepted", 450, 700, None),
    ],
)
def test_the_public_sees(format: str, status: str, maximum: int, price: int | None, shown: int | None) -> None:  # noqa: A002  # the field is named so
    assert visible_amount({"status": status, "maximum": maximum}, {"format": format, "price": price}) == shown
