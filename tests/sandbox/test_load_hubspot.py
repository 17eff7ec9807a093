"""Somebody else's tables end up in the simulated portal: owners, properties, ties and the ids of an export."""

from __future__ import annotations

from pathlib import Path

import pytest
from load_scripts import HUBSPOT_FILES, column, hubspot, properties, table, tie_types, written

from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.load import (
    LoadReport,
    WorldTarget,
    load,
)


@pytest.fixture
def portal(tmp_path: Path) -> tuple[HubspotWorld, LoadReport]:
    world = hubspot()
    written(tmp_path, **HUBSPOT_FILES)
    return world, load(tmp_path, WorldTarget(world), "hubspot")


Portal = tuple[HubspotWorld, LoadReport]


def test_hubspot_rows_are_loaded_with_owner_and_new_properties(portal: Portal) -> None:
    world, report = portal
    ana = properties(world, "contacts", "lastname")["Díaz"]
    assert (ana["firstname"], ana["favourite_colour"]) == ("Ana", "azul")
    ((owner_id, _),) = world.tables.rows("owners")
    assert ana["hubspot_owner_id"] == owner_id
    assert world.portal.definitions("contacts")["favourite_colour"]["label"] == "Favourite Colour"
    assert column(report, "contacts", "Favourite Colour").outcome == "created"


def test_hubspot_values_are_text_in_the_form_of_their_type(portal: Portal) -> None:
    deal = properties(portal[0], "deals", "dealname")["Piloto"]
    assert (deal["amount"], deal["closedate"]) == ("12.50", "2026-01-31T00:00:00.000Z")


def test_hubspot_reference_columns_and_link_tables_become_associations(portal: Portal) -> None:
    world, report = portal
    companies = properties(world, "companies", "name")
    ana = properties(world, "contacts", "lastname")["Díaz"]
    deal = properties(world, "deals", "dealname")["Piloto"]
    norte, matriz = companies["Norte"]["hs_object_id"], companies["Matriz"]["hs_object_id"]
    assert ana["associatedcompanyid"] == norte
    assert tie_types(world, "contacts", ana["hs_object_id"], "companies") == {norte: {1, 279}}
    assert tie_types(world, "deals", deal["hs_object_id"], "companies") == {norte: {5, 341}}
    assert tie_types(world, "deals", deal["hs_object_id"], "contacts") == {ana["hs_object_id"]: {3}}
    assert 14 in tie_types(world, "companies", norte, "companies")[matriz]
    links = table(report, "deals_contacts")
    assert (links.object, links.rows_read, links.rows_loaded) == ("deals - contacts", 2, 1)
    assert links.rejected[0].what == "an end is not loaded"
    assert column(report, "deals_contacts", "role").outcome == "left out"


def test_the_first_of_several_companies_is_the_primary_one(tmp_path: Path) -> None:
    world = hubspot()
    written(
        tmp_path,
        companies="id,name\n1,Norte\n2,Sur\n",
        deals="id,dealname,company_id\n9,Piloto,2; 1\n",
    )
    load(tmp_path, WorldTarget(world), "hubspot")
    companies = properties(world, "companies", "name")
    deal = properties(world, "deals", "dealname")["Piloto"]["hs_object_id"]
    assert tie_types(world, "deals", deal, "companies") == {
        companies["Sur"]["hs_object_id"]: {5, 341},
        companies["Norte"]["hs_object_id"]: {341},
    }


def test_a_link_table_adds_to_the_primary_company_of_the_row_and_may_name_another(
    tmp_path: Path,
) -> None:
    world = hubspot()
    written(
        tmp_path,
        companies="id,name\n1,Norte\n2,Sur\n3,Este\n",
        contacts="id,lastname,company_id\n1,Uno,1\n2,Dos,\n",
        contact_company="contact_id,company_id\n1,2\n",
        companies_contacts_links="company_id,contact_id,is_primary\n2,2,no\n3,2,true\n",
    )
    load(tmp_path, WorldTarget(world), "hubspot")
    companies = properties(world, "companies", "name")
    ids = {name: row["hs_object_id"] for name, row in companies.items()}
    people = properties(world, "contacts", "lastname")
    one, two = (people[name]["hs_object_id"] for name in ("Uno", "Dos"))
    assert tie_types(world, "contacts", one, "companies") == {
        ids["Norte"]: {1, 279},
        ids["Sur"]: {279},
    }
    assert tie_types(world, "contacts", two, "companies") == {
        ids["Sur"]: {279},
        ids["Este"]: {1, 279},
    }


def test_hubspot_ids_of_a_real_export_are_kept(tmp_path: Path) -> None:
    world = hubspot()
    written(tmp_path, contacts="Record ID,email\n52107733,ana@norte.example\n")
    load(tmp_path, WorldTarget(world), "hubspot")
    assert world.tables.ids("contacts") == ["52107733"]


def test_tables_that_are_no_hubspot_object_are_not_loaded(tmp_path: Path) -> None:
    written(tmp_path, Opportunities="name\nA\nB\n", contacts_tickets="contact_id,ticket_id\n1,2\n")
    report = load(tmp_path, WorldTarget(hubspot()), "hubspot")
    assert [(one.object, one.rows_read) for one in report.tables] == [(None, 2), (None, 1)]
    assert report.rows_loaded == 0
