"""Why an auction was cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """From 0001."""
    op.add_column("auctions", sa.Column("cancel_reason", TEXT))
