"""The peer: the same uvicorn as `vendue run`, answering every POST with a fixed body and pushing it to every socket.

`python -m bench.fixed ANSWER.json`, a file of {status, headers, body, frame}; `frame` is the bytes of a push, in
which `NOW` becomes the time in epoch ms.
"""

import asyncio
import json
import sys
from asyncio import Future
from collections.abc import Iterable
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
import uvloop

from bench.sale import now_ms
from vendue.api.asgi import Receive, Scope, Send
from vendue.settings import Settings


class Fixed:
    """An ASGI application that knows one answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._status, self._body = answer["status"], answer["body"].encode()
        self._headers = [(name.encode(), value.encode()) for name, value in answer["headers"]]
        self._frame = answer["frame"].encode()
        self._next: Future[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any request or socket."""
        if scope["type"] == "websocket":
            await self._socket(receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        if self._next is not None:
            self._next.set_result(self._frame.replace(b"NOW", b"%d" % now_ms()).decode())
            self._next = None
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})

    async def _socket(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        pushing = asyncio.create_task(self._push(send))
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": '{"id":1,"ok":true}' if message else ""})
        pushing.cancel()

    async def _push(self, send: Send) -> None:
        while True:
            if self._next is None:
                self._next = asyncio.get_running_loop().create_future()
            text = await asyncio.shield(self._next)
            await send({"type": "websocket.send", "text": text})


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"fixed: http://localhost:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)


def main(arguments: Iterable[str]) -> None:
    """Serve until stopped. The configuration is that of cli.py."""
    (path,) = arguments
    settings = Settings()
    config = uvicorn.Config(
        Fixed(json.loads(Path(path).read_text())),
        port=0,
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="off",
        ws_max_size=4 * settings.max_frame_bytes,
        limit_concurrency=settings.max_requests_at_once + settings.max_connections,
    )
    uvloop.run(_Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1:])
