"""Deals of two CRMs: pairs that are one deal, and all the deals that only look like another.

Whoever knows the trade can tell every one of them from its name, amount, customer and closing date; so an engine
should find every planted pair and nothing else.
"""

from __future__ import annotations

import pyarrow as pa

from benchmarks.duplicates.people import Crowd
from benchmarks.duplicates.slips import open_session
from benchmarks.duplicates.trades import TRADES

COLUMNS = (
    "id",
    "system",
    "name",
    "customer",
    "amount",
    "currency",
    "close_date",
    "stage",
    "created",
)

LOOKALIKES = (
    ("renewal a year later", 0.08),
    ("instalment of one order", 0.06),
    ("year of a contract over several", 0.06),
    ("the same thing for another customer", 0.06),
    ("another thing for the same customer", 0.08),
    ("the same thing again, months later", 0.04),
)
"""How many deals look like an earlier one that they are not."""
_TWICE = 0.18
"""How many deals stand there twice."""

# A deal looks like the one right before it; that one is never itself a lookalike.
_DEALS = """
CREATE TABLE plain_deals AS
SELECT d, floor(roll(d, 800) * {customers})::BIGINT AS customer, pick({trades}, d, 801) AS thing, pick(['Norte',
  'Delta',
    'Prisma', 'Orion', 'Atlas', 'Fase 2', 'Web', 'ERP', 'Planta', 'Central'], d, 802) AS project,
  round(exp(6.5 + 4 * roll(d, 803)) / 50) * 50 + 50 AS amount, DATE '2022-01-01' + floor(roll(d, 804)
    * 1400)::INTEGER AS closing,
  pick(['EUR', 'EUR', 'MXN', 'USD', 'COP'], d, 805) AS currency, d % 2 = 1 AND roll(d, 806) < 2 * {all_alike} AS alike
FROM range({deals}) AS t(d);
CREATE TABLE real_deals AS
WITH kinds AS (SELECT l.d, l.alike, CASE WHEN l.alike THEN list_position({ends}, list_filter({ends}, lambda e:
    e >= roll(l.d, 807))[1]) ELSE 0 END AS kind, l AS mine, f AS prev FROM plain_deals AS l
  LEFT JOIN plain_deals AS f ON f.d = l.d - 1 AND l.alike),
after AS (SELECT f.d AS before, k.kind FROM kinds AS k JOIN plain_deals AS f ON f.d = k.d - 1 WHERE k.alike)
SELECT k.d, k.kind, coalesce(a.kind, 0) AS first_of,
  CASE WHEN k.kind IN (1, 2, 3, 5, 6) THEN prev.customer ELSE mine.customer END AS customer,
  CASE WHEN k.kind IN (1, 2, 3, 4, 6) THEN prev.thing
    WHEN k.kind = 5 AND prev.thing = mine.thing THEN 'Garantía' ELSE mine.thing END AS thing,
  CASE WHEN k.kind IN (1, 2, 3, 4, 6) THEN prev.project ELSE mine.project END AS project,
  CASE k.kind WHEN 0 THEN mine.amount WHEN 1 THEN round(prev.amount * pick([1, 1, 1.03, 1.05], k.d, 808), 2)
    WHEN 5 THEN CASE WHEN chance(k.d, 809, 0.5) THEN prev.amount ELSE mine.amount END ELSE prev.amount END AS amount,
  CASE k.kind WHEN 0 THEN mine.closing WHEN 1 THEN prev.closing + 365 + floor(roll(k.d, 810) * 20)::INTEGER - 10
    WHEN 2 THEN prev.closing + 30 WHEN 3 THEN prev.closing + CASE WHEN chance(k.d, 811, 0.3) THEN 0 ELSE 365 END
    WHEN 6 THEN prev.closing + 90 + floor(roll(k.d, 812) * 200)::INTEGER
    ELSE prev.closing + floor(roll(k.d, 813) * 6)::INTEGER END AS closing,
  CASE WHEN k.kind > 0 THEN prev.currency ELSE mine.currency END AS currency
FROM (SELECT d, kind, mine, prev FROM kinds) AS k LEFT JOIN after AS a ON a.before = k.d
"""
_NAMED = """
CREATE TABLE named_deals AS
SELECT *, thing || ' ' || project || CASE WHEN kind = 1 OR first_of = 1 THEN ' ' || year(closing)
  WHEN kind = 2 THEN ' 2/3' WHEN first_of = 2 THEN ' 1/3' WHEN kind = 3 THEN ' - ' || word || ' 2'
  WHEN first_of = 3 THEN ' - ' || word || ' 1' WHEN chance(d, 820, 0.2) THEN ' ' || year(closing) ELSE '' END AS name
FROM (SELECT *, pick(['Year', 'Año', 'Anualidad'], CASE WHEN kind = 3 THEN d - 1 ELSE d END, 821) AS word
  FROM real_deals)
"""
# The second record is the same deal as somebody else, or a sync, entered it.
_SEEN = """
CREATE TABLE seen_deals AS
SELECT *, 2 * d + copy AS r,
  CASE WHEN chance(d, 831, 0.5) THEN 'hs' ELSE 'sf' END AS home
FROM (SELECT *, 0 AS copy FROM named_deals UNION ALL
  SELECT *, 1 AS copy FROM named_deals WHERE chance(d, 832, {twice}))
"""
_WRITTEN = """
SELECT CASE WHEN copy = 1 AND NOT chance(d, 833, 0.75) THEN home WHEN copy = 1 THEN CASE home WHEN 'sf' THEN 'hs'
  ELSE 'sf' END
    ELSE home END AS system,
  CASE WHEN copy = 0 THEN name WHEN chance(r, 840, 0.35) THEN name WHEN chance(r, 841, 0.3)
    THEN lower(strip_accents(name))
    WHEN chance(r, 842, 0.4) THEN name || pick([' (copia)', ' - copy', ' *'], r, 843)
    WHEN chance(r, 844, 0.4) THEN 'Oportunidad ' || name ELSE slip(thing, r, 845) || substr(name,
      length(thing) + 1) END AS name,
  'customer-' || customer AS customer,
  CASE WHEN copy = 1 AND chance(r, 850, 0.2) THEN round(amount * (1 + (roll(r, 851) - 0.5) * 0.015)) ELSE amount END
    AS amount,
  currency, closing + CASE WHEN copy = 1 AND chance(r, 852, 0.4) THEN floor(roll(r, 853) * 25)::INTEGER - 12 ELSE 0 END
    AS close_date,
  CASE WHEN closing < DATE '2025-06-01' THEN pick(['closedwon', 'closedlost'], d, 854) ELSE 'open' END AS stage,
  closing - 60 - floor(roll(r, 855) * 60)::INTEGER AS created, d, hash(r * 7 + {seed}) AS place
FROM seen_deals ORDER BY place
"""


def make_deals(rows: int, seed: int) -> Crowd:
    """About `rows` deals (a few more or less); the same seed gives the same ones. `customer` is who buys,
    in both CRMs."""
    deals = round(rows / (1 + _TWICE))
    shares = [share for _, share in LOOKALIKES]
    ends = [
        round(sum(shares[: place + 1]) / sum(shares), 6) for place in range(len(shares) - 1)
    ] + [2.0]
    with open_session(seed) as db:
        trades = sorted({trade for each in TRADES.values() for trade in each})
        known = {"customers": max(5, deals // 2), "trades": trades, "deals": deals, "ends": ends}
        db.execute(_DEALS.format(all_alike=sum(shares), **known))
        db.execute(_NAMED)
        db.execute(_SEEN.format(twice=_TWICE))
        written = db.sql(_WRITTEN.format(seed=seed)).to_arrow_table()
        counts = dict(
            db.execute(
                "SELECT kind, count(*) FROM real_deals WHERE kind > 0 GROUP BY ALL"
            ).fetchall()
        )
    ids = [f"{system}-{place:07d}" for place, system in enumerate(written["system"].to_pylist())]
    table = written.append_column("id", pa.array(ids)).select(list(COLUMNS))
    truth = dict(zip(ids, written["d"].to_pylist(), strict=True))
    return Crowd(
        table, truth, {name: counts.get(at + 1, 0) for at, (name, _) in enumerate(LOOKALIKES)}
    )
