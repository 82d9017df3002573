"""Threads for calls that block. The standard library's pool would hold up the process's end until Kafka answers."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Lock, Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads(Executor):
    """One for each call, gone with the process. `busy`: how many there are; whoever calls keeps them few."""

    def __init__(self) -> None:
        self.busy = 0
        self._counting = Lock()

    def submit(self, call: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> Future[T]:
        """See Executor."""
        done: Future[T] = Future()
        done.set_running_or_notify_cancel()

        def run() -> None:
            try:
                found = call(*arguments, **named)
            except BaseException as error:  # noqa: BLE001  # whoever waits is told
                done.set_exception(error)
            else:
                done.set_result(found)

        self._count(1)
        done.add_done_callback(lambda _: self._count(-1))
        Thread(target=run, name="kafka-call", daemon=True).start()
        return done

    def _count(self, more: int) -> None:
        with self._counting:
            self.busy += more
