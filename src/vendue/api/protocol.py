"""The server's HTTP protocol: limits on what a stranger sends before his request is whole, and on how slowly he takes
what he asked for; and a short way for bids.
"""

from asyncio import TimerHandle, Transport
from collections.abc import Callable, Mapping
from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from vendue.api.asgi import JSON_HEADERS, Response
from vendue.api.errors import error_body

RUBBISH = "This is no HTTP request, or one that contradicts itself."
MAX_HEAD_BYTES = 64 * 1024
WHOLE_WITHIN_S = 30.0
UPLOAD = b"/api/upload"
UPLOAD_WITHIN_S = 300.0
"""Photos take their time from a yard with a weak signal."""
TAKEN_WITHIN_S = 30.0
TAKEN_BYTES = 16 * 1024
"""Of what waits for a client this much has to go in each TAKEN_WITHIN_S, or all of it: six at once on the slowest of
phone networks, 10 kB/s, are three times as fast."""

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
    """uvicorn's, but a request's head has MAX_HEAD_BYTES, and WHOLE_WITHIN_S to arrive with all of its body; one
    to UPLOAD has UPLOAD_WITHIN_S from the end of its head. Who takes responses more slowly than TAKEN_BYTES in
    TAKEN_WITHIN_S loses his connection.

    POST to a path of `quick` is a call without a task, where the request is an ordinary one: of known, small size,
    alone on its connection, from a client who reads his answers. Any other goes to the application.
    """

    def __init__(self, *arguments: Any, quick: Mapping[bytes, Quick], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._quick = quick
        self._quick_cycle: _QuickCycle | None = None
        self._before: Any = None
        self._refused = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as in the class above
        super().connection_made(transport)
        self._in_head, self._whole, self._head_bytes = True, False, 0
        self._timer: TimerHandle | None = self.loop.call_later(WHOLE_WITHIN_S, transport.close)
        self._patience: TimerHandle | None = None
        transport.set_write_buffer_limits(high=0)  # so that we are told whenever the kernel does not take it all

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._stop_patience()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_head and self._head_bytes > MAX_HEAD_BYTES:
            self.send_400_response(f"A request's line and headers have {MAX_HEAD_BYTES} bytes at most.")
            return
        self._head_bytes += len(data)
        self._unset_keepalive_if_required()
        try:
            self._feed(data)
        except HttpParserError:
            self._refuse()
            return
        if self._whole:
            self._stop_timer()
        elif self._timer is None:
            self._timer = self.loop.call_later(WHOLE_WITHIN_S, self.transport.close)

    def _feed(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                if self._should_upgrade():
                    self.handle_websocket_upgrade()
                    return
                data = self._without_upgrade() + data[upgrade.args[0] :]
            else:
                return

    def _without_upgrade(self) -> bytes:
        """The head just read, as of a client who did not offer to speak something else: he is answered all the same.

        The parser has taken the body for that other protocol's, so another one begins anew.
        """
        if self.parser.get_method() == b"CONNECT":
            raise HttpParserError("this is no proxy")
        head = [b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())]
        head += [b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"".join(head) + b"\r\n"

    def _refuse(self) -> None:
        """What came is no request. Those before it are answered first, then the connection is closed."""
        self._stop_timer()
        last: Any = self.cycle
        if last is not None and last.more_body:  # its body is what is wrong
            if self.pipeline and self.pipeline[0][0] is last:
                self.pipeline.popleft()
            last = self.pipeline[0][0] if self.pipeline else self._before
        if last is None or last.response_complete:
            self.logger.warning(RUBBISH)
            self.send_400_response(RUBBISH)
        else:
            last.keep_alive = False
            self._refused = True

    def send_400_response(self, msg: str) -> None:
        """In the shape of every error, which uvicorn does not know."""
        body = error_body(400, "BadRequestError", msg, {})
        head = b"%bconnection: close\r\ncontent-length: %d\r\n\r\n" % (_JSON_HEAD, len(body))
        self.transport.write(STATUS_LINE[400] + head + body)
        self.transport.close()

    def on_message_begin(self) -> None:
        self._in_head, self._whole, self._head_bytes = True, False, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if self._offers_in_vain():
            return  # comes again (_without_upgrade)
        self._before = self.cycle
        if self.url in self._quick and self._is_ordinary():
            self._quick_cycle = _QuickCycle(self, self.parser.should_keep_alive())
            self.cycle = self._quick_cycle  # type: ignore[assignment]  # it stands in its place
        else:
            self._quick_cycle = None
            super().on_headers_complete()
            if self.url.partition(b"?")[0] == UPLOAD:
                self._give(UPLOAD_WITHIN_S)

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
        if self._offers_in_vain():
            return
        self._whole = True
        super().on_message_complete()
        cycle = self._quick_cycle
        if cycle is not None:
            self._quick[self.url](dict(self.headers), bytes(cycle.body), cycle.respond)

    def on_response_complete(self) -> None:
        if self._timer is not None and not self._whole:
            self._give(WHOLE_WITHIN_S)  # nobody waits for the rest of what is answered
        super().on_response_complete()

    def _give(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _offers_in_vain(self) -> bool:
        """Whether the request just parsed would rather speak something that is not spoken here."""
        return self.parser.should_upgrade() and not self._should_upgrade()

    def _should_upgrade(self) -> bool:
        return self.parser.get_method() == b"GET" and super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        self._whole = True
        self._stop_timer()
        self._stop_patience()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._be_patient()

    def resume_writing(self) -> None:
        self._stop_patience()
        super().resume_writing()

    def _be_patient(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        self._patience = self.loop.call_later(TAKEN_WITHIN_S, self._see_what_went, waiting)

    def _see_what_went(self, waited: int) -> None:
        """Also when the connection is closed, as far as we are concerned: what waits keeps it open."""
        if waited - self.transport.get_write_buffer_size() < TAKEN_BYTES:
            self.transport.abort()
        else:
            self._be_patient()

    def _stop_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
