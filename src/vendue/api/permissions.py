"""Who may do what: roles × actions as data. Which rows and fields someone sees is in visibility.py."""

from typing import Literal

from msgspec import Struct

UserRole = Literal["public", "authenticated", "seller", "auctioneer", "admin"]
"""public: not signed in; authenticated: a bidder."""

STAFF = frozenset({"auctioneer", "admin"})
BIDDERS = frozenset({"authenticated", "seller"})
SIGNED_IN = BIDDERS | STAFF
SELLERS = frozenset({"seller"}) | STAFF
EVERYONE = SIGNED_IN | {"public"}

PERMISSIONS: dict[str, frozenset[str]] = {
    "api::car.car.find": EVERYONE,
    "api::car.car.findOne": EVERYONE,
    "api::car.car.create": SELLERS,
    "api::car.car.update": SELLERS,
    "api::car.car.delete": SELLERS,
    "api::auction.auction.find": EVERYONE,
    "api::auction.auction.findOne": EVERYONE,
    "api::auction.auction.create": SELLERS,
    "api::auction.auction.update": SELLERS,
    "api::auction.auction.delete": SELLERS,
    "api::auction.auction.list": SELLERS,
    "api::auction.auction.amend": SELLERS,
    "api::auction.auction.extend": STAFF,
    "api::auction.auction.cancel": SELLERS,
    "api::auction.auction.retract": STAFF,
    "api::auction.auction.approve": SELLERS,
    "api::auction.auction.decline": SELLERS,
    "api::auction.auction.counter": SELLERS,
    "api::auction.auction.accept-offer": BIDDERS,
    "api::auction.auction.decline-offer": BIDDERS,
    "api::bid.bid.find": EVERYONE,
    "api::bid.bid.findOne": EVERYONE,
    "api::bid.bid.create": BIDDERS,
    "plugin::users-permissions.auth.callback": EVERYONE,
    "plugin::users-permissions.auth.register": EVERYONE,
    "plugin::users-permissions.user.me": SIGNED_IN,
    "plugin::users-permissions.user.find": STAFF,
    "plugin::users-permissions.user.findOne": SIGNED_IN,
    "plugin::upload.content-api.find": EVERYONE,
    "plugin::upload.content-api.findOne": EVERYONE,
    "plugin::upload.content-api.upload": SELLERS,
    "plugin::upload.content-api.update": SELLERS,
    "plugin::upload.content-api.destroy": SELLERS,
}
"""Action -> the roles that may take it. Staff never bid; of what sellers may change, only their own (content.py)."""


class Viewer(Struct, frozen=True):
    """Who asks: `user` is a documentId, None when not signed in."""

    user: str | None
    role: UserRole

    @property
    def is_staff(self) -> bool:
        """Auctioneer or admin."""
        return self.role in STAFF


PUBLIC = Viewer(None, "public")


def allowed(role: UserRole, action: str) -> bool:
    """Whether this role may take this action."""
    return role in PERMISSIONS[action]
