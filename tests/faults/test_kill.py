"""`kill -9` again and again under eight bidders: no answer is lost, none is doubled."""

import asyncio
import json
import random
from pathlib import Path

from tests.explain.check import check_explained
from tests.faults.bidders import Sale
from tests.faults.conftest import House
from tests.faults.history import check_answers, history_of
from tests.faults.process import Vendue
from tests.faults.shown import seen, settled
from tests.faults.watch import watching

KILLS = 5
DECISIONS_AGAIN_WITHIN_S = 10.0
STOPS_WITHIN_S = 2.0


async def test_kill_9_again_and_again(folder: Path, house: House) -> None:
    chance = random.Random(1)
    async with Vendue(folder) as vendue:
        sale = Sale(vendue, house.accounts, 1)
        await sale.list_some()
        async with watching(sale) as (watcher,), sale.bidding():
            for _ in range(KILLS):
                await sale.until(1)
                await asyncio.sleep(chance.uniform(0, 2.2))
                await vendue.kill()
                if chance.random() < 0.5:
                    await vendue.start_and_kill(chance.uniform(0.3, 1.5))
                await vendue.start()
            await sale.until(100)
        assert not sale.strange and not watcher.faults, (sale.strange + watcher.faults)[:3]
        history = await settled(sale)
        record = await seen(sale)
        await vendue.stop()
    verdicts = check_explained(record)
    events = sum(len(verdict.order) for verdict in verdicts)
    print(f"{len(record.observations)} observations, {events} events explained; {len(watcher.older)} frames were older")
    check_answers(sale.bids, history)
    check_answers(sale.bids, history_of(folder))
    recoveries = sale.first_answers[1:]
    print(f"{sale.decisions()} decisions, {KILLS} kills; from start to first answer {_seconds(recoveries)}")
    assert len(recoveries) == KILLS
    assert max(recoveries) < DECISIONS_AGAIN_WITHIN_S
    told = {answer.status for bid in sale.bids for answer in bid.decisions}
    assert told == {201, 409}
    assert any(bid.sent > 1 for bid in sale.bids), "bids were under way when it was killed"
    closed = [auction for auction in history.auctions.values() if auction.closed_at is not None]
    assert len(closed) == 1, "one auction closed meanwhile"


async def test_sigterm(folder: Path, house: House) -> None:
    async with Vendue(folder, more={"VENDUE_LOG_LEVEL": "info"}) as vendue:
        sale = Sale(vendue, house.accounts, 2)
        await sale.list_some()
        stops = []
        async with watching(sale) as (watcher,), sale.bidding():
            for _ in range(2):
                await sale.until(50)
                stops.append(await vendue.stop())
                ends = dict(history_of(folder).ends)
                await vendue.start()
                await sale.until(1)
                opened = next(line for line in vendue.said().splitlines() if "engine.opened" in line)
                assert _offsets(opened) == ends, "nothing is decided again"
        assert not sale.strange and not watcher.faults, (sale.strange + watcher.faults)[:3]
        history = await settled(sale)
        record = await seen(sale)
        await vendue.stop()
    verdicts = check_explained(record)
    events = sum(len(verdict.order) for verdict in verdicts)
    print(f"{len(record.observations)} observations, {events} events explained; {len(watcher.older)} frames were older")
    check_answers(sale.bids, history)
    print(f"stopped after {_seconds(stops)}; from start to first answer {_seconds(sale.first_answers[1:])}")
    assert max(stops) < STOPS_WITHIN_S


def _offsets(line: str) -> dict[int, int]:
    offsets = json.loads(line)["offsets"]
    return {int(partition): offset for partition, offset in offsets.items() if offset}


def _seconds(times: list[float]) -> str:
    return ", ".join(f"{each:.2f}" for each in times) + " s"
