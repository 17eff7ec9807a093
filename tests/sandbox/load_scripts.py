"""What the tests of loading share: somebody's tables, loaded into an org or a portal of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.load import (
    ColumnReport,
    LoadReport,
    TableReport,
    WorldTarget,
    load,
)
from crmsync.sandbox.salesforce.world import SalesforceWorld
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
HUBSPOT_FILES = {
    "owners": "id,email,firstName\n4,eva@ventas.example,Eva\n",
    "companies": "id,name,domain,parent_id\n1,Norte,norte.example,2\n2,Matriz,matriz.example,\n",
    "contacts": "id,First Name,lastname,email,company_id,owner id,Favourite Colour\n"
    "1,Ana,Díaz,ANA@norte.example,1,4,azul\n2,Luis,Gil,luis@norte.example,,,\n",
    "deals": "id,dealname,amount,closedate,dealstage,company_id\n"
    "9,Piloto,12.50,2026-01-31,closedwon,1\n",
    "deals_contacts": "id,deal_id,contact_id,role\n1,9,1,Sponsor\n2,9,77,\n",
}


def tie_types(world: HubspotWorld, of: str, id_: str, to: str) -> dict[str, set[int]]:
    return {far: set(types) for far, types in world.portal.ties.of(of, id_, to).items()}
