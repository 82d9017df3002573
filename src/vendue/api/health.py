"""Whether this process runs, whether it takes work, and which of its parts are up."""

import asyncio
from asyncio import Task
from collections.abc import Awaitable, Callable, Collection, Mapping

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from vendue.api.bodies import answer
from vendue.api.errors import EXCEPTION_HANDLERS, Answer
from vendue.api.headers import add_security_headers
from vendue.api.service import get
from vendue.board.port import BoardUnavailable
from vendue.catalogue.port import CatalogueBroken
from vendue.files.port import FilesBroken
from vendue.log.port import LogBroken, LogUnavailable
from vendue.mail.port import MailBroken

ANSWER_WITHIN_S = 2.0
KEEP_S = 1.0
"""How long an answer is good for all who ask: these routes are open, and each part would be asked as often as they."""
_METRICS = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # which the framework adds


class Fault(Struct, frozen=True):
    """Why a part is down and what to do about it, in words, for whoever runs it."""

    detail: str
    advice: str


class Down(Exception):
    """A part of our own does not do its work; `advice` says what to do, where the check knows."""

    def __init__(self, detail: str = "It does not do its work.", advice: str = "") -> None:
        super().__init__(detail)
        self.advice = advice


Check = Callable[[], Awaitable[None]]
"""Returns where a part is up; raises Down or what its port raises, or does not answer."""


class Health:
    """The routes by which a process is looked after.

    `needed`: the parts without which it takes no work; `advice`: what to do about a part where its error does not say.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        needed: Collection[str],
        metrics: CollectorRegistry,
        advice: Mapping[str, str],
    ) -> None:
        self._checks, self._needed, self._metrics, self._advice = checks, needed, metrics, advice
        self.stopping = False
        self._asked: dict[str, tuple[float, Task[Fault | None]]] = {}
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
        return _told(await self.parts(self._checks))

    async def live(self) -> Answer:
        """That the process runs and its loop turns."""
        return _told({})

    async def ready(self) -> Answer:
        """503 while it starts, stops, or lacks a part that it needs."""
        if self.stopping:
            return answer({"status": "stopping", "parts": {}}, 503)
        return _told(await self.parts(self._needed))

    async def metrics(self) -> Answer:
        """Prometheus's text format."""
        return Response(generate_latest(self._metrics), media_type=_METRICS)

    async def parts(self, names: Collection[str]) -> dict[str, Fault | None]:
        """What is wrong with each of these, or was when it was last asked, at most KEEP_S ago."""
        answers = await asyncio.gather(*(asyncio.shield(self._answer(name)) for name in names))
        return dict(zip(names, answers, strict=True))

    def _answer(self, name: str) -> Task[Fault | None]:
        now = asyncio.get_running_loop().time()
        at, answer = self._asked.get(name, (0.0, None))
        if answer is None or now - at >= KEEP_S:
            answer = asyncio.create_task(_fault(self._checks[name], self._advice.get(name, "")))
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


def _told(parts: Mapping[str, Fault | None]) -> Answer:
    words = {name: "up" if fault is None else "down" for name, fault in parts.items()}
    faults = {name: fault for name, fault in parts.items() if fault is not None}
    if not faults:
        return answer({"status": "up", "parts": words}, 200)
    return answer({"status": "down", "parts": words, "faults": faults}, 503)


async def _fault(check: Check, advice: str) -> Fault | None:
    """What is wrong with a part. What a database says of itself may name addresses, and stays in the log."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await check()
    except (Down, LogUnavailable) as error:
        return Fault(str(error), error.advice or advice)
    except LogBroken:
        return Fault("The log cannot go on; whether its last records are in it is unknown.", advice)
    except BoardUnavailable as error:
        return Fault(f"Redis: {error}.", advice)
    except (CatalogueBroken, FilesBroken, MailBroken):
        return Fault("It does not answer, or does not do what is asked of it.", advice)
    except TimeoutError:
        return Fault(f"It did not answer within {ANSWER_WITHIN_S:g} s.", advice)
    return None
