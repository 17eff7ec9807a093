"""Somebody else's tables end up in a sandbox, and every row and column is accounted for."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.load import (
    ColumnReport,
    HttpTarget,
    LoadError,
    LoadReport,
    TableReport,
    WorldTarget,
    load,
)
from crmsync.sandbox.load_routes import load_routes
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.seeding.ids import salesforce_id
from crmsync.sandbox.tables import Tables

SCRIPT = """
BEGIN TRANSACTION;
CREATE TABLE "Account" (id INTEGER NOT NULL, "Name" VARCHAR, parent_id VARCHAR,
    "Segment__c" VARCHAR, "Score__c" VARCHAR, "Vip__c" VARCHAR, "Since__c" VARCHAR,
    "Code__c" VARCHAR, "RecordTypeId" VARCHAR, PRIMARY KEY (id));
INSERT INTO "Account" VALUES(1,'Norte','2','A','1.5','true','2020-01-31','007','0128');
INSERT INTO "Account" VALUES(2,'Matriz',NULL,'B','-3','False','2021-12-01','8','');
CREATE TABLE "Account_rt_mapping" (record_type_id VARCHAR, developer_name VARCHAR);
INSERT INTO "Account_rt_mapping" VALUES('0128','Organization');
CREATE TABLE contacts (id INTEGER, first_name TEXT, last_name TEXT, account_id TEXT,
    email TEXT, has_opted_out_of_email TEXT, name TEXT, home_account__c TEXT);
INSERT INTO contacts VALUES(1,'Ana','Díaz','1','ana@norte.example','True','Ana Díaz','1.0');
INSERT INTO contacts VALUES(2,'Luis','Gil','99','','','','2');
CREATE TABLE opportunity (id INTEGER, name TEXT, stage_name TEXT, close_date TEXT, amount TEXT,
    account_id TEXT, primary_contact__c TEXT);
INSERT INTO opportunity VALUES(7,'Piloto','Closed Won','2020-12-22T21:16:01Z','12.50','1','1');
INSERT INTO opportunity VALUES(8,'Otra','Prospecting','someday','a lot','2','2');
CREATE TABLE opportunity_contact_role (id INTEGER, opportunity_id TEXT, contact_id TEXT,
    role TEXT, is_primary TEXT);
INSERT INTO opportunity_contact_role VALUES(1,'7','1','Evaluator','1');
INSERT INTO opportunity_contact_role VALUES(2,'7','55','Evaluator','0');
COMMIT;
"""


def salesforce() -> SalesforceWorld:
    return SalesforceWorld(Tables("salesforce"), Clock())


def hubspot() -> HubspotWorld:
    return HubspotWorld(Tables("hubspot"), Clock())


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def rows(world: SalesforceWorld, name: str, by: str) -> dict[str, dict[str, Any]]:
    return {row[by]: row for _, row in world.tables.rows(name)}


def properties(world: HubspotWorld, name: str, by: str) -> dict[str, dict[str, Any]]:
    return {row["properties"][by]: row["properties"] for _, row in world.tables.rows(name)}


def table(report: LoadReport, name: str) -> TableReport:
    return next(one for one in report.tables if one.table == name)


def column(report: LoadReport, table_name: str, name: str) -> ColumnReport:
    return next(one for one in table(report, table_name).columns if one.column == name)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "org.sql"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def loaded(script: Path) -> tuple[SalesforceWorld, LoadReport]:
    world = salesforce()
    return world, load(script, WorldTarget(world), "salesforce")


Loaded = tuple[SalesforceWorld, LoadReport]


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


def test_an_sqlite_file_loads_like_its_script_and_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
    connection.close()
    before = path.read_bytes()
    world = salesforce()
    assert load(path, WorldTarget(world), "salesforce").rows_loaded == 7
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["org.db"]


@pytest.mark.parametrize(
    "statement",
    ["ATTACH DATABASE '{}' AS other; CREATE TABLE other.t (a);", "VACUUM INTO '{}';"],
)
def test_a_script_cannot_reach_another_file(tmp_path: Path, statement: str) -> None:
    victim, path = tmp_path / "victim.db", tmp_path / "evil.sql"
    path.write_text(statement.format(victim), encoding="utf-8")
    with pytest.raises(LoadError, match=r"evil\.sql"):
        load(path, WorldTarget(salesforce()), "salesforce")
    assert not victim.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.sql", b"CREATE TABLE t (a; INSERT"),
        ("noise.db", b"SQLite format 3\x00" + b"noise" * 50),
        ("empty.sql", b""),
        ("bytes.bin", bytes(range(256))),
    ],
)
def test_what_cannot_be_read_is_a_clear_error(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LoadError, match=name):
        load(tmp_path / name, WorldTarget(salesforce()), "salesforce")


def test_a_missing_path_an_empty_folder_or_a_strange_system_is_a_clear_error(
    tmp_path: Path,
) -> None:
    target = WorldTarget(salesforce())
    with pytest.raises(LoadError, match="no such file"):
        load(tmp_path / "nothing.sql", target, "salesforce")
    with pytest.raises(LoadError, match=r"no \.csv"):
        load(tmp_path, target, "salesforce")
    with pytest.raises(LoadError, match="no system 'pipedrive'"):
        load(tmp_path, target, "pipedrive")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_any_usual_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    lines = ["Name", "BillingCity"], ['"Peña, S.L.; y|otros"', "Cáceres"]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "Accounts.csv").write_bytes(text.encode(encoding))
    world = salesforce()
    load(tmp_path, WorldTarget(world), "salesforce")
    assert rows(world, "Account", "Name")["Peña, S.L.; y|otros"]["BillingCity"] == "Cáceres"


def test_csv_cells_may_hold_line_breaks_and_short_rows_are_padded(tmp_path: Path) -> None:
    written(tmp_path, account='Name,Description,Phone\n"A","one\ntwo",1\n\nB\n')
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    accounts = rows(world, "Account", "Name")
    assert accounts["A"]["Description"] == "one\ntwo"
    assert accounts["B"].get("Phone") is None
    assert report.rows_read == report.rows_loaded == 2


def test_a_row_with_too_many_cells_is_rejected_and_shifts_no_reference(tmp_path: Path) -> None:
    written(
        tmp_path,
        Accounts="Name\nA\nB,extra\nC\n",
        Contacts="LastName,accountId\nUno,@AccountRef3\n",
    )
    world = salesforce()
    report = load(tmp_path, WorldTarget(world), "salesforce")
    (tally,) = table(report, "Accounts").rejected
    assert (tally.what, tally.examples) == ("more cells than columns", ("row 2",))
    accounts = rows(world, "Account", "Name")
    assert rows(world, "Contact", "LastName")["Uno"]["AccountId"] == accounts["C"]["Id"]


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


HUBSPOT_FILES = {
    "owners": "id,email,firstName\n4,eva@ventas.example,Eva\n",
    "companies": "id,name,domain,parent_id\n1,Norte,norte.example,2\n2,Matriz,matriz.example,\n",
    "contacts": "id,First Name,lastname,email,company_id,owner id,Favourite Colour\n"
    "1,Ana,Díaz,ANA@norte.example,1,4,azul\n2,Luis,Gil,luis@norte.example,,,\n",
    "deals": "id,dealname,amount,closedate,dealstage,company_id\n"
    "9,Piloto,12.50,2026-01-31,closedwon,1\n",
    "deals_contacts": "id,deal_id,contact_id,role\n1,9,1,Sponsor\n2,9,77,\n",
}


@pytest.fixture
def portal(tmp_path: Path) -> tuple[HubspotWorld, LoadReport]:
    world = hubspot()
    written(tmp_path, **HUBSPOT_FILES)
    return world, load(tmp_path, WorldTarget(world), "hubspot")


def tie_types(world: HubspotWorld, of: str, id_: str, to: str) -> dict[str, set[int]]:
    return {far: set(types) for far, types in world.portal.ties.of(of, id_, to).items()}


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


# -- a running sandbox -------------------------------------------------------------------------


@contextmanager
def served(world: Any) -> Iterator[str]:
    """The URL of a server for the load route only; calls queue until it accepts."""
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=load_routes(world)), log_level="warning", lifespan="off")
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(5)


def test_a_running_sandbox_is_filled_as_one_in_process(
    script: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    world = salesforce()
    with served(world) as url:
        report = load(script, HttpTarget(url, world.token, "salesforce"), "salesforce")
    assert report == loaded[1]
    for name in ("Account", "Contact", "Opportunity", "OpportunityContactRole"):
        assert world.tables.ids(name) == loaded[0].tables.ids(name)


def test_a_running_portal_takes_associations_and_properties(tmp_path: Path) -> None:
    world = hubspot()
    written(tmp_path, **HUBSPOT_FILES)
    with served(world) as url:
        report = load(tmp_path, HttpTarget(url, world.token, "hubspot"), "hubspot")
    assert report.rows_loaded == 7
    ana = properties(world, "contacts", "lastname")["Díaz"]
    assert ana["favourite_colour"] == "azul"
    assert len(tie_types(world, "contacts", ana["hs_object_id"], "deals")) == 1


def test_only_listed_methods_can_be_called_from_outside() -> None:
    world = salesforce()
    with served(world) as url:
        target = HttpTarget(url, world.token, "salesforce")
        (result,) = target.call_all("reload", [[]])
        assert "no method 'reload'" in result["error"]
        (result,) = target.call_all("put", [["Nothing", {}]])
        assert "Nothing" in result["error"]
        (result,) = target.call_all("put", [[]])
        assert "error" in result


def test_a_sandbox_that_does_not_answer_is_a_clear_error(script: Path) -> None:
    with pytest.raises(LoadError, match="no sandbox answers"):
        load(script, HttpTarget("http://127.0.0.1:9", "", "salesforce"), "salesforce")
    with pytest.raises(LoadError, match="http://"):
        load(script, HttpTarget("file:///etc/hosts", "", "salesforce"), "salesforce")
