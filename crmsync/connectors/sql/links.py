"""Tables between two objects as sets of ties: read whole, and written where a tie can be there but once.

`associations.<object>.all` is written where the database keeps the pair unique and a new row needs nothing
else. Roles, and which tie is the primary one, are only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import Connection, delete, insert, inspect, select
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.sql import column, table
from sqlalchemy.sql.selectable import TableClause

from crmsync.connectors.base import ASSOCIATION_COLUMNS, ASSOCIATION_PREFIX
from crmsync.connectors.batches import chunks
from crmsync.connectors.columns import rows_batch
from crmsync.connectors.sql.database import Database
from crmsync.connectors.sql.reading import KEYS_AT_ONCE, PAGE_ROWS
from crmsync.connectors.sql.settings import TableObject, TieTable
from crmsync.connectors.sql.tables import (
    Declared,
    SqlColumn,
    kind_of,
    located,
    unique_groups,
)
from crmsync.connectors.sql.values import Unfit, cell_text, stored
from crmsync.core.records import Native
from crmsync.core.ties import read_delta, ties_text
from crmsync.errors import Unavailable

_NO_KEY = "the object has no key column"
_TRUE = frozenset(("true", "t", "1", "yes", "y"))
Rows = list[tuple[str, str, str, bool]]
"""Ties as id, other id, role (blank for none) and whether it is the primary one."""


@dataclass(frozen=True, slots=True)
class Link:
    """A table between an object and another one. `why` says what keeps it from being written."""

    to_object: str
    clause: TableClause
    id: SqlColumn
    to: SqlColumn
    role: SqlColumn | None
    primary: SqlColumn | None
    why: str = ""

    @property
    def notes(self) -> list[str]:
        """What keeps ties from being written, where the object itself is."""
        told = self.why and self.why != _NO_KEY
        return [f"{self.clause.name}: ties are only read: {self.why}"] if told else []


@dataclass(frozen=True, slots=True)
class Delta:
    """What is to be added to the ties of one record, and what to be taken away."""

    link: Link
    add: tuple[str, ...]
    remove: tuple[str, ...]


def open_links(database: Database, object_: str, settings: TableObject) -> dict[str, Link]:
    """The tables between an object and others; ConfigInvalid names every one that is not there."""
    if not settings.associations:
        return {}
    declared = Declared(database.system, object_, settings)
    with database.translated(Unavailable):
        inspector = inspect(database.inspectable())
        found = {
            to: _open(inspector, declared, to, each) for to, each in settings.associations.items()
        }
    declared.demand()
    return {to: link for to, link in found.items() if link}


def _open(inspector: Inspector, declared: Declared, to: str, settings: TieTable) -> Link | None:
    place = f"associations.{to}"
    schema, name = located(inspector, declared, settings.table, f"{place}.table")
    columns = {each["name"]: each for each in inspector.get_columns(name, schema)}
    wanted = {what: getattr(settings, what) for what in ("id", "to", "role", "primary")}
    for what, each in wanted.items():
        declared.column(f"{place}.{what}", each, columns, settings.table)
    if any(each and each not in columns for each in wanted.values()):
        return None
    pair = {settings.id, settings.to}
    unique = [set(group) for group in unique_groups(inspector, name, schema)]
    return Link(
        to,
        table(name, *map(column, columns), schema=schema),
        _column(columns[settings.id], "id"),
        _column(columns[settings.to], "id"),
        _column(columns[settings.role]) if settings.role else None,
        _column(columns[settings.primary]) if settings.primary else None,
        _why_not(declared.settings, settings, pair in unique, columns, unique),
    )


def _column(told: Mapping[str, Any], kind: str = "") -> SqlColumn:
    type_ = told["type"]
    return SqlColumn(told["name"], type_, Native(told["name"], kind or kind_of(type_)))


def _why_not(
    object_: TableObject,
    settings: TieTable,
    unique: bool,
    columns: Mapping[str, Any],
    groups: Sequence[set[str]],
) -> str:
    """What keeps ties from being written, blank for nothing."""
    if not object_.key:
        return _NO_KEY
    if not unique:
        return f"the database does not keep {settings.id} and {settings.to} unique together"
    given = {
        settings.id,
        settings.to,
        *(name for group in groups if len(group) == 1 for name in group),
    }
    needed = [name for name, told in columns.items() if name not in given and _is_needed(told)]
    return f"a new row needs {', '.join(needed)}, too" if needed else ""


def _is_needed(told: Mapping[str, Any]) -> bool:
    given = told.get("default") is not None or told.get("computed") or told.get("identity")
    return not told.get("nullable", True) and not given


def link_fields(link: Link) -> dict[str, Native]:
    """The sets of ties as fields, and the primary one."""
    name = f"{ASSOCIATION_PREFIX}{link.to_object}."
    can_write = not link.why
    found = {
        "all": Native(name + "all", "references", writable=can_write, createable=can_write),
        "primary": Native(name + "primary", "reference", writable=False, createable=False),
    }
    if link.role:
        found["roles"] = Native(name + "roles", "references", writable=False, createable=False)
    return {each.name: each for each in found.values()}


def links_of(fields: Sequence[str], links: Mapping[str, Link]) -> dict[str, Link]:
    """The table behind each name that is a set of ties or a primary one."""
    found = {}
    for name in fields:
        to_object, _, last = name.removeprefix(ASSOCIATION_PREFIX).rpartition(".")
        link = links.get(to_object) if name.startswith(ASSOCIATION_PREFIX) else None
        if link is not None and last in ("all", "roles", "primary"):
            found[name] = link
    return found


def link_batches(
    database: Database, from_object: str, link: Link, zone: ZoneInfo | None
) -> Iterator[pa.RecordBatch]:
    """Every tie, ASSOCIATION_COLUMNS, a page of records a batch."""
    statement = _statement(link).order_by(link.id.clause)
    with database.reading(f"SELECT {link.clause.name}") as connection:
        streamed = connection.execution_options(yield_per=PAGE_ROWS)
        with streamed.execute(statement) as result:
            page: list[Sequence[str | None]] = []
            for ties in _grouped(link, result, zone):
                page += [
                    (
                        from_object,
                        one,
                        link.to_object,
                        to,
                        "",
                        role or None,
                        str(primary).lower(),
                        None,
                    )
                    for one, to, role, primary in ties
                ]
                if len(page) >= PAGE_ROWS:
                    yield rows_batch(ASSOCIATION_COLUMNS, page)
                    page = []
            if page:
                yield rows_batch(ASSOCIATION_COLUMNS, page)


def link_cells(
    database: Database, link: Link, name: str, ids: Sequence[str], zone: ZoneInfo | None
) -> dict[str, str | None]:
    """What one of the names of a table between two objects holds for some records, by id."""
    found: dict[str, str | None] = {}
    values = [stored(one, link.id, zone, database.dialect) for one in ids]
    for part in chunks(values, KEYS_AT_ONCE):
        statement = _statement(link).where(link.id.clause.in_(list(part))).order_by(link.id.clause)
        with database.reading(f"SELECT {link.clause.name} by {link.id.name}") as connection:
            rows = connection.execute(statement).all()
        for ties in _grouped(link, rows, zone):
            found[ties[0][0]] = _TEXTS[name.rpartition(".")[2]](ties)
    return found


def _all_text(ties: Rows) -> str | None:
    return ties_text((to, "") for _, to, _, _ in ties)


def _roles_text(ties: Rows) -> str | None:
    return ties_text((to, role) for _, to, role, _ in ties if role)


def _primary_text(ties: Rows) -> str | None:
    return min((to for _, to, _, primary in ties if primary), default=None)


_TEXTS = {"all": _all_text, "roles": _roles_text, "primary": _primary_text}


def _statement(link: Link) -> Any:
    chosen = [each for each in (link.id, link.to, link.role, link.primary) if each]
    return select(*(each.clause for each in chosen)).select_from(link.clause)


def _grouped(link: Link, rows: Any, zone: ZoneInfo | None) -> Iterator[Rows]:
    """The ties of one record after another; rows that name only one side are none."""
    chosen = [each for each in (link.id, link.to, link.role, link.primary) if each]
    texts = (
        {each.name: cell_text(cell, each, zone) for each, cell in zip(chosen, row, strict=True)}
        for row in rows
    )
    whole = (row for row in texts if row[link.id.name] and row[link.to.name])
    for one, group in groupby(whole, key=lambda row: str(row[link.id.name])):
        ties = list(group)
        only = len({row[link.to.name] for row in ties}) == 1
        yield [
            (
                one,
                str(row[link.to.name]),
                (row[link.role.name] or "") if link.role else "",
                _is_true(row[link.primary.name]) if link.primary else only,
            )
            for row in ties
        ]


def _is_true(text: str | None) -> bool:
    return (text or "").strip().casefold() in _TRUE


def delta_of(links: Mapping[str, Link], name: str, text: str | None) -> Delta:
    """The delta of one cell; Unfit if it is none, or its ties are only read."""
    link = links_of([name], links).get(name)
    if link is None or not name.endswith(".all"):
        raise Unfit(f"'{name}' cannot be written")
    if link.why:
        raise Unfit(f"'{name}' cannot be written: {link.why}")
    try:
        add, remove = read_delta(text or "")
    except ValueError as error:
        raise Unfit(f"'{name}': {error}") from error
    if any(role for _, role in add | remove):
        raise Unfit(f"'{name}' takes no roles")
    return Delta(link, *(tuple(sorted(to for to, _ in each)) for each in (add, remove)))


def write_delta(
    connection: Connection, delta: Delta, native_id: str, zone: ZoneInfo | None
) -> None:
    """Adds the rows that are not there and takes away those that are; others stay. Unfit for an id that is none."""
    link, dialect = delta.link, connection.dialect.name
    own = stored(native_id, link.id, zone, dialect)
    for to, wanted in (*((to, True) for to in delta.add), *((to, False) for to in delta.remove)):
        other = stored(to, link.to, zone, dialect)
        pair = (link.id.clause == own) & (link.to.clause == other)
        there = connection.execute(select(link.id.clause).select_from(link.clause).where(pair))
        if (there.first() is not None) is wanted:
            continue
        if wanted:
            row = {link.id.name: own, link.to.name: other}
            connection.execute(insert(link.clause).values(**row))
        else:
            connection.execute(delete(link.clause).where(pair))
