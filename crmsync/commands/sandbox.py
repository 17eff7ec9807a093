"""`crmsync sandbox`: serves and fills the simulated CRMs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from crmsync.errors import CrmsyncError
from crmsync.language import _

if TYPE_CHECKING:
    from crmsync.sandbox.load import LoadReport

Say = Callable[[str], None]


def serve_sandbox(
    salesforce_port: int, hubspot_port: int, contacts: int | None, file: Path | None, say: Say
) -> None:
    """Serves both CRMs until stopped. `contacts` is the size of the demo data, None leaves them empty."""
    from crmsync.sandbox.server import serve

    def announce(access: Any) -> None:
        say(orjson.dumps(access).decode())

    try:
        serve(
            salesforce_port,
            hubspot_port,
            None if contacts is None else seed_of(contacts),
            file,
            announce,
        )
    except OSError as error:
        raise CrmsyncError(
            _("cannot serve: {reason}").format(reason=error.strerror or error),
            remedy=_("Choose other ports; 0 takes a free one."),
        ) from error


def seed_of(contacts: int) -> Callable[[Any, Any], None]:
    """Fills both worlds with demo data of that size; companies and deals in proportion."""

    def seed(salesforce: Any, hubspot: Any) -> None:
        from crmsync.sandbox.seed import fill, generate

        data = generate(contacts=contacts, companies=contacts * 3 // 10, deals=contacts // 5)
        fill(salesforce, hubspot, data)

    return seed


def load_sandbox(path: Path, into: str, *, url: str | None, token: str, file: Path | None) -> str:
    """Loads a file or folder into a running sandbox or into its file; what was loaded and what was not."""
    from crmsync.sandbox.load import HttpTarget, LoadError, load

    try:
        if url is not None:
            return load(path, HttpTarget(url, token, into), into).as_text()
        assert file is not None
        return _into_file(path, into, file).as_text()
    except LoadError as error:
        raise CrmsyncError(
            str(error), remedy=_("Give an SQLite file, an SQL script or a folder of CSVs.")
        ) from error


def _into_file(path: Path, into: str, file: Path) -> LoadReport:
    from crmsync.sandbox.load import WorldTarget, load
    from crmsync.sandbox.server import open_worlds

    salesforce, hubspot = open_worlds(file, None)
    world = salesforce if into == "salesforce" else hubspot
    for each in (salesforce, hubspot):
        each.tables.commit()
    report = load(path, WorldTarget(world), into)
    world.tables.commit()
    return report
