"""Events that follow from deals, in systems that keep no stage of their own: opportunity, customer, all deals lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal
from crmsync.warehouse.stage_words import Place

if TYPE_CHECKING:
    import duckdb

_ON = "lc_on o JOIN lc_deal d ON d.system = o.system AND d.object = o.deal_object AND d.id = o.deal_id "
# Without knowing when somebody came onto the deal, its beginning says nothing of them; of a company it does.
_MOMENT = "CASE WHEN o.since IS NOT NULL THEN greatest(o.since, {begun}) WHEN o.entity = 'company' THEN {begun} END"


def build_deal_events(db: duckdb.DuckDBPyConnection, found: list[Place]) -> None:
    """Adds to stage_event what the deals of such systems tell of those who are on them."""
    systems = sorted({each.seat.system for each in found if each.derivation.by_deals})
    if systems:
        named = ", ".join(map(literal, systems))
        for sql in (_OPENED, _WON, _LOST):
            db.execute(sql.format(systems=named))


_OPENED = (
    "INSERT INTO face.stage_event SELECT entity, key, system, object, id, 'opportunity', 'entered', moment, NULL, "
    "CASE WHEN moment IS NULL THEN 'unknown' ELSE 'instant' END, 'deal', NULL, system, deal_object, "
    "deal_id, NULL FROM ("
    f"SELECT o.*, {_MOMENT.format(begun='d.created_at')} AS moment FROM {_ON} "
    "WHERE o.system IN ({systems}) AND d.is_open IS NOT NULL)"
)
_WON = (
    "INSERT INTO face.stage_event SELECT o.entity, o.key, o.system, o.object, o.id, 'customer', 'entered', "
    "CASE WHEN d.won_at IS NOT NULL THEN greatest(o.since, d.won_at) END, CASE WHEN d.won_at IS NULL "
    "THEN d.won_day END, "
    "CASE WHEN d.won_at IS NOT NULL THEN 'instant' WHEN d.won_day IS NOT NULL THEN 'day' ELSE 'unknown' END, "
    f"'deal', NULL, o.system, o.deal_object, o.deal_id, NULL FROM {_ON} "
    "WHERE o.system IN ({systems}) AND d.is_won"
)
_LOST = (
    "INSERT INTO face.stage_event SELECT o.entity, o.key, o.system, any_value(o.object), any_value(o.id), "
    "'opportunity', 'exited', CASE WHEN count(*) = count(d.closed_at) THEN max(d.closed_at) END, "
    "CASE WHEN count(*) > count(d.closed_at) THEN max(coalesce(d.closed_at::DATE, d.closed_day)) END, "
    "CASE WHEN count(*) = count(d.closed_at) THEN 'instant' "
    "WHEN count(*) = count(coalesce(d.closed_at::DATE, d.closed_day)) THEN 'day' ELSE 'unknown' END, "
    f"'deal', NULL, o.system, any_value(o.deal_object), max(o.deal_id), 'all_deals_lost' FROM {_ON} "
    "WHERE o.system IN ({systems}) GROUP BY o.entity, o.key, o.system "
    "HAVING bool_and(NOT d.is_open AND NOT d.is_won)"
)
