"""The engine: looks after the shares that the log hands it, each at a rostrum of its own."""

import asyncio
from asyncio import Task

import structlog
from prometheus_client import Gauge

from vendue.board.port import Board
from vendue.engine.rostrum import Rostrum
from vendue.log.port import Handover, Log, LogFenced, Share

_partitions = Gauge("vendue_engine_partitions", "Partitions that this process decides")
_logger = structlog.get_logger()


class Engine:
    """Decides every command of the partitions that are this process's."""

    def __init__(self, log: Log, board: Board) -> None:
        self._log, self._board = log, board
        self._rostrums: dict[Share, tuple[Rostrum, Task[None]]] = {}
        self._handed_over = False

    @property
    def ready(self) -> bool:
        """Whether it decides all that is its own, be it nothing."""
        return self._handed_over and all(rostrum.ready for rostrum, _ in self._rostrums.values())

    @property
    def shares(self) -> list[Share]:
        """What it looks after."""
        return sorted(self._rostrums)

    async def run(self) -> None:
        """Until cancelled. Raises LogBroken where the log cannot go on."""
        handovers = self._log.handovers("bids")
        coming = asyncio.ensure_future(anext(handovers))
        try:
            while True:
                tasks = [task for _, task in self._rostrums.values()]
                await asyncio.wait([coming, *tasks], return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    await self._hand_over(coming.result())
                    coming = asyncio.ensure_future(anext(handovers))
                self._drop_fenced()
        finally:
            coming.cancel()
            tasks = [task for _, task in self._rostrums.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(coming, *tasks, return_exceptions=True)

    async def stop(self) -> None:
        """After run was cancelled: save what changed, so that the next start has nothing to decide again."""
        await asyncio.gather(*(rostrum.save() for rostrum, _ in self._rostrums.values()))

    async def _hand_over(self, handover: Handover) -> None:
        try:
            for share in handover.lost:
                if share in self._rostrums:
                    await self._leave(share, handover.saved)
        finally:
            handover.done()
        for share in handover.gained:
            rostrum = Rostrum(self._log, self._board, share)
            self._rostrums[share] = rostrum, asyncio.create_task(rostrum.run())
        self._handed_over = True
        self._count()
        _logger.info("engine.handed_over", gained=handover.gained, lost=handover.lost, saved=handover.saved)

    async def _leave(self, share: Share, saved: bool) -> None:
        rostrum, task = self._rostrums.pop(share)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if saved:
            await rostrum.save()

    def _drop_fenced(self) -> None:
        """Whoever was fenced has nothing more to do; any other end is the engine's."""
        for share, (_, task) in list(self._rostrums.items()):
            if task.done():
                error = task.exception()
                if not isinstance(error, LogFenced):
                    raise error or AssertionError("a rostrum has no end of its own")
                _logger.warning("engine.fenced", share=share, reason=str(error))
                del self._rostrums[share]
                self._count()

    def _count(self) -> None:
        _partitions.set(sum(map(len, self._rostrums)))
