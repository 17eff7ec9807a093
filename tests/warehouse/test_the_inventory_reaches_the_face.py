"""The inventory of fields: what a system says of each, mapped or not, and what its values are like."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from crmsync.core.records import Native, Schema
from crmsync.core.surroundings import AUTOMATION_COLUMNS
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.inventory import INVENTORY_COLUMNS
from warehouse.shelf import columns_over, keep, reference_mapping, stored

PLACE = ("salesforce", "Contact")
FIELDS = {
    "LastName": Native("LastName", "string", length=80, label="Last Name", required=True),
    "Title": Native("Title", "string", length=128, label="Title"),
    "LeadSource": Native("LeadSource", "picklist", options=frozenset(("Web", "Fair")), usual="Web"),
    "Score__c": Native("Score__c", "number", writable=False, label="Score", custom=True),
    "Key__c": Native("Key__c", "string", custom=True),
}
ROWS = {
    "salesforce": {
        "Contact": [
            {"_id": "003A", "LastName": "Gil", "Title": "Jefa", "LeadSource": "Web"},
            {"_id": "003B", "LastName": "Sanz", "Title": "Jefa", "LeadSource": "Fair"},
            {"_id": "003C", "LastName": "Roca", "LeadSource": "Web"},
        ]
    }
}
Face = tuple[set[str], Mapping[str, dict[str, Any]]]


def face(folder: Path, **sides: list[dict[str, str]]) -> Face:
    """What there is, and the properties of contacts by name; `sides` are side tables of Salesforce."""
    mapping = reference_mapping()
    snapshots = stored(folder, ROWS, mapping)
    told = {"_inventory": INVENTORY_COLUMNS, "_automations": AUTOMATION_COLUMNS}
    for name, rows in sides.items():
        place = ("salesforce", name)
        snapshots[place] = keep(folder, place, told[name], rows)
    with columns_over(snapshots, mapping, schemas={PLACE: Schema(*PLACE, FIELDS)}) as columns:
        columns.key_fields = {PLACE: "Key__c"}
        have = build_face(columns, folder / "face.duckdb")
    with duckdb.connect(str(folder / "face.duckdb"), read_only=True) as db:
        rows = db.sql("SELECT * FROM property").to_arrow_table().to_pylist()
    return have, {row["native"]: row for row in rows}


def test_a_field_is_there_mapped_or_not(tmp_path: Path) -> None:
    have, told = face(tmp_path)
    assert "property" in have
    assert "inventory" not in have
    assert set(told) == {"LastName", "LeadSource", "Score__c", "Title"}, "our key is nobody's field"
    score = told["Score__c"]
    assert (score["field"], score["custom"], score["read_only"]) == (None, True, True)
    assert (score["filled"], score["total"]) == (None, None), "nobody counted it"
    name = told["LastName"]
    assert (name["field"], name["label"], name["length"], name["required"]) == (
        *("last_name", "Last Name", 80, True),
    )


def test_what_its_values_are_like_is_counted(tmp_path: Path) -> None:
    _, told = face(tmp_path)
    title, source = told["Title"], told["LeadSource"]
    assert [
        title[name] for name in ("filled", "total", "distinct", "top", "top_count", "longest")
    ] == [
        *(2, 3, 1, "Jefa", 2, 4),
    ]
    assert (source["options"], source["usual"], source["top"]) == (["Fair", "Web"], "Web", "Web")
    assert title["same"] != source["same"]


def test_what_a_pull_counted_fills_the_gaps_and_nothing_else(tmp_path: Path) -> None:
    counted = [
        {"object": "Contact", "native": "Score__c", "filled": "7", "total": "900"},
        {"object": "Contact", "native": "Title", "filled": "800", "total": "900"},
    ]
    have, told = face(tmp_path, _inventory=counted)
    assert {"inventory", "salesforce:inventory"} <= have
    assert (told["Score__c"]["filled"], told["Score__c"]["total"]) == (7, 900)
    assert (told["Title"]["filled"], told["Title"]["total"]) == (2, 3), (
        "what was read is known better"
    )


def test_automations_are_there_and_what_could_not_be_listed_is_none(tmp_path: Path) -> None:
    rows = [
        {"id": "301A", "kind": "flow", "name": "Poner cargo", "object": "Contact",
         "events": "create;update", "state": "active", "writes": "Contact.Title", "read": "true"},
        {"kind": "workflow", "state": "not_checked"},
    ]  # fmt: skip
    have, _ = face(tmp_path, _automations=rows)
    assert "automation" in have
    with duckdb.connect(str(tmp_path / "face.duckdb"), read_only=True) as db:
        told = db.execute("SELECT id, events, active, writes FROM automation").fetchall()
    assert told == [("301A", ["create", "update"], True, ["Contact.Title"])]


@pytest.mark.parametrize("need", ["property", "inventory", "automation"])
def test_where_nobody_told_anything_it_is_not_there(need: str, tmp_path: Path) -> None:
    mapping = reference_mapping()
    with columns_over(stored(tmp_path, ROWS, mapping), mapping) as columns:
        assert need not in build_face(columns, tmp_path / "face.duckdb")
