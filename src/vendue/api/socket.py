"""A websocket of the live feed, as the server's protocol of that connection. See decision 0012."""

import asyncio
import logging
from asyncio import Future, Task, TimerHandle, Transport
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

import structlog
from uvicorn import Config
from uvicorn.protocols.utils import get_remote_addr
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from vendue.api.conversation import PATH, Conversation
from vendue.api.errors import ApiError, error_body
from vendue.api.hub import Hub
from vendue.api.limits import Places
from vendue.api.watcher import Watcher, text_frame

REPLIES_AT_ONCE = 200
READ_BYTES = 2048
"""Parsed before others have their turn: frames of no content have six bytes."""
CLOSE_WITHIN_S = 10.0

_DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)

_log = structlog.get_logger()
_server_log = logging.getLogger("uvicorn.error")


class Socket(asyncio.Protocol):
    """What is sent goes straight to the transport while the kernel takes it all, and else waits in the watcher. A task
    runs only while there is something to answer.

    `open_sockets`: where it is while it is open. The parser of what comes, handshake and closing are the library's.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        hub: Hub,
        places: Places,
        converse: Callable[[Watcher], Conversation],
        open_sockets: set["Socket"],
    ) -> None:
        self._ping_every_s = config.ws_ping_interval or float("inf")
        self._pong_within_s = config.ws_ping_timeout or float("inf")
        self._connections, self._hub, self._places = server_state.connections, hub, places
        self._converse, self._open_sockets = converse, open_sockets
        self._loop = asyncio.get_running_loop()
        self._library = ServerProtocol(max_size=config.ws_max_size, logger=_server_log)
        self._watcher: Watcher | None = None
        self._conversation: Conversation
        self._task: Task[None] | None = None
        self._unread, self._inbox = bytearray(), deque[bytes]()
        self._message, self._is_text = bytearray(), False
        self._full, self._control = False, b""
        self._room: Future[None] | None = None
        self._heard_at = self._pinged_at = self._loop.time()
        self._closer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # it is one
        self._transport = transport
        transport.set_write_buffer_limits(high=0)  # so that we are told whenever the kernel does not take it all
        self._address = (get_remote_addr(transport) or ("", 0))[0]
        self._connections.add(self)  # type: ignore[arg-type]  # what is asked of them is `shutdown`

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        if self._closer is not None:
            return
        if self._watcher is None:
            self._shake_hands(data)
        elif self._task is None and len(data) <= READ_BYTES:
            self._read(data)
        else:
            self._unread += data
            self._transport.pause_reading()
        if (self._inbox or self._unread) and self._task is None:
            self._task = self._loop.create_task(self._answer())

    def _shake_hands(self, request: bytes) -> None:
        library = self._library
        library.receive_data(request)
        for event in library.events_received():
            assert isinstance(event, Request), "a handshake begins with its request"
            response = library.accept(event)
            if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
                try:
                    if unquote(event.path.partition("?")[0]) != PATH:
                        raise ApiError(404, f"The live feed is at {PATH}.")
                    self._places.take(self._address)
                    self._watcher = self._hub.join()
                except ApiError as error:
                    response = _refusal(error)
            library.send_response(response)
        self._send_own()
        if self._watcher is not None:
            self._conversation = self._converse(self._watcher)
            self._watcher.write = self._transport.write
            self._open_sockets.add(self)

    def _read(self, data: bytes) -> None:
        """Take messages out of these bytes; answer what is the protocol's own."""
        self._library.receive_data(data)
        for frame in self._library.events_received():
            assert isinstance(frame, Frame), "there is one request"
            if frame.opcode in _DATA:
                self._collect(frame)
        self._send_own()

    def _collect(self, frame: Frame) -> None:
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        self._message += frame.data
        if not frame.fin:
            return
        message, self._message = bytes(self._message), bytearray()
        if self._is_text and not _is_utf8(message):
            self._library.fail(CloseCode.INVALID_DATA)
        else:
            self._inbox.append(message)

    def _send_own(self) -> None:
        """What the protocol itself has to say: the handshake's response, pongs, pings, a close."""
        said = self._library.data_to_send()
        if self._full and self._library.state is OPEN:
            self._control = said[-1] if said else self._control  # who does not read is owed the last one
            return
        self._transport.write(b"".join(said))
        if self._library.state is not OPEN:
            self._be_silent()
            if self._transport.can_write_eof():
                self._transport.write_eof()  # closed before he sends no more, he might never hear why
            else:
                self._transport.close()

    def _be_silent(self) -> None:
        """Nothing more is told or heard; he has some time to go."""
        self._inbox.clear()
        self._unread.clear()
        if self._watcher is not None:
            self._watcher.write = None
        if self._closer is None:
            self._closer = self._loop.call_later(CLOSE_WITHIN_S, self._transport.abort)

    async def _answer(self) -> None:
        """All that came, in order, a little at a time."""
        assert self._watcher is not None, "it shook hands"
        try:
            while self._inbox or self._unread:
                if not self._inbox:
                    data = bytes(self._unread[:READ_BYTES])
                    del self._unread[:READ_BYTES]
                    self._read(data)
                    await asyncio.sleep(0)
                    continue
                await self._conversation.handle(self._inbox.popleft())
                if self._watcher.behind > REPLIES_AT_ONCE:  # who does not read is not read
                    self._room = self._loop.create_future()
                    await self._room
        except Exception:  # noqa: BLE001  # whatever it is, the connection ends by it and no other does
            _log.exception("socket_failed")
            self._fail(CloseCode.INTERNAL_ERROR)
        finally:
            self._task = None
        self._transport.resume_reading()

    def pause_writing(self) -> None:
        self._full = True
        if self._watcher is not None:
            self._watcher.write = None

    def resume_writing(self) -> None:
        self._full = False
        watcher, transport = self._watcher, self._transport
        if watcher is None or self._library.state is not OPEN or transport.is_closing():
            return
        if self._control:
            transport.write(self._control)
            self._control = b""
        while not self._full and not self._is_done() and (waiting := watcher.next()) is not None:
            transport.write(text_frame(waiting[1]))
        if not watcher.behind and self._room is not None and not self._room.done():
            self._room.set_result(None)
        if self._is_done():
            self._fail(CloseCode.POLICY_VIOLATION)
        elif not self._full:
            watcher.write = transport.write

    def _is_done(self) -> bool:
        return self._watcher is not None and self._watcher.finished and not self._watcher.behind

    def recheck(self, now_s: float) -> None:
        """Now and then: whether he may still hear, and is still there."""
        if self._library.state is not OPEN:
            return
        self._conversation.recheck()
        if self._is_done():
            self._fail(CloseCode.POLICY_VIOLATION)
        elif self._pinged_at > self._heard_at:
            if now_s - self._pinged_at >= self._pong_within_s:
                self._fail(CloseCode.INTERNAL_ERROR, "keepalive ping timeout")
        elif now_s - self._heard_at >= self._ping_every_s:
            self._pinged_at = now_s
            self._library.send_ping(b"")
            self._send_own()

    def _fail(self, code: CloseCode, reason: str = "") -> None:
        if self._library.state is OPEN:
            self._library.fail(code, reason)
            self._send_own()

    def shutdown(self) -> None:
        """The server stops, and waits for nobody who does not read."""
        if self._full:
            self._transport.abort()
        else:
            self._fail(CloseCode.SERVICE_RESTART)
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # it is gone, whatever it is
        self._connections.discard(self)
        self._be_silent()
        assert self._closer is not None, "it is silent"
        self._closer.cancel()
        if self._watcher is None:
            return
        self._open_sockets.discard(self)
        self._conversation.close()
        if self._task is None:
            self._leave()
        else:  # what it does must be done before all of it is undone
            self._task.add_done_callback(self._leave)
            self._task.cancel()

    def _leave(self, _: Task[None] | None = None) -> None:
        assert self._watcher is not None, "it entered"
        self._hub.leave(self._watcher)
        self._places.give_back(self._address)


def _is_utf8(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refusal(error: ApiError) -> Response:
    body = error_body(error.status, error.name, error.message, error.details)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    return Response(error.status, HTTPStatus(error.status).phrase, Headers({**headers, **error.headers}), body)
