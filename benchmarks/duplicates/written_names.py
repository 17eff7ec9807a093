"""How one person's name stands in different records. Reads `seen` and `persons`; makes `written_names`."""

from __future__ import annotations

from dataclasses import asdict

import duckdb
import pyarrow as pa

from benchmarks.duplicates.rates import Rates
from benchmarks.duplicates.spellings import NICKNAMES, SPELLINGS

# What somebody is called is theirs, and not drawn anew for each record: one in three goes by a nickname.
_FORMS = """
CREATE TABLE name_forms AS
SELECT r, p.person, p.woman, p.culture, nth, p.particle, p.mother, p.spouse,
  CASE WHEN p.second = p.given THEN '' ELSE p.second END AS second,
  CASE WHEN nick.forms IS NOT NULL AND chance(p.person, 100, 0.33) AND chance(r, 101, {nickname} * 2)
      THEN pick(nick.forms, p.person, 102)
    WHEN nick.forms IS NOT NULL AND chance(r, 103, {nickname} / 2) THEN pick(nick.forms, r, 104)
    WHEN given.forms IS NOT NULL AND chance(r, 105, {spelling}) THEN pick(given.forms, r, 106)
    WHEN chance(r, 107, {initial}) THEN left(p.given, 1) || '.'
    ELSE p.given END AS given,
  CASE WHEN last.forms IS NOT NULL AND chance(r, 108, {spelling}) THEN pick(last.forms, r, 109) ELSE p.last END AS last
FROM seen JOIN persons AS p USING (person)
LEFT JOIN nicknames AS nick ON nick.name = p.given
LEFT JOIN spellings AS given ON given.name = p.given
LEFT JOIN spellings AS last ON last.name = p.last
"""
_FIRST = """
CASE WHEN second = '' OR length(given) = 2 THEN given
  WHEN chance(r, 110, 0.5) THEN given || ' ' || second
  WHEN chance(r, 111, 0.6) THEN given
  WHEN given = 'María' THEN pick(['Mª ', 'Ma. ', 'M. '], r, 112) || second
  WHEN chance(r, 113, 0.6) THEN given || ' ' || left(second, 1) || '.'
  ELSE given || '-' || second END
"""
_BEFORE = """
CASE WHEN particle = '' OR chance(r, 114, 0.04) THEN ''
  WHEN chance(r, 115, 0.5) THEN particle || ' '
  WHEN chance(r, 116, 0.7) THEN upper(left(particle, 1)) || substr(particle, 2) || ' '
  WHEN chance(r, 117, 0.6) THEN replace(upper(particle), ' ', '') || ' '
  ELSE upper(left(particle, 1)) || replace(lower(substr(particle, 2)), ' ', '') END
"""
# Who writes both surnames does so as a rule; some of their records have one.
_LAST = """
CASE WHEN woman AND mother = '' AND nth > 0 AND chance(r, 118, {married} * 2)
    THEN CASE WHEN chance(r, 119, 0.4) THEN before || last || '-' || spouse ELSE spouse END
  WHEN mother = '' OR (chance(person, 120, 0.62) = chance(r, 121, {one_surname})) THEN before || last
  WHEN chance(r, 122, 0.07) THEN before || last || '-' || mother
  WHEN culture = 1 AND chance(r, 123, 0.6) THEN mother || ' ' || before || last
  WHEN chance(r, 124, 0.03) THEN before || last || ' ' || left(mother, 1) || '.'
  ELSE before || last || ' ' || mother END
"""
_PLACED = """
CREATE TABLE written_names AS
WITH said AS (SELECT *, {first} AS first, {before} AS before FROM name_forms),
named AS (SELECT *, {last} AS surname FROM said),
flat AS (SELECT r, CASE WHEN chance(r, 130, {accents_lost}) THEN strip_accents(first) ELSE first END AS first,
  CASE WHEN chance(r, 130, {accents_lost}) THEN strip_accents(surname) ELSE surname END AS surname FROM named),
slipped AS (SELECT r, maybe_slip(first, r, 131, {name_slip}) AS f, maybe_slip(surname, r, 134, {name_slip}) AS l
  FROM flat),
placed AS (SELECT r,
  CASE WHEN chance(r, 140, {blank_first}) THEN NULL WHEN chance(r, 141, {swapped_names}) THEN l
    WHEN chance(r, 142, {one_field}) THEN CASE WHEN r % 2 = 0 THEN f || ' ' || l END
    WHEN chance(r, 144, 0.012) THEN pick(['Sr. ', 'Sra. ', 'Dr. ', 'Mr ', 'D. '], r, 145) || f ELSE f END AS f,
  CASE WHEN chance(r, 143, {blank_last}) THEN NULL WHEN chance(r, 141, {swapped_names}) THEN f
    WHEN chance(r, 142, {one_field}) THEN CASE WHEN r % 2 = 1 THEN CASE WHEN r % 4 = 1 THEN f || ' ' || l ELSE l
      || ', ' || f END END
    ELSE l END AS l FROM slipped)
SELECT r, cased(f, r, 150, {letter_case}) AS first_name, cased(l, r, 150, {letter_case}) AS last_name FROM placed
"""


def write_names(db: duckdb.DuckDBPyConnection, rates: Rates) -> None:
    """Makes the table `written_names` (r, first_name, last_name)."""
    for name, table in (("nicknames", NICKNAMES), ("spellings", SPELLINGS)):
        db.register(name, pa.table({"name": [*table], "forms": [list(v) for v in table.values()]}))
    shares = asdict(rates)
    db.execute(_FORMS.format(**shares))
    db.execute(_PLACED.format(first=_FIRST, before=_BEFORE, last=_LAST.format(**shares), **shares))
    db.execute("DROP TABLE name_forms")
