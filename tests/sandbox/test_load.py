"""Somebody else's tables end up in a sandbox, and every row and column is accounted for."""

from __future__ import annotations

from pathlib import Path

import load_scripts
import pytest
from load_scripts import Loaded, column, rows, salesforce, table, written

from crmsync.sandbox.load import (
    WorldTarget,
    load,
)
from crmsync.sandbox.seeding.ids import salesforce_id

script = load_scripts.script
loaded = load_scripts.loaded


def test_tables_are_named_after_objects_whatever_case_underscores_or_plural(loaded: Loaded) -> None:
    world, report = loaded
    found = {one.table: one.object for one in report.tables}
    assert found == {
        "Account": "Account",
        "Account_rt_mapping": None,
        "contacts": "Contact",
        "opportunity": "Opportunity",
        "opportunity_contact_role": "OpportunityContactRole",
    }
    assert set(rows(world, "Account", "Name")) == {"Norte", "Matriz"}


def test_every_row_read_is_loaded_or_rejected_with_a_reason(loaded: Loaded) -> None:
    _, report = loaded
    for one in report.tables:
        if one.object:
            assert one.rows_read == one.rows_loaded + sum(t.count for t in one.rejected)
        else:
            assert one.reason
    assert (report.rows_read, report.rows_loaded) == (9, 7)


def test_local_ids_become_real_ones_and_references_follow(loaded: Loaded) -> None:
    world, _ = loaded
    accounts, contacts = rows(world, "Account", "Name"), rows(world, "Contact", "LastName")
    deals = rows(world, "Opportunity", "Name")
    assert contacts["Díaz"]["AccountId"] == accounts["Norte"]["Id"]
    assert deals["Piloto"]["AccountId"] == accounts["Norte"]["Id"]
    (_, role), *_ = world.tables.rows("OpportunityContactRole")
    assert role["ContactId"] == contacts["Díaz"]["Id"]
    assert role["OpportunityId"] == deals["Piloto"]["Id"]


def test_a_record_may_refer_to_a_later_one_of_its_own_table(loaded: Loaded) -> None:
    accounts = rows(loaded[0], "Account", "Name")
    assert accounts["Norte"]["ParentId"] == accounts["Matriz"]["Id"]


def test_a_reference_that_leads_nowhere_is_blank_and_reported(loaded: Loaded) -> None:
    world, report = loaded
    assert rows(world, "Contact", "LastName")["Gil"].get("AccountId") is None
    (tally,) = table(report, "contacts").unresolved
    assert (tally.what, tally.count, tally.examples) == ("account_id -> Account", 1, ("99",))


def test_a_role_without_its_contact_is_rejected(loaded: Loaded) -> None:
    world, report = loaded
    assert world.tables.count("OpportunityContactRole") == 1
    (tally,) = table(report, "opportunity_contact_role").rejected
    assert (tally.what, tally.count, tally.examples) == ("no ContactId", 1, ("row 2",))


@pytest.mark.parametrize(
    ("field", "type_", "value"),
    [
        ("Segment__c", "string", "A"),
        ("Score__c", "double", 1.5),
        ("Vip__c", "boolean", True),
        ("Since__c", "date", "2020-01-31"),
        ("Code__c", "string", "007"),
    ],
)
def test_custom_columns_become_custom_fields_of_the_type_their_values_have(
    loaded: Loaded, field: str, type_: str, value: object
) -> None:
    world, report = loaded
    shape = world.shape("Account")
    assert shape is not None
    assert shape.stored(field).type == type_
    assert rows(world, "Account", "Name")["Norte"][field] == value
    assert column(report, "Account", field).outcome == "created"


def test_a_custom_column_named_after_a_loaded_object_becomes_a_lookup(loaded: Loaded) -> None:
    world, _ = loaded
    shape = world.shape("Opportunity")
    assert shape is not None
    assert shape.stored("primary_contact__c").reference_to == ("Contact",)
    contacts = rows(world, "Contact", "LastName")
    assert rows(world, "Opportunity", "Name")["Otra"]["primary_contact__c"] == contacts["Gil"]["Id"]
    # Local ids that a spreadsheet has turned into 1.0 are still ids.
    accounts = rows(world, "Account", "Name")
    assert contacts["Díaz"]["home_account__c"] == accounts["Norte"]["Id"]


def test_a_column_the_org_lacks_is_left_out_with_reason_and_count(loaded: Loaded) -> None:
    left = column(loaded[1], "Account", "RecordTypeId")
    assert left.outcome == "left out"
    assert left.reason == "Account has no such field; 1 filled cells"


def test_a_value_the_system_works_out_itself_is_left_out(loaded: Loaded) -> None:
    assert "worked out" in column(loaded[1], "contacts", "name").reason


def test_values_take_the_type_of_their_field_and_unreadable_ones_are_reported(
    loaded: Loaded,
) -> None:
    world, report = loaded
    deals = rows(world, "Opportunity", "Name")
    assert deals["Piloto"]["Amount"] == 12.5
    assert deals["Piloto"]["CloseDate"] == "2020-12-22"
    assert rows(world, "Contact", "LastName")["Díaz"]["HasOptedOutOfEmail"] is True
    assert deals["Otra"].get("Amount") is None
    told = {tally.what: tally.examples for tally in table(report, "opportunity").cells}
    assert told == {"amount is no currency": ("a lot",), "close_date is no date": ("someday",)}


def test_the_report_reads_as_plain_text(loaded: Loaded) -> None:
    text = loaded[1].as_text()
    assert text.splitlines()[0] == "org.sql into salesforce: 7 of 9 rows loaded"
    assert "Account_rt_mapping: not loaded, 1 rows (salesforce has no object of that name)" in text
    assert "  rejected: no ContactId: 1 (for example 'row 2')" in text
    assert "first_name -> FirstName" in text


def test_a_reference_may_be_the_name_of_one_parent_but_not_of_two(tmp_path: Path) -> None:
    written(
        tmp_path,
        Accounts="Name\nÚnica\nDoble\nDoble\n",
        Contacts="LastName,AccountId\nUno,única\nDos,Doble\n",
    )
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    people = rows(world, "Contact", "LastName")
    assert people["Uno"]["AccountId"] == rows(world, "Account", "Name")["Única"]["Id"]
    assert people["Dos"].get("AccountId") is None
    assert [t.examples for t in table(report, "Contacts").unresolved] == [("Doble",)]
    assert [t.what for t in table(report, "Contacts").resolved] == ["AccountId, by name"]


def test_a_local_id_that_two_rows_share_resolves_to_neither(tmp_path: Path) -> None:
    written(tmp_path, Account="Id,Name\n1,A\n1,B\n", Contact="LastName,AccountId\nUno,1\n")
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    assert rows(world, "Contact", "LastName")["Uno"].get("AccountId") is None
    assert table(report, "Contact").unresolved[0].count == 1


def test_a_second_column_for_a_field_is_left_out(tmp_path: Path) -> None:
    written(tmp_path, Account="Name,billing_city,BillingCity\nA,Vigo,Lugo\n")
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    assert rows(world, "Account", "Name")["A"]["BillingCity"] == "Vigo"
    left = column(report, "Account", "BillingCity")
    assert left.reason == "billing_city is already BillingCity; 1 filled cells"


def test_salesforce_ids_and_stamps_of_a_real_pull_are_kept(tmp_path: Path) -> None:
    one, two = salesforce_id("Account", 5), salesforce_id("Account", 6)
    then = "2024-02-03T04:05:06.000+0000"
    text = f"Id,Name,ParentId,LastModifiedDate\n{one},Hija,{two},{then}\n{two},Madre,,{then}\n"
    world = salesforce()
    load(written(tmp_path, Account=text), WorldTarget(world), "salesforce")
    row = world.tables.get("Account", one)
    assert row is not None
    assert (row["Name"], row["ParentId"], row["LastModifiedDate"]) == ("Hija", two, then)
