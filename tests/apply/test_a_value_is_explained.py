"""`explain` and `view show`: who is meant, and why a value is what it is."""

from __future__ import annotations

import pytest
from cli.places import crm_in

from apply.pairs import Pair, Person, met
from crmsync.commands.rendering import explanations, explanations_json, views_json, views_text
from crmsync.commands.view import find_customers
from crmsync.errors import CrmsyncError, ExitCode


@pytest.mark.slow
def test_a_customer_is_found_by_the_key_that_a_plan_shows(person: Person) -> None:
    pair = person.pair
    pair.pull()
    (found,) = find_customers(pair.workspace, "ana@people.example")
    for who in (found.view.key, found.view.key[:8], person.hubspot):
        (again,) = find_customers(pair.workspace, who)
        assert again.view.key == found.view.key


@pytest.mark.slow
def test_an_unknown_field_is_named_with_the_nearest(person: Person) -> None:
    person.pair.pull()
    found = find_customers(person.pair.workspace, "ana@people.example")
    with pytest.raises(CrmsyncError, match="no field 'fone'"):
        explanations(found, "fone", "en", unmask=False)


@pytest.mark.slow
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


@pytest.mark.slow
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
        for_programs = crm(*command, "ruiz", "--json", "--workspace", pair.folder)
        assert for_programs.code == ExitCode.FAILED
        assert (len(for_programs.json), for_programs.err) == (2, said.out)
        whole = crm(*command, "ruiz", "--unmask", "--workspace", pair.folder).out
        assert "Ana Ruiz" in whole
        assert "--unmask" not in whole
        named = said.out.rsplit(" ", 1)[1].strip()
        assert crm(*command, named, "--workspace", pair.folder).code == ExitCode.OK


@pytest.mark.slow
def test_a_value_that_cannot_be_read_is_counted_and_explained(person: Person) -> None:
    person.in_hubspot(phone="ask reception")
    person.in_salesforce(Phone="911234567")
    plan = person.pair.plan()
    assert plan.header.counts["unreadable.hubspot contact phone"] == 1
    found = find_customers(person.pair.workspace, person.hubspot)
    said = explanations(found, "phone", "en", unmask=True)
    assert "what HubSpot holds cannot be read" in said
    assert "ask reception  (cannot be read as a phone number)" in said


@pytest.mark.slow
def test_a_customer_is_explained_in_short_and_one_field_in_full(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales", city="Lugo")
    person.in_salesforce(Phone="+34 911 23 45 67")
    person.pair.pull()
    found = find_customers(person.pair.workspace, person.hubspot)
    short = explanations(found, None, "en", unmask=True)
    assert short.index("job_title: ") < short.index("email ")
    assert "Analyst" in short
    assert "No value: " in short
    assert f"crmsync explain {found[0].view.key[:8]} --field " in short
    whole = explanations(found, "phone", "en", unmask=True)
    assert "Phone “+34 911 23 45 67” → " in whole
    assert "read as a phone number: “+34911234567”" in whole
    assert "job_title" not in whole
    assert "911" not in explanations(found, "phone", "en", unmask=False)


def test_an_open_conflict_names_no_winner_but_waits_for_a_decision(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.in_salesforce(Title="Director")
    person.pair.pull()
    found = find_customers(person.pair.workspace, person.hubspot)
    said = explanations(found, "job_title", "en", unmask=True)
    assert "job_title: waits for a person's decision;" in said
    assert said.count("waits for a decision") == 2
    assert "counts" not in said
    assert "pendiente de decisión" in explanations(found, "job_title", "es", unmask=True)
    (told,) = explanations_json(found, "job_title", unmask=True)
    assert told["fields"]["job_title"]["waits"] is True
    assert {side["role"] for side in told["fields"]["job_title"]["sides"]} == {"waits"}


def test_what_was_written_after_the_last_read_is_said(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    before = explanations(
        find_customers(person.pair.workspace, person.key), None, "en", unmask=True
    )
    assert "has written since" not in before
    run = person.pair.apply().run
    found = find_customers(person.pair.workspace, person.key)
    said = explanations(found, None, "en", unmask=True)
    assert f"run {run} has written since: job_title. Read again: crmsync pull" in said
    assert said.count("has written since") == 1
    person.pair.pull()
    again = explanations(find_customers(person.pair.workspace, person.key), None, "en", unmask=True)
    assert "has written since" not in again


def test_of_a_field_written_after_the_last_read_no_verdict_is_told_but_what_was_written(
    person: Person,
) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    run = person.pair.apply().run
    found = find_customers(person.pair.workspace, person.key)
    said = explanations(found, "job_title", "en", unmask=True)
    assert f"run {run} wrote it in Salesforce: “Analyst” -> “Head of sales”" in said
    assert "A run wrote it after the last read" in said
    for verdict in ("counts", "does not count", "changed it", "when last settled"):
        assert verdict not in said
    assert "as it was read" in said
    (told,) = explanations_json(found, "job_title", unmask=True)
    assert told["fields"]["job_title"]["disagrees"] is False
    assert {side["role"] for side in told["fields"]["job_title"]["sides"]} == {"stale"}
    (since,) = told["written_since"]
    assert since["cells"] == [{"field": "job_title", "before": "Analyst", "after": "Head of sales"}]


def test_view_show_warns_of_a_write_after_the_last_read_and_calls_it_no_difference(
    person: Person,
) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    found = find_customers(person.pair.workspace, person.key)
    assert "sides differ" in views_text(found, "en", unmask=True)
    run = person.pair.apply().run
    found = find_customers(person.pair.workspace, person.key)
    said = views_text(found, "en", unmask=True)
    assert f"run {run} has written since: job_title. Read again: crmsync pull" in said
    assert "! written after it was read" in said
    assert "sides differ" not in said
    (shown,) = views_json(found, unmask=True)
    assert shown["written_since"] == [{"system": "salesforce", "run": run, "fields": ["job_title"]}]


@pytest.mark.slow
def test_a_side_says_since_when_it_holds_its_value_and_how_well_that_is_known(
    person: Person,
) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.pull()
    found = find_customers(person.pair.workspace, person.hubspot)
    (told,) = explanations_json(found, "job_title", unmask=True)
    records = {each["record"]: each["changed_at"] for each in told["records"]}
    sides = {side["system"]: side for side in told["fields"]["job_title"]["sides"]}
    for system, side in sides.items():
        assert side["written"]["told_by"] in ("history", "record"), system
        if side["written"]["told_by"] == "record":
            assert side["written"]["at"] == records[side["record"]]
            assert side["written"]["precision"] == "upper_bound"
    assert sides["hubspot"]["value"] == "Head of sales"
    assert sides["hubspot"]["steps"] == [
        {"how": "read", "about": "jobtitle", "gives": "Head of sales"}
    ]


@pytest.mark.slow
def test_programs_get_everything_masked_unless_asked(
    person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    person.in_hubspot(jobtitle="Head of sales", hs_additional_emails="other@people.example")
    person.pair.pull()
    crm = crm_in(capsys)
    words = ("explain", person.hubspot, "--json", "--workspace", person.pair.folder)
    (masked,), (whole,) = crm(*words).json, crm(*words, "--unmask").json
    assert (
        masked.keys()
        == whole.keys()
        == {
            *("entity", "key", "records", "gone", "fields", "lifecycle"),
            *("written_since", "waits_for_merge"),
        }
    )
    assert masked["fields"].keys() == whole["fields"].keys()
    assert whole["fields"]["email"]["value"] == "ana@people.example"
    assert whole["fields"]["other_emails"]["value"] == "other@people.example"
    assert "people.example" not in str(masked)
    assert "Head of" not in str(masked)
    assert whole["fields"]["company"]["sides"][0]["role"] == "blank"
    assert not whole["fields"]["rating"]["measurable"]
