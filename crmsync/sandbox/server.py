"""Serves both simulated CRMs on loopback: until told to stop, or in a thread of this process."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.faults.middleware import HANG_UP
from crmsync.sandbox.load_routes import note_served, served_port
from crmsync.sandbox.tables import Tables
from crmsync.sandbox.tls import Tls, certified

if TYPE_CHECKING:
    from crmsync.sandbox.hubspot.world import HubspotWorld
    from crmsync.sandbox.salesforce.world import SalesforceWorld

HOST = "127.0.0.1"
# Above what an overlong request needs, so that the app answers it with its own 414 or 431.
_LARGEST_HEAD = 256 * 1024
_START_S = 10.0
_LOOK_EVERY_S = 0.5
_FAREWELL_S = 0.01

Seed = Callable[["SalesforceWorld", "HubspotWorld"], None]
Access = dict[str, dict[str, str]]
NO_SWITCHES: Mapping[str, str] = {}


def serve(
    salesforce_port: int | None,
    hubspot_port: int | None,
    seed: Seed | None,
    file: Path | None,
    announce: Callable[[Access], None],
    switches: Mapping[str, str] = NO_SWITCHES,
    *,
    tls: bool = False,
    certificate: str = "",
) -> None:
    """Serves both CRMs until SIGTERM or SIGINT, then returns.

    Port 0 takes a free one, None that of the last time, if the file knows one. `announce` hears the
    URLs and tokens once both accept connections.
    With a `file` everything is kept there, tokens included. `seed` fills the worlds, unless the
    file already holds records from an earlier time. `switches` answer open questions about either CRM; ValueError
    for one there is not. `tls` serves https with certificates of its own, kept beside a `file`.
    `certificate` (PEM) is that of the app that signs in by JWT. Must be called in the main thread.
    """
    salesforce, hubspot = open_worlds(file, seed)
    _turn(salesforce, hubspot, switches)
    if certificate:
        salesforce.rehearse("certificate", {"pem": certificate})
    ports = (_port(salesforce, salesforce_port), _port(hubspot, hubspot_port))
    folder = file.with_name(file.name + ".tls") if file else None
    with (
        _bound(ports[0], salesforce.system) as one,
        _bound(ports[1], hubspot.system) as other,
        _maybe_tls(tls, folder) as shown,
    ):
        _note(salesforce, hubspot, (one, other), shown)
        services = _services(salesforce, hubspot, (one, other), shown)
        with _stop_signals() as stopped, _in_thread(services) as thread:
            announce(_access(salesforce, hubspot, (one, other), shown))
            while not stopped.wait(_LOOK_EVERY_S) and thread.is_alive():
                pass


@contextmanager
def running(
    salesforce: SalesforceWorld, hubspot: HubspotWorld, tls: Tls | None = None
) -> Iterator[Access]:
    """Serves both worlds in a thread while the block runs; gives the URLs and tokens."""
    with _bound(0) as one, _bound(0) as other:
        _note(salesforce, hubspot, (one, other), tls)
        services = _services(salesforce, hubspot, (one, other), tls)
        with _in_thread(services):
            yield _access(salesforce, hubspot, (one, other), tls)


@contextmanager
def running_app(app: ASGIApp, tls: Tls | None = None) -> Iterator[str]:
    """Serves a single app in a thread while the block runs; gives its URL."""
    with _bound(0) as listening, _in_thread([_Service(_server(app, Clock(), tls), listening)]):
        yield _url(listening, tls)


@contextmanager
def _maybe_tls(wanted: bool, folder: Path | None) -> Iterator[Tls | None]:
    if not wanted:
        yield None
        return
    with certified(folder, Clock().now()) as tls:
        yield tls


def open_worlds(file: Path | None, seed: Seed | None) -> tuple[SalesforceWorld, HubspotWorld]:
    """Both worlds, over a file if one is given; `seed` is applied when the file is new."""
    from crmsync.sandbox.hubspot.rehearsing import portal_commands
    from crmsync.sandbox.hubspot.world import HubspotWorld
    from crmsync.sandbox.native.ticking import attach
    from crmsync.sandbox.salesforce.rehearsing import rehearsal_commands
    from crmsync.sandbox.salesforce.world import SalesforceWorld

    clock = Clock()
    is_new = file is None or not file.exists() or not file.stat().st_size
    if seed is not None and is_new:
        # In memory first: two connections that both write to one SQLite file would wait for
        # each other in the middle of a seed.
        salesforce = SalesforceWorld(Tables("salesforce"), clock)
        hubspot = HubspotWorld(Tables("hubspot"), clock)
        seed(salesforce, hubspot)
        if file is None:
            salesforce.commands = rehearsal_commands(salesforce)
            hubspot.commands = portal_commands(hubspot)
            attach(salesforce, hubspot)
            return salesforce, hubspot
        keep_worlds(file, salesforce, hubspot)
    salesforce = SalesforceWorld(Tables("salesforce", file), clock)
    salesforce.commands = rehearsal_commands(salesforce)
    salesforce.tables.commit()
    hubspot = HubspotWorld(Tables("hubspot", file), clock)
    hubspot.commands = portal_commands(hubspot)
    hubspot.tables.commit()
    attach(salesforce, hubspot)
    return salesforce, hubspot


def keep_worlds(file: Path, salesforce: SalesforceWorld, hubspot: HubspotWorld) -> None:
    """Writes both worlds as they are to a new file, from which `serve` goes on where they were served."""
    for world in (salesforce, hubspot):
        Tables(world.system, file).restore(world.tables.dump())


def _turn(salesforce: SalesforceWorld, hubspot: HubspotWorld, switches: Mapping[str, str]) -> None:
    """Sets each switch in the CRM that has it; ValueError if neither does, or for a wrong value."""
    known = [(world, world.rehearse("switches", {})) for world in (salesforce, hubspot)]
    for name, value in switches.items():
        holders = [world for world, names in known if name in names]
        if not holders:
            there = sorted({each for _, names in known for each in names})
            raise ValueError(f"no switch {name!r}; there are {', '.join(there)}")
        for world in holders:
            world.rehearse("switches", {name: value})
            world.tables.commit()  # the file takes one writer at a time


def _port(world: SalesforceWorld | HubspotWorld, wanted: int | None) -> int:
    return (served_port(world.tables) or 0) if wanted is None else wanted


def _note(
    salesforce: SalesforceWorld,
    hubspot: HubspotWorld,
    sockets: tuple[socket.socket, socket.socket],
    tls: Tls | None,
) -> None:
    for tables, each in zip((salesforce.tables, hubspot.tables), sockets, strict=True):
        note_served(tables, each.getsockname()[1], str(tls.ca.resolve()) if tls else "")


@dataclass(frozen=True, slots=True)
class _Service:
    """One uvicorn server and the socket it listens on."""

    server: uvicorn.Server
    listening: socket.socket


class _Wire:
    """An app with what only the server knows: how to hang up, and a Date by its clock unless the app tells one."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a call on."""
        if scope["type"] == "http":
            # The cycle of uvicorn that `send` belongs to holds the connection.
            transport = send.__self__.transport  # type: ignore[attr-defined]  # a bound method
            scope.setdefault("extensions", {})[HANG_UP] = transport.close
        await self.app(scope, receive, _dated(send, self.clock))


def _dated(send: Send, clock: Clock) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if not any(name.lower() == b"date" for name, _ in headers):
                headers.append((b"date", format_datetime(clock.now(), usegmt=True).encode()))
            message = {**message, "headers": headers}
        await send(message)

    return sent


def _server(app: ASGIApp, clock: Clock, tls: Tls | None = None) -> uvicorn.Server:
    config = uvicorn.Config(
        _Wire(app, clock),
        date_header=False,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        http="h11",
        h11_max_incomplete_event_size=_LARGEST_HEAD,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        ssl_certfile=tls.chain if tls else None,
    )
    return uvicorn.Server(config)


def _services(
    salesforce: SalesforceWorld,
    hubspot: HubspotWorld,
    sockets: tuple[socket.socket, socket.socket],
    tls: Tls | None,
) -> list[_Service]:
    from crmsync.sandbox.hubspot.app import hubspot_app
    from crmsync.sandbox.salesforce.app import salesforce_app

    servers = (
        _server(salesforce_app(salesforce), salesforce.clock, tls),
        _server(hubspot_app(hubspot), hubspot.clock, tls),
    )
    return [_Service(server, each) for server, each in zip(servers, sockets, strict=True)]


def _access(
    salesforce: SalesforceWorld,
    hubspot: HubspotWorld,
    sockets: tuple[socket.socket, socket.socket],
    tls: Tls | None,
) -> Access:
    trusted = {"ca_bundle": str(tls.ca.resolve())} if tls else {}
    return {
        "salesforce": {
            "url": _url(sockets[0], tls),
            "token": salesforce.token,
            "client_id": salesforce.client_id,
            "client_secret": salesforce.client_secret,
            **trusted,
        },
        "hubspot": {
            "url": _url(sockets[1], tls),
            "token": hubspot.token,
            **_oauth_app(hubspot),
            **trusted,
        },
    }


def _oauth_app(hubspot: HubspotWorld) -> dict[str, str]:
    """Client id, client secret and refresh token of the portal's app, kept with its rows."""
    from crmsync.sandbox.hubspot.tokens import app_of

    app = app_of(hubspot)
    hubspot.tables.commit()
    return app


class PortRefused(OSError):
    """A port of one of the CRMs that cannot be listened on; `errno` says why."""

    def __init__(self, system: str, port: int, error: OSError) -> None:
        super().__init__(error.errno, error.strerror)
        self.system = system
        self.port = port


@contextmanager
def _bound(port: int, system: str = "") -> Iterator[socket.socket]:
    # asyncio turns Nagle's delay off only where the protocol is named: 40 ms an answer otherwise.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as error:
            raise PortRefused(system, port, error) from error
        # Listening from here on: who hears of the port before the loop runs waits, unrefused.
        listening.listen(128)
        yield listening


def _url(listening: socket.socket, tls: Tls | None) -> str:
    return f"{'https' if tls else 'http'}://{HOST}:{listening.getsockname()[1]}"


async def _serve_all(services: list[_Service], started: Callable[[], None]) -> None:
    """Runs all servers; calls `started` once each accepts connections."""
    runs = [service.server.serve(sockets=[service.listening]) for service in services]
    tasks = [asyncio.create_task(run) for run in runs]
    while not all(service.server.started for service in services):
        if any(task.done() for task in tasks):
            break
        await asyncio.sleep(0.002)
    else:
        started()
    await asyncio.gather(*tasks)
    await _hang_up(services)


async def _hang_up(services: list[_Service]) -> None:
    """Ends connections whose clients keep them open: a TLS one waits for a farewell that may never come."""
    for service in services:
        for connection in list(service.server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
    await asyncio.sleep(_FAREWELL_S)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, instead of ending the process."""
    stopped = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stopped.set()) for number in numbers]
    try:
        yield stopped
    finally:
        for number, action in zip(numbers, before, strict=True):
            signal.signal(number, action)


def _stop(services: list[_Service]) -> None:
    for service in services:
        service.server.should_exit = True


@contextmanager
def _in_thread(services: list[_Service]) -> Iterator[threading.Thread]:
    """Runs the servers in a thread, where uvicorn leaves the signals of the process alone."""
    up = threading.Event()

    def work() -> None:
        try:
            asyncio.run(_serve_all(services, up.set))
        finally:
            up.set()

    thread = threading.Thread(target=work, name="crmsync-sandbox", daemon=True)
    thread.start()
    try:
        if not up.wait(_START_S) or not thread.is_alive():
            raise RuntimeError("the sandbox did not start")
        yield thread
    finally:
        _stop(services)
        thread.join(_START_S)
