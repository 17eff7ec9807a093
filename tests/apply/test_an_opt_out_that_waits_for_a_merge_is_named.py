"""Two people whom somebody merged in HubSpot alone: an opt-out on either side is named until Salesforce merges, too."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, met
from crmsync.commands.audit import audit
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS

pytestmark = pytest.mark.slow


@pytest.fixture
def apart(pair: Pair) -> tuple[str, str, str]:
    """Two people of Salesforce, and the one whom people made of them in HubSpot."""
    ana, eva = met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    survivor = merge(pair.servers.hubspot.portal, OBJECTS["contacts"], ana[1], eva[1])
    return ana[0], eva[0], survivor


def named(pair: Pair) -> set[str]:
    pair.pull()
    [found] = audit(pair.workspace, select=["G07"]).results
    assert found.not_checked is None
    return {one.id for one in found.findings}


def test_who_opts_out_as_the_survivor_leaves_two_who_can_be_mailed(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, eva, _ = apart
    consent.opt_out_of_all(pair.servers.hubspot.portal, "ana@people.example")
    assert named(pair) == {ana, eva}


def test_who_opts_out_in_salesforce_leaves_a_survivor_who_can_be_mailed(
    pair: Pair, apart: tuple[str, str, str]
) -> None:
    ana, _, survivor = apart
    pair.salesforce("Contact", ana, HasOptedOutOfEmail=True)
    assert named(pair) == {survivor}
