"""How one person is reached according to different records: addresses and numbers.

Reads `seen`, `persons`, `firms`, `lands`; makes `written_addresses` and `written_numbers`.
"""

from __future__ import annotations

from dataclasses import asdict

import duckdb

from benchmarks.duplicates.employers import PATTERNS
from benchmarks.duplicates.rates import Rates

_PROVIDERS = (
    ["gmail.com"] * 44 + ["hotmail.com"] * 16 + ["hotmail.es"] * 6 + ["outlook.com"] * 8 + ["outlook.es"] * 3
    + ["yahoo.com"] * 6 + ["yahoo.es"] * 4 + ["icloud.com"] * 5 + ["live.com"] * 3 + ["telefonica.net"] * 2
    + ["me.com"] * 1 + ["protonmail.com"] * 2
)  # fmt: skip

# An address is one person's: where two would have the same one, the later one has a number in it.
_WORK = """
CREATE TABLE work_addresses AS
WITH parts AS (
  SELECT person, job, f.domain, f.other_domain, f.pattern, plain(p.given) AS given, plain(p.last) AS last,
    plain(p.mother) AS mother
  FROM persons AS p CROSS JOIN (VALUES (false), (true)) AS jobs(job)
  JOIN firms AS f ON f.firm = CASE WHEN job THEN p.next_firm ELSE p.firm END),
built AS (SELECT *, replace(replace(replace(replace(replace(replace({patterns}[1 + pattern],
    '{{first}}', given), '{{last}}', last), '{{f}}', left(given, 1)), '{{l}}', left(last, 1)), '{{n}}', left(mother,
      1)),
    '..', '.') AS stem FROM parts),
counted AS (SELECT *, row_number() OVER (PARTITION BY stem, domain ORDER BY person, job) AS place FROM built)
SELECT person, job, stem || CASE WHEN place > 1 THEN place::VARCHAR ELSE '' END AS local, domain, other_domain,
  CASE WHEN pattern = 0 THEN left(given, 1) || last ELSE given || '.' || last END
    || CASE WHEN place > 1 THEN place::VARCHAR ELSE '' END AS alias
FROM counted
"""
_PRIVATE = """
CREATE TABLE private_addresses AS
WITH parts AS (SELECT person, year, plain(given) AS given, plain(last) AS last, {providers} AS providers FROM persons),
built AS (SELECT person, pick(providers, person, 200) AS host, CASE
  WHEN chance(person, 201, 0.35) THEN given || '.' || last
  WHEN chance(person, 202, 0.3) THEN given || last || year
  WHEN chance(person, 203, 0.3) THEN left(given, 1) || last || year
  WHEN chance(person, 204, 0.4) THEN given || last
  WHEN chance(person, 205, 0.3) THEN last || '.' || given
  ELSE given || '_' || left(last, 3) || year END AS stem FROM parts),
counted AS (SELECT *, row_number() OVER (PARTITION BY replace(stem, '.', ''), host ORDER BY person) AS place FROM built)
SELECT person, stem || CASE WHEN place > 1 THEN (place + 1)::VARCHAR ELSE '' END AS local, host FROM counted
"""
_KIND = """
CASE WHEN p.reach = 2 AND NOT seen.job AND NOT chance(r, 210, {other_address}) THEN 'team'
  WHEN w.local IS NULL THEN 'private'
  WHEN chance(r, 211, {team_address}) THEN 'anybody'
  WHEN (p.reach = 1) = chance(r, 212, {other_address}) THEN 'work'
  ELSE 'private' END
"""
_ADDRESSES = """
CREATE TABLE written_addresses AS
WITH chosen AS (SELECT r, {kind} AS kind, p.team, w.local, w.alias, w.domain, w.other_domain,
    own.local AS private_local, own.host
  FROM seen JOIN persons AS p USING (person)
  LEFT JOIN work_addresses AS w ON w.person = seen.person AND w.job = seen.job
  JOIN private_addresses AS own ON own.person = p.mailbox),
built AS (SELECT r, CASE kind
    WHEN 'team' THEN team || '@' || domain
    WHEN 'anybody' THEN pick(['info', 'ventas', 'contacto', 'sales'], r, 213) || '@' || domain
    WHEN 'private' THEN noted_private(private_local, host, r, {address_notation})
    ELSE CASE WHEN chance(r, 214, {alias}) THEN alias || '@' || domain
      WHEN other_domain <> '' AND chance(r, 215, {alias} * 4) THEN local || '@' || other_domain
      ELSE local || '@' || domain END END AS address FROM chosen)
SELECT r, CASE WHEN chance(r, 216, {blank_email}) THEN NULL WHEN chance(r, 217, {address_slip})
  THEN slipped_address(address, r)
  WHEN chance(r, 218, {address_notation} / 2) THEN pick([upper(address), ' ' || address, address || ' ',
    upper(left(address, 1))
    || substr(address, 2)], r, 219) ELSE address END AS email FROM built
"""
_ADDRESS_MACROS = """
CREATE MACRO noted_private(t, host, i, rate) AS CASE
  WHEN host = 'gmail.com' AND chance(i, 220, rate) THEN CASE
    WHEN chance(i, 221, 0.3) THEN t || '@googlemail.com'
    WHEN chance(i, 222, 0.4) THEN t || pick(['+crm', '+news', '+trabajo'], i, 223) || '@gmail.com'
    WHEN t LIKE '%.%' THEN replace(t, '.', '') || '@gmail.com'
    ELSE left(t, 3) || '.' || substr(t, 4) || '@gmail.com' END
  ELSE t || '@' || host END;
CREATE MACRO slipped_address(t, i) AS CASE
  WHEN chance(i, 224, 0.3) THEN regexp_replace(regexp_replace(t, 'gmail', 'gmial'), 'hotmail', 'hotmial')
  WHEN chance(i, 225, 0.25) THEN regexp_replace(t, '\\.(com|es)$', pick(['.con', '.co', '.cm'], i, 226))
  ELSE slip(t, i, 227) END;
"""
_USUAL = """
CASE WHEN alone THEN 'home' WHEN firm IS NULL THEN CASE WHEN chance(who, 300, 0.4) THEN 'home' ELSE 'mobile' END
  WHEN chance(who, 301, 0.25) THEN 'switchboard' WHEN chance(who, 302, 0.5) THEN 'direct'
  WHEN chance(who, 303, 0.25) THEN 'extension' WHEN chance(who, 304, 0.75) THEN 'mobile' ELSE 'home' END
"""
_NUMBERS = """
CREATE TABLE written_numbers AS
WITH chosen AS (SELECT r, p.person, job, nth, alone, p.country, p.home, p.direct, f.firm, f.switchboard, f.country
  AS office,
    CASE WHEN nth > 0 AND chance(r, 310, {new_mobile}) AND job THEN p.new_mobile ELSE p.mobile END AS mobile,
    CASE WHEN chance(r, 311, {other_number}) THEN r + 7000000 ELSE p.person END AS who
  FROM seen JOIN persons AS p USING (person)
  LEFT JOIN firms AS f ON f.firm = CASE WHEN job THEN p.next_firm ELSE p.firm END),
kinds AS (SELECT *, {usual} AS kind FROM chosen),
said AS (SELECT r, own.dial, own.trunk, work.dial AS work_dial, work.trunk AS work_trunk, kind, person,
    CASE kind WHEN 'home' THEN home WHEN 'direct' THEN CASE WHEN job THEN switchboard ELSE direct END
      WHEN 'mobile' THEN mobile ELSE switchboard END AS number, mobile
  FROM kinds JOIN lands AS own ON own.country = kinds.country LEFT JOIN lands AS work ON work.country = kinds.office),
slipped AS (SELECT * REPLACE (
    CASE WHEN chance(r, 312, {number_slip}) THEN other_digit(number, r, 313) ELSE number END AS number,
    CASE WHEN chance(r, 315, {number_slip}) THEN other_digit(mobile, r, 316) ELSE mobile END AS mobile) FROM said),
told AS (SELECT r,
    CASE WHEN kind IN ('home', 'mobile') THEN dialled(dial, trunk, number, r, 320)
      ELSE dialled(work_dial, work_trunk, number, r, 320) END
    || CASE WHEN kind = 'extension' THEN pick([' ext. ', ' x', ' ext '], r, 330) || (100 + person % 800) ELSE '' END
      AS number,
    dialled(dial, trunk, mobile, r, 340) AS mobile FROM slipped),
blanked AS (SELECT r, CASE WHEN NOT chance(r, 350, {blank_phone}) THEN number END AS phone,
    CASE WHEN NOT chance(r, 351, {blank_mobile}) THEN mobile END AS mobile FROM told)
SELECT r, CASE WHEN chance(r, 352, {swapped_numbers}) THEN mobile ELSE phone END AS phone,
  CASE WHEN chance(r, 352, {swapped_numbers}) THEN phone ELSE mobile END AS mobile FROM blanked
"""


def write_reach(db: duckdb.DuckDBPyConnection, rates: Rates) -> None:
    """Makes `written_addresses` (r, email) and `written_numbers` (r, phone, mobile)."""
    shares = asdict(rates)
    db.execute(_ADDRESS_MACROS)
    db.execute(_WORK.format(patterns=[pattern for pattern, _ in PATTERNS]))
    db.execute(_PRIVATE.format(providers=_PROVIDERS))
    db.execute(_ADDRESSES.format(kind=_KIND.format(**shares), **shares))
    db.execute("DROP TABLE work_addresses; DROP TABLE private_addresses")
    db.execute(_NUMBERS.format(usual=_USUAL, **shares))
