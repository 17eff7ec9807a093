"""Numbers that a workspace sets change what is found: a price gives an amount, days and fields move the line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warehouse.shelf import TAKEN, columns_over, reference_mapping, stored

from audits.cases import reference_audits
from crmsync.core.auditing import AuditResult, Param
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits

_TWIN = {
    "firstname": "Ana",
    "lastname": "Gil",
    "phone": "+34911234567",
    "hs_marketable_status": "true",
}
_OLD = "2024-05-01T08:00:00.000Z"
HUBSPOT: dict[str, list[dict[str, Any]]] = {
    "contacts": [
        {"_id": "1", "email": "a@acme.example", **_TWIN, "_created_at": _OLD},
        {"_id": "2", "email": "b@acme.example", **_TWIN, "_created_at": "2025-05-01T08:00:00.000Z"},
        {"_id": "3", "email": "c@acme.example", "firstname": "Luz"},
    ],
    "companies": [
        {"_id": "7", "name": "Acme", "_created_at": "2026-06-20T08:00:00.000Z"},
        {"_id": "8", "name": "Norte", "numberofemployees": "500", "_created_at": "2026-11-19T08:00:00.000Z"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    folder = tmp_path_factory.mktemp("numbers")
    mapping = reference_mapping()
    with columns_over(stored(folder, {"hubspot": HUBSPOT}, mapping), mapping) as columns:
        have = build_face(columns, folder / "face.duckdb")
    return folder / "face.duckdb", have


def asked(face: tuple[Path, set[str]], audit: str, **params: Param) -> AuditResult:
    """What an audit finds with some of its numbers set otherwise."""
    file, have = face
    header = reference_audits()[audit]
    assert set(params) <= set(header.params)
    return run_audits(file, [replace(header, params={**header.params, **params})], have, TAKEN)[0]


def ids(result: AuditResult) -> list[str | None]:
    return [each.id for each in result.findings]


def test_a_copy_costs_what_the_workspace_pays_for_a_contact(face: tuple[Path, set[str]]) -> None:
    (free,) = asked(face, "C21").findings
    assert (free.id, free.amount) == ("2", None)
    (paid,) = asked(face, "C21", price=0.25).findings
    assert (paid.id, paid.amount) == ("2", 0.25)


def test_what_has_to_be_known_is_what_the_workspace_says(face: tuple[Path, set[str]]) -> None:
    (poor,) = asked(face, "C19").findings
    assert (poor.id, poor.detail) == ("3", "company, country, job_title, last_name, phone")
    assert ids(asked(face, "C19", share=0.1)) == []
    assert ids(asked(face, "C19", fields=["email", "job_title"], share=1.0)) == ["1", "2", "3"]
    assert ids(asked(face, "C19", fields=["email"], share=1.0)) == []


def test_a_company_has_as_long_as_the_workspace_gives_it(face: tuple[Path, set[str]]) -> None:
    assert ids(asked(face, "M05")) == []
    assert ids(asked(face, "M05", days=90)) == ["7"]


def test_how_great_a_company_can_be_is_said_by_the_workspace(face: tuple[Path, set[str]]) -> None:
    assert ids(asked(face, "M09")) == []
    assert ids(asked(face, "M09", employees=499)) == ["8"]
