"""Events of leads: made, taken from a queue, converted. A converted lead belongs to the customer it became.

    conversion  entity, system, object, id, key, created_at, converted_on, contact_id, deal_id

`key` is NULL of a lead that became somebody who is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.companions import CONVERTED_DEAL, CONVERTED_ON
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.marks import id_sql
from crmsync.warehouse.stage_words import Place

if TYPE_CHECKING:
    import duckdb


CONVERSION = (
    "entity VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR, key VARCHAR, created_at TIMESTAMP, "
    "converted_on VARCHAR, contact_id VARCHAR, deal_id VARCHAR"
)


def build_lead_events(db: duckdb.DuckDBPyConnection, found: list[Place]) -> None:
    """Adds what leads tell to stage_event; builds conversion in the face."""
    db.execute(f"CREATE TABLE face.conversion ({CONVERSION})")
    leads = [each for each in found if each.is_lead]
    for place in leads:
        if tells_conversions(place) and place.snapshot.manifest.rows:
            db.execute(_converted(place))
    db.execute(_MADE)
    for place in leads:
        if place.derivation.converted:
            db.execute(_became(place))
        if place.derivation.from_queue:
            db.execute(_taken(place))


def tells_conversions(place: Place) -> bool:
    """True if the records of a seat say that they became others, and which."""
    manifest = place.snapshot.manifest
    return manifest.converted_flag in manifest.fields and bool(_into(place))


def _into(place: Place) -> str:
    """The native field that says which record of the same entity a lead became."""
    objects = {each.object for each in place.entity.seats_of(place.seat.system)}
    told = place.snapshot.manifest.converted_into
    return next((name for object_, name in told.items() if object_ in objects), "")


def _converted(place: Place) -> str:
    """Leads of a seat that became somebody."""
    manifest = place.snapshot.manifest

    def told(name: str) -> str:
        return f"nullif(r.{quoted(name)}, '')" if name in manifest.fields else "NULL"

    day, deal = (manifest.companions.get(word, "") for word in (CONVERTED_ON, CONVERTED_DEAL))
    system, object_ = literal(place.seat.system), literal(place.seat.object)
    return (
        f"INSERT INTO face.conversion SELECT {literal(place.entity.entity)}, {system}, {object_}, r._id, w.key, "
        f"try_cast(r._created_at AS TIMESTAMP), {told(day)}, {id_sql(told(_into(place)))}, {id_sql(told(deal))} "
        f"FROM read_parquet({literal(place.snapshot.pattern)}) r "
        f"LEFT JOIN face.whose w ON w.id = r._id AND w.entity = {literal(place.entity.entity)} "
        f"AND w.system = {system} AND w.object = {object_} "
        f"WHERE r.{quoted(manifest.converted_flag)} = 'true'"
    )


_MADE = (
    "INSERT INTO face.stage_event SELECT entity, key, system, object, id, 'lead', 'entered', created_at, NULL, "
    "CASE WHEN created_at IS NULL THEN 'unknown' ELSE 'instant' END, 'record', NULL, system, object, id, NULL FROM ("
    "SELECT entity, key, system, object, id, created_at FROM lc_record WHERE is_lead UNION ALL "
    "SELECT entity, key, system, object, id, created_at FROM face.conversion WHERE key IS NOT NULL)"
)


def _became(place: Place) -> str:
    """Conversions: the moment that a history tells, else the day that the lead keeps."""
    return (
        "INSERT INTO face.stage_event WITH said AS (SELECT system, object, id, min(happened_at) AS moment, "
        "any_value(actor_id) AS actor FROM face.event WHERE kind = 'record' AND native = 'leadConverted' GROUP BY ALL) "
        f"SELECT c.entity, c.key, c.system, c.object, c.id, {literal(place.derivation.converted)}, 'entered', "
        "s.moment, "
        "CASE WHEN s.moment IS NULL THEN try_cast(left(c.converted_on, 10) AS DATE) END, "
        "CASE WHEN s.moment IS NOT NULL THEN 'instant' WHEN try_cast(left(c.converted_on, 10) AS DATE) IS NULL "
        "THEN 'unknown' ELSE 'day' END, 'conversion', s.actor, c.system, c.object, c.id, NULL "
        "FROM face.conversion c LEFT JOIN said s USING (system, object, id) "
        f"WHERE c.key IS NOT NULL AND c.system = {literal(place.seat.system)} AND c.object = "
        f"{literal(place.seat.object)}"
    )


def _taken(place: Place) -> str:
    """Leads that went from nobody, or from a queue, to a person: users are known, queues are no users."""
    system, object_ = place.seat.system, place.seat.object
    natives = {
        native
        for each in place.entity.fields
        if each.type == "owner" and (native := each.name_in(system, object_))
    }
    named = ", ".join(map(literal, sorted(natives or {"OwnerId"})))
    return (
        f"INSERT INTO face.stage_event SELECT e.entity, e.key, e.system, e.object, e.id, "
        f"{literal(place.derivation.from_queue)}, 'entered', e.happened_at, NULL, e.precision, 'queue', e.actor_id, "
        "e.system, e.object, e.id, e.origin FROM face.event e "
        f"WHERE e.system = {literal(system)} AND e.object = {literal(object_)} AND e.native IN ({named}) "
        "AND e.key IS NOT NULL AND nullif(e.old, '') IS NOT NULL "
        "AND EXISTS (SELECT 1 FROM face.owner o WHERE o.system = e.system AND o.id = e.new) "
        "AND NOT EXISTS (SELECT 1 FROM face.owner o WHERE o.system = e.system AND o.id = e.old)"
    )
