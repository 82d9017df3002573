"""A way to a server that can be slow, be closed for new connections, or go silent for those there are."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator


class Way:
    """Begins at `port` of this machine."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._silent: set[StreamWriter] = set()
        self._open: set[StreamWriter] = set()
        self.is_closed = False
        """New connections are hung up on."""
        self.delay_s = 0.0
        """Whatever comes takes so long, each way."""
        self.port = 0

    def silence(self) -> None:
        """Whatever comes for the connections there are is lost, and nobody hangs up."""
        self._silent |= self._open

    def hang_up(self) -> None:
        """End the connections there are."""
        for each in self._open:
            each.close()
        self._open.clear()

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """A new connection."""
        if self.is_closed:
            writer.close()
            return
        back, forth = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, forth}
        await asyncio.gather(self._copy(reader, forth), self._copy(back, writer))

    async def _copy(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await asyncio.sleep(self.delay_s)
                if writer not in self._silent:
                    writer.write(data)
        writer.close()


@contextlib.asynccontextmanager
async def way_to(port: int) -> AsyncIterator[Way]:
    """A way to a port, good for now."""
    way = Way(port)
    begin = await asyncio.start_server(way.take, "127.0.0.1", 0)
    way.port = begin.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        begin.close()
