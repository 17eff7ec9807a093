"""Open deals that nobody is tied to, by stage: as audit D05 finds them, with what they are worth in each currency."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from crmsync.core.profile import StageGap

NEEDS = frozenset(("association.deal.contact", "deal.is_closed", "deal.amount", "deal.stage"))
"""Without these nobody can say it; a currency is known where `role_gap` was made."""
_GAPS = """
WITH told AS (SELECT * FROM tied WHERE from_entity = 'deal' AND to_entity = 'contact'),
known AS (
  SELECT DISTINCT a.system, a.from_object AS object, a.from_id AS id FROM association a JOIN told t
  ON t.system = a.system AND t.from_object = a.from_object AND t.to_object = a.to_object),
money AS (SELECT system, object, id, any_value(currency) AS currency FROM {money} GROUP BY ALL)
SELECT d.system, {pipeline} AS pipeline, coalesce(d.stage_raw, '') AS stage,
  CASE WHEN k.id IS NULL THEN coalesce(m.currency, '') END AS currency, count(*), count(*) FILTER (k.id IS NULL),
  count(*) FILTER (k.id IS NULL AND d.amount IS NULL), sum(d.amount) FILTER (k.id IS NULL)
FROM deal d SEMI JOIN told t ON t.system = d.system AND t.from_object = d.object
LEFT JOIN known k ON k.system = d.system AND k.object = d.object AND k.id = d.id
LEFT JOIN money m ON m.system = d.system AND m.object = d.object AND m.id = d.id
WHERE d.is_closed IS FALSE GROUP BY ALL ORDER BY ALL
"""
_NO_MONEY = "(SELECT '' AS system, '' AS object, '' AS id, '' AS currency WHERE false)"
_STAGES = "SELECT system, coalesce(pipeline, ''), stage, label, position FROM stage"
_PIPELINES = "SELECT DISTINCT system, pipeline, pipeline_label FROM pipeline WHERE pipeline_label IS NOT NULL"


def read_gaps(db: Any, have: Collection[str]) -> tuple[StageGap, ...]:
    """A row for each stage with open deals, by system and in the order of the pipeline; none where nobody knows."""
    if not set(have) >= NEEDS:
        return ()
    found: dict[tuple[str, str, str], StageGap] = {}
    query = _GAPS.format(
        money="role_gap" if _has(db, "role_gap", "currency") else _NO_MONEY,
        pipeline="coalesce(d.pipeline_raw, '')" if _has(db, "deal", "pipeline_raw") else "''",
    )
    for system, pipeline, stage, currency, deals, without, unpriced, amount in db.execute(
        query
    ).fetchall():
        place = (system, pipeline, stage)
        new = StageGap(*place, deals, without, _worth(currency, amount), unpriced)
        found[place] = _together(found[place], new) if place in found else new
    return _named(db, found)


def _worth(currency: str | None, amount: Decimal | None) -> dict[str, Decimal]:
    return {} if currency is None or amount is None else {currency: amount}


def _together(one: StageGap, other: StageGap) -> StageGap:
    return StageGap(
        one.system,
        one.pipeline,
        one.stage,
        one.deals + other.deals,
        one.without + other.without,
        {**one.amounts, **other.amounts},
        one.unpriced + other.unpriced,
    )


def _named(db: Any, found: dict[tuple[str, str, str], StageGap]) -> tuple[StageGap, ...]:
    """The gaps with what a person calls pipeline and stage; a pipeline that is the only one needs no name."""
    labels: dict[tuple[str, str, str], tuple[str, int]] = {}
    for system, pipeline, stage, label, position in db.execute(_STAGES).fetchall():
        for place in ((system, pipeline, stage), (system, "", stage)):
            labels.setdefault(place, (label or stage, position or 0))
    pipelines = {(system, id_): label for system, id_, label in db.execute(_PIPELINES).fetchall()}

    def known(place: tuple[str, str, str]) -> tuple[str, int]:
        return labels.get(place) or labels.get((place[0], "", place[2])) or (place[2], 0)

    ordered = sorted(found, key=lambda each: (each[0], each[1], known(each)[1], each[2]))
    return tuple(
        StageGap(
            each.system,
            pipelines.get((each.system, each.pipeline), each.pipeline)
            if len({place[1] for place in found if place[0] == each.system}) > 1
            else "",
            known(place)[0],
            each.deals,
            each.without,
            each.amounts,
            each.unpriced,
        )
        for place in ordered
        for each in [found[place]]
    )


def _has(db: Any, table: str, column: str) -> bool:
    query = "SELECT count(*) FROM duckdb_columns() WHERE table_name = ? AND column_name = ?"
    ((found,),) = db.execute(query, [table, column]).fetchall()
    return bool(found)
