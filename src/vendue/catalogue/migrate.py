"""Brings a catalogue's schema forward to what this version of Vendue knows, never back."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from vendue.catalogue.port import CatalogueBroken

_FOLDER = Path(__file__).parent / "migrations"
_alembic = Lock()  # it keeps what it works on in globals


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing in the connection's transaction: all or none.

    Raises CatalogueBroken where a newer Vendue has been there.
    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    present, latest = MigrationContext.configure(connection).get_current_revision(), scripts.get_current_head()
    if present == latest:
        return
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise CatalogueBroken(
            f"The catalogue is at revision {present} and this Vendue knows only up to {latest}: "
            "start the newer version that wrote it, or restore the backup from before the upgrade."
        )
    with _alembic:
        command.upgrade(config, "head")
