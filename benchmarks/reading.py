"""One read of all contacts of a simulated CRM into Parquet, by the connector alone, in a process of its own.

`python -m benchmarks.reading URL TOKEN WAY STATE` with WAY `rest` or `bulk` (Salesforce), `list` or `ties` (HubSpot,
without or with ties to companies) prints one JSON line: records, calls, and the seconds from the first call to the last
byte on disk, imports left out. `passed_s` are seconds more that it would have waited for HubSpot's limits, which the
simulated portal does not set: a clock of its own passes over them.
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


class Hurried:
    """A clock that goes on by itself, and at once by what somebody wants to sleep."""

    passed_s = 0.0

    def sleep(self, seconds: float) -> None:
        """Nothing is waited for."""
        self.passed_s += seconds

    def tick(self) -> float:
        """Seconds that only go on."""
        return time.monotonic() + self.passed_s


def main(url: str, token: str, way: str, state: str) -> None:
    """Reads once and says what it cost."""
    import pyarrow.parquet  # noqa: F401  # no part of the loop

    from crmsync.warehouse.snapshots import Reading, write_snapshot

    system, object_, fields, settings = WAYS[way]
    opens = import_module(f"crmsync.connectors.{system}.connector").open_connector
    now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
    clock = Hurried()
    clocks = {"sleep": clock.sleep, "tick": clock.tick} if system == "hubspot" else {}
    given = {"url": url, "token": token, **settings}
    connector = opens(system, given, now=now, writes=False, **clocks)
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
    print(
        json.dumps(
            {
                "records": manifests[0].rows,
                "calls": connector.meter.made,
                "seconds": seconds,
                "passed_s": clock.passed_s,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:5])
