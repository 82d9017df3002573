"""The content types: what the catalogue holds, declared once for every adapter, route and form."""

from typing import Literal

from msgspec import Struct

Kind = Literal["string", "text", "integer", "boolean", "json", "enumeration"]


class Field(Struct, frozen=True):
    """An attribute. `minimum`/`maximum` bound an integer's value or a string's length.

    `writable`: clients may set it; else only events do. `private`: never leaves the catalogue by a content route.
    `restricted`: not everyone may see it, so only staff filter or sort by it, which would tell it.
    """

    name: str
    kind: Kind = "string"
    required: bool = False
    unique: bool = False
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    writable: bool = True
    private: bool = False
    restricted: bool = False


class Relation(Struct, frozen=True):
    """A link to another type: `many` to several (the other side of `inverse`), else to one, stored by documentId."""

    name: str
    target: str
    many: bool = False
    inverse: str | None = None
    writable: bool = True


class ContentType(Struct, frozen=True):
    """A type by its plural name (its table and route) and its singular.

    `derived`: what is made of the fields when a row is read; clients may ask for it, not filter or sort by it.
    """

    name: str
    singular: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...] = ()
    derived: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """An attribute by its name."""
        return next((field for field in self.fields if field.name == name), None)

    def relation(self, name: str) -> Relation | None:
        """A relation by its name."""
        return next((relation for relation in self.relations if relation.name == name), None)


FORMATS = ("english", "dutch", "sealed_first_price", "sealed_second_price")
STATUSES = ("draft", "scheduled", "live", "sold", "unsold", "pending_approval", "countered", "cancelled")

CARS = ContentType(
    "cars",
    "car",
    (
        Field("make", required=True, maximum=100),
        Field("model", required=True, maximum=100),
        Field("year", "integer", minimum=1885, maximum=2100),
        Field("mileage", "integer", minimum=0),
        Field("vin", unique=True, maximum=64),
        Field("description", "text", maximum=20_000),
        Field("condition", maximum=200),
        Field("location", maximum=200),
    ),
    (Relation("seller", "users"), Relation("auctions", "auctions", many=True, inverse="car", writable=False)),
)

TERMS = (
    Field("format", "enumeration", values=FORMATS),
    Field("currency", minimum=3, maximum=3),
    Field("starts_at", "integer"),
    Field("ends_at", "integer"),
    Field("starting_price", "integer"),
    Field("reserve_price", "integer", restricted=True),
    Field("buy_now_price", "integer"),
    Field("proxy", "boolean"),
    Field("increments", "json"),
    Field("soft_close", "json"),
    Field("max_jump_percent", "integer"),
    Field("decrement", "integer"),
    Field("decrement_every_ms", "integer"),
    Field("floor_price", "integer"),
    Field("sale_terms", "enumeration", values=("pure", "on_approval")),
    Field("approval_ms", "integer"),
)
"""The terms of rules.terms.Terms by the same names; without seller_ids and version, which listing sets."""

AUCTIONS = ContentType(
    "auctions",
    "auction",
    (
        Field("title", required=True, maximum=200),
        Field("status", "enumeration", values=STATUSES, writable=False),
        *TERMS,
        Field("seq", "integer", writable=False),
        Field("price", "integer", writable=False),
        Field("minimum_next", "integer", writable=False),
        Field("bids_count", "integer", writable=False),
        Field("leader", writable=False),
        Field("reserve_met", "boolean", writable=False),
        Field("hammer_price", "integer", writable=False),
        Field("closed_at", "integer", writable=False),
        Field("approval_until", "integer", writable=False),
        Field("cancel_reason", writable=False),
        Field("winner", writable=False, private=True),
        Field("offer", "integer", writable=False, private=True),
    ),
    (
        Relation("car", "cars"),
        Relation("seller", "users"),
        Relation("bids", "bids", many=True, inverse="auction", writable=False),
    ),
)

BIDS = ContentType(
    "bids",
    "bid",
    (
        Field("alias", writable=False),
        Field("bidder", writable=False, private=True),
        Field("maximum", "integer", writable=False, private=True),
        Field("kind", writable=False),
        Field("status", "enumeration", values=("accepted", "refused", "void"), writable=False),
        Field("outcome", writable=False),
        Field("moot", "boolean", writable=False),
        Field("code", writable=False, private=True),
        Field("details", "json", writable=False, private=True),
        Field("standing", "json", writable=False, private=True),
        Field("seq", "integer", writable=False),
        Field("placed_at", "integer", writable=False),
    ),
    (Relation("auction", "auctions", writable=False),),
    derived=("amount",),
)
"""documentId is the bid's command id; `maximum` is the amount as bid, the shown amount is made from it on reading."""

USERS = ContentType(
    "users",
    "user",
    (
        Field("username", required=True, unique=True, minimum=3, maximum=60),
        Field("email", required=True, unique=True, minimum=6, maximum=254, restricted=True),
        Field("password_hash", private=True, writable=False),
        Field("role", "enumeration", values=("authenticated", "seller", "auctioneer", "admin"), restricted=True),
        Field("confirmed", "boolean", restricted=True),
        Field("blocked", "boolean", restricted=True),
        Field("paddle", "string", unique=True, maximum=20, restricted=True),
    ),
)

CONTENT_TYPES = {content.name: content for content in (CARS, AUCTIONS, BIDS, USERS)}
