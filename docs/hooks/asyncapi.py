"""docs/asyncapi.yaml, made from the structures that the code sends: `python -m docs.hooks.asyncapi` writes it anew.

Records of the log are examples out of docs/example-export.jsonl, answers on the socket are what the code's own
encoders make of one of them.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, get_args

import msgspec
import yaml
from msgspec.json import schema_components

from docs.hooks.asyncapi_texts import CHANNELS, FROM_CLIENTS, INFO, SERVERS, TO_CLIENTS
from vendue import __version__
from vendue.api import schemas
from vendue.api.bids import BidInput, answered
from vendue.api.conversation import Message
from vendue.api.signing import Signer
from vendue.log.kafka_state import Offset, Part
from vendue.rules.commands import Command
from vendue.rules.events import Body, Details, Hidden, Placed
from vendue.rules.receipts import Position, Receipt
from vendue.rules.standing import Standing

Document = dict[str, Any]
DOCS = Path(__file__).parents[1]
PAGE = DOCS / "asyncapi.yaml"
EXPORT = DOCS / "example-export.jsonl"
_AT = "#/components/schemas/{name}"
ANSWERS = ("Decision", "Pending", "Error", "Evidence")
_COMMANDS, _EVENTS = get_args(Command), get_args(Body)


def document() -> Document:
    """The whole of it."""
    messages = {**_from_clients(), **_to_clients(), **_records("bids"), **_records("auction-events"), **_checkpoints()}
    members = {
        "live": [name for name in messages if name.startswith(("ask.", "tell."))],
        "bids": [name for name in messages if name.startswith("command.")],
        "auction-events": [name for name in messages if name.startswith("event.")],
        "auctions": [name for name in messages if name.startswith("checkpoint.")],
    }
    channels = {
        name: {
            **channel,
            "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in members[name]},
        }
        for name, channel in CHANNELS.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Vendue", "version": __version__, **INFO},
        "defaultContentType": "application/json",
        "servers": SERVERS,
        "channels": channels,
        "operations": _operations(members),
        "components": {"messages": messages, "schemas": _schemas()},
    }


def _operations(members: dict[str, list[str]]) -> Document:
    def of(channel: str, names: list[str]) -> Document:
        refs = [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in names]
        return {"channel": {"$ref": f"#/channels/{channel}"}, "messages": refs}

    found: Document = {}
    for kind in FROM_CLIENTS:
        answers = ["tell.receipt" if kind == "bid" else "tell.ok", "tell.error"]
        found[kind] = {"action": "receive", **of("live", [f"ask.{kind}"]), "reply": of("live", answers)}
    found["push"] = {"action": "send", **of("live", ["tell.standing", "tell.you"])}
    for channel in ("bids", "auction-events", "auctions"):
        found[f"write {channel}"] = {"action": "send", **of(channel, members[channel])}
    return found


def _message(name: str, summary: str, payload: Document, *examples: Any) -> Document:
    shown = [{"payload": example} for example in examples]
    return {name: {"title": name.partition(".")[2], "summary": summary, "payload": payload, "examples": shown}}


def _from_clients() -> Document:
    _, found = schema_components([Message], ref_template=_AT)
    fields = found["Message"]["properties"]
    messages: Document = {}
    for kind, (summary, *examples) in FROM_CLIENTS.items():
        names = ["id", kind, *(["since"] if kind == "subscribe" else [])]
        wanted = {name: _given(fields[name]) if name == kind else fields[name] for name in names}
        payload = {"type": "object", "properties": wanted, "required": [kind], "additionalProperties": False}
        messages |= _message(f"ask.{kind}", summary, _draft_07(payload), *examples)
    return messages


def _given(schema: Document) -> Document:
    """That field where it is there: without null and default."""
    kinds = [kind for kind in schema["anyOf"] if kind != {"type": "null"}]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _to_clients() -> Document:
    sale = _example("auction-events", "bid")
    standing = msgspec.convert(sale["standing"], Standing)
    bid = BidInput(sale["auction"], sale["hidden"]["amount"])
    event = msgspec.convert(sale, Placed)
    asked = sale["hidden"]["command"], bid.auction
    taken = Receipt(*asked, event.seq, event.at, event.outcome, None, Details(), standing, sale["hash"])
    refused = _example("auction-events", "refused")
    details = msgspec.convert(refused["hidden"]["details"], Details)
    then = msgspec.convert(refused["standing"], Standing)
    low = Receipt(*asked, refused["seq"], refused["at"], None, "too_low", details, then, refused["hash"])
    signer = Signer(b64encode(bytes(32)).decode())
    receipts = [json.loads(answered(bid, each, signer.receipt(each))[1]) for each in (taken, low)]
    position = Position(bid.auction, event.seq, "leading", bid.amount, bid.amount + 1)
    examples: dict[str, list[Any]] = {
        "ok": [{"id": 1, "ok": True}],
        "error": [
            {"id": 7, "error": {"code": "unknown_auction", "message": "There is no auction nope."}},
            {"id": None, "error": {"code": "UnauthorizedError", "message": "Missing or invalid credentials"}},
        ],
        "receipt": [{"id": 4, "receipt": receipt} for receipt in receipts],
        "standing": [{"standing": msgspec.to_builtins(standing), "now": event.at}],
        "you": [{"you": msgspec.to_builtins(position), "now": event.at}],
    }
    messages: Document = {}
    for kind, (summary, properties) in TO_CLIENTS.items():
        payload = {"type": "object", "properties": properties, "required": list(properties)}
        messages |= _message(f"tell.{kind}", summary, payload, *examples[kind])
    return messages


def _records(topic: str) -> Document:
    messages: Document = {}
    for kind in _COMMANDS if topic == "bids" else _EVENTS:
        tag, name = kind.__struct_config__.tag, kind.__name__
        payload: Document = {"$ref": _AT.format(name=name)}
        if topic == "auction-events":
            payload = {"allOf": [payload, {"$ref": _AT.format(name="Sealed")}]}
        prefix = "command" if topic == "bids" else "event"
        messages |= _message(f"{prefix}.{tag}", _says(kind), payload, _example(topic, tag))
    return messages


def _checkpoints() -> Document:
    part = Part(
        auction="c227gv44o1sa3q18962vp7c9", part="head", offset=41, deadline_at=None, active=True, state=b"\x80"
    )
    offset = Offset(next=42, rules=1)
    messages: Document = {}
    for name, example in (("Part", part), ("Offset", offset)):
        payload = {"$ref": _AT.format(name=name)}
        messages |= _message(f"checkpoint.{name.lower()}", _says(example), payload, msgspec.to_builtins(example))
    return messages


def _says(documented: Any) -> str:
    """The first sentence of a docstring."""
    return documented.__doc__.partition("\n")[0].partition(". ")[0].removesuffix(".") + "."


def _example(topic: str, tag: str) -> Any:
    """The first record of a type in the example export."""
    lines = map(json.loads, EXPORT.read_text().splitlines())
    return next(line["value"] for line in lines if (line["topic"], line["value"]["type"]) == (topic, tag))


def _schemas() -> Document:
    kinds = [*_COMMANDS, *_EVENTS, Hidden, Standing, Position, Message, Part, Offset]
    _, found = schema_components(kinds, ref_template=_AT)
    answers = {name: schema for name, schema in schemas.components().items() if name in ANSWERS}
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    sealed: Document = {
        "type": "object",
        "description": "What an event has beside its public part; those of the clock hide nothing.",
        "properties": {
            "hash": digest,
            "hidden": {"$ref": _AT.format(name="Hidden")},
            "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        },
        "required": ["hash"],
    }
    del found["Message"]
    everything = {**found, **answers, "Sealed": sealed}
    return {name: _draft_07(everything[name]) for name in sorted(everything)}


def _draft_07(schema: Any) -> Any:
    """In AsyncAPI's own dialect: a tuple is a list of `items`."""
    if isinstance(schema, list):
        return [_draft_07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _draft_07(value) for name, value in schema.items()}
    if "prefixItems" in found:
        found["items"] = found.pop("prefixItems")
    return found


def text() -> str:
    """The file."""
    head = "# Made from the code by `make docs`.\n"
    plain = json.loads(json.dumps(document()))  # without YAML's anchors for what is the same object
    return head + yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    PAGE.write_text(text())
