"""The JSON schemas of what goes in and out, made from models.py and the rules' own structures."""

from typing import Any, get_args

from msgspec.json import schema_components

from vendue.api.forms import MAX_FILES
from vendue.api.links import MOST
from vendue.api.passwords import MAXIMUM, MINIMUM
from vendue.catalogue.models import (
    API_TOKENS,
    AUCTIONS,
    AUDIT_LOG,
    BIDS,
    CARS,
    FILES,
    TERMS,
    USERS,
    WATCHLIST,
    ContentType,
    Field,
    Relation,
)
from vendue.rules.claims import ACTS
from vendue.rules.events import Details, Outcome
from vendue.rules.money import MAX_AMOUNT
from vendue.rules.refusals import Code
from vendue.rules.standing import Standing, Status
from vendue.rules.terms import Terms
from vendue.rules.why import Kind

Schema = dict[str, Any]
AMOUNT: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_AMOUNT}
ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
MOMENT: Schema = {"type": "integer", "minimum": 0, "description": "epoch ms"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_KINDS = {"string": "string", "text": "string", "enumeration": "string", "integer": "integer", "boolean": "boolean"}


def ref(name: str) -> Schema:
    """A schema of components()."""
    return {"$ref": f"#/components/schemas/{name}"}


def an_object(properties: Schema, *required: str, closed: bool = False) -> Schema:
    """An object with these properties."""
    found: Schema = {"type": "object", "properties": properties}
    if required:
        found["required"] = list(required)
    if closed:
        found["additionalProperties"] = False
    return found


def nullable(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def wrapped(schema: Schema) -> Schema:
    """Strapi's envelope of one thing."""
    return an_object({"data": schema, "meta": {"type": "object"}}, "data", "meta")


def listed(schema: Schema) -> Schema:
    """Strapi's envelope of a page."""
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    meta = an_object({"pagination": counts}, "pagination")
    return an_object({"data": {"type": "array", "items": schema}, "meta": meta}, "data", "meta")


def components() -> dict[str, Schema]:
    """Every named schema."""
    _, rules = schema_components([Terms, Standing, Details], ref_template="#/components/schemas/{name}")
    term_types = rules["Terms"]["properties"]
    own = {name: nullable(term_types[name]) for name in (field.name for field in TERMS)}
    standing = nullable(ref("Standing"))
    fault = an_object(
        {"path": {"type": "array", "items": {"type": "string"}}, "message": {"type": "string"}}, "path", "message"
    )
    error = an_object(
        {
            "status": {"type": "integer"},
            "name": {"type": "string"},
            "message": {"type": "string"},
            "details": an_object(
                {
                    "errors": {"type": "array", "items": fault},
                    "code": {"enum": list(get_args(Code))},
                    "standing": standing,
                    "evidence": ref("Evidence"),
                }
            ),
        },
        "status",
        "name",
        "message",
        "details",
    )
    decision = {
        "documentId": ID,
        "auction": ID,
        "amount": AMOUNT,
        "kind": {"enum": ["bid", "buy_now"]},
        "status": {"enum": ["accepted", "refused", "void"]},
        "outcome": nullable({"enum": list(get_args(Outcome))}),
        "seq": {"type": "integer"},
        "placed_at": MOMENT,
        "standing": standing,
        "evidence": ref("Evidence"),
        "code": {"enum": list(get_args(Code))},
        "message": {"type": "string"},
        "details": {"type": "object"},
    }
    bid = an_object(
        {
            "auction": ID,
            "amount": AMOUNT,
            "kind": {"enum": ["bid", "buy_now"], "default": "bid"},
            "confirm_jump": {"type": "boolean", "default": False},
        },
        "auction",
        "amount",
        closed=True,
    )
    action = an_object(
        {
            "documentId": ID,
            "seq": {"type": "integer"},
            "at": MOMENT,
            "status": {"const": "accepted"},
            "standing": ref("Standing"),
        },
        "documentId",
        "seq",
        "at",
        "status",
        "standing",
    )
    words = {"type": "object", "additionalProperties": {"type": "string"}}
    mine = {"type": "boolean", "description": "Whether it is yours; also a filter, `filters[mine]=true`."}
    more = {"amount": nullable(AMOUNT), "mine": mine, "maximum": AMOUNT, "bidder": ID, "code": {"type": "string"}}
    return {
        "Error": an_object({"data": {"type": "null"}, "error": error}, "data", "error"),
        "Car": _row(CARS, {}),
        "CarInput": _input(CARS, {}),
        "Auction": _row(AUCTIONS, {"winner": ID, "offer": AMOUNT}),
        "AuctionInput": _input(AUCTIONS, own),
        "TermsInput": an_object(own, closed=True),
        "Bid": _row(BIDS, more),
        "BidInput": bid,
        "Decision": an_object(decision, "documentId", "auction", "amount", "status", "seq", "placed_at", "standing"),
        "Evidence": _evidence(),
        "AuditHead": _evidence({"const": ACTS}, 0),
        "WellKnown": an_object({"keys": {"type": "array", "items": _key()}, "formats": words}, "keys", "formats"),
        "Watchers": {"type": "object", "additionalProperties": {"type": "integer"}},
        "Why": an_object(_why(), "auction", "bid", "seq", "at", "decision", "words"),
        "Pending": an_object({"documentId": ID, "status": {"const": "pending"}}, "documentId", "status"),
        "ActionDecision": action,
        "File": _file(),
        "UploadInput": _upload(),
        "User": _row(USERS, {"provider": {"const": "local"}}),
        "SignIn": an_object({"identifier": _text(1), "password": _text(1)}, "identifier", "password", closed=True),
        "Registration": an_object(
            {
                "username": _text(3, 60),
                "email": {**_text(6, 254), "format": "email"},
                "password": _text(MINIMUM, MAXIMUM),
            },
            "username",
            "email",
            "password",
            closed=True,
        ),
        "UserInput": an_object(
            {field.name: _field(field) for field in USERS.fields if field.writable and not field.private}
            | {"password": _text(MINIMUM, MAXIMUM), "currentPassword": _text(1), "reason": _text(0, 1000)},
            closed=True,
        ),
        "ApiToken": _row(API_TOKENS, {"accessKey": _text(1)}),
        "AuditLine": _row(AUDIT_LOG, {}),
        "Watch": _row(WATCHLIST, {}),
        "SignedIn": an_object({"jwt": {"type": "string"}, "user": ref("User")}, "jwt", "user"),
        "Health": an_object(
            {"status": _word(), "parts": {"type": "object", "additionalProperties": _word()}}, "status", "parts"
        ),
        **{name: schema for name, schema in rules.items() if name not in ("Terms", "Details", "Fault")},
    }


def _evidence(auction: Schema = ID, first: int = 1) -> Schema:
    """What was signed of an event, with the signature."""
    texts = {"hash": _hex(64), "kid": _hex(16), "signature": {"type": "string", "pattern": "^[A-Za-z0-9_-]{86}$"}}
    names = ("auction", "seq", "at", "hash", "kid", "signature")
    return an_object({"auction": auction, "seq": {"type": "integer", "minimum": first}, "at": MOMENT, **texts}, *names)


def _key() -> Schema:
    """A public key (RFC 8037)."""
    x = {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"}
    return an_object({"kty": {"const": "OKP"}, "crv": {"const": "Ed25519"}, "kid": _hex(16), "x": x}, "kid", "x")


def _hex(digits: int) -> Schema:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{digits}}}$"}


def _word() -> Schema:
    return {"enum": ["up", "down"]}


def _text(minimum: int, maximum: int | None = None) -> Schema:
    return {"type": "string", "minLength": minimum} | ({} if maximum is None else {"maxLength": maximum})


def _field(field: Field) -> Schema:
    found: Schema = {} if field.kind == "json" else {"type": _KINDS[field.kind]}
    if field.values:
        found["enum"] = list(field.values)
    low, high = ("minimum", "maximum") if field.kind == "integer" else ("minLength", "maxLength")
    bounds = {low: field.minimum, high: field.maximum}
    return found | {name: bound for name, bound in bounds.items() if bound is not None}


def _row(content: ContentType, more: Schema) -> Schema:
    """A row as it leaves; any of its fields may be missing where `fields` or one's role leaves it out."""
    shown = {field.name: nullable(_field(field)) for field in content.fields if not field.private}
    related = {
        relation.name: {"type": "array", "items": {"type": "object"}} if relation.many else nullable({"type": "object"})
        for relation in content.relations
    }
    times = {"createdAt": _TIME, "updatedAt": _TIME, "publishedAt": nullable(_TIME)}
    return an_object(
        {"id": {"type": "integer"}, "documentId": ID, **shown, **times, **related, **more}, "id", "documentId"
    )


def _input(content: ContentType, known: Schema) -> Schema:
    """A row as it is written; a field that is required to create one may be left out of a change."""
    fields = {
        field.name: known.get(field.name) or (_field(field) if field.required else nullable(_field(field)))
        for field in content.fields
        if field.writable and not field.private
    }
    links = {relation.name: _link(relation) for relation in content.relations if relation.writable}
    return an_object({**fields, **links}, closed=True)


def _link(relation: Relation) -> Schema:
    """A relation as it is written: a documentId or null; of many, their list or a change of it."""
    if not relation.many:
        return nullable(ID)
    ids = {"type": "array", "maxItems": MOST, "items": {"anyOf": [ID, {"type": "integer"}]}}
    change = an_object({"connect": ids, "disconnect": ids, "set": ids}, closed=True)
    return nullable({"anyOf": [ids, {**change, "minProperties": 1}]})


def _file() -> Schema:
    """A photo and what was made of it, as Strapi's upload plugin tells it."""
    size = {"type": "number", "description": "kilobytes"}
    picture = an_object(
        {
            **{name: {"type": "string"} for name in ("name", "hash", "ext", "mime", "url")},
            **{name: {"type": "integer"} for name in ("width", "height", "sizeInBytes")},
            "path": {"type": "null"},
            "size": size,
        }
    )
    names = ("thumbnail", "small", "medium", "large")
    formats = nullable(an_object(dict.fromkeys(names, picture), closed=True))
    nothing = {name: {"type": "null"} for name in ("previewUrl", "provider_metadata", "focalPoint")}
    texts = {name: {"type": "string"} for name in ("url", "provider", "folderPath")}
    return _row(FILES, {"formats": formats, "size": size, **texts, **nothing})


def _upload() -> Schema:
    """The parts of a form."""
    return an_object(
        {
            "files": {"type": "array", "maxItems": MAX_FILES, "items": {"type": "string", "format": "binary"}},
            "fileInfo": {
                "type": "string",
                "description": "JSON: name, alternativeText and caption of a file, or a list of such objects.",
            },
            "ref": {"const": "api::car.car"},
            "refId": {**ID, "description": "The car that the files are photos of."},
            "field": {"const": "photos"},
        },
        closed=True,
    )


def _why() -> dict[str, Any]:
    name, amount = nullable({"type": "string"}), nullable(AMOUNT)
    fate: dict[str, Any] = {"seq": {"type": "integer"}, "at": MOMENT, "words": {"type": "string"}}
    fate |= {"kind": {"enum": [*get_args(Kind)]}, "status": {"enum": [*get_args(Status)]}}
    fate |= {"leader": {"type": "string"}, "reason": {"type": "string"}}
    return {
        "auction": ID,
        "bid": ID,
        "seq": {"type": "integer"},
        "at": MOMENT,
        "decision": {"enum": [*get_args(Outcome), *get_args(Code)]},
        "words": {"type": "string"},
        "met_reserve": {"type": "boolean"},
        "details": {"type": "object"},
        "fate": an_object(fate, "seq", "at", "kind", "status", "words"),
        **dict.fromkeys(("alias", "leader_before", "leader"), name),
        **dict.fromkeys(("amount", "minimum", "price_before", "price"), amount),
        **dict.fromkeys(("ends_at_before", "ends_at"), MOMENT),
    }
