"""Into Kafka by TLS, certificates and passwords; who may do what there; and what is told to who may not."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from msgspec.structs import replace

from tests.servers import kafka_doors
from tests.servers.kafka import Broker
from tests.servers.kafka_doors import PASSWORD, USER
from vendue.assemble import open_log
from vendue.log.kafka_cluster import Cluster
from vendue.log.partition import partition_of
from vendue.log.port import Checkpoint, Log, LogUnavailable, Topic
from vendue.settings import BadSetting, Settings

KINDS = ("api", "engine", "projector", "export")
NEWCOMER = "newcomer"
"""May write nowhere yet: a right on one topic gives that to idempotent writing on all."""
TOLD_WITHIN_S = 6.0
LOT = "lot"
HERE = partition_of(LOT)
PRODUCTION = Path(__file__).parent.parent.parent / "docs" / "production.md"
Right = tuple[str, str, str]
"""Of what kind, of which name (a prefix where it ends with -), and what may be done."""

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of certificates."""
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def broker(folder: Path) -> Iterator[Broker]:
    with kafka_doors.running(folder, dict.fromkeys((*KINDS, NEWCOMER), PASSWORD)) as started:
        yield started


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(4)}"


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Log]:
    log = await open_log(settings)
    try:
        yield log
    finally:
        await log.close()


async def first_of(log: Log, topic: Topic) -> bytes:
    async with asyncio.timeout(TOLD_WITHIN_S), aclosing(log.read(topic, {HERE: 0})) as batches:  # type: ignore[type-var]
        return (await anext(batches))[0].value


async def joined(log: Log, topic: Topic) -> None:
    async with asyncio.timeout(TOLD_WITHIN_S):
        handover = await anext(log.handovers(topic))  # type: ignore[call-overload]
        handover.done()
        assert handover.gained


def entered(settings: Settings, security: str, folder: Path, **more: str) -> Settings:
    """By that security as one should."""
    told = {"kafka_security": security, **more}
    if "tls" in security:
        told = {"kafka_ca": str(folder / "ca"), **told}
    if "sasl" in security:
        told = {"kafka_user": USER, "kafka_password": PASSWORD, **told}
    return replace(settings, **told)


@pytest.mark.parametrize(
    ("door", "security", "more"),
    [
        ("TLS", "tls", {}),
        ("MUTUAL", "tls", {"kafka_cert": "client.cert", "kafka_key": "client.key"}),
        ("MUTUAL", "tls", {"kafka_cert": "client", "kafka_key": "client"}),
        ("SASL", "sasl_plaintext", {}),
        ("BOTH", "sasl_tls", {}),
        ("BOTH", "sasl_tls", {"kafka_sasl": "scram-sha-256"}),
        ("BOTH", "sasl_tls", {"kafka_sasl": "plain"}),
    ],
)
async def test_ways_in(broker: Broker, folder: Path, door: str, security: str, more: dict[str, str]) -> None:
    files = {
        name: str(folder / value) if name in ("kafka_cert", "kafka_key") else value for name, value in more.items()
    }
    settings = entered(Settings(log=f"kafka://{broker.doors[door]}"), security, folder, **files)
    async with opened(settings) as log:
        before = await log.ends("auction-events")
        await engine(log)
        assert (await log.ends("auction-events"))[HERE] == before[HERE] + 1
        [found] = await log.load([LOT])
        assert found.parts == {"head": b"1"}


SECURE = {"kafka_user": USER, "kafka_password": PASSWORD}
WRONG: list[tuple[str, str, dict[str, str], str]] = [
    ("SASL", "sasl_plaintext", {"kafka_password": "wrong-word"}, "invalid credentials.*VENDUE_KAFKA_PASSWORD"),
    ("BOTH", "sasl_tls", {"kafka_user": "nobody"}, "invalid credentials.*VENDUE_KAFKA_USER"),
    ("SASL", "sasl_plaintext", {"kafka_sasl": "plain", "kafka_password": "wrong-word"}, "VENDUE_KAFKA_PASSWORD"),
    ("TLS", "sasl_tls", {}, "no such sign-in: set VENDUE_KAFKA_SECURITY"),
    ("PLAINTEXT", "sasl_plaintext", {}, "no such sign-in: set VENDUE_KAFKA_SECURITY"),
    ("TLS", "tls", {"kafka_ca": ""}, "VENDUE_KAFKA_CA signed"),
    ("TLS", "tls", {"kafka_ca": "other-ca"}, "VENDUE_KAFKA_CA signed"),
    ("localhost", "tls", {}, "VENDUE_LOG has the name"),
    ("MUTUAL", "tls", {}, "VENDUE_KAFKA_CERT"),
    ("MUTUAL", "tls", {"kafka_cert": "stranger.cert", "kafka_key": "stranger.key"}, "VENDUE_KAFKA_CERT"),
    ("TLS", "plaintext", {}, "hangs up: see that VENDUE_KAFKA_SECURITY"),
    ("BOTH", "sasl_plaintext", {}, "hangs up: see that VENDUE_KAFKA_SECURITY"),
    ("SASL", "plaintext", {}, "hangs up: see that VENDUE_KAFKA_SECURITY"),
    ("BOTH", "tls", {}, "hangs up: see that VENDUE_KAFKA_SECURITY"),
    ("PLAINTEXT", "tls", {}, "has no TLS: .*VENDUE_KAFKA_SECURITY"),
    ("SASL", "tls", {}, "has no TLS: .*VENDUE_KAFKA_SECURITY"),
    ("TLS", "tls", {"kafka_ca": "server.key"}, "takes no such settings .*VENDUE_KAFKA_CA"),
    ("MUTUAL", "tls", {"kafka_cert": "client.cert", "kafka_key": "server.key"}, "takes no such settings .*KAFKA_KEY"),
]


async def test_what_is_wrong_is_told_at_once(
    broker: Broker, folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    port = broker.doors["TLS"].rpartition(":")[2]
    addresses = {"PLAINTEXT": broker.address, "localhost": f"localhost:{port}", **broker.doors}

    async def told(door: str, security: str, more: dict[str, str], right: str) -> None:
        paths = {name: str(folder / word) for name, word in more.items() if name[6:] in ("ca", "cert", "key") and word}
        settings = entered(Settings(log=f"kafka://{addresses[door]}"), security, folder, **(more | paths))
        if more.get("kafka_ca") == "":
            settings = replace(settings, kafka_ca=None)
        started = time.monotonic()
        with pytest.raises(BadSetting, match=right) as raised:
            await open_log(settings)
        assert time.monotonic() - started < TOLD_WITHIN_S
        said = str(raised.value)
        assert said.endswith(".") and "\n" not in said
        assert not re.search(f"{re.escape(PASSWORD)}|wrong-word", said)

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(WRONG)))
    await asyncio.gather(*(told(*each) for each in WRONG))
    assert not caplog.records and capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"kafka_security": "sasl_tls"}, "needs VENDUE_KAFKA_USER and VENDUE_KAFKA_PASSWORD"),
        ({"kafka_security": "sasl_tls", "kafka_user": USER}, "needs VENDUE_KAFKA_USER and VENDUE_KAFKA_PASSWORD"),
        (SECURE, "VENDUE_KAFKA_USER needs VENDUE_KAFKA_SECURITY=sasl_plaintext or sasl_tls, and that is plaintext"),
        ({"kafka_ca": "ca"}, "VENDUE_KAFKA_CA needs VENDUE_KAFKA_SECURITY=tls or sasl_tls, and that is plaintext"),
        ({"kafka_security": "tls", "kafka_ca": "/none"}, "VENDUE_KAFKA_CA: /none cannot be read .No such file"),
        ({"kafka_security": "tls", "kafka_key": __file__}, "VENDUE_KAFKA_CERT and VENDUE_KAFKA_KEY go together"),
    ],
)
async def test_settings_that_do_not_fit_each_other(more: dict[str, str], told: str) -> None:
    with pytest.raises(BadSetting, match=told) as raised:
        await open_log(Settings(log="kafka://127.0.0.1:9", **more))
    assert PASSWORD not in str(raised.value)


def test_no_password_is_shown() -> None:
    settings = Settings(board=f"redis://:{PASSWORD}@host", secret=PASSWORD * 9, **SECURE)
    cluster = Cluster("host:9092", "a", {"sasl.password": PASSWORD})
    assert not [each for each in (settings, cluster) if PASSWORD in f"{each} {each!r}"]


# What each process does in Kafka, without what decides or projects.


async def api(log: Log) -> None:
    await log.append("bids", [(LOT, b"command")])
    await log.ping()


async def engine(log: Log) -> None:
    await joined(log, "bids")
    await log.take((HERE,))
    await log.append("bids", [(LOT, b"command")])
    assert await first_of(log, "bids") == b"command"
    await log.append("auction-events", [(LOT, b"event")])
    await log.save([Checkpoint(LOT, HERE, 0, None, True, {"head": b"1"})], {HERE: 1})
    await log.take((HERE,))
    await log.ping()


async def projector(log: Log) -> None:
    assert (await log.ends("auction-events"))[HERE]
    await joined(log, "auction-events")
    assert await first_of(log, "auction-events") == b"event"
    await log.ping()


async def export(log: Log) -> None:
    for topic, value in (("bids", b"command"), ("auction-events", b"event")):
        assert (await log.ends(topic))[HERE]  # type: ignore[arg-type]  # one of the two
        assert await first_of(log, topic) == value  # type: ignore[arg-type]


WORK: dict[str, Callable[[Log], Awaitable[None]]] = {
    "api": api, "engine": engine, "projector": projector, "export": export,
}  # fmt: skip
QUIET = "vendue-reader"
"""Without a right on it who reads goes on, and says so over and over; an engine that takes a partition does not."""


def rights_of(kind: str) -> list[Right]:
    """As docs/production.md lists them."""
    rows = [line.strip("| \n").split("|") for line in PRODUCTION.read_text().splitlines() if line.startswith("|")]
    names = next(row for row in rows if "`vendue export`" in row[-1])
    column = next(number for number, name in enumerate(names) if name.strip(" `") == f"vendue {kind}")
    found = []
    for row in rows[rows.index(names) + 1 :]:
        of = re.fullmatch(r"(topic|group|transactional id)s? .*`(.+)` *", row[0])
        if of and len(row) <= len(names):
            cells = [*row, *[""] * len(names)]
            found += [(of[1], of[2], right.strip()) for right in cells[column].split(",") if right.strip()]
    return found


def bound(kind: str, prefix: str, right: Right) -> AclBinding:
    of, name, may = right
    resource = {"topic": "TOPIC", "group": "GROUP", "transactional id": "TRANSACTIONAL_ID"}[of]
    pattern = ResourcePatternType.PREFIXED if name.endswith("-") else ResourcePatternType.LITERAL
    operation = AclOperation[re.sub("(?<=[a-z])(?=[A-Z])", "_", may).upper()]
    place = ResourceType[resource], f"{prefix}.{name}", pattern
    return AclBinding(*place, f"User:{kind}", "*", operation, AclPermissionType.ALLOW)


def only(acl: AclBinding) -> AclBindingFilter:
    place = acl.restype, acl.name, acl.resource_pattern_type
    return AclBindingFilter(*place, acl.principal, acl.host, acl.operation, acl.permission_type)


class Rights:
    """Given and taken away, by who may."""

    def __init__(self, broker: Broker, kind: str, prefix: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": broker.address})
        self._kind, self._prefix = kind, prefix

    def give(self, *rights: Right) -> None:
        bindings = [bound(self._kind, self._prefix, right) for right in rights]
        for done in self._admin.create_acls(bindings).values():
            done.result(10)
        for acl in bindings:
            self._wait(acl, there=True)

    def take_away(self, right: Right) -> None:
        acl = bound(self._kind, self._prefix, right)
        [done] = self._admin.delete_acls([only(acl)]).values()
        assert len(done.result(10)) == 1
        self._wait(acl, there=False)

    def _wait(self, acl: AclBinding, *, there: bool) -> None:
        """Until who decides about rights has heard of it."""
        until = time.monotonic() + TOLD_WITHIN_S
        while bool(self._admin.describe_acls(only(acl)).result(10)) != there:
            assert time.monotonic() < until
            time.sleep(0.01)


def of_kind(broker: Broker, kind: str, prefix: str) -> Settings:
    named = {"kafka_user": kind, "kafka_password": PASSWORD}
    return Settings(log=f"kafka://{broker.doors['SASL']}/{prefix}", kafka_security="sasl_plaintext", **named)


@pytest.mark.parametrize("kind", KINDS)
async def test_rights_are_those_that_the_documentation_lists(broker: Broker, kind: str, prefix: str) -> None:
    async with opened(Settings(log=f"kafka://{broker.address}/{prefix}")) as log:
        await engine(log)
    rights, listed = Rights(broker, kind, prefix), rights_of(kind)
    assert len(listed) >= 6
    rights.give(*listed)
    async with opened(of_kind(broker, kind, prefix)) as log:
        await WORK[kind](log)
    for right in listed:
        if right[1] == QUIET and kind != "engine":
            continue
        rights.take_away(right)
        started = time.monotonic()
        with pytest.raises(Exception, match=r"AUTHORIZATION_FAILED.*docs/production\.md lists") as raised:
            async with opened(of_kind(broker, kind, prefix)) as log:
                await WORK[kind](log)
        assert time.monotonic() - started < TOLD_WITHIN_S, (right, raised.value)
        assert PASSWORD not in str(raised.value)
        rights.give(right)


async def test_topics_are_made_by_who_may(broker: Broker, prefix: str) -> None:
    rights = Rights(broker, "engine", prefix)
    rights.give(*rights_of("engine"))
    with pytest.raises(BadSetting, match=f"make or see one of the topics {prefix}.bids.*docs/production.md"):
        await open_log(of_kind(broker, "engine", prefix))
    rights.give(*(("topic", name, "Create") for name in ("bids", "auction-events", "auctions")))
    async with opened(of_kind(broker, "engine", prefix)) as log:
        await engine(log)


async def test_a_right_to_write_that_comes_late_is_used(broker: Broker, prefix: str) -> None:
    """What ends the library's producer ends no more than that."""
    async with opened(Settings(log=f"kafka://{broker.address}/{prefix}")):
        pass
    rights = Rights(broker, NEWCOMER, prefix)
    topics = ("bids", "auction-events", "auctions")
    rights.give(*(("topic", name, may) for name in topics for may in ("Describe", "DescribeConfigs")))
    async with opened(of_kind(broker, NEWCOMER, prefix)) as log:
        await log.ping()
        for _ in range(2):
            async with asyncio.timeout(TOLD_WITHIN_S):
                with pytest.raises(LogUnavailable):
                    await log.append("bids", [(LOT, b"no")])
                with suppress(LogUnavailable):
                    while True:
                        await log.ping()
        rights.give(("topic", "bids", "Write"))
        async with asyncio.timeout(TOLD_WITHIN_S):
            while True:
                try:
                    await log.append("bids", [(LOT, b"yes")])
                    break
                except LogUnavailable:
                    await asyncio.sleep(0.05)
        await log.ping()
    async with opened(Settings(log=f"kafka://{broker.address}/{prefix}")) as log:
        assert await first_of(log, "bids") == b"yes"
