"""Activities that a CRMs' own connector copied from one system to the other: each is counted once, where it was made.

A task or event of Salesforce is a copy of an activity of HubSpot if both are about the same customer and of the same
day (or the next, by time zones), it was made afterwards, and its subject is what the connector writes: `Call: ...`,
`Email: ...`, `Meeting: ...`, `Note`, `Task: ...`. Where there is no more to the subject than the word, its author has
to be one who made such copies, or be called after HubSpot. An activity of HubSpot is a copy if it says so itself.

The subjects are those users show; no field of a copy names what it was copied from, in either system: revblack.com,
mappings and sync rules (read 2026-11). Of several that fit, those that were made at the nearest times belong together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

Activity: TypeAlias = tuple[str, ...]
"""System, object, id."""

_WORDS = {
    "calls": "Call",
    "emails": "Email",
    "meetings": "Meeting",
    "notes": "Note",
    "tasks": "Task",
}
_TASKS = ("Task", "Event")
_MIRROR = ("system", "object", "id", "of_system", "of_object", "of_id")
# Subjects are cut at 255 characters: developer.salesforce.com, Task (read 2026-11)
_SUBJECT = 255
_FROM_SALESFORCE = "SALESFORCE"
# What is copied is there first; the clocks of two systems may differ so much
_CLOCKS = "INTERVAL 5 MINUTE"


def build_mirrors(columns: Columns, read: frozenset[str]) -> None:
    """Builds activity_mirror, and takes what is in it out of activity and activity_about.

    `read` says of which systems all activities were read, as `salesforce:activity`: what was made in any other
    one is known by its copy alone, which stays.
    """
    db = columns.db
    cells = ", ".join(f"{name} VARCHAR" for name in _MIRROR)
    db.execute(f"CREATE TABLE face.activity_mirror ({cells})")
    systems = [each.removesuffix(":activity") for each in sorted(read)]
    if len(systems) < 2:
        return
    among = ", ".join(map(literal, systems))
    db.execute(_CUSTOMERS.format(among=among))
    copies = [*_paired(columns, _COPIES), *_paired(columns, _BROUGHT)]
    _insert(columns, copies)
    db.execute(_UNPAIRED.format(among=among))
    db.execute("DROP TABLE face.touching")
    for name, head in (("activity", ""), ("activity_about", "activity_")):
        db.execute(
            f"DELETE FROM face.{name} t WHERE EXISTS (SELECT 1 FROM face.activity_mirror m WHERE "
            f"m.system = t.system AND m.object = t.{head}object AND m.id = t.{head}id)"
        )


def _insert(columns: Columns, copies: list[tuple[str, ...]]) -> None:
    import pyarrow as pa

    arrays = [pa.array([row[at] for row in copies], pa.string()) for at in range(len(_MIRROR))]
    columns.db.register("copies", pa.Table.from_arrays(arrays, names=list(_MIRROR)))
    columns.db.execute("INSERT INTO face.activity_mirror SELECT * FROM copies")
    columns.db.unregister("copies")


def _paired(columns: Columns, pairs: str) -> list[tuple[str, ...]]:
    """Copy and origin, each in one pair, the nearest first."""
    taken: set[Activity] = set()
    return list(_nearest(columns.db.execute(pairs).fetchall(), taken))


def _nearest(rows: list[tuple[str, ...]], taken: set[Activity]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        copy, origin = row[:3], row[3:6]
        if copy not in taken and origin not in taken:
            taken |= {copy, origin}
            yield row[:6]


def _word() -> str:
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(word)}" for name, word in _WORDS.items())
    return f"CASE h.object {cases} END"


_ON = "t.key = h.key AND t.entity = 'contact' AND t.system <> h.system"
_DAY = "abs(date_diff('day', t.on_day, h.on_day)) <= 1"
_IDS = "t.system, t.object, t.id, h.system, h.object, h.id"
# Every activity with each customer it is about, of systems whose activities were read.
_CUSTOMERS = """
CREATE TABLE face.touching AS
SELECT DISTINCT a.system, a.object, a.id, b.entity, b.key, a.subject, a.created_at, a.created_by, a.origin,
  coalesce(a.day, a.happened_at::DATE, a.created_at::DATE) AS on_day
FROM face.activity a JOIN face.activity_about b
  ON b.system = a.system AND b.activity_object = a.object AND b.activity_id = a.id
WHERE b.key IS NOT NULL AND a.system IN ({among})
"""
_TASK_LIST, _HUBSPOT_LIST = (", ".join(map(literal, names)) for names in (_TASKS, _WORDS))
_COPIES = f"""
WITH told AS (
  SELECT {_IDS.replace(", h.system, h.object, h.id", "")}, h.system AS of_system, h.object AS of_object, h.id AS of_id,
    t.created_by, h.subject IS NOT NULL AS has_subject, abs(epoch(t.created_at) - epoch(h.created_at)) AS gap
  FROM face.touching t JOIN face.touching h ON {_ON}
  WHERE t.object IN ({_TASK_LIST}) AND h.object IN ({_HUBSPOT_LIST}) AND {_DAY}
    AND h.origin IS DISTINCT FROM {literal(_FROM_SALESFORCE)} AND t.created_at >= h.created_at - {_CLOCKS}
    AND t.subject = left({_word()} || coalesce(': ' || h.subject, ''), {_SUBJECT})),
author AS (
  SELECT DISTINCT system, created_by AS id FROM told WHERE has_subject AND created_by IS NOT NULL
  UNION SELECT system, id FROM face.owner WHERE name ILIKE '%hubspot%')
SELECT system, object, id, of_system, of_object, of_id FROM told
WHERE has_subject OR EXISTS (SELECT 1 FROM author a WHERE a.system = told.system AND a.id = told.created_by)
ORDER BY gap, 1, 2, 3, 4, 5, 6
"""
_BROUGHT = f"""
SELECT h.system, h.object, h.id, t.system, t.object, t.id FROM face.touching t JOIN face.touching h ON {_ON}
WHERE t.object IN ({_TASK_LIST}) AND h.object IN ({_HUBSPOT_LIST}) AND h.origin = {literal(_FROM_SALESFORCE)}
  AND {_DAY} AND (h.subject IS NULL OR t.subject = h.subject)
ORDER BY abs(epoch(t.created_at) - epoch(h.created_at)), 1, 2, 3, 4, 5, 6
"""
# What says itself that it came from there is a copy, though nobody knows of what.
_UNPAIRED = f"""
INSERT INTO face.activity_mirror SELECT h.system, h.object, h.id, NULL, NULL, NULL FROM face.activity h
WHERE h.system IN ({{among}}) AND h.origin = {literal(_FROM_SALESFORCE)} AND h.object IN ({_HUBSPOT_LIST})
  AND NOT EXISTS (SELECT 1 FROM face.activity_mirror m
    WHERE m.system = h.system AND m.object = h.object AND m.id = h.id)
  AND EXISTS (SELECT 1 FROM face.fact f WHERE f.system <> h.system AND f.system IN ({{among}}) AND f.object = 'Task')
"""
