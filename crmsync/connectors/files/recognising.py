"""What the exports of a folder seem to be: whose they are, and which object each file holds.

Headers decide, by the labels of untouched exports. What is clear is said as such; what could be two
things is left to a person, with the alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from glob import escape
from pathlib import Path

from crmsync.connectors.files import labels
from crmsync.connectors.files.excel import sheets_of
from crmsync.connectors.files.headers import Column, Header, find_header
from crmsync.connectors.files.settings import FileObject
from crmsync.connectors.files.tables import FileTable, open_source, open_table, suffixes
from crmsync.core.likeness import own_words
from crmsync.errors import ConfigInvalid, CrmsyncError

KINDS: Mapping[str, tuple[str, ...]] = {
    "salesforce": ("Account", "Contact", "Lead", "Opportunity"),
    "hubspot": ("companies", "contacts", "deals"),
}
# What people call a file of one object.
_NAMES: Mapping[str, frozenset[str]] = {
    object_: frozenset(names.split())
    for object_, names in {
        "Account": "account accounts cuenta cuentas",
        "Contact": "contact contacts contacto contactos",
        "Lead": "lead leads candidato candidatos prospecto prospectos",
        "Opportunity": "opportunity opportunities oportunidad oportunidades",
        "companies": "company companies empresa empresas",
        "contacts": "contact contacts contacto contactos",
        "deals": "deal deals negocio negocios",
    }.items()
}
# Contact roles: a report of opportunities with them, or OpportunityContactRole of a data export. The Spanish words
# were not checked against a live org.
_ROLES = ("Opportunity", "Contact")
_TIED_BY: Mapping[str, frozenset[str]] = {
    "id": labels.own_id_labels("Opportunity") | {"opportunityid"},
    "to": labels.own_id_labels("Contact") | {"contactid"},
    "role": frozenset(("role", "contact role", "rol", "rol de contacto", "funcion de contacto")),
    "primary": frozenset(("primary", "is primary", "isprimary", "principal", "es principal")),
}
_DEAL_TOO = frozenset(("stage", "etapa", "amount", "importe", "monto"))
# How many columns more than the next best it takes: two labels are shared by chance, three hardly.
_CLEAR_OBJECT = 2
_CLEAR_KIND = 3
_FEWEST = 2
_NEAR = 0.85
_DATED = re.compile(r"[ _.-]*\(?\d[\d ._:-]*\)?")
# An id label names its object; in a report of another object that id is a reference, so it only weighs.
_OWN_ID = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """A column that can be read in two ways, and the setting that decides: decimal or dates."""

    column: str
    what: str
    setting: str


@dataclass(frozen=True, slots=True)
class Export:
    """One file (or one sheet of it), and what it seems to be.

    `object` is blank where that is not clear: `likely` then names what it could be, best first, and
    `why` says what keeps it from being read. `doubts` are columns that can be read in two ways.
    `clashes` are fields with the columns that each could be.
    `aside` says why nothing is to be decided about it: another file stands for it. `headers` are its columns,
    `unknown` those that no field is known for. `words` are fields whose cells all say yes or no, with what they say.
    `ties` are the two objects that a file of ties is between, `tied_by` what its columns are for.
    """

    name: str
    sheet: str = ""
    object: str = ""
    pattern: str = ""
    known: int = 0
    columns: int = 0
    likely: tuple[str, ...] = ()
    why: str = ""
    decimal: str = ""
    dates: str = ""
    doubts: tuple[Doubt, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    clashes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    aside: str = ""
    headers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ties: tuple[str, str] | None = None
    tied_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """The exports of one folder. `kind` is salesforce or hubspot, blank where that is not clear."""

    kind: str
    exports: tuple[Export, ...]


def recognise(folder: Path, kind: str = "") -> Folder:
    """What the files of a folder seem to be; `kind` is whose exports they are, if that was said."""
    opened = [each for path in _files(folder) for each in _opened(path)]
    headers = [header for _, header in opened if header is not None]
    kind = kind or _kind([_scores(header) for header in headers])
    found = [_judged(export, header, kind) for export, header in opened]
    return Folder(kind, tuple(_settled(folder, found)))


def _files(folder: Path) -> list[Path]:
    """Files of a kind that can be read; not those Excel keeps beside an open one."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and path.suffix.lower() in suffixes()
        and not path.name.startswith(("~$", "."))
    )


def _opened(path: Path) -> list[tuple[Export, Header | None]]:
    """Each filled sheet of a file with its header, or why there is none."""
    try:
        sheets = sheets_of(path) if path.suffix.lower() in (".xlsx", ".xlsm") else [""]
        many = len(sheets) > 1
        return [_one(path, sheet if many else "") for sheet in sheets or [""]]
    except CrmsyncError as error:
        return [(Export(path.name, why=_said(error)), None)]


def _one(path: Path, sheet: str) -> tuple[Export, Header | None]:
    export = Export(path.name, sheet)
    try:
        source = open_source(path, FileObject(path.name, sheet=sheet), "objects")
        header = find_header(source, (), _all_labels())
    except CrmsyncError as error:
        return replace(export, why=_said(error)), None
    headers = tuple(column.header for column in header.columns) if header else ()
    why = "" if header else "it is empty"
    return replace(export, columns=len(headers), headers=headers, why=why), header


def _said(error: CrmsyncError) -> str:
    if isinstance(error, ConfigInvalid):
        return "; ".join(f"{each.message} ({each.remedy})" for each in error.problems)
    return error.message


def _all_labels() -> frozenset[str]:
    return frozenset(
        label
        for objects in KINDS.values()
        for name in objects
        for label in labels.native_names(name)
    )


def _scores(header: Header) -> dict[str, int]:
    """For every object, how many of its fields the header names; its own id weighs more."""
    return {name: _score(name, header) for objects in KINDS.values() for name in objects}


def _score(object_: str, header: Header) -> int:
    natives = _natives(object_, header)
    own = labels.own_id_labels(object_)
    has_own = any(labels.plain(column.header) in own for column in header.columns)
    return len(natives) + _OWN_ID * has_own


def _natives(object_: str, header: Header) -> set[str]:
    found = (labels.native_name(object_, _bare(column)) for column in header.columns)
    return {name for name in found if name}


def _bare(column: Column) -> str:
    """A header as it stands in the file: without the number that tells it from its twin."""
    return column.header.rpartition(" (")[0] if column.repeated else column.header


def _kind(scores: Sequence[Mapping[str, int]]) -> str:
    """Whose exports these are, blank if neither is clearly ahead over all files."""
    sums = {
        kind: sum(max(score[name] for name in objects) for score in scores)
        for kind, objects in KINDS.items()
    }
    first, second = sorted(sums, key=lambda kind: -sums[kind])
    return first if sums[first] - sums[second] >= _CLEAR_KIND else ""


def _judged(export: Export, header: Header | None, kind: str) -> Export:
    """An export with its object, where that is clear, and what it could be where it is not."""
    if header is None:
        return export
    if kind != "hubspot" and (found := _tied_by(header)):
        return replace(export, ties=_ROLES, tied_by=found, known=len(found))
    scores = _scores(header)
    able = [name for objects in _objects(kind) for name in objects if scores[name] >= _FEWEST]
    ranked = sorted(able, key=lambda name: (-scores[name], name))
    if not kind or not ranked:
        return replace(export, likely=tuple(ranked))
    even = [name for name in ranked if scores[ranked[0]] - scores[name] < _CLEAR_OBJECT]
    chosen = even if len(even) == 1 else [name for name in even if _is_called(export, name)]
    if len(chosen) != 1:
        return replace(export, likely=tuple(ranked))
    ties = [labels.known_tie(chosen[0], column.header) for column in header.columns]
    known = len(_natives(chosen[0], header)) + sum(tie is not None for tie in ties)
    return replace(export, object=chosen[0], known=known)


def _tied_by(header: Header) -> tuple[tuple[str, str], ...]:
    """What the columns of a file of contact roles are for; nothing if it is none, or a report of deals as well."""
    told = {labels.plain(_bare(column)): column.header for column in header.columns}
    if _DEAL_TOO & set(told):
        return ()
    found = {
        what: next((shown for label, shown in told.items() if label in names), "")
        for what, names in _TIED_BY.items()
    }
    whole = found["id"] and found["to"] and found["role"]
    return tuple((what, shown) for what, shown in found.items() if shown) if whole else ()


def _is_called(export: Export, object_: str) -> bool:
    """True if the file's name, its dates left out, is that of the object: `Contacts 2026-11.csv`."""
    said = own_words(_DATED.split(Path(export.name).stem)[0])
    return len(said) == 1 and said[0] in _NAMES[object_]


def _joined(export: Export) -> bool:
    """True for a report of two objects: its headers say which column is of which."""
    spoken = {header.partition(": ")[0].casefold() for header in export.headers if ": " in header}
    return len(spoken & {name.casefold() for name in KINDS["salesforce"]}) > 1


def _objects(kind: str) -> Iterable[tuple[str, ...]]:
    return [KINDS[kind]] if kind else KINDS.values()


def _settled(folder: Path, exports: Sequence[Export]) -> list[Export]:
    """Exports with the pattern of their file and how their cells are written."""
    settled = [
        _read(folder, _only_one(folder, each, exports)) for each in map(_alone(exports), exports)
    ]
    return [_tied(folder, each, settled) for each in settled]


def _tied(folder: Path, export: Export, exports: Sequence[Export]) -> Export:
    """A file of ties with its pattern, where it is the only one and another file holds the records that it ties."""
    if export.ties is None:
        return export
    rivals = [each for each in exports if each.ties == export.ties]
    if len(rivals) > 1 or all(each.object != export.ties[0] for each in exports):
        return replace(export, ties=None, likely=export.ties)
    pattern = _pattern(export.name)
    matched = {path.name for path in folder.glob(pattern)}
    return replace(export, pattern=pattern if matched == {export.name} else escape(export.name))


def _alone(exports: Sequence[Export]) -> Callable[[Export], Export]:
    """Puts a report of two objects aside where another file holds the one that it seemed to be."""

    def judge(export: Export) -> Export:
        others = [each for each in exports if each.object == export.object and not _joined(each)]
        if not export.object or not others or not _joined(export):
            return export
        aside = f"a report of several objects; {export.object} is in {_shown(others[0])}"
        return replace(export, object="", likely=(export.object,), aside=aside)

    return judge


def _only_one(folder: Path, export: Export, exports: Sequence[Export]) -> Export:
    """The export with its pattern; several files of one object are told apart by a person."""
    if not export.object:
        return export
    same = [each for each in map(_alone(exports), exports) if each.object == export.object]
    pattern = _pattern(export.name)
    matched = {path.name for path in folder.glob(pattern)}
    alike = {each.name for each in same} | {export.name}
    if len(same) == 1:
        return replace(export, pattern=pattern if matched == alike else escape(export.name))
    if matched == alike and not export.sheet:
        newest = max(matched, key=lambda name: ((folder / name).stat().st_mtime_ns, name))
        if export.name == newest:
            return replace(export, pattern=pattern)
        return replace(export, pattern=pattern, object="", aside=f"older than {newest}")
    others = ", ".join(sorted({_shown(each) for each in same} - {_shown(export)}))
    why = f"{export.object} could be {others}, too"
    return replace(export, object="", likely=(export.object,), why=why)


def _pattern(name: str) -> str:
    """A name without its dates and numbers, so that the next export is found as well."""
    path = Path(name)
    stem = _DATED.split(path.stem)[0].rstrip(" _.-")
    return f"{escape(stem)}*{path.suffix}" if stem else escape(name)


def _shown(export: Export) -> str:
    return f"{export.name} [{export.sheet}]" if export.sheet else export.name


def _read(folder: Path, export: Export) -> Export:
    """How the cells of an export are written, as far as they say so."""
    if not export.object:
        return export
    settings = FileObject(export.pattern, sheet=export.sheet)
    try:
        table = open_table(
            export.object, settings, folder / export.name, "objects." + export.object
        )
    except CrmsyncError as error:
        return replace(export, object="", likely=(export.object,), why=_said(error))
    readings = {cell.column.index: cell.reading for cell in table.cells.values()}.values()
    known = labels.native_names(export.object).values()
    return replace(
        export,
        decimal=_agreed(each.decimal for each in readings if each.seen),
        dates=_agreed(each.order for each in readings if each.seen and each.order != "ymd"),
        doubts=tuple(
            Doubt(cell.column.header, cell.reading.doubt, cell.reading.declare)
            for name, cell in table.cells.items()
            if cell.reading.doubt and name in known
        ),
        near=tuple(_near(table)),
        clashes=tuple(_clashes(export.object, table)),
        fields=tuple(name for name in table.cells if name in known),
        notes=table.notes,
        unknown=tuple(
            column.header
            for column in table.header.columns
            if labels.native_name(export.object, _bare(column)) is None
            and labels.known_tie(export.object, column.header) is None
        ),
        words=tuple(
            (name, cell.reading.words) for name, cell in table.cells.items() if cell.reading.words
        ),
    )


def _agreed(signs: Iterable[str]) -> str:
    """The one sign all clear columns share."""
    found = {sign for sign in signs if sign}
    return next(iter(found)) if len(found) == 1 else ""


def _clashes(object_: str, table: FileTable) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Fields that several columns could be, as far as the object has them."""
    known = set(labels.native_names(object_).values())
    for name in sorted(known & set(table.cells)):
        if table.cells[name].clash:
            able = (
                c for c in table.header.columns if labels.native_name(object_, _bare(c)) == name
            )
            yield name, tuple(column.header for column in able)


def _near(table: FileTable) -> list[tuple[str, str]]:
    """Fields without a column, with a header that is nearly their label."""
    known = labels.native_names(table.object)
    missing = {label: native for label, native in known.items() if native not in table.cells}
    found: dict[str, str] = {}
    for column in table.header.columns:
        if labels.native_name(table.object, column.header) is None:
            close = get_close_matches(labels.plain(column.header), missing, n=1, cutoff=_NEAR)
            if close:
                found.setdefault(missing[close[0]], column.header)
    return sorted(found.items())
