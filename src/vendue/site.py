"""What an api process serves: bids and the live feed beside the ordinary routes, as one ASGI application."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import structlog

from vendue import traces
from vendue.api.access import Access
from vendue.api.app import ApiSettings, build
from vendue.api.asgi import Receive, Response, Scope, Send, error_response, header_text, headers_of, respond_error
from vendue.api.auth import Door
from vendue.api.bids import READING, Bids
from vendue.api.conversation import PATH as LIVE
from vendue.api.conversation import LiveSettings
from vendue.api.desk import Desk
from vendue.api.errors import ApiError
from vendue.api.health import Health
from vendue.api.hub import Hub
from vendue.api.limits import Buckets
from vendue.api.live import Live
from vendue.api.roles import make_roles
from vendue.api.signing import Signer
from vendue.api.tokens import Tokens
from vendue.api.uploads import UploadLimits
from vendue.board.port import Board
from vendue.catalogue.port import Catalogue
from vendue.files.port import FileStore
from vendue.log.port import Log
from vendue.mail.port import Mail
from vendue.settings import Settings

_log = structlog.get_logger()


class Part(Protocol):
    """What runs as long as its process."""

    async def run(self) -> None:
        """Until cancelled; raises where it cannot go on."""
        ...


class Site:
    """`desk` is where others in this process may ask; `parts` run beside the application."""

    def __init__(
        self,
        settings: Settings,
        secret: str,
        signer: Signer,
        *,
        log: Log,
        board: Board,
        catalogue: Catalogue,
        files: FileStore,
        mail: Mail,
        health: Health,
    ) -> None:
        self.desk = Desk(log, board)
        self._catalogue = catalogue
        self._access = Access(catalogue, settings.token_ttl_s)
        tokens = Tokens(secret, settings.token_ttl_s)
        door = Door(tokens, self._access)
        self._hub = Hub(board, catalogue, log)
        limit = Buckets(settings.bid_rate, settings.bid_burst)
        self._bids = Bids(self.desk, door, signer, limit, settings.max_body_bytes)
        self._requests, self._most_requests = 0, settings.max_requests_at_once
        self.live = Live(self._hub, self._bids, door, _live_settings(settings))
        self._routes, recovery = build(
            catalogue=catalogue,
            board=board,
            desk=self.desk,
            files=files,
            tokens=tokens,
            access=self._access,
            signer=signer,
            mail=mail,
            settings=_api_settings(settings),
            health=health,
        )
        self.parts: Sequence[Part] = (self.desk, self._access, self._hub, self.live, recovery)

    async def open(self) -> None:
        """Before anything is served."""
        await self.desk.open()
        await self._hub.open()
        await make_roles(self._catalogue)
        await self._access.refresh()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        path = scope["path"]
        if path.startswith(LIVE + "/") and scope["method"] == "GET":
            await self.live(scope, receive, send)
            return
        if self._requests >= self._most_requests:
            await respond_error(send, _too_many())
            return
        self._requests += 1
        request = _traced(scope["method"], headers_of(scope)) if traces.tracer is not None else None
        try:
            if path == "/api/bids" and scope["method"] not in READING:
                await self._bids(scope, receive, send)
            else:
                await self._routes(scope, receive, send)  # type: ignore[arg-type]  # the framework's own ASGI types
        finally:
            self._requests -= 1
            if request is not None:
                request.end()

    def take_bid(self, headers: Mapping[bytes, bytes], body: bytes, respond: Callable[[Response], None]) -> None:
        """POST /api/bids from a server that calls without a task; `respond` is called once."""
        if self._requests >= self._most_requests:
            respond(error_response(_too_many()))
            return
        self._requests += 1
        request = _traced("POST /api/bids", headers) if traces.tracer is not None else None

        def responded(response: Response) -> None:
            self._requests -= 1
            respond(response)
            if request is not None:
                request.end(response[0])

        try:
            self._bids.take(headers, body, responded)
        except Exception:  # noqa: BLE001  # whatever it is, it gets an answer
            _log.exception("request_failed", method="POST", path="/api/bids")
            responded(error_response(ApiError(500)))


def _traced(name: str, headers: Mapping[bytes, bytes]) -> traces.Request:
    return traces.Request(name, header_text(headers.get(b"traceparent")) or "")


def _too_many() -> ApiError:
    return ApiError(503, "Too many requests at once.", headers={"Retry-After": "1"})


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
        downloads_at_once=settings.max_downloads,
        downloads_per_address=settings.max_downloads_per_address,
        photos_at_once=-(-settings.max_requests_at_once // 2),
        photos_per_address=-(-settings.max_requests_at_once // 4),
    )


def _live_settings(settings: Settings) -> LiveSettings:
    return LiveSettings(
        connections=settings.max_connections,
        connections_per_address=settings.max_connections_per_address,
        subscriptions=settings.max_subscriptions,
        frame_bytes=settings.max_frame_bytes,
        message_rate=settings.message_rate,
        message_burst=settings.message_burst,
    )
