"""What init finds out about databases: their tables, and what that changes in the mappings."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmsync.commands.answers import Chosen
from crmsync.config.mapping_text import MappingText
from crmsync.errors import ConfigInvalid, CrmsyncError
from crmsync.language import _, translate_said

if TYPE_CHECKING:
    from crmsync.connectors.sql.recognising import Tables


def tables_of(
    systems: Sequence[Chosen], workspace: Path, timezone: str
) -> tuple[dict[str, Tables], dict[str, CrmsyncError]]:
    """What is in the databases, by system, and why nobody could look into the others."""
    found: dict[str, Tables] = {}
    unseen: dict[str, CrmsyncError] = {}
    for each in systems:
        if each.way == "database":
            try:
                found[each.name] = _looked_into(each, workspace, timezone)
            except CrmsyncError as error:
                unseen[each.name] = error
    return found, unseen


def _looked_into(system: Chosen, workspace: Path, timezone: str) -> Tables:
    from crmsync.config.project import located, read_environment, resolved
    from crmsync.connectors.sql.database import Database
    from crmsync.connectors.sql.recognising import recognise
    from crmsync.connectors.sql.shapes import shapes_of

    given = {"kind": "sql", "url": seen_from(system.place, workspace)}
    settings = located(
        resolved(given, read_environment(workspace), writes=False), workspace, timezone
    )
    database = Database(system.name, str(settings["url"]), writes=False)
    try:
        shapes, unseen = shapes_of(database)
        return replace(recognise(shapes, system.part), unseen=unseen)
    finally:
        database.close()


_SQLITE = "sqlite:///"


def seen_from(url: str, workspace: Path) -> str:
    """The address of a database; a SQLite file that is here is named as the workspace sees it."""
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or path.is_absolute() or not path.is_file():
        return url
    return _SQLITE + Path(os.path.relpath(path.resolve(), workspace.resolve())).as_posix()


def unseen_line(system: str, error: CrmsyncError) -> str:
    """Why nobody could look into a database, for the terminal."""
    problems = error.problems if isinstance(error, ConfigInvalid) else ()
    said = [each.message for each in problems] or [error.message]
    why = "; ".join(map(translate_said, said))
    told = _("{system}: nobody could look into it ({why}); its tables are to decide in crmsync.yml")
    return told.format(system=system, why=why)


# What names a record's one company, where a table between the two says so and no column does.
_DIRECT = {"associatedcompanyid": "companies", "AccountId": "Account"}


def tied_through(mapping: MappingText, tables: Mapping[str, Tables]) -> MappingText:
    """The mapping with ties where a database keeps them in a table between two objects."""
    between = {
        (system, tie.to_object)
        for system, each in tables.items()
        for one in each.objects
        for tie in one.junctions
        if not set(one.names) & set(_DIRECT)
    }

    def named(value: dict[str, Any]) -> dict[str, Any]:
        names = {system: _through(said, system, between) for system, said in value["names"].items()}
        return {**value, "names": names}

    fields = tuple(
        part.with_value(named(part.value)) if part.value and "names" in part.value else part
        for part in mapping.fields
    )
    return replace(mapping, fields=fields)


def _through(said: Any, system: str, between: Collection[tuple[str, str]]) -> Any:
    if isinstance(said, dict):
        return {object_: _through(each, system, between) for object_, each in said.items()}
    to = _DIRECT.get(str(said), "")
    return f"associations.{to}.primary" if (system, to) in between else said
