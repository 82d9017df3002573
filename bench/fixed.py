"""The peer: the same uvicorn as `vendue run`, answering every request with a fixed body.

`python -m bench.fixed ANSWER.json`, a file of {status, headers, body}.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
import uvloop

from vendue.api.asgi import Receive, Scope, Send
from vendue.settings import Settings


class Fixed:
    """An ASGI application that knows one answer."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._status, self._body = answer["status"], answer["body"].encode()
        self._headers = [(name.encode(), value.encode()) for name, value in answer["headers"]]

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Any request."""
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


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
        ws="none",
        limit_concurrency=settings.max_requests_at_once + settings.max_connections,
    )
    uvloop.run(_Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1:])
