"""Who says what he will read gets a face with that and no more; who says nothing gets all of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crmsync.core.auditing import Audit
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits
from crmsync.warehouse.engine import open_read_only
from crmsync.warehouse.handoffs import asks_handoffs
from crmsync.warehouse.parts import PARTS, parts_of, words_in
from warehouse.shelf import TAKEN, columns_over, reference_mapping, stored

ANA, LEO = "ana@acme.example", "leo@acme.example"
ROWS = {
    "salesforce": {"Contact": [{"_id": "003A", "Email": "ana@acme.example", "LastName": "Gil"}]},
    "hubspot": {"contacts": [{"_id": "1", "email": "info@acme.example"}]},
}


def things(folder: Path, named: frozenset[str] | None) -> set[str]:
    """The names of the tables, views and macros of a face that is built for these words."""
    file = folder / "face.duckdb"
    mapping = reference_mapping()
    with columns_over(stored(folder, ROWS, mapping), mapping) as columns:
        build_face(columns, file, handoffs=named is None, named=named)
    db = open_read_only(file)
    try:
        queries = (
            "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal",
            "SELECT function_name FROM duckdb_functions() WHERE NOT internal",
        )
        return {row[0] for query in queries for row in db.execute(query).fetchall()}
    finally:
        db.close()


def test_every_table_that_can_be_spared_is_one_of_the_face(tmp_path: Path) -> None:
    needs_alone = {"inventory"}
    assert {name for names in PARTS.values() for name in names} - things(
        tmp_path, None
    ) == needs_alone


@pytest.mark.parametrize("part", sorted(PARTS))
def test_who_names_a_table_gets_it_and_what_it_rests_on(part: str, tmp_path: Path) -> None:
    for name in PARTS[part] - {"inventory"}:
        assert part in parts_of(words_in([f"SELECT * FROM {name.upper()}"]))
    found = things(tmp_path, words_in([*PARTS[part]]))
    assert found >= PARTS[part] - {"inventory"}


def test_what_nobody_names_is_not_made(tmp_path: Path) -> None:
    found = things(tmp_path, words_in(["SELECT system FROM contact WHERE is_team_mailbox(email)"]))
    assert "contact" in found
    assert "is_team_mailbox" in found
    assert found.isdisjoint({"is_surname", *(name for names in PARTS.values() for name in names)})


def test_a_macro_comes_with_those_that_it_calls(tmp_path: Path) -> None:
    found = things(tmp_path, words_in(["is_household(name) OR is_given_name(name)"]))
    assert found >= {"is_household", "is_given_name", "name_norm", "unaccented"}


def test_a_table_spared_by_mistake_is_said_to_be_none(tmp_path: Path) -> None:
    """Never an audit that finds nothing because nothing was made."""
    things(tmp_path, frozenset())
    query = "SELECT 'salesforce' AS system, object, id FROM unreadable"
    words = {"en": "x", "es": "y"}
    audit = Audit("W1", "W1_x", "error", "contact", "data", words, words, words, query)
    (result,) = run_audits(tmp_path / "face.duckdb", [audit], set(), TAKEN)
    assert result.failed is not None
    assert "unreadable" in result.failed.message


def test_only_what_linked_records_hold_counts_as_compared(tmp_path: Path) -> None:
    """Ana is in both with a name in one, Leo in one alone: her e-mail is all that is compared."""
    rows = {
        "salesforce": {"Contact": [{"_id": "003A", "Email": ANA, "LastName": "Gil"}]},
        "hubspot": {"contacts": [{"_id": "1", "email": ANA}, {"_id": "2", "email": LEO}]},
    }
    file = tmp_path / "face.duckdb"
    mapping = reference_mapping()
    with columns_over(stored(tmp_path, rows, mapping), mapping) as columns:
        build_face(columns, file, handoffs=False, named=words_in(["FROM compared"]))
    with closing(open_read_only(file)) as db:
        query = "SELECT field, filled, held FROM compared WHERE entity = 'contact' AND held > 0"
        assert sorted(db.execute(query).fetchall()) == [("email", 1, 2), ("last_name", 0, 1)]


@pytest.mark.parametrize(
    ("needs", "query", "asked"),
    [
        (["handoff"], "SELECT 1", True),
        (["activity.outcome"], "SELECT count(*)\nFROM contact c JOIN meaning m USING (id)", True),
        ([], "SELECT count(*) FROM contact, touch", True),
        (["activity"], "-- a call that works\nSELECT touch FROM activity", False),
    ],
)
def test_hand_offs_are_counted_for_who_reads_a_table_of_them(
    needs: list[str], query: str, asked: bool
) -> None:
    assert asks_handoffs(needs, [query]) is asked
