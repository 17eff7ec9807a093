"""The audits stand whatever a CRM holds: hostile values in every cell, a calendar without a time zone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warehouse.shelf import BOTH, TAKEN, reference_mapping

from audits.cases import Story, faced, reference_audits
from crmsync.core.auditing import AuditResult
from crmsync.core.mapping import WorkspaceMapping
from crmsync.warehouse.audit_run import run_audits

HOSTILE = (
    "'; DROP TABLE contact; --", '=HYPERLINK("https://x.example")', "<script>alert(1)</script>", "\u202egnp.exe",
    "a" * 70_000, "${HOME} {0} %s $days", "\U0001f600" * 50, "\n\r\t\x01", "9" * 400, "-1e999", "0000-00-00",
    "2026-13-45", "NaN", ";;;", "\\", '"', "[1,2", "é" + "\u0301" * 500, "null", "@@@@", "+",
)  # fmt: skip


def rows_of(mapping: WorkspaceMapping) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """For every object one record a hostile value, which stands in all of its fields, and one with another in each."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {system: {} for system in BOTH}
    for system in BOTH:
        for entity, seat in mapping.seats_of(system):
            names = [n for n in entity.natives_of(seat) if not n.startswith("associations.")]
            rows = [
                {"_id": f"h{at}", **dict.fromkeys(names, value)} for at, value in enumerate(HOSTILE)
            ]
            rows += [
                {
                    "_id": f"m{shift}",
                    **{n: HOSTILE[(at + shift) % len(HOSTILE)] for at, n in enumerate(names)},
                }
                for shift in range(3)
            ]
            rows += [{"_id": value[:200], names[0]: "x"} for value in HOSTILE[:4]]
            found[system][seat.object] = rows
    return found


def asked(rows: Any, folder: Path) -> list[AuditResult]:
    nobody: dict[str, Any] = {"contact": {"nobody": {"hubspot": {}}}}
    story = Story("", "pass", "", BOTH, rows, (), {"settled": nobody})
    with faced(story, folder) as have:
        return run_audits(folder / "face.duckdb", [*reference_audits().values()], have, TAKEN)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[AuditResult]:
    return asked(rows_of(reference_mapping()), tmp_path_factory.mktemp("hostile"))


def test_no_audit_breaks_on_hostile_values_in_every_cell(told: list[AuditResult]) -> None:
    assert [str(each.failed) for each in told if each.failed] == []
    assert sum(each.count for each in told) > 100, "they are looked at"


def test_a_value_stays_a_value(told: list[AuditResult]) -> None:
    found = [each for result in told for each in result.findings]
    assert {each.system for each in found} <= {*BOTH, None}
    assert any("DROP TABLE" in (each.detail or each.id or "") for each in found)


def test_a_calendar_without_a_time_zone(tmp_path: Path) -> None:
    hours = [
        {"id": "01m1", "name": "Horario", "timezone": zone, "active": "true", "is_default": "true",
         "weekday": "1", "starts": "09:00", "ends": "18:00"}
        for zone in (None, "Nowhere/Town")
    ]  # fmt: skip
    rows = {
        "salesforce": {
            "_calendars.BusinessHours": hours,
            "Lead": [{"_id": "00QA", "LastName": "Gil"}],
        },
        "hubspot": {},
    }
    results = asked(rows, tmp_path)
    assert [str(each.failed) for each in results if each.failed] == []
    assert sum(each.not_checked is None for each in results) > 80


def test_a_defect_of_the_database_is_gone_round(tmp_path: Path) -> None:
    rows = {"salesforce": {"Contact": [{"_id": "003A", "LastName": "Gil"}]}, "hubspot": {}}
    one = reference_audits()["C01"]
    query = "SELECT system, object, id FROM contact WHERE coalesce(split_part(phone, ' ', 1) <> '', true)"
    story = Story("", "pass", "", BOTH, rows, ())
    with faced(story, tmp_path) as have:
        asked_once, again = run_audits(
            tmp_path / "face.duckdb", [replace(one, query=query), one], have, TAKEN
        )
    assert (asked_once.failed, len(asked_once.findings)) == (None, 1)
    assert again.failed is None
