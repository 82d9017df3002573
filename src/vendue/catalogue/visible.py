"""What the public may see of a bid."""

from vendue.catalogue.port import Row


def visible_amount(bid: Row, auction: Row) -> int | None:
    """The amount of a bid in a public history, minor units, or None: refused, void and sealed ones show none.

    An outbid bid was below the price, so the lower of both is its own; of the leader's it hides the rest. It holds
    also where the auction's row was read a moment before the bid's and names another leader.
    """
    price: int | None = auction["price"]
    if bid["status"] != "accepted" or price is None or auction["format"] not in ("english", "dutch"):
        return None
    return min(int(bid["maximum"]), price)
