"""The engine: looks after the shares that the log hands it, each at a rostrum of its own."""

import asyncio
from asyncio import Task
from contextlib import suppress

import structlog
from prometheus_client import Gauge

from vendue.board.port import Board
from vendue.engine.rostrum import Rostrum
from vendue.log.port import Handover, Log, LogBroken, LogFenced, LogUnavailable, Share, ShareRefused

_partitions = Gauge("vendue_engine_partitions", "Partitions that this process decides")
_undecided = Gauge(
    "vendue_engine_partitions_undecided", "Partitions that are this process's and that it does not decide"
)
_lag = Gauge("vendue_engine_lag_commands", "Commands in the log that this process is to decide and has not yet")
LAG_EVERY_S = 1.0
_logger = structlog.get_logger()


class Engine:
    """Decides every command of the partitions that are this process's."""

    def __init__(self, log: Log, board: Board) -> None:
        self._log, self._board = log, board
        self._rostrums: dict[Share, tuple[Rostrum, Task[None]]] = {}
        self._undecided: set[Share] = set()
        self._handed_over = False

    @property
    def ready(self) -> bool:
        """Whether it decides all that is its own, be it nothing."""
        decides = all(rostrum.ready for rostrum, _ in self._rostrums.values())
        return self._handed_over and decides and not self._undecided

    @property
    def fault(self) -> tuple[str, str] | None:
        """Why it is not ready, and what to do where that is known here; both in words. None where it is."""
        if self.ready:
            return None
        if not self._handed_over:
            return "No partitions of the log were handed to it yet.", ""
        if self._undecided:
            count = sum(map(len, self._undecided))
            advice = "Look for engine.refused and engine.fenced in its log; run the newest version everywhere."
            return f"{count} of its partitions are not decided: fenced, or of newer rules.", advice
        faults = [rostrum.fault for rostrum, _ in self._rostrums.values() if rostrum.fault is not None]
        return (str(faults[0]), faults[0].advice) if faults else ("It reads what was saved.", "")

    @property
    def shares(self) -> list[Share]:
        """What it looks after."""
        return sorted(self._rostrums)

    async def run(self) -> None:
        """Until cancelled. Raises LogBroken where the log cannot go on, or it can decide nothing that is its own."""
        handovers = self._log.handovers("bids")
        coming = asyncio.ensure_future(anext(handovers))
        measuring = asyncio.create_task(self._measure())
        try:
            while True:
                tasks = [task for _, task in self._rostrums.values()]
                await asyncio.wait([coming, *tasks], return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    await self._hand_over(coming.result())
                    coming = asyncio.ensure_future(anext(handovers))
                for share, (_, task) in list(self._rostrums.items()):
                    if task.done():
                        self._drop(share, task.exception())
        finally:
            coming.cancel()
            measuring.cancel()
            await asyncio.gather(coming, measuring, self._cancel(list(self._rostrums.values())), return_exceptions=True)

    async def stop(self) -> None:
        """After run was cancelled: save what changed, so that the next start has nothing to decide again."""
        await self._save(list(self._rostrums.values()))

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(LAG_EVERY_S)
            with suppress(LogUnavailable, LogBroken):  # which those who decide meet too
                ends = await self._log.ends("bids")
                lags = (
                    max(0, ends[partition] - offset)  # it may have read what is not durable yet
                    for rostrum, _ in self._rostrums.values()
                    for partition, offset in rostrum.next_offsets.items()
                )
                _lag.set(sum(lags))

    async def _hand_over(self, handover: Handover) -> None:
        """What goes together is saved together: whoever comes next waits for the slowest, not for the sum."""
        leaving = [self._rostrums.pop(share) for share in handover.lost if share in self._rostrums]
        self._undecided.difference_update(handover.lost)
        try:
            await self._cancel(leaving)
            if handover.saved:
                await self._save(leaving)
        finally:
            handover.done()
        for share in handover.gained:
            rostrum = Rostrum(self._log, self._board, share)
            self._rostrums[share] = rostrum, asyncio.create_task(rostrum.run())
        self._handed_over = True
        self._count()
        _logger.info("engine.handed_over", gained=handover.gained, lost=handover.lost, saved=handover.saved)

    @staticmethod
    async def _cancel(leaving: list[tuple[Rostrum, Task[None]]]) -> None:
        for _, task in leaving:
            task.cancel()
        await asyncio.gather(*(task for _, task in leaving), return_exceptions=True)

    @staticmethod
    async def _save(left: list[tuple[Rostrum, Task[None]]]) -> None:
        await asyncio.gather(*(rostrum.save() for rostrum, _ in left))

    def _drop(self, share: Share, error: BaseException | None) -> None:
        """Whoever was fenced, or meets what he cannot go on from, decides no more of it; any other end is the engine's.

        The log has asked for what was fenced to be handed over anew. What is refused waits for an engine that can.
        """
        if isinstance(error, LogFenced):
            _logger.warning("engine.fenced", share=share, reason=str(error))
        elif isinstance(error, ShareRefused) and len(self._rostrums) > 1:
            _logger.error("engine.refused", share=share, reason=str(error))
        else:
            raise error or AssertionError("a rostrum has no end of its own")
        del self._rostrums[share]
        self._undecided.add(share)
        self._count()

    def _count(self) -> None:
        _partitions.set(sum(map(len, self._rostrums)))
        _undecided.set(sum(map(len, self._undecided)))
