"""What else runs in the systems: kept with every pull, held against every plan, listed by `doctor --automations`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crmsync.commands.demands import demands_in
from crmsync.connectors.abilities import ReviewedConnector
from crmsync.connectors.base import Connector
from crmsync.core.planning import Line
from crmsync.core.surroundings import (
    AUTOMATION_COLUMNS,
    RULE_COLUMNS,
    Survey,
    automation_rows,
    rule_rows,
    set_off,
    survey_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.commands.workspace import Workspace
    from crmsync.warehouse.snapshots import Snapshot

AUTOMATIONS, RULES = "_automations", "_rules"
"""Side tables of a pull, one row an automation or rule."""


def survey_tables(
    connector: Connector, objects: Sequence[str]
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Both side tables of one system; none of a system that cannot tell."""
    from crmsync.connectors.columns import rows_batch

    survey = survey_of_system(connector, objects)
    if survey is not None:
        yield AUTOMATIONS, rows_batch(AUTOMATION_COLUMNS, automation_rows(survey))
        yield RULES, rows_batch(RULE_COLUMNS, rule_rows(survey))


def survey_of_system(connector: Connector, objects: Sequence[str]) -> Survey | None:
    """Automations and rules of some objects; None if the system cannot tell."""
    if not isinstance(connector, ReviewedConnector):
        return None
    return connector.reviewer().survey(list(dict.fromkeys(objects)))


def surveys(workspace: Workspace) -> tuple[dict[str, Survey], dict[str, set[str]]]:
    """By system, what runs on mapped objects as it is this moment, and the mapped native fields as Object.Field."""
    found: dict[str, Survey] = {}
    mapped: dict[str, set[str]] = {}
    with workspace.connectors() as connectors:
        for system, connector in connectors.items():
            demands = demands_in(workspace, connector)
            survey = survey_of_system(connector, [each.object for each in demands])
            if survey is not None:
                found[system] = survey
                mapped[system] = {
                    f"{each.object}.{name}"
                    for each in demands
                    for name in (*each.reads, *each.writes)
                }
    return found, mapped


def sets_off(
    snapshots: Mapping[tuple[str, str], Snapshot], lines: Iterable[Line], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the writes of a plan may run in each system, by the snapshots that it is made of."""
    kept = list(lines)
    systems = sorted({system for system, name in snapshots if name == AUTOMATIONS})
    return [
        {**asdict(each), "events": list(each.events)}
        for system in systems
        for each in set_off(kept, names, system, _kept_survey(snapshots, system))
    ]


def _kept_survey(snapshots: Mapping[tuple[str, str], Snapshot], system: str) -> Survey:
    return survey_of(*(_rows(snapshots.get((system, name))) for name in (AUTOMATIONS, RULES)))


def _rows(snapshot: Snapshot | None) -> list[dict[str, str | None]]:
    import pyarrow.parquet as pq

    if snapshot is None or not snapshot.manifest.rows:
        return []
    parts = sorted(snapshot.folder.glob("part-*.parquet"))
    return [row for part in parts for row in pq.read_table(part).to_pylist()]
