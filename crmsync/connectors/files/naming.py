"""Which column of a file holds which native field: declared first, then known labels, then headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmsync.connectors.declared import TieSetting, nearest
from crmsync.connectors.files import labels
from crmsync.connectors.files.headers import Column, Header
from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.sources import Source, file_problem
from crmsync.errors import ConfigInvalid, Problem


@dataclass(frozen=True, slots=True)
class TieColumn:
    """A column that names other records."""

    to_object: str
    column: Column
    setting: TieSetting


@dataclass(frozen=True, slots=True)
class Named:
    """What an object and the header of its file have in common. `place` leads to its settings."""

    object: str
    settings: FileObject
    source: Source
    header: Header
    place: str


def names_of(file: Named) -> tuple[dict[str, Column], dict[str, str]]:
    """Column by field, and, for fields that several columns could be, what those columns are."""
    names = {
        native: column_of(file, title, f"columns.{native}")
        for native, title in file.settings.columns.items()
    }
    taken = {column.index for column in names.values()}
    clashes: dict[str, str] = {}
    for column in file.header.columns:
        native = _native(file.object, column)
        if native is None or column.index in taken or native in file.settings.columns:
            continue
        if native in names:
            clashes[native] = f"'{names[native].header}' or '{column.header}'"
        names.setdefault(native, column)
    for column in file.header.columns:
        names.setdefault(column.header, column)
    return names, clashes


def demand_columns(file: Named) -> None:
    """ConfigInvalid with every declared column that the file does not have, or has more than once."""
    one = file.settings
    declared = {"id": one.id, "modified": one.modified, "created": one.created}
    declared |= {f"columns.{native}": title for native, title in one.columns.items()}
    declared |= {f"ties.{to}": tie.column for to, tie in one.ties.items()}
    problems: list[Problem] = []
    for setting, title in declared.items():
        try:
            if title:
                column_of(file, title, setting)
        except ConfigInvalid as error:
            problems += error.problems
    if problems:
        raise ConfigInvalid(problems)


def _native(object_: str, column: Column) -> str | None:
    """The field of a known label; of a repeated header, the header without its number."""
    bare = column.header.rpartition(" (")[0] if column.repeated else column.header
    return labels.native_name(object_, bare) or (bare if column.repeated else None)


def column_of(file: Named, title: str, setting: str) -> Column:
    """The column of a declared header; ConfigInvalid if there is none, or more than one."""
    wanted = labels.plain(title)
    shown = {column.header: column for column in file.header.columns}
    found = [column for header, column in shown.items() if labels.plain(header) == wanted]
    if found:
        return found[0]
    where = f"{file.source.shown}, row {file.header.row}"
    twice = [name for name in shown if labels.plain(name).startswith(f"{wanted} (")]
    if len(twice) > 1:
        message = f"{where}: column '{title}' is there {len(twice)} times"
        remedy = f"write '{twice[0]}' or '{twice[1]}' in {file.place}.{setting}"
        raise file_problem(message, remedy, file.place, setting)
    message = f"{where}: no column '{title}', which {file.place}.{setting} names"
    raise file_problem(message, nearest(title, shown), file.place, setting)


def field_of(
    file: Named, title: str, setting: str, known: Iterable[str], names: Mapping[str, Column]
) -> str:
    """The field of a declared header, else the first known one that is there; blank without any."""
    if not title:
        return next((native for native in known if native in names), "")
    column = column_of(file, title, setting)
    return next(name for name, each in names.items() if each.index == column.index)


def ties_of(file: Named) -> tuple[TieColumn, ...]:
    """Declared ties; where an object is tied without a declaration, by known association columns."""
    declared = file.settings.ties
    found = [
        TieColumn(to, column_of(file, tie.column, f"ties.{to}"), tie)
        for to, tie in declared.items()
    ]
    for column in file.header.columns:
        known = labels.known_tie(file.object, column.header)
        if known and known.to_object not in declared:
            found.append(TieColumn(known.to_object, column, known.setting))
    return tuple(found)
