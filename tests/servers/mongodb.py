"""A server that speaks MongoDB's protocol on a free port, or the one that VENDUE_TEST_MONGODB_URL names.

MongoDB's own is in no registry of packages; this one is Java's, in memory, without secondary indexes, validators,
explain, sessions and transactions (mongodb/Server.java).
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient

from tests.servers.jars import jars
from tests.servers.port import free_port

PROJECT = Path(__file__).parent / "mongodb"
START_WAIT_S = 60


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server on which databases can be made; skips where there is none."""
    named = os.environ.get("VENDUE_TEST_MONGODB_URL")
    if named:
        yield named
        return
    if not shutil.which("javac"):
        pytest.skip("no Java compiler: apt-get install default-jdk-headless, or set VENDUE_TEST_MONGODB_URL")
    port = free_port()
    options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", f"--class-path={jars(PROJECT)}/*"]
    command = ["java", *options, str(PROJECT / "Server.java"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline() if select([server.stdout], [], [], START_WAIT_S)[0] else b"nothing"
            assert said == b"ready\n", f"Server.java says {said!r} and not that it is ready"
            yield f"mongodb://127.0.0.1:{port}/?retryWrites=false"
        finally:
            server.terminate()


@contextlib.contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The URL of an empty database, which goes afterwards."""
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with MongoClient(server) as client:
            client.drop_database(name)
