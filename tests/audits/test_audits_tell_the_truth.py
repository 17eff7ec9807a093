"""Over generated CRMs, read as any others, the audits find everything that was planted and nothing else."""

from __future__ import annotations

import pytest
from cli.places import make_workspace, served

from crmsync.commands.audit import audit
from crmsync.commands.pull import pull
from crmsync.commands.workspace import open_workspace
from crmsync.reports.facts import ReportFacts
from crmsync.sandbox.blemished import blemished
from crmsync.sandbox.clock import real_now
from crmsync.sandbox.seed import Seed, generate
from crmsync.sandbox.seeding.blemishes import between, consents, owners

SPREAD = {*between.BLEMISHES, *consents.BLEMISHES, *owners.BLEMISHES}
"""Of these a seed has some that nobody counted, as two systems have: blemishes put them to the proof."""
BY_STORIES = {"G05", "G07", "F09"}
"""A seed has no yesterday, so nobody is gone whom we had linked; unknown options have a world apart."""
PLACES = [(400, 7), (400, 2026), (1500, 7), (1500, 2026)]


@pytest.fixture(scope="module", params=PLACES, ids=lambda place: "{}-{}".format(*place))
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Seed, ReportFacts]:
    """The seed of two CRMs, and what the audits say after a pull."""
    contacts, number = request.param
    sizes = {"contacts": contacts, "companies": contacts * 3 // 10, "deals": contacts // 5}
    # Read today: open deals of an older seed would be overdue.
    seed = blemished(generate(**sizes, seed=number, as_of=real_now().date()))
    with served(seed) as both:
        folder = make_workspace(tmp_path_factory.mktemp("told") / "workspace", both.access)
        workspace = open_workspace(folder)
        assert pull(workspace).complete
        return seed, audit(workspace)


def test_findings_are_exactly_what_was_planted(told: tuple[Seed, ReportFacts]) -> None:
    seed, facts = told
    asked = {result.audit.id for result in facts.results} - SPREAD
    planted = sorted(
        (each.audit, each.system, each.object, each.id)
        for each in seed.truth
        if each.audit in asked
    )
    found = sorted(
        (each.audit, each.system, each.object, each.id)
        for result in facts.results
        for each in result.findings
        if result.audit.id in asked
    )
    assert found == planted


def test_every_audit_was_asked_and_has_something_to_find(told: tuple[Seed, ReportFacts]) -> None:
    seed, facts = told
    assert not [result.audit.id for result in facts.results if result.not_checked]
    found = {each.audit for each in seed.truth}
    assert found >= {each.audit.id for each in facts.results} - BY_STORIES


def test_every_finding_has_a_key_and_fits_what_was_looked_at(
    told: tuple[Seed, ReportFacts],
) -> None:
    _, facts = told
    for result in facts.results:
        # A lead that was converted into a contact who is gone is nobody's.
        is_whose = result.audit.id != "L08"
        assert all(each.key for each in result.findings if is_whose), result.audit.id
        assert result.eligible is not None
        assert len(result.findings) <= result.eligible
