"""Chance and slips in SQL: the same record has the same accident under the same seed, in whatever order it is made."""

from __future__ import annotations

import duckdb

_MACROS = """
CREATE MACRO roll(i, salt) AS (hash((i * 1009 + salt) * 7919 + {seed}) % 1000003) / 1000003.0;
CREATE MACRO chance(i, salt, rate) AS roll(i, salt) < rate;
CREATE MACRO pick(choices, i, salt) AS choices[1 + floor(roll(i, salt) * len(choices))::INTEGER];
CREATE MACRO plain(t) AS regexp_replace(lower(strip_accents(t)), '[^a-z0-9]+', '', 'g');
CREATE MACRO nothing(t) AS nullif(trim(t), '');
CREATE MACRO near_key(c) AS translate(c, 'qwertyuiopasdfghjklzxcvbnm', 'wertyuioiosdfghjklkxcvbnmn');
CREATE MACRO misread(c) AS translate(c, 'olsbeaiuntc', '015bcoluufe');
CREATE MACRO slip_at(t, p, kind) AS left(t, p - 1) || CASE kind
  WHEN 0 THEN substr(t, p + 1, 1) || substr(t, p, 1) || substr(t, p + 2)
  WHEN 1 THEN substr(t, p + 1)
  WHEN 2 THEN substr(t, p, 1) || substr(t, p)
  WHEN 3 THEN misread(substr(t, p, 1)) || substr(t, p + 1)
  ELSE near_key(substr(t, p, 1)) || substr(t, p + 1) END;
CREATE MACRO slip(t, i, salt) AS CASE WHEN length(t) < 4 THEN t ELSE
  slip_at(t, 2 + floor(roll(i, salt) * (length(t) - 2))::INTEGER, floor(roll(i, salt + 1) * 6)::INTEGER) END;
CREATE MACRO maybe_slip(t, i, salt, rate) AS CASE WHEN chance(i, salt + 2, rate) THEN slip(t, i, salt) ELSE t END;
CREATE MACRO cased(t, i, salt, rate) AS CASE WHEN t IS NULL OR NOT chance(i, salt, rate) THEN t
  WHEN chance(i, salt + 1, 0.6) THEN upper(t) ELSE lower(t) END;
CREATE MACRO other_digit(t, i, salt) AS CASE WHEN length(t) < 6 THEN t ELSE
  left(t, length(t) - 1 - floor(roll(i, salt) * 4)::INTEGER)
  || floor(roll(i, salt + 1) * 10)::INTEGER
  || right(t, floor(roll(i, salt) * 4)::INTEGER) END;
CREATE MACRO grouped(t) AS left(t, 3) || ' ' || substr(t, 4, 3) || ' ' || substr(t, 7);
CREATE MACRO pairs_of(t) AS left(t, length(t) % 2 + 2) || regexp_replace(substr(t, length(t) % 2 + 3), '(..?)',
' \\1', 'g');
CREATE MACRO dialled(dial, trunk, t, i, salt) AS CASE WHEN t IS NULL THEN NULL
  WHEN chance(i, salt, 0.38) THEN '+' || dial || t
  WHEN chance(i, salt + 1, 0.25) THEN '+' || dial || ' ' || grouped(t)
  WHEN chance(i, salt + 2, 0.4) THEN trunk || t
  WHEN chance(i, salt + 3, 0.35) THEN trunk || grouped(t)
  WHEN chance(i, salt + 4, 0.2) THEN '00' || dial || t
  WHEN chance(i, salt + 5, 0.3) THEN '(+' || dial || ') ' || pairs_of(t)
  WHEN chance(i, salt + 6, 0.3) THEN replace(grouped(trunk || t), ' ', '-')
  WHEN chance(i, salt + 7, 0.4) THEN replace(grouped(t), ' ', '.')
  ELSE dial || t END;
"""


def open_session(seed: int, memory: str = "1GB") -> duckdb.DuckDBPyConnection:
    """A session with the macros of one seed, on two threads, whose rows keep no order of their own."""
    db = duckdb.connect(config={"threads": 2, "memory_limit": memory})
    db.execute("SET preserve_insertion_order = false")
    db.execute(_MACROS.format(seed=seed * 104_729))
    return db
