"""One process: log, board, engine and desks as `vendue run` puts them together, and what happens to it."""

import asyncio
import traceback
from asyncio import Task
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from unittest.mock import patch

import structlog
from msgspec.json import Encoder

from tests.simulation.disk import Disk
from tests.simulation.loop import Executor, Loop
from tests.simulation.people import Person
from tests.simulation.world import START_S, Killed, World
from vendue.api.desk import Desk
from vendue.board.memory import MemoryBoard
from vendue.board.port import ALL, Reply, Update
from vendue.engine import Engine
from vendue.log import sqlite, sqlite_file
from vendue.log.clock import LogClock
from vendue.log.port import LogBroken, LogUnavailable
from vendue.rules.standing import Standing

SETTLED = ("sold", "unsold", "cancelled")
CLOSED_WITHIN_S = 1.5
STOPPED_WITHIN_S = 5.0
RECOVERED_WITHIN_S = 10.0
TOLD_WITHIN_S = 30.0
WELL_AGAIN_WITHIN_S = 4.0
_json = Encoder()


class Board(MemoryBoard):
    """A board that takes its time, as one behind a network does, and that can be lost."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.lost_s = world.elapsed_s

    async def _pause(self) -> None:
        world = self._world
        if world.odds(0.3):
            await asyncio.sleep(world.chance.choice((0.0, 0.001, 0.02, 0.02 if world.calm else 0.5)))
            if not world.calm and world.odds(world.fragility):
                self.lose()

    async def publish(self, updates: Sequence[Update], replies: Sequence[Reply]) -> None:
        """Now or a little later."""
        await self._pause()
        await super().publish(updates, replies)
        await self._pause()

    async def epoch(self, part: str) -> str | None:
        """Now or a little later."""
        if self._world.odds(0.3):
            await asyncio.sleep(0.001)
        return await super().epoch(part)

    async def set_epoch(self, part: str, epoch: str) -> None:
        """Now or a little later."""
        await self._pause()
        await super().set_epoch(part, epoch)

    def lose(self) -> None:
        """All it knew is gone; who listens hears on."""
        self._world.note("board lost")
        self.lost_s = self._world.elapsed_s
        self._live, self._positions = {}, {}
        self._over.clear()
        self._epochs.clear()


class Watcher:
    """Hears of every auction and everyone."""

    def __init__(self, world: World) -> None:
        self._world = world

    def on_update(self, update: Update) -> None:
        """See Listener."""
        self._world.saw(update)

    def on_position(self, auction: str, bidder: str, seq: int, position: bytes) -> None:
        """See Listener."""
        self._world.saw_position(auction, bidder, seq, position)

    def on_reply(self, reply: Reply) -> None:
        """Asks for nothing."""
        self._world.fail("a receipt came to one who asked nothing")


class Process:
    """From start to kill or stop. `people` use it."""

    def __init__(self, world: World, people: list[Person]) -> None:
        self.world, self.people = world, people
        self.stopping = False
        self.well_s: float | None = None
        """Since when neither the disk nor the clock is wrong or slow, None while one is."""

    def run(self) -> None:
        """Until it is killed or has stopped."""
        world = self.world
        world.counts["processes"] += 1
        world.ask_to_stop = None
        loop = Loop(world)
        disk = Disk(world, loop)
        with self._surroundings(loop, disk):
            try:
                loop.run_until_complete(self._main())
            except Killed:
                pass
            except LogBroken as broken:
                if not (world.full and "full" in str(broken)):
                    raise
                world.note(f"did not start: {broken}")
                world.full = False
            finally:
                loop.die()
                disk.leave()

    @contextmanager
    def _surroundings(self, loop: Loop, disk: Disk) -> Iterator[None]:
        with (
            patch.object(sqlite_file, "sqlite3", disk.sqlite3),
            patch.object(sqlite_file, "os", disk.os),
            patch.object(sqlite, "ThreadPoolExecutor", lambda _, name: Executor(loop, name)),
            patch("secrets.token_hex", self.world.token_hex),
        ):
            yield

    async def _main(self) -> None:
        world = self.world
        self.wall_s = world.wall_s
        self.log = sqlite.SqliteLog(
            world.folder, clock=lambda floor_ms: LogClock(floor_ms, wall=world.wall, monotonic=world.monotonic)
        )
        self.board = Board(world)
        self.desks = [Desk(self.log, self.board) for _ in range(world.chance.choice((1, 2)))]
        for desk in self.desks:
            await desk.open()
        await self.board.listen("watcher", Watcher(world))
        everything = [ALL, *self.people[0].auctions]
        await self.board.watch("watcher", everything, [person.name for person in self.people])
        engine = Engine(self.log, self.board)
        self.engine_task = asyncio.create_task(self._engine(engine))
        others = [asyncio.create_task(self._watched(desk.run)) for desk in self.desks]
        others.append(asyncio.create_task(self._watched(self._follow)))
        if world.calm:
            await self._end()
        else:
            others += [asyncio.create_task(person.live(self)) for person in self.people]
            others += [asyncio.create_task(self._trouble()), asyncio.create_task(self._watch())]
            await self._live()
        await self._stop(engine, others)

    async def _engine(self, engine: Engine) -> None:
        try:
            await engine.run()
        except asyncio.CancelledError:
            self.world.must(self.stopping or asyncio.get_running_loop().dead, "the engine ended by itself")
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends the seed
            self.world.fail(f"the engine gave up: {error!r} {_place(error)}")

    async def _watched(self, service: Callable[[], Awaitable[None]]) -> None:
        try:
            await service()
        except Exception as error:  # noqa: BLE001 - whatever it is, it ends the seed
            self.world.fail(f"{service.__qualname__} gave up: {error!r} {_place(error)}")

    async def _live(self) -> None:
        """A while of ordinary life, then its end is near, in one way or another."""
        world, chance = self.world, self.world.chance
        if world.odds(0.25):
            world.fuses[chance.choice(("callback", "write"))] = chance.randrange(1, 120)
        await asyncio.sleep(chance.choice((0.3, 0.3, 2.0, 2.0, 6.0, 15.0)) * chance.random() * max(1.0, world.pace / 3))
        step, way = (
            chance.choice(("answer", "sight", "write", "write", "callback", "now")),
            chance.choice(("kill", "kill", "stop")),
        )
        if step == "now":
            if way == "kill":
                world.kill("time")
            return
        asked = asyncio.Event()
        world.ask_to_stop = asked.set if way == "stop" else None
        world.fuses[step] = chance.randrange(0, 12)
        with suppress(TimeoutError):
            async with asyncio.timeout(5.0):
                await asked.wait()
        world.ask_to_stop = None
        if world.odds(0.3):
            world.fuses[chance.choice(("callback", "write"))] = chance.randrange(0, 40)

    async def _stop(self, engine: Engine, others: list[Task[None]]) -> None:
        """As gracefully as a process stops."""
        world = self.world
        world.note("stop")
        clients, services = others[len(self.desks) + 1 :], others[: len(self.desks) + 1]
        if world.odds(0.5):
            await _cancel(clients)
        self.stopping = True
        self.engine_task.cancel()
        done, _ = await asyncio.wait([self.engine_task], timeout=STOPPED_WITHIN_S)
        world.must(done, "the engine does not stop when cancelled")
        await engine.stop()
        await _cancel(clients + services)
        await self.log.close()
        world.counts["stops"] += 1

    async def _follow(self) -> None:
        """A reader of events goes on where it was, as the projector does."""
        world = self.world
        async for records in self.log.read("auction-events", world.followed):
            for record in records:
                world.follow(record)
            if not world.calm and world.odds(0.05):
                await asyncio.sleep(world.chance.random() * 0.5)

    async def _trouble(self) -> None:
        """What goes wrong meanwhile."""
        world, chance = self.world, self.world.chance
        if world.full:  # since a process that is gone
            await asyncio.sleep(chance.random())
            world.full = False
        self._well()
        while True:
            await asyncio.sleep(chance.expovariate(1 / world.trouble_every_s))
            kind = chance.choice(("disk", "disk", "clock", "clock", "board", "garbage"))
            world.note(f"trouble: {kind}")
            match kind:
                case "disk":
                    world.full, self.well_s = True, None
                    await asyncio.sleep(chance.choice((0.001, 0.02, 0.3, 1.5)) * chance.random())
                    world.full = False
                    self._well()
                case "clock":
                    self.well_s = None
                    world.wall_s += chance.choice((0.05, 0.6, 0.95, 1.1, 5.0, 30.0, -0.05, -0.9, -1.1, -4.0))
                    if world.odds(0.7):
                        await asyncio.sleep(chance.random() * 2)
                        world.wall_s = START_S
                    self._well()
                case "board":
                    self.board.lose()
                case "garbage":
                    with suppress(LogUnavailable):
                        auction = chance.choice(self.people[0].auctions)
                        await self.log.append("bids", [(auction, chance.choice((b"", b"{}", b'{"type":"tick"}')))])

    def _well(self) -> None:
        world = self.world
        # The log's clock follows small jumps, and may take the way back for a large one.
        with suppress(LogUnavailable):
            self.log._clock.admit_ms()
            if not world.full and abs(world.wall_s - self.wall_s) < 1.0 and world.slowness <= 1.0:
                self.well_s = world.elapsed_s

    async def _watch(self) -> None:
        """Whatever went wrong, some seconds later the board shows what is live and what was due is over."""
        world = self.world
        before: deque[tuple[float, int, set[str]]] = deque()
        while True:
            live = {auction for auction, standing in world.standings.items() if standing.status == "live"}
            before.append((world.elapsed_s, self.log.now_ms(), live))
            await asyncio.sleep(0.5)
            while len(before) > 1 and before[1][0] < world.elapsed_s - WELL_AGAIN_WITHIN_S:
                before.popleft()
            since_s, then_ms, live_then = before[0]
            if world.elapsed_s - since_s < WELL_AGAIN_WITHIN_S or self.well_s is None or self.well_s > since_s:
                continue
            for auction, standing in world.standings.items():
                late = standing.status not in SETTLED and _deadline(standing) <= then_ms
                world.must(not late, f"{auction} is still {standing.status} long after its deadline")
                if self.board.lost_s < since_s and auction in live_then and standing.status == "live":
                    known = auction in self.board._live or auction in self.board._over
                    world.must(known, f"{auction} is live and not on the board again")

    async def _end(self) -> None:
        """Nothing fails any more: what was not answered is asked again and answered, and everything ends in time."""
        world = self.world
        began_s = world.elapsed_s
        await asyncio.gather(*(person.ask_again(self) for person in self.people))
        world.must(world.elapsed_s - began_s < RECOVERED_WITHIN_S, "decisions do not flow again")
        known = {command.auction for person in self.people for command in person.listed}
        while True:
            now_ms = self.log.now_ms()
            await asyncio.sleep(CLOSED_WITHIN_S)
            await self._until_told()
            open_now = {a: s for a, s in self.world.standings.items() if s.status not in SETTLED}
            if not open_now:
                break
            for auction, standing in open_now.items():
                due = _deadline(standing)
                world.must(due > now_ms, f"{auction} was due at {due} and is still {standing.status} at {now_ms}")
            due = min(_deadline(standing) for standing in open_now.values())
            await asyncio.sleep(max(0.0, (due - self.log.now_ms()) / 1000))
        world.must(known >= self.world.standings.keys(), "an auction that nobody listed")

    async def _until_told(self) -> None:
        """With all quiet, the reader of events has them all, and the board shows what they say."""
        world = self.world
        began_s = world.elapsed_s
        while fault := await self._untold():
            await asyncio.sleep(0.05)
            world.must(world.elapsed_s - began_s < TOLD_WITHIN_S, fault)

    async def _untold(self) -> str | None:
        if self.world.followed != await self.log.ends("auction-events"):
            return "a reader of events does not get them all"
        for auction, standing in self.world.standings.items():
            shown = self.board._live.get(auction) or self.board._over.get(auction)
            if shown is None and standing.status == "live":
                return f"the board does not show {auction}, which is live"
            if shown is not None and shown.seq < self.world.public[auction]:
                return f"the board shows {auction} at {shown.seq}, not at {self.world.public[auction]}"
        return None


def _deadline(standing: Standing) -> int:
    if standing.status == "scheduled":
        return standing.starts_at
    return standing.approval_until or standing.ends_at


def _place(error: Exception) -> str:
    return "".join(traceback.format_tb(error.__traceback__)[-2:]).replace("\n", " ")


async def _cancel(tasks: list[Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def quiet_logs(world: World) -> None:
    """The processes' own logs go into the trace."""

    def into_trace(_: object, __: str, event: dict[str, object]) -> dict[str, object]:
        world.note(f"log: {event.get('event')} {event.get('reason', '')}")
        raise structlog.DropEvent

    structlog.configure(processors=[into_trace], cache_logger_on_first_use=False)
