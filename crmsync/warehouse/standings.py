"""Builds `standing_in`, `standing` and `stage_reached`: where customers stand by each system, and by all together.

The core decides (`core.standing`), once for every combination of what systems say; SQL finds the combinations and
gives every customer the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsync.core.lifecycle import Lifecycle
from crmsync.core.standing import Said, together
from crmsync.core.transitions import step
from crmsync.warehouse.engine import literal
from crmsync.warehouse.stage_events import ENTERING
from crmsync.warehouse.stage_words import Place

if TYPE_CHECKING:
    import duckdb

STANDING_IN = (
    "entity VARCHAR, key VARCHAR, system VARCHAR, current VARCHAR, peak VARCHAR, rank INTEGER, peak_rank INTEGER, "
    "disposition VARCHAR, former BOOLEAN, stage_text VARCHAR, status_text VARCHAR, "
    '"at" TIMESTAMP, day DATE, precision VARCHAR, '
    "evidence_system VARCHAR, evidence_object VARCHAR, evidence_id VARCHAR, how VARCHAR"
)
STANDING = (
    "entity VARCHAR, key VARCHAR, current VARCHAR, peak VARCHAR, rank INTEGER, peak_rank INTEGER, "
    "disposition VARCHAR, customer_status VARCHAR, decided_by VARCHAR, agrees BOOLEAN"
)
STAGE_REACHED = (
    "entity VARCHAR, key VARCHAR, stage VARCHAR, first_at TIMESTAMP, last_at TIMESTAMP, first_day DATE, "
    "entries BIGINT, precision VARCHAR"
)
LADDER = "stage VARCHAR, rank INTEGER, optional BOOLEAN, owner VARCHAR"
SAYS = "system VARCHAR, stage VARCHAR"
TRANSITION = "from_stage VARCHAR, to_stage VARCHAR, rule VARCHAR, skipped VARCHAR, tag VARCHAR"


def build_ladder(db: duckdb.DuckDBPyConnection, lifecycle: Lifecycle) -> None:
    """Builds ladder, says and transition in the face: the rungs, who can say them, by which rule a step is legal."""
    db.execute(f"CREATE TABLE face.ladder ({LADDER})")
    db.execute(f"CREATE TABLE face.transition ({TRANSITION})")
    stages = lifecycle.in_order()
    rungs = [
        (each, lifecycle.ladder[each], each in lifecycle.optional, lifecycle.stage_owner.get(each))
        for each in stages
    ]
    db.executemany("INSERT INTO face.ladder VALUES (?, ?, ?, ?)", rungs)
    db.execute(f"CREATE TABLE face.says ({SAYS})")
    words = [
        (name, stage) for name, each in lifecycle.systems.items() for stage in sorted(each.says())
    ]
    if words:
        db.executemany("INSERT INTO face.says VALUES (?, ?)", words)
    steps = [
        (old, new, found.rule, ", ".join(found.skipped) or None, found.tag or None)
        for old in (None, *stages, "other")
        for new in (*stages, "other")
        if old != new
        for found in [step(lifecycle, old, new)]
    ]
    db.executemany("INSERT INTO face.transition VALUES (?, ?, ?, ?, ?)", steps)


HOW = ("property", "status", "record", "queue", "conversion", "deal")
"""From what a current stage follows; of two that say the same stage the later one is told."""


def build_standing_in(
    db: duckdb.DuckDBPyConnection, lifecycle: Lifecycle, found: list[Place]
) -> None:
    """Builds standing_in: the highest stage that holds now in each system, the highest ever, and the evidence.

    One entity of one system at a time: joined by three texts, and all at once, it takes twice as long (2026-11).
    """
    db.execute(f"CREATE TABLE face.standing_in ({STANDING_IN})")
    db.execute(_holds(found))
    seats = "SELECT DISTINCT entity, system FROM lc_holds ORDER BY ALL"
    for entity, system in db.execute(seats).fetchall():
        named = {"entity": literal(entity), "system": literal(system)}
        of_seat = "entity = {entity} AND system = {system}".format(**named)
        for statement in (_TOP, _SINCE, _IN):
            db.execute(statement.format(**named, of_seat=of_seat, how=", ".join(map(literal, HOW))))
    for name in ("lc_holds", "lc_top", "lc_since"):
        db.execute(f"DROP TABLE IF EXISTS {name}")


def _holds(found: list[Place]) -> str:
    """Every stage that holds now: one number for how high and from what; a row at least for every customer of a system.

    A stage outside the ladder is lower than all, and none is lowest.
    """
    leads = [each for each in found if each.is_lead]
    deals = ", ".join(sorted({literal(p.seat.system) for p in found if p.derivation.by_deals}))
    of_queue = " OR ".join(
        f"(e.system = {literal(p.seat.system)} AND e.stage = {literal(p.derivation.from_queue)})"
        for p in leads
        if p.derivation.from_queue
    )
    of_converted = " OR ".join(
        f"(c.system = {literal(p.seat.system)} AND l.stage = {literal(p.derivation.converted)})"
        for p in leads
        if p.derivation.converted
    )
    return (
        "CREATE TEMP TABLE lc_holds AS "
        "SELECT r.entity, r.key, r.system, CASE WHEN r.stage IS NULL THEN 0 ELSE coalesce(l.rank, 0) * 10 "
        "+ CASE WHEN r.stage_text IS NULL THEN 2 ELSE 1 END END AS code FROM lc_record r "
        "LEFT JOIN face.ladder l ON l.stage = r.stage UNION ALL "
        "SELECT r.entity, r.key, r.system, l.rank * 10 + 3 FROM lc_record r, face.ladder l "
        "WHERE r.is_lead AND r.stage IS DISTINCT FROM 'lead' AND l.stage = 'lead' UNION ALL "
        "SELECT e.entity, e.key, e.system, l.rank * 10 + 4 FROM face.stage_event e JOIN face.ladder l USING (stage) "
        "JOIN lc_record r ON r.system = e.system AND r.object = e.object AND r.id = e.id "
        f"WHERE r.is_lead AND e.source = 'queue' AND ({of_queue or 'false'}) UNION ALL "
        "SELECT c.entity, c.key, c.system, l.rank * 10 + 5 FROM face.conversion c, face.ladder l "
        f"WHERE c.key IS NOT NULL AND ({of_converted or 'false'}) UNION ALL "
        "SELECT o.entity, o.key, o.system, l.rank * 10 + 6 FROM lc_on o "
        "JOIN lc_deal d ON d.system = o.system AND d.object = o.deal_object AND d.id = o.deal_id "
        "JOIN face.ladder l ON l.stage = CASE WHEN d.is_won THEN 'customer' ELSE 'opportunity' END "
        f"WHERE o.system IN ({deals or 'NULL'}) AND (d.is_won OR d.is_open)"
    )


_TOP = (
    "CREATE OR REPLACE TEMP TABLE lc_top AS SELECT h.key, h.code, "
    "CASE WHEN h.code = 0 THEN NULL ELSE coalesce(l.stage, 'other') END AS stage, l.rank FROM "
    "(SELECT key, max(code) AS code FROM lc_holds WHERE {of_seat} GROUP BY key) h "
    "LEFT JOIN face.ladder l ON l.rank = h.code // 10"
)
# Of the entries into the stage that holds now the last one counts.
_SINCE = (
    "CREATE OR REPLACE TEMP TABLE lc_since AS SELECT t.key, arg_max(e.at, m) AS moment, "
    "arg_max(e.day, m) AS day, arg_max(e.precision, m) AS precision, "
    "arg_max(e.evidence_object, m) AS evidence_object, arg_max(e.evidence_id, m) AS evidence_id FROM ("
    "SELECT e.*, coalesce(e.at, e.day::TIMESTAMP) AS m FROM face.stage_event e "
    f"WHERE {{of_seat}} AND {ENTERING} AND coalesce(e.at, e.day::TIMESTAMP) IS NOT NULL) e "
    "JOIN lc_top t ON t.key = e.key AND t.stage = e.stage GROUP BY t.key"
)
_IN = (
    "INSERT INTO face.standing_in WITH stated AS (SELECT key, bool_or(former) AS former, "
    "max(stage_text) FILTER (stage IS NULL) AS unknown, max(stage_text) AS stage_text, max(status_text) "
    "AS status_text, "
    "coalesce(min(disposition) FILTER (is_lead), min(disposition)) AS disposition, "
    "min(object) AS object, arg_min(id, object) AS id FROM lc_record WHERE {of_seat} GROUP BY key), "
    "became AS (SELECT DISTINCT key FROM face.conversion WHERE {of_seat} AND key IS NOT NULL), "
    "high AS (SELECT e.key, max(l.rank) AS rank FROM face.stage_event e "
    f"JOIN face.ladder l USING (stage) WHERE {{of_seat}} AND {ENTERING} GROUP BY e.key), "
    "lost AS (SELECT DISTINCT key FROM face.stage_event WHERE {of_seat} AND origin = 'all_deals_lost') "
    "SELECT {entity}, t.key, {system}, t.stage, p.stage, t.rank, p.rank, "
    "coalesce(s.disposition, CASE WHEN b.key IS NOT NULL THEN 'accepted' END), coalesce(s.former, false), "
    "coalesce(s.unknown, s.stage_text), s.status_text, e.moment, e.day, "
    "CASE WHEN t.stage IS NOT NULL THEN coalesce(e.precision, 'unknown') END, {system}, "
    "coalesce(e.evidence_object, s.object), coalesce(e.evidence_id, s.id), "
    "CASE WHEN t.stage IS NOT NULL THEN list_extract([{how}], t.code % 10) "
    "WHEN s.unknown IS NOT NULL THEN 'unknown_value' "
    "WHEN g.key IS NOT NULL THEN 'all_deals_lost' ELSE 'nothing_said' END "
    "FROM lc_top t LEFT JOIN stated s ON s.key = t.key LEFT JOIN high h ON h.key = t.key "
    "LEFT JOIN became b ON b.key = t.key LEFT JOIN lost g ON g.key = t.key "
    "LEFT JOIN lc_since e ON e.key = t.key "
    "LEFT JOIN face.ladder p ON p.rank = greatest(h.rank, t.rank)"
)


def build_standing(db: duckdb.DuckDBPyConnection, lifecycle: Lifecycle) -> None:
    """Builds standing: for every combination of what systems say, what the core makes of it."""
    import pyarrow as pa

    systems = db.execute("SELECT DISTINCT system FROM face.standing_in ORDER BY 1").fetchall()
    db.execute(_combinations([system for (system,) in systems]))
    rows = db.execute(
        "SELECT said, list(DISTINCT system || chr(9) || coalesce(current, '') || chr(9) || coalesce(peak, '') "
        "|| chr(9) || coalesce(disposition, '') || chr(9) || former::VARCHAR) FROM lc_said "
        "JOIN (SELECT said AS one, any_value(entity) AS entity, any_value(key) AS key FROM lc_said GROUP BY 1) o "
        "ON o.one = said AND o.entity = lc_said.entity AND o.key = lc_said.key "
        "JOIN face.standing_in i ON i.entity = lc_said.entity AND i.key = lc_said.key GROUP BY said"
    ).fetchall()
    decided = [(said, together(lifecycle, dict(map(_said, parts)))) for said, parts in rows]
    names = (
        "current",
        "peak",
        "rank",
        "peak_rank",
        "disposition",
        "customer_status",
        "decided_by",
        "agrees",
    )
    kinds = {"rank": pa.int32(), "peak_rank": pa.int32(), "agrees": pa.bool_()}
    cells = {"said": pa.array([said for said, _ in decided], pa.string())}
    cells |= {
        name: pa.array([getattr(each, name) for _, each in decided], kinds.get(name, pa.string()))
        for name in names
    }
    db.register("lc_decided", pa.table(cells))
    db.execute(f"CREATE TABLE face.standing ({STANDING})")
    db.execute(
        "INSERT INTO face.standing SELECT s.entity, s.key, d.* EXCLUDE (said) FROM lc_said s "
        "JOIN lc_decided d USING (said)"
    )
    db.unregister("lc_decided")
    db.execute("DROP TABLE lc_said")


def _combinations(systems: Sequence[str]) -> str:
    """What systems say of each customer as one text; there is a row for a customer and a system, so any is that one."""
    said = "concat_ws('|', system, coalesce(current, ''), coalesce(peak, ''), coalesce(disposition, ''), former)"
    parts = ", ".join(f"max(said) FILTER (system = {literal(each)})" for each in systems)
    return (
        f"CREATE TEMP TABLE lc_said AS SELECT entity, key, concat_ws(';', {parts or 'NULL'}) AS said "
        f"FROM (SELECT entity, key, system, {said} AS said FROM face.standing_in) GROUP BY entity, key"
    )


def _said(part: str) -> tuple[str, Said]:
    system, current, peak, disposition, former = part.split("\t")
    return system, Said(current or None, peak or None, disposition or None, former == "true")


def build_stage_reached(db: duckdb.DuckDBPyConnection) -> None:
    """Builds stage_reached: by the system that decides about a stage, where it tells of it, else by any other.

    What came from the company was not reached by the person.
    """
    db.execute(f"CREATE TABLE face.stage_reached ({STAGE_REACHED})")
    db.execute(_REACHED)


_REACHED = (
    "INSERT INTO face.stage_reached WITH told AS (SELECT e.entity, e.key, e.stage, e.at AS moment, e.day, e.precision, "
    "coalesce(e.at, e.day::TIMESTAMP) AS m, coalesce(e.system = l.owner, false) AS owned "
    "FROM face.stage_event e LEFT JOIN face.ladder l USING (stage) "
    f"WHERE {ENTERING} AND e.kind <> 'propagated'), "
    "both_told AS (SELECT entity, key, stage, owned, min(moment) AS first_at, max(moment) AS last_at, "
    "min(m::DATE) AS first_day, count(*) AS entries, coalesce(arg_min(precision, m), 'unknown') AS precision "
    "FROM told GROUP BY ALL) "
    "SELECT t.entity, t.key, t.stage, t.first_at, t.last_at, t.first_day, t.entries, t.precision FROM both_told t "
    "WHERE t.owned OR NOT EXISTS (SELECT 1 FROM both_told o WHERE o.owned AND o.key = t.key "
    "AND o.stage = t.stage AND o.entity = t.entity)"
)
