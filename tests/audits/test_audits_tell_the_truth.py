"""Over generated CRMs, read as any others, the audits find everything that was planted and nothing else."""

from __future__ import annotations

import pytest
from cli.places import make_workspace, served

from crmsync.commands.audit import audit
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.reports.facts import ReportFacts
from crmsync.sandbox.seed import Seed, generate

PLACES = [(400, 7), (400, 2026), (1500, 7), (1500, 2026)]


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: "{}-{}".format(*place))
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Seed, ReportFacts]:
    """The seed of two CRMs, and what the audits say after a pull."""
    contacts, number = request.param
    seed = generate(
        contacts=contacts, companies=contacts * 3 // 10, deals=contacts // 5, seed=number
    )
    with served(seed) as both:
        folder = make_workspace(tmp_path_factory.mktemp("told") / "workspace", both.access)
        workspace = open_workspace(folder)
        assert pull(workspace).complete
        return seed, audit(workspace)


def test_findings_are_exactly_what_was_planted(told: tuple[Seed, ReportFacts]) -> None:
    seed, facts = told
    planted = sorted((each.audit, each.system, each.object, each.id) for each in seed.truth)
    found = sorted(
        (each.audit, each.system, each.object, each.id)
        for result in facts.results
        for each in result.findings
    )
    assert found == planted


def test_every_audit_was_asked_and_has_something_to_find(told: tuple[Seed, ReportFacts]) -> None:
    seed, facts = told
    assert not [result.audit.id for result in facts.results if result.not_checked]
    assert {each.audit for each in seed.truth} == {each.audit.id for each in facts.results}


def test_every_finding_has_a_key_and_fits_what_was_looked_at(
    told: tuple[Seed, ReportFacts],
) -> None:
    _, facts = told
    for result in facts.results:
        assert all(each.key for each in result.findings), result.audit.id
        assert result.eligible is not None
        assert len(result.findings) <= result.eligible
