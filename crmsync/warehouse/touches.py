"""Attempts and contacts in the audit face: what activities count for, by the table of core/attempts.py.

    touch    key, system, object, id, what, channel, at, on_day, actor, doubt

`what` is attempt or contact; one activity may be both. `at` is an instant or blank, never a day. `doubt` says why its
time is not to be trusted with minutes, though the touch counts: `late` (put down long afterwards), `bulk` (with many
others in the same second), `imported`, `machine` (put down by an integration, for a person), `no_time`.

    meaning  system, object, id, word, means   of every outcome that says something; `means` is blank if nobody knows it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crmsync.core.agreement import Agreement
from crmsync.core.attempts import (
    AUTO_REPLY,
    AUTOMATIC,
    HELD,
    IMPORTED,
    NO_OUTCOMES,
    OUTCOME_IDS,
    OUTCOMES,
    ROBOT_NAMES,
    RULES,
    SEQUENCES,
    Rule,
)
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    from datetime import datetime

    from crmsync.warehouse.columns import Columns


def build_touches(columns: Columns, agreement: Agreement, as_of: datetime) -> None:
    """Builds robot, meaning and touch, of activities up to an instant."""
    db = columns.db
    db.execute(_ROBOTS.format(names=literal(ROBOT_NAMES), told=_list(agreement.robots)))
    db.execute(
        _MEANINGS.format(words=_words(agreement), held=literal(HELD), none=_list(NO_OUTCOMES))
    )
    db.execute(
        _TOUCHES.format(
            automatic=_list(AUTOMATIC if agreement.sequences else (*AUTOMATIC, *SEQUENCES)),
            reply=literal(AUTO_REPLY),
            imported=_list(IMPORTED),
            rule=_first_that_fits(),
            rules=", ".join(_tells(number, rule) for number, rule in enumerate(RULES)),
            late=f"INTERVAL {agreement.late_minutes} MINUTE",
            bulk=agreement.bulk,
            as_of=f"{literal(as_of.replace(tzinfo=None).isoformat())}::TIMESTAMP",
        )
    )


def _words(agreement: Agreement) -> str:
    """Ids and labels in small letters with what they mean; the agreement's own go before."""
    known: Mapping[str, str] = {**OUTCOMES, **OUTCOME_IDS, **agreement.outcomes}
    found = {word.strip().lower(): means for word, means in known.items()}
    return ", ".join(
        f"({literal(word)}, {literal(means)})" for word, means in sorted(found.items())
    )


def _list(words: Iterable[str]) -> str:
    return ", ".join(literal(word) for word in ("", *words))


def _first_that_fits() -> str:
    cases = " ".join(f"WHEN {_condition(rule)} THEN {number}" for number, rule in enumerate(RULES))
    return f"CASE {cases} END"


def _condition(rule: Rule) -> str:
    tests = {
        "object": rule.object,
        "kind": (rule.kind,) if rule.kind else (),
        "subtype": rule.subtype,
        "direction": rule.direction,
        "state": rule.state,
        "means": rule.meaning,
    }
    found = [
        f"coalesce({name}, '-') IN ({', '.join(map(literal, words))})"
        for name, words in tests.items()
        if words
    ]
    if rule.robot is not None:
        found.append("robot" if rule.robot else "NOT robot")
    return " AND ".join(found)


def _tells(number: int, rule: Rule) -> str:
    attempt = literal(rule.attempt) if rule.attempt else "NULL"
    contact = "true" if rule.contact else "false"
    cells = (attempt, literal(rule.attempt_at), contact, literal(rule.contact_at))
    return f"({number}, {', '.join(cells)})"


_ROBOTS = """
CREATE TABLE face.robot AS
SELECT system, id FROM face.owner
WHERE regexp_matches(lower(coalesce(name, '')), {names}) OR lower(email) IN ({told}) OR id IN ({told})
"""
_MEANINGS = """
CREATE TABLE face.meaning AS
WITH word(word, means) AS (VALUES {words}),
said AS (
  SELECT system, object, id, kind, outcome, lower(trim(outcome)) AS label, lower(outcome_id) AS told
  FROM face.activity WHERE kind IN ('call', 'meeting', 'email') AND trim(coalesce(outcome, outcome_id, '')) <> '')
SELECT s.system, s.object, s.id, coalesce(s.outcome, s.told) AS word, coalesce(i.means, l.means,
  CASE WHEN s.kind = 'meeting' AND s.label = {held} THEN 'held' END) AS means
FROM said s LEFT JOIN word i ON i.word = s.told LEFT JOIN word l ON l.word = s.label
WHERE i.means IS NOT NULL OR l.means IS NOT NULL OR (s.kind = 'meeting' AND s.label = {held})
  OR s.label NOT IN ({none})
"""
_AT = "CASE {at} WHEN 'created' THEN created_at WHEN 'done' THEN coalesce(happened_at, created_at) ELSE happened_at END"
# Written down more than a day after the day it is dated: days are local, so one may differ
_LATE = """(coalesce({at}, '') <> 'created' AND coalesce(created_at > happened_at + {{late}}, false))
    OR (happened_at IS NULL AND coalesce(created_at::DATE > day + 1, false))"""
_TOUCHES = f"""
CREATE TABLE face.touch AS
WITH said AS (
  SELECT a.*, m.means, coalesce(a.origin IN ({{automatic}}), false)
      OR (a.subtype = 'INCOMING_EMAIL' AND regexp_matches(lower(coalesce(a.subject, '')), {{reply}}))
      OR (coalesce(c.id, o.id) IS NOT NULL AND (a.owner_id IS NULL OR o.id IS NOT NULL)) AS robot,
    c.id IS NOT NULL AS by_machine,
    count(*) OVER (PARTITION BY a.system, a.created_by, date_trunc('second', a.created_at)) AS at_once
  FROM face.activity a
  LEFT JOIN face.meaning m ON m.system = a.system AND m.object = a.object AND m.id = a.id
  LEFT JOIN face.robot c ON c.system = a.system AND c.id = a.created_by
  LEFT JOIN face.robot o ON o.system = a.system AND o.id = a.owner_id),
ruled AS (SELECT *, {{rule}} AS rule FROM said),
rules(rule, attempt, attempt_at, contact, contact_at) AS (VALUES {{rules}}),
done AS (
  SELECT r.*, u.* EXCLUDE (rule), {_AT.format(at="u.attempt_at")} AS attempted, {_AT.format(at="u.contact_at")} AS met
  FROM ruled r JOIN rules u ON u.rule = r.rule),
told AS (
  SELECT system, object, id, 'attempt' AS what, attempt AS channel, attempted AS at, attempt_at AS timed, day,
    created_at, happened_at, coalesce(owner_id, created_by) AS actor, origin, by_machine, at_once
  FROM done WHERE attempt IS NOT NULL
  UNION ALL
  SELECT system, object, id, 'contact', kind, met, contact_at, day, created_at, happened_at,
    coalesce(owner_id, created_by), origin, by_machine, at_once
  FROM done WHERE contact AND coalesce(met, day) <= {{as_of}})
SELECT DISTINCT b.key, t.system, t.object, t.id, t.what, t.channel, t.at,
  coalesce(t.at::DATE, t.day, t.created_at::DATE) AS on_day, t.actor,
  CASE WHEN t.at IS NULL THEN 'no_time' WHEN t.origin IN ({{imported}}) THEN 'imported' WHEN t.by_machine THEN 'machine'
    WHEN {_LATE.format(at="t.timed")} THEN 'late' WHEN t.at_once > {{bulk}} THEN 'bulk' END AS doubt
FROM told t JOIN face.activity_about b ON b.system = t.system AND b.activity_object = t.object AND b.activity_id = t.id
WHERE b.entity = 'contact' AND b.key IS NOT NULL AND coalesce(t.at, t.day, t.created_at) <= {{as_of}}
"""
