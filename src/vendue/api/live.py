"""The live feed: websockets at /api/live, and server-sent events of one auction at /api/live/ID."""

import asyncio
import re
from contextlib import suppress
from typing import Any

from uvicorn import Config
from uvicorn.server import ServerState

from vendue.api.asgi import Receive, Scope, Send, header_text, headers_of, respond_error
from vendue.api.auth import Door
from vendue.api.bids import AUCTION_ID, Bids
from vendue.api.conversation import PATH, Conversation, LiveSettings
from vendue.api.errors import ApiError
from vendue.api.headers import SECURITY_HEADERS
from vendue.api.hub import Hub
from vendue.api.limits import Places
from vendue.api.socket import Socket
from vendue.api.watcher import Watcher
from vendue.catalogue.port import CatalogueBroken

RECHECK_EVERY_S = 0.5
KEEP_ALIVE_S = 15.0

_auction_id = re.compile(AUCTION_ID)


class Live:
    """Serves watchers: an ASGI application for streams, and `socket` for uvicorn's `ws`."""

    def __init__(self, hub: Hub, bids: Bids, door: Door, settings: LiveSettings) -> None:
        self._hub, self._bids, self._door, self._settings = hub, bids, door, settings
        self._places = Places("live connections", settings.connections, settings.connections_per_address)
        self._sockets: set[Socket] = set()

    async def run(self) -> None:
        """Until cancelled: sign out those whose token ran out or who were blocked, and see who is still there."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(RECHECK_EVERY_S)
            for socket in list(self._sockets):
                socket.recheck(loop.time())

    def socket(self, config: Config, server_state: ServerState, **_: Any) -> Socket:
        """The protocol of a connection that asks for a websocket."""
        return Socket(config, server_state, self._hub, self._places, self._converse, self._sockets)

    def _converse(self, watcher: Watcher) -> Conversation:
        return Conversation(self._hub, self._bids, self._door, self._settings, watcher)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET /api/live/ID."""
        address = (scope.get("client") or ("", 0))[0]
        try:
            self._places.take(address)
        except ApiError as error:
            await respond_error(send, error)
            return
        watcher = self._hub.join()
        try:
            await self._stream(watcher, scope, receive, send)
        finally:
            self._hub.leave(watcher)
            self._places.give_back(address)

    async def _stream(self, watcher: Watcher, scope: Scope, receive: Receive, send: Send) -> None:
        auction = scope["path"].removeprefix(PATH).strip("/")
        last = header_text(headers_of(scope).get(b"last-event-id")) or ""
        since = {auction: int(last)} if re.fullmatch("[0-9]{1,15}", last) else {}
        try:
            unknown = not _auction_id.match(auction) or await self._hub.subscribe(watcher, [auction], since)
        except CatalogueBroken:
            await respond_error(send, ApiError(503, headers={"Retry-After": "5"}))
            return
        if unknown:
            await respond_error(send, ApiError(404, "There is no such auction."))
            return
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), *SECURITY_HEADERS]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        sender = asyncio.create_task(_pump_events(watcher, send))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender


async def _pump_events(watcher: Watcher, send: Send) -> None:
    await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
    while True:
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                seq, text = await watcher.take()
            body = b"id: %d\ndata: %b\n\n" % (seq, text)
        except TimeoutError:
            body = b": still here\n\n"
        await send({"type": "http.response.body", "body": body, "more_body": True})
