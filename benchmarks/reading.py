"""One read of all contacts of a simulated Salesforce into Parquet, by the connector alone, in a process of its own.

`python -m benchmarks.reading URL TOKEN WAY STATE` with WAY `rest` or `bulk` prints one JSON line: records, calls,
and the seconds from the first call to the last byte on disk, imports left out.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

FIELDS = (
    "FirstName", "LastName", "Email", "Phone", "MobilePhone", "Title", "Department", "AccountId", "OwnerId",
    "LeadSource", "MailingStreet", "MailingCity", "MailingState", "MailingPostalCode", "MailingCountry",
    "HasOptedOutOfEmail", "DoNotCall", "Birthdate", "Description", "LastModifiedDate",
)  # fmt: skip
_ABOVE = {"rest": "never", "bulk": "0"}


def main(url: str, token: str, way: str, state: str) -> None:
    """Reads once and says what it cost."""
    import pyarrow.parquet  # noqa: F401  # no part of the loop

    from crmsync.connectors.salesforce.connector import open_connector
    from crmsync.warehouse.snapshots import Reading, write_snapshot

    settings = {"url": url, "token": token, "bulk_above": _ABOVE[way]}
    now = datetime.now(UTC)  # noqa: TID251  # a real server's clock
    connector = open_connector("salesforce", settings, now=now, writes=False)
    start = time.perf_counter()
    reading = Reading("salesforce", "Contact", way, now.isoformat(), FIELDS)
    snapshot = write_snapshot(Path(state), reading, connector.read("Contact", FIELDS))
    seconds = time.perf_counter() - start
    connector.close()
    manifest = snapshot.manifest
    if not manifest.complete or connector.notes:
        raise SystemExit(f"{manifest.problem} {connector.notes}")
    told = {"records": manifest.rows, "calls": connector.meter.made, "seconds": seconds}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:5])
