"""Who sees what: every row that leaves by a content route passes through `present`, every query through `widen`."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from vendue.api.errors import ApiError
from vendue.api.permissions import Viewer
from vendue.api.photo_rows import seen_file
from vendue.catalogue.models import CONTENT_TYPES, USERS, ContentType
from vendue.catalogue.port import Row
from vendue.catalogue.query import Condition, Group, Order, Query, Related
from vendue.catalogue.visible import visible_amount
from vendue.rules.standing import Clock, clock_price

TIMES = ("createdAt", "updatedAt", "publishedAt")
OPEN = ("scheduled", "live")
LATE = "closed"
"""The refusal of a bid after the end. Staff see that it came and when, not its amount: that is its bidder's alone."""
Where = Condition | Group | Related | None


def widen(content: ContentType, query: Query, viewer: Viewer) -> Query:
    """The query that also brings what `present` needs, for rows that the viewer may see; 400 for a filter on more.

    A filter reads as well as an answer does: nobody may search by what he is not shown.
    """
    populate = {}
    for name, inner in query.populate.items():
        relation = content.relation(name)
        assert relation is not None, "a parsed query names what there is"
        wide = widen(CONTENT_TYPES[relation.target], inner, viewer)
        populate[name] = wide if relation.many else replace(wide, where=None)  # may_see judges a single one
    if content.name == "auctions":
        populate.setdefault("seller", Query(fields=("documentId",)))
    elif content.name == "bids":
        populate.setdefault("auction", Query())
    elif content.name == "watchlist":
        populate.setdefault("user", Query(fields=("documentId",)))
    wanted = [part for part in (_narrow(content, query.where, viewer), _visible(content, (), viewer)) if part]
    where = wanted[0] if len(wanted) == 1 else Group("$and", tuple(wanted)) if wanted else None
    sort = tuple(_sorted(content, each, viewer) for each in query.sort)
    return replace(query, where=where, sort=sort, fields=None, populate=populate)


def _sorted(content: ContentType, order: Order, viewer: Viewer) -> Order:
    """By rows that the viewer may see alone."""
    if order.through is None:
        return order
    relation = content.relation(order.through)
    assert relation is not None, "a parsed query names what there is"
    if relation.target == "bids" and not viewer.is_staff:
        raise _may_not(order.field, (order.through,), "sort")
    target = CONTENT_TYPES[relation.target]
    if target is USERS and order.field not in ("id", "documentId") and not viewer.is_staff:
        raise _may_not(order.field, (order.through,), "sort")
    return replace(order, among=_visible(target, (), viewer))


def _visible(content: ContentType, path: tuple[str, ...], viewer: Viewer) -> Where:
    """What rows of this type, at the end of `path`, must fulfil to be seen; as may_see."""
    own: tuple[str, str]
    listed: Condition | Group
    if content is USERS:
        return Condition((*path, "deleted_at"), "$null", True) if not path else None
    if content.name == "auctions" and not viewer.is_staff:
        listed, own = Condition((*path, "status"), "$ne", "draft"), ("seller", "documentId")
    elif content.name == "watchlist":
        return Condition((*path, "user"), "$eq", viewer.user)
    elif content.name == "bids":
        listed, own = Condition((*path, "status"), "$ne", "refused"), ("bidder", "")
        if viewer.is_staff:
            listed = Group("$or", (listed, Condition((*path, "code"), "$eq", LATE)))
    else:
        return None
    if viewer.user is None:
        return listed
    mine = Condition((*path, *filter(None, own)), "$eq", viewer.user)
    return Group("$or", (listed, mine))


def _narrow(content: ContentType, where: Where, viewer: Viewer) -> Where:
    if isinstance(where, Group):
        return Group(where.join, tuple(part for each in where.parts if (part := _narrow(content, each, viewer))))
    if where is None or isinstance(where, Related):
        return where  # only this function makes a Related
    if content.name == "bids" and where.path == ("mine",):
        return Condition(("bidder",), "$eq" if where.value else "$ne", viewer.user or "")
    found: Condition | Group | Related = where
    for position, name in enumerate(where.path):
        relation = content.relation(name)
        if relation is None:
            break
        content, rest = CONTENT_TYPES[relation.target], where.path[position + 1 :]
        if content is USERS and rest not in ((), ("id",), ("documentId",)) and not viewer.is_staff:
            raise _may_not(rest[0], where.path[: position + 1], "filters")
        if content.name == "bids" and rest != ("mine",) and not viewer.is_staff:
            raise _may_not(name, where.path[:position], "filters")
        if relation.many:
            # The same row must be visible and meet the condition: of several, one might do the one, one the other.
            asked = _narrow(content, Condition(rest, where.operator, where.value), viewer)
            seen = _visible(content, (), viewer)
            assert asked is not None, "a condition narrows to something"
            return Related(where.path[: position + 1], Group("$and", (asked, seen)) if seen is not None else asked)
        hidden = _visible(content, where.path[: position + 1], viewer)
        if hidden is not None and rest:
            found = Group("$and", (found, hidden))
    return found


def _may_not(key: str, path: tuple[str, ...], param: str) -> ApiError:
    at = ".".join(path) or None
    return ApiError(400, f"Invalid key {key}", details={"key": key, "path": at, "source": "query", "param": param})


def may_see(content: ContentType, row: Row, viewer: Viewer) -> bool:
    """Whether a widened row is there for the viewer at all."""
    if content.name == "auctions":
        return row["status"] != "draft" or viewer.is_staff or is_seller(row, viewer)
    if content.name == "watchlist":
        return viewer.user is not None and (row["user"] or {}).get("documentId") == viewer.user
    if content.name == "bids":
        if viewer.is_staff and row["code"] == LATE:
            return True
        return bool(row["status"] != "refused" or row["bidder"] == viewer.user)
    return True


def is_seller(row: Row, viewer: Viewer) -> bool:
    """Whether an auction or car (with its seller) is the viewer's own."""
    return viewer.user is not None and (row.get("seller") or {}).get("documentId") == viewer.user


def present(content: ContentType, row: Row, query: Query, viewer: Viewer, now_ms: int) -> dict[str, Any]:
    """A widened row as the viewer may see it, with the fields and relations that `query`, as asked, names."""
    seen = _seen(content, row, viewer, now_ms)
    shown = {"id": row["id"], "documentId": row["documentId"], **seen}
    if content is not USERS or seen:  # when an account was changed tells of whom somebody asks by its address
        shown |= {name: iso(row[name]) for name in TIMES}
    if query.fields is not None:
        kept = {"id", "documentId", *query.fields}
        shown = {name: value for name, value in shown.items() if name in kept}
    for name, inner in query.populate.items():
        relation = content.relation(name)
        assert relation is not None
        target, related = CONTENT_TYPES[relation.target], row.get(name)
        if isinstance(related, list):
            shown[name] = [
                present(target, each, inner, viewer, now_ms) for each in related if may_see(target, each, viewer)
            ]
        else:
            there = related is not None and may_see(target, related, viewer)
            shown[name] = present(target, related, inner, viewer, now_ms) if related is not None and there else None
    return shown


def iso(at_ms: int | None) -> str | None:
    """ISO 8601 in UTC, as Strapi writes times."""
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _public(content: str, row: Row) -> Row:
    return {field.name: row.get(field.name) for field in CONTENT_TYPES[content].fields if not field.private}


def _seen(content: ContentType, row: Row, viewer: Viewer, now_ms: int) -> Row:
    match content.name:
        case "auctions":
            return _seen_auction(row, viewer, now_ms)
        case "bids":
            return _seen_bid(row, viewer)
        case "users":
            return _seen_user(row, viewer)
        case "files":
            return seen_file(row)
    return _public(content.name, row)


def _seen_auction(row: Row, viewer: Viewer, now_ms: int) -> Row:
    seen = _public("auctions", row)
    seller = viewer.is_staff or is_seller(row, viewer)
    if not seller:
        del seen["reserve_price"]
    if row["status"] == "live" and row["format"] == "dutch":
        clock = Clock(row["decrement"], row["decrement_every_ms"], row["floor_price"])
        seen["price"] = clock_price(clock, row["starting_price"], row["starts_at"], now_ms)
        seen["minimum_next"] = seen["price"]
    winner = row.get("winner")
    if winner is not None and (seller or winner == viewer.user):
        seen["winner"] = winner
    if row.get("offer") is not None and (seller or row.get("viewer_leads")):
        seen["offer"] = row["offer"]
    return seen


def _seen_bid(row: Row, viewer: Viewer) -> Row:
    auction = row["auction"]
    own = viewer.user is not None and row["bidder"] == viewer.user
    over = auction["status"] not in OPEN
    seen = _public("bids", row)
    refused = row["status"] == "refused"
    maximum = row["maximum"] if own or (viewer.is_staff and over and not refused) else None
    seen["amount"] = visible_amount(row, auction)
    if seen["amount"] is None:
        seen["amount"] = maximum
    seen["mine"] = own
    if maximum is not None:
        seen["maximum"] = maximum
    if viewer.is_staff:
        seen["bidder"] = row["bidder"]
    if refused and (own or viewer.is_staff):
        seen["code"] = row["code"]
    return seen


def _seen_user(row: Row, viewer: Viewer) -> Row:
    if not viewer.is_staff and row["documentId"] != viewer.user:
        return {}
    seen = _public("users", row)
    return {"username": seen.pop("username"), "email": seen.pop("email"), "provider": "local", **seen}
