"""A backup of a catalogue, restored beside it."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
from pymongo import MongoClient
from sqlalchemy import make_url


@contextlib.contextmanager
def restored(url: str, folder: Path) -> Iterator[str]:
    """The URL of a copy of the catalogue as it is now; nobody may be using it. It goes afterwards."""
    address = make_url(url)
    name = f"{address.database}_old"
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(str(address.database))) as database:
            database.execute("VACUUM INTO ?", (f"{folder}/old.db",))
        yield f"sqlite:///{folder}/old.db"
    elif url.startswith("postgresql"):
        server = address.set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{address.database}"')
            yield address.set(database=name).render_as_string(hide_password=False)
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    else:
        with MongoClient(url) as client:
            there, here = client[str(address.database)], client[name]
            for collection in there.list_collection_names():
                rows = list(there[collection].find())
                if rows:
                    here[collection].insert_many(rows)
            yield url.replace(f"/{address.database}", f"/{name}", 1)
            client.drop_database(name)
