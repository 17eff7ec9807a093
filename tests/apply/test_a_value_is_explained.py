"""`explain` and `view show`: who is meant, and why a value is what it is."""

from __future__ import annotations

import pytest
from cli.places import crm_in

from apply.pairs import Pair, Person, met
from crmsync.commands.rendering import explanations, views_json
from crmsync.commands.view import find_customers
from crmsync.errors import CrmsyncError, ExitCode


def test_a_customer_is_found_by_the_key_that_a_plan_shows(person: Person) -> None:
    pair = person.pair
    pair.pull()
    (found,) = find_customers(pair.workspace, "ana@people.example")
    for who in (found.view.key, found.view.key[:8], person.hubspot):
        (again,) = find_customers(pair.workspace, who)
        assert again.view.key == found.view.key


def test_an_unknown_field_is_named_with_the_nearest(person: Person) -> None:
    person.pair.pull()
    found = find_customers(person.pair.workspace, "ana@people.example")
    with pytest.raises(CrmsyncError, match="no field 'fone'"):
        explanations(found, "fone", "en", unmask=False)


def test_a_value_comes_with_what_every_system_holds(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.pull()
    found = find_customers(person.pair.workspace, "ana@people.example")
    said = explanations(found, "job_title", "en", unmask=True)
    assert "Head of sales" in said
    assert "Analyst" in said
    (view,) = views_json(found, unmask=True)
    assert view["fields"]["job_title"]["value"] == "Head of sales"
    assert view["fields"]["job_title"]["disagrees"] is True


def test_a_person_is_found_by_name_address_and_short_id(person: Person) -> None:
    person.in_salesforce(FirstName="Ána", LastName="García")
    person.in_hubspot(firstname="Ána", lastname="García")
    pair = person.pair
    pair.pull()
    (found,) = find_customers(pair.workspace, "ana@people.example")
    for who in (
        "ana garcia",
        "ÁNA  García",
        "García, Ána",
        "garcia",
        person.salesforce[:15],
        f"salesforce/Contact/{person.salesforce}",
        f"salesforce/Contact/{person.salesforce[:15]}",
        f"hubspot/contacts/{person.hubspot}",
    ):
        (again,) = find_customers(pair.workspace, who)
        assert again.view.key == found.view.key, who
    for nobody in ("ana garci", "hubspot/companies/1", f"hubspot/Contact/{person.salesforce}"):
        with pytest.raises(CrmsyncError, match="nobody found"):
            find_customers(pair.workspace, nobody)


def test_several_are_listed_to_choose_from(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    met(pair, "Ana"), met(pair, "Eva")
    pair.night()
    crm = crm_in(capsys)
    for command in (("explain",), ("state", "links"), ("view", "show")):
        said = crm(*command, "ruiz", "--workspace", pair.folder)
        assert said.code == ExitCode.FAILED
        assert "2 customers match “ruiz”. Say which:" in said.out
        assert f"crmsync {' '.join(command)} " in said.out
        assert said.out.count("hubspot/contacts/") == 2
        assert "Names are masked; whole: --unmask" in said.out
        whole = crm(*command, "ruiz", "--unmask", "--workspace", pair.folder).out
        assert "Ana Ruiz" in whole
        assert "--unmask" not in whole
        named = said.out.rsplit(" ", 1)[1].strip()
        assert crm(*command, named, "--workspace", pair.folder).code == ExitCode.OK


def test_a_value_that_cannot_be_read_is_counted_and_explained(person: Person) -> None:
    person.in_hubspot(phone="ask reception")
    person.in_salesforce(Phone="911234567")
    plan = person.pair.plan()
    assert plan.header.counts["unreadable.hubspot contact phone"] == 1
    found = find_customers(person.pair.workspace, person.hubspot)
    said = explanations(found, "phone", "en", unmask=True)
    assert "what HubSpot holds cannot be read" in said
    assert "ask reception  (cannot be read as a phone number)" in said
