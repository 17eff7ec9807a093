"""`crmsync init`: a workspace with comments, the reference set and no secret in it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from crmsync.commands.answers import PARTS, Chosen, Locale, by_api
from crmsync.commands.database_text import names_of, told_of
from crmsync.commands.databases import seen_from, tables_of, tied_through, unseen_line
from crmsync.commands.project_text import environment_names, project_text
from crmsync.commands.reference import FOLDERS, reference_texts, write_new
from crmsync.commands.schema import file_name, schema_text
from crmsync.config.casting import Cast, cast_audit, cast_mapping
from crmsync.config.casting_lifecycle import cast_lifecycle
from crmsync.config.export_values import with_endings, with_flags, with_labels
from crmsync.config.lifecycle_file import LIFECYCLE
from crmsync.config.mapping_text import MappingText, mapping_text, remark_part
from crmsync.config.yaml_text import remark
from crmsync.errors import CrmsyncError, StoreFailed
from crmsync.language import _, translate_said

if TYPE_CHECKING:
    from crmsync.commands.proposing import Proposed
    from crmsync.connectors.files.recognising import Export, Folder
    from crmsync.connectors.sql.recognising import Tables

Proposes = Literal["never", "if it works", "always"]
_IGNORED = (
    ".crmsync/\n.env\n# private keys and certificates\n*.key\n*.pem\n"
    "# plans and reports hold personal data\n*.jsonl\nreport*.html\nreport*.csv\n"
    "*.xlsx\nworklists/\n# a reviewed footprint plan names the org it was made for\nfootprint.json\n"
)
_MAPPINGS, _AUDITS = FOLDERS
_EXAMPLES = ".examples.yml"
Columns: TypeAlias = Mapping[tuple[str, str], Collection[str]]
"""What an export or a table has, by system and object."""
SCHEMAS = "schemas"
"""Where the YAML files of a workspace look for their JSON Schemas, so that an editor checks them offline."""
_CHECKED = ("workspace", "mapping", "lifecycle", "checks")


@dataclass(frozen=True, slots=True)
class Begun:
    """What `init` did: files written, what it found out, and what was proposed from live systems.

    `failed` is why nothing could be proposed, though it was wanted. `ready` says that no credential
    has to be written first.
    """

    written: tuple[Path, ...]
    told: tuple[str, ...] = ()
    proposals: tuple[Proposed, ...] = ()
    failed: CrmsyncError | None = None
    ready: bool = False


def init(
    folder: Path,
    *,
    systems: Sequence[str | Chosen] = PARTS,
    currency: str = "EUR",
    region: str = "ES",
    timezone: str = "Europe/Madrid",
    language: str = "en",
    native: bool = False,
    declared: Mapping[str, str] | None = None,
    proposes: Proposes = "never",
) -> Begun:
    """Writes a workspace; files that are there already stay.

    Folders of `systems` are found from where the command was started. `declared` is the notation
    (`decimal`, `dates`) of columns that do not tell it. StoreFailed if the folder cannot be written.
    """
    chosen = [by_api(each) if isinstance(each, str) else each for each in systems]
    locale = Locale(region, currency, timezone, language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _written(folder, chosen, locale, declared or {}, native=native, proposes=proposes)
    except OSError as error:
        message = _("cannot write here: {reason}").format(reason=error.strerror or error)
        remedy = _("Choose another folder: crmsync init DIR")
        raise StoreFailed(message, where=str(folder), remedy=remedy) from error


def _written(
    folder: Path,
    chosen: Sequence[Chosen],
    locale: Locale,
    declared: Mapping[str, str],
    *,
    native: bool,
    proposes: Proposes,
) -> Begun:
    found = exports_of(chosen)
    tables, unseen = tables_of(chosen, folder, locale.timezone)
    systems = [_settled(each, found, tables, folder) for each in chosen]
    cast = cast_of(systems)
    top = {
        "crmsync.yml": project_text(
            _name(folder),
            systems,
            locale,
            found=found,
            tables=tables,
            native=native,
            declared=declared,
        ),
        ".env.example": "".join(f"{name}=\n" for name in environment_names(systems)),
        ".gitignore": _IGNORED,
    }
    for inner in (SCHEMAS, _MAPPINGS):
        (folder / inner).mkdir(exist_ok=True)
    lifecycle = cast_lifecycle(reference_texts(_MAPPINGS)[LIFECYCLE], cast)
    top[f"{_MAPPINGS}/{LIFECYCLE}"] = lifecycle
    top |= {f"{SCHEMAS}/{file_name(kind)}": schema_text(kind) for kind in _CHECKED}
    written = [folder / name for name, text in top.items() if write_new(folder / name, text)]
    text = top["crmsync.yml"] if folder / "crmsync.yml" in written else ""
    mappings = _mappings(systems, cast, found, tables)
    proposals, failed = _proposals(folder, mappings, proposes)
    mappings |= {each.file: each.text for each in proposals}
    audits = {
        name: cast_audit(text, cast)
        for name, text in reference_texts(_AUDITS).items()
        if not name.endswith(_EXAMPLES)
    }
    for inner, texts in ((_MAPPINGS, mappings), (_AUDITS, audits)):
        (folder / inner).mkdir(exist_ok=True)
        paths = {folder / inner / name: text for name, text in texts.items()}
        written += [path for path, text in paths.items() if write_new(path, text)]
    told = [
        line
        for each in systems
        if each.name in found
        for line in _told(each, found[each.name], declared, text)
    ]
    told += [line for name, each in tables.items() for line in told_of(name, each)]
    told += [unseen_line(name, error) for name, error in unseen.items()]
    ready = all(each.way == "files" or each.name in tables for each in systems)
    return Begun(tuple(written), tuple(told), tuple(proposals), failed, ready=ready)


def exports_of(systems: Sequence[Chosen]) -> dict[str, Folder]:
    """What is in the folders of files systems, by system."""
    if not any(each.way == "files" for each in systems):
        return {}
    from crmsync.connectors.files.recognising import recognise

    return {
        each.name: recognise(Path(each.place).expanduser(), each.part)
        for each in systems
        if each.way == "files"
    }


def _settled(
    system: Chosen, found: Mapping[str, Folder], tables: Mapping[str, Tables], workspace: Path
) -> Chosen:
    """A system with the part it plays, its folder seen from the workspace."""
    if system.way == "files":
        place = os.path.relpath(Path(system.place).expanduser().resolve(), workspace.resolve())
        return replace(system, part=found[system.name].kind, place=Path(place).as_posix())
    if system.way == "database":
        # Its objects bear the names that `columns` give them: those of HubSpot, unless they are Salesforce's.
        part = tables[system.name].kind if system.name in tables else system.part or "hubspot"
        return replace(system, part=part, place=seen_from(system.place, workspace))
    return replace(system, part=system.part or system.way)


def cast_of(systems: Sequence[Chosen]) -> Cast:
    """Who plays Salesforce's part and who HubSpot's; both, where nobody knows yet."""
    return {part: tuple(s.name for s in systems if s.part in (part, "")) for part in PARTS}


def _mappings(
    systems: Sequence[Chosen],
    cast: Cast,
    found: Mapping[str, Folder],
    tables: Mapping[str, Tables],
) -> dict[str, str]:
    """The reference mappings for these systems."""
    columns, words = _columns(found, tables), _words(found)
    natives = _natives(columns)
    texts = {}
    for name, text in reference_texts(_MAPPINGS).items():
        if name == LIFECYCLE:
            continue
        mapping = cast_mapping(mapping_text(text, f"{_MAPPINGS}/{name}"), cast)
        mapping = with_labels(mapping, natives)
        mapping = with_endings(with_flags(mapping, words), natives, natives)
        texts[name] = tied_through(_readable(mapping, columns), tables).text
    return texts


def _words(found: Mapping[str, Folder]) -> dict[str, dict[str, set[str]]]:
    """What exports write for yes and no, by system and native name."""
    words: dict[str, dict[str, set[str]]] = {}
    for system, folder in found.items():
        for native, said in (pair for export in folder.exports for pair in export.words):
            words.setdefault(system, {}).setdefault(native, set()).update(said)
    return words


def _natives(columns: Columns) -> dict[str, set[str]]:
    """The native names that exports and tables have, by system."""
    found: dict[str, set[str]] = {}
    for (system, _object), names in columns.items():
        found.setdefault(system, set()).update(names)
    return found


def _columns(found: Mapping[str, Folder], tables: Mapping[str, Tables]) -> Columns:
    """The native names that exports and tables have, by system and object."""
    columns: dict[tuple[str, str], set[str]] = {}
    for system, folder in found.items():
        for export in folder.exports:
            columns.setdefault((system, export.object), set()).update(export.fields)
    for system, each in tables.items():
        columns |= {(system, one.object): set(one.names) for one in each.objects}
    return columns


def _readable(mapping: MappingText, columns: Columns) -> MappingText:
    """The mapping without conditions on columns that are not there; a remark says so."""
    told = []
    seats = []
    for seat in mapping.values.get("seats", []):
        lost = [name for name in seat.get("where", {}) if not _has(seat, name, columns)]
        if lost:
            told.append(
                _(
                    "{system} {object}: no column for {names}, so no record is left out by it."
                ).format(system=seat["system"], object=seat["object"], names=", ".join(lost))
            )
        seats.append(_without(seat, lost))
    if not told:
        return mapping
    mapping = mapping.head_changed("seats", lambda _seats: seats)
    return replace(mapping, fields=(remark_part(told), *mapping.fields))


def _has(seat: Mapping[str, Any], name: str, columns: Columns) -> bool:
    """False only where an export or a table was looked into and has no such column."""
    known = columns.get((seat["system"], seat["object"]))
    return known is None or name in known


def _without(seat: dict[str, Any], lost: Sequence[str]) -> dict[str, Any]:
    kept = {name: each for name, each in seat.get("where", {}).items() if name not in lost}
    bare = {key: each for key, each in seat.items() if key != "where"}
    return seat if not lost else {**bare, "where": kept} if kept else bare


def _proposals(
    folder: Path, texts: Mapping[str, str], proposes: Proposes
) -> tuple[list[Proposed], CrmsyncError | None]:
    if proposes == "never":
        return [], None
    from crmsync.commands.proposing import proposed_mappings

    try:
        return proposed_mappings(folder, texts), None
    except CrmsyncError as error:
        return [], error


def _told(system: Chosen, folder: Folder, declared: Mapping[str, str], text: str) -> list[str]:
    """What was found in the exports of one system, and what a person has to decide."""
    lines = [_line(system, each, declared, text) for each in folder.exports]
    return lines or [
        _("{system}: no export in {folder} yet").format(system=system.name, folder=system.place)
    ]


def _line(system: Chosen, export: Export, declared: Mapping[str, str], text: str) -> str:
    file = remark(f"{export.name} [{export.sheet}]" if export.sheet else export.name)
    if export.aside:
        told = _("{system}: {file} is not used ({why})")
        return told.format(system=system.name, file=file, why=remark(translate_said(export.aside)))
    if export.ties:
        told = _("{system} {object}: {file}, its ties to {other}")
        return told.format(
            system=system.name, object=export.ties[0], file=file, other=export.ties[1]
        )
    if not export.object:
        return _("{system}: {file}: to decide in crmsync.yml ({why})").format(
            system=system.name,
            file=file,
            why=remark(translate_said(export.why))
            or ", ".join(export.likely)
            or _("no known column"),
        )
    line = _("{system} {object}: {file}, {known} of {columns} columns known").format(
        system=system.name,
        object=export.object,
        file=file,
        known=export.known,
        columns=export.columns,
    )
    asked = _asked(export, declared)
    unknown = [name for name in map(remark, export.unknown) if name not in asked]
    if asked:
        places = ", ".join(_placed(text, system.name, export, *each) for each in asked.items())
        line += _("; to decide in crmsync.yml: {names}").format(names=places)
    if unknown:
        line += "; " + _("unknown: {names}").format(names=names_of(unknown))
    return line


def _asked(export: Export, declared: Mapping[str, str]) -> dict[str, str]:
    """The columns that a person has to decide about, with what their line of crmsync.yml begins with."""
    doubts = [remark(each.column) for each in export.doubts if each.setting not in declared]
    found = {column: column for column in doubts}
    found |= {remark(each): native for native, headers in export.clashes for each in headers}
    return found | {remark(header): native for native, header in export.near}


def _placed(text: str, system: str, export: Export, column: str, begins: str) -> str:
    """A column with the line of crmsync.yml that asks about it, under its own object, if one does."""
    inside = of_object = False
    for number, line in enumerate(text.splitlines(), start=1):
        inside = line == f"  {system}:" or (inside and line[:3].strip() == "")
        if line[:7].strip():
            of_object = inside and line.startswith(f"      {export.object}:")
        if of_object and line.lstrip().startswith((f"# {begins}: ", f'# "{begins}": ')):
            return _("{name} (line {number})").format(name=column, number=number)
    return column


def _name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "workspace"
