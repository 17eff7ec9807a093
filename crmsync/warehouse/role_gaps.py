"""Deals that name nobody, in the audit face: those without a contact, or whose only contact roles have no name.

    role_gap     system, object, id, key, contact_object, nameless, state, amount, currency, closed_on, created_at,
                 company, company_id
    role_unread  system, what: what was not read, so that nothing can be said or proposed of it

Only of systems whose deals, contacts and ties between them were read to the end. A contact role of Salesforce has to
have a name; other systems have none by default, so there any contact will do. `company` is the customer, `company_id`
the record; `closed_on` is blank of a deal that is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.core.mapping import Entity
from crmsync.warehouse.engine import literal
from crmsync.warehouse.raws import ASSOCIATION

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_GAP = (
    "system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, contact_object VARCHAR, nameless BOOLEAN, state VARCHAR, "
    "amount DECIMAL(38,10), currency VARCHAR, closed_on DATE, created_at TIMESTAMP, company VARCHAR, company_id VARCHAR"
)
_WITH_ROLES = "Contact"
"""The object whose ties to deals are contact roles: developer.salesforce.com, OpportunityContactRole (read 2026-11)."""


def build_role_gaps(columns: Columns, have: set[str]) -> set[str]:
    """Builds the tables above in a face that has `have`; `role_proposal` and the like, in words of `needs`."""
    db = columns.db
    db.execute(f"CREATE TABLE face.role_gap ({_GAP})")
    db.execute("CREATE TABLE face.role_unread (system VARCHAR, what VARCHAR)")
    entities = {each.entity: each for each in columns.mapping.entities}
    if "deal" not in entities or "contact" not in entities:
        return set()
    ties = list(_ties(columns, entities["deal"], entities["contact"]))
    if ties:
        db.execute(_gaps(entities["deal"], ties))
    read = {system for system, _, _ in ties}
    unread = list(_unread(columns, entities, read, have))
    if unread:
        db.executemany("INSERT INTO face.role_unread VALUES (?, ?)", unread)
    words = {f"role_proposal:{system}" for system in read}
    return {"role_proposal", *words, *(f"{each}:role_proposal" for each in read)} if read else set()


def _ties(columns: Columns, deal: Entity, contact: Entity) -> Iterator[tuple[str, str, str]]:
    """System, object of deals and object of contacts that can be tied, where all three were read to the end."""
    for seat in deal.seats:
        for other in contact.seats_of(seat.system):
            names = (seat.object, other.object, f"{ASSOCIATION}.{seat.object}.{other.object}")
            if all(_is_whole(columns, seat.system, name) for name in names):
                yield seat.system, seat.object, other.object
                break


def _is_whole(columns: Columns, system: str, name: str) -> bool:
    snapshot = columns.snapshots.get((system, name))
    return snapshot is not None and snapshot.manifest.complete


def _unread(
    columns: Columns, entities: dict[str, Entity], read: set[str], have: set[str]
) -> Iterator[tuple[str, str]]:
    for system in sorted({seat.system for seat in entities["deal"].seats}):
        if system not in read:
            yield system, "ties"
            continue
        if f"{system}:activity" not in have:
            yield system, "activity"
        leads = [
            s for s in entities["contact"].seats_of(system) if _converts(columns, s.object, system)
        ]
        if leads and "conversion" not in have:
            yield system, "conversion"
        told = any(at == system and name.startswith("_campaigns") for at, name in columns.snapshots)
        if told and f"{system}:campaign" not in have:
            yield system, "campaign"


def _converts(columns: Columns, object_: str, system: str) -> bool:
    snapshot = columns.snapshots.get((system, object_))
    return snapshot is not None and bool(snapshot.manifest.converted_flag)


def _gaps(deal: Entity, ties: list[tuple[str, str, str]]) -> str:
    names = {each.field for each in deal.fields}
    rows = ", ".join(f"({', '.join(map(literal, each))})" for each in ties)

    def held(name: str, cell: str, empty: str) -> str:
        return cell if name in names else f"NULL::{empty}"

    won = f"coalesce({held('is_won', 'd.is_won', 'BOOLEAN')}, s.is_won)"
    closed = f"coalesce({held('is_closed', 'd.is_closed', 'BOOLEAN')}, s.is_closed, {won})"
    money = held("amount", "r.amount", "VARCHAR")
    day = held("close_date", "d.close_date::DATE", "DATE")
    return _GAPS.format(
        ties=rows,
        named=f"a.to_object <> {literal(_WITH_ROLES)} OR nullif(trim(a.role), '') IS NOT NULL",
        won=won,
        closed=closed,
        money=money,
        day=day,
        company=held("company", "d.company", "VARCHAR"),
        company_id=held("company", "d.company_raw", "VARCHAR"),
        stage=held("stage", "d.stage_raw", "VARCHAR"),
    )


# The amount with its currency is the canonical text; the face has the number alone.
_GAPS = """
INSERT INTO face.role_gap
WITH tie(system, object, contact_object) AS (VALUES {ties}),
known AS (
  SELECT system, stage, bool_or(is_won) AS is_won, bool_or(is_closed) AS is_closed FROM face.stage GROUP BY ALL
  HAVING count(DISTINCT is_won) <= 1 AND count(DISTINCT is_closed) <= 1),
held AS (
  SELECT a.system, a.from_object AS object, a.from_id AS id, bool_or({named}) AS is_named
  FROM face.association a JOIN tie t
    ON t.system = a.system AND t.object = a.from_object AND t.contact_object = a.to_object GROUP BY ALL)
SELECT d.system, d.object, d.id, d.key, t.contact_object, h.id IS NOT NULL,
  CASE WHEN {won} THEN 'won' WHEN {closed} THEN 'lost' WHEN NOT {closed} THEN 'open' END,
  try_cast(split_part({money}, ' ', 1) AS DECIMAL(38,10)), nullif(split_part({money}, ' ', 2), ''),
  CASE WHEN {closed} THEN {day} END, d.created_at, {company}, {company_id}
FROM face.deal d JOIN tie t ON t.system = d.system AND t.object = d.object
JOIN row_deal r ON r.system = d.system AND r.object = d.object AND r.id = d.id
LEFT JOIN known s ON s.system = d.system AND s.stage = {stage}
LEFT JOIN held h ON h.system = d.system AND h.object = d.object AND h.id = d.id
WHERE NOT coalesce(h.is_named, false)
"""
