"""Builds `stage_event`: what is known of when somebody entered a stage, how well, and by which record.

| source | tells | precision |
|---|---|---|
| field | the day that a field keeps for a stage | instant or day |
| history | a change of the field that holds the stage, or of the status | instant, upper_bound for the oldest known |
| stage_time | the last time that a stage was entered, of the record itself | instant |
| property | since when the record stands where it stands | instant |
| status | sales disqualified, recycled or took up somebody again | instant, or unknown without a history |
| now | it stood there when it was read, and nothing says since when | upper_bound |
| record | a lead is there | instant: when it was made |
| queue | a person took a lead out of a queue | instant |
| conversion | a lead was converted | instant by its history, else day |
| deal | it is on a deal that was open, won or lost | instant, day, or unknown |

No time is made up: a stage that was passed over has no event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmsync.core.lifecycle import Lifecycle
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.stage_deals import build_deal_events
from crmsync.warehouse.stage_leads import build_lead_events
from crmsync.warehouse.stage_words import Place

if TYPE_CHECKING:
    import duckdb

TABLE = (
    "entity VARCHAR, key VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, stage VARCHAR, kind VARCHAR, "
    '"at" TIMESTAMP, day DATE, '
    " precision VARCHAR, source VARCHAR, actor VARCHAR, evidence_system VARCHAR, "
    "evidence_object VARCHAR, evidence_id VARCHAR, origin VARCHAR"
)
ENTERING = (
    "(e.kind IN ('entered', 'propagated', 'reopened', 'inferred') "
    "OR (e.kind = 'recycled' AND e.source <> 'status'))"
)
"""True of events `e` after which somebody stands at their stage; a status recycles whom it leaves where they stand."""


def build_events(db: duckdb.DuckDBPyConnection, lifecycle: Lifecycle, found: list[Place]) -> None:
    """Builds stage_event of the face, from the tables of `stage_words` and `deal_stages`."""
    db.execute(f"CREATE TABLE face.stage_event ({TABLE})")
    for place in found:
        for sql in _of_dates(place):
            db.execute(sql)
    db.execute(_CHANGED)
    db.execute(_entered(lifecycle, found))
    db.execute(_LEFT)
    db.execute(_RESET)
    db.execute(_BY_STAGE_TIME)
    db.execute(_LEFT_BY_STAGE_TIME)
    _now(db, found)
    build_lead_events(db, found)
    db.execute(_DISPOSED)
    db.execute(_DISPOSED_NOW)
    build_deal_events(db, found)
    db.execute("DROP TABLE lc_changed")


# -- fields with the day of a stage ----------------------------------------------------------


def _of_dates(place: Place) -> Iterator[str]:
    for stage, name in place.derivation.dates.items():
        native = place.native(name)
        if native and place.snapshot.manifest.rows:
            text = f"r.{quoted(native)}"
            yield (
                f"INSERT INTO face.stage_event SELECT c.entity, c.key, c.system, c.object, c.id, {literal(stage)}, "
                f"'entered', CASE WHEN length({text}) > 10 THEN try_cast({text} AS TIMESTAMP) END, "
                f"CASE WHEN length({text}) = 10 THEN try_cast({text} AS DATE) END, "
                f"CASE WHEN length({text}) > 10 THEN 'instant' ELSE 'day' END, 'field', NULL, "
                f"c.system, c.object, c.id, {literal(native)} "
                f"FROM read_parquet({literal(place.snapshot.pattern)}) r JOIN lc_record c "
                f"ON c.id = r._id AND c.system = {literal(place.seat.system)} "
                f"AND c.object = {literal(place.seat.object)} "
                f"WHERE coalesce(try_cast({text} AS TIMESTAMP), try_cast({text} AS DATE)) IS NOT NULL"
            )


# -- histories -------------------------------------------------------------------------------

_CHANGED = (
    "CREATE TEMP TABLE lc_changed AS SELECT e.entity, e.key, e.system, e.object, e.id, f.axis, "
    "nullif(e.old, '') AS old, nullif(e.new, '') AS new, o.stage AS old_stage, n.stage AS stage, "
    "o.disposition AS old_disposition, n.disposition, e.happened_at AS moment, e.precision, e.actor_id, e.origin, "
    "lag(n.stage IGNORE NULLS) OVER (PARTITION BY e.system, e.object, e.id, f.axis "
    "ORDER BY e.happened_at) AS before "
    "FROM face.event e JOIN lc_field f ON f.system = e.system AND f.object = e.object AND f.native = e.native "
    "LEFT JOIN lc_value n ON n.system = e.system AND n.object = e.object AND n.native = e.native AND n.value = e.new "
    "LEFT JOIN lc_value o ON o.system = e.system AND o.object = e.object AND o.native = e.native AND o.value = e.old "
    "WHERE e.key IS NOT NULL AND e.happened_at IS NOT NULL"
)
"""Every change of a stage or a status, with what the two values mean and the last stage before."""

_NO_FIELD = (
    "NOT EXISTS (SELECT 1 FROM face.stage_event f WHERE f.system = t.system AND f.object = t.object "
    "AND f.id = t.id AND f.stage = t.stage AND f.source = 'field')"
)


def _entered(lifecycle: Lifecycle, found: list[Place]) -> str:
    """Stages that a history says were entered, with the deal that a stage came from, made or won near it.

    A status tells a stage only where its stage is another than before, and nobody comes back by it: see _DISPOSED.
    """
    synced = [
        f"(t.system = {literal(p.seat.system)} AND t.origin IN ({', '.join(map(literal, p.derivation.company_sync))}))"
        for p in {each.seat.system: each for each in found}.values()
        if p.derivation.company_sync
    ]
    by_company = f"t.entity = 'contact' AND ({' OR '.join(synced)})" if synced else "false"
    rank = f"map {{{', '.join(f'{literal(s)}: {r}' for s, r in lifecycle.ladder.items())}}}"
    seconds = lifecycle.near_minutes * 60
    return (
        "INSERT INTO face.stage_event WITH rung AS (SELECT unnest(map_entries("
        + rank
        + ")) AS r), "
        "ladder AS (SELECT r.key AS stage, r.value AS rank FROM rung), "
        "moment AS (SELECT o.system, o.object, o.id, 'opportunity' AS stage, d.created_at AS moment, o.deal_object, "
        "o.deal_id FROM lc_on o JOIN lc_deal d ON d.system = o.system AND d.object = o.deal_object "
        "AND d.id = o.deal_id UNION ALL "
        "SELECT o.system, o.object, o.id, 'customer', d.won_at, o.deal_object, o.deal_id FROM lc_on o "
        "JOIN lc_deal d ON d.system = o.system AND d.object = o.deal_object AND d.id = o.deal_id), "
        "near AS (SELECT t.system, t.object, t.id, t.stage, t.moment, min(m.deal_object) AS deal_object, "
        "min(m.deal_id) AS deal_id FROM lc_changed t JOIN moment m USING (system, object, id, stage) "
        f"WHERE t.axis = 'stage' AND abs(epoch(t.moment) - epoch(m.moment)) <= {seconds} GROUP BY ALL) "
        "SELECT t.entity, t.key, t.system, t.object, t.id, t.stage, "
        f"CASE WHEN {by_company} THEN 'propagated' WHEN l.rank < b.rank THEN 'recycled' ELSE 'entered' END, "
        "t.moment, NULL, t.precision, 'history', t.actor_id, t.system, coalesce(n.deal_object, t.object), "
        "coalesce(n.deal_id, t.id), t.origin "
        "FROM lc_changed t LEFT JOIN ladder l ON l.stage = t.stage LEFT JOIN ladder b ON b.stage = t.before "
        "LEFT JOIN near n ON n.system = t.system AND n.object = t.object AND n.id = t.id AND n.stage = t.stage "
        "AND n.moment = t.moment "
        "WHERE t.stage IS NOT NULL AND t.stage IS DISTINCT FROM t.old_stage "
        f"AND (t.axis = 'stage' OR coalesce(t.old_disposition, '') NOT IN {_AWAY})"
        + (f" AND {_NO_FIELD}" if any(each.derivation.dates for each in found) else "")
    )


_AWAY = "('disqualified', 'rejected', 'recycled', 'nurture')"
"""Dispositions of whom sales does not work."""

_LEFT = (
    "INSERT INTO face.stage_event SELECT entity, key, system, object, id, old_stage, 'exited', moment, "
    "NULL, precision, "
    "'history', actor_id, system, object, id, origin FROM lc_changed "
    "WHERE old_stage IS NOT NULL AND new IS NOT NULL AND stage IS DISTINCT FROM old_stage AND precision = 'instant' "
    f"AND (axis = 'stage' OR coalesce(disposition, '') NOT IN {_AWAY})"
)

# A stage that was taken away is neither left nor entered: what is to go back is cleared first.
_RESET = (
    "INSERT INTO face.stage_event SELECT entity, key, system, object, id, coalesce(old_stage, before), "
    "'reset', moment, "
    "NULL, precision, 'history', actor_id, system, object, id, origin FROM lc_changed "
    "WHERE axis = 'stage' AND new IS NULL AND coalesce(old_stage, before) IS NOT NULL"
)

# -- what a record tells of itself -----------------------------------------------------------

_TIMES = (
    "SELECT t.entity, t.key, t.system, t.object, t.id, v.stage, t.entered_at, t.exited_at FROM face.stage_time t "
    "JOIN lc_field f ON f.system = t.system AND f.object = t.object AND f.axis = 'stage' "
    "JOIN lc_value v ON v.system = t.system AND v.object = t.object AND v.native = f.native AND v.value = t.stage "
    "WHERE t.key IS NOT NULL AND v.stage IS NOT NULL"
)


_EXITED = "e.kind = 'exited'"


def _untold(such: str) -> str:
    """True where no such event is known of the record and the stage yet."""
    return (
        "NOT EXISTS (SELECT 1 FROM face.stage_event e WHERE e.system = t.system AND e.object = t.object "
        f"AND e.id = t.id AND e.stage = t.stage AND {such})"
    )


_BY_STAGE_TIME = (
    "INSERT INTO face.stage_event SELECT t.entity, t.key, t.system, t.object, t.id, t.stage, 'entered', t.entered_at, "
    f"NULL, 'instant', 'stage_time', NULL, t.system, t.object, t.id, NULL FROM ({_TIMES}) t "
    f"WHERE t.entered_at IS NOT NULL AND {_untold(ENTERING)}"
)
_LEFT_BY_STAGE_TIME = (
    "INSERT INTO face.stage_event SELECT t.entity, t.key, t.system, t.object, t.id, t.stage, 'exited', t.exited_at, "
    f"NULL, 'instant', 'stage_time', NULL, t.system, t.object, t.id, NULL FROM ({_TIMES}) t "
    f"WHERE t.exited_at IS NOT NULL AND {_untold(_EXITED)}"
)


def _now(db: duckdb.DuckDBPyConnection, found: list[Place]) -> None:
    """The stage that a record holds, where nothing else tells of it: since it stands there, or by when it was read."""
    for place in found:
        if place.native(place.derivation.stage):
            taken = literal(place.snapshot.manifest.taken_at)
            db.execute(
                "INSERT INTO face.stage_event SELECT t.entity, t.key, t.system, t.object, t.id, t.stage, "
                "CASE WHEN m.stage_since IS NULL THEN 'inferred' ELSE 'entered' END, "
                f"coalesce(m.stage_since, {taken}::TIMESTAMPTZ AT TIME ZONE 'UTC'), NULL, "
                "CASE WHEN m.stage_since IS NULL THEN 'upper_bound' ELSE 'instant' END, "
                "CASE WHEN m.stage_since IS NULL THEN 'now' ELSE 'property' END, NULL, t.system, t.object, t.id, NULL "
                "FROM lc_record t LEFT JOIN face.marketing m ON m.system = t.system AND m.object = t.object "
                f"AND m.id = t.id WHERE t.system = {literal(place.seat.system)} "
                f"AND t.object = {literal(place.seat.object)} AND t.stage IS NOT NULL AND {_untold(ENTERING)}"
            )


# -- dispositions ----------------------------------------------------------------------------

_KIND = (
    "CASE WHEN t.disposition IN ('disqualified', 'rejected') THEN 'disqualified' "
    "WHEN t.disposition IN ('recycled', 'nurture') THEN 'recycled' ELSE 'reopened' END"
)

# At the stage where the record stood then: the last that it had entered.
_DISPOSED = (
    "INSERT INTO face.stage_event WITH turned AS (SELECT t.*, "
    + _KIND
    + " AS turn FROM lc_changed t "
    "WHERE t.axis = 'status' AND t.disposition IS DISTINCT FROM t.old_disposition "
    f"AND (t.disposition IN {_AWAY} OR (t.old_disposition IN {_AWAY} AND t.new IS NOT NULL))), "
    "stood AS (SELECT e.system, e.object, e.id, e.stage, e.at AS moment FROM face.stage_event e "
    f"WHERE {ENTERING} AND e.at IS NOT NULL) "
    "SELECT t.entity, t.key, t.system, t.object, t.id, coalesce(t.stage, s.stage, t.old_stage, 'lead'), "
    "t.turn, t.moment, "
    "NULL, t.precision, 'status', t.actor_id, t.system, t.object, t.id, t.origin FROM turned t ASOF LEFT JOIN stood s "
    "ON s.system = t.system AND s.object = t.object AND s.id = t.id AND t.moment >= s.moment"
)
_DISPOSED_NOW = (
    "INSERT INTO face.stage_event SELECT t.entity, t.key, t.system, t.object, t.id, coalesce(t.stage, 'lead'), "
    f"{_KIND}, NULL, NULL, 'unknown', 'status', NULL, t.system, t.object, t.id, NULL FROM lc_record t "
    f"WHERE t.disposition IN {_AWAY} AND NOT EXISTS (SELECT 1 FROM lc_changed c WHERE c.axis = 'status' "
    "AND c.system = t.system AND c.object = t.object AND c.id = t.id AND c.disposition = t.disposition)"
)
