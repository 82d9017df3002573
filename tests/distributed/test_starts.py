"""Starts of the distributed form that cannot be: an exit code, and a sentence at the end that names what to mend."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from redis import Redis

from tests.faults.process import environment
from tests.servers import postgresql, redis
from tests.servers.port import free_port
from vendue.settings import PREFIX

HIDDEN, WRONG = "hidden-word", "other-word"
WITHIN_S = 45.0
Start = tuple[str, Mapping[str, str], int, str]
"""A kind of process, what is set otherwise, the exit code, and what the sentence has in it."""

pytestmark = pytest.mark.soak


@pytest.fixture
def places(tmp_path: Path, kafka_server: str, postgresql_server: str) -> Iterator[dict[str, str]]:
    """Settings that are right, by name; nothing is migrated yet."""
    name = f"starts_{secrets.token_hex(4)}"
    with redis.Server() as board, postgresql.database(postgresql_server, name) as catalogue:
        with Redis(port=board.port) as client:
            client.config_set("requirepass", HIDDEN)
        yield {
            "log": f"kafka://{kafka_server}/{name}",
            "board": board.url.replace("127.0.0.1", f":{HIDDEN}@127.0.0.1"),
            "catalogue": catalogue,
        }


async def refused(folder: Path, places: Mapping[str, str], start: Start) -> None:
    kind, otherwise, code, named = start
    more = {PREFIX + name.upper(): value for name, value in {**places, **otherwise}.items()}
    started = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vendue.cli", *kind.split()),
        env=environment(folder, more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            output, said = (each.decode() for each in await process.communicate())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    told = f"vendue {kind} with {otherwise}: exit {process.returncode} after {time.monotonic() - started:.1f} s, {said}"
    assert (process.returncode, output) == (code, ""), told
    *lines, last = said.splitlines()
    assert last.startswith("vendue: ") and named in last, told
    assert all(json.loads(line)["event"] for line in lines), told  # the log, which begins earlier
    assert not any(word in said for word in (HIDDEN, WRONG)), told


async def all_refused(folder: Path, places: Mapping[str, str], starts: list[Start]) -> None:
    async with asyncio.TaskGroup() as group:
        for start in starts:
            group.create_task(refused(folder, places, start))


async def test_what_is_set_wrong(tmp_path: Path) -> None:
    away = {"log": "kafka://127.0.0.1:9", "board": "redis://127.0.0.1:9", "catalogue": "postgresql://127.0.0.1:9/none"}
    await all_refused(
        tmp_path,
        away,
        [
            ("api", {"log": "sqlite"}, 2, "set VENDUE_LOG=kafka://HOST:9092, or use vendue run"),
            (
                "api",
                {"board": "memory", "catalogue": "sqlite"},
                2,
                "VENDUE_BOARD=redis://HOST:6379 and VENDUE_CATALOGUE=",
            ),
            ("api", {"secret": ""}, 2, "VENDUE_SECRET, of at least 32 characters"),
            ("api", {"signing_key": ""}, 2, "VENDUE_SIGNING_KEY, which"),
            ("api", {"signing_key": HIDDEN}, 2, "VENDUE_SIGNING_KEY: it must be 32 random bytes in base64"),
            ("api", {"secret": HIDDEN}, 2, "VENDUE_SECRET: it must be text of at least 32"),
            ("engine", {"board": "memory"}, 2, "set VENDUE_BOARD=redis://HOST:6379, or"),
            ("projector", {"catalogue": "sqlite"}, 2, "set VENDUE_CATALOGUE=postgresql://"),
            ("engine", {"kafka_security": "tls", "kafka_ca": "/none"}, 2, "VENDUE_KAFKA_CA: /none cannot be read"),
        ],
    )


async def test_what_is_not_there_or_does_not_let_in(tmp_path: Path, places: dict[str, str]) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    database = f"postgresql://vendue:{HIDDEN}@{nowhere}/vendue"
    sasl = {"kafka_security": "sasl_plaintext", "kafka_user": "vendue", "kafka_password": HIDDEN}
    wrong = places["board"].replace(HIDDEN, WRONG)
    await all_refused(
        tmp_path,
        places,
        [
            ("engine", {"log": f"kafka://{nowhere}"}, 1, f"Kafka at {nowhere} cannot be used"),
            ("engine", sasl, 2, "set VENDUE_KAFKA_SECURITY"),
            ("engine", {"board": wrong}, 2, "VENDUE_BOARD: the Redis refuses user or password"),
            ("api", {"catalogue": database}, 1, f"The catalogue at {nowhere}/vendue cannot be used"),
            ("projector", {}, 1, "run `vendue migrate`, once"),
            ("migrate", {"catalogue": database}, 1, f"The catalogue at {nowhere}/vendue cannot be used"),
        ],
    )


async def test_a_topic_that_is_somebody_elses(tmp_path: Path, places: dict[str, str]) -> None:
    address, _, prefix = places["log"].removeprefix("kafka://").partition("/")
    admin = AdminClient({"bootstrap.servers": address})
    [made] = admin.create_topics([NewTopic(f"{prefix}.bids", 3, 1)]).values()
    made.result(10)
    named = f"The Kafka topic {prefix}.bids is not as the log needs it: "
    await all_refused(tmp_path, places, [("engine", {}, 1, named)])
