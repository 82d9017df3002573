"""A server that speaks MongoDB's protocol on a free port, or the one that VENDUE_TEST_MONGODB_URL names.

MongoDB's own is in no registry of packages; this one is Java's, in memory, without secondary indexes, validators,
explain, sessions and transactions (mongodb/Server.java).
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient

from tests.servers.port import free_port

PROJECT = Path(__file__).parent / "mongodb"
FETCH_WAIT_S, START_WAIT_S = 180, 60


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server on which databases can be made; skips where there is none."""
    named = os.environ.get("VENDUE_TEST_MONGODB_URL")
    if named:
        yield named
        return
    if not shutil.which("javac") or not shutil.which("mvn"):
        pytest.skip("no Java with Maven: apt-get install default-jdk-headless maven, or set VENDUE_TEST_MONGODB_URL")
    port = free_port()
    options = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", f"--class-path={_jars()}/*"]
    command = ["java", *options, str(PROJECT / "Server.java"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            said = server.stdout.readline() if select([server.stdout], [], [], START_WAIT_S)[0] else b"nothing"
            assert said == b"ready\n", f"Server.java says {said!r} and not that it is ready"
            yield f"mongodb://127.0.0.1:{port}/?retryWrites=false"
        finally:
            server.terminate()


def _jars() -> Path:
    """What pom.xml names, fetched once for each pom.xml; skips where it cannot be fetched."""
    found = PROJECT / "target" / sha256((PROJECT / "pom.xml").read_bytes()).hexdigest()[:12]
    if not found.exists():
        found.parent.mkdir(exist_ok=True)
        fresh = tempfile.mkdtemp(dir=found.parent)
        command = ["mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", f"-DoutputDirectory={fresh}"]
        try:
            subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.PIPE, text=True, timeout=FETCH_WAIT_S)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(fresh)
            pytest.skip(f"Maven cannot fetch what tests/servers/mongodb/pom.xml names: {error.stdout or error!s:.300}")
        with contextlib.suppress(OSError):  # somebody else was faster
            Path(fresh).rename(found)
    return found


@contextlib.contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The URL of an empty database, which goes afterwards."""
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with MongoClient(server) as client:
            client.drop_database(name)
