"""A sale with eight bidders at full speed who remember every answer, and repeat a bid until it is decided."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.explain.record import Answered, Record
from tests.explain.translate import told_by_rest
from tests.faults.process import SECRET
from vendue.api.tokens import Tokens
from vendue.loadtest.client import Address, Answer, Client, Lost
from vendue.rules.commands import command_id

BIDDERS = 8
DECIDED = (201, 409)


class Served(Protocol):
    """What bidders see of one or several api processes: where the next connection goes, and what became of them."""

    address: Address
    runs: bool
    starts: int
    started_at: float


Accounts = dict[str, str]
"""Name -> id of the seller and the bidders."""
AGAIN_AFTER_S = 0.05
DAY_MS = 24 * 3600 * 1000


@dataclass
class Bid:
    """What one bidder asked under one key, and all that he was told. `unavailable`: answers that said 503.

    `sent_at`: when it was sent last (monotonic seconds); `decided_of`: when that was sent which was decided last.
    """

    auction: str
    bidder: str
    key: str
    amount: int
    sent: int = 0
    unavailable: int = 0
    pending: int = 0
    sent_at: float = 0.0
    decided_of: float = 0.0
    decisions: list[Answer] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The bid's id."""
        return command_id(self.auction, self.bidder, self.key)


class Sale:
    """Auctions in a running Vendue; `bids` is everything that anyone asked, `record` also when.

    Between two bids a bidder rests `pause_s`.
    """

    def __init__(
        self, vendue: Served, accounts: Accounts, seed: int, bidders: int = BIDDERS, pause_s: float = 0.0
    ) -> None:
        self._bidders, self._pause_s = bidders, pause_s
        self.vendue, self.accounts, self.auctions = vendue, accounts, list[str]()
        self.bids: list[Bid] = []
        self.record = Record()
        self.strange: list[str] = []
        self.first_answers: list[float] = []
        self._seed = seed
        self._answered_at = 0.0
        self._stopping = False

    def client(self, name: str, role: str = "authenticated") -> Client:
        """A connection of someone with an account."""
        token = Tokens(SECRET).issue({"documentId": self.accounts[name], "role": role})
        return Client(lambda: self.vendue.address, token)

    async def list(self, **terms: Any) -> str:
        """Put an auction up for sale, open now, by the REST API."""
        seller = self.client("seller", "seller")
        now = int(time.time() * 1000)
        whole = {"format": "english", "currency": "EUR", "ends_at": now + DAY_MS, "starting_price": 10_000, **terms}
        draft = await seller.ask("POST", "/api/auctions", {"title": "Lot", **whole})
        assert draft.status == 201, draft
        id: str = draft.json["data"]["documentId"]
        listed = await seller.ask("POST", f"/api/auctions/{id}/list", {})
        assert listed.status == 201, listed
        await seller.close()
        self.auctions.append(id)
        return id

    async def list_some(self, closing_in_ms: int = 6_000) -> None:
        """Auctions of several formats, one of which closes while the test runs."""
        steps = [[0, 100]]
        await self.list(increments=steps)
        await self.list(increments=steps, soft_close={"window_ms": 5_000, "extend_ms": 5_000})
        await self.list(increments=steps, proxy=False, ends_at=int(time.time() * 1000) + closing_in_ms)
        await self.list(format="sealed_second_price")

    @contextlib.asynccontextmanager
    async def bidding(self, give_up: bool = False) -> AsyncIterator[None]:
        """All bid inside; at the end each repeats his bid until it is decided, unless he may give up."""
        self._stopping = False
        tasks = [asyncio.create_task(self._bid_on(number, give_up)) for number in range(self._bidders)]
        try:
            yield
            self._stopping = True
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, count: int, within_s: float = 20.0) -> None:
        """Wait for so many more decisions."""
        wanted = self.decisions() + count
        async with asyncio.timeout(within_s):
            while self.decisions() < wanted:
                await asyncio.sleep(0.01)

    async def flows(self, since: float, within_s: float) -> float:
        """Seconds from `since` until each auction that is still open decided a bid that was sent after that."""
        async with asyncio.timeout(within_s):
            while self._silent(since):
                await asyncio.sleep(0.02)
        return time.monotonic() - since

    def _silent(self, since: float) -> set[str]:
        closed = {bid.auction for bid in self.bids if any(_is_late(answer) for answer in bid.decisions)}
        decided = {bid.auction for bid in self.bids if bid.decided_of > since}
        return set(self.auctions) - closed - decided

    async def until_one_closed(self, within_s: float = 20.0) -> None:
        """Wait until a bid was too late."""
        async with asyncio.timeout(within_s):
            while not any(_is_late(answer) for bid in self.bids for answer in bid.decisions):
                await asyncio.sleep(0.05)

    def decisions(self) -> int:
        """How many decisions were told."""
        return sum(len(bid.decisions) for bid in self.bids)

    async def _bid_on(self, number: int, give_up: bool) -> None:
        name, chance = f"bidder{number}", random.Random(self._seed * 1000 + number)
        client, account = self.client(name), self.accounts[name]
        own: list[Bid] = []
        try:
            while not self._stopping:
                if own and chance.random() < 0.1:
                    bid = chance.choice(own)  # a repeat of what was decided before
                else:
                    amount = self._next_amount(chance)
                    bid = Bid(chance.choice(self.auctions), account, f"{number}-{len(self.bids)}-{self._seed}", amount)
                    own.append(bid)
                    self.bids.append(bid)
                await self._insist(client, bid, give_up)
                await asyncio.sleep(self._pause_s)
        finally:
            await client.close()

    def _next_amount(self, chance: random.Random) -> int:
        """Rising with the sale as a whole, now and then far too low."""
        return 10_000 + chance.randrange(2_000) + (0 if chance.random() < 0.1 else 40 * len(self.bids))

    async def _insist(self, client: Client, bid: Bid, give_up: bool) -> None:
        decided = False
        while not decided and not (give_up and self._stopping):
            bid.sent += 1
            bid.sent_at = time.monotonic()
            start = self.vendue.starts
            number = self.record.sent(time.monotonic_ns(), bid.bidder, bid.auction, bid.amount, key=bid.key)
            try:
                answer = await client.ask("POST", "/api/bids", {"auction": bid.auction, "amount": bid.amount}, bid.key)
            except Lost:
                self.record.note(Answered(number, time.monotonic_ns(), 0))
                await self._listens_anew(start)
                continue
            at, decided = time.monotonic_ns(), answer.status in DECIDED
            told = told_by_rest(answer.status, answer.json) if decided else None
            self.record.note(Answered(number, at, answer.status, told))
            if decided:
                bid.decisions.append(answer)
                bid.decided_of = bid.sent_at
                self._note_first()
            elif answer.status == 202 and answer.headers.get("location") == f"/api/bids/{bid.id}":
                bid.pending += 1
            elif answer.status == 503 and int(answer.headers.get("retry-after", 0)) > 0:
                bid.unavailable += 1
                await asyncio.sleep(AGAIN_AFTER_S)
            else:
                self.strange.append(f"{bid}: {answer}")
                return

    async def _listens_anew(self, start: int) -> None:
        """After a kill; but a broken connection alone is only opened again."""
        if not self.vendue.runs:
            while self.vendue.starts == start and not self._stopping:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.01)

    def _note_first(self) -> None:
        now = time.monotonic()
        if self._answered_at < self.vendue.started_at:
            self.first_answers.append(now - self.vendue.started_at)
        self._answered_at = now


def _is_late(answer: Answer) -> bool:
    return answer.status == 409 and answer.json["error"]["details"]["code"] == "closed"
