"""What runs in one process: all of it, or one of the three that a distributed sale is made of."""

import asyncio
from asyncio import Task
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Literal

import structlog
from litestar import Litestar
from prometheus_client import REGISTRY

from vendue import traces
from vendue.advice import advice_for
from vendue.api.health import Check, Down, Health, status_app
from vendue.assemble import (
    catalogue_of,
    check_shared,
    open_board,
    open_files,
    open_log,
    open_mail,
    secret_of,
    signer_of,
)
from vendue.board.port import Board
from vendue.catalogue.port import Catalogue
from vendue.engine import Engine
from vendue.files.port import FileStore
from vendue.log.port import Log, LogBroken
from vendue.projector import Projector, check_log
from vendue.settings import Settings
from vendue.site import Part, Site

Kind = Literal["run", "api", "engine", "projector"]
STOP_WITHIN_S = 8.0
"""Whatever is silent then; with what requests are given before, orchestrators have to wait a little longer."""
Close = Callable[[], Awaitable[None]]
SERVES, DECIDES, PROJECTS = ("run", "api"), ("run", "engine"), ("run", "projector")
_logger = structlog.get_logger()


class System:
    """A process's parts, and the application that it serves: `site`, or what tells how it is."""

    def __init__(self, settings: Settings) -> None:
        """Use `system`."""
        self.parts: list[Part] = []
        self.checks: dict[str, Check] = {}
        self.needed: list[str] = []
        self.health = Health(self.checks, self.needed, REGISTRY, advice_for(settings))
        self.engine: Engine | None = None
        self.site: Site | None = None
        self.log: Log
        self.board: Board
        self.catalogue: Catalogue
        self.files: FileStore

    @property
    def app(self) -> Site | Litestar:
        """The ASGI application."""
        return self.site or status_app(self.health)

    def watch(self, name: str, check: Check, *, needed: bool = True) -> None:
        """Count a part to this process's health."""
        self.checks[name] = check
        if needed:
            self.needed.append(name)

    async def run(self) -> None:
        """All parts, until cancelled or one of them cannot go on, and why."""
        try:
            async with asyncio.TaskGroup() as group:
                for part in self.parts:
                    group.create_task(part.run())
        except ExceptionGroup as failed:
            # Whoever fails first makes others fail; what the log says of itself is the reason.
            raise (failed.subgroup(LogBroken) or failed).exceptions[0] from None
        finally:
            if self.site is not None:
                await self.site.desk.close()


@asynccontextmanager
async def system(
    settings: Settings, say: Callable[[str], None], kind: Kind = "run"
) -> AsyncIterator[tuple[System, Task[None]]]:
    """A running System on the adapters that the settings name; `say` prints.

    The task ends early, with its reason, where a part cannot go on. Raises BadSetting, LogBroken, LogUnavailable,
    CatalogueBroken.
    """
    check_shared(settings, kind)
    whole, closers = System(settings), list[Close]()
    running: Task[None] | None = None
    try:
        await _open(whole, settings, say, kind, closers)
        running = asyncio.create_task(whole.run())
        yield whole, running
    finally:
        try:
            async with asyncio.timeout(STOP_WITHIN_S):
                await _stop(whole, running, closers)
        except TimeoutError:
            _logger.warning("system.not_closed", after_s=STOP_WITHIN_S)


async def _open(
    whole: System, settings: Settings, say: Callable[[str], None], kind: Kind, closers: list[Close]
) -> None:
    """Open what this kind has; `closers` closes what is open, also where this fails."""
    if settings.traces is not None:
        service = "vendue" if kind == "run" else f"vendue-{kind}"
        closers.append(traces.start(settings.traces, settings.traces_ratio, service))
    whole.log = await open_log(settings)
    closers.append(whole.log.close)
    whole.watch("log", whole.log.ping)
    if kind in SERVES + DECIDES:
        whole.board = await open_board(settings)
        closers.append(whole.board.close)
        whole.watch("board", whole.board.ping, needed=False)
    if kind in SERVES + PROJECTS:
        opened = AsyncExitStack()
        whole.catalogue = await opened.enter_async_context(catalogue_of(settings))
        closers.append(opened.aclose)
        whole.watch("catalogue", whole.catalogue.ping)
    if kind in DECIDES:
        whole.engine = Engine(whole.log, whole.board)
        whole.parts.append(whole.engine)
        whole.watch("engine", _decides(whole.engine))
    if kind in PROJECTS:
        await check_log(whole.log, whole.catalogue)
        whole.parts.append(Projector(whole.log, whole.catalogue))
    if kind in SERVES:
        whole.files = open_files(settings)
        closers.append(whole.files.close)
        whole.watch("files", whole.files.ping, needed=False)
        mail = open_mail(settings, say)
        whole.watch("mail", mail.ping, needed=False)
        whole.site = Site(
            settings,
            secret_of(settings),
            signer_of(settings),
            log=whole.log,
            board=whole.board,
            catalogue=whole.catalogue,
            files=whole.files,
            mail=mail,
            health=whole.health,
        )
        whole.parts += whole.site.parts
        await whole.site.open()


async def _stop(whole: System, running: Task[None] | None, closers: list[Close]) -> None:
    """First whatever works, then what it stands on: all at once, so that one that is silent holds up no other."""
    if running is not None:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if whole.engine is not None:
            await whole.engine.stop()
    ends = await asyncio.gather(*(close() for close in closers), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


def _decides(engine: Engine) -> Check:
    async def check() -> None:
        if engine.fault is not None:
            raise Down(*engine.fault)

    return check
