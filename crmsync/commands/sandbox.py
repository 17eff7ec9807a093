"""`crmsync sandbox`: serves and fills the simulated CRMs."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from crmsync.errors import CrmsyncError
from crmsync.language import _, translate_said

if TYPE_CHECKING:
    from crmsync.sandbox.editing import NewField
    from crmsync.sandbox.load import HttpTarget, Loadable

Say = Callable[[str], None]


def serve_sandbox(
    salesforce_port: int | None,
    hubspot_port: int | None,
    contacts: int | None,
    file: Path | None,
    say: Say,
    switches: Mapping[str, str] | None = None,
    *,
    tls: bool = False,
    certificate: Path | None = None,
) -> None:
    """Serves both CRMs until stopped. `contacts` is the size of the demo data, None leaves them empty.

    A port of None is that of the last time, for a file that was served before. `switches` by name. `tls`
    serves https; `certificate` is the file of the app's certificate, for those who sign in by JWT.
    """
    from crmsync.sandbox.server import PortRefused, serve

    def announce(access: Any) -> None:
        say(orjson.dumps(access).decode())

    try:
        serve(
            salesforce_port,
            hubspot_port,
            None if contacts is None else seed_of(contacts),
            file,
            announce,
            switches or {},
            tls=tls,
            certificate=_certificate(certificate),
        )
    except ValueError as error:
        raise CrmsyncError(
            str(error), remedy=_("docs/sandbox.md has a table of the switches.")
        ) from error
    except PortRefused as error:
        raise _no_port(error.system, error.port, error) from error
    except OSError as error:
        raise CrmsyncError(
            _("cannot serve: {reason}").format(reason=error.strerror or error),
            remedy=_("Choose other ports; 0 takes a free one."),
        ) from error


def _no_port(system: str, port: int, error: OSError) -> CrmsyncError:
    """What is in the way of a port, and the option that names another one."""
    from crmsync.reports.words import system_name

    texts = {
        errno.EADDRINUSE: _("port {port} for {system} is in use, maybe by a sandbox that runs"),
        errno.EACCES: _("port {port} for {system} may not be used by this user"),
    }
    said = texts.get(error.errno or 0, _("cannot serve: {reason}"))
    named = {"port": port, "system": system_name(system), "reason": error.strerror or error}
    remedy = _("Stop what runs there, or name another port: --{system}-port 0 takes a free one.")
    return CrmsyncError(said.format(**named), remedy=remedy.format(system=system))


def _certificate(path: Path | None) -> str:
    """The text of a certificate that can be registered, blank without one."""
    from crmsync.sandbox.salesforce.logins import is_certificate

    if path is None:
        return ""
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise CrmsyncError(
            _("cannot read {file}: {reason}").format(file=path, reason=error.strerror),
            remedy=_("Give the certificate of the app (PEM), as in server.crt."),
        ) from error
    if not is_certificate(pem):
        raise CrmsyncError(
            _("{file} holds no certificate").format(file=path),
            remedy=_("Give the certificate of the app (PEM), as in server.crt."),
        )
    return pem.decode()


def seed_of(contacts: int) -> Callable[[Any, Any], None]:
    """Fills both worlds with demo data of that size; companies and deals in proportion."""

    def seed(salesforce: Any, hubspot: Any) -> None:
        from crmsync.sandbox.clock import real_now
        from crmsync.sandbox.seed import fill, generate

        sizes = {"contacts": contacts, "companies": contacts * 3 // 10, "deals": contacts // 5}
        # As of today: in data of last year every open deal would be overdue.
        fill(salesforce, hubspot, generate(**sizes, as_of=real_now().date()))

    return seed


def load_sandbox(path: Path, into: str, *, url: str | None, token: str, file: Path | None) -> str:
    """Loads a file or folder into a running sandbox or into its file; what was loaded and what was not."""
    from crmsync.sandbox.load import LoadError, load

    try:
        with _target(into, url=url, token=token, file=file) as target:
            return load(path, target, into).as_text()
    except LoadError as error:
        raise CrmsyncError(
            str(error), remedy=_("Give an SQLite file, an SQL script or a folder of CSVs.")
        ) from error


def add_sandbox_field(
    system: str, field: NewField, *, url: str | None, token: str, file: Path | None
) -> None:
    """Makes a field in a simulated CRM, as an administrator would in the real one."""
    from crmsync.sandbox.editing import add_field

    with _edited(system, url=url, token=token, file=file) as target:
        add_field(target, system, field)


def edit_sandbox(
    system: str,
    object_: str,
    who: str,
    values: Mapping[str, str],
    *,
    url: str | None,
    token: str,
    file: Path | None,
) -> str:
    """The id of the record of a simulated CRM that now holds these values."""
    from crmsync.sandbox.editing import edit_record

    with _edited(system, url=url, token=token, file=file) as target:
        return edit_record(target, system, object_, who, values)


def merge_in_sandbox(
    system: str,
    object_: str,
    winner: str,
    losers: Sequence[str],
    *,
    url: str | None,
    token: str,
    file: Path | None,
) -> str:
    """The id of the record of a simulated CRM that is left of several."""
    from crmsync.sandbox.editing import merge_records

    with _edited(system, url=url, token=token, file=file) as target:
        return merge_records(target, system, object_, winner, losers)


def convert_in_sandbox(
    lead: str,
    into: Mapping[str, str | None],
    *,
    url: str | None,
    token: str,
    file: Path | None,
) -> dict[str, str | None]:
    """The ids of what a lead of the simulated Salesforce became; `into` names account, contact and opportunity."""
    from crmsync.sandbox.editing import convert_in_salesforce

    with _edited("salesforce", url=url, token=token, file=file) as target:
        return convert_in_salesforce(target, lead, **into)


def rehearse_in_sandbox(
    command: str,
    bodies: Sequence[Any],
    *,
    url: str | None,
    token: str,
    file: Path | None,
    system: str = "salesforce",
) -> list[Any]:
    """What a simulated CRM answers to a command of its side door, given several times."""
    from crmsync.sandbox.editing import rehearse

    with _edited(system, url=url, token=token, file=file) as target:
        return [rehearse(target, command, body) for body in bodies]


def faults_in_sandbox(
    system: str, body: Any, *, url: str | None, token: str, file: Path | None
) -> Any:
    """What a simulated CRM answers about its faults: `{}` lists them, `{"clear": true}` ends them, else a new one."""
    from crmsync.sandbox.editing import faults_in

    with _edited(system, url=url, token=token, file=file) as target:
        return faults_in(target, body)


def fault_kinds(system: str) -> dict[str, str]:
    """What each kind of fault of a simulated CRM does, by name, in the reader's language."""
    from crmsync.sandbox.faults.book import kinds_of

    return {name: translate_said(kind.told) for name, kind in kinds_of(system).items()}


def declarations(path: Path) -> list[Any]:
    """The rules of a JSON file, one or a list of them."""
    try:
        told = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise CrmsyncError(
            _("cannot read {file}: {reason}").format(file=path, reason=error),
            remedy=_("docs/sandbox.md shows what a rule looks like."),
        ) from error
    return told if isinstance(told, list) else [told]


@contextmanager
def _edited(system: str, *, url: str | None, token: str, file: Path | None) -> Iterator[Loadable]:
    """A simulated CRM to be edited; what it refuses is told with what helps."""
    from crmsync.sandbox.editing import EditRefused
    from crmsync.sandbox.load import LoadError

    if file is not None and not file.is_file():
        raise CrmsyncError(
            _("no sandbox in {file}").format(file=file),
            remedy=_("Give the file of `crmsync sandbox serve --file FILE`, or of a demo."),
        )
    try:
        with _target(system, url=url, token=token, file=file) as target:
            yield target
    except EditRefused as error:
        raise CrmsyncError(error.message, remedy=error.remedy) from error
    except LoadError as error:
        raise CrmsyncError(
            str(error), remedy=_("Start it: crmsync sandbox serve --file FILE")
        ) from error


@contextmanager
def _target(system: str, *, url: str | None, token: str, file: Path | None) -> Iterator[Loadable]:
    """Where to write to: the sandbox that answers, also the one that is serving the file, else the file itself."""
    from crmsync.sandbox.load import HttpTarget, WorldTarget
    from crmsync.sandbox.server import open_worlds

    if url is not None:
        yield HttpTarget(url, token, system)
        return
    assert file is not None
    running = _running(system, file)
    if running is not None:
        yield running
        return
    salesforce, hubspot = open_worlds(file, None)
    try:
        for each in (salesforce, hubspot):
            each.tables.commit()
        yield WorldTarget(salesforce if system == "salesforce" else hubspot)
    finally:
        for each in (salesforce, hubspot):
            each.tables.close()


def is_served(file: Path) -> bool:
    """True if a sandbox serves this very file at the moment."""
    import sqlite3

    try:
        return any(_running(system, file) is not None for system in ("salesforce", "hubspot"))
    except sqlite3.DatabaseError:
        return False


def _running(system: str, file: Path) -> HttpTarget | None:
    """The sandbox that serves this very file at the moment: it holds the rows, and would not see a change of them."""
    from crmsync.sandbox.load import HttpTarget, LoadError
    from crmsync.sandbox.load_routes import mark_of, served_ca, served_port
    from crmsync.sandbox.server import HOST
    from crmsync.sandbox.tables import Tables

    if not file.is_file():
        return None
    tables = Tables(system, file)
    port, mark, ca = served_port(tables), mark_of(tables), served_ca(tables)
    tables.close()
    if port is None:
        return None
    scheme = "https" if ca else "http"
    target = HttpTarget(f"{scheme}://{HOST}:{port}", "", system, ca)
    try:
        (said,) = target.call_all("mark", [[]])
    except (LoadError, OSError):  # nobody answers there, or its certificate is gone
        return None
    return target if said.get("value") == mark else None
