"""The server's HTTP protocol, with limits on what a stranger sends before his request is whole."""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024
WHOLE_WITHIN_S = 30.0


class LimitedHttp(HttpToolsProtocol):
    """uvicorn's, but a request's head has MAX_HEAD_BYTES, and WHOLE_WITHIN_S to arrive with all of its body."""

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
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._whole = True
        super().on_message_complete()

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
