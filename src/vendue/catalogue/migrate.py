"""Brings a catalogue's schema forward to what this version of Vendue knows, never back."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from vendue.catalogue.port import CatalogueBroken

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 1408
_alembic = Lock()  # it keeps what it works on in globals


def migrate(connection: Connection) -> None:
    """Run the migrations that are missing in the connection's transaction: all or none.

    Raises CatalogueBroken where a newer Vendue has been there.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))  # several processes may start at once
    config = _config()
    if _missing(connection, config):
        config.attributes["connection"] = connection
        with _alembic:
            command.upgrade(config, "head")


def check(connection: Connection) -> None:
    """Raises CatalogueBroken where the schema is not this version's."""
    if _missing(connection, _config()):
        raise CatalogueBroken("The catalogue's schema is of an older Vendue, or not there: run `vendue migrate`, once.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def _missing(connection: Connection, config: Config) -> bool:
    scripts = ScriptDirectory.from_config(config)
    present, latest = MigrationContext.configure(connection).get_current_revision(), scripts.get_current_head()
    if present not in {None, *(script.revision for script in scripts.walk_revisions())}:
        raise CatalogueBroken(
            f"The catalogue is at revision {present} and this Vendue knows only up to {latest}: "
            "start the newer version that wrote it, or restore the backup from before the upgrade."
        )
    return present != latest
