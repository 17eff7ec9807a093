"""What records are compared by: every fact in one form, one row a record.

Reads `dup_source` (rid, system, and a text column for each part: SOURCE) and builds `dup_record`.

| column | is |
|---|---|
| given, family | words without accents, particles and titles |
| g1, g2, f1, f2 | their first two words; g1 and g2 as the name they are a form of: Pepe is jose |
| called, usual | the first given name as it is written; whether many are called so |
| whole, person | given and family; g1 and f1 |
| foreign_letters | whether some of the name is not written in Latin letters |
| near, initial, like_names, no_first_name | f1, to be weighed by what a level of that name is by chance |
| rare | whether so few people have such a name by chance that a firm has nobody of it twice |
| bag | all words of the name, sorted: the same whichever field they stand in |
| e1, e2, local, own, free | addresses, as the provider reads them; what stands before the @; that, if it is no name |
| stem, digit | at a work address, what stands before the @ without figures; the single figure at its end |
| p1, p2, x1, x2 | the last eight digits of phones; their extensions |
| firm, firm_root | the employer's name without its legal form; with the words that its words stand for (firms.yml) |
| dom, work | the employer's domain, or the address's; that or the name |
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
from crmsync.warehouse.duplicates.staging_firms import read_firms
from crmsync.warehouse.duplicates.staging_names import (
    NAMED,
    RARE,
    count_words,
    gather_roots,
    says_yes,
    split_names,
)
from crmsync.warehouse.duplicates.staging_reach import (
    phone_extension,
    phone_tail,
    phone_whole,
    read_mails,
)

if TYPE_CHECKING:
    import duckdb

__all__ = ["RECORD", "SHARED", "SOURCE", "drafted", "forget", "gather_roots", "shared", "stage"]
SOURCE = (
    "given_name", "family_name", "full_name", "email1", "email2", "phone1", "phone2", "employer", "domain", "date",
    "street", "postcode", "place", "id", "other", "erased", "opted_out",
)  # fmt: skip
SHARED_BY = 3
"""A mailbox or phone of so many differently named people is nobody's own."""
_PUBLIC = 60
"""One of so many is not even an employer's: a value that somebody typed where none was known."""


def stage(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_record`; needs the macros of the face.

    What `restage` needs is kept: dup_called, dup_draft, dup_box, dup_line.
    """
    gather_roots(db)
    split_names(db, "dup_source")
    count_words(db)
    db.execute(f"CREATE OR REPLACE TABLE dup_draft AS {_drafted(db, 'dup_source')}")
    forget(db)
    for table, columns in SHARED.items():
        db.execute(f"CREATE OR REPLACE TABLE {table} AS {shared(columns)}")
    db.execute(f"CREATE OR REPLACE TABLE dup_record AS {RECORD}")


SHARED = {"dup_box": ("a1", "a2"), "dup_line": ("n1", "n2")}
"""Where it is kept which addresses and phones several people have, and the columns of `dup_draft` they stand in."""


def drafted(db: duckdb.DuckDBPyConnection, source: str) -> str:
    """The query of `dup_draft` over a source, whose distinct texts are read before; `dup_called` is as it was kept."""
    split_names(db, source)
    return _drafted(db, source)


def _drafted(db: duckdb.DuckDBPyConnection, source: str) -> str:
    read_firms(db, source)
    read_mails(db, source)
    keep_pairs(db, "dup_town", firm_words().places)
    return _draft(source)


def forget(db: duckdb.DuckDBPyConnection) -> None:
    """Drops what a draft was read from, but the forms of given names: what is told reads them again."""
    for name in ("words", "firm", "mail", "meant", "town"):
        db.execute(f"DROP TABLE dup_{name}")


def _bare(column: str) -> str:
    return f"nullif(regexp_replace(lower({column}), '[^0-9a-z]', '', 'g'), '')"


def _draft(source: str) -> str:
    host = "nullif(regexp_replace(lower(trim(domain)), '^(https?://)?(www\\.)?|/.*$', '', 'g'), '')"
    return (
        f"WITH {NAMED.format(source=source)} "
        "SELECT t.rid, t.system, array_to_string(g, ' ') AS given, array_to_string(f, ' ') AS family, "
        "coalesce(r1.root, g[1]) AS g1, coalesce(r2.root, g[2]) AS g2, g[1] AS called, f[1] AS f1, f[2] AS f2, "
        "array_to_string(list_sort(list_concat(coalesce(g, []), coalesce(f, []))), ' ') AS bag, "
        "m1.mail AS a1, m2.mail AS a2, m1.local, m1.team AS t1, m2.team AS t2, m1.free AS free, "
        f"{phone_tail('phone1')} AS n1, {phone_tail('phone2')} AS n2, "
        f"{phone_whole('phone1')} AS t1w, {phone_whole('phone2')} AS t2w, "
        f"{phone_extension('phone1')} AS x1, {phone_extension('phone2')} AS x2, c.firm, c.firm_root, foreign_letters, "
        f"coalesce(CASE WHEN NOT m1.free THEN m1.host END, CASE WHEN NOT is_free_mail({host}) THEN {host} END) AS dom, "
        "coalesce(p.answer, nullif(name_norm(place), '')) AS place, "
        f"{_bare('date')} AS date, nullif(name_norm(street), '') AS street, {_bare('postcode')} AS postcode, "
        f"{_bare('t.id')} AS ident, nullif(name_norm(other), '') AS other, "
        f"coalesce(c1.usual, false) AS usual, {RARE} AS rare, {says_yes('opted_out')} AS opted_out FROM turned t "
        "LEFT JOIN dup_root r1 ON r1.form = g[1] LEFT JOIN dup_root r2 ON r2.form = g[2] "
        "LEFT JOIN dup_called c1 ON c1.word = g[1] LEFT JOIN dup_called c2 ON c2.word = f[1] "
        "LEFT JOIN dup_mail m1 ON m1.text = t.email1 LEFT JOIN dup_mail m2 ON m2.text = t.email2 "
        f"LEFT JOIN dup_town p ON p.text = name_norm(t.place) "
        f"LEFT JOIN dup_firm c ON c.text = t.employer WHERE NOT coalesce({says_yes('t.erased')}, false)"
    )


_ONE, _OTHER = "left(g1, 1)", "left(f1, 1)"
_WHO = f"least({_ONE} || {_OTHER}, {_OTHER} || {_ONE})"
"""The initials of somebody, the same whichever field a name was typed in."""


def shared(columns: Sequence[str], only: str = "true") -> str:
    """Addresses or phones of people whose initials differ, and whether they are `public`."""
    texts = " UNION ALL ".join(
        f"SELECT {each} AS text, {_WHO} AS who FROM dup_draft WHERE {each} IS NOT NULL"
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
    "SELECT rid, d.system, given, family, g1, g2, called, usual, rare, f1, f2, bag, "
    "given || ' ' || family AS whole, g1 || ' ' || f1 AS person, f1 AS near, f1 AS initial, f1 AS like_names, "
    "f1 AS no_first_name, coalesce(free, false) AS free, "
    f"CASE WHEN {_MINE} THEN a1 END AS e1, CASE WHEN NOT t2 AND b2.text IS NULL THEN a2 END AS e2, "
    f"CASE WHEN {_MINE} THEN local END AS local, CASE WHEN {_MINE} THEN {_OWN} END AS own, "
    "CASE WHEN NOT free THEN hash(regexp_replace(local, '[0-9]', '', 'g')) END AS stem, "
    "CASE WHEN NOT free THEN regexp_extract(local, '[a-z]([0-9])$', 1) END AS digit, "
    f"CASE WHEN NOT ({_MINE}) AND b1.public IS DISTINCT FROM true THEN a1 END AS box, "
    "CASE WHEN s1.text IS NULL THEN n1 END AS p1, CASE WHEN s2.text IS NULL THEN n2 END AS p2, t1w AS q1, t2w AS q2, "
    "x1, x2, "
    "coalesce(CASE WHEN NOT s1.public THEN s1.text END, CASE WHEN NOT s2.public THEN s2.text END) AS line, "
    "firm, firm_root, foreign_letters, dom, coalesce(dom, firm_root) AS work, place, date, street, "
    "postcode, ident, other, opted_out FROM dup_draft d "
    "LEFT JOIN dup_box b1 ON b1.text = a1 LEFT JOIN dup_box b2 ON b2.text = a2 "
    "LEFT JOIN dup_line s1 ON s1.text = n1 LEFT JOIN dup_line s2 ON s2.text = n2"
)
