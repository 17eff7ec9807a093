"""Two thousand people and three hundred companies of a dozen countries: who reads words accuses none of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse.shelf import TAKEN, columns_over, reference_mapping, stored

from audits.cases import reference_audits
from audits.innocents import PEOPLE, address, hubspot, names, person, salesforce
from crmsync.core.auditing import AuditResult
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import run_audits

READING_WORDS = (
    *("C02", "C03", "C04", "C05", "C08", "C09", "C10", "C11", "C12", "C13", "C14", "C16", "C20", "C21"),
    *("L09", "M01", "M02", "M04", "M06", "M07", "M08", "X02", "X03", "X04"),
)  # fmt: skip


LACKING = {"C15", "G01", "L04", "O01"}
"""What they really lack: a company here and there, a lawful basis, a stage and an owner."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, AuditResult]:
    """What every audit says of the innocent."""
    folder: Path = tmp_path_factory.mktemp("innocents")
    mapping = reference_mapping()
    rows = {"salesforce": salesforce(), "hubspot": hubspot()}
    with columns_over(stored(folder, rows, mapping), mapping) as columns:
        have = build_face(columns, folder / "face.duckdb")
    asked = [*reference_audits().values()]
    found = run_audits(folder / "face.duckdb", asked, have, TAKEN)
    return {each.audit.id: each for each in found}


@pytest.mark.parametrize("audit", READING_WORDS)
def test_nobody_is_accused_for_a_name(audit: str, results: dict[str, AuditResult]) -> None:
    result = results[audit]
    accused = [f"{each.field}: {each.detail}" for each in result.findings]
    assert (accused, result.not_checked) == ([], None)


def test_no_other_audit_accuses_them_of_more_than_they_lack(
    results: dict[str, AuditResult],
) -> None:
    assert {id_ for id_, each in results.items() if each.findings} == LACKING
    for never_integrated in ("X01", "X06", "X12", "X14", "X15"):
        assert results[never_integrated].not_checked is None


def test_the_innocent_were_looked_at(results: dict[str, AuditResult]) -> None:
    for audit in ("C10", "C11", "C12"):
        assert (results[audit].eligible or 0) >= PEOPLE * 3 // 2
    assert (results["M06"].eligible or 0) >= 600


def test_they_are_as_many_and_as_different_as_they_should_be() -> None:
    people = [person(number) for number in range(PEOPLE)]
    assert len(set(people)) > PEOPLE * 0.95
    assert len(names("companies")) >= 300
    whole = {" ".join(each) for each in people}
    for trap in (
        "María del Carmen",
        "de la Cruz",
        "O'Brien",
        "Nguyễn",
        "van der Berg",
        "Mª",
        "王",
        "محمد",
    ):
        assert any(trap in each for each in whole), trap
    assert len({address(number) for number in range(PEOPLE)}) == PEOPLE
