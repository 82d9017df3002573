"""Settings -> adapters -> a running system. The only file that names an adapter."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog
from msgspec import Raw
from msgspec.json import encode
from prometheus_client import REGISTRY
from sqlalchemy import URL

from vendue.api.access import Access
from vendue.api.app import ApiSettings, build
from vendue.api.asgi import Receive, Response, Scope, Send, error_response, respond_error
from vendue.api.auth import Door
from vendue.api.bids import READING, Bids
from vendue.api.desk import Desk
from vendue.api.errors import ApiError
from vendue.api.hub import Hub
from vendue.api.limits import Buckets
from vendue.api.live import PATH as LIVE
from vendue.api.live import Live, LiveSettings
from vendue.api.roles import make_roles
from vendue.api.tokens import Tokens
from vendue.api.uploads import UploadLimits
from vendue.audit import Line, Wrong
from vendue.board.memory import MemoryBoard
from vendue.board.port import Board, BoardUnavailable
from vendue.board.redis import RedisBoard
from vendue.board.redis_store import BadBoard
from vendue.catalogue.mongo import MongoCatalogue
from vendue.catalogue.port import Catalogue, CatalogueBroken
from vendue.catalogue.sql import SqlCatalogue
from vendue.engine import Engine
from vendue.files.folder import FolderFiles
from vendue.files.port import FilesBroken, FileStore
from vendue.files.s3 import Bucket, S3Files
from vendue.log.port import Log, LogBroken, LogUnavailable
from vendue.log.sqlite import SqliteLog
from vendue.log.sqlite_file import read_auction
from vendue.mail.port import Mail
from vendue.mail.printed import PrintedMail
from vendue.mail.smtp import SmtpMail
from vendue.projector import Projector, check_log
from vendue.rules.evidence import read
from vendue.settings import BadSetting, Settings

SECRET_BYTES = 32
_ADVICE = "put it back from the backup, or remove it: a new one is made, and everyone has to sign in again."
_log = structlog.get_logger()


class System:
    """The whole in one process: parts that run, and the application that serves them."""

    def __init__(
        self, settings: Settings, log: Log, board: Board, catalogue: Catalogue, secret: str, say: Callable[[str], None]
    ) -> None:
        self.log, self.board, self.catalogue = log, board, catalogue
        self.files = open_files(settings)
        self.engine = Engine(log, board)
        self.desk = Desk(log, board)
        self._projector = Projector(log, catalogue)
        self._access = Access(catalogue, settings.token_ttl_s)
        tokens = Tokens(secret, settings.token_ttl_s)
        door = Door(tokens, self._access)
        self._hub = Hub(board, catalogue, log)
        self._bids = Bids(self.desk, door, Buckets(settings.bid_rate, settings.bid_burst), settings.max_body_bytes)
        self._requests, self._most_requests = 0, settings.max_requests_at_once
        self._live = Live(self._hub, self._bids, door, _live_settings(settings))
        self._routes, self._recovery = build(
            catalogue=catalogue,
            board=board,
            desk=self.desk,
            files=self.files,
            tokens=tokens,
            access=self._access,
            mail=_mail(settings, say),
            settings=_api_settings(settings),
            health=self._health,
            metrics=REGISTRY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application: bids and the live feed beside the ordinary routes."""
        path = scope["path"]
        if scope["type"] == "websocket" or (path.startswith(LIVE + "/") and scope["method"] == "GET"):
            await self._live(scope, receive, send)
            return
        if self._requests >= self._most_requests:
            await respond_error(send, _too_many())
            return
        self._requests += 1
        try:
            if path == "/api/bids" and scope["method"] not in READING:
                await self._bids(scope, receive, send)
            else:
                await self._routes(scope, receive, send)  # type: ignore[arg-type]  # the framework's own ASGI types
        finally:
            self._requests -= 1

    def take_bid(self, headers: Mapping[bytes, bytes], body: bytes, respond: Callable[[Response], None]) -> None:
        """POST /api/bids from a server that calls without a task; `respond` is called once."""
        if self._requests >= self._most_requests:
            respond(error_response(_too_many()))
            return
        self._requests += 1

        def responded(response: Response) -> None:
            self._requests -= 1
            respond(response)

        try:
            self._bids.take(headers, body, responded)
        except Exception:  # noqa: BLE001  # whatever it is, it gets an answer
            _log.exception("request_failed", method="POST", path="/api/bids")
            responded(error_response(ApiError(500)))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """All parts run inside; the task ends early, with its reason, where one of them cannot go on."""
        try:
            await check_log(self.log, self.catalogue)
            await self.desk.open()
            await self._hub.open()
            await make_roles(self.catalogue)
            await self._access.refresh()
            parts = asyncio.create_task(self._run_parts())
            try:
                yield parts
            finally:
                parts.cancel()
                await asyncio.gather(parts, return_exceptions=True)
                await self.engine.stop()
        finally:
            await self.log.close()
            await self.board.close()
            await self.catalogue.close()
            await self.files.close()

    async def _run_parts(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for part in (
                    self.engine,
                    self._projector,
                    self.desk,
                    self._access,
                    self._hub,
                    self._live,
                    self._recovery,
                ):
                    group.create_task(part.run())
        except ExceptionGroup as failed:
            # Whoever fails first makes others fail; what the log says of itself is the reason.
            raise (failed.subgroup(LogBroken) or failed).exceptions[0] from None
        finally:
            self.desk.close()

    async def _health(self) -> Mapping[str, bool]:
        return {
            "log": await _answers(self.log.ping),
            "engine": self.engine.ready,
            "board": await _answers(self.board.ping),
            "catalogue": await _answers(self.catalogue.ping),
            "files": await _answers(self.files.ping),
        }


def open_files(settings: Settings) -> FileStore:
    """The store that the settings name; whether it answers, only its use shows. Raises BadSetting."""
    if settings.files == "folder":
        return FolderFiles(Path(settings.data) / "files")
    if (settings.files_key_id is None) != (settings.files_secret is None):
        raise BadSetting("VENDUE_FILES_KEY_ID and VENDUE_FILES_SECRET go together: set both, or none.")
    name, region, endpoint = settings.files.removeprefix("s3://"), settings.files_region, settings.files_endpoint
    return S3Files(Bucket(name, region, endpoint, settings.files_key_id, settings.files_secret))


async def open_board(settings: Settings) -> Board:
    """The board that the settings name; a Redis that does not answer is used as soon as it does. Raises BadSetting."""
    if settings.board == "memory":
        return MemoryBoard()
    try:
        return await RedisBoard.open(settings.board)
    except BadBoard as error:
        raise BadSetting(f"VENDUE_BOARD: {error}.") from None


async def open_catalogue(url: str, forward: bool = True) -> Catalogue:
    """The catalogue at sqlite:///path, postgresql://… or mongodb://…, `forward` as in SqlCatalogue.

    Raises CatalogueBroken.
    """
    if url.startswith(("mongodb://", "mongodb+srv://")):
        return await MongoCatalogue.open(url, forward)
    return await SqlCatalogue.open(url, forward)


@asynccontextmanager
async def catalogue_of(settings: Settings, forward: bool = False) -> AsyncIterator[Catalogue]:
    """The catalogue alone, brought `forward` to this version's schema, as the embedded one always is.

    Raises CatalogueBroken.
    """
    catalogue = await open_catalogue(_catalogue_url(settings), forward or settings.catalogue == "sqlite")
    try:
        yield catalogue
    finally:
        await catalogue.close()


@asynccontextmanager
async def projector_of(settings: Settings) -> AsyncIterator[tuple[Projector, int]]:
    """A projector that does not run, and how many events there are. Raises LogBroken, CatalogueBroken."""
    async with catalogue_of(settings) as catalogue:
        log = SqliteLog(Path(settings.data))
        try:
            yield Projector(log, catalogue), sum((await log.ends("auction-events")).values())
        finally:
            await log.close()


@asynccontextmanager
async def system(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[tuple[System, asyncio.Task[None]]]:
    """A running System on the adapters that the settings name; `say` prints. Raises LogBroken, CatalogueBroken."""
    folder = Path(settings.data)
    async with AsyncExitStack() as opened:
        log = SqliteLog(folder)
        opened.push_async_callback(log.close)
        board = await open_board(settings)
        opened.push_async_callback(board.close)
        catalogue = await open_catalogue(_catalogue_url(settings), forward=settings.catalogue == "sqlite")
        opened.push_async_callback(catalogue.close)
        whole = System(settings, log, board, catalogue, settings.secret or _kept_secret(folder), say)
        opened.pop_all()  # it closes them itself
    async with whole.running() as parts:
        yield whole, parts


def export_lines(settings: Settings, auction: str, also_open: bool) -> Iterator[bytes]:
    """An auction's commands, then its events, as JSON lines; also while the system runs. Raises LogBroken, Wrong."""
    commands, events = read_auction(Path(settings.data), auction)
    if not events:
        raise Wrong(f"There is no auction {auction} in the log; was it listed?")
    if not also_open and read(events[-1].value).body.standing.status in ("scheduled", "live"):
        raise Wrong(f"Auction {auction} is still open, and its export holds hidden maximums; add --open to have it.")
    for record in commands:
        yield encode(Line("bids", *record[:4], Raw(record.value)))
    for record in events:
        yield encode(Line("auction-events", *record[:4], Raw(record.value)))


def _too_many() -> ApiError:
    return ApiError(503, "Too many requests at once.", headers={"Retry-After": "1"})


def _catalogue_url(settings: Settings) -> str:
    if settings.catalogue != "sqlite":
        return settings.catalogue
    folder = Path(settings.data)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return URL.create("sqlite", database=str(folder / "catalogue.db")).render_as_string()


def _kept_secret(folder: Path) -> str:
    """The secret that signs tokens: made once, readable by its owner alone."""
    path = folder / "secret"
    if not path.exists():
        made = folder / "secret.new"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(SECRET_BYTES))
        made.rename(path)  # whole or not at all
    try:
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} cannot be read as text ({error}); {_ADVICE}") from error
    if len(secret) < SECRET_BYTES:
        raise BadSetting(f"{path} holds {len(secret)} characters, and at least {SECRET_BYTES} are needed; {_ADVICE}")
    return secret


def _api_settings(settings: Settings) -> ApiSettings:
    return ApiSettings(
        body_bytes=settings.max_body_bytes,
        sign_in_rate=settings.sign_in_rate,
        sign_in_burst=settings.sign_in_burst,
        address_rate=settings.sign_in_address_rate,
        address_burst=settings.sign_in_address_burst,
        action_rate=settings.action_rate,
        action_burst=settings.action_burst,
        session_ttl_s=settings.session_ttl_s,
        public_url=settings.public_url.rstrip("/"),
        upload=UploadLimits(settings.max_upload_bytes, settings.max_photo_bytes, settings.max_files_per_user),
        upload_rate=settings.upload_rate,
        upload_burst=settings.upload_burst,
        photo_pixels=settings.max_photo_pixels,
    )


def _mail(settings: Settings, say: Callable[[str], None]) -> Mail:
    return PrintedMail(say) if settings.mail == "print" else SmtpMail(settings.mail, settings.mail_from)


def _live_settings(settings: Settings) -> LiveSettings:
    return LiveSettings(
        connections=settings.max_connections,
        connections_per_address=settings.max_connections_per_address,
        subscriptions=settings.max_subscriptions,
        frame_bytes=settings.max_frame_bytes,
        message_rate=settings.message_rate,
        message_burst=settings.message_burst,
    )


async def _answers(ask: Callable[[], Awaitable[object]]) -> bool:
    try:
        async with asyncio.timeout(2):
            await ask()
    except (LogUnavailable, BoardUnavailable, CatalogueBroken, FilesBroken, TimeoutError):
        return False
    return True
