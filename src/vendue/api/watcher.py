"""A live connection's outgoing side: replies in order, and of each auction the latest frame only."""

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import Callable

from prometheus_client import Counter
from websockets.frames import Frame, Opcode

_merged = Counter("vendue_frames_merged_total", "Frames replaced by a newer one before a slow connection took them")


def text_frame(text: bytes) -> bytes:
    """A text as a server's websocket frame: the same bytes for everyone."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)


class Watcher:
    """Hands over at once what it is given while `write` is there; else it waits for `next` or `take`.

    `write` takes a websocket frame. `finished`: nothing is sent after the replies that wait.
    """

    __slots__ = ("_frames", "_newest", "_replies", "_wake", "auctions", "finished", "user", "write")

    def __init__(self) -> None:
        self.auctions: set[str] = set()
        self.user: str | None = None
        self.finished = False
        self.write: Callable[[bytes], None] | None = None
        self._replies: deque[bytes] = deque()
        self._frames: dict[str, tuple[int, bytes]] = {}
        self._newest: dict[str, int] = {}
        self._wake: Future[None] | None = None

    def reply(self, text: bytes) -> None:
        """Send this, after the replies before it and before newer frames."""
        if self.write is not None:
            self.write(text_frame(text))
        else:
            self._replies.append(text)
            self._rouse()

    def offer(self, key: str, seq: int, text: bytes, frame: bytes = b"") -> None:
        """Send this unless a newer one of the same key was offered, or comes before the connection takes it.

        `frame`: the text as a websocket frame, from who has many to give it to.
        """
        newest = self._newest.get(key, 0)
        if seq > newest:
            self._newest[key] = seq
        elif 0 < seq < newest:
            return  # it was on its way while a newer one was read
        if self.write is not None:
            self.write(frame or text_frame(text))
            return
        waiting = self._frames.get(key)
        if waiting is not None:
            _merged.inc()
            if waiting[0] > seq:  # the catalogue answered a moment after the board told
                return
        self._frames[key] = (seq, text)
        self._rouse()

    def drop(self, auction: str) -> None:
        """It watches this no longer."""
        self.auctions.discard(auction)
        for key in (auction, f"you {auction}"):
            self._newest.pop(key, None)

    @property
    def behind(self) -> int:
        """Replies that wait to be taken."""
        return len(self._replies)

    def next(self) -> tuple[int, bytes] | None:
        """The next text that waits, with its seq (0 for a reply)."""
        if self._replies:
            return 0, self._replies.popleft()
        if self._frames:
            return self._frames.pop(next(iter(self._frames)))
        return None

    async def take(self) -> tuple[int, bytes]:
        """The next text, once there is one."""
        while (found := self.next()) is None:
            self._wake = get_running_loop().create_future()
            await self._wake
        return found

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
