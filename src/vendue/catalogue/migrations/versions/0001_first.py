"""Cars, auctions, bids and users; how far events were projected; the access version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _row(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("documentId", TEXT, nullable=False),
        *columns,
        sa.Column("createdAt", sa.BigInteger, nullable=False),
        sa.Column("updatedAt", sa.BigInteger, nullable=False),
        sa.Column("publishedAt", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"{name}_pkey"),
        sa.UniqueConstraint("documentId", name=f"{name}_documentId_key"),
    )


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT) for name in names]


def _integer(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger) for name in names]


def _link(table: str, name: str, target: str) -> list[sa.schema.SchemaItem]:
    constraint = sa.ForeignKeyConstraint(
        [name], [f"{target}.documentId"], name=f"{table}_{name}_fkey", ondelete="SET NULL"
    )
    return [sa.Column(name, TEXT), constraint]


def upgrade() -> None:
    """From nothing."""
    _row(
        "users",
        *_text("username", "email", "password_hash", "role", "paddle"),
        sa.Column("confirmed", sa.Boolean),
        sa.Column("blocked", sa.Boolean),
    )
    _row(
        "cars",
        *_text("make", "model", "vin", "description", "condition", "location"),
        *_integer("year", "mileage"),
        *_link("cars", "seller", "users"),
    )
    _row(
        "auctions",
        *_text("title", "status", "format", "currency", "sale_terms", "leader", "winner"),
        *_integer("starts_at", "ends_at", "starting_price", "reserve_price", "buy_now_price", "max_jump_percent"),
        *_integer("decrement", "decrement_every_ms", "floor_price", "approval_ms"),
        *_integer("seq", "price", "minimum_next", "bids_count", "hammer_price", "closed_at", "approval_until", "offer"),
        sa.Column("proxy", sa.Boolean),
        sa.Column("reserve_met", sa.Boolean),
        sa.Column("increments", sa.JSON),
        sa.Column("soft_close", sa.JSON),
        *_link("auctions", "car", "cars"),
        *_link("auctions", "seller", "users"),
    )
    _row(
        "bids",
        *_text("alias", "bidder", "kind", "status", "outcome", "code", "auction"),
        *_integer("maximum", "seq", "placed_at"),
        sa.Column("moot", sa.Boolean),
        sa.Column("details", sa.JSON),
        sa.Column("standing", sa.JSON),
    )
    op.create_index("users_username_key", "users", ["username"], unique=True)
    op.create_index("users_email_key", "users", [sa.text("lower(email)")], unique=True)
    op.create_index("users_paddle_key", "users", ["paddle"], unique=True)
    op.create_index("cars_vin_key", "cars", ["vin"], unique=True)
    op.create_index("cars_seller", "cars", ["seller"])
    op.create_index("auctions_status_ends_at", "auctions", ["status", "ends_at"])
    op.create_index("auctions_car", "auctions", ["car"])
    op.create_index("auctions_seller", "auctions", ["seller"])
    op.create_index("bids_auction_seq", "bids", ["auction", "seq"])
    op.create_index("bids_bidder", "bids", ["bidder"])
    op.create_table(
        "projected_offsets",
        sa.Column("partition", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("partition", name="projected_offsets_pkey"),
    )
    access = op.create_table(
        "access_version",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="access_version_pkey"),
    )
    op.bulk_insert(access, [{"id": 1, "version": 1}])
