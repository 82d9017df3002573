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
        self._passing: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None
        self.is_cut = False

    async def open(self) -> int:
        """The port at which it begins."""
        self._listening = await asyncio.start_server(self._take, "127.0.0.1", 0)
        port: int = self._listening.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Hang up on everyone."""
        assert self._listening is not None
        self._listening.close()
        for each in self._passing:
            each.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def _take(self, reader: StreamReader, writer: StreamWriter) -> None:
        if self.is_cut:
            writer.close()
        else:
            self._passing.add(asyncio.create_task(self._pass(reader, writer)))

    async def _pass(self, reader: StreamReader, writer: StreamWriter) -> None:
        assert self._listening is not None
        back, forth = await asyncio.open_connection(self._to.hostname, self._to.port)
        answers = asyncio.create_task(_copy(back, writer))
        try:
            while not self.is_cut:
                message = await _message(reader)
                if self.is_cut:  # on another connection, meanwhile
                    return
                self._left -= _is_write(message)
                self.is_cut = self._left < 0
                if self.is_cut:
                    self._listening.close()
                    await _end(answers)
                if not self.is_cut or self._lose_answer:
                    forth.write(message)
                if self.is_cut and self._lose_answer:
                    await _message(back)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            await _end(answers)
            for each in (writer, forth):
                each.close()
                with contextlib.suppress(ConnectionError):
                    await each.wait_closed()


@contextlib.asynccontextmanager
async def cut_after(server: str, writes: int, lose_answer: bool = False) -> AsyncIterator[tuple[Way, str]]:
    """The way, and the address at which it begins."""
    way = Way(server, writes, lose_answer)
    port, there = await way.open(), urlsplit(server)
    options = f"{there.query}&directConnection=true"  # a replica set would tell its own addresses
    try:
        yield way, there._replace(netloc=f"127.0.0.1:{port}", query=options.lstrip("&")).geturl()
    finally:
        await way.close()


async def _message(reader: StreamReader) -> bytes:
    head = await reader.readexactly(_HEADER)
    return head + await reader.readexactly(int.from_bytes(head[:4], "little") - _HEADER)


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _is_write(message: bytes) -> bool:
    if int.from_bytes(message[12:16], "little") != _OP_MSG:
        return False
    body = message[21:]  # after flags and the kind of section
    return next(iter(bson.decode(body[: int.from_bytes(body[:4], "little")]))) in WRITES
