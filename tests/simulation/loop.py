"""The event loop and its executors: asyncio on the world's time, in one thread, blocking calls as greenlets.

asyncio promises that what is ready runs in the order in which it became ready, and code may rely on it. What it does
not promise is shuffled: how late a timer is, how long a callback takes, when a blocking call starts, how often it
is held up on its way, and when its result arrives.
"""

import asyncio
import heapq
from asyncio import Future
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from typing import Any

from greenlet import getcurrent, greenlet

from tests.simulation.world import Found, Killed, World

CALLBACK_S = 20e-6
MAX_CALLBACKS = 3_000_000


class Task(asyncio.Task):
    """A task whose place in a set is the same in every run: asyncio.TaskGroup cancels its set of tasks in order."""

    def __init__(self, number: int, *arguments: Any, **named: Any) -> None:
        self.number = number
        super().__init__(*arguments, **named)

    def __hash__(self) -> int:
        return self.number


class Loop(asyncio.BaseEventLoop):
    """One a process. After `die` only cleaning up is left, which touches nothing outside and takes no time."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._numbers = count(1)
        self._stall_in = world.chance.randrange(1, 2_000)
        self._callbacks = 0
        self.dead = False
        self.main_greenlet = getcurrent()
        self.executors: list[Executor] = []
        self.set_task_factory(self._task)
        self.set_exception_handler(self._unhandled)

    def _task(self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **named: Any) -> Task:
        return Task(next(self._numbers), coro, loop=loop, **named)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not self.dead:
            world = self._world
            world.failure = world.failure or f"nobody handled: {context.get('message')} {context.get('exception')!r}"

    def time(self) -> float:
        """The world's monotonic time."""
        return self._world.elapsed_s

    def _write_to_self(self) -> None:
        """Nothing sleeps in a selector here."""

    def _run_once(self) -> None:
        # What the base class does, with the waiting and the lateness taken from the world.
        world, scheduled, ready = self._world, self._scheduled, self._ready
        while scheduled and scheduled[0]._cancelled:
            heapq.heappop(scheduled)._scheduled = False
        if not ready:
            if not scheduled:
                world.fail("everything waits for something that nothing will bring")
            late = world.chance.random() * 0.02 if world.odds(0.3) else 0.0
            world.elapsed_s = max(world.elapsed_s, scheduled[0]._when + late)
        while scheduled and scheduled[0]._when <= world.elapsed_s:
            handle = heapq.heappop(scheduled)
            handle._scheduled = False
            ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if handle._cancelled:
                continue
            try:
                if not self.dead:
                    self._step()
            except SystemExit:
                ready.appendleft(handle)  # what it was about to do is cleaned up, not forgotten
                raise
            handle._run()

    def _step(self) -> None:
        """Before each callback: time passes, now and then much of it, or the process ends."""
        world = self._world
        if world.failure is not None:
            raise Found(world.failure)  # it came up where nobody could raise it, as in a finalizer
        world.burn("callback")
        self._callbacks += 1
        if self._callbacks > MAX_CALLBACKS:
            world.fail("it spins: callbacks without end")
        world.elapsed_s += CALLBACK_S
        self._stall_in -= 1
        if self._stall_in == 0:
            self._stall_in = world.chance.randrange(1, 4_000)
            world.elapsed_s += world.chance.random() * (0.03 if world.calm else world.chance.choice((0.02, 0.2, 1.0)))

    def run_in_executor(self, executor: "Executor", func: Callable[..., Any], *args: Any) -> Future[Any]:
        """The result comes when the executor got round to it, and a while later."""
        return executor.submit(lambda: func(*args))

    def die(self) -> None:
        """Drop everything that runs, as a kill does: what cleans up can neither write nor tell anyone."""
        self.dead = True
        for executor in self.executors:
            executor.drop()
        for _ in range(50):
            left = [task for task in asyncio.all_tasks(self) if not task.done()]
            if not left:
                break
            for task in sorted(left, key=lambda task: task.number):
                task.cancel()
            self._drain()
        self._ready.clear()
        self._scheduled.clear()
        self.close()

    def _drain(self) -> None:
        elapsed_s = self._world.elapsed_s
        for _ in range(100):
            self.call_soon(self.stop)
            try:
                self.run_forever()
            except SystemExit:
                continue
            if not self._ready:
                break
        self._world.elapsed_s = elapsed_s


class Executor:
    """In place of a ThreadPoolExecutor of one thread: calls in order, each a greenlet that can be held up."""

    def __init__(self, loop: Loop, name: str) -> None:
        self._loop, self._world, self.name = loop, loop._world, name
        self._calls: deque[tuple[greenlet, Future[Any]]] = deque()
        self._running: greenlet | None = None
        self._hurried = False
        loop.executors.append(self)

    def submit(self, call: Callable[[], Any]) -> Future[Any]:
        """Call it later; the future is cancelled as concurrent.futures cancels: only what did not begin is left out."""
        future: Future[Any] = self._loop.create_future()
        self._calls.append((greenlet(lambda: self._call(call, future), self._loop.main_greenlet), future))
        if self._running is None and len(self._calls) == 1:
            self._loop.call_later(self._delay_s(), self._go_on)
        return future

    def _delay_s(self) -> float:
        world, chance = self._world, self._world.chance
        slowness = 1.0 if world.calm else world.slowness
        return chance.choice((0.0, 0.0001, 0.001, 0.001, 0.01, 0.01, 0.05)) * chance.random() * slowness

    def _call(self, call: Callable[[], Any], future: Future[Any]) -> None:
        try:
            result, error = call(), None
        except Exception as raised:  # noqa: BLE001 - whatever it is belongs to whoever waits for it
            result, error = None, raised
        if self._hurried:
            self._deliver(future, result, error)
        else:
            self._loop.call_later(self._delay_s(), self._deliver, future, result, error)

    @staticmethod
    def _deliver(future: Future[Any], result: Any, error: Exception | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def _go_on(self) -> None:
        if self._running is None:
            while self._calls and self._calls[0][1].cancelled():
                self._calls.popleft()
            if not self._calls:
                return
            self._running = self._calls[0][0]
        self._running.switch()
        if self._running.dead:
            self._running = None
            self._calls.popleft()
        if self._calls:
            self._loop.call_later(self._delay_s(), self._go_on)

    def hold_up(self) -> None:
        """Called within a call: give the turn away for a while, perhaps."""
        if not self._hurried and self._world.odds(0.25):
            self._loop.main_greenlet.switch()

    def is_current(self) -> bool:
        """Whether a call of this executor is what runs now."""
        return self._running is not None and getcurrent() is self._running

    def shutdown(self) -> None:
        """Block until all calls are through."""
        self._hurried = True
        while self._calls:
            call, future = self._calls[0]
            if call is not self._running and future.cancelled():
                self._calls.popleft()
                continue
            self._running = call
            call.switch()
            if call.dead:
                self._running = None
                self._calls.popleft()

    def drop(self) -> None:
        """The thread is gone with its process."""
        running, self._running = self._running, None
        self._calls.clear()
        if running is not None and running:
            with suppress(Killed):
                running.throw(Killed)
