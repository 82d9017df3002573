"""The events of each auction; the audit log as a chain, with the lines that are there."""

import sqlalchemy as sa
from alembic import op

from vendue.catalogue.acts import linked
from vendue.catalogue.tables import AUDIT_LOG
from vendue.chain import GENESIS

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From 0003."""
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("documentId", TEXT, nullable=False),
        sa.Column("auction", TEXT),
        sa.Column("seq", sa.BigInteger),
        sa.Column("by", TEXT),
        sa.Column("value", TEXT),
        sa.Column("createdAt", sa.BigInteger, nullable=False),
        sa.Column("updatedAt", sa.BigInteger, nullable=False),
        sa.Column("publishedAt", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="events_pkey"),
        sa.UniqueConstraint("documentId", name="events_documentId_key"),
    )
    op.create_index("events_auction_seq", "events", ["auction", "seq"])
    op.add_column("audit_log", sa.Column("seq", sa.BigInteger))
    for name in ("prev", "hash"):
        op.add_column("audit_log", sa.Column(name, TEXT))
    _link(op.get_bind())
    op.create_index("audit_log_seq_key", "audit_log", ["seq"], unique=True)


def _link(connection: sa.Connection) -> None:
    seq, last = 0, GENESIS
    for row in connection.execute(AUDIT_LOG.select().order_by(AUDIT_LOG.c.id)).mappings().all():
        line = linked(dict(row), seq, last)
        seq, last = line["seq"], line["hash"]
        placed = {name: line[name] for name in ("seq", "prev", "hash")}
        connection.execute(AUDIT_LOG.update().where(AUDIT_LOG.c.id == row["id"]).values(placed))
