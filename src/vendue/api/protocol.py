"""The server's HTTP protocol: limits on what a stranger sends before his request is whole, and a short way for bids."""

from asyncio import TimerHandle, Transport
from collections.abc import Callable, Mapping
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from vendue.api.asgi import JSON_HEADERS, Response

MAX_HEAD_BYTES = 64 * 1024
WHOLE_WITHIN_S = 30.0

Quick = Callable[[Mapping[bytes, bytes], bytes, Callable[[Response], None]], None]
"""Takes a request's headers, its whole body, and whom to call with the response."""
_JSON_HEAD = b"".join(b"%b: %b\r\n" % header for header in JSON_HEADERS)


class _QuickCycle:
    """Stands where uvicorn has its cycle of one request and response; it needs no task and no event."""

    def __init__(self, protocol: "LimitedHttp", keep_alive: bool) -> None:
        self._protocol, self.keep_alive = protocol, keep_alive
        self.body = bytearray()
        self.more_body = True
        self.disconnected = False
        self.response_complete = False
        self.message_event = self  # nobody waits for what uvicorn announces by it

    def set(self) -> None:
        """As of an event."""

    def respond(self, response: Response) -> None:
        """Write it, whole."""
        if self.disconnected:
            return
        status, body, headers = response
        protocol = self._protocol
        head = [STATUS_LINE[status]]
        for name, value in (*protocol.server_state.default_headers, *headers):
            head.append(b"%b: %b\r\n" % (name, value))
        if not self.keep_alive:
            head.append(b"connection: close\r\n")
        head.append(b"%bcontent-length: %d\r\n\r\n%b" % (_JSON_HEAD, len(body), body))
        protocol.transport.write(b"".join(head))
        self.response_complete = True
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()


class LimitedHttp(HttpToolsProtocol):
    """uvicorn's, but a request's head has MAX_HEAD_BYTES, and WHOLE_WITHIN_S to arrive with all of its body.

    POST to a path of `quick` is a call without a task, where the request is an ordinary one: of known, small size,
    alone on its connection, from a client who reads his answers. Any other goes to the application.
    """

    def __init__(self, *arguments: Any, quick: Mapping[bytes, Quick], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._quick = quick
        self._quick_cycle: _QuickCycle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in the class above
        super().connection_made(transport)
        self._in_head, self._whole, self._head_bytes = True, False, 0
        self._timer: TimerHandle | None = self.loop.call_later(WHOLE_WITHIN_S, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response(f"A request's line and headers have {MAX_HEAD_BYTES} bytes at most.")
            return
        self._head_bytes += len(data)
        super().data_received(data)
        if self._whole:
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(WHOLE_WITHIN_S, self.transport.close)

    def on_message_begin(self) -> None:
        self._in_head, self._whole, self._head_bytes = True, False, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self.url in self._quick and self._is_ordinary():
            self._quick_cycle = _QuickCycle(self, self.parser.should_keep_alive())
            self.cycle = self._quick_cycle  # type: ignore[assignment]  # it stands in its place
        else:
            self._quick_cycle = None
            super().on_headers_complete()

    def _is_ordinary(self) -> bool:
        parser = self.parser
        if parser.get_method() != b"POST" or parser.get_http_version() != "1.1" or parser.should_upgrade():
            return False
        if self.expect_100_continue or self.flow.write_paused:
            return False
        before: Any = self.cycle
        if before is not None and not before.response_complete:
            return False
        lengths = [value for name, value in self.headers if name == b"content-length"]
        return len(lengths) == 1 and lengths[0].isdigit() and int(lengths[0]) <= HIGH_WATER_LIMIT

    def on_message_complete(self) -> None:
        self._whole = True
        super().on_message_complete()
        cycle = self._quick_cycle
        if cycle is not None:
            self._quick[self.url](dict(self.headers), bytes(cycle.body), cycle.respond)

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        self._whole = True
        self._stop_timer()
        super().handle_websocket_upgrade()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
