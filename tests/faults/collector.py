"""A collector of traces: what the processes under test send to it by OTLP, and a command's way through them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collected:
    """The spans that came, and by a span's id which service sent it."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.service_of: dict[bytes, str] = {}

    def add(self, sent: ExportTraceServiceRequest) -> None:
        """What one process sent."""
        for resource in sent.resource_spans:
            [service] = [each.value.string_value for each in resource.resource.attributes if each.key == "service.name"]
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                self.spans.append(span)
                self.service_of[span.span_id] = service

    def of(self, trace: str) -> list[Span]:
        """A trace's spans."""
        return [span for span in self.spans if span.trace_id.hex() == trace]

    def way(self, trace: str) -> list[Span]:
        """A trace's spans, each the parent of the next."""
        found = {span.parent_span_id: span for span in self.of(trace)}
        way, at = list[Span](), b""
        while at in found:
            way.append(found.pop(at))
            assert way[-1].start_time_unix_nano <= way[-1].end_time_unix_nano
            at = way[-1].span_id
        assert not found, "a span that no other leads to"
        return way


@contextmanager
def collector() -> Iterator[tuple[str, Collected]]:
    """An OTLP receiver: its address, and what came."""
    told = Collected()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            told.add(ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
