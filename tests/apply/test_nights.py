"""The nightly run: what stops it, what it leaves alone, and that nothing happens when nothing has happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from apply.pairs import Pair, Person, conflicts, key_of, met
from crmsync.commands.apply import Permission
from crmsync.commands.plan import changes_of, is_quiet, make_plan
from crmsync.core.planning import LinkLine
from crmsync.errors import ConflictsOpen, LimitExceeded, RunUnfinished, StoreFailed
from crmsync.store.store import Store
from crmsync.testing.proxy import Reply, Seen, cuts, proxied

BLOCKING = """\
-- id: Z01
-- severity: error
-- entity: contact
-- category: validity
-- summary: {en: "No city", es: "Sin ciudad"}
-- why: {en: "A proof.", es: "Una prueba."}
-- remedy: {en: "Fill it.", es: "Complétela."}
-- blocking: true
-- resolves: [contact.city]
SELECT system, object, id FROM contact WHERE city IS NULL AND system = 'hubspot'
"""


def sizes(pair: Pair) -> dict[str, int]:
    """How many rows the state keeps of customers."""

    def rows(store: Store, entity: str) -> int:
        parts = store.base_digests(entity)
        return store.links(entity).num_rows + sum(part.num_rows for part in parts)

    with pair.workspace.store() as store:
        return {entity: rows(store, entity) for entity in ("company", "contact", "deal")}


@pytest.mark.slow
def test_ten_quiet_nights_write_nothing_and_keep_nothing_more(person: Person) -> None:
    pair = person.pair
    person.in_hubspot(city="Vigo")
    pair.sync()
    state, size = pair.state(), sizes(pair)
    pair.forget_requests()
    for _ in range(10):
        assert pair.sync().applied is None
    assert not pair.writes()
    assert (pair.state(), sizes(pair)) == (state, size)


@pytest.mark.slow
def test_conflicts_stop_the_night_before_anything_is_written(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(Title="Buyer", MobilePhone="+34600111222")
    person.in_hubspot(jobtitle="Seller")
    state = pair.state()
    with pytest.raises(ConflictsOpen) as caught:
        pair.sync()
    assert caught.value.exit_code == 10
    assert not pair.writes()
    assert pair.state() == state
    pair.sync(leave_conflicts=True)
    assert person.at_hubspot("mobilephone") == "+34600111222"
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle")) == ("Buyer", "Seller")


def test_an_opt_out_does_not_wait_for_a_limit(person: Person) -> None:
    pair = person.pair
    pair.project("limits: {rewrites: {at_most: 0}}\n")
    person.in_salesforce(Title="Director", HasOptedOutOfEmail=True)
    with pytest.raises(LimitExceeded, match=r"only opt-outs were written \(1\)"):
        pair.sync()
    assert person.at_hubspot("hs_email_optout") == "true"
    assert person.at_hubspot("jobtitle") != "Director"


def test_an_opt_out_does_not_wait_for_a_person(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(Title="Buyer", HasOptedOutOfEmail=True)
    person.in_hubspot(jobtitle="Seller")
    with pytest.raises(
        ConflictsOpen, match=r"1 fields differ .*; only opt-outs were written \(1\)"
    ):
        pair.sync()
    assert person.at_hubspot("hs_email_optout") == "true"
    assert (person.at_salesforce("Title"), person.at_hubspot("jobtitle")) == ("Buyer", "Seller")
    pair.forget_requests()
    with pytest.raises(ConflictsOpen, match="nothing was written"):
        pair.sync()
    assert not pair.writes()


def test_a_limit_stops_the_night_before_anything_is_written(person: Person) -> None:
    pair = person.pair
    pair.project("limits: {rewrites: {at_most: 0}}\n")
    person.in_salesforce(Title="Director")
    with pytest.raises(LimitExceeded) as caught:
        pair.sync()
    assert caught.value.exit_code == 7
    assert not pair.writes()
    applied = pair.sync(Permission({"rewrites": 1})).applied
    assert applied is not None
    assert applied.written == 1


@pytest.mark.slow
def test_the_night_finishes_what_the_last_one_left(person: Person) -> None:
    person.in_salesforce(Title="Director")
    pair = person.pair
    pair.plan()

    def dies(name: str) -> None:
        if name == "after INTENT":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pair.apply(at=dies)
    with pytest.raises(RunUnfinished):
        pair.plan()
    assert pair.sync().applied is None
    assert person.at_hubspot("jobtitle") == "Director"


@pytest.mark.slow
def test_a_blocking_audit_keeps_a_record_out_but_not_its_consent(person: Person) -> None:
    pair = person.pair
    (pair.folder / "audits" / "Z01_no_city.sql").write_text(BLOCKING)
    pair.reopen()
    person.in_salesforce(Title="Director", HasOptedOutOfEmail=True)
    pair.sync()
    assert person.at_hubspot("hs_email_optout") == "true"
    assert person.at_hubspot("jobtitle") == "Analyst"
    person.in_salesforce(MailingCity="Vigo")
    pair.sync()
    assert person.at_hubspot("city") == "Vigo"
    assert person.at_hubspot("jobtitle") == "Director"


@pytest.mark.slow
def test_a_read_that_broke_off_creates_nothing_there_and_stops_no_update(pair: Pair) -> None:
    """HubSpot's second page is lost: who is on it may be there, whatever the first page says.

    So nobody is created there, and nobody is linked anew: the better partner may be on the lost page.
    """
    ana = met(pair, "Ana")
    pair.night()
    pair.salesforce("Contact", ana[0], MobilePhone="+34600111222")
    for number in range(100):
        pair.hubspot("contacts", lastname="Gil", email=f"n{number}@people.example")
    pair.salesforce("Contact", LastName="Paz", Email="luz@people.example")
    pair.hubspot("contacts", lastname="Paz", email="luz@people.example")
    pair.salesforce("Contact", LastName="Mar", Email="new@people.example")
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.only, hubspot.always = "/contacts?", second_page_breaks_off
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        pulled = pair.pull()
        plan = make_plan(pair.workspace, to=pair.plan_file)
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert not pulled.complete
    assert not [c for c in changes_of(plan) if (c.action, c.system) == ("create", "hubspot")]
    assert not [
        each for each in plan.lines if isinstance(each, LinkLine) and each.entity == "contact"
    ]
    pair.apply(Permission({"creates": 100, "shrunken": 1}))
    assert pair.of_hubspot("contacts", ana[1])["mobilephone"] == "+34600111222"


def second_page_breaks_off(seen: Seen, forward: Callable[[], Reply]) -> Reply:
    """The first page comes whole; of the next one, only half of the answer. Lists of mere ids are spared."""
    breaks = "after=" in seen.path and "email" in seen.path
    return cuts(seen, forward) if breaks else forward()


@pytest.mark.slow
def test_a_field_that_vanished_is_frozen_and_reported(person: Person) -> None:
    pair = person.pair
    pair.servers.salesforce.hide_field("Contact", "Title")
    person.in_hubspot(jobtitle="Director", mobilephone="+34600111222")
    assert pair.pull().vanished == ("salesforce Contact.Title",)
    pair.night()
    assert person.at_salesforce("MobilePhone") == "+34600111222"
    pair.servers.salesforce.show_field("Contact", "Title")
    assert person.at_salesforce("Title") == "Analyst"
    pair.night()
    assert person.at_salesforce("Title") == "Director"
    assert person.at_hubspot("jobtitle") == "Director"


@pytest.mark.slow
def test_a_mapping_line_taken_out_writes_nothing(person: Person) -> None:
    pair = person.pair
    text = (pair.folder / "mappings" / "contact.yml").read_text()
    start = text.index("  - field: job_title")
    pair.mapping("contact", (text[start : text.index("  - field:", start + 5)], ""))
    person.in_salesforce(Title="Director")
    assert is_quiet(pair.plan())
    assert pair.sync().applied is None
    assert person.at_hubspot("jobtitle") == "Analyst"


@pytest.mark.slow
def test_with_the_state_lost_nobody_is_created_twice(pair: Pair) -> None:
    new = pair.salesforce("Contact", FirstName="Noa", LastName="Gil", Email="noa@gil.example")
    pair.night()
    key = key_of(pair, "contact", new)
    # Its address changes in one system: only the key on the record that was created still says who it is.
    pair.salesforce("Contact", new, Email="other@gil.example")
    for file in pair.workspace.state.glob("state.db*"):
        file.unlink()
    with pytest.raises(StoreFailed, match="was lost"):
        pair.plan()
    (pair.workspace.state / "plans").rename(pair.workspace.state / "plans-before")
    plan = pair.plan()
    assert not [change for change in changes_of(plan) if change.action == "create"]
    pair.apply()
    assert key_of(pair, "contact", new) == key
    assert pair.servers.hubspot.tables.count("contacts") == 1
    assert conflicts(plan) == {"email"}


# Golden days


def lines(plan: Any) -> list[dict[str, Any]]:
    """What a plan does to which cells, without ids."""
    return [
        {"system": c.system, "cells": {cell.field: (cell.before, cell.after) for cell in c.cells}}
        for c in changes_of(plan)
    ]


def test_d1_the_same_edit_on_both_sides_is_no_work(person: Person) -> None:
    person.in_salesforce(Title="Director")
    person.in_hubspot(jobtitle="Director")
    pair = person.pair
    plan = pair.plan()
    assert not changes_of(plan)
    assert not conflicts(plan)
    pair.apply()
    assert not pair.writes()
    assert {side["job_title"] for side in person.base.values()} == {"Director"}


@pytest.mark.slow
def test_d2_different_fields_of_one_contact_both_go_over_in_one_request_a_side(
    person: Person,
) -> None:
    person.in_salesforce(Phone="+34911999999")
    person.in_hubspot(jobtitle="Director")
    pair = person.pair
    assert lines(pair.plan()) == [
        {"system": "hubspot", "cells": {"phone": ("+34911234567", "+34911999999")}},
        {"system": "salesforce", "cells": {"job_title": ("Analyst", "Director")}},
    ]
    pair.apply()
    assert len(pair.writes()) == 2
    assert (person.at_salesforce("Title"), person.at_hubspot("phone")) == (
        "Director",
        "+34911999999",
    )


def test_d3_two_values_for_one_field_ask_a_person(person: Person) -> None:
    person.in_salesforce(Title="Buyer")
    person.in_hubspot(jobtitle="Seller")
    plan = person.pair.plan()
    line, label = plan.lines
    assert (label.key, label.text) == (line.key, "Ana Ruiz"), "whom it is about is told beside it"
    assert orjson.loads(orjson.dumps(line.sides)) == {"hubspot": "Seller", "salesforce": "Buyer"}
    with pytest.raises(ConflictsOpen):
        person.pair.sync()
    assert not person.pair.writes()


@pytest.mark.slow
def test_d44_a_picklist_value_the_mapping_does_not_know_blanks_nothing(pair: Pair) -> None:
    company = {"Name": "Acme", "Website": "acme.example"}
    account = pair.salesforce("Account", **company)
    pair.hubspot("companies", name="Acme", domain="acme.example")
    day = {"CloseDate": "2027-01-31", "AccountId": account}
    deal = pair.salesforce("Opportunity", Name="Renewal", StageName="Prospecting", **day)
    other = pair.hubspot(
        "deals", dealname="Renewal", dealstage="appointmentscheduled", closedate="2027-01-31"
    )
    (one,) = pair.servers.hubspot.tables.ids("companies")
    pair.servers.hubspot.associate("deals", other, "companies", one, [5])
    pair.night()
    pair.salesforce("Opportunity", deal, StageName="Kick-off")
    pair.forget_requests()
    plan = pair.plan()
    assert not changes_of(plan)
    pair.apply()
    assert not pair.writes()
    assert pair.of_hubspot("deals", other)["dealstage"] == "appointmentscheduled"
    assert pair.of_salesforce("Opportunity", deal)["StageName"] == "Kick-off"


@pytest.mark.slow
def test_d46_a_long_text_is_cut_once_where_it_must_be(person: Person) -> None:
    pair = person.pair
    long = "Director of everything that happens here " * 8
    person.in_hubspot(jobtitle=long.strip())
    pair.night()
    kept = person.at_salesforce("Title")
    assert kept == long[: len(kept)]
    assert len(kept) >= 127
    pair.forget_requests()
    for _ in range(2):
        assert is_quiet(pair.plan())
    assert not pair.writes()
    assert person.at_hubspot("jobtitle") == long.strip()


@pytest.mark.slow
def test_d49_two_ways_to_write_one_value_are_no_work(person: Person) -> None:
    pair = person.pair
    person.in_salesforce(
        Title="Jefe  de ventas ",
        FirstName="Jose\u0301",
        Phone="(+34) 911 999 999",
        Email="ANA@People.example",
    )
    person.in_hubspot(
        jobtitle="Jefe de ventas",
        firstname="José",
        phone="0034911999999",
        email="ana@people.example",
    )
    assert not changes_of(pair.plan())
    pair.apply()
    assert not pair.writes()
    assert is_quiet(pair.plan())


@pytest.mark.slow
def test_d49_amounts_are_compared_as_numbers(pair: Pair) -> None:
    day = {"StageName": "Prospecting", "CloseDate": "2027-01-31"}
    account = pair.salesforce("Account", Name="Acme", Website="acme.example")
    company = pair.hubspot("companies", name="Acme", domain="acme.example")
    pair.salesforce("Opportunity", Name="Renewal", Amount=1.1, AccountId=account, **day)
    stage = {"dealstage": "appointmentscheduled", "closedate": "2027-01-31"}
    # what Salesforce gives an opportunity of its own accord
    given = {"hs_manual_forecast_category": "PIPELINE", "deal_currency_code": "EUR"}
    deal = pair.hubspot("deals", dealname="Renewal", amount="1.10", **stage, **given)
    pair.servers.hubspot.associate("deals", deal, "companies", company, [5])
    plan = pair.plan()
    assert not changes_of(plan)
    assert plan.header.counts["links"] == 2
