"""Which records the simulated native connector makes, follows and gives up, and what it writes beside them."""

from __future__ import annotations

from typing import Any

import between_crms
import pytest
from between_crms import ANA, QUARTER, Between

served = between_crms.served
between = between_crms.between


def test_a_new_contact_of_hubspot_becomes_a_lead_written_by_its_own_user(between: Between) -> None:
    between.native(on=True)
    id_ = between.hs.post(
        "/crm/v3/objects/contacts", json={"properties": {"email": ANA, "firstname": "Ana"}}
    ).json()["id"]
    between.later()
    [lead] = between.salesforce.rows.ids("Lead")
    row = between.record(lead, "Lead")
    assert (row["LastName"], row["Company"]) == ("[not provided]", "[not provided]")
    assert row["CreatedById"] != between.salesforce.user_id
    assert between.contact(id_)["salesforceleadid"] == lead


def test_it_makes_contacts_or_nothing_if_told_to(between: Between) -> None:
    between.native(on=True, creates="nothing")
    body = {"properties": {"email": ANA, "lastname": "Ruiz"}}
    id_ = between.hs.post("/crm/v3/objects/contacts", json=body).json()["id"]
    between.later()
    assert not between.salesforce.rows.ids("Lead")
    between.native(creates="Contact")
    between.edit(id_, city="Lima")
    between.later()
    assert len(between.salesforce.rows.ids("Contact")) == 1


def test_a_new_lead_becomes_a_contact_even_outside_the_segment_but_its_changes_do_not_follow(
    between: Between,
) -> None:
    between.native(on=True, include={"lifecyclestage": ["customer"]})
    body = {"LastName": "Ruiz", "Company": "Uno", "Email": ANA}
    lead = between.sf.post("/services/data/v67.0/sobjects/Lead", json=body).json()["id"]
    between.later()
    hs = between.hubspot.portal.holder("contacts", "email", ANA)
    assert hs is not None
    between.change(lead, "Lead", Title="CEO")
    between.edit(hs, city="Lima")
    between.later()
    assert "jobtitle" not in between.contact(hs)
    assert between.record(lead, "Lead").get("City") is None
    between.edit(hs, lifecyclestage="customer")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"


def test_a_list_can_be_the_segment(between: Between) -> None:
    hs, sf = between.pair()
    other = between.hubspot.put("contacts", {"email": "gil@uno.example", "lastname": "Gil"})
    told = {"kind": "list", "object": "contacts", "name": "To Salesforce", "members": [hs]}
    segment = between.hs.post("/__control__/declare", json=told).json()["id"]
    between.native(on=True, segment=segment)
    between.edit(hs, city="Lima")
    between.edit(other, city="Quito")
    between.later()
    assert between.record(sf)["MailingCity"] == "Lima"
    assert not between.salesforce.rows.ids("Lead")


def test_of_two_with_one_address_the_one_changed_last_is_the_partner(between: Between) -> None:
    hs, first = between.pair()
    second = between.salesforce.put("Lead", {"Email": ANA, "LastName": "Ruiz", "Company": "Uno"})
    between.native(on=True)
    between.hubspot.clock.advance(1)
    between.change(second, "Lead", Title="CEO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CEO"
    between.change(first, Title="CFO")
    between.later()
    assert between.contact(hs)["jobtitle"] == "CFO"
    assert between.contact(hs)["salesforceleadid"] == second
    assert between.contact(hs)["salesforcecontactid"] == first


def test_a_converted_lead_is_followed_to_its_contact(between: Between) -> None:
    between.native(on=True)
    body = {"LastName": "Ruiz", "Company": "Uno", "Email": ANA}
    lead = between.sf.post("/services/data/v67.0/sobjects/Lead", json=body).json()["id"]
    between.later()
    made = between.sf.post("/__control__/convert", json={"lead": lead})
    assert made.status_code == 200, made.text
    between.later()
    hs = between.hubspot.portal.holder("contacts", "email", ANA)
    assert hs is not None
    [contact] = between.salesforce.rows.ids("Contact")
    assert between.contact(hs)["salesforcecontactid"] == contact
    assert between.contact(hs)["salesforceleadid"] == lead
    company = between.contact(hs)["associatedcompanyid"]
    row = between.hubspot.portal.row("companies", company)
    assert row is not None
    assert row["properties"]["name"] == "Uno"


def test_it_does_not_write_twice_what_it_wrote_once(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.change(sf, Title="CEO")
    between.later(2 * QUARTER)
    stamps = between.contact(hs)["lastmodifieddate"], between.record(sf)["SystemModstamp"]
    between.later(20 * QUARTER)
    assert stamps == (between.contact(hs)["lastmodifieddate"], between.record(sf)["SystemModstamp"])


def test_a_flow_that_fights_back_is_heard_of_the_next_time(between: Between) -> None:
    hs, sf = between.pair()
    flow = {"field": "MailingCity", "action": "upper"}
    body = {"kind": "flow", "name": "Shout", "object": "Contact", "does": flow}
    assert between.sf.post("/__control__/declare", json=body).status_code == 200
    between.native(on=True)
    between.edit(hs, city="Lima")
    between.later()
    assert (between.contact(hs)["city"], between.record(sf)["MailingCity"]) == ("Lima", "LIMA")
    between.later()
    assert between.contact(hs)["city"] == "LIMA"


def test_what_salesforce_refuses_is_a_sync_error_and_the_rest_goes_on(between: Between) -> None:
    hs, sf = between.pair()
    other = between.hubspot.put("contacts", {"email": "gil@uno.example", "lastname": "Gil"})
    between.native(on=True)
    between.edit(hs, phone="1" * 60, city="Lima")
    between.edit(other, city="Quito")
    between.later()
    errors = between.native()["errors"]
    assert errors.keys() == {f"contacts {hs}"}
    assert "STRING_TOO_LONG" in errors[f"contacts {hs}"]
    assert between.record(sf).get("MailingCity") is None
    assert len(between.salesforce.rows.ids("Lead")) == 1
    between.edit(hs, phone="1")
    between.later()
    assert between.native()["errors"] == {}
    assert between.record(sf)["MailingCity"] == "Lima"


def test_opportunities_become_deals_and_take_them_along_when_deleted(between: Between) -> None:
    between.native(on=True)
    body = {"Name": "Renewal", "StageName": "Closed Won", "CloseDate": "2026-12-01", "Amount": 5000}
    made = between.sf.post("/services/data/v67.0/sobjects/Opportunity", json=body).json()["id"]
    between.later()
    [deal] = between.hubspot.portal.objects["deals"].live
    row = between.hubspot.portal.row("deals", str(deal))
    assert row is not None
    kept = row["properties"]
    assert (kept["dealname"], kept["amount"], kept["dealstage"]) == ("Renewal", "5000", "closedwon")
    assert kept["closedate"] == "2026-12-01T00:00:00Z"
    assert kept["hs_salesforceopportunityid"] == made
    between.sf.delete(f"/services/data/v67.0/sobjects/Opportunity/{made}")
    between.later()
    assert between.hubspot.portal.objects["deals"].live == []


def test_activities_become_tasks_once(between: Between) -> None:
    hs, sf = between.pair()
    between.native(on=True)
    between.edit(hs, city="Lima")
    between.later()
    call = {"hs_timestamp": "2026-11-20T09:00:00Z", "hs_call_title": "Hello", "hs_call_body": "x"}
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]
    body = {"properties": call, "associations": [{"to": {"id": hs}, "types": spec}]}
    made = between.hs.post("/crm/v3/objects/calls", json=body)
    assert made.status_code == 201, made.text
    between.later(10 * QUARTER)
    [task] = between.salesforce.rows.ids("Task")
    row = between.record(task, "Task")
    assert (row["Subject"], row["Status"], row["WhoId"]) == ("Call: Hello", "Completed", sf)
    assert row["ActivityDate"] == "2026-11-20"
    assert between.native()["mirrored"] == {f"calls {made.json()['id']}": task}


def test_it_stops_when_its_calls_are_used_up_and_counts_them_for_the_org(between: Between) -> None:
    hs, sf = between.pair()
    before = between.salesforce.calls
    between.native(on=True, calls_a_day=4)
    between.edit(hs, city="Lima")
    between.later()
    assert between.salesforce.calls == before + 4
    assert between.record(sf).get("MailingCity") is None
    assert "used up" in between.native()["errors"]["connector"]


@pytest.mark.parametrize(
    "told",
    [
        {"of": True},
        {"creates": "Account"},
        {"period_s": 0},
        {"rules": {"contacts.nope": "two-way"}},
        {"rules": {"contacts.phone": "newest"}},
        {"rules": {"contacts.hubspot_owner_id": "prefer-salesforce"}},
    ],
)
def test_a_setting_it_has_not_is_refused(between: Between, told: dict[str, Any]) -> None:
    answer = between.hs.post("/__control__/native", json=told)
    assert answer.status_code == 400
    assert between.native()["on"] is False
