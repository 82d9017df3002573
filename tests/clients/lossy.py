"""A wire to a server that loses answers: what was asked is done, and whoever asked hears nothing."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

QUESTION = b"POST /api/bids "


class Lossy:
    """A TCP proxy on a port of its own. The next `lose` answers to bids are lost, with the connection."""

    def __init__(self, there: int, lose: int) -> None:
        self.there, self.lose, self.asked = there, lose, 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._ends: set[StreamWriter] = set()

    async def __aenter__(self) -> "Lossy":
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """End every connection; new ones are carried."""
        for end in list(self._ends):
            end.transport.abort()

    async def _carry(self, here: StreamReader, back: StreamWriter) -> None:
        there, out = await asyncio.open_connection("127.0.0.1", self.there)
        ends = {back, out}
        self._ends |= ends
        lost = asyncio.Event()
        await asyncio.gather(self._ask(here, out, lost), self._answer(there, back, lost))
        self._ends -= ends

    async def _ask(self, here: StreamReader, out: StreamWriter, lost: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await here.read(65_536):
                if data.startswith(QUESTION):
                    self.asked += 1
                    if self.lose:
                        self.lose -= 1
                        lost.set()
                out.write(data)
        out.transport.abort()

    async def _answer(self, there: StreamReader, back: StreamWriter, lost: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await there.read(65_536):
                if lost.is_set():  # the server has answered: it is done
                    break
                back.write(data)
        back.transport.abort()
