"""Whether this process runs, whether it takes work, and which of its parts are up."""

import asyncio
from asyncio import Task
from collections.abc import Awaitable, Callable, Collection, Mapping

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from vendue.api.bodies import answer
from vendue.api.errors import EXCEPTION_HANDLERS, Answer
from vendue.api.headers import add_security_headers
from vendue.api.service import get
from vendue.board.port import BoardUnavailable
from vendue.catalogue.port import CatalogueBroken
from vendue.files.port import FilesBroken
from vendue.log.port import LogBroken, LogUnavailable

ANSWER_WITHIN_S = 2.0
KEEP_S = 1.0
"""How long an answer is good for all who ask: these routes are open, and each part would be asked as often as they."""
_METRICS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # which the framework adds


class Down(Exception):
    """A part of our own does not do its work."""


Check = Callable[[], Awaitable[None]]
"""Returns where a part is up; raises Down or what its port raises, or does not answer."""


class Health:
    """The routes by which a process is looked after. `needed`: the parts without which it takes no work."""

    def __init__(self, checks: Mapping[str, Check], needed: Collection[str], metrics: CollectorRegistry) -> None:
        self._checks, self._needed, self._metrics = checks, needed, metrics
        self.stopping = False
        self._asked: dict[str, tuple[float, Task[bool]]] = {}
        """Of each part when it was asked, in the event loop's time, and its answer."""

    def routes(self) -> list[HTTPRouteHandler]:
        """For an application."""
        return [
            get("/health", self.health),
            get("/health/live", self.live),
            get("/health/ready", self.ready),
            get("/metrics", self.metrics),
        ]

    async def health(self) -> Answer:
        """Every part; 503 while one is down."""
        parts = await self.parts(self._checks)
        return _told(all(parts.values()), parts)

    async def live(self) -> Answer:
        """That the process runs and its loop turns."""
        return _told(True, {})

    async def ready(self) -> Answer:
        """503 while it starts, stops, or lacks a part that it needs."""
        if self.stopping:
            return answer({"status": "stopping", "parts": {}}, 503)
        parts = await self.parts(self._needed)
        return _told(all(parts.values()), parts)

    async def metrics(self) -> Answer:
        """Prometheus's text format."""
        return Response(generate_latest(self._metrics), media_type=_METRICS)

    async def parts(self, names: Collection[str]) -> dict[str, bool]:
        """Which of these are up, or were when they were last asked, at most KEEP_S ago."""
        answers = await asyncio.gather(*(asyncio.shield(self._answer(name)) for name in names))
        return dict(zip(names, answers, strict=True))

    def _answer(self, name: str) -> Task[bool]:
        now = asyncio.get_running_loop().time()
        at, answer = self._asked.get(name, (0.0, None))
        if answer is None or now - at >= KEEP_S:
            answer = asyncio.create_task(_answers(self._checks[name]))
            self._asked[name] = now, answer
        return answer


def status_app(health: Health) -> Litestar:
    """The application of a process that serves nobody else."""
    return Litestar(
        health.routes(),
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[add_security_headers],
        openapi_config=None,
        logging_config=None,
    )


def _told(up: bool, parts: Mapping[str, bool]) -> Answer:
    body = {"status": _word(up), "parts": {name: _word(each) for name, each in parts.items()}}
    return answer(body, 200 if up else 503)


def _word(up: bool) -> str:
    return "up" if up else "down"


async def _answers(check: Check) -> bool:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await check()
    except (Down, LogUnavailable, LogBroken, BoardUnavailable, CatalogueBroken, FilesBroken, TimeoutError):
        return False
    return True
