"""A PostgreSQL of our own on a free port, or the one that VENDUE_TEST_POSTGRESQL_URL names."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.servers.machine import HERE, Machine
from tests.servers.port import free_port

USER = "postgres"
"""Whom Debian's package makes: the server refuses to run as root."""


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server on which databases can be made; skips where there is none."""
    named = os.environ.get("VENDUE_TEST_POSTGRESQL_URL")
    if named:
        yield named
        return
    with server() as url:
        yield url


@contextlib.contextmanager
def server(machine: Machine = HERE) -> Iterator[str]:
    """The URL of one of our own; skips where it cannot be started."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not programs:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql, or set VENDUE_TEST_POSTGRESQL_URL")
    folder = Path(tempfile.mkdtemp(prefix="vendue-postgresql-", dir="/tmp"))  # where its user may go too
    as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, USER, USER)
    port = free_port()

    def control(*arguments: str) -> None:
        command = [*machine.inside, *as_user, str(programs[-1]), f"--pgdata={folder}/data", *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    control("initdb", "--silent", "--options=--auth=trust --username=vendue --encoding=UTF8 --locale=C.UTF-8")
    with (folder / "data/pg_hba.conf").open("a") as trusted:
        trusted.write("host all all samenet trust\n")
    options = f"-p {port} -c listen_addresses={machine.host} -c unix_socket_directories={folder} -c max_connections=200"
    control("start", "--wait", f"--log={folder}/log", f"--options={options}")
    try:
        yield f"postgresql://vendue@{machine.host}:{port}/postgres"
    finally:
        control("stop", "--mode=immediate")
        shutil.rmtree(folder)


@contextlib.contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The URL of an empty database, which goes afterwards."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8')
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
