"""Traces for OpenTelemetry, by what travels anyway: a command's id is its trace's id, as it is its log lines' id.

What the clock asks for has none: its trace's id comes from the auction and the deadline, which all know who decide.
A span's id is a hash of its step and of the address that the answer goes to, which is in the command. So the engine
knows which span its own goes under, and nothing is added to the log. Off, all of this costs a look at `tracer`.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from hashlib import sha256
from threading import Thread
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import SpanProcessor

Step = Literal["request", "append", "decide", "publish", "push"]
"""A command's way; each is the parent of the next."""
KINDS = {"request": "SERVER", "append": "PRODUCER", "decide": "CONSUMER", "publish": "PRODUCER", "push": "CONSUMER"}

EXPORT_WITHIN_S = 3.0
EXPORT_EVERY_MS = 1_000
MOST_WAITING = 4_096
"""Spans; what comes while so many wait for a collector that is away is dropped."""

_id = re.compile(r"[0-9a-f]{32}")
_traceparent = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def traceparent(command: str, reply: str, step: Step) -> str:
    """A command's span, as W3C has it. `reply`: where its answer goes."""
    return f"00-{command}-{sha256(f'{step} {reply}'.encode()).hexdigest()[:16]}-01"


def tick_id(auction: str, deadline_at: int) -> str:
    """The id, as of a command, by which a tick is traced."""
    return sha256(f"tick {auction} {deadline_at}".encode()).hexdigest()[:32]


class Tracer:
    """Makes spans of what has happened and hands them to `processor`; traced are about `ratio` of all commands."""

    def __init__(self, processor: "SpanProcessor", resource: "Resource", ratio: float) -> None:
        self._processor, self._resource = processor, resource
        self._below = int(ratio * (1 << 32))

    def wants(self, command: str) -> bool:
        """Whether a command by this id is traced: every process says the same."""
        return _id.fullmatch(command) is not None and int(command[:8], 16) < self._below

    def span(
        self,
        step: Step,
        own: str,
        parent: str,
        start_ns: int,
        *,
        name: str | None = None,
        link: str = "",
        **values: str | int | None,
    ) -> None:
        """One that ends now. `own`, `parent` and `link` are traceparents; the first span of all has the parent ""."""
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags

        def context(of: str) -> SpanContext | None:
            found = _traceparent.fullmatch(of)
            sampled = TraceFlags(TraceFlags.SAMPLED)
            return SpanContext(int(found[1], 16), int(found[2], 16), True, sampled) if found else None

        linked = context(link)
        self._processor.on_end(
            ReadableSpan(
                name or step,
                context(own),
                context(parent),
                self._resource,
                {f"vendue.{key}": value for key, value in values.items() if value is not None},
                links=[Link(linked)] if linked else (),
                kind=SpanKind[KINDS[step]],
                start_time=start_ns,
                end_time=time.time_ns(),
            )
        )

    def ticked(self, auction: str, deadline_at: int, start_ns: int) -> None:
        """A tick that was due at `start_ns` is in the log: the first span of its trace."""
        id = tick_id(auction, deadline_at)
        if self.wants(id):
            self.span("append", traceparent(id, "", "append"), "", start_ns, name="tick", auction=auction)

    def push(self, parent: str, start_ns: int, auction: str, seq: int, watchers: int) -> None:
        """A standing was handed to so many connections here; `parent` came with it."""
        own = f"{parent[:36]}{sha256(f'{id(self)} {parent}'.encode()).hexdigest()[:16]}-01"
        self.span("push", own, parent, start_ns, auction=auction, seq=seq, watchers=watchers)


tracer: Tracer | None = None
"""None while nothing is traced."""
_request: ContextVar["Request | None"] = ContextVar("request", default=None)


class Request:
    """One that may ask for a command, from now on; `link` is the traceparent that its sender gave."""

    def __init__(self, name: str, link: str = "") -> None:
        self._name, self._link, self._start_ns = name, link, time.time_ns()
        self._of: tuple[str, str, str] | None = None
        _request.set(self)

    def end(self, status: int | None = None) -> None:
        """It is answered; where it asked for a command that is traced, this is the first span."""
        if tracer is not None and self._of is not None:
            command, reply, auction = self._of
            own = traceparent(command, reply, "request")
            more = {"auction": auction, "status": status}
            tracer.span("request", own, "", self._start_ns, name=self._name, link=self._link, **more)

    @staticmethod
    def asks(command: str, reply: str, auction: str) -> None:
        """The request that is being served has put this command in the log."""
        request = _request.get()
        if request is not None:
            request._of = command, reply, auction


def start(endpoint: str, ratio: float, service: str) -> Callable[[], Awaitable[None]]:
    """Trace from now on, to the collector at `endpoint` by OTLP over HTTP; what it returns ends that."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    global tracer  # noqa: PLW0603  # as the registry of metrics and the log are
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_WITHIN_S)
    processor = BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING, schedule_delay_millis=EXPORT_EVERY_MS)
    tracer = Tracer(processor, Resource.create({"service.name": service}), ratio)

    async def stop() -> None:
        """What waits is sent, if the collector takes it at once."""
        global tracer  # noqa: PLW0603
        tracer = None
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            processor.shutdown()  # type: ignore[no-untyped-call]  # the SDK's
            loop.call_soon_threadsafe(ended.set)

        Thread(target=shut_down, name="traces", daemon=True).start()
        try:
            async with asyncio.timeout(EXPORT_WITHIN_S):
                await ended.wait()
        except TimeoutError:
            pass  # they are lost: a collector that is away holds up no stop

    return stop
