"""What Alembic runs: on the connection that migrate.py hands over, in its transaction."""

from alembic import context

from vendue.catalogue.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
