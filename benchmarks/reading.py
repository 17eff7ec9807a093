"""One read of all contacts of a simulated CRM into Parquet, by the connector alone, in a process of its own.

`python -m benchmarks.reading URL TOKEN WAY STATE` with WAY `rest` or `bulk` (Salesforce), `list` or `ties` (HubSpot,
without or with ties to companies) prints one JSON line: records, calls, and the seconds from the first call to the last
byte on disk, imports left out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

SALESFORCE = (
    "FirstName", "LastName", "Email", "Phone", "MobilePhone", "Title", "Department", "AccountId", "OwnerId",
    "LeadSource", "MailingStreet", "MailingCity", "MailingState", "MailingPostalCode", "MailingCountry",
    "HasOptedOutOfEmail", "DoNotCall", "Birthdate", "Description", "LastModifiedDate",
)  # fmt: skip
HUBSPOT = (
    "firstname", "lastname", "email", "phone", "mobilephone", "jobtitle", "company", "associatedcompanyid",
    "hubspot_owner_id", "lifecyclestage", "address", "city", "state", "zip", "country", "hs_email_optout",
    "hs_lead_status", "hs_language", "website", "createdate",
)  # fmt: skip
WAYS: Mapping[str, tuple[str, str, tuple[str, ...], Mapping[str, str]]] = {
    "rest": ("salesforce", "Contact", SALESFORCE, {"bulk_above": "never"}),
    "bulk": ("salesforce", "Contact", SALESFORCE, {"bulk_above": "0"}),
    "list": ("hubspot", "contacts", HUBSPOT, {}),
    "ties": ("hubspot", "contacts", HUBSPOT, {}),
}


def main(url: str, token: str, way: str, state: str) -> None:
    """Reads once and says what it cost."""
    import pyarrow.parquet  # noqa: F401  # no part of the loop

    from crmsync.warehouse.snapshots import Reading, write_snapshot

    system, object_, fields, settings = WAYS[way]
    opens = import_module(f"crmsync.connectors.{system}.connector").open_connector
    now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
    connector = opens(system, {"url": url, "token": token, **settings}, now=now, writes=False)
    start = time.perf_counter()
    readings = [
        (Reading(system, object_, way, now.isoformat(), fields), connector.read(object_, fields))
    ]
    if way == "ties":
        ties = Reading(system, f"_associations.{object_}.companies", way, now.isoformat())
        readings.append((ties, connector.associations(object_, "companies")))
    manifests = [write_snapshot(Path(state), *each).manifest for each in readings]
    seconds = time.perf_counter() - start
    connector.close()
    problems = [each.problem for each in manifests if not each.complete]
    if problems or (way == "bulk" and connector.notes):
        raise SystemExit(f"{problems or connector.notes}")
    told = {"records": manifests[0].rows, "calls": connector.meter.made, "seconds": seconds}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:5])
