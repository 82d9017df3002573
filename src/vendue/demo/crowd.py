"""A lot's life: its crowd bids until it is over, then its seller decides where that is left to him."""

import asyncio
from random import Random
from typing import Any, Literal

from vendue.api.desk import Desk
from vendue.catalogue.port import Catalogue, Row
from vendue.catalogue.query import Condition, Group, Query
from vendue.demo import people
from vendue.demo.plan import VISITOR_SELLS, Interested, Lot
from vendue.rules.commands import AcceptOffer, Approve, Asked, Bid, Counter, Decline, DeclineOffer, Role, command_id
from vendue.rules.standing import Clock, clock_price

BETWEEN_BIDS_S = 0.25
"""All bidders together bid at most once in this time."""
SETTLING_S = 0.3
VISITOR_WAITS_S = 5.0


class Crowd:
    """Everyone in the demo. `users`: ids by username."""

    def __init__(self, catalogue: Catalogue, desk: Desk, users: dict[str, str]) -> None:
        self._catalogue, self._desk, self._users = catalogue, desk, users
        self._names = {id: name for name, id in users.items()}
        self._turn = asyncio.Lock()

    async def attend(self, auction: str, lot: Lot, rng: Random) -> None:
        """Until it is over. Raises LogUnavailable, LogBroken, CatalogueBroken."""
        stale: int | None = None
        while (row := await self._catalogue.get("auctions", auction)) is not None:
            left_ms = row["ends_at"] - self._desk.now_ms()
            match row["status"]:
                case "scheduled":
                    await asyncio.sleep(max(SETTLING_S, (row["starts_at"] - self._desk.now_ms()) / 1000))
                case "live" if left_ms <= 0:
                    await asyncio.sleep(SETTLING_S)
                case "live" if lot.terms.format == "dutch":
                    await self._watch_clock(rng, lot, row)
                case "live" if lot.terms.format == "english":
                    await self._bid_up(rng, lot, row, stale)
                    stale = row["minimum_next"]
                case "live":
                    await self._fill_envelope(rng, lot, row)
                case "pending_approval" | "countered":
                    await self._settle(rng, lot, row)
                case _:
                    return

    async def _bid_up(self, rng: Random, lot: Lot, row: Row, stale: int | None) -> None:
        leader = await self._leader(row)
        await asyncio.sleep(people.pause_s(rng, row["ends_at"] - self._desk.now_ms(), row["bids_count"] > 0))
        who = rng.choice(lot.crowd)
        now = await self._catalogue.get("auctions", row["documentId"])
        if now is None or now["status"] != "live" or now["minimum_next"] is None:
            return
        if now["seq"] != row["seq"]:
            leader = await self._leader(now)
        seen = people.look(now, self._desk.now_ms(), leader, stale)
        if people.takes_buy_now(rng, lot, who, seen):
            assert lot.terms.buy_now_price is not None
            await self._bid(who, row, lot.terms.buy_now_price, "buy_now")
            return
        amount = people.english(rng, lot, who, seen)
        if amount is not None:
            await self._bid(who, row, amount)

    async def _fill_envelope(self, rng: Random, lot: Lot, row: Row) -> None:
        """Each once, spread over the time; few come back to change their mind."""
        left_s = (row["ends_at"] - self._desk.now_ms()) / 1000
        lasts_s = (row["ends_at"] - row["starts_at"]) / 1000
        await asyncio.sleep(min(left_s, rng.uniform(0.5, 1.5) * lasts_s / (len(lot.crowd) + 2)))
        who = rng.choice(lot.crowd)
        amount = people.sealed(rng, lot, who)
        if amount is not None:
            await self._bid(who, row, amount)

    async def _watch_clock(self, rng: Random, lot: Lot, row: Row) -> None:
        """Whoever values it most takes it a moment after the price falls to that."""
        who = max(lot.crowd, key=lambda each: each.limit)
        clock = Clock(row["decrement"], row["decrement_every_ms"], row["floor_price"])
        price = clock_price(clock, row["starting_price"], row["starts_at"], self._desk.now_ms())
        if price <= who.limit:
            await asyncio.sleep(rng.uniform(0.4, 2.5))
            await self._bid(who, row, who.limit)
        elif rng.random() < 0.02:
            await self._bid(rng.choice(lot.crowd), row, who.limit)  # asks before the price is there
        await asyncio.sleep(1.0)

    async def _settle(self, rng: Random, lot: Lot, row: Row) -> None:
        """The seller approves what is near his reserve and else makes an offer, which the bidder weighs."""
        if lot.seller == VISITOR_SELLS:
            await asyncio.sleep(VISITOR_WAITS_S)
            if row["status"] == "pending_approval":
                return
        await asyncio.sleep(rng.uniform(6, 20))
        price = row["price"]
        reserve = lot.terms.reserve_price or price
        if row["status"] == "countered":
            await self._answer_offer(lot, row)
        elif price >= reserve * 0.93 or rng.random() < 0.2:
            await self._ask(row, lot.seller, "seller", Approve)
        elif rng.random() < 0.2:
            await self._ask(row, lot.seller, "seller", Decline)
        else:
            offer = max(price + 100, (price + reserve) // 2 // 5_000 * 5_000)
            await self._ask(row, lot.seller, "seller", Counter, price=min(offer, reserve))

    async def _answer_offer(self, lot: Lot, row: Row) -> None:
        bidder = await self._leader(row)
        limit = next((each.limit for each in lot.crowd if each.name == bidder), None)
        if bidder is not None and limit is not None:  # else it is a visitor's to answer
            await self._ask(row, bidder, "bidder", AcceptOffer if row["offer"] <= limit * 1.05 else DeclineOffer)

    async def _leader(self, row: Row) -> str | None:
        """Who leads, where it is one of us; also after a restart, since it is read from the bids."""
        if row["leader"] is None:
            return None
        led = (Condition(("auction",), "$eq", row["documentId"]), Condition(("alias",), "$eq", row["leader"]))
        found, _ = await self._catalogue.find("bids", Query(where=Group("$and", led), limit=1))
        return self._names.get(found[0]["bidder"]) if found else None

    async def _bid(self, who: Interested, row: Row, amount: int, kind: Literal["bid", "buy_now"] = "bid") -> None:
        async with self._turn:
            await self._ask(row, who.name, "bidder", Bid, amount=amount, kind=kind)
            await asyncio.sleep(BETWEEN_BIDS_S)

    async def _ask(self, row: Row, name: str, role: Role, command: type[Asked], **more: Any) -> None:
        """A refusal is an answer like another, and so is none in time: whoever asked will look again."""
        user, auction = self._users[name], row["documentId"]
        key = command_id(auction, user, self._desk.new_salt())
        await self._desk.ask(command(auction=auction, id=key, by=user, role=role, salt=self._desk.new_salt(), **more))
