"""Deals as the lifecycle sees them: open, won or lost by the system's own word, and who is on them.

    lc_deal     system, object, id, company_id, is_open, is_won, created_at, won_at, won_day, closed_at, closed_day
    lc_on       entity, system, object, id, key, deal_object, deal_id, since: who is on a deal by the customer policy

Won and closed come from the flags of the deal, else from those of its stage, and never from what a stage is called.
`since` is when somebody came onto the deal, NULL where the system does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.lifecycle import CustomerPolicy
from crmsync.core.mapping import Entity
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_DEAL = (
    "system VARCHAR, object VARCHAR, id VARCHAR, company_id VARCHAR, is_open BOOLEAN, is_won BOOLEAN, "
    "created_at TIMESTAMP, won_at TIMESTAMP, won_day DATE, closed_at TIMESTAMP, closed_day DATE"
)
_ON = (
    "entity VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, deal_object VARCHAR, "
    "deal_id VARCHAR, since TIMESTAMP"
)


def build_deals(columns: Columns, policy: CustomerPolicy) -> None:
    """Builds lc_deal and lc_on."""
    columns.db.execute(f"CREATE TEMP TABLE lc_deal ({_DEAL})")
    columns.db.execute(f"CREATE TEMP TABLE lc_on ({_ON})")
    names = {each.entity: each for each in columns.mapping.entities}
    if "deal" not in names:
        return
    columns.db.execute(_deals(names["deal"], _last_day(columns)))
    if "contact" in names:
        columns.db.execute(_people(columns, names["contact"], policy))
    if "company" in names:
        columns.db.execute(_companies())


def _last_day(columns: Columns) -> str:
    """The day of the last read: a close date that lies ahead of it is a plan."""
    return max((each.manifest.taken_at for each in columns.snapshots.values()), default="")[:10]


def _deals(entity: Entity, last_day: str) -> str:
    """Every deal with what became of it, and when: the first moment at which history says so, else the close date."""
    names = {each.field for each in entity.fields}
    flag = {
        name: f"d.{name}" if name in names else "NULL::BOOLEAN" for name in ("is_won", "is_closed")
    }
    stage = "d.stage_raw" if "stage" in names else "NULL::VARCHAR"
    day = "d.close_date::DATE" if "close_date" in names else "NULL::DATE"
    day = f"CASE WHEN {day} <= try_cast({literal(last_day)} AS DATE) THEN {day} END"
    company = "d.company_raw" if "company" in names else "NULL::VARCHAR"
    won = f"coalesce({flag['is_won']}, s.is_won)"
    closed = f"coalesce({flag['is_closed']}, s.is_closed, {won})"
    return (
        "INSERT INTO lc_deal WITH known AS (SELECT system, stage, bool_or(is_won) AS is_won, "
        "bool_or(is_closed) AS is_closed FROM face.stage GROUP BY ALL "
        "HAVING count(DISTINCT is_won) <= 1 AND count(DISTINCT is_closed) <= 1), "
        "moved AS (SELECT e.system, e.object, e.id, min(e.happened_at) FILTER (s.is_won) AS won_at, "
        "min(e.happened_at) FILTER (s.is_closed) AS closed_at FROM face.event e JOIN known s "
        "ON s.system = e.system AND s.stage = e.new WHERE e.entity = 'deal' AND e.field = 'stage' "
        "AND e.precision = 'instant' GROUP BY ALL) "
        f"SELECT d.system, d.object, d.id, {company}, NOT {closed}, {won}, d.created_at, "
        f"CASE WHEN {won} THEN m.won_at END, CASE WHEN {won} THEN {day} END, "
        f"CASE WHEN {closed} THEN m.closed_at END, CASE WHEN {closed} THEN {day} END "
        f"FROM face.deal d LEFT JOIN known s ON s.system = d.system AND s.stage = {stage} "
        "LEFT JOIN moved m ON m.system = d.system AND m.object = d.object AND m.id = d.id"
    )


def _people(columns: Columns, contact: Entity, policy: CustomerPolicy) -> str:
    has_company = any(each.field == "company" for each in contact.fields)
    if policy == "whole_account" and has_company:
        return (
            "INSERT INTO lc_on SELECT DISTINCT 'contact', c.system, c.object, c.id, c.key, d.object, d.id, "
            "NULL::TIMESTAMP FROM lc_deal d JOIN face.contact c "
            "ON c.system = d.system AND c.company_raw = d.company_id"
        )
    # Where a system never marks anybody as the main contact, whoever is on the deal counts.
    primary = (
        "AND (a.is_primary OR NOT EXISTS (SELECT 1 FROM face.association p WHERE p.system = a.system "
        "AND p.from_object = a.from_object AND p.to_object = a.to_object AND p.is_primary))"
    )
    seats = ", ".join(f"({literal(s.system)}, {literal(s.object)})" for s in contact.seats)
    since = _since(columns)
    return (
        "INSERT INTO lc_on SELECT 'contact', c.system, c.object, c.id, c.key, d.object, d.id, "
        f"min({since}) FROM lc_deal d JOIN face.association a "
        "ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id "
        "JOIN face.contact c ON c.system = a.system AND c.object = a.to_object AND c.id = a.to_id "
        f"WHERE (a.system, a.to_object) IN ({seats}) {primary if policy == 'primary_only' else ''} "
        "GROUP BY ALL"
    )


def _since(columns: Columns) -> str:
    names = columns.db.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = 'face' AND table_name = 'association'"
    ).fetchall()
    return "a.created_at" if ("created_at",) in names else "NULL::TIMESTAMP"


def _companies() -> str:
    return (
        "INSERT INTO lc_on SELECT 'company', c.system, c.object, c.id, c.key, d.object, d.id, NULL::TIMESTAMP "
        "FROM lc_deal d JOIN face.company c ON c.system = d.system AND c.id = d.company_id"
    )


def seen_deals(columns: Columns, system: str) -> bool:
    """True if the last read tells of all deals of a system whether they are open, and who is on them."""
    deal = next((e for e in columns.mapping.entities if e.entity == "deal"), None)
    seats = deal.seats_of(system) if deal else []
    ties = [o for s, o in columns.snapshots if s == system and o.startswith("_associations.")]
    return (
        bool(seats)
        and all(_whole(columns, system, seat.object) for seat in seats)
        and any(name.split(".")[1] in {seat.object for seat in seats} for name in ties)
        and all(_whole(columns, system, name) for name in ties)
    )


def _whole(columns: Columns, system: str, object_: str) -> bool:
    snapshot = columns.snapshots.get((system, object_))
    return snapshot is not None and snapshot.manifest.complete
