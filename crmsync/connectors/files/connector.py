"""The files connector: exports in a folder as a system that is only read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from crmsync.connectors.base import (
    ASSOCIATION_PREFIX,
    ID,
    OWNER_COLUMNS,
    STAGE_COLUMNS,
    CallMeter,
    Capabilities,
    Cells,
    SystemIdentity,
    WriteRequest,
    WriteResult,
)
from crmsync.connectors.columns import text_table
from crmsync.connectors.declared import nearest
from crmsync.connectors.files.labels import REFERENCES
from crmsync.connectors.files.links import link_batches, link_fields
from crmsync.connectors.files.patterns import NAME_IT, NO_PATTERN, matching
from crmsync.connectors.files.reading import ROW_ID, read_batches, tie_batches, unclear
from crmsync.connectors.files.records import Account
from crmsync.connectors.files.settings import FileSettings, TieFile, file_settings
from crmsync.connectors.files.sources import file_problem
from crmsync.connectors.files.tables import FileTable, open_table
from crmsync.core.footprint import FootprintItem
from crmsync.core.records import Native, Schema
from crmsync.errors import AccessDenied, AnswerBroken, Problem

_MARKETABLE = "hs_marketable_status"
Fingerprint = tuple[Path, int, int]


class FilesConnector:
    """One folder. `notes` says what was found out about its files and which rows were left out."""

    def __init__(self, settings: FileSettings) -> None:
        self.system = settings.system
        self.meter = CallMeter()
        self.notes: list[str] = []
        self._settings = settings
        self._tables: dict[str, tuple[Fingerprint, FileTable]] = {}

    @property
    def capabilities(self) -> Capabilities:
        """What the files hold: ties need their headers, so this looks into the files."""
        ties = {
            (name, tie.to_object) for name in self._settings.objects for tie in self._ties(name)
        }
        ties |= {
            (name, to) for name, one in self._settings.objects.items() for to in one.associations
        }
        return Capabilities(
            batch_size=1,
            objects=tuple(self._settings.objects),
            key_fields={},
            associations=tuple(sorted(ties)),
            partial=True,
        )

    def whoami(self) -> SystemIdentity:
        """The system by its name in the workspace: files move and are replaced."""
        folder = self._settings.folder
        if not os.path.isdir(folder):
            message = f"systems.{self.system}.folder: there is no folder {folder.name}"
            remedy = "make it and put the exports into it, or correct `folder:`"
            raise file_problem(message, remedy, f"systems.{self.system}", "folder")
        zone = self._settings.zone
        return SystemIdentity(
            self.system, f"files:{self.system}", folder.name, timezone=zone.key if zone else "UTC"
        )

    def clock_skew_s(self) -> float:
        """None: files have no clock."""
        return 0.0

    def schema(self, object_: str) -> Schema:
        """Every column, by its native name where it has one; nothing can be written."""
        table = self._table(object_)
        fields = {
            name: _native(name, self._type(table, name), cell.column.header)
            for name, cell in table.cells.items()
        }
        for tie in table.ties:
            name = f"{ASSOCIATION_PREFIX}{tie.to_object}.{tie.setting.label or 'primary'}"
            fields[name] = _native(name, "reference")
            every = f"{ASSOCIATION_PREFIX}{tie.to_object}.all"
            fields[every] = _native(every, "references")
        for to, link in self._settings.objects[object_].associations.items():
            fields |= {n: _native(n, kind) for n, kind in link_fields(to, link).items()}
        if not table.id:
            name = f"{ROW_ID}number"
            fields[name] = _native(name, "id")
        return Schema(self.system, object_, MappingProxyType(dict(sorted(fields.items()))))

    def read(self, object_: str, fields: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Every record once, as the file stands; AnswerBroken at a row that cannot be read."""
        table = self._table(object_)
        known = [name for name in dict.fromkeys(fields) if name in table.cells]
        account = Account()
        yield from read_batches(table, known, self._settings.zone, account)
        self._say(account.notes(table.source.path.name))
        self._demand_unchanged(object_, table)

    def unclear(self, object_: str, fields: Sequence[str], largest: int) -> list[Problem]:
        """Why these fields could not be read as they are declared; nothing of a file of more bytes."""
        if self._path(object_).stat().st_size > largest:
            return []
        return unclear(self._table(object_), fields)

    def associations(self, from_object: str, to_object: str) -> Iterator[pa.RecordBatch]:
        """Every tie that a column of the file names, or that is a row of a file of ties."""
        table = self._table(from_object)
        link = self._settings.objects[from_object].associations.get(to_object)
        if link is not None:
            yield from self._linked(from_object, to_object, link)
        yield from tie_batches(table, to_object, self._settings.zone, Account())
        self._demand_unchanged(from_object, table)

    def _linked(self, from_object: str, to_object: str, link: TieFile) -> Iterator[pa.RecordBatch]:
        place = f"{self._place(from_object)}.associations.{to_object}"
        path, account = self._newest(link.file, from_object, place), Account()
        stamp = _fingerprint(path)
        yield from link_batches((from_object, to_object), link, path, place, account)
        self._say(account.notes(path.name))
        if _fingerprint(path) != stamp:
            raise _changed(path)

    def companions(self, object_: str) -> dict[str, str]:
        """Whether a contact is paid for, where the export says so: the words of it are those of the mapping."""
        return {"marketable": _MARKETABLE} if _MARKETABLE in self._table(object_).cells else {}

    def owners(self) -> pa.Table:
        """Nobody: an export names owners, but does not list them."""
        return text_table(OWNER_COLUMNS, [])

    def stages(self) -> pa.Table:
        """None: an export does not list the stages of its pipelines."""
        return text_table(STAGE_COLUMNS, [])

    def get(self, object_: str, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Cells]:
        """Some records, by a read of the whole file."""
        wanted = set(ids)
        found: dict[str, Cells] = {}
        for batch in self.read(object_, fields) if wanted else ():
            names = batch.schema.names[3:]
            for at, one in enumerate(batch.column(ID).to_pylist()):
                if one in wanted:
                    found[one] = {name: batch.column(name)[at].as_py() for name in names}
        return found

    def find(self, object_: str, keys: Sequence[str]) -> dict[str, str]:
        """Nothing: files carry no key of ours."""
        return {}

    def write(self, object_: str, requests: Sequence[WriteRequest]) -> list[WriteResult]:
        """AccessDenied: an export is not written to."""
        if not requests:
            return []
        remedy = "Write `direction: none`, or `create: never`, for what an export cannot take."
        raise AccessDenied("files are only read", where=self.system, remedy=remedy)

    def footprint(self, objects: Sequence[str]) -> list[FootprintItem]:
        """Nothing for any object: files are only read."""
        return [FootprintItem(self.system, name, "", "file", "none") for name in objects]

    def close(self) -> None:
        """Nothing is held open."""

    def _type(self, table: FileTable, name: str) -> str:
        if name == table.id:
            return "id"
        return "reference" if name in REFERENCES else table.cells[name].reading.type

    def _ties(self, object_: str) -> Sequence[Any]:
        return self._table(object_).ties

    def _table(self, object_: str) -> FileTable:
        path = self._path(object_)
        stamp = _fingerprint(path)
        known = self._tables.get(object_)
        if known is None or known[0] != stamp:
            place = self._place(object_)
            known = stamp, open_table(object_, self._settings.objects[object_], path, place)
            self._tables[object_] = known
            self._say(known[1].notes)
        return known[1]

    def _path(self, object_: str) -> Path:
        """The newest file that fits the object's pattern, by its time of change, then by name."""
        settings = self._settings.objects.get(object_)
        if settings is None:
            message = f"systems.{self.system}.objects has no '{object_}'"
            known = nearest(object_, self._settings.objects)
            raise file_problem(message, known, f"systems.{self.system}", "objects")
        return self._newest(settings.file, object_, self._place(object_))

    def _newest(self, pattern: str, object_: str, place: str) -> Path:
        self.whoami()
        found = sorted(
            self._matches(pattern, object_),
            key=lambda path: (path.stat().st_mtime_ns, path.name),
        )
        if not found:
            there = [path.name for path in self._matches("*", object_)]
            message = f"{place}.file: no file '{pattern}'"
            raise file_problem(message, nearest(pattern, there), place, "file")
        if len(found) > 1:
            self._say([f"{found[-1].name}: the newest of {len(found)} files '{pattern}'"])
        return found[-1]

    def _matches(self, pattern: str, object_: str) -> list[Path]:
        # Excel writes `~$name.xlsx` beside a file that somebody has open.
        paths = matching(self._settings.folder, pattern)
        if paths is None:
            place = self._place(object_)
            raise file_problem(
                f"{place}.file: {pattern[:60]!r} {NO_PATTERN}", NAME_IT, place, "file"
            )
        return [path for path in paths if path.is_file() and not path.name.startswith(("~$", "."))]

    def _place(self, object_: str) -> str:
        return f"systems.{self.system}.objects.{object_}"

    def _say(self, notes: Sequence[str]) -> None:
        self.notes += [note for note in notes if note not in self.notes]

    def _demand_unchanged(self, object_: str, table: FileTable) -> None:
        known = self._tables.get(object_)
        if known is None or known[1] is not table or _fingerprint(table.source.path) != known[0]:
            raise _changed(table.source.path)


def _changed(path: Path) -> AnswerBroken:
    return AnswerBroken(
        "the file changed while it was read",
        where=path.name,
        remedy="Run the same command again.",
    )


def _fingerprint(path: Path) -> Fingerprint:
    try:
        told = path.stat()
    except OSError as error:
        raise AnswerBroken(
            "the file is gone", where=path.name, remedy="Export it again."
        ) from error
    return path, told.st_mtime_ns, told.st_size


def _native(name: str, kind: str, label: str = "") -> Native:
    return Native(name, kind, writable=False, createable=False, label=label)


def open_connector(
    system: str, settings: Mapping[str, Any], *, now: datetime, writes: bool
) -> FilesConnector:
    """A connector for one folder of exports: `folder`, `objects`, and `timezone`. Opens no file yet."""
    return FilesConnector(file_settings(system, settings))
