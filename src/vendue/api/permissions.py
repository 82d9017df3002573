"""Who may do what: roles × actions as data. Which rows and fields someone sees is in visibility.py."""

from collections.abc import Iterable
from typing import Literal, get_args

from msgspec import Struct

UserRole = Literal["public", "authenticated", "seller", "auctioneer", "admin"]
"""public: not signed in; authenticated: a bidder."""

Roles = frozenset[UserRole]
ADMIN: Roles = frozenset({"admin"})
STAFF: Roles = frozenset({"auctioneer", "admin"})
BIDDERS: Roles = frozenset({"authenticated", "seller"})
SIGNED_IN: Roles = BIDDERS | STAFF
SELLERS: Roles = STAFF | {"seller"}
EVERYONE: Roles = SIGNED_IN | {"public"}

PERMISSIONS: dict[str, tuple[Roles, Roles]] = {
    "api::car.car.find": (EVERYONE, EVERYONE),
    "api::car.car.findOne": (EVERYONE, EVERYONE),
    "api::car.car.create": (SELLERS, SIGNED_IN),
    "api::car.car.update": (SELLERS, SIGNED_IN),
    "api::car.car.delete": (SELLERS, SIGNED_IN),
    "api::auction.auction.find": (EVERYONE, EVERYONE),
    "api::auction.auction.findOne": (EVERYONE, EVERYONE),
    "api::auction.auction.log": (EVERYONE, EVERYONE),
    "api::auction.auction.openings": (SIGNED_IN, SIGNED_IN),
    "api::auction.auction.create": (SELLERS, SIGNED_IN),
    "api::auction.auction.update": (SELLERS, SIGNED_IN),
    "api::auction.auction.delete": (SELLERS, SIGNED_IN),
    "api::auction.auction.list": (SELLERS, SIGNED_IN),
    "api::auction.auction.amend": (SELLERS, SIGNED_IN),
    "api::auction.auction.extend": (STAFF, STAFF),
    "api::auction.auction.cancel": (SELLERS, SIGNED_IN),
    "api::auction.auction.retract": (STAFF, STAFF),
    "api::auction.auction.approve": (SELLERS, SIGNED_IN),
    "api::auction.auction.decline": (SELLERS, SIGNED_IN),
    "api::auction.auction.counter": (SELLERS, SIGNED_IN),
    "api::auction.auction.accept-offer": (BIDDERS, BIDDERS),
    "api::auction.auction.decline-offer": (BIDDERS, BIDDERS),
    "api::auction.auction.watchers": (STAFF, EVERYONE),
    "api::bid.bid.find": (EVERYONE, EVERYONE),
    "api::bid.bid.findOne": (EVERYONE, EVERYONE),
    "api::bid.bid.create": (BIDDERS, BIDDERS),
    "plugin::users-permissions.auth.callback": (EVERYONE, EVERYONE),
    "plugin::users-permissions.auth.register": (EVERYONE, EVERYONE),
    "plugin::users-permissions.user.me": (SIGNED_IN, SIGNED_IN),
    "plugin::users-permissions.user.find": (STAFF, STAFF),
    "plugin::users-permissions.user.findOne": (SIGNED_IN, SIGNED_IN),
    "api::watch.watch.find": (SIGNED_IN, SIGNED_IN),
    "api::watch.watch.findOne": (SIGNED_IN, SIGNED_IN),
    "api::watch.watch.create": (SIGNED_IN, SIGNED_IN),
    "api::watch.watch.delete": (SIGNED_IN, SIGNED_IN),
    "api::audit-log.audit-log.find": (STAFF, STAFF),
    "api::audit-log.audit-log.findOne": (STAFF, STAFF),
    "api::api-token.api-token.find": (SIGNED_IN, SIGNED_IN),
    "api::api-token.api-token.create": (SIGNED_IN, SIGNED_IN),
    "api::api-token.api-token.delete": (SIGNED_IN, SIGNED_IN),
    "plugin::users-permissions.auth.refresh": (EVERYONE, EVERYONE),
    "plugin::users-permissions.auth.logout": (EVERYONE, EVERYONE),
    "plugin::users-permissions.auth.forgotPassword": (EVERYONE, EVERYONE),
    "plugin::users-permissions.auth.resetPassword": (EVERYONE, EVERYONE),
    "plugin::users-permissions.auth.changePassword": (SIGNED_IN, SIGNED_IN),
    "plugin::users-permissions.user.create": (ADMIN, ADMIN),
    "plugin::users-permissions.user.update": (SIGNED_IN, SIGNED_IN),
    "plugin::users-permissions.user.destroy": (SIGNED_IN, SIGNED_IN),
    "plugin::users-permissions.role.find": (STAFF, STAFF),
    "plugin::users-permissions.role.findOne": (STAFF, STAFF),
    "plugin::users-permissions.role.updateRole": (ADMIN, ADMIN),
    "plugin::users-permissions.permissions.getPermissions": (STAFF, STAFF),
    "plugin::upload.content-api.find": (EVERYONE, EVERYONE),
    "plugin::upload.content-api.findOne": (EVERYONE, EVERYONE),
    "plugin::upload.content-api.upload": (SELLERS, SIGNED_IN),
    "plugin::upload.content-api.update": (SELLERS, SIGNED_IN),
    "plugin::upload.content-api.destroy": (SELLERS, SIGNED_IN),
}
"""Action -> the roles that may take it in a fresh system, and those that may ever be given it.

Staff never bid, and only staff extend and retract: the rules say so, whatever is granted. Of what a role may do, whose
row it is still counts: sellers change their own (content.py), people their own accounts (users.py).
"""

KEPT_PUBLIC = frozenset(f"plugin::users-permissions.auth.{action}" for action in ("callback", "refresh", "logout"))
"""What the public cannot lose: nobody could come in and give it back."""

KEPT = frozenset({"plugin::users-permissions.role.find", "plugin::users-permissions.role.findOne"}) | {
    "plugin::users-permissions.role.updateRole"
}
"""What the admin role cannot lose: without them nobody could give anything back."""

BELOW: dict[UserRole, Roles] = {
    "public": frozenset(),
    "authenticated": frozenset({"authenticated"}),
    "seller": frozenset({"seller", "authenticated"}),
    "auctioneer": frozenset({"auctioneer"}),
    "admin": frozenset({"admin", "auctioneer"}),
}
"""The roles that a token of somebody with this role may have: no more than he may, and none that bids for staff."""

DEFAULTS: dict[UserRole, frozenset[str]] = {
    role: frozenset(action for action, (given, _) in PERMISSIONS.items() if role in given)
    for role in get_args(UserRole)
}


def grantable(role: UserRole) -> frozenset[str]:
    """The actions that this role may be given."""
    return frozenset(action for action, (_, may) in PERMISSIONS.items() if role in may)


def granted(role: UserRole, actions: Iterable[str], known: Iterable[str]) -> frozenset[str]:
    """What a role may do by its row: of what was not `known` when that was written, as in a fresh system."""
    given = (frozenset(actions) & grantable(role)) | (DEFAULTS[role] - frozenset(known))
    if role == "admin":
        return given | KEPT
    return given | KEPT_PUBLIC if role == "public" else given


class Viewer(Struct, frozen=True):
    """Who asks: `user` is a documentId, None when not signed in."""

    user: str | None
    role: UserRole
    by_token: bool = False
    """A program with an API token: what concerns the account itself is not for it."""

    @property
    def is_staff(self) -> bool:
        """Auctioneer or admin."""
        return self.role in STAFF


PUBLIC = Viewer(None, "public")
