"""Those who use it: sellers list, bidders bid, auctioneers intervene, and everyone sends things again."""

import asyncio
from typing import TYPE_CHECKING

from msgspec.json import decode
from msgspec.structs import replace

from tests.simulation.terms import random_terms
from tests.simulation.world import Attempt, World
from vendue.log.port import LogBroken, LogUnavailable
from vendue.rules.commands import (
    AcceptOffer,
    Amend,
    Approve,
    Asked,
    Bid,
    Cancel,
    Counter,
    Decline,
    DeclineOffer,
    Extend,
    List,
    Retract,
    Role,
    command_id,
)
from vendue.rules.money import MAX_AMOUNT
from vendue.rules.receipts import Receipt
from vendue.rules.standing import Standing

if TYPE_CHECKING:
    from tests.simulation.process import Process


class Person:
    """Lives on when a process dies, and remembers what was asked and not answered."""

    def __init__(self, world: World, name: str, role: Role, auctions: list[str]) -> None:
        self.world, self.name, self.role, self.auctions = world, name, role, auctions
        self.open: dict[str, Asked] = {}
        """Command id -> what got no answer yet."""
        self.sent: list[Asked] = []
        self.listed: list[List] = []
        self._pace_s = world.chance.choice((0.2, 0.5, 1.5)) * world.pace

    async def live(self, process: "Process") -> None:
        """Act until the process is gone."""
        world, chance = self.world, self.world.chance
        async with asyncio.TaskGroup() as sendings:
            while True:
                await asyncio.sleep(chance.expovariate(1 / self._pace_s))
                for _ in range(chance.choice((1, 1, 1, 1, 1, 6))):
                    command = self._again() or self._new(process)
                    for _ in range(2 if world.odds(0.08) else 1):
                        sendings.create_task(self._send(process, command))
                if world.odds(0.3):
                    await asyncio.sleep(0)

    async def ask_again(self, process: "Process") -> None:
        """Once more what is open, and the last things that are not: now everything is answered."""
        commands = [*self.sent[-3:], *list(self.open.values())[-12:]]
        for command in commands:
            while not isinstance(await self._send(process, command), Receipt):
                await asyncio.sleep(0.1)

    def _again(self) -> Asked | None:
        """Something sent before: what has no answer, or what has; sometimes with another content under its key."""
        chance = self.world.chance
        if self.open and self.world.odds(0.3):
            return chance.choice(list(self.open.values()))
        if self.sent and self.world.odds(self.world.repeats):
            command = chance.choice(self.sent[-20:])
            if type(command) is Bid and self.world.odds(0.4):
                return replace(command, amount=command.amount + 1)
            return command
        return None

    async def _send(self, process: "Process", command: Asked) -> Receipt | str:
        world, chance = self.world, self.world.chance
        attempt = Attempt(command)
        salt = world.token_hex(16)
        world.attempts[salt] = attempt
        self.open[command.id] = command
        self.sent.append(command)
        patience_s = None if world.calm or world.odds(0.9) else chance.random() * 0.1
        world.note(f"{self.name} asks {type(command).__name__} {command.auction} {command.id[:6]} as {salt[:6]}")
        try:
            async with asyncio.timeout(patience_s):
                receipt = await chance.choice(process.desks).ask(replace(command, salt=salt))
        except LogUnavailable:
            attempt.answer = "refused"
        except LogBroken as broken:
            world.fail(f"the log broke: {broken}")
        except TimeoutError:
            attempt.answer = "left"
        else:
            attempt.answer = receipt or "none"
        if isinstance(attempt.answer, Receipt):
            self.open.pop(command.id, None)
            world.counts["answers"] += 1
        told = attempt.answer if isinstance(attempt.answer, str) else attempt.answer.outcome or attempt.answer.code
        world.note(f"{self.name} is told {told} for {salt[:6]}")
        world.burn("answer")
        return attempt.answer

    def _new(self, process: "Process") -> Asked:
        chance = self.world.chance
        auction = chance.choice(self.auctions)
        common = {
            "auction": auction,
            "id": command_id(auction, self.name, f"key{chance.randrange(1 << 30)}"),
            "by": self.name,
            "role": "none" if self.world.odds(0.02) else self.role,
            "salt": "",
        }
        newest = self.world.newest.get(auction)
        standing = decode(newest.standing, type=Standing) if newest else None
        now_ms = process.log.now_ms()
        if self.role == "bidder":
            return self._bidders(common, standing)
        if standing is None:
            command = List(**common, terms=random_terms(chance, now_ms, self.world.pace))
            self.listed.append(command)
            return command
        if self.role == "seller":
            return self._sellers(common, standing, now_ms)
        return self._auctioneers(common, standing)

    def _bidders(self, common: dict[str, str], standing: Standing | None) -> Asked:
        chance = self.world.chance
        if standing is None:
            return Bid(**common, amount=1000)
        if standing.status in ("pending_approval", "countered") and self.world.odds(0.6):
            return chance.choice((AcceptOffer, DeclineOffer))(**common)
        if standing.buy_now_price and self.world.odds(0.03):
            return Bid(**common, amount=standing.buy_now_price, kind="buy_now")
        least = standing.minimum_next or standing.price or 1000
        earlier = [command.amount for command in self.sent if type(command) is Bid] or [least]
        amount = chance.choice(
            (
                least,
                least + 100 * chance.randrange(10),
                least + chance.randrange(5000),
                100 * (least // 100 + 5),  # round amounts meet
                max(1, least - 1 - chance.randrange(200)),
                standing.price or 1,
                chance.choice(earlier),
                1 if self.world.odds(0.5) else least * 3,
                chance.choice((MAX_AMOUNT, least + 50)) if self.world.odds(0.1) else least,
            )
        )
        return Bid(**common, amount=min(amount, MAX_AMOUNT), confirm_jump=self.world.odds(0.2))

    def _sellers(self, common: dict[str, str], standing: Standing, now_ms: int) -> Asked:
        chance = self.world.chance
        choices: list[Asked] = [Approve(**common), Decline(**common)]
        choices += [Counter(**common, price=(standing.price or 0) + chance.randrange(-50, 2000))] * 3
        if standing.status == "scheduled":
            choices = [Amend(**common, terms=random_terms(chance, now_ms, self.world.pace))]
        elif standing.status == "live" and self.world.odds(0.9):
            choices = [Bid(**{**common, "role": "bidder"}, amount=1000)]
        if self.world.odds(0.03):
            choices = [Cancel(**common, reason=chance.choice(("sold elsewhere", " ")))]
        return chance.choice(choices)

    def _auctioneers(self, common: dict[str, str], standing: Standing) -> Asked:
        chance = self.world.chance
        bidder = f"bidder{chance.randrange(1, 5)}"
        retract = Retract(**common, bidder=bidder, reason="typing error", allow_rebid=self.world.odds(0.8))
        extend = Extend(**common, ends_at=standing.ends_at + chance.randrange(-100, 1500))
        if standing.status == "live":
            return chance.choice((retract, retract, extend, Approve(**common)))
        if self.world.odds(0.02):
            return Cancel(**common, reason="the car burnt")
        return chance.choice((retract, extend, Approve(**common), Counter(**common, price=(standing.price or 0) + 100)))
