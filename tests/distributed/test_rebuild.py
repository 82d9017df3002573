"""A catalogue that is made anew, beside a projector and without one."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from tests.distributed.market import Market
from tests.faults.bidders import Sale
from tests.faults.process import environment
from tests.faults.shown import settled


async def _rebuild(market: Market) -> tuple[int | None, str]:
    """Its exit code, and the last that it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vendue.cli", "projector", "--rebuild"),
        env=environment(market.folder, market.settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, said = await process.communicate()
    return process.returncode, said.decode().splitlines()[-1]


@pytest.mark.soak
async def test_it_is_made_anew_where_no_projector_runs(market: Market) -> None:
    async with market.running(apis=1, engines=1):
        sale = Sale(market.vendue, await market.register(4), 1, 4, 0.02)
        for _ in range(4):
            await sale.list(increments=[[0, 100]])
        async with sale.bidding():
            await sale.until(200)
            assert await _rebuild(market) == (
                1,
                "vendue: Another projector runs: stop all of them, and start the rebuild again.",
            )
            await sale.until(100)
        await settled(sale, market.history)
        (projector,) = market.projectors
        await projector.kill()
        code, said = await _rebuild(market)
        assert code == 0, said
        await settled(sale, market.history)
        await projector.start()
        async with sale.bidding():
            await sale.until(100)
        await settled(sale, market.history)
        assert not sale.strange, sale.strange[:3]
        assert "overtaken" not in projector.said()
