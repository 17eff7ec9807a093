"""The lifecycle in the audit face: what is known of when customers entered stages, and where they stand.

    stage_event     entity, key, system, object, id, stage, kind, at, day, precision, source, actor, evidence_system,
                    evidence_object, evidence_id, origin
    standing_in     entity, key, system, current, peak, rank, peak_rank, disposition, former, stage_text, status_text,
                    at, day, precision, evidence_system, evidence_object, evidence_id, how: a row for each system
    standing        entity, key, current, peak, rank, peak_rank, disposition, customer_status, decided_by, agrees
    stage_reached   entity, key, stage, first_at, last_at, first_day, entries, precision
    conversion      entity, system, object, id, key, created_at, converted_on, contact_id, deal_id: leads that became
                    somebody, with no key if nobody knows whom
    ladder          stage, rank, optional, owner
    says            system, stage: which stages a system is able to say
    transition      from_stage, to_stage, rule, skipped, tag
    buyer           entity, key, system, object, id, deal_object, deal_id: customers by the policy, by won deal

Without a lifecycle the tables are there and empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.deal_stages import build_deals, seen_deals
from crmsync.warehouse.stage_events import TABLE, build_events
from crmsync.warehouse.stage_leads import CONVERSION, tells_conversions
from crmsync.warehouse.stage_words import Place, build_words, places
from crmsync.warehouse.standings import (
    LADDER,
    SAYS,
    STAGE_REACHED,
    STANDING,
    STANDING_IN,
    TRANSITION,
    build_ladder,
    build_stage_reached,
    build_standing,
    build_standing_in,
)

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_BUYER = (
    "entity VARCHAR, key VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, deal_object VARCHAR, "
    "deal_id VARCHAR"
)
_EMPTY = {
    "stage_event": TABLE,
    "standing_in": STANDING_IN,
    "standing": STANDING,
    "stage_reached": STAGE_REACHED,
    "conversion": CONVERSION,
    "ladder": LADDER,
    "says": SAYS,
    "transition": TRANSITION,
    "buyer": _BUYER,
}
_SCRATCH = ("lc_field", "lc_value", "lc_record", "lc_on", "lc_deal")


def build_lifecycle(columns: Columns) -> set[str]:
    """Builds the tables above in the face; what there is of them, in the words of an audit's `needs`."""
    lifecycle, db = columns.mapping.lifecycle, columns.db
    if lifecycle is None:
        for name, cells in _EMPTY.items():
            db.execute(f"CREATE TABLE face.{name} ({cells})")
        return set()
    found = places(columns, lifecycle)
    build_ladder(db, lifecycle)
    build_words(db, found)
    build_deals(columns, lifecycle.customers)
    build_events(db, lifecycle, found)
    build_standing_in(db, lifecycle, found)
    build_standing(db, lifecycle)
    build_stage_reached(db)
    db.execute(f"CREATE TABLE face.buyer ({_BUYER})")
    db.execute(
        "INSERT INTO face.buyer SELECT o.entity, o.key, o.system, o.object, o.id, o.deal_object, o.deal_id "
        "FROM lc_on o JOIN lc_deal d ON d.system = o.system AND d.object = o.deal_object AND d.id = o.deal_id "
        "WHERE d.is_won"
    )
    for name in _SCRATCH:
        db.execute(f"DROP TABLE {name}")
    return _words(columns, found)


def _words(columns: Columns, found: list[Place]) -> set[str]:
    """Who can be said to stand somewhere: in systems whose records, and deals if it takes them, were read whole."""
    words: set[str] = set()
    for system in sorted({each.seat.system for each in found}):
        of_system = [each for each in found if each.seat.system == system]
        if _tells(columns, of_system):
            words |= {"standing", f"standing:{system}", f"{system}:standing"}
            words |= {"stage_event", f"stage_event:{system}", f"{system}:stage_event"}
        if all(each.snapshot.manifest.complete for each in of_system):
            told = any(each.is_lead and tells_conversions(each) for each in of_system)
            words |= {"conversion"} if told else set()
    return words


def _tells(columns: Columns, of_system: list[Place]) -> bool:
    people = [each for each in of_system if each.entity.entity == "contact"]
    if not people or not all(each.snapshot.manifest.complete for each in people):
        return False
    told = people[0].derivation
    if told.stage:
        return any(each.native(told.stage) for each in people)
    return not told.by_deals or seen_deals(columns, people[0].seat.system)
