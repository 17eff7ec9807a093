"""What `crmsync.yml` says about exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from crmsync.connectors.declared import (
    STRICT,
    TieSetting,
    declared_objects,
    demand_known,
    zone_of,
)
from crmsync.connectors.files.sources import NOTHING
from crmsync.connectors.settings import invalid


@dataclass(frozen=True, slots=True)
class TieFile:
    """A file of ties, a row each, by its headers. `id` names the record, `to` the other one.

    `role` is a column with the role of the tie, `primary` one that marks the first; without it, the
    only tie of a record is its primary one.
    """

    __pydantic_config__ = STRICT
    file: str
    id: str
    to: str
    role: str = ""
    primary: str = ""
    sheet: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Every header by what it is for, those that are not declared left out."""
        named = {"id": self.id, "to": self.to, "role": self.role, "primary": self.primary}
        return {what: header for what, header in named.items() if header}


@dataclass(frozen=True, slots=True)
class FileObject:
    """One object and the file that holds it. `columns` leads from native names to column headers.

    Headers are given as they stand in the file. What is left blank is found out and said aloud.
    """

    __pydantic_config__ = STRICT
    file: str
    id: str = ""
    modified: str = ""
    created: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: Literal["", ",", ";", "|", "\t", "tab"] = ""
    decimal: Literal["", ".", ","] = ""
    dates: Literal["", "ymd", "dmy", "mdy"] = ""
    blanks: tuple[str, ...] = NOTHING
    columns: dict[str, str] = field(default_factory=dict)
    ties: dict[str, TieSetting] = field(default_factory=dict)
    associations: dict[str, TieFile] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        """Every header that the settings name."""
        named = [self.id, self.modified, self.created, *self.columns.values()]
        return [name for name in [*named, *(tie.column for tie in self.ties.values())] if name]


@dataclass(frozen=True, slots=True)
class FileSettings:
    """A folder of exports and the objects in it."""

    system: str
    folder: Path
    objects: Mapping[str, FileObject]
    zone: ZoneInfo | None


def file_settings(system: str, settings: Mapping[str, Any]) -> FileSettings:
    """Settings that can be used; ConfigInvalid otherwise. Looks at no file yet."""
    demand_known(system, settings, ("folder", "objects", "timezone"))
    folder = str(settings.get("folder", "") or "")
    if not folder:
        raise invalid(system, "no folder", "add `folder:`, where the exports are", "folder")
    objects = declared_objects(system, FileObject, settings.get("objects"))
    return FileSettings(system, Path(folder), objects, zone_of(system, settings))
