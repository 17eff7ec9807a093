"""What records are compared by: every fact in one form, one row a record.

Reads `dup_source` (rid, system, and a text column for each part: SOURCE) and builds `dup_record`.

| column | is |
|---|---|
| given, family | words without accents, particles and titles |
| g1, g2, f1, f2 | their first two words; g1 and g2 as the name they are a form of: Pepe is jose |
| whole, person, near | given and family; g1 and f1; f1 |
| bag | all words of the name, sorted: the same whichever field they stand in |
| e1, e2, local, own, free | addresses, as the provider reads them; what stands before the @; that, if it is no name |
| p1, p2 | the last eight digits of phones |
| firm, dom, work | the employer's name without its legal form; its domain, or the address's; either |
| box, line | the mailbox and the phone of several people: they tell where somebody works, not who it is |
| place, date, street, postcode, ident, other | as they are, without case, accents and signs |
| opted_out | whether the person said no to mails; NULL if nobody says |

A record whose person asked to be forgotten (`erased`) is left out altogether.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.firm_words import firm_words
from crmsync.warehouse.duplicates.lookups import keep_pairs
from crmsync.warehouse.duplicates.names import in_latin, names
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    import duckdb

SOURCE = (
    "given_name", "family_name", "full_name", "email1", "email2", "phone1", "phone2", "employer", "domain", "date",
    "street", "postcode", "place", "id", "other", "erased", "opted_out",
)  # fmt: skip
SHARED_BY = 3
"""A mailbox or phone of so many differently named people is nobody's own."""
_PUBLIC = 60
"""One of so many is not even an employer's: a value that somebody typed where none was known."""
_TAIL = 8
"""Digits at the end of a phone that are compared: it is written with country and area code, or without."""
_WHOLE = 10
"""Digits that are compared where both are written with their country: what comes before varies (+54 9, +52 1)."""
_GMAIL = "('gmail.com', 'googlemail.com')"


def stage(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_record`; needs the macros of the face. What `restage` needs is kept: dup_draft, dup_box, dup_line."""
    gather_roots(db)
    db.execute(f"CREATE OR REPLACE TABLE dup_draft AS {drafted(db, 'dup_source')}")
    forget(db)
    for table, columns in SHARED.items():
        db.execute(f"CREATE OR REPLACE TABLE {table} AS {shared(columns)}")
    db.execute(f"CREATE OR REPLACE TABLE dup_record AS {RECORD}")


SHARED = {"dup_box": ("a1", "a2"), "dup_line": ("n1", "n2")}
"""Where it is kept which addresses and phones several people have, and the columns of `dup_draft` they stand in."""


def gather_roots(db: duckdb.DuckDBPyConnection) -> None:
    """dup_root: the forms of given names."""
    rows = ", ".join(f"({literal(form)}, {literal(root)})" for form, root in names().roots.items())
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_root AS SELECT * FROM (VALUES {rows}) r(form, root)"
    )


def drafted(db: duckdb.DuckDBPyConnection, source: str) -> str:
    """The query of `dup_draft` over a source, whose distinct texts are read before."""
    _words(db, source)
    _firms(db, source)
    _mails(db, source)
    keep_pairs(db, "dup_town", firm_words().places)
    return _draft(source)


def forget(db: duckdb.DuckDBPyConnection) -> None:
    """Drops what a draft was read from."""
    for name in ("words", "root", "firm", "mail", "town"):
        db.execute(f"DROP TABLE dup_{name}")


def _words(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """dup_words: the words of each distinct name, once, for most names are there many times."""
    silent = ", ".join(literal(word) for word in sorted(names().silent))
    words = f"string_split(name_norm({in_latin('text')}), ' ')"
    spoken = f"list_filter({words}, lambda w: w <> '' AND w NOT IN ({silent}))"
    texts = " UNION ".join(f"SELECT {each} AS text FROM {source}" for each in SOURCE[:3])
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_words AS SELECT text, nullif({spoken}, []) AS words "
        f"FROM ({texts}) WHERE text IS NOT NULL"
    )


def _firms(db: duckdb.DuckDBPyConnection, source: str) -> None:
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_firm AS SELECT text, nullif(company_norm(text), '') AS firm "
        f"FROM (SELECT DISTINCT employer AS text FROM {source} WHERE employer IS NOT NULL) "
        "WHERE NOT is_placeholder(text)"
    )


def _mails(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """dup_mail: each distinct address as its provider reads it; what nobody has is left out."""
    texts = " UNION ".join(
        f"SELECT {each} AS text FROM {source} WHERE contains({each}, '@')"
        for each in ("email1", "email2")
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_mail AS WITH low AS ("
        f"SELECT text, lower(trim(text)) AS mail FROM ({texts})), split AS ("
        "SELECT text, split_part(split_part(mail, '@', 1), '+', 1) AS local, split_part(mail, '@', -1) AS host, "
        "is_team_mailbox(mail) AS team FROM low WHERE NOT is_no_address(mail)), own AS ("
        f"SELECT text, team, CASE WHEN host IN {_GMAIL} THEN replace(local, '.', '') ELSE local END AS local, "
        f"CASE WHEN host IN {_GMAIL} THEN 'gmail.com' ELSE host END AS host "
        "FROM split WHERE local <> '' AND host <> '') "
        "SELECT text, local || '@' || host AS mail, local, host, team, is_free_mail(host) AS free FROM own"
    )


def phone_tail(column: str) -> str:
    """The end of a phone's digits, without an extension; NULL for what is too short to be one."""
    digits = f"regexp_replace(regexp_replace({column}, '(?i)(ext|x|int|anexo|#).*$', ''), '[^0-9]', '', 'g')"
    return f"CASE WHEN length({digits}) >= 7 THEN right({digits}, {_TAIL}) END"


def phone_whole(column: str) -> str:
    """The end of a phone that is written with its country: NULL for one that is not."""
    digits = f"regexp_replace({column}, '[^0-9]', '', 'g')"
    written = f"regexp_matches(trim({column}), '^(\\+|00)')"
    return f"CASE WHEN {written} AND length({digits}) >= 10 THEN right({digits}, {_WHOLE}) END"


def _bare(column: str) -> str:
    return f"nullif(regexp_replace(lower({column}), '[^0-9a-z]', '', 'g'), '')"


def _yes(column: str) -> str:
    """True for whatever is no way to say no: a day on which somebody was erased says so, too."""
    return f"lower(trim({column})) NOT IN ('false', 'no', '0', 'f', 'n')"


def _draft(source: str) -> str:
    host = "nullif(regexp_replace(lower(trim(domain)), '^(https?://)?(www\\.)?|/.*$', '', 'g'), '')"
    return (
        f"WITH {_NAMED.format(source=source)} "
        "SELECT t.rid, t.system, array_to_string(g, ' ') AS given, array_to_string(f, ' ') AS family, "
        "coalesce(r1.root, g[1]) AS g1, coalesce(r2.root, g[2]) AS g2, f[1] AS f1, f[2] AS f2, "
        "array_to_string(list_sort(list_concat(coalesce(g, []), coalesce(f, []))), ' ') AS bag, "
        "m1.mail AS a1, m2.mail AS a2, m1.local, m1.team AS t1, m2.team AS t2, m1.free AS free, "
        f"{phone_tail('phone1')} AS n1, {phone_tail('phone2')} AS n2, "
        f"{phone_whole('phone1')} AS t1w, {phone_whole('phone2')} AS t2w, c.firm, "
        f"coalesce(CASE WHEN NOT m1.free THEN m1.host END, CASE WHEN NOT is_free_mail({host}) THEN {host} END) AS dom, "
        "coalesce(p.answer, nullif(name_norm(place), '')) AS place, "
        f"{_bare('date')} AS date, nullif(name_norm(street), '') AS street, {_bare('postcode')} AS postcode, "
        f"{_bare('t.id')} AS ident, nullif(name_norm(other), '') AS other, "
        f"{_yes('opted_out')} AS opted_out FROM turned t "
        "LEFT JOIN dup_root r1 ON r1.form = g[1] LEFT JOIN dup_root r2 ON r2.form = g[2] "
        "LEFT JOIN dup_mail m1 ON m1.text = t.email1 LEFT JOIN dup_mail m2 ON m2.text = t.email2 "
        f"LEFT JOIN dup_town p ON p.text = name_norm(t.place) "
        f"LEFT JOIN dup_firm c ON c.text = t.employer WHERE NOT coalesce({_yes('t.erased')}, false)"
    )


_NAMED = (
    "named AS (SELECT s.*, a.words AS gw, b.words AS fw, w.words AS ww FROM {source} s "
    "LEFT JOIN dup_words a ON a.text = s.given_name LEFT JOIN dup_words b ON b.text = s.family_name "
    "LEFT JOIN dup_words w ON w.text = s.full_name), "
    # A name that stands in one field alone: its first word is the given name.
    "one AS (SELECT * REPLACE (CASE WHEN gw IS NULL AND fw IS NULL THEN ww ELSE gw END AS gw) FROM named), "
    "turned AS (SELECT *, "
    "CASE WHEN fw IS NULL THEN gw[:1] WHEN gw IS NULL AND len(fw) > 1 THEN fw[:1] ELSE gw END AS g, "
    "CASE WHEN fw IS NULL AND len(gw) > 1 THEN gw[2:] WHEN gw IS NULL AND len(fw) > 1 THEN fw[2:] ELSE fw END AS f "
    "FROM one)"
)


def shared(columns: Sequence[str], only: str = "true") -> str:
    """Addresses or phones of people whose initials differ, and whether they are `public`."""
    texts = " UNION ALL ".join(
        f"SELECT {each} AS text, left(g1, 1) || left(f1, 1) AS who FROM dup_draft WHERE {each} IS NOT NULL"
        for each in columns
    )
    return (
        f"SELECT text, count(DISTINCT who) >= {_PUBLIC} AS public FROM ({texts}) WHERE {only} "
        f"GROUP BY text HAVING count(DISTINCT who) >= {SHARED_BY}"
    )


_LETTERS = "regexp_replace(local, '[^a-z]', '', 'g')"
_OWN = (
    "CASE WHEN length(local) >= 5 AND (regexp_matches(local, '[0-9]{2}') OR NOT ("
    + " OR ".join(
        f"coalesce(contains({_LETTERS}, {each}), false)"
        for each in ("f1", "g1", "left(given, 4)", "f2")
    )
    + ")) THEN local END"
)
"""What stands before the @ if it says more than the name: a number, or a word that is not of the name."""


_MINE = "NOT t1 AND b1.text IS NULL"
RECORD = (
    "SELECT rid, d.system, given, family, g1, g2, f1, f2, bag, "
    "given || ' ' || family AS whole, g1 || ' ' || f1 AS person, f1 AS near, coalesce(free, false) AS free, "
    f"CASE WHEN {_MINE} THEN a1 END AS e1, CASE WHEN NOT t2 AND b2.text IS NULL THEN a2 END AS e2, "
    f"CASE WHEN {_MINE} THEN local END AS local, CASE WHEN {_MINE} THEN {_OWN} END AS own, "
    f"CASE WHEN NOT ({_MINE}) AND b1.public IS DISTINCT FROM true THEN a1 END AS box, "
    "CASE WHEN s1.text IS NULL THEN n1 END AS p1, CASE WHEN s2.text IS NULL THEN n2 END AS p2, t1w AS q1, t2w AS q2, "
    "coalesce(CASE WHEN NOT s1.public THEN s1.text END, CASE WHEN NOT s2.public THEN s2.text END) AS line, "
    "firm, dom, coalesce(dom, firm) AS work, place, date, street, "
    "postcode, ident, other, opted_out FROM dup_draft d "
    "LEFT JOIN dup_box b1 ON b1.text = a1 LEFT JOIN dup_box b2 ON b2.text = a2 "
    "LEFT JOIN dup_line s1 ON s1.text = n1 LEFT JOIN dup_line s2 ON s2.text = n2"
)
