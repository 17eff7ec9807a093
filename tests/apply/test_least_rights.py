"""What `crmsync scopes` says is enough is enough, and of whatever is taken away there is a clear word."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from apply.pairs import Pair, Person, everything_allowed
from crmsync.commands.doctor import doctor
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.commands.scopes import permission_sets, scopes
from crmsync.connectors.salesforce.permissions import permission_set
from crmsync.core.rights import Need, Review, Right
from crmsync.errors import AccessDenied, ConfigInvalid
from crmsync.reports.scopes_text import scopes_text
from crmsync.sandbox.faults.book import clear_faults, set_fault
from crmsync.sandbox.salesforce.profiles import LEAST, choose_profile, import_permission_set


def review_of(pair: Pair) -> Review:
    (found,) = scopes(pair.workspace, "salesforce")
    return found


def printed(pair: Pair) -> str:
    """The permission set, asked for while an administrator looks."""
    (text,) = permission_sets(pair.workspace).values()
    return text


def become_nobody(pair: Pair, *xml: str) -> None:
    """The user of the API is somebody without any right but those of these permission sets."""
    world = pair.servers.salesforce
    choose_profile(world, {"name": LEAST})
    for text in xml:
        import_permission_set(world, {"xml": text})
    world.tables.commit()


def without(needs: Iterable[Need], right: Right) -> str:
    """The permission set less one right, and less what cannot be without it."""
    gone = {right}
    if right.verb == "read":
        gone |= {Right(right.place, verb) for verb in ("edit", "create", "view_all")}
    if right == Right("Account", "read"):
        gone |= {
            Right(name, verb)
            for name in ("Contact", "Opportunity")
            for verb in ("read", "edit", "create", "view_all")
        }
    if right == Right("ViewRoles"):
        gone |= {Right("ViewSetup")}
    return permission_set(need for need in needs if need.right not in gone)


@pytest.mark.slow
def test_the_permission_set_that_scopes_prints_is_enough_and_not_too_much(person: Person) -> None:
    pair = person.pair
    become_nobody(pair, printed(pair))
    person.in_hubspot(jobtitle="Head of sales")
    pair.hubspot("companies", name="Nueva", domain="nueva.example")
    pair.salesforce("Contact", Email="sf@acme.example", FirstName="Sal", LastName="Forza")
    pair.pull()
    plan = pair.plan()
    done = {(each.system, each.object, each.action) for each in changes_of(plan)}
    assert done == {
        ("salesforce", "Contact", "update"),
        ("salesforce", "Account", "create"),
        ("hubspot", "contacts", "create"),
    }
    applied = pair.night(everything_allowed(plan))
    assert set(applied.states) == {"VERIFIED"}
    assert person.at_salesforce("Title") == "Head of sales"
    pair.pull()
    assert is_quiet(pair.plan())
    assert review_of(pair).missing == []
    assert review_of(pair).excess == []
    assert not [
        check for check in doctor(pair.workspace) if check.topic == "rights" and check.level != "ok"
    ]


def test_an_administrator_has_too_much_and_it_is_said_who_grants_it(pair: Pair) -> None:
    choose_profile(pair.servers.salesforce, {"name": "System Administrator"})
    pair.servers.salesforce.tables.commit()
    review = review_of(pair)
    assert review.missing == []
    assert {
        Right("ModifyAllData"),
        Right("ViewAllData"),
        Right("Lead", "delete"),
        Right("Campaign", "edit"),
    } <= set(review.excess)
    assert Right("Contact.AssistantName", "edit") in review.excess
    assert Right("Contact.Title", "edit") not in review.excess
    assert review.held is not None
    assert review.held.sources[Right("ModifyAllData")] == ("System Administrator",)
    told = [check for check in doctor(pair.workspace) if check.topic == "rights"]
    (said,) = [check for check in told if check.subject == "salesforce"]
    assert "Modify All Data" in said.message
    assert "--permission-set" in said.remedy


_OBJECTS = ("Account", "Contact", "Lead", "Opportunity")
_RIGHTS = [
    Right("ViewSetup"), Right("ViewRoles"), Right("TransferAnyEntity"), Right("TransferAnyLead"),
    *(Right(name, verb) for name in _OBJECTS for verb in ("read", "view_all", "edit")),
    Right("Account", "create"), Right("Contact.Email", "read"), Right("Contact.Title", "edit"),
    Right("Contact.MailingAddress", "edit"), Right("Account.crmsync_key__c", "edit"),
]  # fmt: skip


@pytest.mark.parametrize("right", _RIGHTS, ids=str)
def test_any_right_that_is_taken_away_is_named(pair: Pair, right: Right) -> None:
    needs = review_of(pair).needs
    assert right in {need.right for need in needs}
    become_nobody(pair, without(needs, right))
    review = review_of(pair)
    told = {need.right: review.state(need) for need in review.needs}
    assert told[right] == "missing"
    needed = next(need.needed for need in review.needs if need.right == right)
    (said,) = [
        check
        for check in doctor(pair.workspace)
        if check.topic == "rights" and check.level == ("error" if needed else "warning")
    ]
    assert ("missing" if needed else "optional") in said.message
    heads = [line for line in scopes_text([review], "en").splitlines() if line.endswith(":")]
    assert ("Missing:" in heads, "Optional:" in heads) == (needed, not needed)


def test_without_the_api_the_way_back_is_named(pair: Pair) -> None:
    become_nobody(pair)
    with pytest.raises(AccessDenied, match="API_DISABLED_FOR_ORG") as caught:
        scopes(pair.workspace, "salesforce")
    assert "API Enabled" in caught.value.remedy


def test_a_field_that_may_not_be_read_stops_the_pull_by_name(pair: Pair) -> None:
    become_nobody(pair, without(review_of(pair).needs, Right("Contact.Email", "read")))
    with pytest.raises(ConfigInvalid) as caught:
        pair.pull()
    (problem,) = caught.value.problems
    assert "Contact has no readable field 'Email'" in problem.message
    assert "credential may read it" in problem.remedy


def test_a_field_that_may_not_be_edited_is_told_by_doctor(pair: Pair) -> None:
    become_nobody(pair, without(review_of(pair).needs, Right("Contact.Title", "edit")))
    said = [
        check.message for check in doctor(pair.workspace) if "cannot be written" in check.message
    ]
    assert said == ["field job_title: Title cannot be written"]


def told_of_sources(pair: Pair) -> str:
    """What `scopes` says of who grants what, in its last section."""
    text = scopes_text([review_of(pair)], "en").partition("Not checked:")[2]
    return next((line for line in text.splitlines() if "who grants what" in line), "")


def test_what_could_not_be_looked_at_never_contradicts_the_right_that_is_held(pair: Pair) -> None:
    assert "names no permission set of this user" in told_of_sources(pair)  # an administrator
    needs = review_of(pair).needs
    become_nobody(pair, permission_set(needs))
    assert told_of_sources(pair) == ""
    set_fault(pair.servers.salesforce, "403-access", path="/query", nth=2, times=0)
    assert "refused it, though this user has View Setup" in told_of_sources(pair)
    clear_faults(pair.servers.salesforce)
    become_nobody(pair, without(needs, Right("ViewRoles")))
    assert "that takes View Setup" in told_of_sources(pair)
