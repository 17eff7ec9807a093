"""Between plan and apply, and inside an apply, people and automations go on working."""

from __future__ import annotations

from typing import Any

import pytest

from apply.crowd import give_tiers, offer_tiers
from apply.pairs import Pair, Person, cells, conflicts, met
from crmsync.commands.plan import changes_of, is_quiet
from crmsync.core.planning import Unfit
from crmsync.sandbox.hubspot.records import archive
from crmsync.testing.proxy import proxied, says


def test_a_record_that_a_person_edited_is_dropped_and_no_other(person: Person) -> None:
    pair = person.pair
    other = met(pair, "Eva", salesforce={"MobilePhone": "+34600111222"})
    person.in_salesforce(Title="Director")
    pair.plan()
    person.in_hubspot(jobtitle="Head of sales")
    applied = pair.apply()
    assert applied.states == {"DROPPED": 1, "VERIFIED": 1}
    assert person.at_hubspot("jobtitle") == "Head of sales"
    assert pair.of_hubspot("contacts", other[1])["mobilephone"] == "+34600111222"
    assert conflicts(pair.plan()) == {"job_title"}


def test_an_edit_of_another_field_stops_nothing(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.pair.plan()
    person.in_hubspot(city="Vigo")
    assert person.pair.apply().states == {"VERIFIED": 1}
    assert person.at_hubspot("city") == "Vigo"
    assert cells(person.pair.plan()) == {("salesforce", "city", "Vigo")}


def test_a_record_deleted_meanwhile_is_dropped(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    archive(pair.servers.hubspot.portal, "contacts", person.hubspot)
    assert pair.apply().states == {"DROPPED": 1}
    assert not pair.writes()


def test_a_cell_that_holds_the_value_already_is_settled_without_a_write(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    person.in_hubspot(jobtitle="Director")
    assert pair.apply().states == {"VERIFIED": 1}
    assert not pair.writes()
    assert {side["job_title"] for side in person.base.values()} == {"Director"}
    assert is_quiet(pair.plan())


def test_a_value_the_crm_rewrites_is_that_crms_own_edit(person: Person) -> None:
    """Only the source's base moves, so the third value comes back like any other change."""
    person.in_salesforce(Title="director")
    pair = person.pair
    pair.plan()

    def tidied(name: str) -> None:
        if name == "before reading back contacts":
            person.in_hubspot(jobtitle="Director General")

    assert pair.apply(at=tidied).states == {"REWRITTEN": 1}
    assert person.base["salesforce"]["job_title"] == "director"
    assert person.base["hubspot"]["job_title"] == "Analyst"
    assert cells(pair.plan()) == {("salesforce", "job_title", "Director General")}
    pair.apply()
    assert is_quiet(pair.plan())


def undone(person: Person) -> Any:
    """An automation that puts the old title back before anybody looks."""

    def at(name: str) -> None:
        if name == "before reading back contacts":
            person.in_hubspot(jobtitle="Analyst")

    return at


def test_a_value_that_is_not_kept_is_not_sent_again(person: Person) -> None:
    person.in_salesforce(Title="Director", MobilePhone="+34600111222")
    pair = person.pair
    pair.plan()
    assert pair.apply(at=undone(person)).states == {"IGNORED": 1}
    assert pair.refused("contact") == {(person.key, "hubspot", "job_title", "Director")}
    assert person.base["salesforce"]["job_title"] == "Analyst"
    assert person.base["salesforce"]["mobile"] == "+34600111222"
    again = pair.plan()
    assert not changes_of(again)
    assert [line.field for line in again.lines if isinstance(line, Unfit)] == ["job_title"]
    assert is_quiet(again)


def test_what_is_beside_a_value_that_is_not_kept_settles_in_one_night(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    pair.apply(at=undone(person))
    person.in_salesforce(MobilePhone="+34600111222")
    assert cells(pair.plan()) == {("hubspot", "mobile", "+34600111222")}
    pair.apply()
    assert is_quiet(pair.plan())


def test_another_value_is_sent_after_one_that_was_not_kept(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()
    pair.apply(at=undone(person))
    person.in_salesforce(Title="Boss")
    pair.night()
    assert person.at_hubspot("jobtitle") == "Boss"


def test_a_refused_cell_does_not_stop_its_neighbours(pair: Pair) -> None:
    give_tiers(pair)
    ana = met(pair, "Ana")
    pair.night()
    pair.hubspot("contacts", ana[1], tier="silver", mobilephone="+34600111222")
    pair.plan()
    offer_tiers(pair, "Gold")
    applied = pair.apply()
    assert applied.states == {"FAILED": 1}
    assert applied.exit_code == 6
    assert pair.of_salesforce("Contact", ana[0])["MobilePhone"] == "+34600111222"
    assert pair.of_salesforce("Contact", ana[0]).get("Tier__c") is None
    with pair.workspace.store() as store:
        (op,) = store.ops(applied.run)
    assert "restricted picklist" in op.message
    assert not pair.unfinished()


def test_a_refused_cell_is_sent_again_once_the_system_takes_it(pair: Pair) -> None:
    give_tiers(pair)
    ana = met(pair, "Ana")
    pair.night()
    pair.hubspot("contacts", ana[1], tier="silver", mobilephone="+34600111222")
    pair.plan()
    offer_tiers(pair, "Gold")
    pair.apply()
    offer_tiers(pair, "Gold", "Silver")
    assert cells(pair.plan()) == {("salesforce", "tier", "silver")}
    pair.apply()
    assert pair.of_salesforce("Contact", ana[0])["Tier__c"] == "Silver"
    assert is_quiet(pair.plan())


def test_a_reference_to_what_could_not_be_created_is_filled_later(pair: Pair) -> None:
    """The company is refused, its person created without it; once the company is there, they meet."""
    account = pair.salesforce("Account", Name="Nuevo", Website="nuevo.example")
    pair.salesforce("Contact", LastName="Gil", Email="noa@nuevo.example", AccountId=account)
    error = {"status": "error", "category": "VALIDATION_ERROR", "message": "not today"}
    real = pair.servers.urls["hubspot"]
    file = pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        pair.plan()
        hubspot.only = "companies/batch/upsert"
        hubspot.always = says(400, error)
        applied = pair.apply()
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert applied.states == {"BLOCKED": 1, "FAILED": 1}
    assert not pair.refused("contact")
    pair.night()
    (noa,) = (row["properties"] for _, row in pair.servers.hubspot.tables.rows("contacts"))
    (company,) = pair.servers.hubspot.tables.ids("companies")
    pair.night()
    (noa,) = (row["properties"] for _, row in pair.servers.hubspot.tables.rows("contacts"))
    assert noa["associatedcompanyid"] == company
    assert is_quiet(pair.plan())


@pytest.mark.parametrize("side", ["salesforce", "hubspot"])
def test_an_opt_out_goes_over_and_never_comes_back(person: Person, side: str) -> None:
    pair = person.pair
    words = {"salesforce": "HasOptedOutOfEmail", "hubspot": "hs_email_optout"}
    put = {"salesforce": person.in_salesforce, "hubspot": person.in_hubspot}
    put[side](**{words[side]: "true"})
    pair.night()
    put[side](**{words[side]: "false"})
    pair.night()
    assert person.at_salesforce("HasOptedOutOfEmail") is True
    assert person.at_hubspot("hs_email_optout") == "true"
    assert is_quiet(pair.plan())


def test_a_blank_never_overwrites_and_is_refilled(person: Person) -> None:
    person.in_salesforce(Phone=None)
    plan = person.pair.plan()
    assert cells(plan) == {("salesforce", "phone", "+34911234567")}
    person.pair.apply()
    assert person.at_salesforce("Phone") == "+34911234567"
    assert person.at_hubspot("phone") == "+34911234567"
    assert is_quiet(person.pair.plan())


def test_a_conflict_writes_nothing_and_moves_nothing(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(Title="Buyer")
    person.in_hubspot(jobtitle="Seller", city="Vigo")
    base = person.base
    assert conflicts(pair.plan()) == {"job_title"}
    pair.apply()
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle")) == ("Buyer", "Seller")
    assert person.at_salesforce("MailingCity") == "Vigo"
    for system, side in person.base.items():
        assert side["job_title"] == base[system]["job_title"] == "Analyst"
    assert conflicts(pair.plan()) == {"job_title"}
    person.in_hubspot(jobtitle="Buyer")
    pair.night()
    assert is_quiet(pair.plan())
