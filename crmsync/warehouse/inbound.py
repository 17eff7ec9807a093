"""People who came by themselves, in the audit face: they asked for something, and somebody ought to answer.

    inbound  system, object, id, key, source, created_at, closed

| system | came by themselves |
|---|---|
| Salesforce | a Lead whose lead source is Web or Phone Inquiry, the words an org has from the start |
| HubSpot | a contact made by a form or a chat, who is no subscriber, customer or other |

`closed` is true where sales has put them aside. Who was imported, bought, or met at a fair asked nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from crmsync.core.mapping import Entity
    from crmsync.warehouse.columns import Columns

_TABLE = "system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, source VARCHAR, created_at TIMESTAMP, closed BOOLEAN"
# Lead Source of a fresh org: developer.salesforce.com, Lead (read 2026-11)
_SOURCES = ("web", "phone inquiry")
# hs_object_source of who filled in a form or wrote in a chat: answers of portals (read 2026-11)
_MADE_BY = ("FORM", "FORMS", "CONVERSATIONS", "CHATSPOT", "BOT")
_ASKS_NOTHING = ("subscriber", "customer", "evangelist", "other")
_CLOSED = "unqualified"


def build_inbound(columns: Columns) -> set[str]:
    """Builds the table; `inbound` if any system tells who came by themselves, for `needs`."""
    columns.db.execute(f"CREATE TABLE face.inbound ({_TABLE})")
    entity = next((each for each in columns.mapping.entities if each.entity == "contact"), None)
    if entity is None:
        return set()
    parts = [*_of_leads(columns, entity), *_of_contacts(columns, entity)]
    for part in parts:
        columns.db.execute(f"INSERT INTO face.inbound {part}")
    return {"inbound"} if parts else set()


def _of_leads(columns: Columns, entity: Entity) -> list[str]:
    """Leads of systems that were asked for their lead source."""
    sources = ", ".join(map(literal, _SOURCES))
    return [
        f"SELECT c.system, c.object, c.id, c.key, c.lead_source, c.created_at, {_closed(entity)} FROM face.contact c "
        f"WHERE c.system = {literal(seat.system)} AND c.object = {literal(seat.object)} "
        f"AND lower(c.lead_source) IN ({sources})"
        for seat in entity.seats
        if seat.object == "Lead"
        and any(each.field == "lead_source" for each in columns.visible(entity, seat))
    ]


def _of_contacts(columns: Columns, entity: Entity) -> list[str]:
    """Contacts of systems that tell what made a record."""
    makers = ", ".join(map(literal, _MADE_BY))
    stages = ", ".join(map(literal, _ASKS_NOTHING))
    stage = (
        f"coalesce(c.{quoted('lifecycle_stage')}, '')"
        if entity.field_named("lifecycle_stage")
        else "''"
    )
    return [
        f"SELECT c.system, c.object, c.id, c.key, m.made_by, c.created_at, {_closed(entity)} FROM face.contact c "
        "JOIN face.marketing m ON m.system = c.system AND m.object = c.object AND m.id = c.id "
        f"WHERE c.system = {literal(seat.system)} AND c.object = {literal(seat.object)} "
        f"AND upper(m.made_by) IN ({makers}) AND {stage} NOT IN ({stages})"
        for seat in entity.seats
        if (found := columns.snapshots.get((seat.system, seat.object))) is not None
        and "made_by" in found.manifest.companions
    ]


def _closed(entity: Entity) -> str:
    if not entity.field_named("lead_status"):
        return "false"
    return f"coalesce(c.{quoted('lead_status')} = {literal(_CLOSED)}, false)"
