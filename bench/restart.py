"""Time from process start to the first answer and to the first decision, after a kill -9; by how much is finished."""

import os
import signal
import time
from pathlib import Path
from statistics import median

from bench.command import main
from bench.figures import Effort, Figure
from bench.history import Past, past
from bench.load import Bidding
from bench.machine import folder
from bench.server import vendue

FINISHED = (100_000, 1_000)
LIVE = 1_000
AIM_S = 2.0
FLAT = 1.25
AUCTIONS_BID_ON = 200


def start(what: Past) -> tuple[float, float]:
    """Seconds to the first answer and to the first decision; then some load and a kill in the middle of it."""
    began = time.perf_counter()
    with vendue(what.folder) as server, folder() as where:
        status, _, body = server.ask("GET", "/api/auctions?pagination[pageSize]=1")
        answered = time.perf_counter() - began
        assert status == 200, body
        amount = int(time.time() * 100)
        while True:
            bid = {"auction": what.live[0], "amount": amount}
            status, _, body = server.ask("POST", "/api/bids", bid, what.people.bidders[0])
            if status == 201:
                break
            assert status in (202, 503), body
            amount += 1
        decided = time.perf_counter() - began
        loading = Bidding(Path(where), what.people, what.live[-AUCTIONS_BID_ON:]).start(server, 32, 2)
        time.sleep(1.5)
        os.kill(server.pid, signal.SIGKILL)
        loading.communicate()
    return answered, decided


def figures(effort: Effort) -> list[Figure]:
    """With many finished auctions, beside few."""
    pasts = [past(int(each * effort.scale), int(LIVE * effort.scale)) for each in FINISHED]
    for each in pasts:
        start(each)
    times = [[start(each) for each in pasts] for _ in range(effort.rounds)]
    found = []
    for index, name in enumerate(("first answer", "first decision")):
        many, few = (median(times[number][size][index] for number in range(effort.rounds)) for size in (0, 1))
        beside = f"{FINISHED[1] * effort.scale:g} finished"
        found.append(
            Figure(
                f"restart, {FINISHED[0] * effort.scale:g} finished, {LIVE * effort.scale:g} live: {name}",
                many,
                "s",
                few,
                beside,
                f"under {AIM_S:g} s, flat",
                many < AIM_S and many / few <= FLAT,
            )
        )
    return found


if __name__ == "__main__":
    main(figures)
