"""Usernames without regard to case: of those that were alike before, the first account has the name as it is typed."""

import sqlalchemy as sa
import structlog
from alembic import op

from vendue.catalogue.fold import ALIKE, ALIKE_ADVICE, folded

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_USERS = sa.table(
    "users", sa.column("id", sa.BigInteger), sa.column("username", TEXT), sa.column("username_fold", TEXT)
)


def upgrade() -> None:
    """From 0004."""
    op.add_column("users", sa.Column("username_fold", TEXT))
    connection = op.get_bind()
    first: dict[str, int] = {}
    rows = connection.execute(sa.select(_USERS.c.id, _USERS.c.username).order_by(_USERS.c.id)).all()
    named = [(id, username) for id, username in rows if username is not None]
    for id, username in named:
        first.setdefault(folded(username), id)
    if first:
        mine = _USERS.update().where(_USERS.c.id == sa.bindparam("of")).values(username_fold=sa.bindparam("fold"))
        connection.execute(mine, [{"of": id, "fold": fold} for fold, id in first.items()])
    if len(named) > len(first):
        structlog.get_logger().warning(ALIKE, accounts=len(named) - len(first), advice=ALIKE_ADVICE)
    op.create_index("users_username_fold_key", "users", ["username_fold"], unique=True)
