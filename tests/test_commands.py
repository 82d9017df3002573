"""The command line as a person calls it: real processes, their output and exit codes."""

import asyncio
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.json import encode

from tests.audit.changes import SALE
from tests.audit.sold import FORGER, HOUSE, lines, openings_of, public, receipt_of
from tests.catalogues import opened
from vendue.api.desk import Desk
from vendue.api.protocol import RUBBISH
from vendue.assemble import signer_of
from vendue.audit import audit
from vendue.board.memory import MemoryBoard
from vendue.catalogue.query import Query
from vendue.engine import Engine
from vendue.exports import act_lines
from vendue.log.sqlite import SqliteLog
from vendue.rules.commands import Asked, Bid, List, Retract, command_id
from vendue.rules.terms import Terms
from vendue.settings import BadSetting, Settings


def vendue(*arguments: str, data: Path | None = None, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"VENDUE_DATA": str(data)} if data else {})
    command = [sys.executable, "-m", "vendue.cli", *arguments]
    return subprocess.run(
        command, check=False, env=environment, input=given, capture_output=True, text=True, timeout=60
    )


def test_replay_of_real_auctions(shared: Path) -> None:
    file = shared / "data" / "ebay-bids.csv"
    done = vendue("replay", "--seconds", "--increments", "us", str(file))
    assert done.returncode == 0, done.stderr
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    with file.open() as rows:
        published = {row["auction"]: int(row["closing_price_cents"]) for row in csv.DictReader(rows)}
    assert [each["auction"] for each in outcomes] == list(published)
    assert sum(each["price"] == published[each["auction"]] for each in outcomes) == 343
    assert set(outcomes[0]) == {"auction", "status", "winner", "price", "accepted", "refused"}
    assert sum(each["accepted"] + each["refused"] for each in outcomes) == 6164
    summary = json.loads(done.stderr)
    assert (summary["auctions"], summary["bids"]) == (366, 6164)
    assert summary["seconds"] > 0


def test_replay_direct_differs(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(
        "auction,opening_bid_cents,bidder,amount_cents,placed_at_ms\n"
        "b,100,ann,1000,20\n"
        "a,100,ann,1000,5\n"
        "b,100,bob,500,30\n"
    )
    proxy = [json.loads(line) for line in vendue("replay", str(file)).stdout.splitlines()]
    direct = [json.loads(line) for line in vendue("replay", "--direct", str(file)).stdout.splitlines()]
    assert [(each["auction"], each["price"], each["refused"]) for each in proxy] == [("b", 550, 0), ("a", 100, 0)]
    assert [(each["auction"], each["price"], each["refused"]) for each in direct] == [("b", 1000, 1), ("a", 1000, 0)]
    assert all(each["winner"] == "ann" and each["status"] == "sold" for each in proxy + direct)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("a,100,ann,10.5,5", "amount_cents"),
        ("a,100,ann,0,5", "amounts"),
        ("a,100,,100,5", "bidder"),
        ("a,100,ann,100", "placed_at_ms"),
        ("a,100,ann,100,253402300799999", "before the year 10000"),
    ],
)
def test_replay_names_the_bad_row(tmp_path: Path, row: str, named: str) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(f"auction,opening_bid_cents,bidder,amount_cents,placed_at_ms\na,100,ann,100,1\n{row}\n")
    done = vendue("replay", str(file))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "line 3" in done.stderr
    assert named in done.stderr


@pytest.mark.parametrize(("content", "named"), [(b"\xff\xfe", "UTF-8"), (b"", "no column"), (None, "no bids")])
def test_replay_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes | None, named: str) -> None:
    file = tmp_path / "bids.csv"
    header = b"auction,opening_bid_cents,bidder,amount_cents,placed_at_ms\n"
    file.write_bytes(header if content is None else content)
    done = vendue("replay", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vendue: ")
    assert named in done.stderr


async def _sale(folder: Path, *, ended: bool) -> None:
    """A log with one auction, `sale`, of some bids and a retraction."""
    log, board = SqliteLog(folder), MemoryBoard()
    engine, desk = Engine(log, board), Desk(log, board)
    await desk.open()
    running = [asyncio.create_task(engine.run()), asyncio.create_task(desk.run())]
    now = log.now_ms()
    terms = Terms("english", "EUR", now, now + (400 if ended else 3_600_000), 100, increments=((0, 10),))

    def asked(by: str, key: str, role: str) -> dict[str, str]:
        id = command_id("sale", by, key)
        return {"auction": "sale", "id": id, "by": by, "role": role, "salt": desk.new_salt()}

    commands: list[Asked] = [List(**asked("seller", "1", "seller"), terms=terms)]
    commands += [Bid(**asked(f"bidder{n % 3}", str(n), "bidder"), amount=100 + 50 * n) for n in range(9)]
    commands += [Bid(**asked("bidder1", "low", "bidder"), amount=100)]
    commands += [Retract(**asked("hall", "r", "auctioneer"), bidder="bidder2", reason="typing error")]
    for command in commands:
        assert await desk.ask(command) is not None
    while ended and b'"sold"' not in (await board.read("sale")).standing:
        await asyncio.sleep(0.01)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await log.close()


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sold")
    asyncio.run(_sale(folder, ended=True))
    return folder


@pytest.fixture
def exported(sold: Path, tmp_path: Path) -> Path:
    done = vendue("export", "--auction", "sale", data=sold)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "sale.jsonl"
    file.write_text(done.stdout)
    return file


def test_an_export_passes_the_audit(exported: Path) -> None:
    done = vendue("audit", str(exported))
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert (verdict["status"], verdict["winner"], verdict["fault"]) == ("sold", "bidder1", None)
    assert verdict["commands"] == 13  # a listing, ten bids, a retraction and the tick that closed it
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert [line["value"]["seq"] for line in lines if line["topic"] == "auction-events"] == list(range(1, 15))


def _fault(file: Path, change) -> str | None:
    """What the audit says of the export after a change to its events."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    events = [line for line in lines if line["topic"] == "auction-events"]
    changed = change(events) or events
    rest = [line for line in lines if line["topic"] == "bids"]
    file.write_text("".join(json.dumps(line) + "\n" for line in rest + changed))
    [verdict] = audit(file.read_bytes().splitlines())
    return verdict.fault


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda events: events[5]["value"].update(amount=1), "event 6 (bid) was changed"),
        (lambda events: events[5]["value"]["standing"].update(price=1), "event 6 (bid) was changed"),
        (lambda events: events[5]["value"]["hidden"].update(amount=999), "event 6 (bid) was changed"),
        (lambda events: events[:5] + events[6:], "event 6 (bid) has seq 7"),
        (lambda events: [*events[:4], events[5], events[4], *events[6:]], "event 5 (bid) has seq 6"),
        (lambda events: events[:-1], "event 14 (closed) is missing"),
        (lambda events: [*events, events[-1]], "event 15 (closed) has seq 14"),
    ],
)
def test_the_audit_names_the_first_wrong_event(exported: Path, change, named: str) -> None:
    fault = _fault(exported, change)
    assert fault is not None
    assert named in fault


@pytest.mark.parametrize(
    ("change", "named"), [({"salt": "no hex"}, "is malformed"), ({"auction": "other"}, "is of another auction, other")]
)
def test_the_audit_names_a_wrong_command(exported: Path, change: dict[str, str], named: str) -> None:
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    lines[3]["value"].update(change)
    [verdict] = audit([json.dumps(line).encode() for line in lines])
    assert verdict.fault is not None
    assert f"command at offset {lines[3]['offset']} {named}" in verdict.fault


def test_the_command_checks_a_public_log_with_what_one_holds(tmp_path: Path) -> None:
    def written(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    log = written("sale.log.jsonl", b"\n".join(lines(public(SALE))))
    keys = written("keys.json", encode({"keys": HOUSE.public_keys()}))
    receipts = [written(f"receipt{place}", encode(receipt_of(SALE, place))) for place in (2, 3)]
    opening = written("openings.jsonl", openings_of(SALE, "cat"))
    proofs = ["--receipt", receipts[0], "--receipt", receipts[1], "--opening", opening]
    done = vendue("audit", log, "--keys", keys, *proofs)
    verdict = json.loads(done.stdout)
    assert (done.returncode, done.stderr, verdict["head"], verdict["fault"]) == (0, "", True, None)
    assert (verdict["status"], verdict["winner"], verdict["receipts"], verdict["openings"]) == (
        "sold",
        "Bidder 3",
        2,
        1,
    )
    unsigned = vendue("audit", log, *proofs)
    assert unsigned.returncode == 0 and "no signature was checked; give --keys FILE" in unsigned.stderr
    forged = written("forged", encode(receipt_of(SALE, 2, FORGER)))
    done = vendue("audit", log, "--keys", keys, "--receipt", forged)
    assert done.returncode == 1 and "none of the house's" in done.stderr
    assert vendue("audit", log, "--keys", str(tmp_path / "none")).returncode == 2


def test_what_those_in_charge_did_is_exported_and_checked(tmp_path: Path) -> None:
    async def act() -> None:
        async with opened(f"sqlite:///{tmp_path}/catalogue.db") as catalogue:
            for number in range(3):
                await catalogue.create("audit_log", {"at": number, "action": "update", "user": "ada"})

    file, keys, kept = tmp_path / "acts.jsonl", tmp_path / "keys.json", tmp_path / "head.jsonl"
    empty = vendue("export", "--audit-log", data=tmp_path)
    file.write_text(empty.stdout)
    checked = vendue("audit", str(file))
    assert checked.returncode == 0 and "audit log: it has no line yet" in checked.stderr
    asyncio.run(act())
    done = vendue("export", "--audit-log", data=tmp_path)
    file.write_text(done.stdout)
    keys.write_bytes(encode({"keys": signer_of(Settings(data=str(tmp_path))).public_keys()}))
    kept.write_text(done.stdout.splitlines()[-1])
    checked = vendue("audit", str(file), "--keys", str(keys), "--head", str(kept))
    assert (checked.returncode, checked.stderr) == (0, "")
    told = json.loads(checked.stdout)
    assert (told["auction"], told["events"], told["head"], told["heads"]) == ("audit-log", 3, True, 1)
    file.write_text(done.stdout.replace('"at":1,', '"at":7,'))
    checked = vendue("audit", str(file))
    assert checked.returncode == 1
    assert "audit log: line 2 of the audit log (update) was changed" in checked.stderr
    file.write_text("".join(done.stdout.splitlines(keepends=True)[:2]))
    assert "the end was cut off" in vendue("audit", str(file), "--keys", str(keys)).stderr
    file.write_text("")
    assert "holds no records" in vendue("audit", str(file)).stderr
    assert vendue("export", data=tmp_path).returncode == 2


def test_an_audit_log_elsewhere_is_signed_with_the_key_of_its_own_house(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path), catalogue="postgresql://elsewhere/vendue")
    with pytest.raises(BadSetting, match="VENDUE_SIGNING_KEY"):
        asyncio.run(anext(act_lines(settings)))
    assert not (tmp_path / "signing-key").exists()


def test_a_changed_export_fails(exported: Path) -> None:
    exported.write_text(exported.read_text().replace('"price":410', '"price":411'))
    done = vendue("audit", str(exported))
    assert done.returncode == 1
    assert "was changed" in done.stderr


def test_the_audit_recomputes_what_a_forger_sealed_anew(exported: Path) -> None:
    """Whoever writes the log can chain it anew; the rules still do not lead to it."""

    def forge(events: list[dict]) -> None:
        import hashlib

        previous = "0" * 64
        for event in events:
            value = event["value"]
            if value["type"] == "closed":
                value["standing"]["hammer_price"] = 1
            value["prev"] = previous
            public = {key: part for key, part in value.items() if key not in ("hash", "hidden", "salt")}
            text = json.dumps(public, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = value["hash"] = hashlib.sha256(text.encode()).hexdigest()

    assert "event 14 (closed) is not what the rules decide" in (_fault(exported, forge) or "")


def test_an_open_auction_is_exported_only_when_asked(tmp_path: Path) -> None:
    asyncio.run(_sale(tmp_path, ended=False))
    refused = vendue("export", "--auction", "sale", data=tmp_path)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "--open" in refused.stderr
    assert vendue("export", "--auction", "sale", "--open", data=tmp_path).returncode == 0


def test_an_unknown_auction_and_a_missing_log_are_errors(sold: Path, tmp_path: Path) -> None:
    unknown = vendue("export", "--auction", "nope", data=sold)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "nope" in unknown.stderr
    missing = vendue("export", "--auction", "sale", data=tmp_path / "none")
    assert missing.returncode == 1
    assert "VENDUE_DATA" in missing.stderr


def test_accounts_are_created_once(tmp_path: Path) -> None:
    arguments = ["user", "create", "--username", "ann", "--email", "ann@example.org", "--role", "seller"]
    created = vendue(*arguments, "--password-stdin", data=tmp_path, given="a good password\n")
    assert created.returncode == 0, created.stderr
    assert len(created.stdout.strip()) == 24
    again = vendue(*arguments, "--password-stdin", data=tmp_path, given="a good password\n")
    assert again.returncode == 1
    assert "taken" in again.stderr
    short = vendue(*arguments, "--password-stdin", data=tmp_path, given="short\n")
    assert short.returncode == 1
    assert "password" in short.stderr
    binary = vendue(*arguments, "--password-stdin", data=tmp_path, given="no \0 password\n")
    assert binary.returncode == 1
    assert "NUL" in binary.stderr
    arguments[arguments.index("ann")] = "ann\udcff"  # a byte that is no UTF-8
    assert "username must be UTF-8" in vendue(*arguments, "--password-stdin", data=tmp_path, given="secret!!\n").stderr


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert vendue("replay").returncode == 2
    assert vendue("nonsense").returncode == 2
    assert vendue("user", "create", "--username", "ann").returncode == 2
    settings = tmp_path / "vendue.toml"
    settings.write_text("prot = 1")
    wrong = vendue("--settings", str(settings), "run")
    assert wrong.returncode == 2
    assert "prot" in wrong.stderr
    settings.write_bytes(b"\xff\xfe")
    binary = vendue("--settings", str(settings), "run")
    assert binary.returncode == 2
    assert "cannot be read as TOML" in binary.stderr


@pytest.mark.parametrize("secret", [b"", b"x\n", b"short but with a line\n", b"\xff" * 40, None])
def test_a_secret_that_is_none_stops_the_start(tmp_path: Path, secret: bytes | None) -> None:
    path = tmp_path / "secret"
    path.mkdir() if secret is None else path.write_bytes(secret)
    started = vendue("run", data=tmp_path)
    assert started.returncode == 2
    said = started.stderr.splitlines()[-1]
    assert str(path) in said
    assert "remove it" in said


@pytest.mark.parametrize("key", [b"", b"short", b"A" * 44, b"\xff" * 40])
def test_a_signing_key_that_is_none_stops_the_start(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "signing-key").write_bytes(key)
    started = vendue("run", data=tmp_path)
    assert started.returncode == 2
    said = started.stderr.splitlines()[-1]
    assert str(tmp_path / "signing-key") in said and "VENDUE_EARLIER_KEYS" in said


def test_a_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    [key] = signer_of(settings).public_keys()
    assert [key] == signer_of(settings).public_keys()
    assert (tmp_path / "signing-key").stat().st_mode & 0o777 == 0o600
    other = signer_of(Settings(data=str(tmp_path / "none"), signing_key="A" * 43 + "=", earlier_keys=key["x"]))
    assert other.public_keys()[1] == key and not (tmp_path / "none").exists()


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    vendue("user", "create", "--username", "ann", "--email", "ann@example.com", "--role", "seller", "--password-stdin",
           data=tmp_path, given="a good password")  # fmt: skip
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    assert not any(path.stat().st_mode & 0o077 for path in files)


HEADER = "auction,opening_bid_cents,bidder,amount_cents,placed_at_ms"


def test_replay_reads_what_a_spreadsheet_writes(tmp_path: Path) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(f"\ufeff{HEADER}\na,100,b,200,5\n", encoding="utf-8")
    done = vendue("replay", str(file))
    assert json.loads(done.stdout)["price"] == 100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEADER},bidder\na,100,b,200,5,c\n", "column bidder twice"),
        (f"{HEADER}\na,100,b,200,5,c\n", "line 2: it has more fields"),
        (f"{HEADER}\na,100,b,\u0662\u0660\u0660,5\n", "line 2: amount_cents must be a whole number"),
    ],
)
def test_replay_guesses_nothing(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bids.csv"
    file.write_text(text)
    done = vendue("replay", str(file))
    assert done.returncode == 1
    assert said in done.stderr


def test_what_the_server_says_is_json_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vendue.cli", "run"]
    environment = os.environ | {"VENDUE_DATA": str(tmp_path), "VENDUE_PORT": "0"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        port = int(run.stdout.readline().rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(b"rubbish\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
        run.terminate()
        _, said = run.communicate(timeout=20)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["said"] for line in lines if line["event"] == "server"] == [RUBBISH]


async def test_the_catalogue_is_made_anew_from_the_log(sold: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sold, tmp_path / "data"))
    for _ in range(2):
        done = vendue("projector", "--rebuild", data=folder)
        assert done.returncode == 0, done.stderr
        events = json.loads(done.stdout)["events"]
    async with opened(f"sqlite:///{folder}/catalogue.db") as catalogue:
        row = await catalogue.get("auctions", "sale")
        _, bids = await catalogue.find("bids", Query(limit=1))
    assert row is not None and row["status"] == "sold" and row["winner"]
    assert (row["seq"], bids) == (events, 10)
    assert vendue("projector", data=folder).returncode == 2
