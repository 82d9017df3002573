"""A way to a MongoDB on which only so many writes pass; with the next, all is cut, as if the client had been killed."""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import bson

WRITES = frozenset({"insert", "update", "delete", "findAndModify"})
_HEADER, _OP_MSG = 16, 2013


class Way:
    """What passes to the server. `lose_answer`: the last write still arrives there, and its answer does not come."""

    def __init__(self, server: str, writes: int, lose_answer: bool) -> None:
        self._to, self._left, self._lose_answer = urlsplit(server), writes, lose_answer
        self._open: list[StreamWriter] = []
        self.is_cut = False

    async def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        """A client's connection."""
        back, forth = await asyncio.open_connection(self._to.hostname, self._to.port)
        self._open += [writer, forth]
        answers = asyncio.create_task(_copy(back, writer))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not self.is_cut:
                message = await _message(reader)
                self._left -= _is_write(message)
                if self._left < 0 and self._lose_answer:
                    answers.cancel()
                    await asyncio.gather(answers, return_exceptions=True)
                    forth.write(message)
                    await _message(back)
                if self._left < 0:
                    self.cut()
                else:
                    forth.write(message)
        answers.cancel()
        await asyncio.gather(answers, return_exceptions=True)
        forth.close()

    def cut(self) -> None:
        """Let nothing pass any more."""
        self.is_cut = True
        self.close()

    def close(self) -> None:
        """Hang up on everyone."""
        for writer in self._open:
            writer.close()


@contextlib.asynccontextmanager
async def cut_after(server: str, writes: int, lose_answer: bool = False) -> AsyncIterator[tuple[Way, str]]:
    """The way, and the address at which it begins."""
    way = Way(server, writes, lose_answer)
    listening = await asyncio.start_server(way.take, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield way, urlsplit(server)._replace(netloc=f"127.0.0.1:{port}").geturl()
    finally:
        listening.close()
        way.close()


async def _message(reader: StreamReader) -> bytes:
    head = await reader.readexactly(_HEADER)
    return head + await reader.readexactly(int.from_bytes(head[:4], "little") - _HEADER)


def _is_write(message: bytes) -> bool:
    if int.from_bytes(message[12:16], "little") != _OP_MSG:
        return False
    body = message[21:]  # after flags and the kind of section
    return next(iter(bson.decode(body[: int.from_bytes(body[:4], "little")]))) in WRITES


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
    writer.close()
