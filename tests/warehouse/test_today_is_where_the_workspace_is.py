"""What closes today is not late: the day of the audit is that of the workspace's time zone."""

from __future__ import annotations

from pathlib import Path

import pytest
from audits.cases import reference_audits

from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits
from warehouse.shelf import TAKEN, columns_over, reference_mapping, stored

DEALS = [
    {"_id": f"006{day}", "Name": day, "IsClosed": "false", "CloseDate": f"2026-11-{day}"}
    for day in ("18", "19", "20")
]


@pytest.mark.parametrize(
    ("zone", "late"),
    [
        ("Europe/Madrid", ["00618", "00619"]),
        # 2026-11-20T07:30Z is still the evening before
        ("America/Los_Angeles", ["00618"]),
        # and in the night of the day after nowhere: at most 21:30
        ("Pacific/Kiritimati", ["00618", "00619"]),
    ],
)
def test_a_deal_is_overdue_when_its_day_is_over_where_the_workspace_is(
    zone: str, late: list[str], tmp_path: Path
) -> None:
    mapping = reference_mapping(("salesforce",))
    snapshots = stored(tmp_path, {"salesforce": {"Opportunity": DEALS}}, mapping, ("salesforce",))
    with columns_over(snapshots, mapping) as columns:
        have = build_face(columns, tmp_path / "face.duckdb", zone=zone)
    [result] = run_audits(tmp_path / "face.duckdb", [reference_audits()["D03"]], have, TAKEN)
    assert [each.id for each in result.findings] == late
