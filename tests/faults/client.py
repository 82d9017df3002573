"""A client of one keep-alive connection; small, so that eight of them at full speed leave the processor to Vendue."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

ANSWER_WITHIN_S = 20.0

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
    """Asks whatever `address()`, a host and a port, says listens now, as the bearer of a token."""

    def __init__(self, address: Callable[[], Address], token: str = "") -> None:
        self._address, self._token = address, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, data: Any = None, key: str = "", bare: bool = False) -> Answer:
        """The answer to a request; `data` goes under that name unless `bare`. Raises Lost."""
        body = b"" if data is None else json.dumps(data if bare else {"data": data}).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: vendue\r\nContent-Length: {len(body)}\r\n"
        if body:
            head += "Content-Type: application/json\r\n"
        if self._token:
            head += f"Authorization: Bearer {self._token}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                if self._streams is None:
                    self._streams = await asyncio.open_connection(*self._address())
                reader, writer = self._streams
                writer.write(head.encode() + b"\r\n" + body)
                return await self._read(reader)
        except (OSError, EOFError, TimeoutError) as error:
            await self.close()
            raise Lost(str(error)) from error

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            await self.close()
        return Answer(int(first.split(" ")[1]), headers, body)

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            writer.close()
            with contextlib.suppress(OSError):  # it may be broken already
                await writer.wait_closed()
