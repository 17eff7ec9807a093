"""Shapes that real data came in, with invented people: every row is a record, every odd value a finding.

API names in lower case, references by a name that is no id, a byte order mark, a report of two objects joined;
a database with snake case columns, all of them text, blanks as empty strings.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_data import Seen, look, over_exports, over_script, page

ACCOUNTS = """\
name,phone,fax,website,type,industry,NumberOfEmployees,annualrevenue,description,billingstreet,billingcity
Norte 7,1(302)555-0195,1(256)555-0162,http://norte.example/a.aspx,Advertiser,Catalogs,28549,5117586,Sample,4 Pass,Newark
Sur 8,1(260)555-0139,1(617)555-0127,http://sur.example/montes.jpg,Customer - Direct,Banking,12,7148094,-1E02,8 Court,Rye
"""
CONTACTS = """\
"lastName","firstName","email","accountId","title","phone"
"Ruiz","Ana","ana@norte.example","@AccountRef1","Statistician I","3025550182"
"Gil","Eva","eva at sur","@AccountRef2","Analyst","2605550142"
"""
DEALS = """\
"amount","closedate","description","name","StageName","accountId"
"119373.34","2026-12-22T21:16:01Z","Description","Starling","Id. Decision Makers","@AccountRef1"
"15065.74","2027-01-19T00:30:44Z","⁰⁴⁵","Pelican, white","Assigned dynamically","@AccountRef2"
"""
JOINED = """\
\ufeffAccount: Account Name,Account: Phone,Contact: First Name,Contact: Last Name,Contact: Email
Norte 7,3025550195,Ana,Ruiz,ana@norte.example
Sur 8,2605550139
"""
SCRIPT = """\
BEGIN TRANSACTION;
CREATE TABLE "Account" (id INTEGER NOT NULL, "Name" VARCHAR(255), "BillingCity" VARCHAR(255), PRIMARY KEY (id));
INSERT INTO "Account" VALUES(1,'Ruiz Household','Aurora');
CREATE TABLE "Contact" (id INTEGER NOT NULL, "Salutation" VARCHAR(255), "LastName" VARCHAR(255),
  "Email" VARCHAR(255), account_id VARCHAR(255), PRIMARY KEY (id));
INSERT INTO "Contact" VALUES(1,'Honorable','Ruiz','ana@people.example','1');
INSERT INTO "Contact" VALUES(2,'Ms.','Gil','','77');
INSERT INTO "Contact" VALUES(3,'','Paz','ana@people.example','');
CREATE TABLE "Opportunity" (id INTEGER NOT NULL, name VARCHAR(255), amount VARCHAR(255), stage_name VARCHAR(255),
  close_date VARCHAR(255), account_id VARCHAR(255), primary_contact__c VARCHAR(255), PRIMARY KEY (id));
INSERT INTO "Opportunity" VALUES(1,'Ruiz: 811','811.0','Closed Won','2016-11-25','1','1');
INSERT INTO "Opportunity" VALUES(2,'Gil: 177','one hundred','Pledged','25.11.2016','1','');
COMMIT;
"""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name, text in (("Accounts", ACCOUNTS), ("Contacts", CONTACTS), ("Opportunities", DEALS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Seen:
    (tmp_path / "org.sql").write_text(SCRIPT, encoding="utf-8")
    return look(*over_script(tmp_path / "org.sql", tmp_path / "org", "US"))


def test_exports_under_api_names_are_read_whole(exports: Path, tmp_path: Path) -> None:
    takes = {"Contact": "Contacts.csv"}
    seen = look(*over_exports(exports, tmp_path / "ws", "US", takes))
    assert seen.records == seen.rows == {"Account": 2, "Contact": 2, "Opportunity": 2}
    assert seen.unread == {
        ("company", "company_type"): 1,
        ("company", "industry"): 1,
        ("contact", "email"): 1,
        ("deal", "stage"): 1,
    }
    assert seen.findings == seen.unread
    assert seen.nowhere == {("contact", "company"): 2, ("deal", "company"): 2}
    (absent,) = [line for line in seen.told if "Account has no column" in line]
    assert "Fax" not in absent
    assert "Description" not in absent
    assert seen.adds_up


def test_a_joined_report_with_short_rows_keeps_them_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "joined"
    folder.mkdir()
    (folder / "Accounts-Contacts.csv").write_text(JOINED, encoding="utf-8")
    takes = {"Contact": "Accounts-Contacts.csv"}
    seen = look(*over_exports(folder, tmp_path / "ws", "US", takes))
    assert seen.records == {"Contact": 2}
    (told,) = [line for line in seen.told if "fewer cells than the header" in line]
    assert "row 3" in told
    assert seen.adds_up


def test_a_database_that_is_only_read_may_lack_what_the_mapping_names(database: Seen) -> None:
    assert database.records == database.rows == {"Account": 1, "Contact": 3, "Opportunity": 2}
    assert database.unread == {
        ("contact", "salutation"): 1,
        ("deal", "amount"): 1,
        ("deal", "close_date"): 1,
        ("deal", "stage"): 1,
    }
    assert database.findings == database.unread
    assert database.nowhere == {("contact", "company"): 1}
    assert any("Account has no column for" in line and "Website" in line for line in database.told)
    found = {result.audit.id: len(result.findings) for result in database.results}
    assert found["C05"] == 2


def test_the_page_shows_both_counts_and_what_they_are_about(database: Seen) -> None:
    text = "\n".join(page("org.sql", database))
    assert "| contact.salutation | 1 | 1 | 'Honorable' 1 |" in text
    assert text.endswith("Everything adds up.")
