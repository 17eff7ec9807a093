"""Hand-offs in the audit face: one row for each time a customer was handed to sales, and how long that took.

    handoff  key, episode, raised_by, t_raise, t_mql, t_assigned, handoff_at, first_attempt_at, connected_at,
             disposition, disposition_at, owner_id, owner_system, mql_precision, owner_precision, precision, next_at,
             attempts, contacts, calls, voicemails, emails, meetings, doubtful, early_attempt_at, state, raw_s,
             business_s, raw_age_s, business_age_s, calendar, hours

An episode begins with an MQL (in a workspace where nobody ever is one, with a lead), and a further one only after the
last was accepted, rejected, recycled or reset; what two systems tell of one is one. `handoff_at` is the later of MQL
and owner, unless the agreement says otherwise, and blank where there is no owner or nobody knows since when.

`state` is touched, never, unmeasured, unknown (when it was handed off), no_owner, or early (touched before, not since).
`raw_s` and `business_s` are seconds from hand-off to first attempt, where both are instants; `raw_age_s` and
`business_age_s` go up to the audit. `hours` says whose calendar it is: owner, organisation, agreement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crmsync.core.agreement import Agreement
from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.inbound import build_inbound
from crmsync.warehouse.parts import tables_in
from crmsync.warehouse.touches import build_touches
from crmsync.warehouse.worktimes import Hours, build_worktimes, is_untouched, read_hours

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

# The native names of owners, where no field of ours is mapped to them
_OWNERS = ("OwnerId", "hubspot_owner_id")
_LATER = ("sal", "sql", "opportunity", "customer")
# Records that somebody brought in were raised by nobody on that day
_BROUGHT_IN = ("IMPORT", "INTEGRATION", "API", "MIGRATION", "BATCH_UPDATE", "SALESFORCE")
OF_HANDOFFS = frozenset(("handoff", "hours", "inbound"))
"""What audits need that is made together with the hand-offs."""
_TABLES = frozenset(
    ("handoff", "touch", "works", "robot", "meaning", "opening", "inbound", "calendar_problem")
)


def asks_handoffs(needs: Iterable[str], queries: Iterable[str]) -> bool:
    """True if an audit with these needs and queries reads what is made together with the hand-offs."""
    return bool(OF_HANDOFFS & set(needs)) or bool(_TABLES & tables_in(queries))


def build_handoffs(columns: Columns, agreement: Agreement, zone: str, as_of: datetime) -> set[str]:
    """Builds the tables of this page and the next ones; which of them can be asked, in words of `needs`."""
    hours = read_hours(columns, agreement, zone)
    since = as_of - timedelta(days=agreement.days + 1)
    build_worktimes(columns, hours, since, as_of + timedelta(days=1))
    build_touches(columns, agreement, as_of)
    db = columns.db
    db.execute(f"CREATE TABLE face.hand_person AS {_people(columns)}")
    db.execute(_MILESTONE)
    basis = raised_by(columns)
    named = {
        "basis": literal(basis),
        "later": _listed(_LATER),
        "now": f"TIMESTAMP {literal(as_of.replace(tzinfo=None).isoformat(sep=' '))}",
        "since": f"TIMESTAMP {literal(since.replace(tzinfo=None).isoformat(sep=' '))}",
        "owners": _listed(_owner_fields(columns)),
        "natives": _listed(_OWNERS),
        "after": _AFTER,
        "brought_in": _listed(_BROUGHT_IN),
        "handoff": _HANDOFF_AT[agreement.handoff],
        "handoff_precision": _PRECISION[agreement.handoff],
    }
    for statement in (_EPISODE, _OWNED, _ASSIGNED, _RAISED, _HANDED, _TOUCHED, _HANDOFF):
        db.execute(statement.format(**named))
    _problems(columns, hours)
    for name in _SCRATCH:
        db.execute(f"DROP TABLE face.{name}")
    return _words(columns) | build_inbound(columns)


def raised_by(columns: Columns) -> str:
    """The stage that a hand-off begins with: MQL where anybody ever was one."""
    (found,) = columns.db.execute(
        "SELECT count(*) FROM face.hand_milestone WHERE stage = 'mql' AND kind = 'entered'"
    ).fetchall()
    return "mql" if found[0] else "lead"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(literal, words))


def _owner_fields(columns: Columns) -> tuple[str, ...]:
    names = {
        each.field
        for entity in columns.mapping.entities
        for each in entity.fields
        if entity.entity == "contact" and each.type == "owner"
    }
    return ("", *sorted(names))


def _people(columns: Columns) -> str:
    """Every record of a contact, and whose it is now, by the id in its own system; none where nobody maps contacts."""
    if not any(entity.entity == "contact" for entity in columns.mapping.entities):
        cells = ("system", "object", "id", "key", "owner_id")
        nothing = ", ".join(f"NULL::VARCHAR AS {name}" for name in cells)
        return f"SELECT {nothing}, NULL::TIMESTAMP AS created_at WHERE false"
    names = _owner_fields(columns)[1:]
    cell = quoted(f"{names[0]}_raw") if names else "NULL::VARCHAR"
    return f"SELECT system, object, id, key, {cell} AS owner_id, created_at FROM face.contact"


def _problems(columns: Columns, hours: Hours) -> None:
    """Builds calendar_problem: what of working hours cannot be used as it stands."""
    columns.db.execute("CREATE TABLE face.calendar_problem (what VARCHAR, calendar VARCHAR)")
    unset = [
        ("round", system)
        for system, each in hours.of_systems.items()
        if is_untouched(each) and not hours.agreed
    ]
    found = sorted({*hours.problems, *unset})
    if found:
        columns.db.executemany("INSERT INTO face.calendar_problem VALUES (?, ?)", found)


_SCRATCH = (
    *(
        "hand_milestone",
        "hand_episode",
        "hand_owned",
        "hand_assigned",
        "hand_raised",
        "hand_handed",
    ),
    *("hand_touched", "hand_person"),
)


def _words(columns: Columns) -> set[str]:
    """`handoff` where stages are told, `hours` unless there are owners and nobody knows when any of them works."""
    have = {"handoff"} if columns.mapping.lifecycle is not None else set()
    is_known = _has_rows(columns, "works") or not _has_rows(columns, "owner")
    return have | ({"hours"} if is_known else set())


def _has_rows(columns: Columns, table: str) -> bool:
    return bool(columns.db.execute(f"SELECT 1 FROM face.{table} LIMIT 1").fetchall())


# That somebody was at a stage when it was first read says nothing of when they came to it.
_MILESTONE = """
CREATE TABLE face.hand_milestone AS
SELECT key, system, stage, kind, CASE WHEN precision = 'instant' THEN "at" END AS "at",
  CASE WHEN precision = 'day' THEN coalesce(day, "at"::DATE) END AS day, precision
FROM face.stage_event WHERE entity = 'contact' AND key IS NOT NULL
"""
_HANDOFF_AT = {
    "later": "CASE WHEN t_mql IS NULL THEN NULL WHEN owned_by_then THEN t_mql WHEN t_assigned IS NOT NULL "
    "THEN greatest(t_mql, t_assigned) END",
    "mql": "t_mql",
    "owner": "t_assigned",
}
_PRECISION = {
    "later": "CASE WHEN owned_by_then OR t_mql IS NULL THEN mql_precision WHEN t_assigned IS NULL THEN owner_precision "
    "WHEN mql_precision = 'instant' THEN owner_precision ELSE mql_precision END",
    "mql": "mql_precision",
    "owner": "owner_precision",
}

# Where two systems tell of one MQL, or one tells it twice, the first counts until something became of it.
_EPISODE = """
CREATE TABLE face.hand_episode AS
WITH step AS (
  SELECT key, "at", precision, coalesce("at", day) AS moment,
    CASE WHEN kind = 'disqualified' THEN 'rejected' WHEN kind IN ('recycled', 'reset') THEN 'recycled'
      WHEN stage = {basis} AND kind IN ('entered', 'reopened') THEN 'open'
      WHEN stage IN ({later}) AND kind = 'entered' THEN 'accepted' END AS what
  FROM face.hand_milestone WHERE coalesce("at", day) <= {now} OR coalesce("at", day) IS NULL),
known AS (SELECT *, CASE what WHEN 'open' THEN 0 ELSE 1 END AS place FROM step WHERE what IS NOT NULL),
marked AS (
  SELECT *, lag(what) OVER held AS before FROM known
  WINDOW held AS (PARTITION BY key ORDER BY moment NULLS LAST, place, precision)),
opened AS (
  SELECT key, "at", precision, moment, row_number() OVER held AS episode,
    lead(moment) OVER held AS next_at FROM marked WHERE what = 'open' AND before IS DISTINCT FROM 'open'
  WINDOW held AS (PARTITION BY key ORDER BY moment NULLS LAST))
SELECT o.key, o.episode::INTEGER AS episode, o.at AS t_mql, o.precision AS mql_precision, o.moment, o.next_at,
  arg_min(k.what, k.moment) AS disposition, min(k.moment) AS disposition_at
FROM opened o LEFT JOIN known k ON k.key = o.key AND k.what <> 'open' AND k.moment >= o.moment
  AND (o.next_at IS NULL OR k.moment < o.next_at)
GROUP BY ALL
"""
# Every word on owners: who owned, from when, and who before that.
_OWNED = """
CREATE TABLE face.hand_owned AS
WITH human AS (SELECT system, id FROM face.owner ANTI JOIN face.robot USING (system, id))
SELECT e.key, e.system, e.happened_at AS at, e.precision, nullif(e.new, '') AS owner_id, n.id IS NOT NULL AS is_human,
  o.id IS NOT NULL AS was_human, e.old
FROM face.event e
LEFT JOIN human n ON n.system = e.system AND n.id = e.new
LEFT JOIN human o ON o.system = e.system AND o.id = e.old
WHERE e.entity = 'contact' AND e.key IS NOT NULL AND e.happened_at IS NOT NULL
  AND (e.field IN ({owners}) OR e.native IN ({natives}))
"""
_AFTER = "o.at > e.moment AND o.is_human AND (e.next_at IS NULL OR o.at < e.next_at)"
# An owner who was there before the first change that is told was there by then, whenever that began.
_ASSIGNED = """
CREATE TABLE face.hand_assigned AS
WITH human AS (SELECT system, id FROM face.owner ANTI JOIN face.robot USING (system, id)),
told AS (SELECT DISTINCT system FROM face.owner),
tracked AS (
  SELECT o.system, coalesce(max(f.since), TIMESTAMP '1970-01-01') AS since
  FROM (SELECT DISTINCT system FROM face.hand_owned) o
  LEFT JOIN face.fact f ON f.system = o.system AND f.fact = 'event' GROUP BY 1),
now AS (
  SELECT w.key, w.system, min(w.created_at) AS created_at,
    arg_max(w.owner_id, coalesce(w.created_at, TIMESTAMP '1970-01-01'))
      FILTER (h.id IS NOT NULL OR t.system IS NULL) AS owner_id
  FROM face.hand_person w LEFT JOIN human h ON h.system = w.system AND h.id = w.owner_id
  LEFT JOIN told t ON t.system = w.system GROUP BY 1, 2),
seen AS (
  SELECT e.key, e.episode, n.system, n.owner_id AS now_id, n.created_at, t.since,
    coalesce(t.since <= e.moment OR n.created_at >= t.since, false) AS is_whole,
    count(o.key) AS words,
    arg_max(o.owner_id, o.at) FILTER (o.at <= e.moment) AS then_id,
    arg_max(o.is_human, o.at) FILTER (o.at <= e.moment) AS then_human,
    max(o.at) FILTER (o.at <= e.moment) AS then_at,
    arg_max(o.precision, o.at) FILTER (o.at <= e.moment) AS then_precision,
    arg_min(o.was_human, o.at) AS first_human, arg_min(o.old, o.at) AS first_id, min(o.at) AS first_word,
    arg_min(o.owner_id, o.at) FILTER ({after}) AS after_id, min(o.at) FILTER ({after}) AS after_at,
    arg_min(o.precision, o.at) FILTER ({after}) AS after_precision
  FROM face.hand_episode e JOIN now n ON n.key = e.key LEFT JOIN tracked t ON t.system = n.system
  LEFT JOIN face.hand_owned o ON o.key = e.key AND o.system = n.system
  GROUP BY ALL),
judged AS (
  SELECT key, episode, system,
    CASE WHEN then_human THEN 'by_then' WHEN then_at IS NULL AND first_human AND is_whole THEN 'by_then'
      WHEN after_at IS NOT NULL THEN 'after'
      WHEN words = 0 AND now_id IS NOT NULL AND created_at >= since THEN 'by_birth'
      WHEN words = 0 AND now_id IS NOT NULL AND is_whole THEN 'by_then'
      WHEN words > 0 THEN 'nobody' WHEN now_id IS NOT NULL THEN 'unknown' ELSE 'nobody' END AS how, *
      EXCLUDE (key, episode, system)
  FROM seen)
SELECT key, episode, system AS owner_system, how,
  CASE how WHEN 'by_then' THEN CASE WHEN then_human THEN then_id ELSE coalesce(first_id, now_id) END
    WHEN 'after' THEN after_id WHEN 'nobody' THEN NULL ELSE now_id END AS owner_id,
  CASE how WHEN 'by_then' THEN CASE WHEN then_human THEN then_at END WHEN 'after' THEN after_at
    WHEN 'by_birth' THEN created_at END AS t_assigned,
  CASE how WHEN 'by_then' THEN CASE WHEN then_human THEN then_precision ELSE 'unknown' END
    WHEN 'after' THEN after_precision WHEN 'by_birth' THEN 'instant' WHEN 'unknown' THEN how END AS owner_precision
FROM judged
QUALIFY row_number() OVER (PARTITION BY key, episode ORDER BY
  CASE how WHEN 'by_then' THEN 0 WHEN 'by_birth' THEN 1 WHEN 'after' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
  CASE how WHEN 'by_birth' THEN created_at WHEN 'after' THEN after_at ELSE then_at END DESC NULLS LAST, system) = 1
"""
# The last sign of a customer before the MQL, else when they became known, unless somebody brought them in.
_RAISED = """
CREATE TABLE face.hand_raised AS
WITH sign AS (
  SELECT key, "at" FROM face.touch
  WHERE what = 'contact' AND "at" IS NOT NULL AND doubt IS NULL AND channel <> 'meeting'
  UNION ALL SELECT key, latest_at FROM face.marketing WHERE entity = 'contact' AND latest_at IS NOT NULL
    AND coalesce(latest_source, '') <> 'OFFLINE'),
born AS (
  SELECT c.key, min(c.created_at) AS at FROM face.hand_person c
  LEFT JOIN face.marketing m ON m.system = c.system AND m.object = c.object AND m.id = c.id
  WHERE coalesce(m.made_by, '') NOT IN ({brought_in}) GROUP BY 1)
SELECT e.key, e.episode,
  coalesce(max(s.at), any_value(CASE WHEN b.at <= e.t_mql AND e.episode = 1 THEN b.at END)) AS t_raise
FROM face.hand_episode e LEFT JOIN born b ON b.key = e.key LEFT JOIN sign s ON s.key = e.key AND s.at <= e.t_mql
GROUP BY e.key, e.episode
"""
_HANDED = """
CREATE TABLE face.hand_handed AS
WITH named AS (
  SELECT e.*, r.t_raise, a.owner_id, a.owner_system, a.how, a.t_assigned, a.owner_precision,
    a.how IN ('by_then', 'by_birth') AND coalesce(a.t_assigned <= e.t_mql, a.how = 'by_then') AS owned_by_then
  FROM face.hand_episode e LEFT JOIN face.hand_assigned a USING (key, episode)
  LEFT JOIN face.hand_raised r USING (key, episode))
SELECT *, {handoff} AS handoff_at, {handoff_precision} AS precision FROM named
"""
_TOUCHED = """
CREATE TABLE face.hand_touched AS
SELECT h.key, h.episode,
  min(t.at) FILTER (t.what = 'attempt' AND t.doubt IS NULL AND t.at >= h.handoff_at) AS first_attempt_at,
  min(t.at) FILTER (t.what = 'contact' AND t.doubt IS NULL AND t.at >= h.handoff_at) AS connected_at,
  min(t.at) FILTER (t.what = 'attempt' AND t.doubt IS NULL AND t.at < h.handoff_at) AS early_attempt_at,
  count(*) FILTER (t.what = 'attempt' AND (t.at IS NULL OR t.at >= h.handoff_at)) AS attempts,
  count(*) FILTER (t.what = 'contact' AND (t.at IS NULL OR t.at >= h.handoff_at)) AS contacts,
  count(*) FILTER (t.doubt IS NOT NULL) AS doubtful,
  count(*) FILTER (t.what = 'attempt' AND t.channel = 'call') AS calls,
  count(*) FILTER (t.what = 'attempt' AND t.channel = 'voicemail') AS voicemails,
  count(*) FILTER (t.what = 'attempt' AND t.channel = 'email') AS emails,
  count(*) FILTER (t.what = 'attempt' AND t.channel = 'meeting') AS meetings
FROM face.hand_handed h JOIN face.touch t ON t.key = h.key AND coalesce(t.at, t.on_day) >= date_trunc('day', h.moment)
  AND (t.at IS NULL OR t.at >= h.moment) AND (h.next_at IS NULL OR coalesce(t.at, t.on_day) < h.next_at)
GROUP BY 1, 2
"""
_OPEN_BY = "coalesce(o{n}.before_s + epoch(least({at}, o{n}.closes)) - epoch(o{n}.opens), 0)"
_AT_START, _AT_END, _AT_NOW = (
    _OPEN_BY.format(n=1, at="p.handoff_at"),
    _OPEN_BY.format(n=2, at="p.first_attempt_at"),
    _OPEN_BY.format(n=3, at="p.until"),
)
_MEASURED = "p.calendar IS NOT NULL AND p.precision = 'instant' AND p.handoff_at >= {since}"
_HANDOFF = f"""
CREATE TABLE face.handoff AS
WITH placed AS (
  SELECT h.*, t.first_attempt_at, t.connected_at, t.early_attempt_at, coalesce(t.attempts, 0) AS attempts,
    coalesce(t.contacts, 0) AS contacts, coalesce(t.doubtful, 0) AS doubtful, coalesce(t.calls, 0) AS calls,
    coalesce(t.voicemails, 0) AS voicemails, coalesce(t.emails, 0) AS emails, coalesce(t.meetings, 0) AS meetings,
    w.calendar, w.source AS hours, least(coalesce(h.next_at, {{now}}), {{now}}) AS until,
    CASE WHEN h.handoff_at IS NULL AND coalesce(h.how, 'nobody') = 'nobody' THEN 'no_owner'
      WHEN h.handoff_at IS NULL OR h.precision IS DISTINCT FROM 'instant' THEN 'unknown'
      WHEN t.first_attempt_at IS NOT NULL THEN 'touched'
      WHEN coalesce(t.attempts, 0) > 0 OR coalesce(t.contacts, 0) > 0 OR coalesce(t.doubtful, 0) > 0 THEN 'unmeasured'
      WHEN t.early_attempt_at IS NOT NULL THEN 'early' ELSE 'never' END AS state
  FROM face.hand_handed h LEFT JOIN face.hand_touched t USING (key, episode)
  LEFT JOIN face.works w ON w.system = h.owner_system AND w.id = h.owner_id)
SELECT p.key, p.episode, {{basis}} AS raised_by, p.t_raise, p.t_mql, p.t_assigned, p.handoff_at, p.first_attempt_at,
  p.connected_at, p.disposition, p.disposition_at, p.owner_id, p.owner_system, p.mql_precision, p.owner_precision,
  p.precision, p.next_at, p.attempts, p.contacts, p.calls, p.voicemails, p.emails, p.meetings, p.doubtful,
  p.early_attempt_at, p.state,
  CASE WHEN p.precision = 'instant' THEN epoch(p.first_attempt_at) - epoch(p.handoff_at) END AS raw_s,
  CASE WHEN {_MEASURED} AND p.first_attempt_at IS NOT NULL THEN {_AT_END} - {_AT_START} END AS business_s,
  CASE WHEN p.precision = 'instant' THEN epoch(p.until) - epoch(p.handoff_at) END AS raw_age_s,
  CASE WHEN {_MEASURED} THEN {_AT_NOW} - {_AT_START} END AS business_age_s,
  p.calendar, p.hours
FROM placed p
ASOF LEFT JOIN face.opening o1 ON o1.calendar = p.calendar AND o1.opens <= p.handoff_at
ASOF LEFT JOIN face.opening o2 ON o2.calendar = p.calendar AND o2.opens <= p.first_attempt_at
ASOF LEFT JOIN face.opening o3 ON o3.calendar = p.calendar AND o3.opens <= p.until
ORDER BY p.key, p.episode
"""
