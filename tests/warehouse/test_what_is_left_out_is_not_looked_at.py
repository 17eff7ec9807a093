"""Records that a workspace leaves out of an audit are not among those it looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from crmsync.core.auditing import Audit
from crmsync.warehouse.audit_run import run_audits

TEXT = {"en": "x", "es": "x"}
NOW = datetime(2026, 11, 20, tzinfo=UTC)
FACE = """
CREATE TABLE deal AS
  SELECT 'hubspot' AS system, 'deals' AS object, i::VARCHAR AS id, 'k' || i AS key, i < 4 AS is_open FROM range(8) t(i);
CREATE TABLE deal_pair AS
  SELECT key, 'deals' AS hubspot_object, id AS hubspot_id, 'Opportunity' AS salesforce_object, id AS salesforce_id
  FROM deal;
CREATE TABLE standing AS SELECT 'deal' AS entity, key FROM deal;
CREATE TABLE activity AS SELECT 'hubspot' AS system, 'calls' AS object, i::VARCHAR AS id FROM range(3) t(i);
CREATE TABLE property AS SELECT 'hubspot' AS system, 'deals' AS object, 'name' AS native FROM range(5);
CREATE TABLE duplicate_search AS SELECT 'hubspot' AS system, 16 AS records
"""


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("face") / "face.duckdb"
    with duckdb.connect(str(file)) as db:
        db.execute(FACE)
    return file


def looked_at(file: Path, eligible: str, *ids: int, entity: str = "deal") -> int | None:
    """What an audit looked at that leaves out these deals of HubSpot; of each even one, nothing else is there."""
    none = "SELECT * FROM deal LIMIT 0"
    audit = Audit("A", "a", "error", entity, "x", TEXT, TEXT, TEXT, none, eligible=eligible)
    rows = {"system": "hubspot", "object": "deals"}
    table = pa.table(
        {
            **{name: [text] * len(ids) for name, text in rows.items()},
            "id": [str(each) for each in ids],
            "key": [f"k{each}" for each in ids],
            "whole": [each % 2 == 0 for each in ids],
        }
    )
    results = run_audits(file, [audit, audit], set(), NOW, outside={"A": table})
    assert results[0] == results[1], "the second time nothing is left of the first"
    assert results[0].failed is None
    return results[0].eligible


@pytest.mark.parametrize(
    ("eligible", "left"),
    [
        ("SELECT count(*) FROM deal", 5),
        ("SELECT count(*) FROM deal WHERE is_open", 2),
        ("SELECT count(*) FROM deal_pair", 5),
        ("SELECT count(*) FROM standing", 6),
        ("SELECT coalesce(sum(records), 0)::BIGINT FROM duplicate_search", 10),
    ],
)
def test_what_is_left_out_is_not_counted(face: Path, eligible: str, left: int) -> None:
    assert looked_at(face, eligible, 0, 1, 6) == left


def test_an_audit_of_fields_looks_at_all_of_them_whatever_records_are_left_out(face: Path) -> None:
    assert looked_at(face, "SELECT count(*) FROM property", 0, 1, 6, entity="field") == 5


@pytest.mark.parametrize(
    "eligible", ["SELECT count(*) FROM deal", "SELECT count(*) FROM activity", "SELECT 7"]
)
def test_an_audit_of_which_all_is_left_out_has_no_points(face: Path, eligible: str) -> None:
    assert looked_at(face, eligible, *range(8)) == 0


def test_where_nothing_is_left_out_nothing_changes(face: Path) -> None:
    assert looked_at(face, "SELECT count(*) FROM deal") == 8
