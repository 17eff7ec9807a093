"""An opt-out reaches HubSpot, whatever happens on the way, and is never taken back there."""

from __future__ import annotations

import pytest

from apply.pairs import Pair, Person, change_to, met
from crmsync.commands.plan import is_quiet
from crmsync.core.planning import Unfit
from crmsync.errors import ExitCode
from crmsync.sandbox.hubspot import consent
from crmsync.testing.proxy import Fault, drops, loses, proxied

OUT = "hs_email_optout"


def is_out(pair: Pair, email: str) -> bool:
    return bool(consent.consent_of(pair.servers.hubspot.portal, email)["all"])


@pytest.mark.parametrize("as_property", [False, True])
def test_it_goes_through_communication_preferences_and_is_read_back(
    person: Person, as_property: bool
) -> None:
    pair = person.pair
    pair.servers.hubspot.switches.writable_optout = as_property
    person.in_salesforce(HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 1}
    assert is_out(pair, "ana@people.example")
    assert person.at_hubspot(OUT) == "true"
    [path] = pair.writes()
    assert path.endswith("/unsubscribe-all")
    assert is_quiet(pair.plan())


def test_an_address_that_changes_the_same_night_is_opted_out_too(person: Person) -> None:
    """Consent goes first, to the old address; the new one must not be mailed for a day."""
    pair = person.pair
    person.in_salesforce(HasOptedOutOfEmail=True, Email="new@people.example")
    pair.night()
    assert person.at_hubspot("email") == "new@people.example"
    assert person.at_hubspot(OUT) == "true"
    assert is_out(pair, "new@people.example")
    assert is_quiet(pair.plan())


def test_a_new_contact_is_never_there_without_it_in_the_end(pair: Pair) -> None:
    pair.salesforce("Contact", LastName="Gil", Email="gil@people.example", HasOptedOutOfEmail=True)
    assert pair.night().states == {"VERIFIED": 1}
    assert is_out(pair, "gil@people.example")
    assert is_quiet(pair.plan())


@pytest.mark.parametrize("fault", [drops, loses])
def test_an_answer_that_was_lost_is_looked_up_by_resume(person: Person, fault: Fault) -> None:
    pair = person.pair
    person.in_salesforce(HasOptedOutOfEmail=True)
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.faults = "unsubscribe-all", [fault]
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        applied = pair.apply()
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert (applied.exit_code, applied.states) == (ExitCode.PARTIAL, {"AMBIGUOUS": 1})
    pair.forget_requests()
    assert pair.resume().states == {"VERIFIED": 1}
    assert len(pair.writes()) == (1 if fault is drops else 0)
    assert is_out(pair, "ana@people.example")


def test_killed_between_the_address_and_its_opt_out_the_next_run_finishes(pair: Pair) -> None:
    pair.salesforce("Contact", LastName="Gil", Email="gil@people.example", HasOptedOutOfEmail=True)
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"

    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = "unsubscribe-all", drops
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        assert pair.apply().states == {"AMBIGUOUS": 1}
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert not is_out(pair, "gil@people.example")
    assert pair.resume().states == {"VERIFIED": 1}
    assert is_out(pair, "gil@people.example")
    assert pair.servers.hubspot.tables.count("contacts") == 1


def test_a_contact_without_an_address_is_told_and_the_rest_goes_on(pair: Pair) -> None:
    ids = met(pair, "Ana")
    pair.night()
    pair.hubspot("contacts", ids[1], email="")
    pair.salesforce("Contact", ids[0], Email=None, HasOptedOutOfEmail=True, Title="Chair")
    applied = pair.night()
    assert applied.states["FAILED"] == 1
    assert any("no e-mail address" in reason for _, reason in applied.reasons)
    assert pair.of_hubspot("contacts", ids[1])["jobtitle"] == "Chair"


def test_a_mapping_that_would_take_one_back_writes_nothing_there(person: Person) -> None:
    """With another policy than `sticky`, `false` is a value that HubSpot does not keep: a finding."""
    pair = person.pair
    names = "hubspot: hs_email_optout}\n    on_conflict: "
    pair.mapping("contact", (f"{names}sticky", f"{names}{{always: salesforce}}"))
    person.in_hubspot(**{OUT: "true"})
    plan = pair.plan()
    [unfit] = [line for line in plan.lines if isinstance(line, Unfit)]
    assert (unfit.system, unfit.value, unfit.reason) == ("hubspot", "false", "unfit_option")
    pair.apply()
    assert person.at_hubspot(OUT) == "true"
    assert not pair.writes()


def test_the_cost_of_a_plan_counts_each_of_them(person: Person) -> None:
    from crmsync.commands.costing import cost_told

    pair = person.pair

    def cost(**values: object) -> int:
        person.in_salesforce(**values)
        plan = pair.plan()
        assert change_to(plan, "hubspot")
        return int(cost_told(pair.workspace, plan, "en").rpartition(" ")[2])

    assert cost(HasOptedOutOfEmail=True) == cost(HasOptedOutOfEmail=False, Title="Chair") + 1
