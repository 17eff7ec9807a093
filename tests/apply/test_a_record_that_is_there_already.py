"""A duplicate rule of Salesforce refuses: nobody is created twice, nothing is sent every night, a person is told."""

from __future__ import annotations

from typing import Any

import pytest

from apply.pairs import Pair, Person
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.planfile import Plan
from crmsync.core.planning import Held
from crmsync.sandbox.salesforce.declaring import declare
from crmsync.sandbox.salesforce.switches import set_switch

# Without an e-mail nobody is created in HubSpot for it, and nothing tells that it is the same person.
OTHER = {"LastName": "Gil", "MobilePhone": "+34600111222"}
CREATES = (
    "{system: salesforce, object: Contact, create: never}",
    "{system: salesforce, object: Contact, create: {when: {email: present, last_name: present}}}",
)


def rule(pair: Pair, action: str = "block", field: str = "MobilePhone") -> None:
    body = {"kind": "duplicate", "object": "Contact", "name": "DR", "match": [field]}
    declare(pair.servers.salesforce, {**body, "action": action})


def newcomer(pair: Pair) -> str:
    """Somebody in HubSpot, yet to be created in Salesforce, where somebody has that mobile phone."""
    pair.mapping("contact", CREATES)
    return pair.hubspot(
        "contacts",
        firstname="Gil",
        lastname="Gil",
        email="gil@people.example",
        mobilephone="+34600111222",
    )


def told(plan: Plan) -> list[Held]:
    return [
        line
        for line in plan.lines
        if isinstance(line, Held) and ("claimed" in line.reason or "taken" in line.reason)
    ]


def contacts(pair: Pair) -> list[dict[str, Any]]:
    rows = pair.servers.salesforce.tables.rows("Contact")
    return [row for _, row in rows if not row.get("IsDeleted")]


@pytest.mark.slow_but("duplicateResult-alert")
@pytest.mark.parametrize("action", ["block", "alert"])
@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_duplicate_is_never_created_and_a_person_sees_whom_it_means(
    pair: Pair, action: str, key: str
) -> None:
    set_switch(pair.servers.salesforce.tables, "duplicate_result_key", key)
    there = pair.salesforce("Contact", **OTHER)
    newcomer(pair)
    rule(pair, action)
    assert pair.night().states["FAILED"] == 1
    assert len(contacts(pair)) == 1
    pair.forget_requests()
    plan = pair.plan()
    [held] = told(plan)
    assert (held.system, held.refs) == ("salesforce", (f"salesforce/Contact/{there}",))
    assert not [each for each in changes_of(plan) if each.system == "salesforce"]
    pair.apply()
    assert not pair.writes()
    headers = [each.get("headers", {}) for each in pair.requests()]
    assert not any("allowSave" in str(each) for each in headers)


@pytest.mark.slow
def test_a_held_duplicate_is_sent_again_once_its_values_change(pair: Pair) -> None:
    pair.salesforce("Contact", **OTHER)
    one = newcomer(pair)
    rule(pair)
    pair.night()
    pair.hubspot("contacts", one, mobilephone="+34600999888")
    pair.night()
    assert len(contacts(pair)) == 2
    assert not told(pair.plan())


@pytest.mark.slow
def test_a_held_duplicate_is_sent_again_once_the_other_record_is_gone(pair: Pair) -> None:
    there = pair.salesforce("Contact", **OTHER)
    newcomer(pair)
    rule(pair)
    pair.night()
    pair.salesforce("Contact", there, IsDeleted=True)
    pair.night()
    assert [row["Email"] for row in contacts(pair)] == ["gil@people.example"]


@pytest.mark.slow
def test_a_held_duplicate_becomes_one_customer_once_both_are_matched(pair: Pair) -> None:
    there = pair.salesforce("Contact", **OTHER)
    newcomer(pair)
    rule(pair)
    pair.night()
    pair.salesforce("Contact", there, Email="gil@people.example")
    pair.night()
    assert [row["Id"] for row in contacts(pair)] == [there]
    plan = pair.plan()
    assert not told(plan)
    assert is_quiet(plan)


@pytest.mark.slow
def test_an_update_that_makes_a_duplicate_leaves_out_that_cell_alone(person: Person) -> None:
    pair = person.pair
    there = pair.salesforce("Contact", **OTHER)
    rule(pair)
    person.in_hubspot(mobilephone="+34600111222", jobtitle="Director")
    pair.night()
    assert person.at_salesforce("Title") == "Director"
    assert person.at_salesforce("MobilePhone") is None
    pair.forget_requests()
    plan = pair.plan()
    [held] = told(plan)
    own, alike = held.refs
    assert own.endswith(person.salesforce)
    assert alike == f"salesforce/Contact/{there}"
    pair.apply()
    assert not [path for path in pair.writes() if "sobjects" in path]
    # Another edit of the same person goes through, and the refused cell stays where it was.
    person.in_hubspot(jobtitle="Chair")
    pair.night()
    assert person.at_salesforce("Title") == "Chair"
