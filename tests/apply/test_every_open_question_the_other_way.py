"""Every open question about HubSpot answered the other way, all at once: nights end with both systems alike."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from apply.pairs import Pair, met
from crmsync.commands.plan import is_quiet
from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.merging import merge
from crmsync.sandbox.hubspot.objects import OBJECTS
from crmsync.sandbox.hubspot.switches import SWITCHES

# What takes real seconds, or takes something away that a night needs: each has tests of its own.
LEFT_OUT = frozenset({"rate_limited", "versions_end"})


def other_way(choice: int) -> Mapping[str, bool | int | str]:
    """Every switch that is a word or a flag, not as it is by default; `choice` among several."""
    told: dict[str, bool | int | str] = {}
    for name, switch in SWITCHES.items():
        others = [one for one in switch.choices if one != switch.default]
        if name not in LEFT_OUT and isinstance(switch.default, bool):
            told[name] = not switch.default
        elif name not in LEFT_OUT and others:
            told[name] = others[choice % len(others)]
    return told


@pytest.mark.slow
@pytest.mark.parametrize("choice", [0, 1])
def test_nights_end_with_both_systems_alike(pair: Pair, choice: int) -> None:
    portal = pair.servers.hubspot
    for name, value in other_way(choice).items():
        setattr(portal.switches, name, value)
    account = pair.salesforce("Account", Name="Acme", Website="acme.example")
    ana, bea, cy = (met(pair, name) for name in ("Ana", "Bea", "Cy"))
    pair.night()
    pair.salesforce("Contact", ana[0], Title="Chair", AccountId=account, HasOptedOutOfEmail=True)
    pair.hubspot("contacts", bea[1], jobtitle="Boss")
    pair.salesforce("Contact", LastName="Gil", Email="Gil@People.example")
    other = pair.hubspot("contacts", lastname="Twin", email="twin@people.example")
    survivor = merge(portal.portal, OBJECTS["contacts"], cy[1], other)
    for _ in range(4):
        pair.night()
        if is_quiet(pair.plan()):
            break
    else:
        pytest.fail("it never came to rest")
    assert not pair.unfinished()
    assert pair.of_hubspot("contacts", ana[1])["jobtitle"] == "Chair"
    assert pair.of_salesforce("Contact", bea[0])["Title"] == "Boss"
    assert consent.consent_of(portal.portal, "ana@people.example")["all"]
    company = pair.of_hubspot("contacts", ana[1])["associatedcompanyid"]
    assert pair.of_hubspot("companies", company)["name"] == "Acme"
    gil = portal.portal.holder("contacts", "email", "gil@people.example")
    assert pair.of_hubspot("contacts", str(gil))["lastname"] == "Gil"
    pair.salesforce("Contact", cy[0], Title="Chief")
    pair.night()
    assert pair.of_hubspot("contacts", survivor)["jobtitle"] == "Chief"
