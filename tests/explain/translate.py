"""From what tests of this repository have in hand to what their clients saw."""

from typing import Any

from msgspec import convert
from msgspec.json import Decoder, encode
from msgspec.structs import asdict

from tests.explain import record
from tests.explain.record import Body, Decision, Row
from vendue.rules.receipts import Receipt
from vendue.rules.terms import Terms

_body: Decoder[Body] = Decoder(Body)


def body(value: Any) -> Body:
    """A structure as its JSON is read."""
    return _body.decode(value if isinstance(value, bytes) else encode(value))


def published(auction: str, terms: Terms, knows_reserve: bool) -> record.Terms:
    """Terms in force, as a client knows them."""
    given = body(terms)
    reserve = given.pop("reserve_price", None)
    given["reserve"] = "none" if reserve is None else reserve if knows_reserve else "hidden"
    known = {name: given[name] for name in record.Terms.__struct_fields__ if given.get(name) is not None}
    return convert({"auction": auction} | known | {"type": "terms"}, record.Terms)


def published_row(row: Body, knows_reserve: bool) -> record.Terms:
    """The same from an auction's page; who lists knows whether there is a reserve."""
    reserve = row.get("reserve_price")
    given = row | {"reserve": "none" if reserve is None else reserve if knows_reserve else "hidden"}
    known = {name: given[name] for name in record.Terms.__struct_fields__ if given.get(name) is not None}
    return convert(known | {"auction": row["documentId"], "type": "terms"}, record.Terms)


def told(receipt: Receipt) -> Decision | None:
    """A receipt as POST /api/bids answers it; None where there is no such auction."""
    if receipt.seq is None or receipt.standing is None:
        return None
    details = {name: value for name, value in asdict(receipt.details).items() if value not in (None, ())}
    placed_at = receipt.at if receipt.code is None else None
    return Decision(receipt.seq, body(receipt.standing), receipt.outcome, receipt.code, placed_at, details)


def told_by_rest(status: int, answer: Body) -> Decision | None:
    """The body of an answer to POST /api/bids, or of a bid's own page."""
    if status == 409:
        details = dict(answer["error"]["details"])
        standing, code = details.pop("standing"), details.pop("code")
        return Decision(standing["seq"], standing, None, code, None, details)
    data = answer.get("data") or {}
    if status not in (200, 201) or data.get("seq") is None:
        return None
    details = data.get("details") or {}
    return Decision(data["seq"], data["standing"], data["outcome"], data.get("code"), data["placed_at"], details)


def listed_rows(rows: list[Body]) -> list[Row]:
    """The rows of the public history, without the refusals that only their own bidder sees."""
    names = Row.__struct_fields__
    return [Row(**{name: row.get(name) for name in names}) for row in rows if row["status"] != "refused"]
