"""A proxy in front of a sandbox that goes wrong on request, in the ways of real networks."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import orjson

HTML = b"<html><body>We've hit a snag</body></html>"


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What goes back. `cut`: half the body and the connection ends. None for a status: nothing."""

    status: int | None
    headers: dict[str, str]
    body: bytes
    cut: bool = False


Fault = Callable[[Seen, Callable[[], Reply]], Reply]


def says(status: int, body: Any = b"", **headers: str) -> Fault:
    """An answer of its own; the sandbox hears nothing of the request."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda seen, forward: Reply(status, {"Content-Type": "application/json", **named}, raw)


def drops(seen: Seen, forward: Callable[[], Reply]) -> Reply:
    """The connection ends; the sandbox hears nothing of the request."""
    return Reply(None, {}, b"")


def loses(seen: Seen, forward: Callable[[], Reply]) -> Reply:
    """The sandbox does what it was asked, and the answer is lost."""
    forward()
    return Reply(None, {}, b"")


def cuts(seen: Seen, forward: Callable[[], Reply]) -> Reply:
    """The sandbox does what it was asked, and half of the answer arrives."""
    whole = forward()
    return Reply(whole.status, whole.headers, whole.body, cut=True)


def rewrites(change: Callable[[Any], Any], **headers: str) -> Fault:
    """The sandbox's answer with its JSON changed."""

    def fault(seen: Seen, forward: Callable[[], Reply]) -> Reply:
        whole = forward()
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        body = orjson.dumps(change(orjson.loads(whole.body)))
        kept = {name: text for name, text in whole.headers.items() if name.lower() not in named}
        return Reply(whole.status, kept | named, body)

    return fault


@dataclass
class Proxy:
    """`faults` are used up one a request whose path contains `only`; then all is well."""

    url: str
    faults: list[Fault] = field(default_factory=list)
    only: str = ""
    always: Fault | None = None
    seen: list[Seen] = field(default_factory=list)

    def fault_for(self, seen: Seen) -> Fault | None:
        self.seen.append(seen)
        if self.only not in seen.path:
            return None
        return self.faults.pop(0) if self.faults else self.always

    def count(self, part: str) -> int:
        return sum(part in one.path for one in self.seen)


@contextmanager
def proxied(upstream: str) -> Iterator[Proxy]:
    """A proxy to the server at this URL while the block runs."""
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet, or the client waits 40 ms for the rest

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen = Seen(self.command, self.path, headers, self.rfile.read(length))
            fault = proxy.fault_for(seen)
            forward = partial(_forward, upstream, seen)
            self.reply(fault(seen, forward) if fault else forward())

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815  # not ours

        def reply(self, reply: Reply) -> None:
            self.close_connection = self.close_connection or reply.status is None or reply.cut
            if reply.status is None:
                return
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2] if reply.cut else reply.body)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _forward(upstream: str, seen: Seen) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=20)
    try:
        kept = {name: value for name, value in seen.headers.items() if name != "host"}
        connection.request(seen.method, seen.path, seen.body or None, kept)
        answer = connection.getresponse()
        # the window is shared by all tests; those that are about it tell one of their own
        window = "x-hubspot-ratelimit-remaining"
        dropped = ("content-length", "connection", "transfer-encoding", window)
        headers = {n.title(): v for n, v in answer.getheaders() if n.lower() not in dropped}
        return Reply(answer.status, headers, answer.read())
    finally:
        connection.close()
