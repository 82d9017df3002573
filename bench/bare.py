"""The limit: sockets without a server. A POST gets a fixed answer and pushes a fixed text by one `send` a socket.

`python -m bench.bare ANSWER.json`, a file of {body, frame}; in `frame` NOW becomes the time in epoch ms. It
knows of HTTP and of frames only what the client sends.
"""

import json
import select
import sys
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path
from socket import create_server, socket

from bench.sale import now_ms
from vendue.api.watcher import text_frame

_KEY, _GUID = b"Sec-WebSocket-Key: ", b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_OK = text_frame(b'{"id":1,"ok":true}')


class Bare:
    """All sockets of one listening socket."""

    def __init__(self, answer: dict[str, str], listening: socket) -> None:
        self._body, self._frame = answer["body"].encode(), answer["frame"].encode()
        self._listening, self._poll = listening, select.epoll()
        self._sockets: dict[int, socket] = {}
        self._watchers: set[int] = set()

    def serve(self) -> None:
        """Until killed."""
        here = self._listening.fileno()
        self._poll.register(here, select.EPOLLIN)
        while True:
            for fd, _ in self._poll.poll():
                if fd == here:
                    new, _ = self._listening.accept()
                    self._sockets[new.fileno()] = new
                    self._poll.register(new.fileno(), select.EPOLLIN)
                else:
                    self._take(fd, self._sockets[fd])

    def _take(self, fd: int, plain: socket) -> None:
        data = plain.recv(1 << 16)
        if not data:
            self._watchers.discard(fd)
            self._sockets.pop(fd).close()
        elif data.startswith(b"GET "):
            key = data.partition(_KEY)[2].partition(b"\r\n")[0]
            accept = b64encode(sha1(key + _GUID).digest())
            head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            plain.send(head + b"Sec-WebSocket-Accept: %b\r\n\r\n" % accept)
        elif data.startswith(b"POST "):
            self._push()
            plain.send(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(self._body), self._body))
        else:
            self._watchers.add(fd)
            plain.send(_OK)

    def _push(self) -> None:
        frame = text_frame(self._frame.replace(b"NOW", b"%d" % now_ms()))
        for fd in self._watchers:
            self._sockets[fd].send(frame)  # one that is full waits: nothing is merged here


def main(arguments: Iterable[str]) -> None:
    """Serve until stopped."""
    (path,) = arguments
    with create_server(("127.0.0.1", 0), backlog=2048) as listening:
        print(f"bare: http://localhost:{listening.getsockname()[1]}", flush=True)
        Bare(json.loads(Path(path).read_text()), listening).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
