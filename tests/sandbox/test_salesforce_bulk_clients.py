"""simple-salesforce's bulk2 against the simulated Bulk API: nobody here wrote that client."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

from crmsync.sandbox.salesforce.world import SalesforceWorld

FAST = {"wait": 0.01}


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_inserts_and_reads_back_page_by_page(sf: Any, org: SalesforceWorld) -> None:
    names = [f"Muñoz\n{number} “x”, 'y'" for number in range(5)]
    records = [{"LastName": name} for name in names]
    (told,) = sf.bulk2.Contact.insert(records=records, line_ending="LF", **FAST)
    assert (told["numberRecordsTotal"], told["numberRecordsFailed"]) == (5, 0)
    pages = list(sf.bulk2.Contact.query("SELECT LastName FROM Contact", max_records=2, **FAST))
    assert [len(table(page)) for page in pages] == [2, 2, 1]
    assert [row["LastName"] for page in pages for row in table(page)] == names
    assert org.tables.count("Contact") == 5


def test_it_downloads_to_files(sf: Any, org: SalesforceWorld, tmp_path: Path) -> None:
    for number in range(3):
        org.put("Contact", {"LastName": f"Name {number}"})
    told = sf.bulk2.Contact.download(
        "SELECT Id, LastName FROM Contact", path=str(tmp_path), max_records=2, **FAST
    )
    found = [row["LastName"] for part in told for row in table(Path(part["file"]).read_text())]
    assert found == ["Name 0", "Name 1", "Name 2"]


def test_it_updates_upserts_and_deletes(sf: Any, org: SalesforceWorld) -> None:
    known = org.put("Contact", {"LastName": "Ruiz", "crmsync_key__c": "k-1", "Title": "CEO"})
    contacts = sf.bulk2.Contact
    contacts.update(records=[{"Id": known, "LastName": "Changed", "Title": "#N/A"}], **FAST)
    row = org.tables.get("Contact", known) or {}
    assert (row["LastName"], row["Title"]) == ("Changed", None)
    records = [{"crmsync_key__c": key, "LastName": key} for key in ("k-1", "k-2")]
    (told,) = contacts.upsert(records=records, external_id_field="crmsync_key__c", **FAST)
    results = contacts.get_all_ingest_records(told["job_id"])
    assert {row["crmsync_key__c"]: row["sf__Created"] for row in results["successfulRecords"]} == {
        "k-1": "false",
        "k-2": "true",
    }
    assert (results["failedRecords"], results["unprocessedRecords"]) == ([], [])
    contacts.delete(records=[{"Id": known}], **FAST)
    assert (org.tables.get("Contact", known) or {})["IsDeleted"] is True
    (new,) = [id_ for id_, row in org.tables.rows("Contact") if not row.get("IsDeleted")]
    contacts.hard_delete(records=[{"Id": new}], **FAST)
    assert org.tables.get("Contact", new) is None
    pages = contacts.query_all("SELECT Id FROM Contact", **FAST)
    assert [row["Id"] for page in pages for row in table(page)] == [known]


def test_it_sees_failed_rows_failed_jobs_and_refusals(sf: Any, org: SalesforceWorld) -> None:
    contacts = sf.bulk2.Contact
    (told,) = contacts.insert(records=[{"LastName": "Ruiz", "Email": "bad"}], **FAST)
    assert told["numberRecordsFailed"] == 1
    (row,) = table(contacts.get_failed_records(told["job_id"]))
    assert row["sf__Error"].startswith("INVALID_EMAIL_ADDRESS:")
    with pytest.raises(SalesforceOperationError, match="Field name not found : Nope"):
        contacts.insert(records=[{"LastName": "Ruiz", "Nope": "x"}], **FAST)
    with pytest.raises(SalesforceMalformedRequest, match="compound data"):
        list(contacts.query("SELECT MailingAddress FROM Contact", **FAST))


def test_deleting_a_job_answers_nothing_which_that_client_does_not_expect(
    sf: Any, org: SalesforceWorld
) -> None:
    (told,) = sf.bulk2.Contact.insert(records=[{"LastName": "Ruiz"}], **FAST)
    with pytest.raises(json.JSONDecodeError):
        sf.bulk2.Contact._client.delete_job(told["job_id"], False)
    assert org.bulk.jobs == {}
