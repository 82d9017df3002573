"""Signed receipts, the public log and openings: what anyone can have, and nobody may."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.json import encode
from msgspec.structs import replace

from tests.api.conftest import DAY_MS, GENEROUS, House, Person, open_house
from vendue.api.bids import Bids
from vendue.api.limits import Buckets
from vendue.api.signing import Signer
from vendue.audit import Proofs, audit
from vendue.audit.proofs import read_heads, read_keys, read_openings, read_receipts
from vendue.catalogue.query import Query


async def bid(house: House, person: Person, auction: str, amount: int, key: str = "k") -> Any:
    """The answer to POST /api/bids."""
    bids = Bids(house.desk, house.door, house.signer, Buckets(1e6, 1000), 10_000)
    transport = httpx.ASGITransport(app=bids)  # type: ignore[arg-type]  # httpx's own types of ASGI
    headers = {"authorization": person.client.headers["authorization"], "idempotency-key": key}
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        body = {"data": {"auction": auction, "amount": amount}}
        return (await client.post("/api/bids", json=body, headers=headers)).json()


async def keys_of(house: House) -> dict[str, bytes]:
    return read_keys(encode(await house.public.ask("GET", "/.well-known/vendue")))


async def lines_of(person: Person, path: str) -> list[bytes]:
    response = await person.client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/jsonl"), response.text
    return response.content.splitlines()


async def finished(house: House) -> tuple[str, list[Any], dict[str, Person]]:
    """A sealed auction that Ann and Bob lost to Cat, the answers to their bids, and everyone."""
    people = {name: await house.person(name) for name in ("ann", "bob", "cat")}
    people |= {"sal": await house.person("sal", "seller"), "otto": await house.person("otto", "auctioneer")}
    id = await house.listed(people["sal"], ends_at=house.desk.now_ms() + 500, format="sealed_first_price")
    amounts = {"ann": 20_001, "bob": 30_003, "cat": 40_004}
    answers = [await bid(house, people[name], id, amount) for name, amount in amounts.items()]
    answers.append(await bid(house, people["ann"], id, 7, "low"))
    await asyncio.sleep(0)
    await house.projected(id, 7)
    return id, answers, people


async def test_a_finished_sale_is_checked_with_what_anyone_has(house: House) -> None:
    id, answers, people = await finished(house)
    receipts = tuple(found for each in answers for found in read_receipts(encode(each)))
    openings = read_openings(b"\n".join(await lines_of(people["ann"], f"/api/auctions/{id}/openings")))
    log = await lines_of(house.public, f"/api/auctions/{id}/log")
    [verdict] = audit(log, Proofs(await keys_of(house), receipts, openings))
    assert (verdict.fault, verdict.head, verdict.status, verdict.price) == (None, True, "sold", 40_004)
    assert (verdict.receipts, verdict.openings, verdict.events) == (4, 2, 7)
    assert [each.hidden["amount"] for each in openings] == [20_001, 7], "that of the refused one too"


async def test_the_public_log_hides_who_and_how_much(house: House) -> None:
    id, _, people = await finished(house)
    text = b"\n".join(await lines_of(house.public, f"/api/auctions/{id}/log")).decode()
    events = [json.loads(line) for line in text.splitlines()][:-1]
    assert not any(name in event for event in events for name in ("hidden", "salt"))
    hidden = [person.user for person in people.values()] + ["20001", "30003", '"what"', '"command"']
    assert [each for each in hidden if each in text] == []
    assert await lines_of(people["otto"], f"/api/auctions/{id}/log") != [], "staff has the same"


async def test_openings_are_of_ones_own_events_alone(house: House) -> None:
    id, _, people = await finished(house)
    for name, count in {"ann": 2, "bob": 1, "otto": 0}.items():
        lines = [json.loads(line) for line in await lines_of(people[name], f"/api/auctions/{id}/openings")]
        assert len(lines) == count and {line["hidden"]["by"] for line in lines} <= {people[name].user}
    stranger = await house.person("eve", "admin")
    assert await lines_of(stranger, f"/api/auctions/{id}/openings") == []
    await house.public.ask("GET", f"/api/auctions/{id}/openings", status=403)


@pytest.mark.parametrize("path", ["log", "openings"])
async def test_of_an_auction_that_is_not_over_there_is_nothing(house: House, path: str) -> None:
    sal = await house.person("sal", "seller")
    draft, id = await house.draft(sal), await house.listed(sal)
    await house.projected(id, 1)
    error = (await sal.ask("GET", f"/api/auctions/{id}/{path}", status=409))["error"]
    assert error["name"] == "ConflictError" and "not finished" in error["message"]
    await sal.ask("GET", f"/api/auctions/{draft}/{path}", status=409)
    for unknown in ("nothing", "a%20b"):
        await sal.ask("GET", f"/api/auctions/{unknown}/{path}", status=404)


async def test_events_that_were_not_kept_are_said_to_be_missing(house: House) -> None:
    id, _, _ = await finished(house)
    rows, _ = await house.catalogue.find("events", Query(limit=100))
    await house.catalogue.delete("events", rows[3]["documentId"])
    error = (await house.public.ask("GET", f"/api/auctions/{id}/log", status=409))["error"]
    assert "vendue projector --rebuild" in error["message"]


async def test_a_log_of_many_pages_is_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vendue.api.evidence.EVENTS_AT_ONCE", 3)
    id, _, _ = await finished(house)
    [verdict] = audit(await lines_of(house.public, f"/api/auctions/{id}/log"))
    assert (verdict.fault, verdict.events) == (None, 7)
    head = await house.public.client.head(f"/api/auctions/{id}/log")
    assert (head.status_code, head.content) == (200, b"")


class SlowReader:
    """Somebody who asks and then takes nothing of what is sent."""

    def __init__(self, house: House, path: str, address: str) -> None:
        self._path, self._address, self.started = path, address, asyncio.Event()
        self._task = asyncio.create_task(house.app(self._scope(), self._receive, self._send))  # type: ignore[arg-type]  # a scope is a dict

    def _scope(self) -> dict[str, Any]:
        client, server = (self._address, 5), ("vendue.test", 80)
        scope = {"type": "http", "method": "GET", "path": self._path, "headers": [], "query_string": b""}
        return {**scope, "http_version": "1.1", "scheme": "http", "client": client, "server": server, "root_path": ""}

    async def _receive(self) -> dict[str, Any]:
        if not self.started.is_set():
            return {"type": "http.request", "body": b""}
        return await asyncio.Future()

    async def _send(self, message: Any) -> None:
        self.started.set()
        await asyncio.Future()

    async def leave(self) -> None:
        """Hang up."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_who_takes_nothing_of_his_downloads_gets_few_and_others_theirs(tmp_path: Path) -> None:
    settings = replace(GENEROUS, downloads_at_once=3, downloads_per_address=2)
    async with open_house(tmp_path, settings) as house:
        id, _, people = await finished(house)
        path = f"/api/auctions/{id}/log"
        strangers = [SlowReader(house, path, "192.0.2.1") for _ in range(2)]
        await asyncio.gather(*(each.started.wait() for each in strangers))
        here = httpx.ASGITransport(app=house.app, client=("192.0.2.1", 7))
        async with httpx.AsyncClient(transport=here, base_url="http://vendue.test") as client:
            for what in ("log", "openings"):
                refused = await client.get(f"/api/auctions/{id}/{what}")
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
                assert refused.json()["error"]["message"] == "Too many downloads from this address; try again."
            assert (await client.get(f"/api/auctions/{id}")).status_code == 200, "and everything else"
        assert await lines_of(people["ann"], path), "others have theirs"
        strangers.append(SlowReader(house, path, "192.0.2.2"))
        await strangers[-1].started.wait()
        error = (await house.public.ask("GET", path, status=503))["error"]
        assert error["message"] == "Too many downloads; try again."
        await strangers.pop().leave()
        assert await lines_of(house.public, path), "a place is given back"
        await asyncio.gather(*(each.leave() for each in strangers))


async def test_the_same_decision_has_the_same_receipt_wherever_it_is_asked(house: House) -> None:
    sal, ann = await house.person("sal", "seller"), await house.person("ann")
    id = await house.listed(sal)
    first, refused = await bid(house, ann, id, 20_000), await bid(house, ann, id, 5, "low")
    evidence = first["data"]["evidence"]
    assert (evidence["auction"], evidence["seq"], evidence["at"]) == (id, 3, first["data"]["placed_at"])
    assert (await bid(house, ann, id, 20_000))["data"]["evidence"] == evidence, "the same key again"
    assert refused["error"]["details"]["evidence"]["seq"] == 4
    await house.projected(id, 4)
    for answer in (evidence, refused["error"]["details"]["evidence"]):
        rows, _ = await house.catalogue.find("bids", Query(limit=10))
        [row] = [each for each in rows if each["seq"] == answer["seq"]]
        again = await ann.ask("GET", f"/api/bids/{row['documentId']}")
        assert again["data"]["evidence"] == answer
    assert "evidence" not in (await bid(house, ann, "nothing", 5))["error"]["details"], "there is no event"


async def test_a_receipt_outlives_the_engine_that_gave_it(tmp_path: Path) -> None:
    async with open_house(tmp_path, GENEROUS) as house:
        sal, ann = await house.person("sal", "seller"), await house.person("ann")
        id = await house.listed(sal, ends_at=house.desk.now_ms() + DAY_MS)
        evidence = (await bid(house, ann, id, 20_000))["data"]["evidence"]
        await house.engine.stop()
    async with open_house(tmp_path, GENEROUS) as house:
        again = house.signed_in({"documentId": ann.user, "role": "authenticated"})
        assert (await bid(house, again, id, 20_000))["data"]["evidence"] == evidence


async def test_earlier_keys_are_shown_so_that_old_receipts_can_be_checked(house: House) -> None:
    [old] = house.signer.public_keys()
    new = Signer("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=", [old["x"]])
    assert [key["kid"] for key in new.public_keys()][1] == old["kid"] and new.public_keys()[0] != old
    answer = await house.public.ask("GET", "/.well-known/vendue")
    assert answer["keys"] == [old] and answer["formats"]["receipt"].startswith("vendue receipt 1\n")


async def test_the_end_of_the_audit_log_is_signed_for_whoever_keeps_it(house: House) -> None:
    otto, keys = await house.person("otto", "auctioneer"), await keys_of(house)
    [empty] = read_heads(encode(await otto.ask("GET", "/api/audit-log/head")))
    assert (empty.auction, empty.seq, empty.hash) == ("audit-log", 0, "0" * 64)
    for number in range(2):
        await house.catalogue.create("audit_log", {"at": number, "action": "update"})
    head = read_heads(encode(await otto.ask("GET", "/api/audit-log/head")))
    await house.catalogue.create("audit_log", {"at": 9, "action": "update"})
    whole = (await otto.ask("GET", "/api/audit-log?sort=seq"))["data"]
    lines = [*map(encode, whole), encode({"head": (await otto.ask("GET", "/api/audit-log/head"))["data"]})]
    [verdict] = audit(lines, Proofs(keys, heads=head))
    assert (verdict.fault, verdict.events, verdict.head, verdict.heads, head[0].seq) == (None, 3, True, 1, 2)


async def test_why_a_bid_was_decided_so_is_for_its_bidder(house: House) -> None:
    sal, ann, bob = await house.person("sal", "seller"), await house.person("ann"), await house.person("bob")
    otto = await house.person("otto", "auctioneer")
    id = await house.listed(sal)
    first = (await bid(house, ann, id, 20_000))["data"]["documentId"]
    low = (await house.bid(ann, id, 5)).id
    await house.projected(id, 4)
    path = f"/api/bids/{first}/why"
    told = (await ann.ask("GET", path))["data"]
    assert (told["decision"], told["leader"], "fate" in told) == ("leading", "Bidder 1", False)
    last = await bid(house, bob, id, 50_000)
    await house.projected(id, last["data"]["seq"])
    told = (await ann.ask("GET", path))["data"]
    assert told["fate"]["seq"] == last["data"]["seq"] and "Bidder 2" in told["fate"]["words"]
    assert (told["fate"]["kind"], told["fate"]["leader"], told["fate"]["status"]) == ("outbid", "Bidder 2", "live")
    refused = (await ann.ask("GET", f"/api/bids/{low}/why"))["data"]
    assert refused["decision"] == "not_above_own_maximum" and refused["details"] == {"minimum": 20_001}
    for other in (bob, otto, sal):
        await other.ask("GET", path, status=404)
    await house.public.ask("GET", path, status=404)
    await otto.ask("POST", f"/api/auctions/{id}/cancel", {"reason": "withdrawn"})
    await house.projected(id, last["data"]["seq"] + 1)
    assert (await otto.ask("GET", path))["data"]["words"] == told["words"]
