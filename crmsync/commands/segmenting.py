"""Findings counted by segment: by fields of the workspace's choice, and by the teams that owners are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from crmsync.commands.judging import rows_where
from crmsync.config.project_form import Audits
from crmsync.core.auditing import AuditResult, Finding
from crmsync.core.countries import country_of
from crmsync.core.mapping import WorkspaceMapping
from crmsync.reports.facts import Address, SegmentCount
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.engine import quoted

TEAM = "team"
COUNTRY = "country"
"""Our field whose values are written in many ways: counted by code where they are known."""


def segmented(
    settings: Audits, columns: Columns, results: Sequence[AuditResult]
) -> tuple[SegmentCount, ...]:
    """How many findings each value of each segment has, the most first; values without any are there, too."""
    return tuple(
        each
        for name, fields, named in _segments(settings, columns.mapping)
        for each in _counted(name, fields, named, columns, results)
    )


_Named = Callable[[str], str | None]


def _segments(
    settings: Audits, mapping: WorkspaceMapping
) -> Iterator[tuple[str, Mapping[str, str], _Named]]:
    """(name, field by entity, what a value is shown as)"""
    for name, fields in settings.segments.items():
        yield name, fields, _country if set(fields.values()) == {COUNTRY} else str
    if settings.teams:
        teams = {who.lower(): team for team, people in settings.teams.items() for who in people}
        owners = {
            entity.entity: each.field
            for entity in mapping.entities
            for each in entity.fields[::-1]
            if each.type == "owner"
        }
        yield TEAM, owners, lambda owner: teams.get(owner.lower())


def _country(text: str) -> str:
    return country_of(text) or text


def _counted(
    name: str,
    fields: Mapping[str, str],
    named: _Named,
    columns: Columns,
    results: Sequence[AuditResult],
) -> Iterator[SegmentCount]:
    found: Counter[str | None] = Counter()
    errors: Counter[str | None] = Counter()
    customers: Counter[str | None] = Counter()
    for entity, field in fields.items():
        customers.update(_customers(columns, entity, field, named))
        about = [f for r in results for f in r.findings if f.entity == entity]
        value_of = _values(columns, entity, field, about)
        for finding in about:
            text = value_of(finding)
            value = None if text is None else named(text)
            found[value] += 1
            errors[value] += finding.severity == "error"
    values = sorted({*found, *customers}, key=lambda v: (-found[v], v is None, v or ""))
    for value in values:
        yield SegmentCount(name, value, found[value], errors[value], customers[value])


def _customers(columns: Columns, entity: str, field: str, named: _Named) -> Counter[str | None]:
    """How many customers there are by value; one with several counts for the first in order of the alphabet."""
    rows = columns.db.execute(
        f"SELECT value, count(*) FROM (SELECT min({quoted(field)}) AS value "  # noqa: S608  (names are ours)
        f"FROM {quoted('row_' + entity)} GROUP BY key) GROUP BY value"
    ).fetchall()
    counted: Counter[str | None] = Counter()
    for value, number in rows:
        counted[None if value is None else named(value)] += number
    return counted


def _values(
    columns: Columns, entity: str, field: str, findings: Sequence[Finding]
) -> Callable[[Finding], str | None]:
    """What the record of a finding holds; where it has nothing, what another record of the customer does."""
    keys = sorted({f.key for f in findings if f.key})
    query = f"SELECT key, system, object, id, {quoted(field)} FROM {quoted('row_' + entity)}"  # noqa: S608  (names are ours)
    own: dict[Address, str] = {}
    any_of: dict[str, str] = {}
    for key, system, object_, id_, value in sorted(
        rows_where(columns, query, "key", keys), key=str
    ):
        if value is not None:
            own[system, object_, id_] = value
            any_of.setdefault(key, value)

    def value_of(finding: Finding) -> str | None:
        place = (finding.system or "", finding.object or "", finding.id or "")
        return own.get(place) or any_of.get(finding.key or "")

    return value_of
