"""Those who bid: each bid when it is due, whether or not the ones before it are answered, so that a slow server cannot
make fewer of them come (open loop)."""

import asyncio
import contextlib
from asyncio import Task
from collections import Counter
from random import Random
from typing import Any

from msgspec import Struct, convert

from vendue.audit.proofs import Signed
from vendue.loadtest.client import Answer, Client, Lost
from vendue.loadtest.house import House, Person
from vendue.loadtest.market import Market, public
from vendue.loadtest.measures import Measures
from vendue.loadtest.plan import Popularity
from vendue.rules.commands import command_id

MOST_UNANSWERED = 2_000
WAIT_S = 5.0
"""For the last answers."""
RAISES = (0, 0, 0, 100, 300, 1_000)


class Bid(Struct):
    """What was asked and answered. `due_s`: seconds from the start; `status` 0: no answer came.

    `standing`: as it was told with the answer (market.PUBLIC); `receipt`: where there came one.
    """

    id: str
    auction: str
    person: int
    amount: int
    due_s: float
    status: int = 0
    seq: int | None = None
    at: int | None = None
    outcome: str | None = None
    code: str | None = None
    standing: tuple[Any, ...] | None = None
    receipt: Signed | None = None


class Bidders:
    """`bids` is all that anyone asked, in the order in which it was sent; `unsent` what could not be."""

    def __init__(
        self,
        house: House,
        people: list[Person],
        market: Market,
        measures: Measures,
        popularity: Popularity,
        rng: Random,
    ) -> None:
        self._house, self.people, self._market, self._measures = house, people, market, measures
        self._popularity, self._rng = popularity, rng
        self.bids: list[Bid] = []
        self.unsent: Counter[str] = Counter()
        self._leading: dict[str, int] = {}
        """Lot -> the number of the person who was last told that he leads."""
        self._asking: set[Task[None]] = set()

    @property
    def unanswered(self) -> int:
        """Bids under way."""
        return len(self._asking)

    async def bid(self, dues: list[float], began: float) -> None:
        """Each of these when it is due, in seconds after `began` in the event loop's time."""
        time = asyncio.get_running_loop().time
        for due in dues:
            wait = began + due - time()
            if wait > 0:
                await asyncio.sleep(wait)
            if len(self._asking) >= MOST_UNANSWERED:
                self.unsent[f"{MOST_UNANSWERED} bids were unanswered"] += 1
            elif not self._market.live:
                self.unsent["no lot was open"] += 1
            else:
                task = asyncio.create_task(self._one(due, began))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)

    async def finish(self) -> None:
        """Wait for the answers that are still to come, but not for ever."""
        if self._asking:
            await asyncio.wait(self._asking, timeout=WAIT_S)
        for task in list(self._asking):
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    def _choose(self) -> tuple[str, int, int]:
        """A lot, who bids on it, and how much: what the newest standing asks, or some more; not against himself."""
        lot = self._popularity.choose(self._market.live)
        number = self._rng.randrange(len(self.people))
        if number == self._leading.get(lot):
            number = (number + 1) % len(self.people)
        standing = self._market.standings.get(lot, {})
        least = standing.get("minimum_next") or standing.get("opening") or 10_000
        return lot, number, least + self._rng.choice(RAISES)

    async def _one(self, due: float, began: float) -> None:
        time, measures = asyncio.get_running_loop().time, self._measures
        lot, number, amount = self._choose()
        person, key = self.people[number], f"{len(self.bids)}"
        bid = Bid(command_id(lot, person.id, key), lot, number, amount, due)
        self.bids.append(bid)
        client = person.idle.pop() if person.idle else self._house.client()
        client.token = person.token
        sent = time()
        measures.late.add(due, (sent - began - due) * 1000)
        try:
            answer = await client.ask("POST", "/api/bids", {"auction": lot, "amount": amount}, key)
        except Lost:
            self._count("no answer", time() - began)
            return
        except asyncio.CancelledError:
            with contextlib.suppress(asyncio.CancelledError):
                await client.close()
            self._count("no answer", time() - began)
            raise
        answered = time()
        person.idle.append(client)
        measures.latency.add(answered - began, (answered - began - due) * 1000)
        measures.service.add(answered - began, (answered - sent) * 1000)
        self._count(str(answer.status), answered - began)
        self._read(bid, answer)

    def _count(self, word: str, at_s: float) -> None:
        self._measures.answers.setdefault(word, Counter())[int(at_s)] += 1

    def _read(self, bid: Bid, answer: Answer) -> None:
        bid.status = answer.status
        if answer.status == 201:
            told = answer.json["data"]
            bid.seq, bid.at, bid.outcome = told["seq"], told["placed_at"], told["outcome"]
            standing, evidence = told["standing"], told.get("evidence")
            self._market.placed(bid.auction, told["seq"], told["placed_at"])
            if told["documentId"] != bid.id:
                self._market.fault(f"auction {bid.auction}: bid {bid.id} was answered as {told['documentId']}")
            if told["outcome"] == "leading":
                self._leading[bid.auction] = bid.person
        elif answer.status == 409:
            details = answer.json["error"]["details"]
            bid.code, standing, evidence = details["code"], details.get("standing"), details.get("evidence")
            bid.seq = standing["seq"] if standing else None
        else:
            return
        if evidence is not None:
            bid.receipt = convert(evidence, Signed)
        if standing is not None:
            bid.standing = public(standing)
            self._market.note(standing, refused=bid.status == 409)


async def hang_up(people: list[Person]) -> None:
    """All connections that wait."""
    clients: list[Client] = [client for person in people for client in person.idle]
    await asyncio.gather(*(client.close() for client in clients))
