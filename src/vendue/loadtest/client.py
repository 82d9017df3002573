"""A client of one keep-alive connection; small, so that many of them at full speed leave the processor to Vendue."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, NamedTuple

ANSWER_WITHIN_S = 20.0
MOST_HEAD_BYTES = 64 * 1024

Address = tuple[str, int]


class Lost(Exception):
    """The connection broke before an answer was there: whether anything was done is unknown."""


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


class Client:
    """Asks whatever `address()`, a host and a port, says listens now, as the bearer of `token`. `tls`: by https."""

    def __init__(
        self, address: Callable[[], Address], token: str = "", host: str = "vendue", tls: SSLContext | None = None
    ) -> None:
        self._address, self.token, self._host, self._tls = address, token, host, tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, data: Any = None, key: str = "", bare: bool = False) -> Answer:
        """The answer to a request; `data` goes under that name unless `bare`. Raises Lost."""
        body = b"" if data is None else json.dumps(data if bare else {"data": data}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += "Content-Type: application/json\r\n"
        if self.token:
            head += f"Authorization: Bearer {self.token}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                if self._streams is None:
                    host, port = self._address()
                    self._streams = await asyncio.open_connection(host, port, ssl=self._tls, limit=MOST_HEAD_BYTES)
                reader, writer = self._streams
                writer.write(head.encode() + b"\r\n" + body)
                return await self._read(reader)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError) as error:
            await self.close()
            raise Lost(str(error) or type(error).__name__) from error

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split(" ")[1])
        if headers.get("transfer-encoding", "") == "chunked":  # a proxy's
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(headers.get("content-length", 0)) if status != 204 else 0)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return Answer(status, headers, body)

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            writer.close()
            with contextlib.suppress(OSError):  # it may be broken already
                await writer.wait_closed()


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")
    return body
