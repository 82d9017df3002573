"""What is said on a websocket of the live feed: messages in, their answers out."""

import asyncio
import re
import time
from asyncio import Task
from typing import Any

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder, encode

from vendue import traces
from vendue.api.access import Blocked
from vendue.api.auth import Door
from vendue.api.bids import AUCTION_ID, BidInput, Bids, explain, read_key
from vendue.api.errors import ApiError, fault, invalid
from vendue.api.hub import Hub
from vendue.api.limits import Buckets
from vendue.api.permissions import PUBLIC, Viewer
from vendue.api.watcher import Watcher
from vendue.catalogue.port import CatalogueBroken

PATH = "/api/live"
BIDS_AT_ONCE = 16

_auction_id = re.compile(AUCTION_ID)


class LiveSettings(Struct, frozen=True):
    """Limits of the live feed; a rate is messages a second on one connection."""

    connections: int = 20_000
    connections_per_address: int = 1_000
    subscriptions: int = 1_000
    frame_bytes: int = 64 * 1024
    message_rate: float = 50.0
    message_burst: int = 200


class SocketBid(BidInput, frozen=True, forbid_unknown_fields=True):
    """A bid on the socket; `key` is its idempotency key."""

    key: str | None = None


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """What comes on the socket: one of auth, subscribe, unsubscribe and bid; `id` comes back with the answer."""

    id: int | str | None = None
    auth: str | None = None
    subscribe: list[str] | str | None = None
    since: dict[str, int] = {}
    unsubscribe: list[str] | str | None = None
    bid: SocketBid | None = None


_messages = Decoder(Message)


class Conversation:
    """What one connection says and is answered. `bids` takes those that come on the socket."""

    def __init__(self, hub: Hub, bids: Bids, door: Door, settings: LiveSettings, watcher: Watcher) -> None:
        self._hub, self._bids, self._door, self._settings, self._watcher = hub, bids, door, settings, watcher
        self._limit = Buckets(settings.message_rate, settings.message_burst, size=1)
        self._token: str | None = None
        self._bidding: set[Task[None]] = set()

    async def handle(self, text: bytes) -> None:
        """Answer one message; every fault is an answer too."""
        id: Any = None
        try:
            if len(text) > self._settings.frame_bytes:
                raise ApiError(413, f"A message may have {self._settings.frame_bytes} bytes at most.")
            id = _id_of(text)
            if self._limit.take(None, time.monotonic()):
                raise ApiError(429, "Too many messages; slow down.")
            await self._do(_parse(text), id)
        except ApiError as error:
            self._fail(id, error)
        except CatalogueBroken:
            self._fail(id, ApiError(503))

    async def _do(self, message: Message, id: Any) -> None:
        given = [name for name in ("auth", "subscribe", "unsubscribe", "bid") if getattr(message, name) is not None]
        if len(given) != 1:
            raise invalid([fault("id", "a message needs exactly one of auth, subscribe, unsubscribe and bid")])
        if message.auth is not None:
            await self._sign_in(message.auth)
        elif message.subscribe is not None:
            await self._subscribe(message.subscribe, message.since)
        elif message.unsubscribe is not None:
            self._unsubscribe(message.unsubscribe)
        elif message.bid is not None:
            self._start_bid(id, message.bid)
            return
        self._watcher.reply(encode({"id": id, "ok": True}))

    async def _sign_in(self, token: str) -> None:
        # Where this is refused nobody is signed in, least of all who was before: he would bid for somebody else.
        self._token = None
        self._hub.forget(self._watcher)
        viewer = self._door.viewer(f"Bearer {token}")
        self._token = token
        await self._hub.identify(self._watcher, viewer.user)

    async def _subscribe(self, wanted: list[str] | str, since: dict[str, int]) -> None:
        watcher = self._watcher
        if wanted == "live":
            await self._hub.subscribe_live(watcher, since)
            return
        auctions = _auction_ids(wanted, "subscribe")
        if len(watcher.auctions | set(auctions)) > self._settings.subscriptions:
            most = self._settings.subscriptions
            raise invalid([fault("subscribe", f"a connection watches {most} auctions at most")])
        unknown = await self._hub.subscribe(watcher, auctions, since)
        if unknown:
            raise ApiError(404, f"There is no auction {', '.join(unknown[:10])}.", "unknown_auction")

    def _unsubscribe(self, wanted: list[str] | str) -> None:
        if wanted == "live":
            self._hub.unsubscribe_live(self._watcher)
        else:
            self._hub.unsubscribe(self._watcher, _auction_ids(wanted, "unsubscribe"))

    def _start_bid(self, id: Any, bid: SocketBid) -> None:
        """Bids wait for their decision beside the conversation."""
        if len(self._bidding) >= BIDS_AT_ONCE:
            raise ApiError(429, f"{BIDS_AT_ONCE} bids wait for their answers; wait for one.")
        task = asyncio.create_task(self._bid(id, bid))
        self._bidding.add(task)
        task.add_done_callback(self._bidding.discard)

    async def _bid(self, id: Any, bid: SocketBid) -> None:
        request = traces.Request(f"bid on {PATH}") if traces.tracer is not None else None
        try:
            viewer = self._viewer()
            decided, receipt = await self._bids.place(viewer, bid, read_key(bid.key, "bid.key"))
        except ApiError as error:
            self._fail(id, error)
            return
        finally:
            if request is not None:
                request.end()
        if receipt is None:
            body = encode({"data": {"documentId": decided, "status": "pending"}, "meta": {}})
        else:
            _, body, _ = self._bids.decision(bid, receipt)
        self._watcher.reply(b'{"id":%b,"receipt":%b}' % (encode(id), body))

    def _viewer(self) -> Viewer:
        return PUBLIC if self._token is None else self._door.viewer(f"Bearer {self._token}")

    def recheck(self) -> None:
        """Sign out where the token is good no longer; whoever was blocked is put out."""
        try:
            self._viewer()
        except Blocked as error:
            self._watcher.finished = True
            self._fail(None, error)
        except ApiError as error:
            self._token = None
            self._hub.forget(self._watcher)
            self._fail(None, error)

    def _fail(self, id: Any, error: ApiError) -> None:
        details = {"details": error.details} if error.details else {}
        self._watcher.reply(encode({"id": id, "error": {"code": error.name, "message": error.message, **details}}))

    def close(self) -> None:
        """The connection is gone; bids that are in the log are decided all the same."""
        for task in self._bidding:
            task.cancel()


def _parse(text: bytes) -> Message:
    try:
        return _messages.decode(text)
    except ValidationError as error:
        raise explain(error) from None
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, f"The message is not JSON: {error}", "SyntaxError") from None


class _Id(Struct, frozen=True):
    id: int | str | None = None


_ids = Decoder(_Id)


def _id_of(text: bytes) -> int | str | None:
    """The id to answer a message by, also where the rest of it is wrong."""
    try:
        return _ids.decode(text).id
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _auction_ids(wanted: list[str] | str, path: str) -> list[str]:
    if isinstance(wanted, str) or not all(_auction_id.match(each) for each in wanted):
        raise invalid([fault(path, f'{path} takes a list of auction ids, or "live"')])
    return list(dict.fromkeys(wanted))
