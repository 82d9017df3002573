"""Files, watchlists, sessions, API tokens, roles and the audit log; photos of cars; one spelling of an email."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

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


def _index(table: str, *names: str, unique: bool = False) -> None:
    op.create_index("_".join((table, *names)) + ("_key" if unique else ""), table, list(names), unique=unique)


def upgrade() -> None:
    """From 0002."""
    _row(
        "files",
        *_text("name", "alternativeText", "caption", "hash", "ext", "mime", "owner"),
        *_integer("width", "height", "bytes"),
        sa.Column("formats", sa.JSON),
    )
    _row(
        "watchlist",
        *_text("user", "auction"),
        sa.ForeignKeyConstraint(
            ["auction"], ["auctions.documentId"], name="watchlist_auction_fkey", ondelete="SET NULL"
        ),
    )
    _row(
        "sessions",
        *_text("user", "agent", "address"),
        *_integer("generation", "refreshed_at", "expires_at", "ended_at"),
    )
    _row("api_tokens", *_text("name", "user", "role", "hash"), *_integer("expires_at"))
    _row("roles", *_text("name", "description", "type"), sa.Column("actions", sa.JSON), sa.Column("known", sa.JSON))
    _row(
        "audit_log",
        *_integer("at"),
        *_text("user", "role", "action", "subject", "subject_id", "reason", "outcome"),
        sa.Column("changes", sa.JSON),
    )
    op.add_column("cars", sa.Column("photos", sa.JSON))
    op.add_column("users", sa.Column("party", TEXT))
    op.add_column("users", sa.Column("reset_hash", TEXT))
    for name in ("reset_until", "signed_out_at", "deleted_at"):
        op.add_column("users", sa.Column(name, sa.BigInteger))

    op.execute("UPDATE users SET email = lower(email)")
    op.drop_index("users_email_key", "users")
    for table, name in (("users", "email"), ("users", "reset_hash"), ("api_tokens", "hash"), ("roles", "type")):
        _index(table, name, unique=True)
    op.drop_index("bids_bidder", "bids")
    for table, *names in (
        ("cars", "make", "year"),
        ("cars", "year"),
        ("cars", "mileage"),
        ("auctions", "ends_at"),
        ("auctions", "price"),
        ("auctions", "winner"),
        ("bids", "bidder", "placed_at"),
        ("bids", "placed_at"),
        ("users", "blocked"),
        ("users", "role"),
        ("users", "party"),
        ("users", "signed_out_at"),
        ("files", "owner"),
        ("files", "hash"),
        ("watchlist", "user"),
        ("watchlist", "auction"),
        ("sessions", "user"),
        ("sessions", "ended_at"),
        ("api_tokens", "user"),
        ("audit_log", "at"),
        ("audit_log", "subject_id", "at"),
        ("audit_log", "user", "at"),
    ):
        _index(table, *names)
