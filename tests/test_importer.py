"""`vendue import`, as a command."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.catalogues import KINDS, empty, opened
from vendue.catalogue.query import Order, Query

CARS = """make,model,year,mileage,vin,seller
Ford,Ka,2001,120000,VIN1,sally
BMW,330i,2004,,VIN2,sally@example.com
,Panda,1700,x,VIN3,nobody
Fiat,Panda

Audi,A4,2011,1,,
"""


def vendue(folder: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VENDUE_DATA": str(folder / "data"), **settings}
    command = [sys.executable, "-m", "vendue.cli", *arguments]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def seller(folder: Path, **settings: str) -> None:
    made = vendue(
        folder, "user", "create", "--username=sally", "--email=sally@example.com", "--role=seller", "--password-stdin",
        stdin="a long password", **settings,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


async def rows(folder: Path, content: str) -> list[dict[str, Any]]:
    async with opened(f"sqlite:///{folder}/data/catalogue.db") as catalogue:
        links = {relation: Query() for relation in (("seller",) if content == "cars" else ("seller", "car"))}
        query = Query(sort=(Order("id"),), populate={} if content == "users" else links)
        return (await catalogue.find(content, query))[0]


@pytest.mark.parametrize("kind", KINDS)
def test_good_rows_are_kept_bad_ones_named_and_none_comes_twice(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    file = tmp_path / "cars.csv"
    file.write_text("\ufeff" + CARS)
    with empty(kind, tmp_path, request) as url:
        settings = {} if kind == "sqlite" else {"VENDUE_CATALOGUE": url}
        assert vendue(tmp_path, "migrate", **settings).returncode == 0
        seller(tmp_path, **settings)
        first = vendue(tmp_path, "import", str(file), "--type=cars", **settings)
        assert (first.returncode, json.loads(first.stdout)) == (1, {"created": 3, "there": 0, "bad": 2})
        lines = [line for line in first.stderr.splitlines() if line.startswith("line ")]
        assert len(lines) == 2
        for named in ("seller", "nobody", "make must be defined", "year must be", "mileage must be"):
            assert named in lines[0] and lines[0].startswith("line 4:")
        assert lines[1] == "line 5: there are 2 cells, and 6 columns"
        assert "2 of 5 rows were left out" in first.stderr
        again = vendue(tmp_path, "import", str(file), "--type=cars", **settings)
        assert json.loads(again.stdout) == {"created": 0, "there": 3, "bad": 2}


def test_no_row_ends_the_import(tmp_path: Path) -> None:
    (tmp_path / "cars.jsonl").write_text(
        '{"make": "\\ud800", "model": "x"}\n{"make": "a", "model": "b", "year": "--5"}\n'
        '{"documentId": "1", "make": "a", "model": "b"}\n{"make": "Ford", "model": "Ka"}\n'
    )
    done = vendue(tmp_path, "import", str(tmp_path / "cars.jsonl"), "--type=cars")
    assert json.loads(done.stdout) == {"created": 1, "there": 0, "bad": 3} and "Traceback" not in done.stderr
    deep = "[" * 100_000
    (tmp_path / "lots.csv").write_text(f"title,soft_close\nLot,{deep}\nLot 2,\n")
    done = vendue(tmp_path, "import", str(tmp_path / "lots.csv"), "--type=auctions")
    assert json.loads(done.stdout) == {"created": 1, "there": 0, "bad": 1}, done.stderr


async def test_users_and_auctions_come_too(tmp_path: Path) -> None:
    seller(tmp_path)
    users = [
        {
            "username": "bob",
            "email": "Bob@Example.com",
            "role": "authenticated",
            "paddle": "7",
            "password": "Secret-123",
        },
        {"username": "eve", "email": "eve@example.com"},
        {"username": "eve2", "email": "EVE@example.com"},
        {"username": "eve", "email": "bob@example.com"},
        {"username": "x", "email": "nope", "password": "short"},
        {"username": "mallory", "email": "m@example.com", "password_hash": "x"},
    ]
    (tmp_path / "users.jsonl").write_text("\n".join(map(json.dumps, users)) + "\nnot json\n[]\n")
    done = vendue(tmp_path, "import", str(tmp_path / "users.jsonl"), "--type=users")
    assert json.loads(done.stdout) == {"created": 2, "there": 1, "bad": 5}
    assert (
        "line 4: username and email belong to different rows" in done.stderr
        or "line 4: email and username" in done.stderr
    )
    assert "Secret-123" not in done.stdout + done.stderr and "short" not in done.stderr
    found = await rows(tmp_path, "users")
    assert [(row["username"], row["email"], row["role"]) for row in found] == [
        ("sally", "sally@example.com", "seller"),
        ("bob", "bob@example.com", "authenticated"),
        ("eve", "eve@example.com", "authenticated"),
    ]
    (tmp_path / "cars.csv").write_text(CARS)
    vendue(tmp_path, "import", str(tmp_path / "cars.csv"), "--type=cars")
    (tmp_path / "lots.csv").write_text(
        "title,car,seller,format,currency,starting_price,proxy,soft_close\n"
        'Lot 1,VIN2,sally,english,EUR,100000,yes,"{""window_ms"": 60000, ""extend_ms"": 60000}"\n'
        "Lot 2,,sally,english,EUR,1,,\n"
        "Lot 3,VIN9,sally,scottish,EUR,x,,nonsense\n"
    )
    done = vendue(tmp_path, "import", str(tmp_path / "lots.csv"), "--type=auctions")
    assert json.loads(done.stdout) == {"created": 2, "there": 0, "bad": 1}
    for named in ("car: there is none", "format", "starting_price", "soft_close"):
        assert named in done.stderr
    first, second = await rows(tmp_path, "auctions")
    assert (first["title"], first["car"]["vin"], first["seller"]["username"]) == ("Lot 1", "VIN2", "sally")
    assert (first["status"], first["starting_price"], first["proxy"]) == ("draft", 100_000, True)
    assert second["car"] is None


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("cars.xlsx", b"PK", "must end in .csv or .jsonl"),
        ("cars.csv", b"", "must name the columns"),
        ("cars.csv", b"make,make\n", "each once"),
        ("cars.csv", b"make\n\xff\n", "UTF-8"),
        ("cars.csv", b'make\n"open\n', "cannot be read"),
    ],
)
def test_what_is_no_file_of_rows_is_said(tmp_path: Path, name: str, content: bytes, named: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = vendue(tmp_path, "import", str(tmp_path / name), "--type=cars")
    assert done.returncode == 1 and named in done.stderr and "Traceback" not in done.stderr
    assert vendue(tmp_path, "import", str(tmp_path / name)).returncode == 2
