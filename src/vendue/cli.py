"""The command line. Exit 0: done, 1: found wanting, 2: wrong usage; errors are one sentence on stderr."""

import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NOTSENT_LOWAT, create_server, socket
from typing import Literal, get_args

import click
import structlog
import uvicorn
import uvloop
from msgspec.json import encode

from vendue import __version__
from vendue.api.accounts import create_account
from vendue.api.errors import ApiError
from vendue.api.health import Health
from vendue.api.passwords import Passwords
from vendue.api.protocol import LimitedHttp
from vendue.assemble import catalogue_of, projector_of
from vendue.audit import Wrong
from vendue.catalogue.port import CatalogueBroken
from vendue.demo import run_demo
from vendue.exports import act_lines, export_lines
from vendue.file_commands import audit, replay, why
from vendue.importer import BadImport, Given, Importer, read_file
from vendue.loadtest import BadPlan
from vendue.loadtest.command import loadtest
from vendue.log.port import LogBroken, LogUnavailable
from vendue.projector import NotAlone
from vendue.replay import BadFile
from vendue.settings import BadSetting, Settings, read_settings, unknown_variables
from vendue.system import Kind, System, system

GRACE_S = 2
KEEP_ALIVE_S = 75
"""Longer than proxies keep a connection that rests: one that we close may just be given a bid."""
SWITCH_INTERVAL_S = 0.0005
"""How soon a thread that finished a commit gets the interpreter back from the event loop."""
BACKLOG = 2048
UNSENT_BYTES = 32 * 1024
GC_AFTER, GC_AFTER_THOSE, NEVER, GC_WHOLE_EVERY_S = 5_000, 5, 1 << 30, 300
"""New containers between two collections: what bids leave behind holds no cycles, and looking for them costs time.
Looking through all that is old would hold up bids for some 50 ms every few seconds: it is done by the clock."""


@click.group()
@click.version_option(__version__)
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A TOML file of settings.")
@click.pass_context
def cli(context: click.Context, file: Path | None) -> None:
    """Live car auctions."""
    os.umask(0o077)  # whatever is written holds what only its owner may read, also in a folder that others may enter
    context.obj = read_settings(file)
    levels = {"debug": 10, "info": 20, "warning": 30, "error": 40}
    level = levels[context.obj.log_level if context.invoked_subcommand in get_args(Kind) else "warning"]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_StandardError,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )


class _StandardError:
    """Log lines on standard error; one that cannot be written is dropped: a full disk must not end a sale."""

    def msg(self, line: str) -> None:
        with suppress(OSError):
            click.echo(line, err=True)

    debug = info = warning = error = critical = msg


class _OthersLines(logging.Handler):
    """What libraries say goes the way of our own lines."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._event = name.replace("uvicorn.error", "server")

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.levelno >= logging.WARNING:
            structlog.get_logger().log(record.levelno, self._event, said=said, exc_info=record.exc_info)


@cli.command()
@click.option("--demo", is_flag=True, help="Add a sale that bids on itself, and accounts to try it with.")
@click.pass_obj
def run(settings: Settings, demo: bool) -> None:
    """Run the whole system in one process."""
    _start(settings, "run", demo)


@cli.command()
@click.pass_obj
def api(settings: Settings) -> None:
    """Run one of the processes that people and programs talk to."""
    _start(settings, "api")


@cli.command()
@click.pass_obj
def engine(settings: Settings) -> None:
    """Run one of the up to eight processes that decide."""
    _start(settings, "engine")


@cli.command()
@click.option("--rebuild", is_flag=True, help="Make auctions and bids in the catalogue anew, and end.")
@click.pass_obj
def projector(settings: Settings, rebuild: bool) -> None:
    """Run a process that keeps the catalogue as it was decided; what people wrote in it stays."""
    if rebuild:
        uvloop.run(_rebuild(settings))
    else:
        _start(settings, "projector")


def _start(settings: Settings, kind: Kind, demo: bool = False) -> None:
    for variable in unknown_variables():
        structlog.get_logger().warning("setting_unknown", variable=variable, advice="is its name spelled right?")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a watcher is an open file
    for name in ("uvicorn.error", "vendue.kafka", "opentelemetry"):
        logging.getLogger(name).addHandler(_OthersLines(name))
    uvloop.run(_serve(settings, kind, demo))


def listen(host: str, port: int) -> socket:
    """A listening socket. Raises OSError with what to do."""
    try:
        found = create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=BACKLOG)
    except OSError as error:
        reason = error.strerror or error
        raise OSError(f"{host}:{port} cannot be listened on ({reason}); set VENDUE_HOST and VENDUE_PORT.") from error
    # What the kernel holds for a slow watcher can no longer be replaced by the latest standing.
    found.setsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_BYTES)
    return found


async def _serve(settings: Settings, kind: Kind, demo: bool) -> None:
    with listen(settings.host, settings.port) as listening:
        await _serve_on(listening, settings, kind, demo)


async def _serve_on(listening: socket, settings: Settings, kind: Kind, demo: bool) -> None:
    async with system(settings, click.echo, kind) as (whole, parts):
        gc.freeze()
        gc.set_threshold(GC_AFTER, GC_AFTER_THOSE, NEVER)
        quick = {b"/api/bids": whole.site.take_bid} if whole.site else {}
        server = _Server(
            uvicorn.Config(
                whole.app,
                http=partial(LimitedHttp, quick=quick),  # type: ignore[arg-type]  # any factory does
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                ws=whole.site.live.socket if whole.site else "none",  # type: ignore[arg-type]  # any factory does
                ws_max_size=4 * settings.max_frame_bytes,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
            ),
            whole.health,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, server.stop)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve([listening]))
            collecting = group.create_task(_collect())
            selling = group.create_task(_sell(whole, server)) if demo else None
            await asyncio.wait({serving, parts}, return_when=asyncio.FIRST_COMPLETED)
            server.stop()
            collecting.cancel()
            if selling is not None:
                selling.cancel()
        if parts.done():
            parts.result()


async def _collect() -> None:
    """Until cancelled: what old connections left behind in circles goes."""
    while True:
        await asyncio.sleep(GC_WHOLE_EVERY_S)
        gc.collect()


async def _sell(whole: System, server: "_Server") -> None:
    """The demo, once the address is printed: its accounts come after it."""
    await server.listens.wait()
    assert whole.site is not None, "a demo is of the whole"
    await run_demo(whole.catalogue, whole.site.desk, whole.files, click.echo)


class _Server(uvicorn.Server):
    """Says where it listens; leaves signals to us, so that what runs beside it is stopped in order too."""

    def __init__(self, config: uvicorn.Config, health: Health) -> None:
        super().__init__(config)
        self._health = health
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        assert sockets, "it serves on the socket that it is given"
        host, port = sockets[0].getsockname()[:2]
        here = ip_address(host).is_loopback or ip_address(host).is_unspecified
        click.echo(f"vendue: http://{'localhost' if here else host}:{port}")
        self.listens.set()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # ours need no generator
        return nullcontext()

    def stop(self) -> None:
        self._health.stopping = self.should_exit = True


@cli.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the catalogue's schema forward to this version; the embedded one does it by itself."""
    asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    async with catalogue_of(settings, forward=True):
        pass


async def _rebuild(settings: Settings) -> None:
    async with projector_of(settings) as (projector, events):
        with click.progressbar(length=events, label="projecting events", file=sys.stderr) as bar:
            await projector.rebuild(bar.update)
    click.echo(encode({"events": events}).decode())


@cli.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--username", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(["authenticated", "seller", "auctioneer", "admin"]), required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@click.pass_obj
def create_user(settings: Settings, username: str, email: str, role: str, password_stdin: bool) -> None:
    """Create an account; prints its id."""
    assert password_stdin, "the option is required"
    password = sys.stdin.readline().rstrip("\n")
    click.echo(asyncio.run(_create_user(settings, username, email, role, password)))


async def _create_user(settings: Settings, username: str, email: str, role: str, password: str) -> str:
    async with catalogue_of(settings) as catalogue:
        row = await create_account(catalogue, Passwords(), username, email, password, role=role)
        return str(row["documentId"])


@cli.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--type", "kind", type=click.Choice(["cars", "users", "auctions"]), required=True)
@click.pass_obj
def import_file(settings: Settings, file: Path, kind: Literal["cars", "users", "auctions"]) -> None:
    """Put the rows of a CSV or JSON lines file into the catalogue; what is there already stays as it is."""
    total = sum(1 for _ in read_file(file))
    counts = asyncio.run(_import(settings, read_file(file), kind, total))
    click.echo(encode(counts).decode())
    if counts["bad"]:
        raise Wrong(f"{counts['bad']} of {total} rows were left out; mend them and import the file again.")


async def _import(
    settings: Settings, rows: Iterator[Given], kind: Literal["cars", "users", "auctions"], total: int
) -> dict[str, int]:
    counts = {"created": 0, "there": 0, "bad": 0}
    async with catalogue_of(settings) as catalogue:
        with click.progressbar(length=total, label=f"importing {kind}", file=sys.stderr) as bar:
            async for outcome in Importer(catalogue, kind, Passwords()).run(rows):
                counts[outcome.done] += 1
                if outcome.faults:
                    click.echo(f"\nline {outcome.line}: {'; '.join(outcome.faults)}", err=True)
                bar.update(1)
    return counts


@cli.command()
@click.option("--auction", help="The auction's id.")
@click.option(
    "--open", "also_open", is_flag=True, help="Also one that is still open: the export holds hidden maximums."
)
@click.option("--audit-log", "acts", is_flag=True, help="Instead of an auction, what those in charge did.")
@click.pass_obj
def export(settings: Settings, auction: str | None, also_open: bool, acts: bool) -> None:
    """Write an auction's commands and events as JSON lines, for the auditor; or the audit log."""
    if (auction is not None) == acts:
        raise click.UsageError("Give --auction ID, or --audit-log.")
    asyncio.run(_export(act_lines(settings) if auction is None else export_lines(settings, auction, also_open)))


async def _export(lines: AsyncIterator[bytes]) -> None:
    async for line in lines:
        sys.stdout.buffer.write(line + b"\n")


for _command in (audit, replay, why):
    cli.add_command(_command)


cli.add_command(loadtest)


def main() -> None:
    """The `vendue` command."""
    try:
        cli(standalone_mode=False)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BadSetting as error:
        _say(str(error))
        sys.exit(2)
    except ApiError as error:
        faults = [each["message"] for each in error.details.get("errors", [])]
        _say("; ".join(faults) or error.message)
        sys.exit(1)
    except (BadPlan, LogBroken, LogUnavailable, CatalogueBroken, NotAlone, BadFile, BadImport, Wrong, OSError) as error:
        _say(str(error))
        sys.exit(1)


def _say(error: str) -> None:
    click.echo(f"vendue: {' '.join(error.split())}", err=True)  # servers' own words may have lines


if __name__ == "__main__":
    main()
