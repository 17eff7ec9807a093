"""Creating, changing and archiving records, and loading them without validation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crmsync.sandbox.hubspot import consent, engaging, rows, ties
from crmsync.sandbox.hubspot.derived import derive
from crmsync.sandbox.hubspot.objects import ACTIVITIES, OBJECTS, ObjectType
from crmsync.sandbox.hubspot.owners import user_of
from crmsync.sandbox.hubspot.pipelines import stage_facts
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.rows import Changes, changed
from crmsync.sandbox.hubspot.validation import case_of
from crmsync.sandbox.hubspot.wire import instant, iso, text

_INSTANTS = frozenset({"createdate", "lastmodifieddate", "hs_lastmodifieddate", "hs_createdate"})


def load(
    portal: Portal, kind: ObjectType, values: dict[str, Any], id_: str | None, source: str
) -> str:
    """The id of a row written as it is, with the system properties the platform adds."""
    changes = {name: text(value) for name, value in values.items()}
    for name in _INSTANTS & changes.keys():
        changes[name] = _canonical(changes[name])
    if kind.name == "contacts" and changes.get("email"):
        changes["email"] = case_of(portal, changes["email"].strip())
    modified = changes.get(kind.modified) or changes.get("hs_lastmodifieddate")
    at = (instant(modified) if modified else None) or portal.clock.now()
    return write(portal, kind, id_, changes, source=source, at=at)


def _canonical(value: str) -> str:
    moment = instant(value) or instant(f"{value}T00:00:00Z")
    return iso(moment) if moment else value


def write(
    portal: Portal,
    kind: ObjectType,
    id_: str | None,
    changes: Changes,
    *,
    source: str,
    at: datetime,
) -> str:
    """The id of a record created (no id, or an unknown one) or changed.

    `changes` win over what is derived from them. History says `source` and `at`.
    """
    id_ = id_ or portal.next_id(kind.name)
    row, now = portal.tables.get(kind.name, id_), iso(at)
    before: dict[str, str] = row["properties"] if row else {}
    system = {"hs_object_id": id_, kind.modified: now, "hs_lastmodifieddate": now}
    if not row:
        # An app's number where it is an integration: recorded 2026-03.
        maker, _, number = source.partition("/")
        made = {"hs_object_source": maker, "hs_object_source_label": maker}
        made |= {"hs_object_source_id": number} if number else {}
        system |= {kind.created: now, **made}
        system |= {"hs_createdate": now} if kind.name == "deals" else {}
    told = derive(kind.name, id_, before, changes, at)
    if kind.name == "deals" and before.get("dealstage") != changes.get(
        "dealstage", before.get("dealstage")
    ):
        told |= stage_facts(portal, changes["dealstage"])
    if "hubspot_owner_id" in changes and kind in ACTIVITIES:
        told["hs_user_ids_of_all_owners"] = user_of(portal, changes["hubspot_owner_id"])
    whole = {**system, **told, **changes}
    fresh = row or {"source": source, "since": now}
    portal.keep(kind.name, id_, changed(fresh, before, whole, now, source))
    if not row:
        ties.mirror_all(portal, kind.name, id_)
    engaging.note_change(portal, kind.name, id_)
    if kind.name == "deals":
        ties.count_open_deals(portal, id_)
    if kind.name == "contacts":
        consent.note_write(portal, id_, changes, before.get("email", ""))
    company_id = changes.get("associatedcompanyid")
    if kind.name == "contacts" and company_id is not None:
        ties.set_primary_company(portal, id_, company_id if company_id.isdigit() else None)
    return id_


def archive(portal: Portal, object_name: str, id_: str) -> None:
    """Archives a live record, frees its unique values and unties it; else nothing happens.

    The row keeps its ties, so that it can be restored with them.
    """
    row = portal.row(object_name, id_)
    if row is None:
        return
    kept = ties.all_of(portal, object_name, id_)
    ties.remove_all(portal, object_name, id_)
    row = portal.tables.get(object_name, id_) or row
    now = iso(portal.clock.now())
    if portal.switches.archive_touches:
        row = rows.touched(OBJECTS[object_name].modified, row, now)
    portal.keep(object_name, id_, {**row, "archivedAt": now, "ties": kept})
