"""Ties are read after values: a deal that goes in between takes neither its account nor its roles with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apply.pairs import Pair, Servers, amend, met, put_back
from crmsync.commands.plan import changes_of, make_plan
from crmsync.sandbox.hubspot import records
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.testing.proxy import Reply, Seen, proxied

Goes = Callable[[Any, list[tuple[str, str]], list[str]], Any]
GOES: dict[str, Goes] = {
    "archived": lambda portal, deals, _people: records.archive(portal, "deals", deals[0][1]),
    "merged": lambda portal, deals, _people: merge(
        portal, OBJECTS["deals"], deals[0][1], deals[2][1]
    ),
    "their contact merged": lambda portal, _deals, people: merge(
        portal, OBJECTS["contacts"], people[2], people[0]
    ),
    "their contact archived": lambda portal, _deals, people: records.archive(
        portal, "contacts", people[0]
    ),
}


def with_deals(pair: Pair) -> tuple[list[tuple[str, str]], list[str]]:
    """Three deals in both systems, each with a company and a contact of its own; ids of both, and of the contacts."""
    made, people = [], []
    for at in range(3):
        account = pair.salesforce("Account", Name=f"Firm{at}", Website=f"firm{at}.example")
        company = pair.hubspot("companies", name=f"Firm{at}", domain=f"firm{at}.example")
        contact, person = met(pair, f"N{at}")
        day = {"Amount": 100 + at, "CloseDate": "2026-12-01", "StageName": "Prospecting"}
        won = pair.salesforce("Opportunity", Name=f"Deal{at}", AccountId=account, **day)
        pair.salesforce("OpportunityContactRole", OpportunityId=won, ContactId=contact)
        values = {"dealname": f"Deal{at}", "amount": str(100 + at), "closedate": "2026-12-01"}
        stage = {"dealstage": "appointmentscheduled", "pipeline": "default"}
        deal = pair.hubspot("deals", **values, **stage)
        pair.servers.hubspot.associate("deals", deal, "companies", company, [341, 5])
        pair.servers.hubspot.associate("deals", deal, "contacts", person, [3])
        made.append((won, deal))
        people.append(person)
    return made, people


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("how", GOES)
def test_who_goes_between_values_and_ties_loses_no_tie_in_the_other_system(
    servers: Servers, nothing: dict[str, Any], tmp_path: Path, how: str, keeps: bool
) -> None:
    put_back(servers, nothing)
    servers.hubspot.switches.merge_keeps_primary = keeps
    with proxied(servers.urls["hubspot"]) as proxy:
        pair = Pair(servers, tmp_path / "w", urls={**servers.urls, "hubspot": proxy.url})
        union = "associations.contacts.all}\n    on_conflict: union"
        roles_ = "    names: {salesforce: associations.Contact.all"
        amend(
            pair.folder,
            "deal",
            (union, union + "\n    blank: propagate"),
            ("    direction: {to: hubspot}\n" + roles_, roles_),
        )
        pair.reopen()
        deals, people = with_deals(pair)
        for _ in range(3):
            pair.night()
        roles = list(servers.salesforce.tables.rows("OpportunityContactRole"))
        went: list[Any] = []

        def goes(seen: Seen, forward: Any) -> Reply:
            if not went and "/deals/companies/batch/read" in seen.path:
                went.append(GOES[how](servers.hubspot.portal, deals, people))
            return forward()  # type: ignore[no-any-return]  # the proxy's own answer

        proxy.always = goes
        pulled = pair.pull()
        proxy.always = None
        plan = make_plan(pair.workspace, to=pair.plan_file)
        pair.apply(None)
    assert went
    told = [each.manifest.problem for each in pulled.snapshots if each.manifest.problem]
    assert told
    assert all("were merged or deleted while their ties were read" in each for each in told)
    fields = {cell.field for each in changes_of(plan) for cell in each.cells}
    assert not fields & {"contacts", "company"}
    assert list(servers.salesforce.tables.rows("OpportunityContactRole")) == roles
