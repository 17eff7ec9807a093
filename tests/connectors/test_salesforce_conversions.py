"""What a converted lead tells beside its mapped fields: on which day, and with which opportunity."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.fact_org import FactOrg, fact_org
from crmsync.connectors.facts import CompanionConnector
from crmsync.connectors.salesforce.companions import companions_named
from crmsync.core.companions import CONVERTED_DEAL, CONVERTED_ON
from crmsync.sandbox.salesforce.becoming import convert_lead

TOLD = {CONVERTED_ON: "ConvertedDate", CONVERTED_DEAL: "ConvertedOpportunityId"}


@pytest.fixture
def org() -> Iterator[FactOrg]:
    with fact_org() as org:
        yield org


def test_the_day_and_the_deal_of_a_conversion_come_with_the_lead(org: FactOrg) -> None:
    lead = org.world.put("Lead", {"LastName": "Gil", "Company": "Uno"})
    became = convert_lead(org.world, {"lead": lead, "opportunity": "Alta de Uno"})
    connector = org.opens()
    assert isinstance(connector, CompanionConnector)
    told = connector.companions("Lead")
    assert told == TOLD
    [row] = [
        each
        for batch in connector.read("Lead", list(told.values()))
        for each in batch.to_pylist()
        if each["_id"] == lead
    ]
    assert row["ConvertedDate"] == org.world.now().date().isoformat()
    assert row["ConvertedOpportunityId"] == became["opportunity"] is not None


def test_only_leads_tell_it_and_only_fields_that_this_user_sees(org: FactOrg) -> None:
    connector = org.opens()
    assert not {CONVERTED_ON, CONVERTED_DEAL} & set(connector.companions("Contact"))
    assert companions_named("Lead", {"ConvertedDate"}) == {CONVERTED_ON: "ConvertedDate"}
