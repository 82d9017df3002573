"""Reading the catalogue over REST: one car, a page of 25, auctions with their car; as the catalogue grows."""

import asyncio
import random
import sqlite3
import subprocess
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

from bench.command import main
from bench.figures import Effort, Figure
from bench.http_bids import fixed
from bench.load import Load, finish
from bench.machine import LOAD_CORE, folder, pinned
from bench.server import Server, serving, vendue
from vendue.assemble import open_catalogue

CARS = (1_000, 1_000_000)
CONNECTIONS = 32
AIM = 2_000
SCRIPT = Path(__file__).with_name("reads.lua")
MAKES = ("Ford", "BMW", "Fiat", "Audi", "Volvo", "Saab", "Opel", "Seat")


def figures(effort: Effort) -> list[Figure]:
    """Each kind of question on a small and on a large catalogue, in turns with the same server's fixed answer."""
    found: list[Figure] = []
    for cars in CARS:
        cars = max(1000, round(cars * effort.scale))
        with ExitStack() as stack:
            where = Path(stack.enter_context(folder()))
            _fill(where / "data", cars)
            server = stack.enter_context(vendue(where / "data"))
            for name, paths in _questions(cars).items():
                found.append(_measure(effort, where, server, f"{name}, {cars:,} cars".replace(",", " ", 1), paths))
    return found


def _questions(cars: int) -> dict[str, list[str]]:
    chance = random.Random(cars)
    ids = [chance.randrange(cars) for _ in range(2000)]
    return {
        "one car": [f"/api/cars/car{id}" for id in ids],
        "25 cars and how many in all": ["/api/cars"],
        "25 of a make, newest first, and how many": [
            f"/api/cars?filters[make][$eq]={make}&sort=year:desc" for make in MAKES
        ],
        "25 auctions with their car": ["/api/auctions?populate=car"],
    }


def _fill(data: Path, cars: int) -> None:
    """Rows by the database's own hand: it is reading that is measured."""
    data.mkdir(parents=True)
    asyncio.run(_make(data))
    with closing(sqlite3.connect(data / "catalogue.db")) as database, database:
        columns = '"documentId", make, model, year, mileage, vin, "createdAt", "updatedAt", "publishedAt"'
        database.executemany(
            f"INSERT INTO cars ({columns}) VALUES (?, ?, ?, ?, ?, ?, 1, 1, 1)",
            ((f"car{n}", MAKES[n % 8], f"m{n % 97}", 1950 + n % 75, n * 7 % 300_000, f"VIN{n}") for n in range(cars)),
        )
        columns = 'title, status, format, currency, starting_price, car, bids_count, "documentId"'
        database.executemany(
            f'INSERT INTO auctions ({columns}, "createdAt", "updatedAt", "publishedAt") '
            "VALUES (?, 'sold', 'english', 'EUR', 100, ?, 0, ?, 1, 1, 1)",
            ((f"Lot {n}", f"car{n}", f"lot{n}") for n in range(1000)),
        )


async def _make(data: Path) -> None:
    await (await open_catalogue(f"sqlite:///{data}/catalogue.db")).close()


def _measure(effort: Effort, where: Path, server: Server, name: str, paths: list[str]) -> Figure:
    sample = server.ask("GET", paths[0])
    assert sample[0] == 200, sample[2]
    file = where / "paths.txt"
    file.write_text("\n".join(paths) + "\n")
    ours: list[Load] = []
    peers: list[Load] = []
    with serving(fixed(where, sample), {}) as peer:
        for each in (server, peer):
            _run(each, file, 1)
        for _ in range(effort.rounds):
            ours.append(_run(server, file, effort.seconds))
            peers.append(_run(peer, file, effort.seconds))
    wrong = [each.statuses for each in ours if set(each.statuses) != {"200"} or each.broken]
    rate = median(each.rate for each in ours)
    note = f"p50 {median(each.p50 for each in ours):.1f} ms, p99 {median(each.p99 for each in ours):.1f} ms"
    note += f"; {len(sample[2])} bytes" + (f"; NOT ALL 200: {wrong}" if wrong else "")
    aimed = name.startswith("one car")
    return Figure(
        name,
        rate,
        "answers/s",
        median(each.rate for each in peers),
        "fixed answers/s",
        aim=f"over {AIM}/s" if aimed else "",
        met=rate > AIM if aimed else None,
        note=note,
    )


def _run(server: Server, file: Path, seconds: float) -> Load:
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT)]
    command = [*wrk, f"http://127.0.0.1:{server.port}/", "--", str(file)]
    return finish(subprocess.Popen(pinned(LOAD_CORE, command), stdout=subprocess.PIPE, text=True))


if __name__ == "__main__":
    main(figures)
