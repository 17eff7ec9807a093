"""Loading rows into the simulated portal, and taking its state away and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hubspot_fixtures import COMPANIES, CONTACTS, DEALS, NOON, Served, serving

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.tables import Tables


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def portal(server: Served) -> Served:
    return server.reset()


def test_values_of_any_kind_are_kept_as_strings(portal: Served) -> None:
    portal.world.define_property("deals", "signed", "date", "date")
    values = {
        "dealname": "D",
        "amount": Decimal("1200.50"),
        "closedate": NOON,
        "signed": date(2026, 1, 2),
        "description": None,
    }
    id_ = portal.world.put("Deal", values)
    shown = portal.get(f"{DEALS}/{id_}", properties="amount,closedate,signed,description")
    told = {name: shown["properties"][name] for name in ("amount", "closedate", "signed")}
    assert told == {
        "amount": "1200.50",
        "closedate": "2026-03-02T12:00:00Z",
        "signed": "2026-01-02",
    }
    assert shown["properties"]["description"] is None


def test_a_deal_loaded_by_stage_knows_whether_it_is_won(portal: Served) -> None:
    id_ = portal.world.put("deals", {"dealname": "D", "dealstage": "closedwon"})
    shown = portal.get(f"{DEALS}/{id_}", properties="hs_is_closed_won,pipeline")["properties"]
    assert (shown["hs_is_closed_won"], shown["pipeline"]) == ("true", "default")


def test_loading_does_not_validate(portal: Served) -> None:
    id_ = portal.world.put("contacts", {"email": "not an address", "lifecyclestage": "Nonsense"})
    assert portal.contact(id_, "lifecyclestage")["lifecyclestage"] == "Nonsense"


def test_loading_adds_no_website_that_was_not_given(portal: Served) -> None:
    id_ = portal.world.put("companies", {"name": "Acme", "domain": "acme.example"})
    shown = portal.get(f"{COMPANIES}/{id_}", properties="website,lifecyclestage")["properties"]
    assert (shown["website"], shown["lifecyclestage"]) == (None, "lead")


def test_an_unknown_object_is_refused_by_name(portal: Served) -> None:
    with pytest.raises(ValueError, match="no object 'widgets'"):
        portal.world.put("widgets", {})


def test_an_id_that_is_no_number_is_refused(portal: Served) -> None:
    with pytest.raises(ValueError, match="a HubSpot id is a number, not 'c-1'"):
        portal.world.put("contacts", {"lastname": "A"}, id="c-1")
    with pytest.raises(ValueError, match="not 'c-1'"):
        portal.world.associate("contacts", "c-1", "deals", "5", [4])


def test_a_type_that_does_not_lead_there_is_refused(portal: Served) -> None:
    with pytest.raises(ValueError, match="type 279 does not lead from companies to contacts"):
        portal.world.associate("companies", "1", "contacts", "2", [279])


def test_ties_may_be_loaded_before_their_records(portal: Served) -> None:
    portal.world.associate("contact", "11", "company", "22", [1])
    portal.world.put("companies", {"name": "Acme"}, id="22")
    portal.world.put("contacts", {"lastname": "A"}, id="11")
    assert portal.contact("11", "associatedcompanyid")["associatedcompanyid"] == "22"
    told = portal.get(f"{COMPANIES}/22", properties="num_associated_contacts")
    assert told["properties"]["num_associated_contacts"] == "1"


def test_a_new_record_never_takes_an_id_that_was_loaded(portal: Served) -> None:
    loaded = portal.world.put("contacts", {"lastname": "A"}, id="734000000005")
    assert int(portal.world.put("contacts", {"lastname": "B"})) > int(loaded)


def test_ids_are_unique_only_within_an_object(portal: Served) -> None:
    assert portal.world.put("contacts", {}) == portal.world.put("companies", {})


def test_a_state_taken_away_comes_back_whole(portal: Served) -> None:
    control = f"{portal.url}/__control__/state"
    portal.world.define_property("contacts", "tier", "string", "text", hasUniqueValue=True)
    portal.world.put("owners", {"email": "o@example.com"})
    company = portal.world.put("companies", {"name": "Acme"})
    values = {"email": "a@example.com", "tier": "T1", "associatedcompanyid": company}
    id_ = portal.world.put("contacts", values)
    portal.patch(f"{CONTACTS}/{id_}", {"city": "Lima"})
    asked = {"propertiesWithHistory": "city", "associations": "companies"}
    before = portal.get(f"{CONTACTS}/{id_}", **asked)
    state = portal.http.get(control).json()

    portal.patch(f"{CONTACTS}/{id_}", {"city": "Cusco", "tier": "T2", "associatedcompanyid": ""})
    other = portal.world.put("contacts", {"email": "b@example.com"})
    assert portal.http.put(control, json=state).is_success

    assert portal.get(f"{CONTACTS}/{id_}", **asked) == before
    assert portal.get(f"{CONTACTS}/T1", idProperty="tier")["id"] == id_
    portal.call("GET", f"{CONTACTS}/{other}", 404)
    assert portal.post(CONTACTS, {"properties": {"email": "b@example.com"}}, 201)["id"] == other


def test_rows_are_loaded_over_the_side_door(portal: Served) -> None:
    body = {"object": "contacts", "records": [{"email": "a@example.com"}, {"id": "7", "city": "X"}]}
    told = portal.http.post(f"{portal.url}/__control__/put", json=body).json()
    assert told["ids"][1] == "7"
    assert len(portal.get(CONTACTS)["results"]) == 2


def test_a_portal_kept_in_a_file_is_the_same_after_a_restart(tmp_path: Path) -> None:
    tables = Tables("hubspot", tmp_path / "state.sqlite")
    world = HubspotWorld(tables, Clock())
    company = world.put("companies", {"name": "Acme"})
    contact = world.put("contacts", {"email": "a@example.com", "associatedcompanyid": company})
    world.define_property("contacts", "tier", "string", "text", label="Tier")
    tables.commit()
    again = HubspotWorld(Tables("hubspot", tmp_path / "state.sqlite"), Clock())
    assert again.tables.dump() == tables.dump()
    assert again.portal.holder("contacts", "email", "A@example.com") == contact
    assert again.portal.ties.of("companies", company, "contacts") == {contact: (2, 280)}
    assert again.portal.definitions("contacts")["tier"]["label"] == "Tier"
    assert again.put("contacts", {}) == str(int(contact) + 1)
