"""The content types: what the catalogue holds, declared once for every adapter, route and form."""

from typing import Any, Literal

from msgspec import Struct

Kind = Literal["string", "text", "integer", "boolean", "json", "enumeration"]


class Field(Struct, frozen=True):
    """An attribute. `minimum`/`maximum` bound an integer's value or a string's length.

    `writable`: clients may set it; else only events do. `private`: never leaves the catalogue by a content route.
    `restricted`: not everyone may see it, so only staff filter or sort by it, which would tell it. `secret`: private,
    and read only by a query whose `fields` name it. `access`: whoever keeps who may do what must learn of its change.
    `default`: what a row has that was created without it. `fold_of`: the catalogue keeps it, that field's value without
    regard to case; what is unique so is taken whatever the case.
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
    secret: bool = False
    access: bool = False
    default: Any = None
    fold_of: str | None = None


class Relation(Struct, frozen=True):
    """A link to another type, by documentId: to one; or `many` to several, which is either the other side of
    `inverse` or, without it, an ordered list that the row itself keeps.
    """

    name: str
    target: str
    many: bool = False
    inverse: str | None = None
    writable: bool = True

    @property
    def kept(self) -> bool:
        """Whether the row itself holds it: a documentId, or a list of them."""
        return self.inverse is None

    @property
    def checked(self) -> bool:
        """Whether it must lead to a row: what people link by one id; what events link was checked when decided."""
        return self.kept and self.writable and not self.many


class ContentType(Struct, frozen=True):
    """A type by its plural name (its table and route) and its singular.

    `derived`: what is made of the fields when a row is read; clients may ask for it, not filter or sort by it.
    `personal`: true or false, by who asks; no column, but the API answers what `$eq` asks of it.
    `indexes`: the fields and relations, together, that the application looks for or orders by; unique ones have theirs.
    """

    name: str
    singular: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...] = ()
    derived: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field | None:
        """An attribute by its name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def access(self) -> tuple[Field, ...]:
        """The fields whose change grows the catalogue's access version."""
        return tuple(field for field in self.fields if field.access)

    def defaults(self) -> dict[str, Any]:
        """What a new row has where nobody says otherwise."""
        return {field.name: field.default for field in self.fields if field.default is not None}

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
    (
        Relation("seller", "users"),
        Relation("photos", "files", many=True),
        Relation("auctions", "auctions", many=True, inverse="car", writable=False),
    ),
    indexes=(("seller",), ("make", "year"), ("year",), ("mileage",)),
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
        Field("status", "enumeration", values=STATUSES, writable=False, default="draft"),
        *TERMS,
        Field("seq", "integer", writable=False),
        Field("price", "integer", writable=False),
        Field("minimum_next", "integer", writable=False),
        Field("bids_count", "integer", writable=False, default=0),
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
    indexes=(("status", "ends_at"), ("ends_at",), ("price",), ("car",), ("seller",), ("winner",)),
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
    personal=("mine",),
    indexes=(("auction", "seq"), ("bidder", "placed_at"), ("placed_at",)),
)
"""documentId is the bid's command id; `maximum` is the amount as bid, the shown amount is made from it on reading."""

EVENTS = ContentType(
    "events",
    "event",
    (
        Field("auction", writable=False, private=True),
        Field("seq", "integer", writable=False, private=True),
        Field("by", writable=False, private=True),
        Field("value", "text", writable=False, private=True),
    ),
    indexes=(("auction", "seq"),),
)
"""What was decided, as it stands in the log: `value`, its JSON; documentId its hash, `by` whoever asked for it."""

ROLES = ("public", "authenticated", "seller", "auctioneer", "admin")

USERS = ContentType(
    "users",
    "user",
    (
        Field("username", required=True, unique=True, minimum=3, maximum=60),
        Field("username_fold", unique=True, private=True, writable=False, secret=True, fold_of="username"),
        Field("email", required=True, unique=True, minimum=6, maximum=254, restricted=True),
        Field("password_hash", private=True, writable=False, secret=True),
        Field("reset_hash", unique=True, private=True, writable=False, secret=True),
        Field("reset_until", "integer", private=True, writable=False),
        Field("role", "enumeration", values=ROLES[1:], restricted=True, access=True, default="authenticated"),
        Field("confirmed", "boolean", restricted=True, default=True),
        Field("blocked", "boolean", restricted=True, access=True, default=False),
        Field("paddle", "string", unique=True, maximum=20, restricted=True),
        Field("party", maximum=100, restricted=True),
        Field("signed_out_at", "integer", private=True, writable=False, access=True),
        Field("deleted_at", "integer", private=True, writable=False),
    ),
    indexes=(("blocked",), ("role",), ("party",), ("signed_out_at",)),
)
"""Emails are in lower case. `username_fold` has none where another had the name first when case still made a
difference. A deleted user's row stays, without anything about the person: bids refer to its id.

`party`: accounts of the same hand, by the staff's word: what one of them sells none of them may bid on.
"""

FILES = ContentType(
    "files",
    "file",
    (
        Field("name", required=True, maximum=255),
        Field("alternativeText", "text", maximum=1000),
        Field("caption", "text", maximum=1000),
        Field("width", "integer", writable=False),
        Field("height", "integer", writable=False),
        Field("formats", "json", writable=False),
        Field("hash", writable=False),
        Field("ext", writable=False),
        Field("mime", writable=False),
        Field("bytes", "integer", writable=False, private=True),
    ),
    (Relation("owner", "users", writable=False),),
    derived=("size", "url", "previewUrl", "provider", "provider_metadata", "focalPoint", "folderPath"),
    indexes=(("owner",), ("hash",)),
)

WATCHLIST = ContentType(
    "watchlist",
    "watch",
    (),
    (Relation("user", "users", writable=False), Relation("auction", "auctions")),
    indexes=(("user",), ("auction",)),
)
"""documentId is a hash of both, so that nobody watches an auction twice."""

SESSIONS = ContentType(
    "sessions",
    "session",
    (
        Field("user", private=True),
        Field("generation", "integer", private=True, default=1),
        Field("agent", maximum=200),
        Field("address", maximum=64),
        Field("refreshed_at", "integer"),
        Field("expires_at", "integer"),
        Field("ended_at", "integer", access=True),
    ),
    indexes=(("user",), ("ended_at",)),
)
"""Who is signed in where. Each refresh takes the next generation; an earlier one that comes back ends the session."""

API_TOKENS = ContentType(
    "api_tokens",
    "api_token",
    (
        Field("name", required=True, maximum=100),
        Field("user", writable=False, access=True),
        Field("role", "enumeration", required=True, values=ROLES[1:], access=True),
        Field("hash", writable=False, unique=True, private=True, secret=True, access=True),
        Field("expires_at", "integer", access=True),
    ),
    indexes=(("user",),),
)

ROLE = ContentType(
    "roles",
    "role",
    (
        Field("name", required=True, maximum=100),
        Field("description", maximum=1000),
        Field("type", "enumeration", values=ROLES, unique=True, writable=False),
        Field("actions", "json", writable=False, access=True),
        Field("known", "json", writable=False),
    ),
)
"""What each role may do: `actions`, of those that were `known` when it was last written."""

AUDIT_LOG = ContentType(
    "audit_log",
    "audit_log",
    (
        Field("at", "integer", writable=False),
        Field("user", writable=False),
        Field("role", writable=False),
        Field("action", writable=False),
        Field("subject", writable=False),
        Field("subject_id", writable=False),
        Field("changes", "json", writable=False),
        Field("reason", "text", writable=False),
        Field("outcome", writable=False),
        Field("seq", "integer", unique=True, writable=False),
        Field("prev", writable=False),
        Field("hash", writable=False),
    ),
    indexes=(("at",), ("subject_id", "at"), ("user", "at")),
)
"""What those in charge did: who, as what, which action, on which row, from what to what, and why. Only ever added to.

`outcome`: done; undone of what was refused when its line was written already; of what the log decides two lines, asked
and what it answered. `seq`, `prev`, `hash`: its place in the chain (acts.py), which the catalogue gives it.
"""

CONTENT_TYPES = {
    content.name: content
    for content in (CARS, AUCTIONS, BIDS, EVENTS, USERS, FILES, WATCHLIST, SESSIONS, API_TOKENS, ROLE, AUDIT_LOG)
}
