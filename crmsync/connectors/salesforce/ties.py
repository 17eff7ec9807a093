"""Ties between records that are rows of an object of their own: contact roles of opportunities.

A contact may have several rows on one opportunity, of several roles, of the same role, or of none:
nothing keeps them apart (developer.salesforce.com, OpportunityContactRole, read 2026-11). Where the
opportunity or the contact changes its roles no modified date of either moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from crmsync.connectors.batches import chunks
from crmsync.connectors.deltas import ALL, ROLES, tie_name
from crmsync.connectors.salesforce.api import Api, quoted, select
from crmsync.connectors.salesforce.describes import usable
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import instants
from crmsync.core.records import Native
from crmsync.core.ties import ties_text

PRIMARY = "primary"
# Ids of so many records fit the URL of a query: 200 of them have about 5,400 of its 16,384 bytes
OWNERS_A_QUERY = 200


@dataclass(frozen=True, slots=True)
class Junction:
    """An object whose rows tie records of two others; fields it has not are blank.

    `role` says what the other record is, `primary` marks at most one row of the first record.
    """

    object: str
    from_object: str
    from_field: str
    to_object: str
    to_field: str
    role: str = ""
    primary: str = ""
    created: str = "CreatedDate"

    @property
    def fields(self) -> list[str]:
        """Its fields to be read."""
        named = ("Id", self.from_field, self.to_field, self.role, self.primary)
        return [name for name in named if name]

    @property
    def dated_fields(self) -> list[str]:
        """Those, and since when a row is there: for a read of all rows."""
        return [*self.fields, self.created]


# AccountContactRelation would be one more line, for orgs that have switched it on: its `Roles` are a
# multi-select of one row a pair, so it has no role field in this sense.
JUNCTIONS = (
    Junction(
        object="OpportunityContactRole",
        from_object="Opportunity",
        from_field="OpportunityId",
        to_object="Contact",
        to_field="ContactId",
        role="Role",
        primary="IsPrimary",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a junction; `id` is blank until it is created."""

    id: str
    other: str
    role: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class TieField:
    """A field that is a tie (`primary`) or a set of them (`all`, `roles`)."""

    junction: Junction
    kind: str


Rows: TypeAlias = Mapping[str, Sequence[Row]]
"""Rows by the record they belong to, oldest id first."""


def visible(junction: Junction, describe: Mapping[str, Any]) -> Junction:
    """The junction without the fields that field-level security hides."""
    seen = usable(describe)
    return replace(
        junction,
        role=junction.role if junction.role in seen else "",
        primary=junction.primary if junction.primary in seen else "",
    )


def tie_fields(junctions: Iterable[Junction]) -> dict[str, TieField]:
    """The ties and sets of ties these junctions are, by name."""
    return {
        tie_name(each.to_object, kind): TieField(each, kind)
        for each in junctions
        for kind, there in ((ALL, True), (ROLES, each.role), (PRIMARY, each.primary))
        if there
    }


def natives(fields: Mapping[str, TieField], describe: Mapping[str, Any]) -> dict[str, Native]:
    """How these fields stand in a schema. Roles have the active values of their picklist as options,
    also where the org would take any text: that would make a value nobody sees in Setup."""
    can_write = bool(describe.get("createable", True))
    return {
        name: Native(
            name,
            "reference" if field.kind == PRIMARY else "references",
            options=_roles(field.junction, describe) if field.kind == ROLES else None,
            writable=can_write,
            createable=can_write,
        )
        for name, field in fields.items()
    }


def _roles(junction: Junction, describe: Mapping[str, Any]) -> frozenset[str]:
    values = usable(describe)[junction.role].get("picklistValues") or ()
    return frozenset(each["value"] for each in values if each.get("active"))


def read_rows(api: Api, junction: Junction, ids: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of some records: a query for 200 of them, and one for each further 2,000 rows."""
    found: dict[str, list[Row]] = {}
    for part in chunks(sorted(set(ids)), OWNERS_A_QUERY):
        where = f" WHERE {junction.from_field} IN ({quoted(part)}) ORDER BY Id"
        _collect(found, junction, api.rows(select(junction.fields, junction.object, where)))
    return found


def rows_by_owner(pages: Iterable[Iterable[Any]], junction: Junction) -> dict[str, list[Row]]:
    """The rows of every record, from all pages of the junction."""
    found: dict[str, list[Row]] = {}
    for page in pages:
        _collect(found, junction, page)
    return {one: sorted(rows, key=lambda row: row.id) for one, rows in found.items()}


def _collect(found: dict[str, list[Row]], junction: Junction, page: Iterable[Any]) -> None:
    for told in page:
        row = Row(
            id18(told["Id"]),
            id18(told[junction.to_field]),
            (told[junction.role] or "") if junction.role else "",
            bool(told[junction.primary]) if junction.primary else False,
        )
        found.setdefault(id18(told[junction.from_field]), []).append(row)


def tie_columns(
    fields: Mapping[str, TieField], names: Sequence[str], rows_of: Callable[[Junction], Rows]
) -> dict[str, Callable[[str], str | None]]:
    """A function from a record's id to its text for each of these names that is a tie; rows of a
    junction are asked for once."""
    wanted = {name: fields[name] for name in names if name in fields}
    held = {each.junction.object: each.junction for each in wanted.values()}
    rows = {name: rows_of(junction) for name, junction in held.items()}

    def column(field: TieField) -> Callable[[str], str | None]:
        told, cell = rows[field.junction.object], _CELLS[field.kind]
        return lambda one: cell(told.get(one, ()))

    return {name: column(field) for name, field in wanted.items()}


_CELLS: Mapping[str, Callable[[Sequence[Row]], str | None]] = {
    ALL: lambda rows: ties_text((row.other, "") for row in rows),
    ROLES: lambda rows: ties_text((row.other, row.role) for row in rows if row.role),
    PRIMARY: lambda rows: next((row.other for row in rows if row.primary), None),
}


def association_row(junction: Junction, told: Mapping[str, Any]) -> tuple[str | None, ...]:
    """A row of ASSOCIATION_COLUMNS; the role is spelled as in the sets of ties."""
    role = (told[junction.role] or None) if junction.role else None
    primary = bool(told[junction.primary]) if junction.primary else False
    ends = id18(told[junction.from_field]), id18(told[junction.to_field])
    return (
        junction.from_object,
        ends[0],
        junction.to_object,
        ends[1],
        role,
        role,
        "true" if primary else "false",
        instants([told[junction.created]])[0],
    )
