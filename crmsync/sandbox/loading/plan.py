"""What is to become of each table and column, decided before anything is loaded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.load_routes import Schema
from crmsync.sandbox.loading.naming import (
    custom_field_name,
    linked_objects,
    property_name,
    same_object,
    squeezed,
)
from crmsync.sandbox.loading.sources import SourceTable
from crmsync.sandbox.loading.systems import TIES, System, is_id_column
from crmsync.sandbox.loading.values import guess_type


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `use` is id, value, reference, tie or nothing; `why` speaks when it is left out."""

    name: str
    place: int
    use: str
    field: str = ""
    type: str = "string"
    refers: tuple[str, ...] = ()
    is_new: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table of records of one object, or of associations when `linked` names two objects."""

    table: SourceTable
    object: str | None
    columns: tuple[Column, ...] = ()
    linked: tuple[str, str] | None = None
    why: str = ""

    def of_use(self, use: str) -> list[Column]:
        """The columns of one use, from left to right."""
        return [column for column in self.columns if column.use == use]


def plan_tables(system: System, schema: Schema, tables: list[SourceTable]) -> list[TablePlan]:
    """One plan for each table, in the order given."""
    named = {table.name: same_object(table.name, schema) for table in tables}
    ids = _local_ids(system, tables, named)
    return [_plan(system, schema, table, named[table.name], ids) for table in tables]


LocalIds = Mapping[str, Collection[str]]


def _local_ids(
    system: System, tables: list[SourceTable], named: Mapping[str, str | None]
) -> LocalIds:
    """Object -> the ids by which its rows are known in the source."""
    ids: dict[str, set[str]] = {}
    for table in tables:
        object_name = named[table.name]
        place = _id_place(system, table, object_name) if object_name else None
        if object_name and place is not None:
            ids.setdefault(object_name, set()).update(map(tidy_id, table.cells(place)))
    return ids


def tidy_id(text: str | None) -> str:
    """A local id without spaces, and without the `.0` that spreadsheets add to whole numbers."""
    plain = (text or "").strip()
    whole = plain.removesuffix(".0")
    return whole if whole.isdigit() else plain


def _id_place(system: System, table: SourceTable, object_name: str) -> int | None:
    """Where the record's own id stands: in `id` if there is one, else in `<object>_id`."""
    own = [place for place, name in enumerate(table.columns)
           if is_id_column(system, object_name, name)]  # fmt: skip
    return min(own, key=lambda place: (squeezed(table.columns[place]) != "id", place), default=None)


def _plan(
    system: System, schema: Schema, table: SourceTable, object_name: str | None, ids: LocalIds
) -> TablePlan:
    if object_name is None:
        return _plan_link(system, schema, table)
    known = {squeezed(name): name for name in schema[object_name]}
    seen = _Seen(system, schema, object_name, known, table, ids)
    id_place = _id_place(system, table, object_name)
    columns = [
        Column(name, place, "id", "Id") if place == id_place else _column(seen, name, place)
        for place, name in enumerate(table.columns)
    ]
    return TablePlan(table, object_name, tuple(_once(columns)))


def _once(columns: list[Column]) -> Iterator[Column]:
    """The columns, a second one for the same field left out."""
    taken: dict[str, str] = {}
    for column in columns:
        if column.field and column.field in taken:
            why = f"{taken[column.field]} is already {column.field}"
            yield Column(column.name, column.place, "nothing", why=why)
        else:
            taken[column.field] = column.name
            yield column


@dataclass(frozen=True, slots=True)
class _Seen:
    """What deciding about a column needs to know."""

    system: System
    schema: Schema
    object: str
    known: dict[str, str]
    table: SourceTable
    ids: LocalIds

    def cells(self, place: int) -> list[str]:
        """The filled cells of a column."""
        return [cell for cell in self.table.cells(place) if cell]


def _column(seen: _Seen, name: str, place: int) -> Column:
    plain = squeezed(name)
    to = seen.system.ties.get((seen.object, plain))
    if to:
        return Column(name, place, "tie", plain, refers=(to,))
    field = seen.known.get(plain) or seen.known.get(squeezed(seen.system.aliases.get(plain, "")))
    if field:
        return _known_column(seen, name, place, field)
    return _UNKNOWN[seen.system.name](seen, name, place)


def _known_column(seen: _Seen, name: str, place: int, field: str) -> Column:
    about: dict[str, Any] = seen.schema[seen.object][field]
    if not about["loadable"]:
        return Column(name, place, "nothing", why=f"{seen.object}.{field} is worked out")
    refers = tuple(about["refers"])
    return Column(name, place, "reference" if refers else "value", field, about["type"], refers)


def _unknown_to_salesforce(seen: _Seen, name: str, place: int) -> Column:
    field = custom_field_name(name)
    if field is None:
        return Column(name, place, "nothing", why=f"{seen.object} has no such field")
    to = _referred(seen, name, place)
    if to:
        return Column(name, place, "reference", field, "reference", (to,), is_new=True)
    return Column(name, place, "value", field, guess_type(seen.cells(place)), is_new=True)


def _referred(seen: _Seen, name: str, place: int) -> str | None:
    """The object that `primary_contact__c` names last, if the cells are ids of its rows."""
    stem = squeezed(name.removesuffix("__c").removesuffix("_id"))
    to = next((one for one in seen.ids if stem.endswith(squeezed(one))), None)
    cells = seen.cells(place)
    if to and cells and all(tidy_id(cell) in seen.ids[to] for cell in cells):
        return to
    return None


def _unknown_to_hubspot(seen: _Seen, name: str, place: int) -> Column:
    field = property_name(name)
    if field is None:
        return Column(name, place, "nothing", why="no property can be named like that")
    if seen.object == "owners":
        return Column(name, place, "nothing", why="an owner has no such field")
    return Column(name, place, "value", field, is_new=field not in seen.schema[seen.object])


_UNKNOWN: dict[str, Callable[[_Seen, str, int], Column]] = {
    "salesforce": _unknown_to_salesforce,
    "hubspot": _unknown_to_hubspot,
}


def _plan_link(system: System, schema: Schema, table: SourceTable) -> TablePlan:
    """Associations if the table is named after two objects that can be tied, else nothing."""
    pair = linked_objects(table.name, schema) if system.ties else None
    if pair and pair not in TIES:
        pair = pair[1], pair[0]
    if pair is None or pair not in TIES:
        return TablePlan(table, None, why=f"{system.name} has no object of that name")
    columns = tuple(_link_column(pair, name, place) for place, name in enumerate(table.columns))
    if {column.refers for column in columns if column.use == "tie"} != {(one,) for one in pair}:
        return TablePlan(table, None, why=f"it has no id columns of both {pair[0]} and {pair[1]}")
    return TablePlan(table, " - ".join(pair), columns, linked=pair)


def _link_column(pair: tuple[str, str], name: str, place: int) -> Column:
    plain = squeezed(name)
    stem = same_object(plain.removesuffix("id").removesuffix("local"), pair)
    if stem:
        return Column(name, place, "tie", stem, refers=(stem,))
    if plain in ("isprimary", "primary"):
        return Column(name, place, "primary", "primary")
    return Column(name, place, "nothing", why="an association has no such field")
