"""A wire between a process and its database that can be cut."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from types import TracebackType

from sqlalchemy import make_url


class Wire:
    """A TCP proxy to the server that `url` names; `url` of the wire leads through it."""

    def __init__(self, url: str) -> None:
        self._there = make_url(url)
        self._server: asyncio.Server | None = None
        self._ends: set[StreamWriter] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The same database by way of the wire."""
        assert self._port, "it is in place"
        return self._there.set(host="127.0.0.1", port=self._port).render_as_string(hide_password=False)

    async def __aenter__(self) -> "Wire":
        await self.mend()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Carry again."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nothing gets through, in whatever it was in the middle of."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    async def _carry(self, here: StreamReader, back: StreamWriter) -> None:
        try:
            there, out = await asyncio.open_connection(self._there.host, self._there.port)
        except OSError:
            back.transport.abort()
            return
        ends = {back, out}
        self._ends |= ends
        await asyncio.gather(_pass(here, out), _pass(there, back))
        self._ends -= ends


async def _pass(source: StreamReader, sink: StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.transport.abort()
