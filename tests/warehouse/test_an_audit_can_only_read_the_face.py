"""An audit file is written by anybody: it reads the face, and nothing else on this computer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmsync.core.auditing import Audit, AuditResult
from crmsync.core.mapping import WorkspaceMapping
from crmsync.errors import Problem
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import FAILED, Bounds, run_audits
from warehouse.shelf import TAKEN, columns_over, reference_mapping, stored

WORDS: dict[str, str] = {"en": "x", "es": "y"}
PLAIN = Audit(
    id="T01", name="T01_test", severity="error", entity="contact", category="test",
    summary=WORDS, why=WORDS, remedy=WORDS,  # type: ignore[arg-type]  # en and es
    query="SELECT system, object, id FROM contact",
)  # fmt: skip
ROWS = {
    "salesforce": {
        "Contact": [
            {
                "_id": "003A",
                "LastName": "Gil",
                "Email": "ana@acme.example",
                "_created_at": "2026-11-01T00:00:00.000Z",
            },
            {
                "_id": "003B",
                "LastName": "Sol",
                "Email": "sol@acme.example",
                "_created_at": "2020-01-01T00:00:00.000Z",
            },
        ]
    },
    "hubspot": {"contacts": [{"_id": "1", "email": "ana@acme.example"}]},
}

SECRET = "the-secret-of-this-file"
HOSTILE = {
    "attach": "ATTACH '{secret}.db' AS other",
    "copy out": "COPY contact TO '{folder}/out.csv'",
    "copy of a query": "COPY (SELECT 1) TO '{folder}/out.csv'",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "pragma": "PRAGMA database_list",
    "set": "SET enable_external_access = true",
    "reset": "RESET enable_external_access",
    "unlock": "SET lock_configuration = false",
    "delete": "DELETE FROM contact",
    "update": "UPDATE contact SET id = 'x'",
    "insert": "INSERT INTO contact (id) VALUES ('x')",
    "create": "CREATE TABLE evil AS SELECT 1",
    "create a view": "CREATE TEMP VIEW evil AS SELECT 1",
    "create a macro": "CREATE TEMP MACRO evil() AS 1",
    "drop": "DROP TABLE contact",
    "alter": "ALTER TABLE contact ADD COLUMN evil INTEGER",
    "export": "EXPORT DATABASE '{folder}/out'",
    "call": "CALL pragma_version()",
    "checkpoint": "CHECKPOINT",
    "explain": "EXPLAIN ANALYZE SELECT 1",
    "two statements": "SELECT system, object, id FROM contact; SELECT 1",
    "a second one hidden": "SELECT system, object, id FROM contact; DROP TABLE contact",
    "a file as csv": "SELECT line AS id FROM read_csv('{secret}', columns={{'line': 'VARCHAR'}})",
    "a file as text": "SELECT content AS id FROM read_text('{secret}')",
    "a file as blob": "SELECT content::VARCHAR AS id FROM read_blob('{secret}')",
    "a file as parquet": "SELECT * FROM read_parquet('{secret}')",
    "a file as json": "SELECT * FROM read_json('{secret}')",
    "a file by its name": "SELECT * FROM '{secret}'",
    "a system file": "SELECT * FROM read_csv('/etc/passwd')",
    "a listing": "SELECT file AS id FROM glob('{folder}/*')",
    "an environment variable": "SELECT getenv('HOME') AS id",
    "the network": "SELECT * FROM 'https://acme.example/x.parquet'",
    "another database": "SELECT * FROM sqlite_scan('{secret}', 't')",
    "nothing": "-- only a remark",
    "no table of ours": "SELECT * FROM nowhere",
    "an unknown column": "SELECT system, object, id, nobody FROM contact",
    "broken": "SELECT FROM WHERE",
    "a row without an address": "SELECT 'error' AS detail",
}  # fmt: skip


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    folder = tmp_path_factory.mktemp("face")
    mapping = reference_mapping()
    with columns_over(stored(folder, ROWS, mapping), mapping) as columns:
        have = build_face(columns, folder / "face.duckdb")
    return folder / "face.duckdb", have


def run(face: tuple[Path, set[str]], audit: Audit, as_of: datetime = TAKEN) -> AuditResult:
    file, have = face
    return run_audits(file, [audit], have, as_of)[0]


def refusal(face: tuple[Path, set[str]], query: str, eligible: str = "") -> Problem:
    result = run(face, replace(PLAIN, query=query, eligible=eligible))
    assert (result.findings, result.not_checked) == ((), FAILED)
    assert result.failed is not None
    return result.failed


@pytest.mark.parametrize("name", HOSTILE)
def test_an_audit_that_is_no_question_about_the_face_is_refused(
    face: tuple[Path, set[str]], name: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    before = face[0].read_bytes()
    problem = refusal(face, HOSTILE[name].format(secret=secret, folder=tmp_path))
    assert (problem.file, problem.code) == ("audits/T01_test.sql", "CRM060")
    assert problem.message
    assert problem.remedy.endswith("; docs/audits.md has the tables")
    assert SECRET not in str(problem)
    assert face[0].read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


@pytest.mark.parametrize(
    "query", ["DELETE FROM contact", "SELECT 1; SELECT 2", "SELECT count(*) FROM '/etc/passwd'"]
)
def test_the_count_of_what_was_looked_at_is_no_back_door(
    face: tuple[Path, set[str]], query: str
) -> None:
    assert refusal(face, PLAIN.query, eligible=query).code == "CRM060"


def test_audits_that_cannot_be_run_are_named_and_the_others_run(
    face: tuple[Path, set[str]],
) -> None:
    wrong = [
        replace(PLAIN, id=f"T0{n}", name=f"T0{n}_x", query="DROP TABLE contact") for n in (1, 2)
    ]
    one, two, plain = run_audits(face[0], [*wrong, PLAIN], face[1], TAKEN)
    assert [r.failed.file for r in (one, two) if r.failed] == [
        "audits/T01_x.sql",
        "audits/T02_x.sql",
    ]
    assert len(plain.findings) == 3


FOR_EVER = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r WHERE n < 0"


def test_an_audit_that_runs_for_ever_is_broken_off_and_the_next_one_runs(
    face: tuple[Path, set[str]],
) -> None:
    endless = replace(PLAIN, query=FOR_EVER)
    counted = replace(PLAIN, eligible=FOR_EVER)
    results = run_audits(face[0], [endless, counted, PLAIN], face[1], TAKEN, Bounds(seconds=0.3))
    for result in results[:2]:
        assert result.failed is not None
        assert result.failed.message == "the audit took longer than 0.3 seconds"
    assert len(results[2].findings) == 3


def test_of_ten_million_rows_some_are_kept_and_all_are_counted(face: tuple[Path, set[str]]) -> None:
    many = replace(PLAIN, query="SELECT range AS id FROM range(10_000_000)")
    (result,) = run_audits(face[0], [many], face[1], TAKEN, Bounds(most=1_000))
    assert (len(result.findings), result.count) == (1_000, 10_000_000)


def test_a_column_that_is_not_there_is_told_with_the_nearest(face: tuple[Path, set[str]]) -> None:
    said = refusal(face, "SELECT system, object, id FROM contact WHERE emial IS NULL")
    assert "emial" in said.message
    assert said.remedy.startswith("use email;")


def test_a_plain_question_is_answered_in_order_of_address(face: tuple[Path, set[str]]) -> None:
    found = run(face, PLAIN).findings
    assert [(each.system, each.id) for each in found] == [
        ("hubspot", "1"),
        ("salesforce", "003A"),
        ("salesforce", "003B"),
    ]


def test_as_of_is_the_instant_of_the_audit_and_not_of_the_clock(
    face: tuple[Path, set[str]],
) -> None:
    query = "SELECT system, object, id FROM contact WHERE created_at > $as_of - INTERVAL 30 DAY"
    assert [each.id for each in run(face, replace(PLAIN, query=query)).findings] == ["003A"]
    later = datetime(2030, 1, 1, tzinfo=UTC)
    assert run(face, replace(PLAIN, query=query), later).findings == ()


@pytest.mark.parametrize(
    ("needs", "lacking"),
    [
        (["contact.email", "system:salesforce"], None),
        (["contact.shoe_size"], "contact.shoe_size"),
        (
            ["salesforce:contact.lifecycle_stage", "contact.email"],
            "salesforce:contact.lifecycle_stage",
        ),
        (["system:sap", "activity.mood"], "activity.mood, system:sap"),
        (["association:hubspot.deals.contacts"], None),
    ],
)
def test_what_is_not_there_is_not_checked_and_named(
    face: tuple[Path, set[str]], needs: list[str], lacking: str | None
) -> None:
    result = run(face, replace(PLAIN, needs=needs))
    assert result.not_checked == lacking
    assert bool(result.findings) is (lacking is None)


@pytest.mark.parametrize("table", ["contact", "company", "deal", "contact_pair", "association", "owner", "stage",
                                   "link", "field", "event", "activity"])  # fmt: skip
def test_the_face_has_all_its_tables(face: tuple[Path, set[str]], table: str) -> None:
    query = f"SELECT 'x' AS system, 'x' AS object, 'x' AS id FROM {table} WHERE false"
    assert run(face, replace(PLAIN, query=query)).findings == ()


def test_the_inventory_says_how_full_every_field_is(face: tuple[Path, set[str]]) -> None:
    query = (
        "SELECT system, object, native AS id, filled || ' of ' || total AS detail FROM field "
        "WHERE entity = 'contact' AND field IN ('email', 'phone') AND total > 0"
    )
    found = [
        (each.system, each.id, each.detail)
        for each in run(face, replace(PLAIN, query=query)).findings
    ]
    assert found == [
        ("hubspot", "email", "1 of 1"),
        ("hubspot", "phone", "0 of 1"),
        ("salesforce", "Email", "2 of 2"),
        ("salesforce", "Phone", "0 of 2"),
    ]


def test_a_pair_is_a_customer_with_one_record_in_each_system(face: tuple[Path, set[str]]) -> None:
    query = "SELECT key, hubspot_id || '+' || salesforce_id AS detail FROM contact_pair"
    assert [each.detail for each in run(face, replace(PLAIN, query=query)).findings] == ["1+003A"]


@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_a_workspace_with_one_system_has_a_face(system: str, tmp_path: Path) -> None:
    mapping: WorkspaceMapping = reference_mapping((system,))
    with columns_over(stored(tmp_path, ROWS, mapping, (system,)), mapping) as columns:
        have = build_face(columns, tmp_path / "face.duckdb")
    (result,) = run_audits(tmp_path / "face.duckdb", [PLAIN], have, TAKEN)
    assert {each.system for each in result.findings} == {system}
    assert f"system:{system}" in have
    assert f"{system}:contact.email" in have
    pairs = replace(PLAIN, query="SELECT key FROM contact_pair")
    assert run_audits(tmp_path / "face.duckdb", [pairs], have, TAKEN)[0].findings == ()


@pytest.mark.parametrize(
    ("broken", "lacking"),
    [
        ("contacts", {"contact.email", "salesforce:contact.email"}),
        (
            "_associations.deals.contacts",
            {"deal.is_won", "contact.email", "association:hubspot.deals.contacts"},
        ),
    ],
)
def test_nothing_is_inferred_from_a_read_that_broke_off(
    broken: str, lacking: set[str], tmp_path: Path
) -> None:
    mapping = reference_mapping()
    snapshots = stored(tmp_path, ROWS, mapping)
    whole = snapshots["hubspot", broken]
    snapshots["hubspot", broken] = replace(whole, manifest=replace(whole.manifest, complete=False))
    with columns_over(snapshots, mapping) as columns:
        have = build_face(columns, tmp_path / "face.duckdb")
    assert not have & lacking
    assert {"company.domain", "system:hubspot", "association:hubspot.deals.companies"} <= have
    (result,) = run_audits(
        tmp_path / "face.duckdb", [replace(PLAIN, needs=["contact.email"])], have, TAKEN
    )
    assert (result.findings, result.not_checked) == ((), "contact.email")


def test_a_tie_that_was_not_read_to_its_end_is_absent_and_not_blank(tmp_path: Path) -> None:
    mapping = reference_mapping()
    snapshots = stored(tmp_path, ROWS, mapping)
    deal = mapping.entity("deal")
    (seat,) = deal.seats_of("hubspot")
    for complete in (True, False):
        whole = snapshots["hubspot", "_associations.deals.companies"]
        changed = replace(whole, manifest=replace(whole.manifest, complete=complete))
        snapshots["hubspot", "_associations.deals.companies"] = changed
        with columns_over(snapshots, mapping) as columns:
            assert ("company" in {each.field for each in columns.visible(deal, seat)}) is complete


def test_a_face_is_for_its_owner_only(face: tuple[Path, set[str]]) -> None:
    assert face[0].stat().st_mode & 0o077 == 0
