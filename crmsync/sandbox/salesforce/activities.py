"""What Salesforce works out of a Task or Event, and the archive that old ones go to."""

from __future__ import annotations

from datetime import timedelta

from crmsync.sandbox.salesforce.host import Host
from crmsync.sandbox.tables import Row

KINDS = frozenset({"Task", "Event"})
# Closed tasks and past events of more than a year ago are archived; only queryAll returns them: help,
# Archived Activities (read 2026-11).
_KEPT = timedelta(days=365)


def settle_activity(world: Host, name: str, before: Row, row: Row) -> None:
    """Brings the worked-out fields of a Task or Event up to date before it is saved."""
    if name not in KINDS:
        return
    row["AccountId"] = _account(world, row)
    if name == "Task":
        _close(before, row)
    else:
        _times(row)
    row["IsArchived"] = bool(row.get("IsArchived")) or _is_old(world, name, row)


def _account(world: Host, row: Row) -> str | None:
    what = str(row.get("WhatId") or "")
    if what.startswith("001"):
        return what
    parents = (("Opportunity", what), ("Contact", str(row.get("WhoId") or "")))
    rows = (world.rows.get(name, id_) for name, id_ in parents)
    return next((each["AccountId"] for each in rows if each and each.get("AccountId")), None)


def _close(before: Row, row: Row) -> None:
    row["IsClosed"] = row.get("Status") == "Completed"
    if row["IsClosed"] and not before.get("IsClosed"):
        row["CompletedDateTime"] = row.get("CompletedDateTime") or row["LastModifiedDate"]
    elif not row["IsClosed"]:
        row["CompletedDateTime"] = None


def _times(row: Row) -> None:
    start = row.get("StartDateTime") or row.get("ActivityDateTime")
    row["StartDateTime"] = row["ActivityDateTime"] = start
    row["ActivityDate"] = start[:10] if start else row.get("ActivityDate")


def _is_old(world: Host, name: str, row: Row) -> bool:
    if name == "Task" and not row.get("IsClosed"):
        return False
    day = row.get("ActivityDate") or str(row.get("CreatedDate", ""))[:10]
    if name == "Event" and row.get("EndDateTime"):
        day = row["EndDateTime"][:10]
    return bool(day) and day < (world.now() - _KEPT).date().isoformat()


def archive_old(world: Host) -> None:
    """Archives what has come of age; that moves SystemModstamp, and nothing else."""
    # help.salesforce.com 000387261 counts archiving among what moves SystemModstamp (read 2026-11).
    for name in sorted(KINDS):
        for id_, row in world.tables.rows(name):
            if not row.get("IsArchived") and _is_old(world, name, row):
                world.rows.save(
                    name, id_, {**row, "IsArchived": True, "SystemModstamp": world.stamp()}
                )
