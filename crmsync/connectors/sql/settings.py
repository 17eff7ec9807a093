"""What `crmsync.yml` says about a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.connectors.declared import (
    STRICT,
    TieSetting,
    declared_objects,
    demand_known,
    zone_of,
)
from crmsync.connectors.settings import WRITE_SUFFIX, invalid


@dataclass(frozen=True, slots=True)
class TieTable:
    """A table between two objects: a row a tie. `id` names the record, `to` the other one.

    `role` is a column with the role of the tie, `primary` one that marks the first; without it, the
    only tie of a record is its primary one.
    """

    __pydantic_config__ = STRICT
    table: str
    id: str
    to: str
    role: str = ""
    primary: str = ""


@dataclass(frozen=True, slots=True)
class TableObject:
    """One object and its table or view. `columns` leads from native names to columns.

    Columns that it does not name are fields under their own names. `key` is a unique column for our
    key: without it the object is only read.
    """

    __pydantic_config__ = STRICT
    table: str
    id: str
    modified: str = ""
    created: str = ""
    key: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    ties: dict[str, TieSetting] = field(default_factory=dict)
    associations: dict[str, TieTable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SqlSettings:
    """A database and the objects in it. The address may hold a password: it is never shown."""

    system: str
    url: str = field(repr=False)
    objects: Mapping[str, TableObject]
    zone: ZoneInfo | None
    writes: bool


def sql_settings(system: str, settings: Mapping[str, Any], *, writes: bool) -> SqlSettings:
    """Settings that can be used; ConfigInvalid otherwise. Opens nothing yet.

    `url_write`, where it is given, is the address of the one who may write.
    """
    demand_known(system, settings, ("url", "url" + WRITE_SUFFIX, "objects", "timezone"))
    url = (settings.get("url" + WRITE_SUFFIX) if writes else None) or settings.get("url")
    if not isinstance(url, str) or not url.strip():
        raise invalid(
            system, "no complete credential", "give `url`, the address of the database", "url"
        )
    objects = declared_objects(system, TableObject, settings.get("objects"))
    return SqlSettings(system, url.strip(), objects, zone_of(system, settings), writes)
