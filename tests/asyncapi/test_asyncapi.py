"""docs/asyncapi.yaml: it is AsyncAPI 3, its examples are what the code reads and sends, and so is what it describes."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from msgspec import ValidationError
from msgspec.json import decode

from docs.hooks.asyncapi import PAGE
from tests.api.test_live import Sale, say, serve
from tests.conftest import ROOT
from tests.node import installed
from vendue.api.conversation import Message
from vendue.log.kafka_state import Offset, Part
from vendue.rules import commands, evidence

DOCUMENT = yaml.safe_load(PAGE.read_text())
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
EXPORT = [json.loads(line) for line in (ROOT / "docs/example-export.jsonl").read_text().splitlines()]


@cache
def validator(name: str) -> Draft7Validator:
    """Of a message's payload, with the schemas that it refers to."""
    return Draft7Validator({**MESSAGES[name]["payload"], "components": DOCUMENT["components"]})


def faults(name: str, payload: Any) -> list[str]:
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in validator(name).iter_errors(payload)]


def test_it_is_asyncapi_3() -> None:
    specs = installed(Path(__file__).parent) / "node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json"
    found = Draft7Validator(json.loads(specs.read_text())).iter_errors(DOCUMENT)
    assert [f"{fault.json_path}: {fault.message[:200]}" for fault in found] == []


@pytest.mark.parametrize("name", MESSAGES)
def test_an_example_is_as_its_schema_and_the_code_have_it(name: str) -> None:
    assert MESSAGES[name]["examples"]
    for example in (each["payload"] for each in MESSAGES[name]["examples"]):
        assert faults(name, example) == []
        text = json.dumps(example).encode()
        kind, _, what = name.partition(".")
        if kind == "ask":
            assert getattr(_message(text), what) is not None
        elif kind == "command":
            assert json.loads(commands.encode(commands.decode(text))) == example
        elif kind == "event":
            assert json.loads(evidence.read(text).value) == example
        elif kind == "checkpoint":
            assert _checkpoint(text)


def _message(text: bytes) -> Message:
    return decode(text, type=Message)


def _checkpoint(text: bytes) -> Part | Offset:
    return decode(text, type=Part | Offset)


def test_every_record_of_the_log_is_as_described() -> None:
    for line in EXPORT:
        kind = "command" if line["topic"] == "bids" else "event"
        assert faults(f"{kind}.{line['value']['type']}", line["value"]) == []


def test_a_schema_tells_what_is_none() -> None:
    example = MESSAGES["tell.standing"]["examples"][0]["payload"]
    without = {**example, "standing": {name: value for name, value in example["standing"].items() if name != "seq"}}
    assert faults("tell.standing", without)
    assert faults("ask.bid", {"id": 1, "bid": {"auction": "a", "amount": 0}})
    assert faults("ask.auth", {"id": 1, "auth": "token", "more": 1})
    with pytest.raises(ValidationError):
        _message(b'{"id": 1, "bid": {"auction": "a", "amount": 0}}')


@pytest.fixture
async def sale(tmp_path: Path) -> AsyncIterator[Sale]:
    async with serve(tmp_path) as sale:
        yield sale


async def test_what_the_feed_says_is_as_described(sale: Sale) -> None:
    auction, token = await sale.auction("one"), await sale.token("ann")
    asks: list[tuple[str, dict[str, Any]]] = [
        ("auth", {"auth": token}),
        ("subscribe", {"subscribe": [auction], "since": {auction: 0}}),
        ("subscribe", {"subscribe": "live"}),
        ("bid", {"bid": {"auction": auction, "amount": 5000, "kind": "bid", "confirm_jump": False, "key": "k"}}),
        ("bid", {"bid": {"auction": auction, "amount": 1}}),
        ("bid", {"bid": {"auction": "nope", "amount": 1000}}),
        ("subscribe", {"subscribe": ["nope"]}),
        ("unsubscribe", {"unsubscribe": [auction]}),
    ]
    heard: list[dict[str, Any]] = []
    async with sale.socket() as ws:
        for number, (kind, ask) in enumerate(asks):
            assert faults(f"ask.{kind}", {"id": number, **ask}) == []
            heard.append(await say(ws, {"id": number, **ask}))
        await ws.send("not JSON")
        while (frame := json.loads(await asyncio.wait_for(ws.recv(), 5))).get("id", 0) is not None:
            heard.append(frame)
        heard.append(frame)
    async with sale.socket() as ws:
        await ws.send(json.dumps({"id": 1, "auth": token}))
        await ws.send(json.dumps({"id": 2, "subscribe": [auction]}))
        while len({"standing", "you"} & {name for frame in heard for name in frame}) < 2:
            heard.append(json.loads(await asyncio.wait_for(ws.recv(), 5)))
    kinds = [next(kind for kind in ("ok", "error", "receipt", "standing", "you") if kind in frame) for frame in heard]
    assert set(kinds) == {"ok", "error", "receipt", "standing", "you"}
    for kind, frame in zip(kinds, heard, strict=True):
        assert faults(f"tell.{kind}", frame) == [], frame
