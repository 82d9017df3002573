"""What clients see of the simulated processes of tests/simulation: killed, held up, full, with clocks that jump.

The simulation's own judge is silent here: all that it would judge by is the log, and clients do not see that.
"""

import asyncio
import gc
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec.json import decode
from msgspec.structs import replace

from tests.explain.record import Answered, Bids, Frame, Page, Record, Row, Sent, Terms, You
from tests.explain.translate import body, published, told
from tests.simulation.people import Person
from tests.simulation.process import quiet_logs
from tests.simulation.run import LASTS_S, MEMORY, calm, rough
from tests.simulation.terms import random_terms
from tests.simulation.world import Found, World, limits
from vendue.board.port import Update
from vendue.log.port import LogUnavailable
from vendue.log.port import Record as LogRecord
from vendue.rules.commands import Asked, Bid, List, command_id
from vendue.rules.events import Placed, Refused
from vendue.rules.evidence import read
from vendue.rules.receipts import Receipt
from vendue.rules.standing import Standing

if TYPE_CHECKING:
    from tests.simulation.process import Process

PENDING = ("pending_approval", "countered")
REACHES_END = ("sold", "unsold")


class Seen(World):
    """A world that writes down what its clients see, and judges nothing; where it cannot go on, a process dies."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.record = Record()
        self.rows: dict[str, list[Row]] = {}
        self.known: dict[str, int] = {}
        self.boards_lost = 0
        super().__init__(seed, folder)

    @property
    def now_ns(self) -> int:
        """The clients' clock."""
        return int(self.elapsed_s * 1e9)

    @property
    def failure(self) -> None:
        """Nobody asks for it here."""
        return

    @failure.setter
    def failure(self, _: object) -> None:
        pass

    def fail(self, message: str) -> NoReturn:
        """The process dies of it."""
        self.kill(message)

    def note(self, what: str) -> None:
        """See World."""
        self.boards_lost += what == "board lost"
        super().note(what)

    def saw(self, update: Update) -> None:
        """One socket hears everything, and one a bidder his positions, until the process dies.

        Where the board loses all that it knew, watchers begin anew too: what is written to it then may be older.
        """
        self.record.note(Frame(self.now_ns, self._socket, body(update.standing)))
        newest = self.newest.get(update.auction)
        if newest is None or newest.seq < update.seq:
            self.newest[update.auction] = update
        self.burn("sight")

    @property
    def _socket(self) -> str:
        return f"process {self.counts['processes']}, board {self.boards_lost + 1}"

    def saw_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """A bidder hears where he stands."""
        self.record.note(You(self.now_ns, f"{self._socket}, {bidder}", bidder, body(position)))

    def follow(self, record: LogRecord) -> None:
        """What a projector does: the next event counts, an earlier one does not."""
        event = read(record.value)
        placed, hidden, standing = event.body, event.hidden, event.body.standing
        self.followed[record.partition] = record.offset + 1
        if placed.seq != self.known.get(record.key, 0) + 1:
            return
        self.known[record.key], self.standings[record.key] = placed.seq, standing
        if not isinstance(placed, Refused):
            self.public[record.key] = placed.seq
        if isinstance(placed, Placed) and hidden is not None:
            row = Row(placed.seq, placed.alias, "accepted", placed.outcome, None, placed.at)
            self.rows.setdefault(record.key, []).append(row)

    def read_all(self) -> None:
        """What REST shows in the end."""
        for auction, standing in self.standings.items():
            self.record.note(Page(self.now_ns, body(standing)))
            if standing.status in REACHES_END:
                rows = self.rows.get(auction, [])
                self.record.note(Bids(self.now_ns, auction, self.known[auction], rows))


class Bidder(Person):
    """Bids alone, and writes down what he asked and was told."""

    world: Seen

    def _new(self, process: "Process") -> Asked:
        chance = self.world.chance
        auction = chance.choice(self.auctions)
        newest = self.world.newest.get(auction)
        standing = None if newest is None else decode(newest.standing, type=Standing)
        id = command_id(auction, self.name, f"key{chance.randrange(1 << 30)}")
        common: dict[str, Any] = {"auction": auction, "id": id, "by": self.name, "role": "bidder", "salt": ""}
        if standing is not None and standing.status in PENDING:
            return Bid(**common, amount=(standing.price or 0) + 100)
        return self._bidders(common, standing)

    async def _send(self, process: "Process", command: Asked) -> Receipt | str:
        assert isinstance(command, Bid)
        world, record = self.world, self.world.record
        self.open[command.id] = command
        self.sent.append(command)
        more = {"key": command.id, "kind": command.kind, "confirm_jump": command.confirm_jump}
        number = record.sent(world.now_ns, command.by, command.auction, command.amount, **more)
        patience_s = None if world.calm or world.odds(0.9) else world.chance.random() * 0.1
        status, answer = await _ask(process, command, patience_s)
        if answer is not None:
            self.open.pop(command.id, None)
            status = 404 if answer.seq is None else 201 if answer.code is None else 409
        record.note(Answered(number, world.now_ns, status, told(answer) if answer else None))
        world.burn("answer")
        return answer or "none"


class Seller(Person):
    """Lists each auction once, asking again until it is."""

    world: Seen

    async def live(self, process: "Process") -> None:
        """See Person."""
        while True:
            await asyncio.sleep(self.world.chance.expovariate(2))
            await self.ask_again(process)

    async def ask_again(self, process: "Process") -> None:
        """The next one that is not listed."""
        for auction in self.auctions:
            if auction not in self.open:
                self.open[auction] = self._new_listing(process, auction)
                self.listed.append(self.open[auction])
            command = self.open[auction]
            if command.salt == "listed":
                continue
            _, answer = await _ask(process, command, None)
            while answer is None and self.world.calm:
                await asyncio.sleep(0.1)
                _, answer = await _ask(process, command, None)
            if answer is None:
                return
            if answer.standing is None:
                del self.open[auction]  # the terms were not valid
                return
            self.open[auction] = replace(command, salt="listed")
            terms = replace(command.terms, starts_at=answer.standing.starts_at)
            self.world.record.note(published(auction, terms, knows_reserve=self.world.odds(0.5)))

    def _new_listing(self, process: "Process", auction: str) -> List:
        chance = self.world.chance
        id = command_id(auction, self.name, f"list{chance.randrange(1 << 30)}")
        terms = random_terms(chance, process.log.now_ms(), self.world.pace)
        return List(auction=auction, id=id, by=self.name, role="seller", salt="", terms=terms)


async def _ask(process: "Process", command: Asked, patience_s: float | None) -> tuple[int, Receipt | None]:
    world = process.world
    try:
        async with asyncio.timeout(patience_s):
            salted = replace(command, salt=world.token_hex(16))
            return 202, await world.chance.choice(process.desks).ask(salted)
    except LogUnavailable:
        return 503, None
    except TimeoutError:
        return 0, None


def simulate(seed: int) -> Record:
    """What the clients of one seed saw."""
    folder = Path(tempfile.mkdtemp(prefix="vendue-seen-", dir=MEMORY if MEMORY.is_dir() else None))
    world = Seen(seed, folder)
    collecting = gc.isenabled()
    gc.disable()  # what is in a cycle is dropped at the same point in every run
    try:
        quiet_logs(world)
        with limits(world.chance):
            auctions = [f"lot-{number}" for number in range(1, world.chance.randrange(2, 5))]
            bidders = [Bidder(world, f"bidder{number}", "bidder", auctions) for number in range(1, 5)]
            people = [*bidders, Seller(world, "seller1", "seller", auctions)]
            rough(world, people, LASTS_S * max(1.0, world.pace / 3))
            calm(world, people)
    except Found:
        pass
    finally:
        gc.collect()
        if collecting:
            gc.enable()
        shutil.rmtree(folder)
    world.read_all()
    listed = {terms.auction for terms in world.record.all(Terms)}
    return Record(each for each in world.record.observations if not isinstance(each, Sent) or each.auction in listed)
