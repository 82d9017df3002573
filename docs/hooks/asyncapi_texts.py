"""What docs/asyncapi.yaml says in words, and what it says of servers and channels."""

from typing import Any

_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…"  # noqa: S105  # the beginning of every token, and no more
_AUCTION = "c227gv44o1sa3q18962vp7c9"
_NOW = {"type": "integer", "description": "the server's time, epoch ms"}
_ID = {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}], "description": "that of the question"}

INFO = {
    "license": {"name": "MIT"},
    "description": "The live feed, which anybody may read, and the log, which is Vendue's own and open to programs "
    "of the house. Amounts are integers of the currency's minor unit, times epoch ms.",
}

SERVERS = {
    "web": {
        "host": "localhost:1337",
        "protocol": "ws",
        "description": "`vendue run` or `vendue api`; behind TLS, wss.",
    },
    "kafka": {"host": "localhost:9092", "protocol": "kafka", "description": "Where VENDUE_LOG is kafka://…"},
}


def _topic(title: str, name: str, description: str, configuration: dict[str, Any]) -> dict[str, Any]:
    kafka = {"topic": name, "partitions": 8, "topicConfiguration": configuration}
    servers = [{"$ref": "#/servers/kafka"}]
    return {
        "title": title,
        "address": name,
        "description": description,
        "servers": servers,
        "bindings": {"kafka": kafka},
    }


_FOREVER = {"cleanup.policy": ["delete"], "retention.ms": -1, "retention.bytes": -1}
_KEYED = (
    "The key is the auction's id, the partition (murmur2(key) & 0x7fffffff) % 8; time is the broker's (LogAppendTime)."
)
CHANNELS: dict[str, dict[str, Any]] = {
    "live": {
        "title": "The live feed, a websocket",
        "address": "/api/live",
        "description": "JSON in text frames. You ask, it answers under the same `id` and pushes what changes. A "
        "standing is whole: keep the one with the highest `seq`; missing numbers are normal.",
        "servers": [{"$ref": "#/servers/web"}],
    },
    "bids": _topic("Topic bids: commands", "bids", f"What was asked, in the order that decides. {_KEYED}", _FOREVER),
    "auction-events": _topic(
        "Topic auction-events: decisions",
        "auction-events",
        f"What was decided. Of an auction take the next `seq` only, and drop a lower one. {_KEYED}",
        _FOREVER,
    ),
    "auctions": _topic(
        "Topic auctions: checkpoints",
        "auctions",
        "The engines' own. Keys are `AUCTION/PART`, and `offset` for the partition's.",
        {"cleanup.policy": ["compact"]},
    ),
}

FROM_CLIENTS: dict[str, tuple[Any, ...]] = {
    "auth": ("Sign in: from then on your own positions come too.", {"id": 1, "auth": _TOKEN}),
    "subscribe": (
        "Watch these auctions, or with `live` every live one; of what `since` names only what is newer comes.",
        {"id": 2, "subscribe": [_AUCTION], "since": {_AUCTION: 2}},
        {"id": 3, "subscribe": "live"},
    ),
    "unsubscribe": ("Watch them no longer.", {"id": 5, "unsubscribe": [_AUCTION]}),
    "bid": (
        "As POST /api/bids; `key` is the idempotency key.",
        {"id": 4, "bid": {"auction": _AUCTION, "amount": 200000, "key": "8J2xNfYQ4b0"}},
    ),
}

_STANDING, _POSITION = ({"$ref": f"#/components/schemas/{name}"} for name in ("Standing", "Position"))
_WRAPPED = [
    {"type": "object", "properties": {"data": {"$ref": f"#/components/schemas/{name}"}}, "required": ["data", "meta"]}
    for name in ("Decision", "Pending")
]
_FAULT = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "details": {"type": "object"}},
    "required": ["code", "message"],
}
TO_CLIENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "ok": ("What was asked is done.", {"id": _ID, "ok": {"const": True}}),
    "error": ("What was asked is not done; with `id` null you are signed out.", {"id": _ID, "error": _FAULT}),
    "receipt": (
        "The decision of a bid: the body that POST /api/bids answers with.",
        {"id": _ID, "receipt": {"anyOf": [*_WRAPPED, {"$ref": "#/components/schemas/Error"}]}},
    ),
    "standing": ("All that everyone may see of an auction now.", {"standing": _STANDING, "now": _NOW}),
    "you": ("Where you stand, for your eyes only.", {"you": _POSITION, "now": _NOW}),
}
