"""Who may belong to deals that name nobody, in the audit face: by which record, how sure, and what is to be done.

    role_proposal  system, object, id, key, contact_key, contact_object, contact_id, grade, evidence, evidence_system,
                   evidence_object, evidence_id, evidence_on, said, times, amount, currency, state, step, doubt, place

The kinds of evidence are those of core/roles.py. A row is a contact and a deal, and the first evidence that holds of
the two. Who is on a deal already is never proposed to be added. Built in a finished face, for its macros read words.

- A mailbox that a team reads is nobody: it is counted nowhere, and is a doubt where somebody put it on a deal.
- Who came to be known after a deal was closed, or did something only then, was not on it: a day of grace, for days are
  local.
- An account is the same if it is a parent, a child or a sister. Whose mail bounces seems to have left.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmsync.core.records import Ref
from crmsync.core.roles import (
    ASSUMED,
    EVIDENCE,
    GRADES,
    LOOK_BACK_DAYS,
    MOST_OF_CAMPAIGNS,
    AloneCount,
    RoleCount,
    RoleFigures,
    RoleProposal,
    added,
)
from crmsync.warehouse.engine import literal, open_engine, open_read_only

if TYPE_CHECKING:
    import duckdb


def build_role_proposals(file: Path) -> None:
    """Adds role_proposal to a finished face that has role_gap."""
    db = open_engine(file)
    try:
        for statement in _statements(_columns(db)):
            db.execute(statement)
    finally:
        db.close()


def _columns(db: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """(table, column) of everything there is: a workspace need not map a field."""
    rows = db.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal")
    return set(rows.fetchall())


def _statements(known: set[tuple[str, str]]) -> list[str]:
    def held(table: str, name: str, kind: str = "VARCHAR") -> str:
        return name if (table, name) in known else f"NULL::{kind} AS {name}"

    texts = (held("contact", name) for name in ("company", "email", "first_name", "last_name"))
    # Of deals without their people not even that is known
    people = ", ".join((held("contact", "created_at", "TIMESTAMP"), *texts))
    has_companies = ("company", "key") in known
    named = {
        "people": people,
        "firms": _FIRMS.format(parent=held("company", "parent")) if has_companies else _NO_FIRMS,
        "records": _RECORDS if has_companies else _NO_RECORDS,
        "mailbox": _MAILBOX,
        "grades": _grades(),
        "assumed": ", ".join(map(literal, ASSUMED)),
        "back": LOOK_BACK_DAYS,
        "most": MOST_OF_CAMPAIGNS,
    }
    return [
        each.format(**named)
        for each in (_GAP, "{firms}", "{records}", _PEOPLE, *_EVIDENCE, *_JUDGED, _PROPOSED)
    ]


def _grades() -> str:
    rows = (
        f"({literal(kind)}, {literal(grade)}, {GRADES.index(grade)}, {place})"
        for place, (kind, grade) in enumerate(EVIDENCE.items())
    )
    return ", ".join(rows)


_GAP = "CREATE TEMP TABLE gap AS SELECT row_number() OVER () AS gap, * FROM role_gap"
_IN_TIME = "(g.closed_on IS NULL OR {day} IS NULL OR {day} <= g.closed_on + 1)"
_FIRMS = (
    "CREATE TEMP TABLE firm AS SELECT key, min(coalesce(parent, key)) AS family "
    "FROM (SELECT key, {parent} FROM company) GROUP BY key"
)
_NO_FIRMS = "CREATE TEMP TABLE firm (key VARCHAR, family VARCHAR)"
_RECORDS = "CREATE TEMP VIEW company_record AS SELECT key, system, object, id FROM company"
_NO_RECORDS = (
    "CREATE TEMP TABLE company_record (key VARCHAR, system VARCHAR, object VARCHAR, id VARCHAR)"
)
# Somebody with a whole name who writes from a mailbox of a team is a person.
_MAILBOX = (
    "coalesce(is_team_mailbox(email), false) AND (first_name IS NULL OR last_name IS NULL "
    "OR has_team_word(first_name || ' ' || last_name))"
)
# Who is at an account of such a deal, the main company of theirs or not. All others are looked at only if evidence
# names them.
_PEOPLE = """
CREATE TEMP TABLE person AS
WITH wanted AS (SELECT DISTINCT company FROM gap WHERE company IS NOT NULL AND NOT nameless),
somebody AS (SELECT key, system, object, id, {people} FROM contact),
further AS (
  SELECT c.* REPLACE (f.key AS company) FROM company_record f SEMI JOIN wanted w ON w.company = f.key
  JOIN association a ON a.system = f.system AND a.to_object = f.object AND a.to_id = f.id
  JOIN somebody c ON c.system = a.system AND c.object = a.from_object AND c.id = a.from_id),
there AS (
  SELECT c.* FROM somebody c SEMI JOIN wanted w ON w.company = c.company
  UNION ALL BY NAME SELECT * FROM further)
SELECT company, key, min(created_at)::DATE AS known_on, bool_and({mailbox}) AS is_mailbox FROM there GROUP BY ALL
"""
_CANDIDATE = (
    "CREATE TEMP TABLE candidate (gap BIGINT, contact_key VARCHAR, evidence VARCHAR, evidence_system VARCHAR, "
    "evidence_object VARCHAR, evidence_id VARCHAR, evidence_on DATE, said VARCHAR, times BIGINT)"
)
_ROLE = """
INSERT INTO candidate
SELECT g.gap, c.key, 'role', g.system, g.object, g.id, NULL, NULL, 1
FROM gap g JOIN association a
  ON a.system = g.system AND a.from_object = g.object AND a.from_id = g.id AND a.to_object = g.contact_object
JOIN contact c ON c.system = a.system AND c.object = a.to_object AND c.id = a.to_id
WHERE g.nameless
"""
_CONVERSION = """
INSERT INTO candidate
SELECT g.gap, v.key,
  CASE WHEN d.system = g.system AND d.object = g.object AND d.id = g.id THEN 'conversion' ELSE 'linked_conversion' END,
  v.system, v.object, v.id, try_cast(left(v.converted_on, 10) AS DATE), NULL, 1
FROM conversion v JOIN deal d ON d.system = v.system AND d.id = v.deal_id JOIN gap g ON g.key = d.key
WHERE v.entity = 'contact' AND v.key IS NOT NULL AND NOT g.nameless
"""
_ASSOCIATION = """
INSERT INTO candidate
SELECT g.gap, c.key, 'association', d.system, d.object, d.id, NULL, nullif(trim(coalesce(a.role, a.label, '')), ''), 1
FROM gap g JOIN deal d ON d.key = g.key AND d.system <> g.system
JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
JOIN contact c ON c.system = a.system AND c.object = a.to_object AND c.id = a.to_id
WHERE NOT g.nameless
"""
_DAY = "coalesce(a.day, a.happened_at::DATE, a.created_at::DATE)"
_ACTIVITY = f"""
INSERT INTO candidate
WITH on_deal AS (
  SELECT DISTINCT g.gap, g.closed_on, x.system, x.activity_object, x.activity_id
  FROM gap g JOIN activity_about x ON x.entity = 'deal' AND x.key = g.key WHERE NOT g.nameless),
done AS (
  SELECT DISTINCT g.gap, y.key, a.system, a.object, a.id, {_DAY} AS day
  FROM on_deal g JOIN activity_about y ON y.system = g.system AND y.activity_object = g.activity_object
    AND y.activity_id = g.activity_id AND y.entity = 'contact' AND y.key IS NOT NULL
  JOIN activity a ON a.system = g.system AND a.object = g.activity_object AND a.id = g.activity_id
  WHERE a.state IS DISTINCT FROM 'cancelled' AND {_IN_TIME.format(day=_DAY)})
SELECT gap, key, 'activity', system, object, id, day, NULL, count(*) OVER (PARTITION BY gap, key) FROM done
QUALIFY row_number() OVER (PARTITION BY gap, key ORDER BY day DESC NULLS LAST, system, object, id) = 1
"""
_ONLY_CONTACT = f"""
INSERT INTO candidate
WITH alone AS (
  SELECT company, any_value(key) AS key, min(known_on) AS known_on FROM person WHERE NOT is_mailbox
  GROUP BY company HAVING count(*) = 1),
record AS (SELECT key, system, min(object) AS object FROM company_record GROUP BY ALL)
SELECT g.gap, p.key, 'only_contact', g.system, r.object, g.company_id, NULL, NULL, 1
FROM gap g JOIN alone p ON p.company = g.company
LEFT JOIN record r ON r.key = g.company AND r.system = g.system
WHERE NOT g.nameless AND {_IN_TIME.format(day="p.known_on")}
"""
# The last of all, and only where nobody else is known.
_CAMPAIGN = f"""
INSERT INTO candidate
WITH answer AS (
  SELECT DISTINCT p.company, p.key, m.system, m.campaign_id, coalesce(m.responded_on, m.created_at::DATE) AS day
  FROM campaign_member m JOIN person p ON p.key = m.key WHERE m.responded AND NOT p.is_mailbox)
SELECT g.gap, a.key, 'campaign', a.system, 'Campaign', a.campaign_id, a.day, NULL,
  count(*) OVER (PARTITION BY g.gap, a.key)
FROM gap g JOIN answer a ON a.company = g.company
WHERE NOT g.nameless AND {_IN_TIME.format(day="a.day")}
  AND coalesce(a.day >= g.created_at::DATE - {{back}}, true)
  AND NOT EXISTS (SELECT 1 FROM candidate c WHERE c.gap = g.gap AND c.evidence NOT IN ({{assumed}}))
QUALIFY row_number() OVER (PARTITION BY g.gap, a.key ORDER BY a.day DESC NULLS LAST, a.campaign_id) = 1
"""
_EVIDENCE = (_CANDIDATE, _ROLE, _CONVERSION, _ASSOCIATION, _ACTIVITY, _ONLY_CONTACT, _CAMPAIGN)
# The first evidence of each pair.
_FIRST = """
CREATE TEMP TABLE first_of AS
WITH grade(evidence, grade, rank, kind) AS (VALUES {grades})
SELECT c.*, g.grade, g.rank, g.kind FROM candidate c JOIN grade g USING (evidence)
QUALIFY row_number() OVER (PARTITION BY c.gap, c.contact_key ORDER BY g.kind, c.evidence_on DESC NULLS LAST,
  c.said NULLS LAST, c.evidence_system, c.evidence_object, c.evidence_id) = 1
"""
_RECORD = """
CREATE TEMP TABLE record AS
SELECT c.key, c.system, c.object, c.id, c.company, c.created_at, {mailbox} AS is_mailbox
FROM (SELECT key, system, object, id, {people} FROM contact) c
SEMI JOIN first_of f ON f.contact_key = c.key
"""
# Whoever is at no account is at no other one.
_ELSEWHERE = """
CREATE TEMP TABLE elsewhere AS
WITH other AS (
  SELECT f.gap, f.contact_key, g.system, g.company_id FROM first_of f JOIN gap g USING (gap)
  JOIN record r ON r.key = f.contact_key LEFT JOIN firm fr ON fr.key = r.company LEFT JOIN firm fg ON fg.key = g.company
  WHERE f.evidence NOT IN ('role', {assumed}) AND g.company IS NOT NULL AND r.company IS NOT NULL
  GROUP BY ALL HAVING NOT bool_or(coalesce(fr.family, r.company) = coalesce(fg.family, g.company)))
SELECT o.gap, o.contact_key FROM other o WHERE NOT EXISTS (
  SELECT 1 FROM record r JOIN association t ON t.system = r.system AND t.from_object = r.object AND t.from_id = r.id
  WHERE r.key = o.contact_key AND t.system = o.system AND t.to_id = o.company_id)
"""
_DOUBTED = """
CREATE TEMP TABLE judged AS
WITH whole AS (SELECT key, bool_and(is_mailbox) AS is_mailbox FROM record GROUP BY 1),
bounced AS (
  SELECT DISTINCT key FROM marketing WHERE entity = 'contact' AND (hard_bounce IS NOT NULL OR bad_address)),
own AS (
  SELECT key, system, object, arg_min(id, (coalesce(created_at, TIMESTAMP '9999-01-01'), id)) AS id FROM record
  GROUP BY ALL),
seat AS (SELECT DISTINCT key, system FROM record)
SELECT f.*, o.id AS contact_id, s.key IS NOT NULL AS is_seated,
  CASE WHEN f.evidence = 'role' THEN NULL WHEN w.is_mailbox THEN 'mailbox' WHEN e.gap IS NOT NULL THEN 'other_account'
    WHEN b.key IS NOT NULL THEN 'bounced' END AS doubt
FROM first_of f JOIN gap g USING (gap) JOIN whole w ON w.key = f.contact_key
LEFT JOIN own o ON o.key = f.contact_key AND o.system = g.system AND o.object = g.contact_object
LEFT JOIN seat s ON s.key = f.contact_key AND s.system = g.system
LEFT JOIN elsewhere e ON e.gap = f.gap AND e.contact_key = f.contact_key
LEFT JOIN bounced b ON b.key = f.contact_key
"""
_JUDGED = (_FIRST, _RECORD, _ELSEWHERE, _DOUBTED)
_PROPOSED = """
CREATE TABLE role_proposal AS
WITH held AS (SELECT * FROM judged WHERE doubt IS NULL OR evidence NOT IN ({assumed})),
better AS (SELECT *, min(rank) OVER (PARTITION BY gap) AS best FROM held),
placed AS (
  SELECT *, row_number() OVER (PARTITION BY gap ORDER BY kind, evidence_on DESC NULLS LAST, contact_id NULLS LAST,
    contact_key) AS place
  FROM better WHERE evidence <> 'campaign' OR best = rank)
SELECT g.system, g.object, g.id, g.key, p.contact_key, g.contact_object, p.contact_id, p.grade, p.evidence,
  p.evidence_system, p.evidence_object, p.evidence_id, p.evidence_on, p.said, p.times, g.amount, g.currency, g.state,
  CASE WHEN p.evidence = 'role' THEN 'name' WHEN p.doubt IS NOT NULL THEN 'look'
    WHEN p.contact_id IS NOT NULL THEN 'add' WHEN p.is_seated THEN 'convert' ELSE 'create' END AS step,
  p.doubt, p.place::INTEGER AS place
FROM placed p JOIN gap g USING (gap) WHERE p.evidence <> 'campaign' OR p.place <= {most}
"""

_RANK = "CASE p.grade " + " ".join(f"WHEN '{g}' THEN {n}" for n, g in enumerate(GRADES)) + " END"


def read_role_figures(file: Path) -> RoleFigures:
    """How many deals name nobody, what they are worth, and how many of them could be attributed."""
    db = open_read_only(file)
    try:
        rows = db.execute(_FIGURES).fetchall()
        counts = db.execute("SELECT grade, count(*) FROM role_proposal GROUP BY 1").fetchall()
        unread = db.execute("SELECT system, what FROM role_unread ORDER BY 1, 2").fetchall()
    finally:
        db.close()
    return _figures(rows, dict(counts), tuple(unread))


# A deal in two systems is one deal; it counts by the record that says most of it. It is alone where none of its
# records is tied to a contact.
_FIGURES = f"""
WITH person AS (SELECT DISTINCT system, object FROM contact),
tied AS (
  SELECT DISTINCT d.key FROM deal d
  JOIN association a ON a.system = d.system AND a.from_object = d.object AND a.from_id = d.id
  JOIN person p ON p.system = a.system AND p.object = a.to_object),
best AS (SELECT system, object, id, min({_RANK}) AS rank FROM role_proposal p GROUP BY ALL),
one AS (
  SELECT g.key, g.state, g.amount, g.currency, min(b.rank) OVER (PARTITION BY g.key) AS rank
  FROM role_gap g LEFT JOIN best b USING (system, object, id)
  QUALIFY row_number() OVER (PARTITION BY g.key ORDER BY g.state = 'won' DESC NULLS LAST, g.amount IS NULL,
    b.rank NULLS LAST, g.system DESC, g.object, g.id) = 1)
SELECT rank, coalesce(state = 'won', false), coalesce(currency, ''), count(*), sum(amount), t.key IS NULL AS is_alone
FROM one LEFT JOIN tied t USING (key) GROUP BY ALL
"""


def _figures(
    rows: list[tuple[Any, ...]], proposals: dict[str, int], unread: tuple[tuple[str, str], ...]
) -> RoleFigures:
    counts = []
    for rank, grade in enumerate(GRADES):
        of_grade = [row for row in rows if row[0] == rank]
        counts.append(
            RoleCount(grade, proposals.get(grade, 0), *_deals(of_grade), _amounts(of_grade))
        )
    return RoleFigures(*_deals(rows), _amounts(rows), tuple(counts), unread, _alone(rows))


def _alone(rows: list[tuple[Any, ...]]) -> AloneCount:
    alone = [row for row in rows if row[5]]
    proposed = [row for row in alone if row[0] is not None]
    return AloneCount(_deals(alone)[1], _amounts(alone), _deals(proposed)[1])


def _deals(rows: list[tuple[Any, ...]]) -> tuple[int, int]:
    """How many deals, and how many of them are won."""
    return sum(row[3] for row in rows), sum(row[3] for row in rows if row[1])


def _amounts(rows: list[tuple[Any, ...]]) -> dict[str, Decimal]:
    return added({row[2]: row[4]} for row in rows if row[1] and row[4] is not None)


def read_role_proposals(file: Path) -> list[RoleProposal]:
    """All proposals, the won deals first, then open ones and lost ones, each by its best proposal."""
    db = open_read_only(file)
    try:
        known = _columns(db)
        deal = "any_value(name)" if ("deal", "name") in known else "NULL::VARCHAR"
        names = [name for name in ("first_name", "last_name") if ("contact", name) in known]
        person = (
            f"nullif(trim(concat_ws(' ', {', '.join(names)})), '')" if names else "NULL::VARCHAR"
        )
        rows = db.execute(_READ.format(deal=deal, person=person, rank=_RANK)).fetchall()
    finally:
        db.close()
    return [_proposal(row) for row in rows]


_READ = """
WITH deal_named AS (SELECT system, object, id, {deal} AS deal_name FROM deal GROUP BY ALL),
person AS (
  SELECT key, min({person}) AS contact_name FROM contact c SEMI JOIN role_proposal p ON p.contact_key = c.key
  GROUP BY 1)
SELECT p.system, p.object, p.id, p.key, p.contact_key, p.contact_object, p.contact_id, p.grade, p.evidence,
  p.evidence_system, p.evidence_object, p.evidence_id, p.step, p.place, p.doubt, p.said, p.evidence_on, p.times,
  p.state, p.amount, p.currency, d.deal_name, n.contact_name
FROM role_proposal p LEFT JOIN deal_named d ON d.system = p.system AND d.object = p.object AND d.id = p.id
LEFT JOIN person n ON n.key = p.contact_key
ORDER BY CASE p.state WHEN 'won' THEN 0 WHEN 'open' THEN 1 ELSE 2 END,
  min({rank}) OVER (PARTITION BY p.system, p.object, p.id), p.currency, p.amount DESC NULLS LAST, p.system, p.object,
  p.id, p.place
"""


def _proposal(row: tuple[Any, ...]) -> RoleProposal:
    texts = [each or "" for each in row]
    return RoleProposal(
        deal=Ref(*row[:3]), key=row[3], contact_key=row[4], contact_object=row[5], contact_id=row[6], grade=row[7],
        evidence=row[8], record=Ref(*texts[9:12]), step=row[12], place=row[13], doubt=row[14], said=row[15], on=row[16],
        times=row[17], state=row[18], amount=row[19], currency=texts[20], deal_name=texts[21], contact_name=texts[22],
    )  # fmt: skip
