"""HubSpot has somebody already under an address: nobody is created twice, a person is told, and it heals."""

from __future__ import annotations

import re

import pytest

from apply.pairs import Pair, Person
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import Held
from crmsync.sandbox.hubspot import records

EMAIL = "gil@people.example"
WAITING = re.compile("claimed:|taken:")


def told(plan: Plan) -> list[Held]:
    return [line for line in plan.lines if isinstance(line, Held) and WAITING.match(line.reason)]


def holder(pair: Pair) -> str:
    """Somebody whose second address it is, so that no plan takes the two for one."""
    return pair.hubspot(
        "contacts", lastname="Paz", email="paz@people.example", hs_additional_emails=EMAIL
    )


def contacts(pair: Pair) -> int:
    return pair.servers.hubspot.tables.count("contacts")


@pytest.mark.slow_but("True")
@pytest.mark.parametrize("named", [True, False])
def test_a_contact_is_never_created_twice_and_a_person_sees_whom_it_means(
    pair: Pair, named: bool
) -> None:
    pair.servers.hubspot.switches.conflict_names_id = named
    there = holder(pair)
    pair.night()
    before = contacts(pair)
    pair.salesforce("Contact", LastName="Gil", Email=EMAIL)
    assert pair.night().states == {"FAILED": 1}
    assert contacts(pair) == before
    pair.forget_requests()
    plan = pair.plan()
    [held] = told(plan)
    assert (held.system, held.refs) == ("hubspot", (f"hubspot/contacts/{there}",))
    assert not [change for change in changes_of(plan) if change.system == "hubspot"]
    pair.apply()
    assert not pair.writes()


@pytest.mark.slow
def test_it_is_created_once_the_other_one_is_gone(pair: Pair) -> None:
    there = holder(pair)
    pair.night()
    pair.salesforce("Contact", LastName="Gil", Email=EMAIL)
    pair.night()
    records.archive(pair.servers.hubspot.portal, "contacts", there)
    assert pair.night().states["VERIFIED"] == 1
    assert not told(pair.plan())
    rows = [row for _, row in pair.servers.hubspot.tables.rows("contacts")]
    assert [row["properties"]["email"] for row in rows if "archivedAt" not in row] == [EMAIL]


@pytest.mark.slow
def test_it_becomes_one_customer_once_both_are_matched(pair: Pair) -> None:
    """The address appeared there after the last read: the next one finds it, and links the two."""
    one = pair.salesforce("Contact", LastName="Gil", Email=EMAIL)
    pair.plan()
    there = pair.hubspot("contacts", lastname="Gil", email=EMAIL)
    assert pair.apply().states == {"FAILED": 1}
    pair.night()
    plan = pair.plan()
    assert not told(plan)
    assert is_quiet(plan)
    assert contacts(pair) == 1
    assert pair.of_hubspot("contacts", there)["email"] == EMAIL
    assert pair.of_salesforce("Contact", one)["Email"] == EMAIL


@pytest.mark.slow
def test_of_an_update_the_address_is_left_out_and_the_rest_is_written_once(person: Person) -> None:
    pair = person.pair
    there = holder(pair)
    person.in_salesforce(Email=EMAIL, Title="Director")
    assert pair.night().states == {"FAILED": 1}
    assert person.at_hubspot("jobtitle") == "Director"
    assert person.at_hubspot("email") == "ana@people.example"
    pair.forget_requests()
    plan = pair.plan()
    [held] = told(plan)
    assert set(held.refs) == {f"hubspot/contacts/{person.hubspot}", f"hubspot/contacts/{there}"}
    pair.apply()
    assert not [path for path in pair.writes() if "contacts/batch" in path]
    person.in_salesforce(Title="Chair")
    pair.night()
    assert person.at_hubspot("jobtitle") == "Chair"
